//! Firefox and Thunderbird, without a screen, driven by Marionette: JSON over TCP, the way of Mozilla's own tests.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use programs::clients::{User, wait_for};
use serde_json::{Value, json};

const PROMPTS: &str = include_str!("../../scripts/clients/prompts.js");
/// Longer than any answer takes.
const TIMEOUT: Duration = Duration::from_secs(90);

/// Settings that keep a program from greeting its user and from calling home.
const QUIET: [(&str, &str); 12] = [
    // Any free port; it is written into the profile.
    ("marionette.port", "0"),
    ("app.donation.eoy.version.viewed", "999"),
    ("app.update.enabled", "false"),
    ("browser.aboutwelcome.enabled", "false"),
    ("browser.sessionstore.resume_from_crash", "false"),
    ("browser.shell.checkDefaultBrowser", "false"),
    ("datareporting.policy.dataSubmissionEnabled", "false"),
    ("mail.provider.suppress_dialog_on_startup", "true"),
    ("mail.spotlight.firstRunDone", "true"),
    ("mailnews.start_page.enabled", "false"),
    ("network.captive-portal-service.enabled", "false"),
    ("network.connectivity-service.enabled", "false"),
];

/// A running Firefox or Thunderbird; ended when dropped.
pub(crate) struct Mozilla {
    process: Child,
    marionette: TcpStream,
    commands: u64,
}

impl Mozilla {
    /// Starts the program with this profile and these settings besides the quiet ones.
    pub(crate) fn start(user: &User, program: &str, profile: &Path, settings: &[(&str, &str)]) -> Self {
        let line = |(name, value): &(&str, &str)| format!("user_pref(\"{name}\", {value});\n");
        let lines: String = QUIET.iter().chain(settings).map(line).collect();
        fs::write(profile.join("user.js"), lines).expect("write the settings");
        let errors = fs::File::create(user.file(&format!("{program}.log"))).expect("the program's log");
        // That of one which used the profile before, and may not have ended yet.
        let _ = fs::remove_file(profile.join("MarionetteActivePort"));
        let mut command = user.program(program);
        command.args([
            "--headless",
            "--marionette",
            "--remote-allow-system-access",
            "--no-remote",
            "--profile",
        ]);
        command.arg(profile).env("MOZ_HEADLESS", "1").stdin(Stdio::null());
        command.stdout(errors.try_clone().expect("share the log")).stderr(errors);
        let process = command.process_group(0).spawn().expect("start the program");
        let port = wait_for("Marionette", || {
            fs::read_to_string(profile.join("MarionetteActivePort")).ok()?.trim().parse::<u16>().ok()
        });
        let marionette = wait_for("Marionette's port", || TcpStream::connect(("127.0.0.1", port)).ok());
        marionette.set_read_timeout(Some(TIMEOUT)).expect("set the patience");
        let mut mozilla = Self { process, marionette, commands: 0 };
        mozilla.receive();
        mozilla.call(
            "WebDriver:NewSession",
            &json!({ "unhandledPromptBehavior": "ignore", "pageLoadStrategy": "none" }),
        );
        mozilla
    }

    /// Has the coming PIN prompts answered with these PINs, in this order. Further ones are cancelled.
    pub(crate) fn answer(&mut self, pins: &[&str]) {
        self.run(PROMPTS, &json!([pins]));
    }

    /// The texts of the PIN prompts since [`Mozilla::answer`].
    pub(crate) fn prompts(&mut self) -> Vec<String> {
        let prompts = self.run("return Services.wm.getMostRecentWindow(null).avainNotes.prompts", &json!([]));
        serde_json::from_value(prompts).expect("a list of texts")
    }

    /// Which certificates were offered, each time that one was to be chosen.
    pub(crate) fn choosers(&mut self) -> Vec<Vec<String>> {
        let choosers =
            self.run("return Services.wm.getMostRecentWindow(null).avainNotes.choosers", &json!([]));
        serde_json::from_value(choosers).expect("a list of lists of texts")
    }

    /// Version of the program.
    pub(crate) fn version(&mut self) -> String {
        let version = self.run("return Services.appinfo.version", &json!([]));
        version.as_str().expect("a version").into()
    }

    /// Runs a script with all rights inside the program.
    pub(crate) fn run(&mut self, script: &str, arguments: &Value) -> Value {
        self.execute("WebDriver:ExecuteScript", "chrome", script, arguments)
    }

    /// The same, for a script that awaits something.
    pub(crate) fn run_async(&mut self, script: &str, arguments: &Value) -> Value {
        const MAIN: &str = "Services.wm.getMostRecentWindow(null)";
        let begin = format!(
            "const main = {MAIN}; main.avainResult = null; 
             (async function () {{ {script}
             }}).apply(null, arguments).then(value => main.avainResult = {{ value }}, error => main.avainResult = {{ error: `${{error}}` }});"
        );
        self.run(&begin, arguments);
        let mut result = wait_for("the end of a script", || {
            // Refused while a prompt is open.
            let look =
                json!({ "script": format!("return {MAIN}.avainResult"), "args": [], "sandbox": "system" });
            self.try_call("WebDriver:ExecuteScript", &look).ok().map(value).filter(|result| !result.is_null())
        });
        assert_eq!(result.get("error"), None, "{script}");
        result["value"].take()
    }

    /// Runs a script in the page that is shown; none while there is no page.
    pub(crate) fn in_page(&mut self, script: &str) -> Option<Value> {
        let parameters = json!({ "script": script, "args": [], "sandbox": "default" });
        self.call("Marionette:SetContext", &json!({ "value": "content" }));
        self.try_call("WebDriver:ExecuteScript", &parameters).ok().map(value)
    }

    fn execute(&mut self, how: &str, context: &str, script: &str, arguments: &Value) -> Value {
        self.call("Marionette:SetContext", &json!({ "value": context }));
        let patience = u64::try_from(TIMEOUT.as_millis()).expect("not that long");
        let parameters = json!({
            "script": script, "args": arguments, "sandbox": "system", "newSandbox": true, "scriptTimeout": patience
        });
        value(self.call(how, &parameters))
    }

    pub(crate) fn call(&mut self, command: &str, parameters: &Value) -> Value {
        self.try_call(command, parameters).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    fn try_call(&mut self, command: &str, parameters: &Value) -> Result<Value, String> {
        self.commands += 1;
        let message = json!([0, self.commands, command, parameters]).to_string();
        write!(self.marionette, "{}:{message}", message.len()).expect("ask Marionette");
        let answer = self.receive();
        match &answer[2] {
            Value::Null => Ok(answer[3].clone()),
            error => Err(error.to_string()),
        }
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut byte = [0];
            self.marionette.read_exact(&mut byte).expect("Marionette answers");
            match byte[0] {
                b':' => break,
                digit => length = length * 10 + usize::from(digit - b'0'),
            }
        }
        let mut message = vec![0; length];
        self.marionette.read_exact(&mut message).expect("Marionette answers");
        serde_json::from_slice(&message).expect("JSON")
    }
}

impl Drop for Mozilla {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
    }
}

fn value(mut answer: Value) -> Value {
    answer["value"].take()
}
