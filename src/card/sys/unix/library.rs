//! Libraries: loading a module as a browser does, to see whether that works, for a process of its own, because the module
//! runs its code; and staying loaded.

use std::ffi::{CStr, CString, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// CKR_OK.
const OK: libc::c_ulong = 0;

/// `C_Initialize`.
type Initialize = unsafe extern "C" fn(*mut c_void) -> libc::c_ulong;

/// Loads a PKCS #11 module and initializes it. Where that fails, the loader's own words.
pub fn load_module(path: &Path) -> Result<(), String> {
    let name = CString::new(path.as_os_str().as_bytes()).map_err(|error| error.to_string())?;
    // SAFETY: the name ends with a zero. Whoever names a library wants its code to run.
    let library = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_LAZY) };
    if library.is_null() {
        return Err(complaint());
    }
    let list = symbol(library, c"C_GetFunctionList");
    if list.is_null() {
        return Err(complaint());
    }
    let initialize = symbol(library, c"C_Initialize");
    if initialize.is_null() {
        // Its list has it, and that it could be loaded is what matters.
        return Ok(());
    }
    // SAFETY: a function of this name has this type in each module (PKCS #11 3.2, §5.4.1).
    let initialize = unsafe { std::mem::transmute::<*mut c_void, Initialize>(initialize) };
    // SAFETY: no arguments are allowed.
    match unsafe { initialize(std::ptr::null_mut()) } {
        OK => Ok(()),
        code => Err(format!("C_Initialize: 0x{code:X}")),
    }
}

/// This library stays where it is, whoever unloads it: it was linked so (`-z nodelete`).
pub fn stay_loaded() {}

fn symbol(library: *mut c_void, name: &CStr) -> *mut c_void {
    // SAFETY: the library is loaded, and stays so; the name ends with a zero.
    unsafe { libc::dlsym(library, name.as_ptr()) }
}

/// What the loader says of its last failure.
fn complaint() -> String {
    // SAFETY: asks, and changes nothing but that it was told.
    let words = unsafe { libc::dlerror() };
    if words.is_null() {
        return String::new();
    }
    // SAFETY: a string of the loader's, which stays until the next call of this thread.
    unsafe { CStr::from_ptr(words) }.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_says_what_is_wrong() {
        let place = std::env::temp_dir().join(format!("avain-library-{}.so", std::process::id()));
        std::fs::write(&place, "no library").unwrap();
        let said = load_module(&place).unwrap_err();
        assert!(said.contains("file too short") || said.contains("invalid ELF header"), "{said}");
        std::fs::remove_file(&place).unwrap();
        let said = load_module(&place).unwrap_err();
        assert!(said.contains("No such file"), "{said}");
        assert!(load_module(Path::new("a\0b")).is_err());
        // A library that is no module.
        assert!(load_module(Path::new("libc.so.6")).unwrap_err().contains("C_GetFunctionList"));
    }
}
