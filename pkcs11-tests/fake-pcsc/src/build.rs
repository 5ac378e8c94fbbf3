//! The name under which programs ask for the library that this one stands in for. On Windows that is the file's.

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    if std::env::var_os("CARGO_CFG_UNIX").is_some() {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libpcsclite.so.1");
    }
}
