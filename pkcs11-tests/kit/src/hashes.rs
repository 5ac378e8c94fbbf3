//! Hash functions, as OpenSSL and the standard name them.

use cryptoki_sys::*;

/// A hash function.
pub struct Hash {
    /// OpenSSL's name.
    pub name: &'static str,
    /// Bytes of a digest.
    pub length: usize,
    /// The mechanism that digests.
    pub digest: CK_MECHANISM_TYPE,
    /// Its HMAC.
    pub mac: CK_MECHANISM_TYPE,
    /// ECDSA with it.
    pub ecdsa: CK_MECHANISM_TYPE,
    /// With RSA: PKCS #1 v1.5, PSS, and the mask generation function after it.
    pub rsa: Option<(CK_MECHANISM_TYPE, CK_MECHANISM_TYPE, CK_RSA_PKCS_MGF_TYPE)>,
}

macro_rules! hashes {
    ($($name:literal $length:literal $digest:ident $mac:ident $ecdsa:ident
       $(rsa $pkcs1:ident $pss:ident $mgf:ident)?;)*) => {
        /// All of them.
        pub const HASHES: &[Hash] = &[$(Hash {
            name: $name,
            length: $length,
            digest: $digest,
            mac: $mac,
            ecdsa: $ecdsa,
            rsa: hashes!(@rsa $($pkcs1 $pss $mgf)?),
        }),*];
    };
    (@rsa $pkcs1:ident $pss:ident $mgf:ident) => { Some(($pkcs1, $pss, $mgf)) };
    (@rsa) => { None };
}

hashes! {
    "sha1" 20 CKM_SHA_1 CKM_SHA_1_HMAC CKM_ECDSA_SHA1
        rsa CKM_SHA1_RSA_PKCS CKM_SHA1_RSA_PKCS_PSS CKG_MGF1_SHA1;
    "sha224" 28 CKM_SHA224 CKM_SHA224_HMAC CKM_ECDSA_SHA224
        rsa CKM_SHA224_RSA_PKCS CKM_SHA224_RSA_PKCS_PSS CKG_MGF1_SHA224;
    "sha256" 32 CKM_SHA256 CKM_SHA256_HMAC CKM_ECDSA_SHA256
        rsa CKM_SHA256_RSA_PKCS CKM_SHA256_RSA_PKCS_PSS CKG_MGF1_SHA256;
    "sha384" 48 CKM_SHA384 CKM_SHA384_HMAC CKM_ECDSA_SHA384
        rsa CKM_SHA384_RSA_PKCS CKM_SHA384_RSA_PKCS_PSS CKG_MGF1_SHA384;
    "sha512" 64 CKM_SHA512 CKM_SHA512_HMAC CKM_ECDSA_SHA512
        rsa CKM_SHA512_RSA_PKCS CKM_SHA512_RSA_PKCS_PSS CKG_MGF1_SHA512;
    "sha3-224" 28 CKM_SHA3_224 CKM_SHA3_224_HMAC CKM_ECDSA_SHA3_224;
    "sha3-256" 32 CKM_SHA3_256 CKM_SHA3_256_HMAC CKM_ECDSA_SHA3_256;
    "sha3-384" 48 CKM_SHA3_384 CKM_SHA3_384_HMAC CKM_ECDSA_SHA3_384;
    "sha3-512" 64 CKM_SHA3_512 CKM_SHA3_512_HMAC CKM_ECDSA_SHA3_512;
}
