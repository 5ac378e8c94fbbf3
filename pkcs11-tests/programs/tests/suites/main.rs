//! The test suites of other projects, and programs with tests of their own: a section of `docs/conformance.md` for each.

mod bindings;
mod nss;
mod opensc;
mod p11_kit;
mod p11test;
mod pkcs11_check;
