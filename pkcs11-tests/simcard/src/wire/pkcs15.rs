//! The files of a PKCS#15 application (PKCS#15 v1.1, ISO/IEC 7816-15), as DER.

use crate::wire::der;

/// A BIT STRING: unused bits and bytes.
pub(crate) type Bits = (u8, &'static [u8]);

/// commonObjectFlags: private, modifiable (a PIN as the Belgian card describes it).
pub(crate) const PRIVATE_MODIFIABLE: Bits = (6, &[0xC0]);
/// commonObjectFlags: modifiable.
pub(crate) const MODIFIABLE: Bits = (6, &[0x40]);
/// Key usage: sign.
pub(crate) const SIGN: Bits = (5, &[0x20]);
/// Key usage: nonRepudiation.
pub(crate) const NON_REPUDIATION: Bits = (6, &[0x00, 0x40]);
/// Key access flags: sensitive, alwaysSensitive, neverExtractable, local.
const ON_CARD_KEY: Bits = (3, &[0xB8]);

fn bits((unused, bytes): Bits) -> Vec<u8> {
    der::bits(unused, bytes)
}

/// Content of an INTEGER, for implicit tags.
fn number(value: u32) -> Vec<u8> {
    der::integer(value).split_off(2)
}

/// Path: the identifiers from the MF on.
pub(crate) fn path(path: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::octets(path)])
}

/// CommonObjectAttributes.
fn object(label: &str, flags: Bits, auth_id: Option<u8>, consent: Option<u32>) -> Vec<u8> {
    let auth_id = auth_id.map(|id| der::octets(&[id])).unwrap_or_default();
    let consent = consent.map(der::integer).unwrap_or_default();
    der::sequence(&[&der::utf8(label), &bits(flags), &auth_id, &consent])
}

/// EF.DIR entry (ISO/IEC 7816-4 §8.2.1.1): AID, label, path and, where there is one, an object identifier.
pub(crate) fn application(aid: &[u8], label: &str, path: &[u8], object: &[u8]) -> Vec<u8> {
    let object = if object.is_empty() { Vec::new() } else { der::tlv(0x73, object) };
    let parts = [der::tlv(0x4F, aid), der::tlv(0x50, label.as_bytes()), der::tlv(0x51, path), object];
    der::tlv(0x61, &parts.concat())
}

/// Kinds of directory in the object directory.
pub(crate) const PRIVATE_KEYS: u8 = 0;
pub(crate) const CERTIFICATES: u8 = 4;
pub(crate) const TRUSTED_CERTIFICATES: u8 = 5;
pub(crate) const AUTHENTICATION: u8 = 8;

/// EF.OD entry: a kind of directory and its path.
pub(crate) fn directory(kind: u8, at: &[u8]) -> Vec<u8> {
    der::explicit(kind, &path(at))
}

/// Encoding of a PIN in EF.AOD (PasswordType).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PinType {
    Bcd = 0,
    AsciiNumeric = 1,
}

/// A PIN in EF.AOD.
pub(crate) struct PinObject<'a> {
    pub(crate) label: &'a str,
    pub(crate) auth_id: u8,
    /// The PIN that unblocks this one.
    pub(crate) unblocked_by: Option<u8>,
    pub(crate) flags: Bits,
    pub(crate) kind: PinType,
    pub(crate) shortest: u32,
    pub(crate) stored: u32,
    pub(crate) longest: Option<u32>,
    pub(crate) reference: u8,
    pub(crate) fill: Option<u8>,
    pub(crate) path: &'a [u8],
}

impl PinObject<'_> {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let longest = self.longest.map(der::integer).unwrap_or_default();
        let fill = self.fill.map(|fill| der::octets(&[fill])).unwrap_or_default();
        let attributes = der::sequence(&[
            &bits(self.flags),
            &der::tlv(0x0A, &[self.kind as u8]),
            &der::integer(self.shortest),
            &der::integer(self.stored),
            &longest,
            &der::implicit(0, &number(u32::from(self.reference))),
            &fill,
            &path(self.path),
        ]);
        let common = object(self.label, PRIVATE_MODIFIABLE, self.unblocked_by, None);
        let id = der::sequence(&[&der::octets(&[self.auth_id])]);
        der::sequence(&[&common, &id, &der::explicit(1, &attributes)])
    }
}

