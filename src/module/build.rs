//! Link flags of the module; nothing is generated.
#![forbid(unsafe_code)]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        for flag in [
            "-Wl,-soname,avain-pkcs11.so",
            // A program that exports its own C_Initialize must not take the place of ours.
            "-Wl,-Bsymbolic",
            // Code of ours may still be on some thread's stack at dlclose: stay mapped.
            "-Wl,-z,nodelete",
            "-Wl,-z,relro",
            "-Wl,-z,now",
            // Name only libraries that are really used: no browser shall load more for us.
            "-Wl,--as-needed",
        ] {
            println!("cargo::rustc-cdylib-link-arg={flag}");
        }
    }
}
