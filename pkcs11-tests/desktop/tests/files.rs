//! The files of the desktop that are installed: valid, true, and gone when they are removed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use avain_flow::desktop::{AGENT, Action, WINDOW};
use desktop::folder;

/// The text of an installed file.
fn text(path: &str) -> String {
    let path = folder().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn installed(path: &str) -> PathBuf {
    folder().join(path)
}

/// The values of a key, in all groups of a file.
fn values<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    text.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
}

#[test]
fn they_are_valid() {
    let entry = installed("share/applications").join(format!("{WINDOW}.desktop"));
    let autostart = installed("etc/xdg/autostart").join(format!("{AGENT}.desktop"));
    let said = kit::run(Command::new("desktop-file-validate").args([entry, autostart]));
    assert_eq!(said, "");
    let metadata = installed("share/metainfo").join(format!("{WINDOW}.metainfo.xml"));
    kit::run(Command::new("appstreamcli").args(["validate", "--no-net", "--no-color"]).arg(metadata));
    let mut unit = Command::new("systemd-analyze");
    let units = ["avain-agent.service", "avain-scs.socket", "avain-scs@.service"];
    unit.args(["verify", "--user"]).args(units.map(|name| installed("lib/systemd/user").join(name)));
    assert_eq!(kit::run(&mut unit), "");
}

/// Programs, names and actions are called as the code calls them.
#[test]
fn they_name_what_is_there() {
    let files = [
        format!("share/dbus-1/services/{WINDOW}.service"),
        format!("share/dbus-1/services/{AGENT}.service"),
        format!("share/applications/{WINDOW}.desktop"),
        format!("etc/xdg/autostart/{AGENT}.desktop"),
    ];
    for text in files.iter().map(|file| text(file)) {
        for command in values(&text, "Exec") {
            let program = command.split_whitespace().next().expect("a program");
            assert!(Path::new(program).starts_with(folder()) && Path::new(program).exists(), "{command}");
        }
    }
    assert_eq!(values(&text(&files[0]), "Name"), [WINDOW]);
    assert_eq!(values(&text(&files[1]), "Name"), [AGENT]);
    let unit = text("lib/systemd/user/avain-agent.service");
    assert_eq!(values(&unit, "BusName"), [AGENT]);
    assert_eq!(values(&text(&files[1]), "SystemdService"), ["avain-agent.service"]);
    let program = folder().join("libexec/avain-agent");
    assert_eq!(values(&unit, "ExecStart"), [program.to_str().expect("a path")]);
    let program = format!("-{} scs accepted", folder().join("bin/avain-web").display());
    assert_eq!(values(&text("lib/systemd/user/avain-scs@.service"), "ExecStart"), [program]);
    // The launcher can give an action no reader.
    let actions = Action::ALL.into_iter().filter(|action| !action.names_reader());
    let actions: String = actions.map(|action| format!("{};", action.name())).collect();
    assert_eq!(values(&text(&files[2]), "Actions"), [actions]);
    assert_eq!(values(&text(&files[2]), "Icon"), [WINDOW]);
}

/// All that people read of it, in all four languages.
#[test]
fn the_entry_speaks_four_languages() {
    let entry = text(&format!("share/applications/{WINDOW}.desktop"));
    for key in ["GenericName", "Comment", "Keywords"] {
        for language in ["fi", "sv", "et"] {
            assert_eq!(values(&entry, &format!("{key}[{language}]")).len(), 1, "{key} in {language}");
        }
    }
    for action in entry.split("[Desktop Action ").skip(1) {
        for language in ["fi", "sv", "et"] {
            assert_eq!(values(action, &format!("Name[{language}]")).len(), 1, "{action}");
        }
    }
}

fn make(arguments: &[&str]) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut make = Command::new("make");
    kit::run(make.args(["--no-print-directory", "-C", root]).args(arguments).env_remove("MAKEFLAGS"))
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn what_was_installed_can_be_removed() {
    let place = kit::scratch("root");
    let destination = format!("DESTDIR={}", place.display());
    make(&["install-desktop", &destination, "PREFIX=/usr"]);
    let installed = files(&place);
    for name in ["avain-agent", "avain-window", "avain-web"] {
        assert!(installed.iter().any(|path| path.ends_with(name)), "{name}: {installed:?}");
    }
    assert!(place.join("etc/xdg/autostart").join(format!("{AGENT}.desktop")).exists());
    // Every session starts it.
    let wanted = place.join("usr/lib/systemd/user/graphical-session.target.wants/avain-agent.service");
    assert!(
        fs::read_to_string(wanted)
            .expect("a link to the unit")
            .contains("ExecStart=/usr/libexec/avain-agent")
    );
    make(&["uninstall-desktop", &destination, "PREFIX=/usr"]);
    assert_eq!(files(&place), [""; 0].map(PathBuf::from));
    fs::remove_dir_all(place).expect("the folders");
}

/// Who wants the module alone gets it without GTK.
#[test]
fn the_desktop_can_be_left_out() {
    let with = make(&["-n", "install", "DESTDIR=/nowhere"]);
    let without = make(&["-n", "install", "DESTDIR=/nowhere", "DESKTOP=no"]);
    for word in ["avain-agent", "avain-window", "dbus-1"] {
        assert!(with.contains(word) && !without.contains(word), "{word}");
    }
    assert!(without.contains("avain-pkcs11.so"));
}
