//! The module as a program meets it: loaded by the dynamic loader, called through its function lists.

use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

use cryptoki_sys::*;
use libloading::Library;

use crate::program::scratch;
use crate::session::Session;

/// Calls a function of the module's 2.40 list and gives `Result<(), CK_RV>`:
/// `call!(module, C_CloseSession(handle))`. The arguments must be what the function may be given.
#[macro_export]
macro_rules! call {
    ($module:expr, $function:ident($($argument:expr),* $(,)?)) => {
        $crate::call_in!($module.v2_40(), $function($($argument),*))
    };
}

/// As [`call`], with a list of any version: `call_in!(module.v3_2(), C_SessionCancel(handle, flags))`.
#[macro_export]
macro_rules! call_in {
    ($list:expr, $function:ident($($argument:expr),* $(,)?)) => {{
        let function = $list.$function.expect(stringify!($function));
        // SAFETY: the pointers among the arguments are valid for this call, as the user of the macro promises.
        match unsafe { function($($argument),*) } {
            ::cryptoki_sys::CKR_OK => Ok(()),
            error => Err(error),
        }
    }};
}

/// `C_GetFunctionList`.
pub type GetFunctionList = unsafe extern "C" fn(CK_FUNCTION_LIST_PTR_PTR) -> CK_RV;
/// `C_GetInterface`.
pub type GetInterface =
    unsafe extern "C" fn(*mut CK_UTF8CHAR, *mut CK_VERSION, *mut *mut CK_INTERFACE, CK_FLAGS) -> CK_RV;

const FILE: &str = "libavain_pkcs11.so";

/// A loaded PKCS#11 module and its function lists.
pub struct Module {
    path: PathBuf,
    v2_40: &'static CK_FUNCTION_LIST,
    v3_0: Option<&'static CK_FUNCTION_LIST_3_0>,
    v3_2: Option<&'static CK_FUNCTION_LIST_3_2>,
    /// How often it was initialised and finalised.
    uses: AtomicUsize,
}

impl Module {
    /// Loads the module under test, through the spy where there is one. Loading it twice gives the same module
    /// with the same state, as the loader has it.
    ///
    /// # Panics
    /// Where it was not built or does not load.
    pub fn load() -> Self {
        Self::from_file(&Self::for_programs())
    }

    /// Loads a copy of the module under test, which shares no state with it: a second application.
    pub fn load_copy() -> Self {
        let copy = scratch("module").join("avain-pkcs11-copy.so");
        match Self::spy() {
            None => std::fs::copy(Self::under_test(), &copy),
            // The spy passes calls on to the file that is named like it and `.module`.
            Some(spy) => std::fs::copy(Self::under_test(), copy.with_extension("so.module"))
                .and_then(|_| std::fs::copy(spy, &copy)),
        }
        .expect("copy the module");
        Self::from_file(&copy)
    }

    /// The spy that notes all calls, if `AVAIN_SPY` names one.
    fn spy() -> Option<PathBuf> {
        std::env::var_os("AVAIN_SPY").map(PathBuf::from)
    }

    /// What programs load for the module under test: the spy before it, or itself.
    pub fn for_programs() -> PathBuf {
        Self::spy().unwrap_or_else(Self::under_test)
    }

    /// Where the module under test is: the file that `AVAIN_MODULE` names, else the one that cargo built along with this
    /// program, with the checks of debug builds, else the release build.
    ///
    /// # Panics
    /// Where it was not built.
    pub fn under_test() -> PathBuf {
        if let Some(path) = std::env::var_os("AVAIN_MODULE") {
            return path.into();
        }
        Self::built(&["", "release"])
    }

    /// The module that would be installed: the file that `AVAIN_MODULE` names, else the release build.
    ///
    /// # Panics
    /// Where it was not built.
    pub fn to_install() -> PathBuf {
        std::env::var_os("AVAIN_MODULE").map_or_else(|| Self::built(&["release"]), PathBuf::from)
    }

