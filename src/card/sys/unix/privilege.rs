//! The privileges of this process.

/// Does the program have more privileges than the user who started it (setuid, setgid, capabilities)? Then its
/// environment cannot be trusted.
pub(crate) fn is_elevated() -> bool {
    #[cfg(target_os = "linux")]
    // SAFETY: reads a value that the kernel passed to the process when it started.
    let elevated = unsafe { libc::getauxval(libc::AT_SECURE) } != 0;
    #[cfg(not(target_os = "linux"))]
    // SAFETY: asks, and changes nothing.
    let elevated = unsafe { libc::issetugid() } != 0;
    elevated
}

/// The effective user ID, with which files are opened.
pub(crate) fn user() -> u32 {
    // SAFETY: asks, and changes nothing.
    unsafe { libc::geteuid() }
}
