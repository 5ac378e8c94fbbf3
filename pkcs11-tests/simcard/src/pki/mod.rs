//! Keys, certificates and who issues them.

pub(crate) mod certificate;
pub(crate) mod issued;
pub(crate) mod issuer;
pub(crate) mod keys;
