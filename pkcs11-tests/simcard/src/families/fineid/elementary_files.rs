//! Contents of the small files of the card (ISO/IEC 7816-4 §8.2, 7816-15).

use crate::facts::holder::Holder;
use crate::families::fineid::generations::{FineidDescription, SerialForm};
use crate::wire::der;

/// AID of the PKCS#15 application (recorded test cards).
pub(crate) const APPLICATION: &[u8] = b"\xA0\x00\x00\x00\x63PKCS-15";
/// AID of the passport application, which coexists (ReFineID).
pub(crate) const PASSPORT: &[u8] = &[0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];

/// The card's serial number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CardSerial {
    /// As EF.CIAInfo holds it.
    pub(crate) bytes: Vec<u8>,
    /// The nine digits printed on the card.
    pub(crate) printed: String,
}

/// Serial number of a holder's card. The digits before the printed ones are made up.
pub(crate) fn serial(card: &FineidDescription, holder: &Holder) -> CardSerial {
    let model = u64::from(
        card.card.atr.get(11..13).map_or(0, |version| u16::from_be_bytes([version[0], version[1]])),
    );
    let printed = format!("{:09}", 900_000_000 + (u64::from(holder.seed) * 100 + model % 97) % 100_000_000);
    let bytes = match card.serial {
        SerialForm::Printable => format!("24600042{printed}").into_bytes(),
        SerialForm::Bcd => {
            // 20 digits; the printed number is digits 11 to 19.
            let digits = format!("9246000420{printed}0").into_bytes();
            digits.chunks(2).map(|pair| (pair[0] - b'0') << 4 | (pair[1] - b'0')).collect()
        }
    };
    CardSerial { bytes, printed }
}

/// EF.DIR: the PKCS#15 application, to be found in the MF.
pub(crate) fn directory(card: &FineidDescription) -> Vec<u8> {
    let entry =
        [der::tlv(0x4F, APPLICATION), der::tlv(0x50, card.label.as_bytes()), der::tlv(0x51, &[0x3F, 0x00])];
    der::tlv(0x61, &entry.concat())
}

/// EF.ATR: the data objects of the historical bytes in BER form. It says nothing about buffer sizes: no card of
/// this family was seen to do so.
pub(crate) fn answer_to_reset_file(card: &FineidDescription) -> Vec<u8> {
    let historical = card.card.atr.get(5..).unwrap_or_default();
    let services = der::tlv(0x43, historical.get(2..3).unwrap_or_default());
    let pre_issuing = der::tlv(0x46, historical.get(4..9).unwrap_or_default());
    [services, pre_issuing].concat()
}

/// EF.CIAInfo (TokenInfo, ISO/IEC 7816-15 §8.10). The list of algorithms is long enough that the outer length takes
/// two bytes, so that the serial number starts where OpenSC looks for it.
pub(crate) fn card_info(card: &FineidDescription, holder: &Holder) -> Vec<u8> {
    let algorithms: Vec<_> = card
        .algorithms
        .iter()
        .zip(1_u32..)
        .map(|(algorithm, reference)| {
            // CKM_ECDSA, CKM_RSA_PKCS_PSS, CKM_RSA_PKCS by the scheme nibble; object identifiers in the same order.
            let (mechanism, object): (u32, &[u32]) = match algorithm & 0x0F {
                4 => (0x1041, &[1, 2, 840, 10045, 4, 3]),
                5 => (0x000D, &[1, 2, 840, 113_549, 1, 1, 10]),
                _ => (0x0001, &[1, 2, 840, 113_549, 1, 1, 1]),
            };
            let operations = if *algorithm == 0x1A { der::bits(2, &[0x08]) } else { der::bits(6, &[0x40]) };
            der::sequence(&[
                &der::integer(reference),
                &der::integer(mechanism),
                &der::null(),
                &operations,
                &der::oid(object),
                &der::integer(u32::from(*algorithm)),
            ])
        })
        .collect();
    let info = der::sequence(&[
        &der::integer(1),
        &der::octets(&serial(card, holder).bytes),
        &der::utf8(card.manufacturer),
        &der::implicit(0, card.label.as_bytes()),
        // cardflags: readonly, authRequired, prnGeneration
        &der::bits(5, &[0xE0]),
        &der::explicit(2, &algorithms.concat()),
    ]);
    debug_assert!(info.get(1) == Some(&0x82));
    info
}

/// EF.OD: its bytes are not public; an erased file, so that a host that needs it fails here and not at the holder.
pub(crate) fn object_directory() -> Vec<u8> {
    vec![0; 64]
}

/// Card production life cycle data (GET DATA 9F7F, GlobalPlatform): 42 bytes with the serial number at 12 to 15.
pub(crate) fn production_data(holder: &Holder) -> Vec<u8> {
    let mut data = vec![0; 42];
    data[..10].copy_from_slice(&[0x40, 0x90, 0x78, 0x61, 0x12, 0x91, 0x51, 0x81, 0x04, 0x00]);
    data[12..16].copy_from_slice(&holder.seed.to_be_bytes());
    let mut answer = vec![0x9F, 0x7F, 42];
    answer.extend(data);
    answer
}
