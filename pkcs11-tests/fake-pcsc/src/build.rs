//! The name under which programs ask for the library that this one stands in for.

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libpcsclite.so.1");
}
