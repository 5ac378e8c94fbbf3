//! The module that calls are passed on to.

use cryptoki_sys::*;
use libloading::{Library, Symbol};
use std::ffi::{CStr, OsStr, OsString, c_void};
use std::os::unix::ffi::OsStrExt;
use std::ptr;
use std::sync::OnceLock;

type GetInterfaceList = unsafe extern "C" fn(*mut CK_INTERFACE, *mut CK_ULONG) -> CK_RV;

/// The module's newest list, and its interfaces.
pub(crate) struct Real {
    pub(crate) list: &'static CK_FUNCTION_LIST_3_2,
    pub(crate) interfaces: Vec<CK_INTERFACE>,
}

// SAFETY: the pointers lead to statics of the module, which stays loaded.
unsafe impl Send for Real {}
// SAFETY: as above.
unsafe impl Sync for Real {}

/// The module, loaded at the first call, which is one of the three that are exported.
///
/// # Panics
/// Where there is none, or none of version 3.2.
pub(crate) fn real() -> &'static Real {
    static REAL: OnceLock<Real> = OnceLock::new();
    REAL.get_or_init(|| {
        crate::note::file();
        load(&beside().or_else(|| std::env::var_os("AVAIN_MODULE")).expect("AVAIN_MODULE names the module"))
    })
}

/// The file beside this one that is named like it and `.module`.
fn beside() -> Option<OsString> {
    // SAFETY: all zeros is a value of this type.
    let mut found: libc::Dl_info = unsafe { std::mem::zeroed() };
    // SAFETY: any address may be asked for, and `found` is good.
    let known = unsafe { libc::dladdr(real as *const c_void, &mut found) } != 0 && !found.dli_fname.is_null();
    // SAFETY: the loader's name of this library, which is loaded.
    let name = known.then(|| unsafe { CStr::from_ptr(found.dli_fname) })?;
    let mut name = OsStr::from_bytes(name.to_bytes()).to_owned();
    name.push(".module");
    std::path::Path::new(&name).exists().then_some(name)
}

fn load(path: &OsStr) -> Real {
    // SAFETY: it is a PKCS#11 module, which the program wanted to load.
    let library = unsafe { Library::new(path) }.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // SAFETY: the type that the standard gives this symbol.
    let function: Symbol<'_, GetInterfaceList> =
        unsafe { library.get(b"C_GetInterfaceList\0") }.expect("C_GetInterfaceList is exported");
    let mut count = 0;
    // SAFETY: the pointers are NULL or good.
    assert_eq!(unsafe { function(ptr::null_mut(), &mut count) }, CKR_OK);
    let mut interfaces = vec![CK_INTERFACE::default(); usize::try_from(count).expect("a length")];
    // SAFETY: the list is as long as `count` says.
    assert_eq!(unsafe { function(interfaces.as_mut_ptr(), &mut count) }, CKR_OK);
    let newest = interfaces.iter().find(|interface| version(interface) == (3, 2));
    let list = newest.expect("the module has version 3.2").pFunctionList;
    // The module stays loaded.
    std::mem::forget(library);
    // SAFETY: an interface of this version begins a list of this type.
    Real { list: unsafe { &*list.cast() }, interfaces }
}

/// The version of an interface's list.
pub(crate) fn version(interface: &CK_INTERFACE) -> (u8, u8) {
    // SAFETY: each list begins with its version.
    let version = unsafe { *interface.pFunctionList.cast::<CK_VERSION>() };
    (version.major, version.minor)
}
