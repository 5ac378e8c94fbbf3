//! Numbers, curves and points as attributes encode them.

use avain_crypto::Curve;
use cryptoki_sys::CK_ULONG;

/// DER object identifiers of the curves (SEC 1, appendix C).
pub(super) const CURVES: [(Curve, &[u8]); 2] = [
    (Curve::P256, b"\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07"),
    (Curve::P384, b"\x06\x05\x2B\x81\x04\x00\x22"),
];

/// A big integer without its leading zero bytes.
pub(super) fn unsigned(mut bytes: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// Length of a big integer in bits.
pub(super) fn bits(number: &[u8]) -> CK_ULONG {
    let unused = number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    number.len().saturating_mul(8).saturating_sub(unused) as CK_ULONG
}

/// An uncompressed point out of its DER OCTET STRING; some programs give it bare. The length tells which: a bare point
/// may begin like an OCTET STRING.
pub(in crate::p11) fn point(curve: Curve, given: &[u8]) -> &[u8] {
    let length = curve.field_bytes().saturating_mul(2).saturating_add(1);
    match given {
        [0x04, stated, point @ ..] if usize::from(*stated) == length && point.len() == length => point,
        bare => bare,
    }
}
