//! Reading the serial number.

use super::files::{read_certificate, select, select_file};
use crate::cards::error::{CardError, Step};
use crate::cards::profile::{CardProfile, SerialSource};
use crate::iso7816::{Channel, StatusWord, file, tlv};

/// Bytes of EF.CIAInfo that contain version and serial number; no such file is shorter.
const CARD_INFO_START: usize = 32;

/// The serial number, from the first of its sources that exists. The card's application has to be selected.
pub fn read_serial(channel: &mut Channel<'_>, profile: &CardProfile) -> Result<Vec<u8>, CardError> {
    let step = Step::ReadSerial;
    let mut outcome = Err(CardError::Unsupported);
    for number in profile.serial_sources.iter() {
        outcome = read_from(channel, profile, number);
        if !matches!(outcome, Err(CardError::Refused { sw: StatusWord::NOT_FOUND, .. })) {
            break;
        }
    }
    outcome.and_then(|number| if number.is_empty() { Err(CardError::Malformed { step }) } else { Ok(number) })
}

fn read_from(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    number: &SerialSource,
) -> Result<Vec<u8>, CardError> {
    let step = Step::ReadSerial;
    let found = |found: Option<&[u8]>| found.map(<[u8]>::to_vec).ok_or(CardError::Malformed { step });
    match number {
        SerialSource::CardInfo(path) => {
            select_file(channel, profile.files.select, path).map_err(|e| step.failed(e))?;
            let start = file::read_start(channel, CARD_INFO_START).map_err(|e| step.failed(e))?;
            found(tlv::contents(&start, 0x30).and_then(|info| tlv::find(info, 0x04)))
        }
        SerialSource::File { path, tag } => {
            select_file(channel, profile.files.select, path).map_err(|e| step.failed(e))?;
            let content = file::read_whole(channel, profile.files.blocks).map_err(|e| step.failed(e))?;
            found(match tag {
                Some(tag) => tlv::find(&content, *tag),
                None => Some(&content),
            })
        }
        SerialSource::Certificate => {
            let key = profile.keys.first().ok_or(CardError::Unsupported)?;
            select(channel, &key.certificate.home)?;
            let certificate = read_certificate(channel, profile, &key.certificate)?;
            found(certificate.as_ref().map(|certificate| certificate.serial.as_slice()))
        }
        SerialSource::Command(ask) => ask(channel),
    }
}
