//! What the functions that begin, feed and end operations have in common (§5.2, §5.7 to §5.16).

use super::arguments::OutBuffer;
use crate::p11::Fault;
use crate::p11::general::Module;
use crate::p11::operations::mechanism::ChosenMechanism;
use crate::p11::operations::{Kind, Operations};
use crate::p11::session::Session;
use cryptoki_sys::*;

/// Begins an operation; without a mechanism ends those with this flag that are under way.
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

/// Ends an operation with all its data in one piece.
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

/// Takes a part of the data.
pub(super) fn update(
    module: &Module,
    session: CK_SESSION_HANDLE,
    kind: Kind,
    part: &[u8],
) -> Result<(), Fault> {
    module.operate(session, |_, operations| operations.by_kind.update(kind, part))
}

/// Ends an operation whose data came in parts.
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
