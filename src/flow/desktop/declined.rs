//! "Don't ask about this card again": which cards that holds for. The file has no numbers of cards, and nothing by which
//! one could tell whose they are without having the card: a hash of the number for each, with a salt of its own.

use super::super::registration::writing;
use super::super::system::{self, System};
use avain_crypto::{Hash, random};
use std::fmt::Write;
use std::io;
use std::path::PathBuf;

/// Random bytes before the number, in what is digested.
const SALT: usize = 16;
/// More cards than that are not remembered: the first ones are asked about again.
const MOST: usize = 100;

/// The cards that their holder does not want to be asked about.
pub struct Declined {
    file: PathBuf,
}

impl Declined {
    /// Those of the user of this computer; `None` for one without a home folder.
    pub fn of(system: &System) -> Option<Self> {
        system.state_folder().map(|folder| Declined { file: folder.join("declined") })
    }

    /// Is the card with this number one of them?
    pub fn has(&self, number: &str) -> bool {
        self.lines()
            .iter()
            .any(|line| line.split_once(' ').is_some_and(|(salt, digest)| digested(salt, number) == digest))
    }

    /// Adds the card with this number. Only the user can read the file.
    pub fn add(&self, number: &str) -> io::Result<()> {
        if self.has(number) {
            return Ok(());
        }
        let mut salt = [0; SALT];
        random::fill(&mut salt).ok_or(io::ErrorKind::Unsupported)?;
        let salt = hexadecimal(&salt);
        let mut lines = self.lines();
        lines.push(format!("{salt} {}", digested(&salt, number)));
        let first = lines.len().saturating_sub(MOST);
        let text: String = lines.iter().skip(first).map(|line| format!("{line}\n")).collect();
        writing::write(&self.file, text.as_bytes(), 0o600).map(drop)
    }

    fn lines(&self) -> Vec<String> {
        system::text(&self.file).lines().map(str::to_owned).collect()
    }
}

/// The salt is digested as it is written.
fn digested(salt: &str, number: &str) -> String {
    hexadecimal(&Hash::Sha256.digest(format!("{salt} {number}").as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A string takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::system::furnished::Furnished;
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn of(state: &Path) -> Declined {
        let environment = [("XDG_STATE_HOME".into(), state.into())];
        Declined::of(&System::new(Path::new("/"), environment)).unwrap()
    }

    #[test]
    fn a_card_is_remembered_by_a_hash_that_only_its_holder_can_read() {
        let place = Furnished::new(&[]);
        let declined = of(place.path());
        assert!(!declined.has("925012345"));
        for number in ["925012345", "925012346", "925012345"] {
            declined.add(number).unwrap();
        }
        assert!(declined.has("925012345") && declined.has("925012346") && !declined.has("925012347"));
        let text = fs::read_to_string(&declined.file).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(!text.contains("9250"), "{text}");
        let salts: Vec<_> = text.lines().map(|line| line.split_once(' ').unwrap().0).collect();
        assert_ne!(salts[0], salts[1]);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode(&declined.file), mode(declined.file.parent().unwrap())), (0o600, 0o700));
        assert_eq!(fs::read_dir(declined.file.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_something_else_declines_nothing_and_is_no_obstacle() {
        let hostile = "\n \n  \nx\n".repeat(1000);
        let place = Furnished::new(&[("avain/declined", &hostile)]);
        let declined = of(place.path());
        assert!(!declined.has("") && !declined.has("1"));
        declined.add("1").unwrap();
        assert!(declined.has("1"));
        assert_eq!(declined.lines().len(), MOST);
    }

    #[test]
    fn where_nothing_can_be_written_nothing_is_left_behind() {
        let place = Furnished::new(&[("avain/declined/file", "")]);
        let declined = of(place.path());
        assert!(declined.add("1").is_err());
        assert_eq!(fs::read_dir(place.path().join("avain")).unwrap().count(), 1);
    }
}
