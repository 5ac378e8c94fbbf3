//! Whose rights this process has: asked of the operating system, and of use to every layer.

/// Does the program have more rights than whoever started it (setuid, setgid, capabilities)? Then its environment is
/// a stranger's.
pub(crate) fn is_elevated() -> bool {
    #[cfg(target_os = "linux")]
    // SAFETY: looks a number up in what the kernel gave the process at its start.
    let elevated = unsafe { libc::getauxval(libc::AT_SECURE) } != 0;
    #[cfg(not(target_os = "linux"))]
    // SAFETY: asks, and changes nothing.
    let elevated = unsafe { libc::issetugid() } != 0;
    elevated
}

/// The user with whose rights files are opened.
pub(crate) fn user() -> u32 {
    // SAFETY: asks, and changes nothing.
    unsafe { libc::geteuid() }
}
