//! Templates of objects that a program makes for its session.

use crate::Template;
use cryptoki_sys::*;

/// DER object identifiers of the curves (SEC 1, appendix C).
pub const P256: &[u8] = b"\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07";
/// As above.
pub const P384: &[u8] = b"\x06\x05\x2B\x81\x04\x00\x22";

/// A secret of no particular kind.
pub fn secret(value: &[u8]) -> Template {
    Template::new()
        .number(CKA_CLASS, CKO_SECRET_KEY)
        .number(CKA_KEY_TYPE, CKK_GENERIC_SECRET)
        .with(CKA_VALUE, value)
}

/// An RSA public key with the usual exponent.
pub fn rsa_key(modulus: &[u8]) -> Template {
    Template::new()
        .number(CKA_CLASS, CKO_PUBLIC_KEY)
        .number(CKA_KEY_TYPE, CKK_RSA)
        .with(CKA_MODULUS, modulus)
        .with(CKA_PUBLIC_EXPONENT, &[1, 0, 1])
}

/// An EC public key; the point is wrapped as the standard has it.
pub fn ec_key(curve: &[u8], point: &[u8]) -> Template {
    Template::new()
        .number(CKA_CLASS, CKO_PUBLIC_KEY)
        .number(CKA_KEY_TYPE, CKK_EC)
        .with(CKA_EC_PARAMS, curve)
        .with(CKA_EC_POINT, &octets(point))
}

/// A certificate.
pub fn certificate(der: &[u8], subject: &[u8]) -> Template {
    Template::new()
        .number(CKA_CLASS, CKO_CERTIFICATE)
        .number(CKA_CERTIFICATE_TYPE, CKC_X_509)
        .with(CKA_SUBJECT, subject)
        .with(CKA_VALUE, der)
}

/// Data.
pub fn data(value: &[u8]) -> Template {
    Template::new().number(CKA_CLASS, CKO_DATA).with(CKA_VALUE, value)
}

/// A DER OCTET STRING of fewer than 128 bytes.
///
/// # Panics
/// Where there are more.
pub fn octets(content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).ok().filter(|length| *length < 0x80);
    [&[0x04, length.expect("a short string")], content].concat()
}
