//! The list of modules in an NSS database, `pkcs11.txt`: blocks of `key=value` lines with empty lines between them.
//! Whatever is not ours stays as it is, to the byte. Our block comes first, so that nothing has to be known of how the
//! list ends to take it out again.

use super::super::system::Product;
use super::Refusal;
use std::path::Path;

/// What programs show as the name of the module.
pub(super) const NAME: &str = "Avain";
/// p11-kit's module that speaks to a server outside of a sandbox.
pub(super) const CLIENT: &str = "p11-kit-client.so";

/// A block: its bytes, with the empty line after it.
struct Block<'a> {
    bytes: &'a [u8],
    library: Option<&'a str>,
    name: Option<&'a str>,
}

impl Block<'_> {
    /// Does it load Avain?
    fn is_ours(&self) -> bool {
        let library = self.library.unwrap_or_default();
        Product::of(library) == Product::Avain || (library.ends_with(CLIENT) && self.name == Some(NAME))
    }
}

/// What a list says of Avain.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// The libraries of Avain in it.
    pub(super) ours: Vec<String>,
    /// It has all modules of p11-kit.
    pub(super) proxied: bool,
}

/// Reads a list.
pub(super) fn listed(list: &[u8]) -> Result<Listed, Refusal> {
    let mut listed = Listed::default();
    for block in blocks(list)? {
        let library = block.library.unwrap_or_default();
        if block.is_ours() {
            listed.ours.push(library.to_owned());
        }
        listed.proxied |= library.contains("p11-kit-proxy");
    }
    Ok(listed)
}

/// The list with this library in it, once.
pub(super) fn with(list: &[u8], library: &Path) -> Result<Vec<u8>, Refusal> {
    let library = library.to_str().ok_or(Refusal::Path)?;
    let blocks = blocks(list)?;
    let Some(first) = blocks.iter().position(Block::is_ours) else {
        return Ok([format!("library={library}\nname={NAME}\n\n").as_bytes(), list].concat());
    };
    let kept = blocks.iter().enumerate().filter(|(place, block)| *place == first || !block.is_ours());
    let bytes = kept.map(|(place, block)| match place == first {
        true if block.library != Some(library) => moved(block.bytes, library),
        _ => block.bytes.to_vec(),
    });
    Ok(bytes.collect::<Vec<_>>().concat())
}

/// The list without Avain.
pub(super) fn without(list: &[u8]) -> Result<Vec<u8>, Refusal> {
    let blocks = blocks(list)?;
    let kept = blocks.iter().filter(|block| !block.is_ours()).map(|block| block.bytes);
    Ok(kept.collect::<Vec<_>>().concat())
}

/// A block with another library.
fn moved(block: &[u8], library: &str) -> Vec<u8> {
    let lines = block.split_inclusive(|byte| *byte == b'\n');
    let changed = lines.map(|line| match line.starts_with(b"library=") {
        true => format!("library={library}\n").into_bytes(),
        false => line.to_vec(),
    });
    changed.collect::<Vec<_>>().concat()
}

/// The blocks. An empty line ends the block before it; more of them are blocks without anything.
fn blocks(list: &[u8]) -> Result<Vec<Block<'_>>, Refusal> {
    let mut found = Vec::new();
    let (mut begin, mut at, mut after_empty) = (0_usize, 0_usize, false);
    for (number, line) in list.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let is_empty = line.trim_ascii().is_empty();
        if !is_empty && !line.starts_with(b"#") && !line.contains(&b'=') {
            return Err(Refusal::Line(number.saturating_add(1)));
        }
        if after_empty {
            found.extend(list.get(begin..at).map(block));
            begin = at;
        }
        after_empty = is_empty;
        at = at.saturating_add(line.len());
    }
    found.extend(list.get(begin..).filter(|rest| !rest.is_empty()).map(block));
    Ok(found)
}

