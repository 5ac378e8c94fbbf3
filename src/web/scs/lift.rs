//! Takes the content out of a request while it is read: it may have a hundred megabytes, of which nothing is kept but
//! digests. The rest, which is short, is JSON without it.

use avain_crypto::hash::{Hash, Hasher};
use base64ct::{Base64, Encoding};
use std::io::{self, ErrorKind, Read};

/// The member that is taken out.
const NAME: &[u8] = b"content";
/// The longest rest.
const LONGEST: usize = 64 * 1024;
/// Of the content, so much is kept: more than any challenge or digest has.
const KEPT: usize = 4096;

/// The hash functions of requests.
pub const HASHES: [Hash; 4] = [Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512];

/// The content that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its digests, in the order of [`HASHES`].
    pub digests: Vec<Vec<u8>>,
    /// How long it is.
    pub length: u64,
    /// Its beginning.
    pub beginning: Vec<u8>,
}

impl Content {
    /// The content, if it is so short that it was kept as a whole.
    pub fn whole(&self) -> Option<&[u8]> {
        usize::try_from(self.length)
            .is_ok_and(|length| length == self.beginning.len())
            .then_some(&self.beginning)
    }

    /// Its digest.
    pub fn digest(&self, hash: Hash) -> Option<&[u8]> {
        HASHES
            .iter()
            .zip(&self.digests)
            .find(|(known, _)| **known == hash)
            .map(|(_, digest)| digest.as_slice())
    }
}

/// Where in the text the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between tokens.
    Between,
    /// In a string that stays.
    Text { escaped: bool },
    /// In the content.
    Content { escaped: bool },
}

/// Reads a request: what is left of it, and the content if there is one.
pub fn read(body: &mut impl Read) -> io::Result<(Vec<u8>, Option<Content>)> {
    let mut lifter = Lifter::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match body.read(&mut buffer)? {
            0 => return lifter.end(),
            read => buffer.iter().take(read).try_for_each(|byte| lifter.take(*byte))?,
        }
    }
}

fn nonsense<T>() -> io::Result<T> {
    Err(ErrorKind::InvalidData.into())
}

struct Lifter {
    place: Place,
    depth: u32,
    /// The last string that stays.
    string: Vec<u8>,
    /// The value that follows is the content.
    is_next: bool,
    rest: Vec<u8>,
    sink: Sink,
}

impl Lifter {
    fn new() -> Self {
        let (place, rest, string) = (Place::Between, Vec::new(), Vec::new());
        Lifter { place, depth: 0, string, is_next: false, rest, sink: Sink::new() }
    }

    fn take(&mut self, byte: u8) -> io::Result<()> {
        match self.place {
            Place::Content { escaped } => return self.content(byte, escaped),
            Place::Text { escaped: false } if byte == b'"' => self.place = Place::Between,
            Place::Text { escaped } => {
                self.place = Place::Text { escaped: byte == b'\\' && !escaped };
                self.string.push(byte);
            }
            Place::Between => self.between(byte)?,
        }
        self.rest.push(byte);
        if self.rest.len() > LONGEST { nonsense() } else { Ok(()) }
    }

    fn between(&mut self, byte: u8) -> io::Result<()> {
        match byte {
            b'"' if self.is_next => {
                if self.sink.is_used {
                    return nonsense();
                }
                self.sink.is_used = true;
                self.place = Place::Content { escaped: false };
            }
            b'"' => {
                self.string.clear();
                self.place = Place::Text { escaped: false };
            }
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b':' => self.is_next = self.depth == 1 && self.string == NAME,
            b',' => self.is_next = false,
            _ => {}
        }
        Ok(())
    }

    fn content(&mut self, byte: u8, escaped: bool) -> io::Result<()> {
        self.place = Place::Content { escaped: byte == b'\\' && !escaped };
        match (byte, escaped) {
            (b'"', false) => {
                self.place = Place::Between;
                self.is_next = false;
                self.rest.push(byte);
                Ok(())
            }
            (b'\\', false) => Ok(()),
            // JSON may write a slash so, and nothing else of Base64.
            (b'/', true) => self.sink.take(byte),
            (_, true) => nonsense(),
            (_, false) => self.sink.take(byte),
        }
    }

    fn end(self) -> io::Result<(Vec<u8>, Option<Content>)> {
        let is_used = self.sink.is_used;
        let content = self.sink.end()?;
        Ok((self.rest, is_used.then_some(content)))
    }
}

