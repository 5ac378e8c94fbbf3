//! The module as a file: what is installed, hence the release build.

use cryptoki_sys::*;
use kit::{GetFunctionList, Module, run};
use libloading::{Library, Symbol};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::ptr;

fn lines(program: &str, arguments: &[&str]) -> Vec<String> {
    let text = run(Command::new(program).env("LC_ALL", "C").args(arguments).arg(Module::to_install()));
    text.lines().map(str::to_owned).collect()
}

#[test]
fn three_symbols_are_exported_and_no_more() {
    let symbols: BTreeSet<_> = lines("nm", &["-D", "--defined-only"])
        .iter()
        .filter_map(|line| line.split_whitespace().last().map(str::to_owned))
        .collect();
    let expected = ["C_GetFunctionList", "C_GetInterface", "C_GetInterfaceList"].map(str::to_owned);
    assert_eq!(symbols, BTreeSet::from(expected));
}

#[test]
fn only_the_usual_libraries_are_needed() {
    for line in lines("readelf", &["-d"]) {
        if line.contains("(NEEDED)") {
            let library = line.split(['[', ']']).nth(1).unwrap();
            let usual = ["libpcsclite.so.", "libc.so.", "libm.so.", "libgcc_s.so.", "ld-linux"];
            assert!(usual.iter().any(|start| library.starts_with(start)), "{library}");
        }
        assert!(!line.contains("RPATH") && !line.contains("RUNPATH"), "{line}");
        assert!(!line.contains("TEXTREL"), "{line}");
    }
}

#[test]
fn the_library_stays_loaded() {
    assert!(
        lines("readelf", &["-d"]).iter().any(|line| line.contains("FLAGS_1") && line.contains("NODELETE"))
    );
}

#[test]
fn the_library_is_small() {
    let size = std::fs::metadata(Module::to_install()).unwrap().len();
    // Contactless cards, keypads and kept certificates took it from 1.4 to 1.8 MB.
    assert!(size <= 1_850_000, "{size} bytes");
}

#[test]
fn the_stack_is_not_executable_and_relocations_are_read_only() {
    let segments = lines("readelf", &["-lW"]);
    let stack = segments.iter().find(|line| line.contains("GNU_STACK")).unwrap();
    assert!(!stack.contains("RWE"), "{stack}");
    assert!(segments.iter().any(|line| line.contains("GNU_RELRO")));
}

/// Open files of this process.
fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

fn load_and_unload(copy: &Path) {
    // SAFETY: that loading the module does no harm is what is tested.
    let library = unsafe { Library::new(copy) }.unwrap();
    // SAFETY: the type of this symbol.
    let function: Symbol<'_, GetFunctionList> = unsafe { library.get(b"C_GetFunctionList\0") }.unwrap();
    let mut list = ptr::null_mut();
    // SAFETY: the pointer is good.
    assert_eq!(unsafe { function(&mut list) }, CKR_OK);
    library.close().unwrap();
    // SAFETY: the module is marked not to be unloaded, so the list is still there.
    let finalize = unsafe { (*list).C_Finalize }.unwrap();
    // SAFETY: as above.
    assert_eq!(unsafe { finalize(ptr::null_mut()) }, CKR_CRYPTOKI_NOT_INITIALIZED);
}

/// Nothing happens until C_Initialize: no file, no connection. And unloading is harmless.
#[test]
fn loading_and_unloading_leaves_no_trace() {
    let copy = kit::scratch("load").join("copy.so");
    std::fs::copy(Module::to_install(), &copy).unwrap();
    let environment: Vec<_> = std::env::vars_os().collect();
    // The files of other tests come and go meanwhile; what the library leaves behind, it leaves each time.
    let leaves_nothing = || {
        let before = open_files();
        (0..100).for_each(|_| load_and_unload(&copy));
        open_files() <= before
    };
    assert!((0..10).any(|_| leaves_nothing()), "each time there are more files than before");
    assert_eq!(environment, std::env::vars_os().collect::<Vec<_>>());
}
