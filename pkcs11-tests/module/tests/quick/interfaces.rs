//! Function lists and interfaces (§5.4.4 to §5.4.6).

use cryptoki_sys::*;
use kit::{Module, functions_2_40, functions_3_0, functions_3_2, name, refused};
use libloading::{Library, Symbol};
use std::ffi::{CStr, CString};
use std::ptr;

const VENDOR: &str = "Vendor avain";

type GetInterface =
    unsafe extern "C" fn(*mut CK_UTF8CHAR, *mut CK_VERSION, *mut *mut CK_INTERFACE, CK_FLAGS) -> CK_RV;
type GetInterfaceList = unsafe extern "C" fn(*mut CK_INTERFACE, *mut CK_ULONG) -> CK_RV;
type GetFunctionList = unsafe extern "C" fn(*mut *mut CK_FUNCTION_LIST) -> CK_RV;

fn library() -> Library {
    // SAFETY: that loading the module does no harm is part of these tests.
    unsafe { Library::new(Module::under_test()) }.unwrap()
}

fn interface(
    library: &Library,
    name: Option<&str>,
    version: Option<(u8, u8)>,
    flags: CK_FLAGS,
) -> Result<CK_INTERFACE, CK_RV> {
    // SAFETY: the type of this symbol.
    let function: Symbol<'_, GetInterface> = unsafe { library.get(b"C_GetInterface\0") }.unwrap();
    let name = name.map(|name| CString::new(name).unwrap());
    let name_start = name.as_ref().map_or(ptr::null_mut(), |name| name.as_ptr().cast_mut().cast());
    let mut version = version.map(|(major, minor)| CK_VERSION { major, minor });
    let version = version.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
    let mut found = ptr::null_mut();
    // SAFETY: all pointers are NULL or good for this call.
    match unsafe { function(name_start, version, &mut found, flags) } {
        // SAFETY: the module gave it.
        CKR_OK => Ok(unsafe { *found }),
        code => {
            assert!(found.is_null(), "an interface is given with {}", kit::name(code));
            Err(code)
        }
    }
}

/// Version of the function list of an interface, and its name.
fn described(interface: CK_INTERFACE) -> (String, (u8, u8), CK_FLAGS) {
    // SAFETY: a name of the module, which stays loaded.
    let name = unsafe { CStr::from_ptr(interface.pInterfaceName.cast()) }.to_str().unwrap().to_owned();
    // SAFETY: each list begins with its version.
    let version = unsafe { *interface.pFunctionList.cast::<CK_VERSION>() };
    (name, (version.major, version.minor), interface.flags)
}

#[test]
fn the_default_interface_is_the_newest() {
    let found = described(interface(&library(), None, None, 0).unwrap());
    assert_eq!(found, ("PKCS 11".to_owned(), (3, 2), 0));
}

#[test]
fn an_interface_is_found_by_name_and_version() {
    let library = library();
    for version in [(2, 40), (3, 0), (3, 2)] {
        for name in [Some("PKCS 11"), None] {
            let found = described(interface(&library, name, Some(version), 0).unwrap());
            assert_eq!(found, ("PKCS 11".to_owned(), version, 0));
        }
    }
    assert_eq!(described(interface(&library, Some("PKCS 11"), None, 0).unwrap()).1, (3, 2));
    for version in [None, Some((1, 0))] {
        let found = described(interface(&library, Some(VENDOR), version, 0).unwrap());
        assert_eq!(found, (VENDOR.to_owned(), (1, 0), 0));
    }
}

/// Never CKR_FUNCTION_NOT_SUPPORTED, which p11-kit takes for a broken module.
#[test]
fn what_is_no_interface_is_a_failure() {
    let library = library();
    let unknown = [
        (Some("PKCS 11"), Some((3, 1)), 0),
        (Some("PKCS 11"), Some((2, 20)), 0),
        (Some("PKCS 11"), Some((4, 0)), 0),
        (None, Some((3, 1)), 0),
        (None, Some((1, 0)), 0),
        (Some("PKCS 11"), Some((1, 0)), 0),
        (Some(VENDOR), Some((1, 1)), 0),
        (Some(VENDOR), Some((3, 2)), 0),
        (Some(VENDOR), None, CKF_INTERFACE_FORK_SAFE),
        (Some("Vendor avai"), None, 0),
        (Some("PKCS 1"), None, 0),
        (Some("PKCS 11 "), None, 0),
        (Some("pkcs 11"), None, 0),
        (Some(""), None, 0),
        (Some("Vendor somebody"), Some((3, 2)), 0),
        (Some("PKCS 11"), Some((3, 2)), CKF_INTERFACE_FORK_SAFE),
        (None, None, CKF_INTERFACE_FORK_SAFE),
        (None, None, 0x8000),
    ];
    for (wanted, version, flags) in unknown {
        let code = interface(&library, wanted, version, flags).expect_err("an unknown interface is given");
        assert!([CKR_FUNCTION_FAILED, CKR_ARGUMENTS_BAD].contains(&code), "{}", name(code));
    }
}

