//! A screen without a monitor: what is on it, and the keyboard.

use std::path::Path;
use std::process::Command;

/// A screen of X11.
pub struct Screen {
    /// Its name, as programs want it.
    pub name: String,
}

impl Screen {
    fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("xdotool").args(arguments).env("DISPLAY", &self.name).output();
        let output = output.expect("start xdotool");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Is there a window manager that has begun its work?
    pub(crate) fn is_managed(&self) -> bool {
        let mut asked = Command::new("xprop");
        asked.args(["-root", "_NET_SUPPORTING_WM_CHECK"]).env("DISPLAY", &self.name);
        String::from_utf8_lossy(&asked.output().expect("start xprop").stdout).contains("window id")
    }

    /// The windows that are to be seen and have this in their title.
    pub fn windows(&self, title: &str) -> Vec<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title]).unwrap_or_default();
        found.lines().map(str::to_owned).collect()
    }

    /// Waits for such a window.
    ///
    /// # Panics
    /// Where there is none.
    #[track_caller]
    pub fn window(&self, title: &str) -> String {
        crate::wait_for(&format!("a window called {title}"), || self.windows(title).pop())
    }

    /// The title of the window that gets the keys.
    pub fn focused(&self) -> Option<String> {
        self.xdotool(&["getwindowfocus", "getwindowname"])
    }

    /// Gives the keyboard to a window, as a click on its title does.
    pub fn activate(&self, window: &str) {
        self.xdotool(&["windowactivate", "--sync", window]);
    }

    /// Keeps a picture of the whole screen.
    ///
    /// # Panics
    /// Where none can be made.
    pub fn picture(&self, file: &Path) {
        kit::run(Command::new("import").args(["-window", "root"]).arg(file).env("DISPLAY", &self.name));
    }
}

/// The keyboard: its keys reach whatever window has it.
pub struct Keyboard<'s>(pub(crate) &'s Screen);

impl Keyboard<'_> {
    /// Types a text.
    ///
    /// # Panics
    /// Where it cannot.
    pub fn types(&self, text: &str) {
        self.0.xdotool(&["type", "--delay", "20", text]).expect("typing");
    }

    /// Presses a key, by its name in X11: `Tab`, `Return`, `ctrl+a`.
    ///
    /// # Panics
    /// Where there is no such key.
    pub fn key(&self, name: &str) {
        self.0.xdotool(&["key", name]).expect("a key");
    }
}
