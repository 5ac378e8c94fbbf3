//! From a program's data to what is signed, without card or session: [`SignatureInput`] collects the data part by part,
//! [`ToBeSigned`] is the result. Verification takes it as it is; a card takes it as a [`SignInput`].

use super::mechanism::{HASHES, Parameter, named};
use crate::p11::Fault;
use crate::p11::mechanisms::{Action, Mechanism};
use avain_card::cards::engine::SignInput;
use avain_card::cards::profile::{KeySpec, Scheme};
use avain_crypto::hash::{Hash, Hasher};
use avain_crypto::public::{self, Padding};

/// Most bytes kept of the digest for ECDSA: the size of the largest field (P-521).
const MAX_NUMBER: usize = 66;

/// The data to be signed, so far.
pub struct SignatureInput {
    scheme: public::Scheme,
    data: Data,
}

enum Data {
    /// Kept as they are, up to this length.
    Raw(Vec<u8>, usize),
    /// Hashed.
    Hashed(Hasher),
}

/// What is signed: a digest, or the data themselves where the scheme takes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBeSigned {
    /// The signature scheme.
    pub scheme: public::Scheme,
    /// The digest or the data.
    pub bytes: Vec<u8>,
}

impl SignatureInput {
    /// Begins, for a key whose signatures have this length in bytes.
    pub fn new(mechanism: &Mechanism, parameter: &Parameter, length: usize) -> Result<Self, Fault> {
        let Action::Sign(scheme, hash) = mechanism.action else { return Err(Fault::MechanismInvalid) };
        let (scheme, most) = match (scheme, parameter) {
            (Scheme::Pss, Parameter::Pss { hash: declared, mgf, salt }) => {
                let declared = named(*declared, *mgf).ok_or(Fault::MechanismParamInvalid)?;
                // Hash, salt and two bytes go into the signature (RFC 8017 §9.1.1).
                let salt = usize::try_from(*salt).ok().filter(|salt| {
                    length.checked_sub(declared.length()).is_some_and(|room| room.saturating_sub(2) >= *salt)
                });
                if hash.is_some_and(|hash| hash != declared) {
                    return Err(Fault::MechanismParamInvalid);
                }
                let salt = salt.ok_or(Fault::MechanismParamInvalid)?;
                (public::Scheme::Pss { hash: declared, salt }, declared.length())
            }
            (Scheme::Ecdsa, Parameter::None) => (public::Scheme::Ecdsa, MAX_NUMBER),
            (Scheme::Pkcs1, Parameter::None) => {
                (public::Scheme::Pkcs1(hash), length.saturating_sub(Padding::Pkcs1.length()))
            }
            _ => return Err(Fault::MechanismParamInvalid),
        };
        let data = match hash {
            Some(hash) => Data::Hashed(hash.hasher()),
            None => Data::Raw(Vec::new(), most),
        };
        Ok(SignatureInput { scheme, data })
    }

    /// Takes more data.
    pub fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        match &mut self.data {
            Data::Hashed(hasher) => hasher.update(data),
            // Only the leftmost bytes of a long digest count (FIPS 186-5 §6.4.1).
            Data::Raw(number, most) if self.scheme == public::Scheme::Ecdsa => {
                let room = most.saturating_sub(number.len());
                number.extend(data.iter().take(room));
            }
            Data::Raw(raw, most) => {
                if raw.len().saturating_add(data.len()) > *most {
                    return Err(Fault::DataLenRange);
                }
                raw.extend_from_slice(data);
            }
        }
        Ok(())
    }

    /// What is signed.
    pub fn finish(&mut self) -> Result<ToBeSigned, Fault> {
        let scheme = self.scheme;
        let bytes = match &mut self.data {
            Data::Hashed(hasher) => hasher.finalize_reset().into_vec(),
            Data::Raw(raw, _) => std::mem::take(raw),
        };
        let fits = match scheme {
            public::Scheme::Ecdsa => !bytes.is_empty(),
            public::Scheme::Pss { hash, .. } => bytes.len() == hash.length(),
            public::Scheme::Pkcs1(_) => true,
        };
        if fits { Ok(ToBeSigned { scheme, bytes }) } else { Err(Fault::DataLenRange) }
    }

    /// Can this key of a card sign it, as far as the data do not decide? Cards make salts as long as the digest.
    pub fn is_for(&self, key: &KeySpec) -> bool {
        match self.scheme {
            public::Scheme::Ecdsa => key.signs(Scheme::Ecdsa),
            public::Scheme::Pkcs1(None) => key.signs(Scheme::Pkcs1),
            public::Scheme::Pkcs1(Some(hash)) => key.algorithm(Scheme::Pkcs1, hash).is_some(),
            public::Scheme::Pss { hash, salt } => {
                salt == hash.length() && key.algorithm(Scheme::Pss, hash).is_some()
            }
        }
    }
}

impl ToBeSigned {
    /// The input of the card's engine.
    pub fn for_card(self) -> Result<SignInput, Fault> {
        let (scheme, hash, digest) = match self.scheme {
            public::Scheme::Ecdsa => return Ok(SignInput::Ecdsa(self.bytes)),
            public::Scheme::Pss { hash, .. } => (Scheme::Pss, hash, self.bytes),
            public::Scheme::Pkcs1(Some(hash)) => (Scheme::Pkcs1, hash, self.bytes),
            public::Scheme::Pkcs1(None) => {
                let (hash, digest) = digest_of(&self.bytes)?;
                (Scheme::Pkcs1, hash, digest)
            }
        };
        Ok(SignInput::Rsa { scheme, hash, digest })
    }
}