    /// In one of these folders beside a folder of this program.
    fn built(builds: &[&str]) -> PathBuf {
        let program = std::env::current_exe().expect("this program's path");
        let folders = program.ancestors().skip(1);
        let places = folders.flat_map(|folder| builds.iter().map(|build| folder.join(build).join(FILE)));
        places
            .into_iter()
            .find(|path| path.exists())
            .expect("no libavain_pkcs11.so here: run `make build`, or name the module in AVAIN_MODULE")
    }

    /// Loads any PKCS#11 module.
    pub fn from_file(path: &Path) -> Self {
        // SAFETY: a PKCS#11 module's initialisers must be harmless; that they are is part of the test.
        let library = unsafe { Library::new(path) };
        let library = library.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        // SAFETY: the type is the one that PKCS#11 gives this symbol.
        let functions =
            *unsafe { library.get(b"C_GetFunctionList\0") }.expect("C_GetFunctionList is exported");
        // SAFETY: as above.
        let interface = unsafe { library.get(b"C_GetInterface\0") }.ok().map(|symbol| *symbol);
        // The functions and their lists live as long as the library: for ever.
        std::mem::forget(library);
        // SAFETY: they were just found there.
        unsafe { Self::from_functions(path, functions, interface) }
    }

    /// A module of which these functions are known: one that is linked into the program.
    ///
    /// # Safety
    /// They are those of a PKCS#11 module, which is never unloaded.
    pub unsafe fn from_functions(
        path: &Path,
        functions: GetFunctionList,
        interface: Option<GetInterface>,
    ) -> Self {
        let mut v2_40: CK_FUNCTION_LIST_PTR = ptr::null_mut();
        // SAFETY: the pointer is valid for this call.
        assert_eq!(unsafe { functions(&mut v2_40) }, CKR_OK, "C_GetFunctionList");
        // SAFETY: the module just handed this out, and it stays.
        let v2_40 = unsafe { v2_40.as_ref() }.expect("C_GetFunctionList gives a list");
        let list = |major, minor| list_of(interface?, major, minor);
        let (v3_0, v3_2) = (list(3, 0), list(3, 2));
        Self {
            path: path.to_owned(),
            v2_40,
            // SAFETY: an interface of this version begins a list of this type.
            v3_0: v3_0.map(|list| unsafe { &*list.cast::<CK_FUNCTION_LIST_3_0>() }),
            // SAFETY: as above.
            v3_2: v3_2.map(|list| unsafe { &*list.cast::<CK_FUNCTION_LIST_3_2>() }),
            uses: AtomicUsize::new(0),
        }
    }

