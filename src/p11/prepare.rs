//! From a program's data to what a card signs. Pure: no card, no session.

use super::Fault;
use super::mechanisms::Mechanism;
use crate::cards::engine::SignInput;
use crate::cards::profile::Scheme;
use crate::crypto::hash::{Hash, Hasher};
use cryptoki_sys::*;

/// CK_RSA_PKCS_PSS_PARAMS, or nothing: all parameters that the mechanisms take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// No parameter.
    None,
    /// Hash function, mask generation function, salt length in bytes.
    Pss {
        /// CKM_ number of the hash function.
        hash: CK_MECHANISM_TYPE,
        /// CKG_ number of the mask generation function.
        mgf: CK_RSA_PKCS_MGF_TYPE,
        /// Length of the salt in bytes.
        salt: CK_ULONG,
    },
    /// Something of another shape.
    Other,
}

/// The hash functions: our name, the mechanism, MGF1 over it, and the DigestInfo prefix (RFC 8017 §9.2).
const HASHES: &[(Hash, CK_MECHANISM_TYPE, CK_RSA_PKCS_MGF_TYPE, &[u8])] = &[
    (Hash::Sha1, CKM_SHA_1, CKG_MGF1_SHA1, b"\x30\x21\x30\x09\x06\x05\x2B\x0E\x03\x02\x1A\x05\x00\x04\x14"),
    (
        Hash::Sha224,
        CKM_SHA224,
        CKG_MGF1_SHA224,
        b"\x30\x2D\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04\x05\x00\x04\x1C",
    ),
    (
        Hash::Sha256,
        CKM_SHA256,
        CKG_MGF1_SHA256,
        b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
    ),
    (
        Hash::Sha384,
        CKM_SHA384,
        CKG_MGF1_SHA384,
        b"\x30\x41\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
    ),
    (
        Hash::Sha512,
        CKM_SHA512,
        CKG_MGF1_SHA512,
        b"\x30\x51\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
    ),
];

/// Most bytes taken for RSA without hashing: the longest DigestInfo.
const MAX_RAW: usize = 83;
/// Most bytes kept of a number for ECDSA: the longest field of any curve.
const MAX_NUMBER: usize = 66;

/// Data on its way to a signature.
pub struct Preparation {
    scheme: Scheme,
    /// For PSS without hashing: what the program hashed with.
    declared: Option<Hash>,
    input: Input,
}

enum Input {
    Raw(Vec<u8>),
    Hashed(Hash, Hasher),
}

impl Preparation {
    /// Begins. The parameters must be what the card does: PSS with MGF1 and a salt after the same hash.
    pub fn new(mechanism: &Mechanism, parameter: Parameter) -> Result<Self, Fault> {
        let declared = match (mechanism.scheme, parameter) {
            (Scheme::Pss, Parameter::Pss { hash, mgf, salt }) => {
                let (found, _, _, _) = *HASHES
                    .iter()
                    .find(|(known, kind, mask, _)| {
                        *kind == hash && *mask == mgf && known.length() as CK_ULONG == salt
                    })
                    .ok_or(Fault::MechanismParamInvalid)?;
                if mechanism.hash.is_some_and(|hash| hash != found) {
                    return Err(Fault::MechanismParamInvalid);
                }
                Some(found)
            }
            (Scheme::Ecdsa | Scheme::Pkcs1, Parameter::None) => None,
            _ => return Err(Fault::MechanismParamInvalid),
        };
        let input = match mechanism.hash {
            Some(hash) => Input::Hashed(hash, hash.hasher()),
            None => Input::Raw(Vec::new()),
        };
        Ok(Preparation { scheme: mechanism.scheme, declared, input })
    }

    /// Takes more data.
    pub fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        match &mut self.input {
            Input::Hashed(_, hasher) => hasher.update(data),
            // Only the leftmost bytes of a long number count.
            Input::Raw(number) if self.scheme == Scheme::Ecdsa => {
                let room = MAX_NUMBER.saturating_sub(number.len());
                number.extend(data.iter().take(room));
            }
            Input::Raw(raw) => {
                if raw.len().saturating_add(data.len()) > MAX_RAW {
                    return Err(Fault::DataLengthRange);
                }
                raw.extend_from_slice(data);
            }
        }
        Ok(())
    }

    /// What the card is given.
    pub fn finish(self) -> Result<SignInput, Fault> {
        let (hash, digest) = match (self.input, self.scheme) {
            (Input::Hashed(_, hasher), Scheme::Ecdsa) => {
                return Ok(SignInput::Ecdsa(hasher.finalize().into_vec()));
            }
            (Input::Raw(number), Scheme::Ecdsa) if number.is_empty() => return Err(Fault::DataLengthRange),
            (Input::Raw(number), Scheme::Ecdsa) => return Ok(SignInput::Ecdsa(number)),
            (Input::Hashed(hash, hasher), Scheme::Pkcs1 | Scheme::Pss) => {
                (hash, hasher.finalize().into_vec())
            }
            (Input::Raw(info), Scheme::Pkcs1) => digest_of(&info)?,
            (Input::Raw(digest), Scheme::Pss) => {
                let hash = self.declared.ok_or(Fault::MechanismParamInvalid)?;
                if digest.len() != hash.length() {
                    return Err(Fault::DataLengthRange);
                }
                (hash, digest)
            }
        };
        Ok(SignInput::Rsa { scheme: self.scheme, hash, digest })
    }
}