fn block(bytes: &[u8]) -> Block<'_> {
    let value = |key: &str| {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let line = lines.find_map(|line| line.strip_prefix(key.as_bytes()));
        line.and_then(|value| std::str::from_utf8(value).ok()).map(str::trim)
    };
    Block { bytes, library: value("library="), name: value("name=") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "/usr/lib/pkcs11/avain-pkcs11.so";
    const NSS: &str = "library=\nname=NSS Internal PKCS #11 Module\nparameters=configdir='sql:/x y'\nNSS=Flags=internal\n\n";
    const OTHER: &str = "library=/usr/lib/opensc-pkcs11.so\nname=OpenSC\n\n";

    fn add(list: &str) -> String {
        String::from_utf8(with(list.as_bytes(), Path::new(MODULE)).unwrap()).unwrap()
    }

    fn ours(library: &str) -> String {
        format!("library={library}\nname=Avain\n\n")
    }

    #[test]
    fn what_is_added_is_there_once_and_first() {
        assert_eq!(add(""), ours(MODULE));
        assert_eq!(add(NSS), [&ours(MODULE), NSS].concat());
        assert_eq!(add(&add(NSS)), add(NSS));
    }

    #[test]
    fn a_module_that_moved_is_mended_where_it_is() {
        let old = "library=/old/libavain_pkcs11.so\nname=My card\nNSS=trustOrder=50\n\n";
        let new = "library=/usr/lib/pkcs11/avain-pkcs11.so\nname=My card\nNSS=trustOrder=50\n\n";
        assert_eq!(add(&[NSS, old, OTHER].concat()), [NSS, new, OTHER].concat());
        let twice = [NSS, old, OTHER, &ours(MODULE)].concat();
        assert_eq!(add(&twice), [NSS, new, OTHER].concat());
    }

    /// Lists of every kind: with and without an end, with comments, empty lines, other line ends.
    fn lists() -> Vec<Vec<u8>> {
        let pieces =
            [NSS, OTHER, "\n", "# mine\n", "name=a", "\r\n", "library=x\r\n", "\n\n\n", "k=\u{e4}\n"];
        let mut dice = 1_u64;
        let mut roll = |below: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33).checked_rem(below).unwrap_or_default()
        };
        let mut list = || -> Vec<u8> {
            let count = roll(7);
            (0..count).flat_map(|_| pieces[usize::try_from(roll(9)).unwrap()].bytes()).collect()
        };
        (0..3000).map(|_| list()).collect()
    }

    #[test]
    fn what_is_taken_out_leaves_the_very_bytes() {
        let mut changed = 0;
        for list in lists() {
            let Ok(added) = with(&list, Path::new(MODULE)) else { continue };
            assert_eq!(listed(&added).unwrap().ours, [MODULE]);
            assert_eq!(without(&added).unwrap(), list, "{}", String::from_utf8_lossy(&list));
            assert_eq!(with(&added, Path::new(MODULE)).unwrap(), added);
            changed += 1;
        }
        assert!(changed > 2000, "{changed}");
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert_eq!(with(b"library=\nname=x\n<html>\n", Path::new(MODULE)), Err(Refusal::Line(3)));
        assert_eq!(without(b"\x00\x01\x02"), Err(Refusal::Line(1)));
    }

    #[test]
    fn only_what_is_ours_is_taken_out() {
        let client = "library=/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so\nname=Avain\n\n";
        let theirs = "library=/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so\nname=Desktop\n\n";
        let list = [NSS, client, theirs, OTHER, "library=p11-kit-proxy.so\nname=all\n"].concat();
        let left = [NSS, theirs, OTHER, "library=p11-kit-proxy.so\nname=all\n"].concat();
        assert_eq!(without(list.as_bytes()).unwrap(), left.as_bytes());
        let proxied = listed(list.as_bytes()).unwrap();
        assert!(proxied.proxied && proxied.ours.len() == 1, "{proxied:?}");
    }
}
