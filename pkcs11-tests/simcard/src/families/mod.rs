//! The kinds of chip: what is on each, and what its commands do.

pub(crate) mod baltic;
pub(crate) mod belgium;
pub(crate) mod fineid;
pub(crate) mod idemia;
pub(crate) mod lithuania;
pub(crate) mod pkcs15;
pub(crate) mod strangers;
pub(crate) mod thales;
