//! Files: SELECT (ISO 7816-4 §11.2.2) and READ BINARY (§11.3.3).

use super::apdu::{Command, Header, TooLong};
use super::channel::Channel;
use super::status::StatusWord;
use super::tlv;
use crate::transport::TransportError;

/// Why a file could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileError {
    /// The exchange failed.
    Transport(TransportError),
    /// The card refused, with this status word.
    Refused(StatusWord),
    /// The file does not begin with a DER object, or with one longer than any on these cards.
    Malformed,
}

impl From<TransportError> for FileError {
    fn from(error: TransportError) -> Self {
        FileError::Transport(error)
    }
}

/// File identifier of the MF (ISO 7816-4).
const MF: &[u8] = &[0x3F, 0x00];
/// Most records that are read from one file.
const MAX_RECORDS: u8 = 16;
/// Most bytes that are read from one file; far more than a certificate has.
const MAX_FILE: usize = 16 * 1024;

/// Selects an application by its AID, without response data.
pub fn select_application(channel: &mut Channel<'_>, aid: &[u8]) -> Result<(), FileError> {
    select(channel, Header::new(0xA4, 0x04, 0x0C), aid)
}

/// Selects a file by its path from the MF, without response data. `path` consists of two-byte file identifiers.
pub fn select_path(channel: &mut Channel<'_>, path: &[u8]) -> Result<(), FileError> {
    select(channel, Header::new(0xA4, 0x08, 0x0C), path)
}

/// Selects a file by its path from the MF in steps: the MF, then one file identifier after the other, without response
/// data.
pub fn select_steps(channel: &mut Channel<'_>, path: &[u8]) -> Result<(), FileError> {
    for identifier in std::iter::once(MF).chain(path.chunks(MF.len())) {
        select(channel, Header::new(0xA4, 0x00, 0x0C), identifier)?;
    }
    Ok(())
}

/// Selects a file by its path from the current DF, with the FCP template as response, which is ignored.
pub fn select_below(channel: &mut Channel<'_>, path: &[u8]) -> Result<(), FileError> {
    select_and_answer(channel, Header::new(0xA4, 0x09, 0x04), path)
}

/// Selects an EF in the current DF by its identifier, with the FCP template as response, which is ignored.
pub fn select_child(channel: &mut Channel<'_>, identifier: &[u8]) -> Result<(), FileError> {
    select_and_answer(channel, Header::new(0xA4, 0x02, 0x04), identifier)
}

/// Selects a DF in the current DF by its identifier, without response data.
pub fn select_directory(channel: &mut Channel<'_>, identifier: &[u8]) -> Result<(), FileError> {
    select(channel, Header::new(0xA4, 0x01, 0x0C), identifier)
}

/// Selects an EF in the current DF by its identifier, without response data.
pub fn select_quietly(channel: &mut Channel<'_>, identifier: &[u8]) -> Result<(), FileError> {
    select(channel, Header::new(0xA4, 0x02, 0x0C), identifier)
}

fn select(channel: &mut Channel<'_>, header: Header, name: &[u8]) -> Result<(), FileError> {
    selected(channel, Command::send(header, name))
}

fn select_and_answer(channel: &mut Channel<'_>, header: Header, name: &[u8]) -> Result<(), FileError> {
    selected(channel, Command::exchange(header, name))
}

fn selected(channel: &mut Channel<'_>, command: Result<Command, TooLong>) -> Result<(), FileError> {
    match channel.send(&command.map_err(|_| FileError::Malformed)?)?.sw {
        StatusWord::OK => Ok(()),
        sw => Err(FileError::Refused(sw)),
    }
}

/// Reads up to `length` bytes (1 to 256) from the start of the selected file: in one command, unless the card returns
/// less.
pub fn read_start(channel: &mut Channel<'_>, length: usize) -> Result<Vec<u8>, FileError> {
    let mut start = Vec::new();
    while start.len() < length {
        let missing = length.saturating_sub(start.len());
        match read_block(channel, start.len(), missing) {
            Ok(part) if !part.is_empty() => start.extend_from_slice(&part),
            // The file is shorter.
            Ok(_) | Err(FileError::Refused(_)) if !start.is_empty() => break,
            Ok(_) => return Err(FileError::Malformed),
            Err(error) => return Err(error),
        }
    }
    Ok(start)
}

/// Reads so many bytes from the start of the selected file, or fewer if it is shorter. `blocks` as for [`read_object`].
pub fn read_beginning(
    channel: &mut Channel<'_>,
    length: usize,
    blocks: &[usize],
) -> Result<Vec<u8>, FileError> {
    let blocks: Vec<usize> = blocks.iter().map(|block| *block.min(&length)).collect();
    let (mut start, block) = read_first(channel, &blocks)?;
    while start.len() < length {
        let missing = length.saturating_sub(start.len());
        let part = read_block(channel, start.len(), missing.min(block))?;
        if part.is_empty() {
            break;
        }
        start.extend_from_slice(&part);
    }
    Ok(start)
}

