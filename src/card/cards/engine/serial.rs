//! Reading the serial number.

use super::files::{read_certificate, select, select_file, start_of};
use crate::cards::error::{CardError, Step};
use crate::cards::profile::{CardProfile, SerialSource};
use crate::iso7816::{Channel, StatusWord, file, tlv};

/// Bytes of EF.CIAInfo that contain version and serial number; no such file is shorter.
const CARD_INFO_START: usize = 32;

/// A serial number.
pub struct Serial {
    /// The number.
    pub number: Vec<u8>,
    /// The first bytes of the file that it is in, which stays the current one.
    pub file: Vec<u8>,
}

/// The serial number, from the first of its sources that exists and has one. The card's application has to be selected.
pub fn read_serial(channel: &mut Channel<'_>, profile: &CardProfile) -> Result<Serial, CardError> {
    let step = Step::ReadSerial;
    let missing = CardError::Refused { step, sw: StatusWord::NOT_FOUND };
    for source in profile.serial_sources.iter() {
        match read_from(channel, profile, source) {
            Ok(serial) if is_vacant(&serial.number) => {}
            Err(CardError::Refused { sw: StatusWord::NOT_FOUND | StatusWord::WRONG_OFFSET, .. }) => {}
            outcome => return outcome,
        }
    }
    Err(missing)
}

/// Is there nothing but the padding of an empty file?
fn is_vacant(number: &[u8]) -> bool {
    number.iter().all(|byte| *byte == 0x00) || number.iter().all(|byte| *byte == 0xFF)
}

fn read_from(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    number: &SerialSource,
) -> Result<Serial, CardError> {
    let step = Step::ReadSerial;
    let found = |number: Option<&[u8]>, file: &[u8]| {
        let number = number.ok_or(CardError::Malformed { step })?.to_vec();
        Ok(Serial { number, file: start_of(file) })
    };
    match number {
        SerialSource::CardInfo(path) => {
            select_file(channel, profile.files.select, path).map_err(|e| step.failed(e))?;
            let start = file::read_start(channel, CARD_INFO_START).map_err(|e| step.failed(e))?;
            found(tlv::contents(&start, 0x30).and_then(|info| tlv::find(info, 0x04)), &start)
        }
        SerialSource::File { path, tag } => {
            select_file(channel, profile.files.select, path).map_err(|e| step.failed(e))?;
            let content = file::read_whole(channel, profile.files.blocks).map_err(|e| step.failed(e))?;
            let number = match tag {
                Some(tag) => tlv::find(&content, *tag),
                None => Some(content.as_slice()),
            };
            found(number, &content)
        }
        SerialSource::Certificate => {
            let key = profile.keys.first().ok_or(CardError::Unsupported)?;
            if key.certificate.home != profile.application {
                select(channel, profile, &key.certificate.home)?;
            }
            let certificate = read_certificate(channel, profile, &key.certificate)?;
            let file = certificate.as_ref().map_or(Vec::new(), |certificate| start_of(&certificate.der));
            Ok(Serial { number: certificate.map_or(Vec::new(), |certificate| certificate.serial), file })
        }
        SerialSource::Command(ask) => ask(channel).map(|number| Serial { number, file: Vec::new() }),
    }
}
