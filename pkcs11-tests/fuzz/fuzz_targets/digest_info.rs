//! Data to be signed, by every mechanism that signs: what is taken for a DigestInfo is one, and parts make the whole.
#![no_main]

use avain_card::cards::engine::SignInput;
use avain_crypto::Hash;
use avain_pkcs11::p11::Fault;
use avain_pkcs11::p11::mechanisms::Mechanism;
use avain_pkcs11::p11::operations::mechanism::Parameter;
use avain_pkcs11::p11::operations::signature_input::{SignatureInput, ToBeSigned};
use cryptoki_sys::*;
use fuzz::Input;
use libfuzzer_sys::fuzz_target;

/// Mechanisms that sign, and one that does not.
const MECHANISMS: &[CK_MECHANISM_TYPE] = &[
    CKM_RSA_PKCS,
    CKM_ECDSA,
    CKM_RSA_PKCS_PSS,
    CKM_SHA1_RSA_PKCS,
    CKM_SHA256_RSA_PKCS,
    CKM_SHA512_RSA_PKCS,
    CKM_SHA256_RSA_PKCS_PSS,
    CKM_ECDSA_SHA384,
    CKM_SHA256,
];
/// Lengths of signatures.
const LENGTHS: &[usize] = &[256, 384, 512, 96, 64, 128, 11, 10, 0];
/// Hash functions with their object identifiers (RFC 8017 appendix B.1).
const HASHES: &[(Hash, CK_MECHANISM_TYPE, CK_RSA_PKCS_MGF_TYPE, &[u8])] = &[
    (Hash::Sha1, CKM_SHA_1, CKG_MGF1_SHA1, b"\x2B\x0E\x03\x02\x1A"),
    (Hash::Sha224, CKM_SHA224, CKG_MGF1_SHA224, b"\x60\x86\x48\x01\x65\x03\x04\x02\x04"),
    (Hash::Sha256, CKM_SHA256, CKG_MGF1_SHA256, b"\x60\x86\x48\x01\x65\x03\x04\x02\x01"),
    (Hash::Sha384, CKM_SHA384, CKG_MGF1_SHA384, b"\x60\x86\x48\x01\x65\x03\x04\x02\x02"),
    (Hash::Sha512, CKM_SHA512, CKG_MGF1_SHA512, b"\x60\x86\x48\x01\x65\x03\x04\x02\x03"),
];

fuzz_target!(|data: &[u8]| {
    let mut input = Input::new(data);
    let kind = input.one_of(MECHANISMS);
    let length = input.one_of(LENGTHS);
    let cut = usize::from(input.byte());
    let parameter = parameter(&mut input);
    let data = signed(&mut input);
    let whole = prepare(kind, &parameter, length, &[&data]);
    let (front, back) = data.split_at(cut.min(data.len()));
    assert_eq!(whole, prepare(kind, &parameter, length, &[front, back]), "parts do not make the whole");
    judge(kind, length, &data, whole);
});

/// None, or that of RSA-PSS.
fn parameter(input: &mut Input<'_>) -> Parameter {
    let (chosen, other) = (input.byte(), input.byte());
    let by = |byte: u8| &HASHES[usize::from(byte) % HASHES.len()];
    match chosen {
        0..128 => Parameter::None,
        _ => Parameter::Pss { hash: by(chosen).1, mgf: by(other).2, salt: input.short().into() },
    }
}

/// Any data, or a DigestInfo with a changed byte.
fn signed(input: &mut Input<'_>) -> Vec<u8> {
    match input.byte() {
        0..64 => input.rest().to_vec(),
        form => {
            let (hash, .., oid) = HASHES[usize::from(form) % HASHES.len()];
            let (at, bits, length) = (usize::from(input.byte()), input.byte(), input.byte());
            let mut digest = vec![0x5A; hash.length()];
            digest.resize(hash.length().saturating_add_signed((length as i8).into()), 0x5A);
            let mut info = digest_info(oid, form & 1 == 0, &digest);
            if let Some(byte) = info.get_mut(at) {
                *byte ^= bits;
            }
            info
        }
    }
}

/// DigestInfo (RFC 8017 §9.2), with NULL or without. Short: all lengths here are.
fn digest_info(oid: &[u8], null: bool, digest: &[u8]) -> Vec<u8> {
    let object = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
    let null: &[u8] = if null { &[5, 0] } else { &[] };
    let algorithm = object(0x30, &[object(6, oid), null.to_vec()].concat());
    object(0x30, &[algorithm, object(4, digest)].concat())
}

fn prepare(
    kind: CK_MECHANISM_TYPE,
    parameter: &Parameter,
    length: usize,
    parts: &[&[u8]],
) -> Result<ToBeSigned, Fault> {
    let mechanism = Mechanism::find(kind).expect("a mechanism of the module");
    let mut preparation = SignatureInput::new(mechanism, parameter, length)?;
    parts.iter().try_for_each(|part| preparation.update(part))?;
    preparation.finish()
}

fn judge(kind: CK_MECHANISM_TYPE, length: usize, data: &[u8], outcome: Result<ToBeSigned, Fault>) {
    let Ok(prepared) = outcome else { return };
    match kind {
        CKM_RSA_PKCS => assert!(data.len() + 11 <= length.max(11) && prepared.bytes == data),
        CKM_ECDSA => assert!(!data.is_empty() && data.starts_with(&prepared.bytes)),
        _ => {}
    }
    let for_card = prepared.for_card();
    if let Ok(SignInput::Rsa { hash, digest, .. }) = &for_card {
        assert_eq!(digest.len(), hash.length(), "a digest of another length");
    }
    if kind == CKM_RSA_PKCS {
        let known = |(hash, .., oid): &(Hash, _, _, &[u8])| {
            let digest = &data[data.len().saturating_sub(hash.length())..];
            (digest_info(oid, true, digest) == data).then(|| (*hash, digest.to_vec()))
        };
        let found = match for_card {
            Ok(SignInput::Rsa { hash, digest, .. }) => Some((hash, digest)),
            Ok(other) => panic!("{other:?} of RSA"),
            Err(_) => None,
        };
        assert_eq!(found, HASHES.iter().find_map(known), "a DigestInfo that is none, or none that is one");
    }
}