/// The digest in a DigestInfo (RFC 8017 §9.2). The card encodes the DigestInfo itself, and what it signs must be what it
/// was given: so no other data, such as the MD5 and SHA-1 digests of TLS 1.1, and no DigestInfo without NULL.
fn digest_of(info: &[u8]) -> Result<(Hash, Vec<u8>), Fault> {
    let known = HASHES.iter().find_map(|(hash, ..)| {
        let digest = info.strip_prefix(hash.digest_info_prefix()?)?;
        (digest.len() == hash.length()).then(|| (*hash, digest.to_vec()))
    });
    known.ok_or(Fault::DataInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::fineid;
    use cryptoki_sys::*;

    /// Signatures of a 2048-bit key.
    const LENGTH: usize = 256;

    fn begin(kind: CK_MECHANISM_TYPE, parameter: Parameter) -> Result<SignatureInput, Fault> {
        SignatureInput::new(Mechanism::find(kind).unwrap(), &parameter, LENGTH)
    }

    fn finished(kind: CK_MECHANISM_TYPE, parameter: Parameter, data: &[u8]) -> Result<ToBeSigned, Fault> {
        let mut input = begin(kind, parameter)?;
        input.update(data)?;
        input.finish()
    }

    /// An RSA key.
    fn key() -> &'static KeySpec {
        &fineid::V3_1.keys[0]
    }

    fn for_card(kind: CK_MECHANISM_TYPE, data: &[u8]) -> Result<SignInput, Fault> {
        finished(kind, Parameter::None, data)?.for_card()
    }

    #[test]
    fn digest_infos_are_taken_apart() {
        for (hash, ..) in HASHES {
            let prefix = hash.digest_info_prefix().unwrap();
            let digest = vec![7; hash.length()];
            assert_eq!(usize::from(prefix[1]) + 2, prefix.len() + hash.length());
            let input = for_card(CKM_RSA_PKCS, &[prefix, &digest].concat());
            assert_eq!(input, Ok(SignInput::Rsa { scheme: Scheme::Pkcs1, hash: *hash, digest }));
        }
    }

    #[test]
    fn what_is_no_digest_info_is_nothing_for_a_card() {
        for data in [&[0; 36][..], &[], Hash::Sha1.digest_info_prefix().unwrap()] {
            assert_eq!(for_card(CKM_RSA_PKCS, data), Err(Fault::DataInvalid));
            assert!(finished(CKM_RSA_PKCS, Parameter::None, data).is_ok());
        }
    }

    #[test]
    fn pss_parameters_must_make_sense_and_suit_the_card() {
        let pss = |hash, mgf, salt| Parameter::Pss { hash, mgf, salt };
        let good = pss(CKM_SHA256, CKG_MGF1_SHA256, 32);
        assert!(begin(CKM_RSA_PKCS_PSS, good.clone()).unwrap().is_for(key()));
        assert!(!begin(CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, 20)).unwrap().is_for(key()));
        assert!(finished(CKM_RSA_PKCS_PSS, good.clone(), &[0; 32]).is_ok());
        assert!(finished(CKM_SHA256_RSA_PKCS_PSS, good.clone(), b"any").is_ok());
        for wrong in [0, 31, 33] {
            let outcome = finished(CKM_RSA_PKCS_PSS, good.clone(), &vec![0; wrong]);
            assert_eq!(outcome, Err(Fault::DataLenRange));
        }
        for (kind, bad) in [
            (CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA1, 32)),
            (CKM_RSA_PKCS_PSS, pss(CKM_MD5, CKG_MGF1_SHA256, 32)),
            (CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, 223)),
            (CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, CK_ULONG::MAX)),
            (CKM_RSA_PKCS_PSS, Parameter::None),
            (CKM_SHA384_RSA_PKCS_PSS, good.clone()),
            (CKM_ECDSA, good),
        ] {
            assert_eq!(begin(kind, bad).err(), Some(Fault::MechanismParamInvalid));
        }
    }

    #[test]
    fn hash_and_sign_in_parts_equals_in_one() {
        let mut parts = begin(CKM_ECDSA_SHA256, Parameter::None).unwrap();
        parts.update(b"Hello ").unwrap();
        parts.update(b"world!").unwrap();
        let whole = finished(CKM_ECDSA_SHA256, Parameter::None, b"Hello world!");
        assert_eq!(parts.finish(), whole);
        assert_eq!(whole.unwrap().bytes, Hash::Sha256.digest(b"Hello world!"));
    }

    #[test]
    fn raw_data_have_a_limit() {
        let raw = |length| finished(CKM_RSA_PKCS, Parameter::None, &vec![0; length]);
        assert!(raw(LENGTH - 11).is_ok());
        assert_eq!(raw(LENGTH - 10), Err(Fault::DataLenRange));
        assert!(finished(CKM_ECDSA, Parameter::None, &[0; 5000]).is_ok());
        assert_eq!(finished(CKM_ECDSA, Parameter::None, &[]), Err(Fault::DataLenRange));
    }
}
