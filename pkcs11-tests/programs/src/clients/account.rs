//! An ordinary user's account. Many programs behave differently for root, who may run the tests.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

use kit::{run, scratch};

/// A user id that is free.
const ID: &str = "27182";
/// Longer than any program here takes on a slow machine.
const TIMEOUT: &str = "180";

/// The program as the user runs it. It is killed if it hangs.
pub(crate) fn command(program: impl AsRef<OsStr>, home: &Path) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--foreground", "--kill-after=5", TIMEOUT]);
    if is_root() {
        add_to_passwd(home);
        command.args(["unshare", "--user", &format!("--map-user={ID}"), &format!("--map-group={ID}")]);
    }
    command.arg(program).current_dir(home).envs([("HOME", home)]);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin:/sbin")).env("LC_ALL", "C.UTF-8");
    // Each user is in a login session of its own.
    command.env("XDG_RUNTIME_DIR", session(home)).env_remove("AVAIN_CACHE");
    for inherited in ["SSH_AUTH_SOCK", "DISPLAY", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "JAVA_TOOL_OPTIONS"] {
        command.env_remove(inherited);
    }
    command
}

/// The folder of the login session of the user who is at home there.
fn session(home: &Path) -> PathBuf {
    let folder = home.join(".session");
    if !folder.exists() {
        fs::create_dir(&folder).expect("the folder of a login session");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("a folder of one's own");
    }
    folder
}

/// The user's login name.
pub(crate) fn login() -> String {
    if is_root() { "holder".into() } else { run(Command::new("id").arg("-un")).trim().into() }
}

fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| run(Command::new("id").arg("-u")).trim() == "0")
}

/// In the sandbox only. Programs look up the user that they run as, and where that user is at home.
fn add_to_passwd(home: &Path) {
    static KNOWN: Mutex<Option<PathBuf>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.as_deref() == Some(home) {
        return;
    }
    *known = Some(home.to_owned());
    let users = fs::read_to_string("/etc/passwd").expect("the list of users");
    let others = users.lines().filter(|line| !line.starts_with("holder:"));
    let mut users: String = others.map(|line| line.to_owned() + "\n").collect();
    users.push_str(&format!("holder:x:{ID}:{ID}:Holder:{}:/bin/sh\n", home.display()));
    let file = scratch("users").join("passwd");
    fs::write(&file, users).expect("write the list of users");
    run(Command::new("mount").arg("--bind").arg(&file).arg("/etc/passwd"));
}
