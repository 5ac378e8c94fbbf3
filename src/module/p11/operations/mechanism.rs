//! The mechanism that a program chooses, with its parameter (§3.5, CK_MECHANISM).

use crate::p11::Fault;
use crate::p11::mechanisms::{self, Mechanism};
use crate::p11::session::Session;
use avain_crypto::Hash;
use cryptoki_sys::*;

/// The mechanism that a program chooses, with its parameter.
#[derive(Clone, Debug)]
pub struct ChosenMechanism {
    /// CKM_ number.
    pub kind: CK_MECHANISM_TYPE,
    /// Its parameter. One that does not fit the mechanism is reported only after the mechanism itself was checked.
    pub parameter: Parameter,
}

impl ChosenMechanism {
    /// The check of mechanisms without a parameter.
    pub(super) fn has_no_parameter(&self) -> Result<(), Fault> {
        if self.parameter == Parameter::None { Ok(()) } else { Err(Fault::MechanismParamInvalid) }
    }
}

/// The parameter of a mechanism.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// No parameter.
    None,
    /// CK_RSA_PKCS_PSS_PARAMS: hash function, mask generation function, salt length in bytes.
    Pss {
        /// CKM_ number of the hash function.
        hash: CK_MECHANISM_TYPE,
        /// CKG_ number of the mask generation function.
        mgf: CK_RSA_PKCS_MGF_TYPE,
        /// Length of the salt in bytes.
        salt: CK_ULONG,
    },
    /// CK_RSA_PKCS_OAEP_PARAMS: hash function, mask generation function, and whether there is a label.
    Oaep {
        /// CKM_ number of the hash function.
        hash: CK_MECHANISM_TYPE,
        /// CKG_ number of the mask generation function.
        mgf: CK_RSA_PKCS_MGF_TYPE,
        /// The label is not empty.
        labelled: bool,
    },
    /// CK_ECDH1_DERIVE_PARAMS: key derivation function, its shared data, the other party's point.
    Ecdh {
        /// CKD_ number of the key derivation function.
        kdf: CK_EC_KDF_TYPE,
        /// Data shared between the parties.
        shared: Vec<u8>,
        /// The point as it was given.
        point: Vec<u8>,
    },
    /// The initial value of AES key wrap.
    InitialValue([u8; 8]),
    /// A parameter that the mechanism does not take, or of the wrong size.
    Other,
}

/// The hash functions of RSA schemes: name, mechanism, MGF1 with it.
pub(super) const HASHES: &[(Hash, CK_MECHANISM_TYPE, CK_RSA_PKCS_MGF_TYPE)] = &[
    (Hash::Sha1, CKM_SHA_1, CKG_MGF1_SHA1),
    (Hash::Sha224, CKM_SHA224, CKG_MGF1_SHA224),
    (Hash::Sha256, CKM_SHA256, CKG_MGF1_SHA256),
    (Hash::Sha384, CKM_SHA384, CKG_MGF1_SHA384),
    (Hash::Sha512, CKM_SHA512, CKG_MGF1_SHA512),
];

/// The hash function that a PSS or OAEP parameter names; MGF1 has to use the same.
pub(super) fn named(hash: CK_MECHANISM_TYPE, mgf: CK_RSA_PKCS_MGF_TYPE) -> Option<Hash> {
    HASHES.iter().find(|(_, kind, mask)| (*kind, *mask) == (hash, mgf)).map(|(hash, ..)| *hash)
}

impl Session {
    /// The mechanism with a number, if the token supports it for this function (CKF_).
    pub(super) fn mechanism(
        &self,
        kind: CK_MECHANISM_TYPE,
        function: CK_FLAGS,
    ) -> Result<&'static Mechanism, Fault> {
        let profile = self.insertion.profile().ok_or(Fault::SessionHandleInvalid)?;
        let serves = mechanisms::of_token(profile, self.slot.role, kind)
            .filter(|mechanism| mechanisms::functions(profile, self.slot.role, mechanism) & function != 0);
        serves.ok_or(Fault::MechanismInvalid)
    }
}