/// Reads the DER object at the start of the selected file, without the padding after it. Empty if the file is, or
/// begins with a padding byte (ISO 7816-4 §6.3), because then nothing is in it. `blocks` are the Le values for a full block, in bytes, best
/// first; if the card refuses one by 6700, the next is tried. None is longer than what the channel takes.
pub fn read_object(channel: &mut Channel<'_>, blocks: &[usize]) -> Result<Vec<u8>, FileError> {
    let (mut object, block) = match read_first(channel, blocks) {
        Err(FileError::Refused(StatusWord::WRONG_OFFSET)) => return Ok(Vec::new()),
        first => first?,
    };
    if matches!(object.first(), None | Some(0x00 | 0xFF)) {
        return Ok(Vec::new());
    }
    let length = tlv::declared_length(&object).filter(|l| *l <= MAX_FILE).ok_or(FileError::Malformed)?;
    while object.len() < length {
        let missing = length.saturating_sub(object.len());
        let part = read_block(channel, object.len(), missing.min(block))?;
        if part.is_empty() {
            return Err(FileError::Malformed);
        }
        object.extend_from_slice(&part);
    }
    object.truncate(length);
    Ok(object)
}

/// Reads the selected file to its end.
pub fn read_whole(channel: &mut Channel<'_>, blocks: &[usize]) -> Result<Vec<u8>, FileError> {
    let (mut content, block) = read_first(channel, blocks)?;
    let mut last = content.len();
    while last >= block && content.len() <= MAX_FILE {
        match read_block(channel, content.len(), block) {
            Ok(part) => {
                last = part.len();
                content.extend_from_slice(&part);
            }
            // The file ended with the last block.
            Err(FileError::Refused(_)) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(content)
}

/// Reads the selected file to its end, whether it is transparent or made of records (ISO 7816-4 §7.3), which are put
/// together.
pub fn read_any(channel: &mut Channel<'_>, blocks: &[usize]) -> Result<Vec<u8>, FileError> {
    match read_whole(channel, blocks) {
        Err(FileError::Refused(StatusWord::NOT_OF_THIS_KIND | StatusWord::NO_CURRENT_EF)) => {
            read_records(channel)
        }
        outcome => outcome,
    }
}

/// Reads the records of the selected file, one after the other, until the card has no more.
fn read_records(channel: &mut Channel<'_>) -> Result<Vec<u8>, FileError> {
    let mut content = Vec::new();
    for number in 1..=MAX_RECORDS {
        // P2 = 04: the record with this number in the current file.
        let reply = channel.send(&Command::receive(Header::new(0xB2, number, 0x04), 0))?;
        match reply.sw {
            StatusWord::OK | StatusWord::END_OF_FILE => content.extend_from_slice(&reply.data),
            sw if number == 1 => return Err(FileError::Refused(sw)),
            _ => break,
        }
    }
    Ok(content)
}

/// Reads the first block, and finds out which block length the card accepts.
fn read_first(channel: &mut Channel<'_>, blocks: &[usize]) -> Result<(Vec<u8>, usize), FileError> {
    let mut refusal = FileError::Malformed;
    for block in blocks {
        let block = *block.min(&channel.limits().answer);
        match read_block(channel, 0, block) {
            Ok(bytes) => return Ok((bytes, block)),
            Err(error @ FileError::Refused(StatusWord::WRONG_LENGTH)) => refusal = error,
            Err(error) => return Err(error),
        }
    }
    Err(refusal)
}

fn read_block(channel: &mut Channel<'_>, offset: usize, length: usize) -> Result<Vec<u8>, FileError> {
    // With bit 8 of P1 set, P1 would contain a short EF identifier.
    let offset = u16::try_from(offset).ok().filter(|o| *o < 0x8000).ok_or(FileError::Malformed)?;
    let [p1, p2] = offset.to_be_bytes();
    // 256 is written as 0.
    let le = u8::try_from(length).unwrap_or(0);
    let reply = channel.send(&Command::receive(Header::new(0xB0, p1, p2), le))?;
    match reply.sw {
        StatusWord::OK | StatusWord::END_OF_FILE => Ok(reply.data.to_vec()),
        sw => Err(FileError::Refused(sw)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::channel::script::Script;
    use super::*;
    use crate::transport::Protocol;

    fn object(length: u8) -> Vec<u8> {
        [&[0x30, 0x82, 1, length][..], &vec![0xAB; 256 + usize::from(length)]].concat()
    }

    fn ok(data: &[u8]) -> Vec<u8> {
        [data, &[0x90, 0]].concat()
    }

    #[test]
    fn the_last_block_asks_for_no_more_than_the_object() {
        let file = object(10);
        let mut card = Script::new(
            Protocol::T0,
            &[(&[0, 0xB0, 0, 0, 0], &ok(&file[..256])), (&[0, 0xB0, 1, 0, 14], &ok(&file[256..]))],
        );
        assert_eq!(read_object(&mut Channel::new(&mut card), &[256, 231, 181]).unwrap(), file);
    }

    #[test]
    fn a_card_that_refuses_256_is_asked_for_less() {
        let file = object(10);
        let mut card = Script::new(
            Protocol::T0,
            &[
                (&[0, 0xB0, 0, 0, 0], &[0x67, 0]),
                (&[0, 0xB0, 0, 0, 231], &ok(&file[..231])),
                (&[0, 0xB0, 0, 231, 39], &ok(&file[231..])),
            ],
        );
        assert_eq!(read_object(&mut Channel::new(&mut card), &[256, 231, 181]).unwrap(), file);
    }

    #[test]
    fn pad_bytes_are_cut_and_a_short_file_is_an_error() {
        let padded = [&[0x30, 2, 1, 1][..], &[0; 60]].concat();
        let mut card = Script::new(Protocol::T0, &[(&[0, 0xB0, 0, 0, 0], &ok(&padded))]);
        assert_eq!(read_object(&mut Channel::new(&mut card), &[256, 231, 181]).unwrap(), [0x30, 2, 1, 1]);

        let mut card = Script::new(
            Protocol::T0,
            &[(&[0, 0xB0, 0, 0, 0], &[0x30, 9, 1, 0x62, 0x82]), (&[0, 0xB0, 0, 3, 8], &[0x62, 0x82])],
        );
        assert_eq!(read_object(&mut Channel::new(&mut card), &[256, 231, 181]), Err(FileError::Malformed));
    }

    #[test]
    fn a_beginning_is_read_by_one_command_where_the_card_permits_it() {
        let file: Vec<u8> = (0..200).collect();
        let mut card = Script::new(Protocol::T0, &[(&[0, 0xB0, 0, 0, 170], &ok(&file[..170]))]);
        assert_eq!(read_beginning(&mut Channel::new(&mut card), 170, &[256, 181]).unwrap(), &file[..170]);
        let mut card = Script::new(
            Protocol::T0,
            &[
                (&[0, 0xB0, 0, 0, 190], &[0x67, 0]),
                (&[0, 0xB0, 0, 0, 181], &ok(&file[..181])),
                (&[0, 0xB0, 0, 181, 9], &ok(&file[181..190])),
            ],
        );
        assert_eq!(read_beginning(&mut Channel::new(&mut card), 190, &[256, 181]).unwrap(), &file[..190]);
        let mut card = Script::new(
            Protocol::T0,
            &[(&[0, 0xB0, 0, 0, 4], &[7, 0x62, 0x82]), (&[0, 0xB0, 0, 1, 3], &[0x62, 0x82])],
        );
        assert_eq!(read_beginning(&mut Channel::new(&mut card), 4, &[256]).unwrap(), [7], "a short file");
    }

    #[test]
    fn a_file_is_read_to_its_end_wherever_that_is() {
        let file: Vec<u8> = (0..=255).cycle().take(522).collect();
        for length in [255, 256, 257, 511, 512, 522] {
            let blocks: Vec<Vec<u8>> = file[..length].chunks(256).map(ok).collect();
            let commands = [[0, 0xB0, 0, 0, 0], [0, 0xB0, 1, 0, 0], [0, 0xB0, 2, 0, 0]];
            let mut steps: Vec<(&[u8], &[u8])> =
                commands.iter().zip(&blocks).map(|(command, block)| (&command[..], &block[..])).collect();
            if length % 256 == 0 {
                // Only the card knows that this was all.
                steps.push((&commands[blocks.len()], &[0x6B, 0x00]));
            }
            let mut card = Script::new(Protocol::T0, &steps);
            assert_eq!(read_whole(&mut Channel::new(&mut card), &[256]).unwrap(), &file[..length]);
        }
    }

    #[test]
    fn a_file_of_records_is_put_together() {
        let mut card = Script::new(
            Protocol::T0,
            &[
                (&[0, 0xB0, 0, 0, 0], &[0x69, 0x81]),
                (&[0, 0xB2, 1, 4, 0], &ok(&[0x61, 1, 7])),
                (&[0, 0xB2, 2, 4, 0], &[0x6C, 3]),
                (&[0, 0xB2, 2, 4, 3], &ok(&[0x61, 1, 9])),
                (&[0, 0xB2, 3, 4, 0], &[0x6A, 0x83]),
            ],
        );
        assert_eq!(read_any(&mut Channel::new(&mut card), &[256]).unwrap(), [0x61, 1, 7, 0x61, 1, 9]);
        let mut card = Script::new(
            Protocol::T0,
            &[(&[0, 0xB0, 0, 0, 0], &[0x69, 0x81]), (&[0, 0xB2, 1, 4, 0], &[0x6D, 0])],
        );
        let refused = Err(FileError::Refused(StatusWord::NO_INSTRUCTION));
        assert_eq!(read_any(&mut Channel::new(&mut card), &[256]), refused);
    }

    #[test]
    fn nothing_is_in_a_file_that_is_empty_or_erased() {
        for answer in [&[0x90, 0][..], &[0x62, 0x82], &[0x6B, 0], &[0, 0x90, 0], &[0xFF, 0xFF, 0x90, 0]] {
            let mut card = Script::new(Protocol::T0, &[(&[0, 0xB0, 0, 0, 0], answer)]);
            assert_eq!(read_object(&mut Channel::new(&mut card), &[256]), Ok(Vec::new()), "{answer:02X?}");
        }
    }
}