    /// The file it was loaded from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The list that `C_GetFunctionList` gives.
    pub fn v2_40(&self) -> &'static CK_FUNCTION_LIST {
        self.v2_40
    }

    /// The list of interface `PKCS 11`, version 3.0, by `C_GetInterface`.
    pub fn v3_0(&self) -> &'static CK_FUNCTION_LIST_3_0 {
        self.v3_0.expect("C_GetInterface gives version 3.0")
    }

    /// The list of interface `PKCS 11`, version 3.2, by `C_GetInterface`.
    pub fn v3_2(&self) -> &'static CK_FUNCTION_LIST_3_2 {
        self.v3_2.expect("C_GetInterface gives version 3.2")
    }

    /// `C_Initialize` with `CKF_OS_LOCKING_OK`; `C_Finalize` follows when the result is dropped.
    pub fn initialize(&self) -> Result<Initialized<'_>, CK_RV> {
        let mut arguments = CK_C_INITIALIZE_ARGS { flags: CKF_OS_LOCKING_OK, ..Default::default() };
        call!(self, C_Initialize((&raw mut arguments).cast::<c_void>()))?;
        self.uses.fetch_add(1, Ordering::Relaxed);
        Ok(Initialized { module: self })
    }

    /// Which use of the module this is: another one after it was initialised or finalised.
    pub(crate) fn this_use(&self) -> usize {
        self.uses.load(Ordering::Relaxed)
    }

    /// `C_GetSlotList`: all slots, or those with a token.
    pub fn slots(&self, with_token: bool) -> Result<Vec<CK_SLOT_ID>, CK_RV> {
        let mut count = 0;
        call!(self, C_GetSlotList(with_token.into(), ptr::null_mut(), &mut count))?;
        let mut slots = vec![0; length(count)];
        call!(self, C_GetSlotList(with_token.into(), slots.as_mut_ptr(), &mut count))?;
        slots.truncate(length(count));
        Ok(slots)
    }

    /// `C_GetTokenInfo`.
    pub fn token(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO, CK_RV> {
        let mut info = CK_TOKEN_INFO::default();
        call!(self, C_GetTokenInfo(slot, &mut info))?;
        Ok(info)
    }

    /// The first slot whose token bears this label; `CKR_TOKEN_NOT_PRESENT` where none does.
    pub fn slot(&self, label: &str) -> Result<CK_SLOT_ID, CK_RV> {
        for slot in self.slots(true)? {
            if self.token(slot).is_ok_and(|info| text(&info.label) == label) {
                return Ok(slot);
            }
        }
        Err(CKR_TOKEN_NOT_PRESENT)
    }

    /// The mechanisms of the slot's token.
    pub fn mechanisms(&self, slot: CK_SLOT_ID) -> Result<Vec<CK_MECHANISM_TYPE>, CK_RV> {
        let mut count = 0;
        call!(self, C_GetMechanismList(slot, ptr::null_mut(), &mut count))?;
        let mut mechanisms = vec![0; length(count)];
        call!(self, C_GetMechanismList(slot, mechanisms.as_mut_ptr(), &mut count))?;
        mechanisms.truncate(length(count));
        Ok(mechanisms)
    }

    /// Opens a read-only session.
    pub fn open(&self, slot: CK_SLOT_ID) -> Result<Session<'_>, CK_RV> {
        self.open_with(slot, CKF_SERIAL_SESSION)
    }

    /// Opens a session with these flags.
    pub fn open_with(&self, slot: CK_SLOT_ID, flags: CK_FLAGS) -> Result<Session<'_>, CK_RV> {
        let mut handle = 0;
        call!(self, C_OpenSession(slot, flags, ptr::null_mut(), None, &mut handle))?;
        Ok(Session::new(self, handle))
    }
}

/// The function list of an interface version.
fn list_of(get_interface: GetInterface, major: u8, minor: u8) -> Option<*mut c_void> {
    let mut version = CK_VERSION { major, minor };
    let mut found: *mut CK_INTERFACE = ptr::null_mut();
    // SAFETY: the pointers are valid for this call and the name ends with NUL.
    let answer = unsafe { get_interface(c"PKCS 11".as_ptr().cast_mut().cast(), &mut version, &mut found, 0) };
    // SAFETY: on success the module hands out a pointer to an interface of its own.
    (answer == CKR_OK).then(|| unsafe { (*found).pFunctionList })
}

/// An initialised module; `C_Finalize` on drop.
#[must_use = "the module is finalised when this is dropped"]
pub struct Initialized<'m> {
    module: &'m Module,
}

impl Drop for Initialized<'_> {
    fn drop(&mut self) {
        self.module.uses.fetch_add(1, Ordering::Relaxed);
        let _: Result<(), CK_RV> = call!(self.module, C_Finalize(ptr::null_mut()));
    }
}

/// A number as an attribute's value.
pub fn bytes(number: CK_ULONG) -> [u8; size_of::<CK_ULONG>()] {
    number.to_ne_bytes()
}

/// A field of an info structure without the blanks that pad it.
pub fn text(field: &[CK_UTF8CHAR]) -> String {
    String::from_utf8_lossy(field).trim_end().to_owned()
}

pub(crate) fn length(number: CK_ULONG) -> usize {
    usize::try_from(number).expect("a length")
}

pub(crate) fn count(length: usize) -> CK_ULONG {
    CK_ULONG::try_from(length).expect("a length")
}
