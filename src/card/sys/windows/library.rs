//! Libraries: loading a module as a browser does, to see whether that works, for a process of its own, because the module
//! runs its code; and staying loaded.

use std::ffi::{CStr, c_void};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::Path;
use windows_sys::Win32::Foundation::{FARPROC, HMODULE};
use windows_sys::Win32::System::LibraryLoader::*;

/// CKR_OK; a CK_RV has 32 bits here.
const OK: u32 = 0;

/// `C_Initialize`.
type Initialize = unsafe extern "C" fn(*mut c_void) -> u32;

/// Loads a PKCS #11 module and initializes it. Where that fails, the system's own words.
pub fn load_module(path: &Path) -> Result<(), String> {
    let path = std::path::absolute(path).map_err(|error| error.to_string())?;
    let name: Vec<u16> = path.as_os_str().encode_wide().chain([0]).collect();
    // SAFETY: the name ends with a zero. Whoever names a library wants its code to run.
    let library =
        unsafe { LoadLibraryExW(name.as_ptr(), std::ptr::null_mut(), LOAD_WITH_ALTERED_SEARCH_PATH) };
    if library.is_null() {
        return Err(complaint());
    }
    if symbol(library, c"C_GetFunctionList").is_none() {
        return Err(complaint());
    }
    // Its list has it, and that it could be loaded is what matters.
    let Some(initialize) = symbol(library, c"C_Initialize") else { return Ok(()) };
    // SAFETY: a function of this name has this type in each module (PKCS #11 3.2, §5.4.1).
    let initialize =
        unsafe { std::mem::transmute::<unsafe extern "system" fn() -> isize, Initialize>(initialize) };
    // SAFETY: no arguments are allowed.
    match unsafe { initialize(std::ptr::null_mut()) } {
        OK => Ok(()),
        code => Err(format!("C_Initialize: 0x{code:X}")),
    }
}

fn symbol(library: HMODULE, name: &CStr) -> FARPROC {
    // SAFETY: the library is loaded, and stays so; the name ends with a zero.
    unsafe { GetProcAddress(library, name.as_ptr().cast()) }
}

fn complaint() -> String {
    io::Error::last_os_error().to_string()
}

/// From now on this library stays where it is, whoever unloads it: its code may be on some thread's stack.
pub fn stay_loaded() {
    let here = (stay_loaded as fn()) as *const u16;
    let flags = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    let mut library = std::ptr::null_mut();
    // SAFETY: an address in this library, and room for a handle. If that fails, it is as safe as the program makes it.
    unsafe { GetModuleHandleExW(flags, here, &raw mut library) };
}
