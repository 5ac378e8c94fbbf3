//! What is exported to C: the functions of PC/SC, by this library's own world or, where a program asks for it, by the
//! daemon.

use crate::api::{self, Dword, IoRequest, ReaderState};
use crate::world::Handle;
use libc::{c_char, c_long, c_ulong, c_void};
use std::ffi::CStr;
use std::sync::OnceLock;

const fn request(protocol: c_ulong) -> IoRequest {
    IoRequest { protocol, length: size_of::<IoRequest>() as c_ulong }
}

#[unsafe(no_mangle)]
pub static g_rgSCardT0Pci: IoRequest = request(1);
#[unsafe(no_mangle)]
pub static g_rgSCardT1Pci: IoRequest = request(2);
#[unsafe(no_mangle)]
pub static g_rgSCardRawPci: IoRequest = request(4);

static DAEMON: OnceLock<Library> = OnceLock::new();

/// From now on the functions of PC/SC that are linked into this program are those of the library for the daemon.
///
/// # Panics
/// Where that library is not installed.
pub fn forward_to_the_daemon() {
    DAEMON.get_or_init(Library::load);
}

/// Whether they are.
pub fn forwards() -> bool {
    DAEMON.get().is_some()
}

/// What finds the functions of the library for the daemon.
#[cfg(unix)]
fn opened() -> impl Fn(&CStr) -> *mut c_void {
    // SAFETY: any name may be asked for.
    let library = unsafe { libc::dlopen(c"libpcsclite.so.1".as_ptr(), libc::RTLD_NOW) };
    assert!(!library.is_null(), "libpcsclite.so.1 is not installed");
    move |name| {
        // SAFETY: it was just opened, and is never closed.
        let found = unsafe { libc::dlsym(library, name.as_ptr()) };
        assert!(!found.is_null(), "libpcsclite.so.1 has no {name:?}");
        found
    }
}

#[cfg(windows)]
fn opened() -> impl Fn(&CStr) -> *mut c_void {
    |name| panic!("{name:?}: there is no other service")
}

/// On Windows, functions that take texts have other names.
#[cfg(windows)]
macro_rules! name {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident $windows:literal) => {
        $windows
    };
}

macro_rules! functions {
    ($(fn $name:ident $(as $windows:literal)? ($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        /// The functions of the library for the daemon.
        struct Library {
            $($name: unsafe extern "C" fn($($kind),*) -> $result,)*
        }

        impl Library {
            fn load() -> Self {
                let find = opened();
                Self {
                    $($name: {
                        let name = CStr::from_bytes_with_nul(concat!(stringify!($name), "\0").as_bytes());
                        // SAFETY: winscard.h declares it so.
                        unsafe { std::mem::transmute::<*mut c_void, unsafe extern "C" fn($($kind),*) -> $result>(
                            find(name.expect("a name")),
                        ) }
                    },)*
                }
            }
        }

        $(
            #[cfg_attr(not(windows), unsafe(no_mangle))]
            #[cfg_attr(windows, unsafe(export_name = name!($name $($windows)?)))]
            pub unsafe extern "C" fn $name($($argument: $kind),*) -> $result {
                match DAEMON.get() {
                    // SAFETY: the caller keeps to what winscard.h asks for.
                    Some(library) => unsafe { (library.$name)($($argument),*) },
                    // SAFETY: as above.
                    None => unsafe { api::$name($($argument),*) },
                }
            }
        )*
    };
}

functions! {
    fn SCardEstablishContext(scope: Dword, reserved1: *const c_void, reserved2: *const c_void, context: *mut Handle) -> c_long;
    fn SCardReleaseContext(context: Handle) -> c_long;
    fn SCardIsValidContext(context: Handle) -> c_long;
    fn SCardCancel(context: Handle) -> c_long;
    fn SCardListReaders as "SCardListReadersA" (context: Handle, groups: *const c_char, readers: *mut c_char, length: *mut Dword) -> c_long;
    fn SCardGetStatusChange as "SCardGetStatusChangeA" (context: Handle, timeout: Dword, states: *mut ReaderState, count: Dword) -> c_long;
    fn SCardConnect as "SCardConnectA" (context: Handle, name: *const c_char, share: Dword, protocols: Dword, card: *mut Handle, active: *mut Dword) -> c_long;
    fn SCardReconnect(card: Handle, share: Dword, protocols: Dword, initialization: Dword, active: *mut Dword) -> c_long;
    fn SCardDisconnect(card: Handle, disposition: Dword) -> c_long;
    fn SCardBeginTransaction(card: Handle) -> c_long;
    fn SCardEndTransaction(card: Handle, disposition: Dword) -> c_long;
    fn SCardStatus as "SCardStatusA" (card: Handle, name: *mut c_char, name_length: *mut Dword, state: *mut Dword, active: *mut Dword, atr: *mut u8, atr_length: *mut Dword) -> c_long;
    fn SCardGetAttrib(card: Handle, attribute: Dword, buffer: *mut u8, length: *mut Dword) -> c_long;
    fn SCardSetAttrib(card: Handle, attribute: Dword, value: *const u8, length: Dword) -> c_long;
    fn SCardControl(card: Handle, code: Dword, sent: *const c_void, size: Dword, answer: *mut c_void, room: Dword, length: *mut Dword) -> c_long;
    fn SCardTransmit(card: Handle, send: *const IoRequest, command: *const u8, size: Dword, receive: *mut IoRequest, answer: *mut u8, length: *mut Dword) -> c_long;
    fn SCardFreeMemory(context: Handle, memory: *const c_void) -> c_long;
    fn SCardListReaderGroups as "SCardListReaderGroupsA" (context: Handle, groups: *mut c_char, length: *mut Dword) -> c_long;
    fn pcsc_stringify_error(code: c_long) -> *const c_char;
}