/// A private key in EF.PrKD.
pub(crate) struct KeyObject<'a> {
    pub(crate) label: &'a str,
    pub(crate) auth_id: u8,
    pub(crate) consent: Option<u32>,
    pub(crate) id: u8,
    pub(crate) usage: Bits,
    pub(crate) reference: u8,
    /// References into the list of algorithms of EF.CIAInfo.
    pub(crate) algorithms: &'a [u32],
    pub(crate) path: &'a [u8],
    /// Bits of the modulus or of the field, where the card says it.
    pub(crate) size: Option<u32>,
    pub(crate) is_ec: bool,
}

impl KeyObject<'_> {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let references: Vec<_> = self.algorithms.iter().map(|reference| der::integer(*reference)).collect();
        let algorithms =
            if references.is_empty() { Vec::new() } else { der::explicit(1, &references.concat()) };
        let key = der::sequence(&[
            &der::octets(&[self.id]),
            &bits(self.usage),
            &bits(ON_CARD_KEY),
            &der::integer(u32::from(self.reference)),
            &algorithms,
        ]);
        let size = self.size.map(der::integer).unwrap_or_default();
        let value = der::sequence(&[&path(self.path), &size]);
        let common = object(self.label, PRIVATE_MODIFIABLE, Some(self.auth_id), self.consent);
        let parts = [common, key, der::explicit(1, &value)].concat();
        // privateRSAKey is a plain SEQUENCE, privateECKey has the tag [0].
        if self.is_ec { der::explicit(0, &parts) } else { der::tlv(0x30, &parts) }
    }
}

/// A certificate in EF.CD.
pub(crate) struct CertificateObject<'a> {
    pub(crate) label: &'a str,
    pub(crate) auth_id: Option<u8>,
    pub(crate) id: u8,
    pub(crate) authority: bool,
    /// implicitTrust, where the card says it.
    pub(crate) trust: Option<bool>,
    pub(crate) path: &'a [u8],
}

impl CertificateObject<'_> {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let authority = if self.authority { der::boolean(true) } else { Vec::new() };
        let trust =
            self.trust.map(|trust| der::implicit(3, &[if trust { 0xFF } else { 0 }])).unwrap_or_default();
        der::sequence(&[
            &object(self.label, MODIFIABLE, self.auth_id, None),
            &der::sequence(&[&der::octets(&[self.id]), &authority, &trust]),
            &der::explicit(1, &der::sequence(&[&path(self.path)])),
        ])
    }
}

/// An algorithm that EF.CIAInfo lists.
pub(crate) struct AlgorithmObject {
    pub(crate) reference: u32,
    /// PKCS#11 mechanism.
    pub(crate) mechanism: u32,
    pub(crate) object: &'static [u32],
    /// Value for data object 80 of MANAGE SECURITY ENVIRONMENT.
    pub(crate) value: u8,
}

/// EF.CIAInfo (TokenInfo).
pub(crate) fn token_info(
    serial: &[u8],
    manufacturer: &str,
    label: &str,
    flags: Bits,
    algorithms: &[AlgorithmObject],
) -> Vec<u8> {
    let list: Vec<_> = algorithms
        .iter()
        .map(|algorithm| {
            der::sequence(&[
                &der::integer(algorithm.reference),
                &der::integer(algorithm.mechanism),
                &der::null(),
                &der::bits(6, &[0x40]), // compute-signature
                &der::oid(algorithm.object),
                &der::integer(u32::from(algorithm.value)),
            ])
        })
        .collect();
    der::sequence(&[
        &der::integer(1),
        &der::octets(serial),
        &der::utf8(manufacturer),
        &der::implicit(0, label.as_bytes()),
        &bits(flags),
        &der::explicit(2, &list.concat()),
    ])
}