/// What Base64 becomes.
struct Sink {
    is_used: bool,
    /// Letters that were not decoded yet.
    letters: Vec<u8>,
    hashers: Vec<Hasher>,
    length: u64,
    beginning: Vec<u8>,
    /// The last letters had fill: nothing follows.
    is_at_end: bool,
}

/// So many letters are decoded at a time.
const PIECE: usize = 4096;

impl Sink {
    fn new() -> Self {
        let hashers = HASHES.iter().map(|hash| hash.hasher()).collect();
        let (letters, beginning) = (Vec::with_capacity(PIECE), Vec::new());
        Sink { is_used: false, letters, hashers, length: 0, beginning, is_at_end: false }
    }

    fn take(&mut self, letter: u8) -> io::Result<()> {
        self.letters.push(letter);
        if self.letters.len() < PIECE { Ok(()) } else { self.decode() }
    }

    fn decode(&mut self) -> io::Result<()> {
        let text = std::str::from_utf8(&self.letters).or_else(|_| nonsense())?;
        let bytes = Base64::decode_vec(text).or_else(|_| nonsense())?;
        if self.is_at_end && !bytes.is_empty() {
            return nonsense();
        }
        self.is_at_end |= self.letters.last() == Some(&b'=');
        self.letters.clear();
        self.hashers.iter_mut().for_each(|hasher| hasher.update(&bytes));
        self.length = self.length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let room = KEPT.saturating_sub(self.beginning.len());
        self.beginning.extend(bytes.iter().take(room));
        Ok(())
    }

    fn end(mut self) -> io::Result<Content> {
        self.decode()?;
        let digests = self.hashers.into_iter().map(|hasher| hasher.finalize().into_vec()).collect();
        Ok(Content { digests, length: self.length, beginning: self.beginning })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads in pieces of each size.
    struct Pieces<'t>(&'t [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let taken = self.0.len().min(self.1).min(buffer.len());
            buffer[..taken].copy_from_slice(&self.0[..taken]);
            self.0 = &self.0[taken..];
            Ok(taken)
        }
    }

    fn lifted(text: &str) -> Option<(String, Option<Content>)> {
        let (rest, content) = read(&mut text.as_bytes()).ok()?;
        Some((String::from_utf8(rest).unwrap(), content))
    }

    #[test]
    fn the_content_is_digested_and_the_rest_stays() {
        for length in [0, 1, 3, 3071, 3072, 3073, 100_000] {
            let content: Vec<u8> = (0..length).map(|byte| (byte % 251) as u8).collect();
            let text = Base64::encode_string(&content).replace('/', "\\/");
            let json = format!(
                "{{ \"version\" : \"1.1\", \"content\":\"{text}\",\"selector\":{{\"content\":\"x\"}}}}"
            );
            for piece in [1, 7, 1 << 20] {
                let (rest, lifted) = read(&mut Pieces(json.as_bytes(), piece)).unwrap();
                assert_eq!(
                    String::from_utf8(rest).unwrap(),
                    "{ \"version\" : \"1.1\", \"content\":\"\",\"selector\":{\"content\":\"x\"}}"
                );
                let lifted = lifted.unwrap();
                for hash in HASHES {
                    assert_eq!(lifted.digest(hash), Some(hash.digest(&content).as_slice()));
                }
                assert_eq!(lifted.whole(), (length <= KEPT).then_some(content.as_slice()));
            }
        }
    }

    #[test]
    fn what_is_no_content_is_not_taken_for_one() {
        let plain = "{\"a\":\"content\",\"b\":[\"content\",\":\",\"x\"],\"c\\\"ontent\":\"y\"}";
        assert_eq!(lifted(plain), Some((plain.to_owned(), None)));
        for wrong in [
            "{\"content\":\"MAA\"}",
            "{\"content\":\"MA==MAA=\"}",
            "{\"content\":\"MAA=\",\"content\":\"MAA=\"}",
            "{\"content\":\"M\\nAA=\"}",
            "{\"content\":\"-_-_\"}",
            &format!("{{\"x\":\"{}\"}}", "y".repeat(LONGEST)),
        ] {
            assert_eq!(lifted(wrong), None, "{}", &wrong[..wrong.len().min(60)]);
        }
        let long = format!("{{\"content\":\"{}MA==AAAA\"}}", "AAAA".repeat(1023));
        assert_eq!(lifted(&long), None);
    }
}
