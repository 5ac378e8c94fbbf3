//! Programs that a test runs.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs the command to its end and gives what it wrote, both streams together.
///
/// # Panics
/// With all its words, where it fails.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{command:?} failed ({}):\n{said}", output.status);
    said
}

/// Makes an empty folder for passing files to programs. In the sandbox it is in memory and goes with it; elsewhere
/// whoever made it removes it, or it stays.
///
/// # Panics
/// Where there can be none.
pub fn scratch(purpose: &str) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    // One of this name may have been left behind by a process that had the same number.
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("{purpose}-{}-{number}", std::process::id()));
        match std::fs::create_dir(&folder) {
            Ok(()) => return folder,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => panic!("{}: {error}", folder.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_was_left_behind_is_in_nobodys_way() {
        let next = |purpose: &str| {
            let folder = scratch(purpose);
            let name = folder.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            let number: u32 =
                name.rsplit('-').next().and_then(|number| number.parse().ok()).expect("a number");
            (folder.parent().expect("a folder").to_owned(), number)
        };
        let (folder, number) = next("left");
        let name = |number| folder.join(format!("left-{}-{number}", std::process::id()));
        // Other tests of this program count as well.
        let left: Vec<_> = (number + 1..number + 50).map(name).collect();
        left.iter().for_each(|folder| std::fs::create_dir(folder).expect("a folder"));
        let again = next("left").1;
        assert!(again >= number + 50, "{again} after {number}");
        for number in number..=again {
            let _ = std::fs::remove_dir(name(number));
        }
    }
}
