//! The tests export the functions of PC/SC that they link, and their clock, so that the modules that they load find those.

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    for symbols in ["SCard*", "g_rgSCard*", "pcsc_stringify*", "clock_gettime"] {
        println!("cargo::rustc-link-arg-tests=-Wl,--export-dynamic-symbol={symbols}");
    }
}