#[test]
fn the_list_of_interfaces_tells_its_length() {
    let library = library();
    // SAFETY: the type of this symbol.
    let function: Symbol<'_, GetInterfaceList> = unsafe { library.get(b"C_GetInterfaceList\0") }.unwrap();
    let list = |start: *mut CK_INTERFACE, count: &mut CK_ULONG| {
        // SAFETY: the list is NULL or as long as `count` says.
        match unsafe { function(start, count) } {
            CKR_OK => Ok(()),
            code => Err(code),
        }
    };
    let mut count = 0;
    list(ptr::null_mut(), &mut count).unwrap();
    assert_eq!(count, 4);
    let mut interfaces = [CK_INTERFACE::default(); 5];
    for short in 0..4 {
        count = short;
        refused(list(interfaces.as_mut_ptr(), &mut count), CKR_BUFFER_TOO_SMALL);
        assert_eq!(count, 4);
        assert!(interfaces.iter().all(|interface| interface.pFunctionList.is_null()));
    }
    count = 5;
    list(interfaces.as_mut_ptr(), &mut count).unwrap();
    assert_eq!(count, 4);
    let found: Vec<_> = interfaces[..4].iter().map(|interface| described(*interface)).collect();
    let found: Vec<_> = found.iter().map(|(name, version, _)| (name.as_str(), *version)).collect();
    let standard = "PKCS 11";
    assert_eq!(found, [(standard, (3, 2)), (standard, (3, 0)), (standard, (2, 40)), (VENDOR, (1, 0))]);
    assert!(interfaces[4].pFunctionList.is_null());
    // SAFETY: a NULL count is what is tested.
    assert_eq!(unsafe { function(interfaces.as_mut_ptr(), ptr::null_mut()) }, CKR_ARGUMENTS_BAD);
}

#[test]
fn a_missing_place_for_the_answer_is_a_bad_argument() {
    let library = library();
    // SAFETY: the type of this symbol.
    let function: Symbol<'_, GetInterface> = unsafe { library.get(b"C_GetInterface\0") }.unwrap();
    // SAFETY: the pointers are NULL.
    let code = unsafe { function(ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), 0) };
    assert_eq!(code, CKR_ARGUMENTS_BAD);
    // SAFETY: the type of this symbol.
    let function: Symbol<'_, GetFunctionList> = unsafe { library.get(b"C_GetFunctionList\0") }.unwrap();
    // SAFETY: the pointer is NULL.
    assert_eq!(unsafe { function(ptr::null_mut()) }, CKR_ARGUMENTS_BAD);
}

#[test]
fn no_list_has_a_gap() {
    let module = Module::load();
    let version = |version: CK_VERSION| (version.major, version.minor);
    assert_eq!(version(module.v2_40().version), (2, 40));
    assert_eq!(version(module.v3_0().version), (3, 0));
    assert_eq!(version(module.v3_2().version), (3, 2));
    let lists = [functions_2_40(&module), functions_3_0(&module), functions_3_2(&module)];
    assert_eq!([&lists[0], &lists[1], &lists[2]].map(Vec::len), [68, 92, 104]);
    for list in &lists {
        assert!(list.iter().all(Option::is_some));
    }
    // Each list begins as the one before it.
    let address =
        |function: &Option<unsafe extern "C" fn() -> CK_RV>| function.map(|function| function as usize);
    for (old, new) in [(0, 1), (1, 2)] {
        assert!(lists[old].iter().zip(&lists[new]).all(|(one, other)| address(one) == address(other)));
    }
}

#[test]
fn the_functions_of_the_list_are_those_of_the_library() {
    let library = library();
    let mut list = ptr::null_mut();
    // SAFETY: the type of this symbol.
    let function: Symbol<'_, GetFunctionList> = unsafe { library.get(b"C_GetFunctionList\0") }.unwrap();
    // SAFETY: the pointer is good.
    assert_eq!(unsafe { function(&mut list) }, CKR_OK);
    let by_interface = interface(&library, Some("PKCS 11"), Some((2, 40)), 0).unwrap();
    assert_eq!(by_interface.pFunctionList, list.cast());
}
