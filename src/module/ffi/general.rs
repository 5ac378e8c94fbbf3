//! General-purpose functions (§5.4).

use super::arguments::{Out, OutBuffer, read_init_args, read_interface_name, read_version};
use super::entry;
use super::process::lifecycle;
use super::tables;
use crate::p11::Fault;
use crate::p11::general::info;
use avain_card::log;
use avain_card::sys::fork;
use cryptoki_sys::*;
use std::ffi::c_void;

entry! {
    /// §5.4.1
    C_Initialize(args: *mut c_void) with args = read_init_args(args); || {
        fork::watch();
        log::start();
        lifecycle().initialize(args)
    }
}

entry! {
    /// §5.4.2. The argument is reserved and must be NULL.
    C_Finalize(reserved: *mut c_void); || {
        if reserved.is_null() { lifecycle().finalize() } else { Err(Fault::ArgumentsBad) }
    }
}

entry! {
    /// §5.4.3
    C_GetInfo(info: *mut CK_INFO) with info = Out::at(info); |_module| info.put(info::module_info())
}

entry! {
    /// §5.4.4. Allowed at any time.
    C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) with list = Out::at(list); || {
        list.put((&raw const tables::V2_40).cast_mut())
    }
}

entry! {
    /// §5.4.5. Allowed at any time.
    C_GetInterfaceList(interfaces: *mut CK_INTERFACE, count: *mut CK_ULONG)
    with list = OutBuffer::at(interfaces, count); || list.give(tables::interfaces())
}

entry! {
    /// §5.4.6. Allowed at any time. Whatever is not offered is a failure, never "not supported": some programs
    /// take that for a broken module.
    C_GetInterface(
        name: *mut CK_UTF8CHAR,
        version: *mut CK_VERSION,
        interface: *mut *mut CK_INTERFACE,
        flags: CK_FLAGS,
    ) with name = read_interface_name(name), version = read_version(version), interface = Out::at(interface); || {
        let found = tables::interface(name.as_deref(), version, flags).ok_or(Fault::FunctionFailed)?;
        interface.put(std::ptr::from_ref(found).cast_mut())
    }
}
