//! Keys, certificates and who issues them.

pub(crate) mod authority;
pub(crate) mod certificate;
pub(crate) mod issued;
pub(crate) mod keys;
pub(crate) mod plain;
