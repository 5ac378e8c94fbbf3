//! What every function of a session passes through, in the order of §5.1.7: first the session is looked up, then the
//! operation, and only then are pointers read. So a bad argument ends the operation, like every other failure (§5.2).

use super::arguments::{OutBuffer, read_bytes, read_optional_mechanism};
use super::boundary::{harmless, initialized};
use crate::p11::Fault;
use crate::p11::general::Module;
use crate::p11::operations::mechanism::ChosenMechanism;
use crate::p11::operations::place::{After, Place};
use crate::p11::operations::{Kind, Operations};
use crate::p11::session::Session;
use cryptoki_sys::*;

/// Runs a call in a session.
pub(super) fn in_session(
    name: &'static str,
    session: CK_SESSION_HANDLE,
    call: &dyn Fn(&Module, &Session) -> Result<(), Fault>,
) -> CK_RV {
    initialized(name, &|module| {
        let session = module.session(session)?;
        call(module, &session)
    })
}

/// The same for a call through which neither a key nor a PIN passes.
pub(super) fn harmless_in_session(
    name: &'static str,
    session: CK_SESSION_HANDLE,
    call: &dyn Fn(&Module, &Session) -> Result<(), Fault>,
) -> CK_RV {
    harmless(name, &|module| {
        let session = module.session(session)?;
        call(module, &session)
    })
}

/// Runs a call in a session that goes on with a search or ends it.
pub(super) fn searching(
    name: &'static str,
    session: CK_SESSION_HANDLE,
    call: &dyn Fn(&Session, &mut Operations) -> Result<(), Fault>,
) -> CK_RV {
    harmless(name, &|module| module.operate(session, |session, operations| call(session, operations)))
}

/// Runs a call in a session that may begin or end operations.
pub(super) fn operating(
    name: &'static str,
    session: CK_SESSION_HANDLE,
    call: &dyn Fn(&Session, &mut Operations) -> Result<(), Fault>,
) -> CK_RV {
    initialized(name, &|module| module.operate(session, |session, operations| call(session, operations)))
}

/// Runs a call that goes on with an operation.
pub(super) fn in_operation<T>(
    name: &'static str,
    session: CK_SESSION_HANDLE,
    place: &dyn Fn(&mut Operations) -> &mut Place<T>,
    call: &dyn Fn(&Session, &mut T) -> Result<After, Fault>,
) -> CK_RV {
    operating(name, session, &|session, operations| {
        place(operations).go_on(|operation| call(session, operation))
    })
}

/// Runs a call that begins an operation. A NULL mechanism cancels the active one, which has this flag (CKF_).
///
/// # Safety
/// As [`read_optional_mechanism`].
pub(super) unsafe fn begin(
    name: &'static str,
    session: CK_SESSION_HANDLE,
    flag: CK_FLAGS,
    mechanism: *const CK_MECHANISM,
    call: &dyn Fn(&Session, &mut Operations, ChosenMechanism) -> Result<(), Fault>,
) -> CK_RV {
    operating(name, session, &|session, operations| {
        // SAFETY: as the caller vouches.
        match unsafe { read_optional_mechanism(mechanism) }? {
            Some(mechanism) => call(session, operations, mechanism),
            None => {
                operations.cancel(flag);
                Ok(())
            }
        }
    })
}

/// Runs a call that gives an operation all its data in one piece, and takes the output.
///
/// # Safety
/// As [`read_bytes`] and [`OutBuffer::at`].
pub(super) unsafe fn single_part(
    name: &'static str,
    session: CK_SESSION_HANDLE,
    kind: Kind,
    data: (*const CK_BYTE, CK_ULONG),
    output: (*mut CK_BYTE, *mut CK_ULONG),
) -> CK_RV {
    in_operation(name, session, &|all| all.place(kind), &|session, operation| {
        // SAFETY: as the caller vouches.
        let data = unsafe { read_bytes(data.0, data.1) }?;
        // SAFETY: as the caller vouches.
        let output = unsafe { OutBuffer::at(output.0, output.1) }?;
        output.deliver(operation.whole(session, data, output.room())?)
    })
}

/// Runs a call that gives an operation a part of its data.
///
/// # Safety
/// As [`read_bytes`].
pub(super) unsafe fn update(
    name: &'static str,
    session: CK_SESSION_HANDLE,
    kind: Kind,
    part: (*const CK_BYTE, CK_ULONG),
) -> CK_RV {
    in_operation(name, session, &|all| all.place(kind), &|_, operation| {
        // SAFETY: as the caller vouches.
        operation.update(unsafe { read_bytes(part.0, part.1) }?)?;
        Ok(After::Active)
    })
}

/// Runs a call that takes the output of an operation, after the last part of its data.
///
/// # Safety
/// As [`OutBuffer::at`].
pub(super) unsafe fn last_part(
    name: &'static str,
    session: CK_SESSION_HANDLE,
    kind: Kind,
    output: (*mut CK_BYTE, *mut CK_ULONG),
) -> CK_RV {
    in_operation(name, session, &|all| all.place(kind), &|session, operation| {
        // SAFETY: as the caller vouches.
        let output = unsafe { OutBuffer::at(output.0, output.1) }?;
        output.deliver(operation.last_part(session, &[], output.room())?)
    })
}