/// The digest in a DigestInfo, with or without the NULL parameter (RFC 8017 appendix B.1). Other data, such as
/// TLS 1.1's MD5 with SHA-1, the card cannot sign: it makes the DigestInfo itself.
fn digest_of(info: &[u8]) -> Result<(Hash, Vec<u8>), Fault> {
    HASHES
        .iter()
        .find_map(|(hash, _, _, prefix)| {
            let digest =
                info.strip_prefix(*prefix).or_else(|| info.strip_prefix(without_null(prefix)?.as_slice()))?;
            (digest.len() == hash.length()).then(|| (*hash, digest.to_vec()))
        })
        .ok_or(Fault::DataInvalid)
}

/// The same prefix without NULL: both lengths are two less.
fn without_null(prefix: &[u8]) -> Option<Vec<u8>> {
    let [0x30, outer, 0x30, inner, oid @ .., 0x05, 0x00, 0x04, length] = prefix else { return None };
    let header = [0x30, outer.checked_sub(2)?, 0x30, inner.checked_sub(2)?];
    Some([&header, oid, &[0x04, *length]].concat())
}

#[cfg(test)]
mod tests {
    use super::super::mechanisms::MECHANISMS;
    use super::*;

    fn mechanism(kind: CK_MECHANISM_TYPE) -> &'static Mechanism {
        MECHANISMS.iter().find(|m| m.kind == kind).unwrap()
    }

    fn prepare(kind: CK_MECHANISM_TYPE, parameter: Parameter, data: &[u8]) -> Result<SignInput, Fault> {
        let mut preparation = Preparation::new(mechanism(kind), parameter)?;
        preparation.update(data)?;
        preparation.finish()
    }

    #[test]
    fn digest_infos_are_taken_apart_with_and_without_null() {
        for (hash, _, _, prefix) in HASHES {
            let digest = vec![7; hash.length()];
            for prefix in [prefix.to_vec(), without_null(prefix).unwrap()] {
                assert_eq!(usize::from(prefix[1]) + 2, prefix.len() + hash.length());
                let input = prepare(CKM_RSA_PKCS, Parameter::None, &[prefix, digest.clone()].concat());
                let expected = SignInput::Rsa { scheme: Scheme::Pkcs1, hash: *hash, digest: digest.clone() };
                assert_eq!(input, Ok(expected));
            }
        }
    }

    #[test]
    fn what_is_no_digest_info_is_refused() {
        for data in [&[0; 36][..], &[], HASHES[0].3] {
            assert_eq!(prepare(CKM_RSA_PKCS, Parameter::None, data), Err(Fault::DataInvalid));
        }
    }

    #[test]
    fn pss_parameters_must_be_what_the_card_does() {
        let pss = |hash, mgf, salt| Parameter::Pss { hash, mgf, salt };
        let good = pss(CKM_SHA256, CKG_MGF1_SHA256, 32);
        assert!(prepare(CKM_RSA_PKCS_PSS, good, &[0; 32]).is_ok());
        assert!(prepare(CKM_SHA256_RSA_PKCS_PSS, good, b"any").is_ok());
        assert_eq!(prepare(CKM_RSA_PKCS_PSS, good, &[0; 31]), Err(Fault::DataLengthRange));
        for (kind, bad) in [
            (CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA1, 32)),
            (CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, 20)),
            (CKM_RSA_PKCS_PSS, pss(CKM_MD5, CKG_MGF1_SHA256, 32)),
            (CKM_RSA_PKCS_PSS, Parameter::None),
            (CKM_SHA384_RSA_PKCS_PSS, good),
            (CKM_ECDSA, good),
        ] {
            assert_eq!(prepare(kind, bad, &[0; 32]), Err(Fault::MechanismParamInvalid));
        }
    }

    #[test]
    fn hash_and_sign_in_parts_equals_in_one() {
        let mut parts = Preparation::new(mechanism(CKM_ECDSA_SHA256), Parameter::None).unwrap();
        parts.update(b"Hello ").unwrap();
        parts.update(b"world!").unwrap();
        let whole = prepare(CKM_ECDSA_SHA256, Parameter::None, b"Hello world!");
        assert_eq!(parts.finish(), whole);
        assert!(matches!(whole, Ok(SignInput::Ecdsa(digest)) if digest.len() == 32));
    }

    #[test]
    fn raw_data_has_a_limit() {
        assert_eq!(prepare(CKM_RSA_PKCS, Parameter::None, &[0; MAX_RAW + 1]), Err(Fault::DataLengthRange));
        assert!(prepare(CKM_ECDSA, Parameter::None, &[0; 5000]).is_ok());
        assert_eq!(prepare(CKM_ECDSA, Parameter::None, &[]), Err(Fault::DataLengthRange));
    }
}
