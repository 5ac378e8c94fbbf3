//! The fake library, as this process has loaded it before the module.

use crate::fake::Fake;
use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};
use std::path::PathBuf;

/// The library that cargo built along with this test.
pub(crate) fn file() -> PathBuf {
    let program = std::env::current_exe().expect("this program's path");
    let beside = program.ancestors().skip(1).map(|folder| folder.join("libfake_pcsc.so"));
    beside.into_iter().find(|path| path.exists()).expect("the fake library is built along with its tests")
}

pub(crate) fn load() -> Fake {
    // SAFETY: its initialisers do nothing.
    let library = unsafe { Library::open(Some("libpcsclite.so.1"), RTLD_NOW | RTLD_GLOBAL) };
    let library = library.expect("libpcsclite.so.1 is there, by LD_LIBRARY_PATH");
    // SAFETY: the type is that of the function; where it is missing, this is the real library.
    let control = *unsafe { library.get(b"fake_control\0") }.expect("it is the fake one");
    std::mem::forget(library);
    // SAFETY: it was just found there, and the library is never unloaded.
    unsafe { Fake::of(control) }
}
