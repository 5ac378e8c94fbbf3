//! Chromium logs in to a web server. Tests cannot reach into its PIN prompt, so it runs on a virtual screen (Xvfb), and
//! the PIN is typed.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kit::run;
use programs::clients::{Card, Program, Server, User, wait_for};

/// The title of a PIN prompt.
const PROMPT: &str = "Unlock Security Device";
/// The title of the window when the server has let the user in.
const PAGE: &str = "^Welcome - Chromium";

/// A program in the background and its children; killed when dropped.
struct Background(Child);

impl Background {
    fn start(command: &mut Command) -> Self {
        Self(command.process_group(0).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.0.id())]).status();
        let _ = self.0.wait();
    }
}

/// A screen with a window manager, without which no window gets the keyboard.
struct Screen {
    name: String,
    _parts: [Background; 2],
}

impl Screen {
    fn start(user: &User) -> Self {
        let number = user.write("screen", "");
        let file = fs::File::create(&number).expect("open the file");
        // It looks for a free number itself and writes it.
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
        let server = Background::start(server.stdout(file).stderr(Stdio::null()).stdin(Stdio::null()));
        let name = wait_for("the screen", || {
            let number = fs::read_to_string(&number).ok()?;
            number.strip_suffix('\n').map(|number| format!(":{number}"))
        });
        let mut manager = Command::new("openbox");
        manager.env("DISPLAY", &name).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { _parts: [Background::start(&mut manager), server], name }
    }

    fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("xdotool").args(arguments).env("DISPLAY", &self.name).output();
        let output = output.expect("start xdotool");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// A window with this title.
    fn window(&self, title: &str) -> Option<String> {
        self.xdotool(&["search", "--name", title])?.lines().last().map(str::to_owned)
    }

    fn type_into(&self, window: &str, text: &str) {
        self.xdotool(&["windowactivate", "--sync", window]);
        self.xdotool(&["type", "--delay", "20", text]);
        self.xdotool(&["key", "Return"]);
    }
}

/// Has Chromium take the only certificate that fits without asking. /etc is changed in the sandbox only.
fn policy(server: &Server) {
    let etc = Path::new("/etc/chromium");
    fs::create_dir_all(etc).expect("a folder for policies");
    run(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(etc));
    let managed = etc.join("policies/managed");
    fs::create_dir_all(&managed).expect("the folder of policies");
    let pattern = format!(r#"{{\"pattern\":\"https://{}\",\"filter\":{{}}}}"#, server.address());
    let policy = format!(r#"{{"AutoSelectCertificateForUrls":["{pattern}"]}}"#);
    fs::write(managed.join("client-certificates.json"), policy).expect("write the policy");
}

fn logs_in(card: Card, version: &str, what: &'static str) {
    let user = User::with(card);
    let server = Server::start(&user, version);
    user.nss_database(".pki/nssdb", &[server.authority()]);
    let words = run(user.program("chromium").arg("--version"));
    let chromium = words.split(' ').nth(1).expect("a version");
    let program = Program { name: "Chromium", version: chromium.into() };
    let task = user.task(&program, what);
    let prompts = visits(&user, &server, version);
    task.done(prompts, [1, 0]);
}

/// Visits the server. Returns how often the PIN was asked for.
fn visits(user: &User, server: &Server, version: &str) -> usize {
    let screen = Screen::start(user);
    policy(server);
    let mut command = user.program("chromium");
    command.args(["--no-first-run", "--disable-gpu", "--disable-background-networking", "--disable-sync"]);
    command.args(["--disable-component-update", "--no-sandbox", "--disable-dev-shm-usage"]);
    command.arg(format!("--user-data-dir={}", user.file("chromium").display()));
    let log = fs::File::create(user.file("chromium.log")).expect("the log");
    command.arg(server.url()).env("DISPLAY", &screen.name);
    command.stdin(Stdio::null()).stdout(log.try_clone().expect("share the log")).stderr(log);
    let _chromium = Background::start(&mut command);
    // Every prompt is answered once. If it came back, it would be another window.
    let mut prompts = Vec::new();
    wait_for("the page", || {
        if let Some(window) = screen.window(PROMPT)
            && !prompts.contains(&window)
        {
            screen.type_into(&window, user.pin1());
            prompts.push(window);
        }
        screen.window(PAGE)
    });
    server.assert_only_visitor(user, version);
    assert_eq!(prompts.len(), 1);
    prompts.len()
}

#[test]
fn logs_in_by_tls_1_2() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.2", "log in to a web server, TLS 1.2");
    }
}

#[test]
fn logs_in_by_tls_1_3() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.3", "log in to a web server, TLS 1.3");
    }
}

/// `avain register` writes into the folder that Chromium will choose, before it exists; the entry is still there after
/// Chromium has made its databases and ended.
#[test]
fn logs_in_when_it_was_registered() {
    for card in Card::ALL {
        let user = User::with(card);
        let server = Server::start(&user, "TLSv1.3");
        // One finds the older folder, the other none.
        let folder = if card == Card::Ec { ".local/share/pki/nssdb" } else { ".pki/nssdb" };
        if card == Card::Rsa {
            fs::create_dir_all(user.file(folder)).expect("the folder");
        }
        user.registers(&["register", "chromium"]);
        let list = user.file(folder).join("pkcs11.txt");
        let ours = fs::read_to_string(&list).expect("the list");
        user.database_without_it(folder, &[server.authority()]);
        visits(&user, &server, "TLSv1.3");
        assert!(fs::read_to_string(&list).expect("the list").starts_with(&ours));
        user.registers(&["unregister", "chromium"]);
        assert!(!fs::read_to_string(&list).is_ok_and(|list| list.contains("Avain")));
    }
}
