//! General-purpose functions (§5.4).

use super::arguments::{Out, OutBuffer, read_init_args, read_interface_name, read_version};
use super::boundary::{always, harmless};
use super::process::lifecycle;
use super::tables;
use crate::p11::Fault;
use crate::p11::general::info;
use avain_card::log;
use avain_card::sys::{fork, leftovers, library};
use cryptoki_sys::*;
use std::ffi::c_void;

/// §5.4.1
pub(super) unsafe extern "C" fn C_Initialize(args: *mut c_void) -> CK_RV {
    always("C_Initialize", &|| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let args = unsafe { read_init_args(args) }?;
        library::stay_loaded();
        fork::watch();
        log::start();
        lifecycle().initialize(args)
    })
}

/// §5.4.2. The argument is reserved and must be NULL.
pub(super) unsafe extern "C" fn C_Finalize(reserved: *mut c_void) -> CK_RV {
    // All keys and PINs are dropped.
    leftovers::cleaned(|| {
        always("C_Finalize", &|| {
            if reserved.is_null() { lifecycle().finalize() } else { Err(Fault::ArgumentsBad) }
        })
    })
}

/// §5.4.3
pub(super) unsafe extern "C" fn C_GetInfo(info: *mut CK_INFO) -> CK_RV {
    harmless("C_GetInfo", &|_module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let info = unsafe { Out::at(info) }?;
        info.put(info::module_info())
    })
}

/// §5.4.4. May be called at any time.
pub(super) unsafe extern "C" fn C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    always("C_GetFunctionList", &|| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let list = unsafe { Out::at(list) }?;
        list.put((&raw const tables::V2_40).cast_mut())
    })
}

/// §5.4.5. May be called at any time.
pub(super) unsafe extern "C" fn C_GetInterfaceList(
    interfaces: *mut CK_INTERFACE,
    count: *mut CK_ULONG,
) -> CK_RV {
    always("C_GetInterfaceList", &|| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let list = unsafe { OutBuffer::at(interfaces, count) }?;
        list.give(tables::interfaces())
    })
}

/// §5.4.6. May be called at any time. An unknown interface is CKR_FUNCTION_FAILED, never CKR_FUNCTION_NOT_SUPPORTED,
/// which some programs take for a broken module.
pub(super) unsafe extern "C" fn C_GetInterface(
    name: *mut CK_UTF8CHAR,
    version: *mut CK_VERSION,
    interface: *mut *mut CK_INTERFACE,
    flags: CK_FLAGS,
) -> CK_RV {
    always("C_GetInterface", &|| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let name = unsafe { read_interface_name(name) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let version = unsafe { read_version(version) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let interface = unsafe { Out::at(interface) }?;
        let found = tables::interface(name.as_deref(), version, flags).ok_or(Fault::FunctionFailed)?;
        interface.put(std::ptr::from_ref(found).cast_mut())
    })
}
