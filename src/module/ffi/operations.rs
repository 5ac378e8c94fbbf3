//! The common parts of the functions that begin, feed and end operations (§5.2, §5.8 to §5.16).

use super::arguments::OutBuffer;
use crate::p11::Fault;
use crate::p11::general::Module;
use crate::p11::operations::mechanism::ChosenMechanism;
use crate::p11::operations::{Kind, Operations};
use crate::p11::session::Session;
use cryptoki_sys::*;

/// Begins an operation; without a mechanism, cancels the active one with this flag (CKF_).
pub(super) fn init(
    module: &Module,
    session: CK_SESSION_HANDLE,
    flag: CK_FLAGS,
    mechanism: Option<ChosenMechanism>,
    begin: impl FnOnce(&Session, &mut Operations, ChosenMechanism) -> Result<(), Fault>,
) -> Result<(), Fault> {
    module.operate(session, |session, operations| match mechanism {
        Some(mechanism) => begin(session, operations, mechanism),
        None => {
            operations.cancel(flag);
            Ok(())
        }
    })
}

/// Completes a single-part operation.
pub(super) fn single_part(
    module: &Module,
    session: CK_SESSION_HANDLE,
    kind: Kind,
    data: &[u8],
    result: OutBuffer<'_, CK_BYTE>,
) -> Result<(), Fault> {
    let produced = module.operate(session, |session, operations| {
        operations.by_kind.single_part(session, kind, data, result.room())
    })?;
    result.deliver(produced)
}

/// Continues a multiple-part operation.
pub(super) fn update(
    module: &Module,
    session: CK_SESSION_HANDLE,
    kind: Kind,
    part: &[u8],
) -> Result<(), Fault> {
    module.operate(session, |_, operations| operations.by_kind.update(kind, part))
}

/// Completes a multiple-part operation.
pub(super) fn last_part(
    module: &Module,
    session: CK_SESSION_HANDLE,
    kind: Kind,
    result: OutBuffer<'_, CK_BYTE>,
) -> Result<(), Fault> {
    let produced = module
        .operate(session, |session, operations| operations.by_kind.last_part(session, kind, result.room()))?;
    result.deliver(produced)
}
