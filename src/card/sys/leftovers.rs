//! What calls leave behind: copies of keys, and what was made of them, in frames of the stack and in vector registers,
//! which dumps of a program contain as well.

/// Deeper than secrets get, and shallow enough for any thread that can call the PC/SC library.
const DEPTH: usize = 32 * 1024;

/// Runs something through which a secret passes, and overwrites what it has left behind.
pub fn cleaned<T>(work: impl FnOnce() -> T) -> T {
    let result = apart(work);
    overwrite();
    result
}

/// In a frame of its own, below that of the caller.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Overwrites what the last call has left behind.
pub fn overwrite() {
    stack();
    registers();
}

#[inline(never)]
fn stack() {
    let mut room = [0_u8; DEPTH];
    std::hint::black_box(&mut room);
}

/// The vector registers that a function need not keep.
#[cfg(all(target_arch = "x86_64", not(windows)))]
macro_rules! scratch {
    () => {
        ".irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15"
    };
}
/// The others are the caller's on Windows, but for their upper parts.
#[cfg(all(target_arch = "x86_64", windows))]
macro_rules! scratch {
    () => {
        ".irp r, 0, 1, 2, 3, 4, 5"
    };
}

/// Keys are longer than other registers.
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn registers() {
    use std::arch::asm;
    // SAFETY: no memory is touched, and the compiler is told that these registers change.
    unsafe {
        asm!(scratch!(), "pxor xmm\\r, xmm\\r", ".endr", clobber_abi("C"), options(nomem, nostack));
    }
    if is_x86_feature_detected!("avx") {
        // SAFETY: as above, and the processor has the instruction, which clears the upper parts of sixteen registers.
        unsafe { asm!("vzeroupper", clobber_abi("C"), options(nomem, nostack)) };
    }
    if is_x86_feature_detected!("avx512f") {
        // SAFETY: as above, and the processor has these registers.
        unsafe {
            asm!(
                ".irp r, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31",
                "vpxord zmm\\r, zmm\\r, zmm\\r",
                ".endr",
                clobber_abi("C"),
                options(nomem, nostack)
            );
        }
    }
}

/// Keys are longer than other registers. The halves of v8 to v15 that a function has to keep are its caller's.
#[cfg(all(target_arch = "aarch64", not(miri)))]
fn registers() {
    // SAFETY: no memory is touched, and the compiler is told that these registers change.
    unsafe {
        std::arch::asm!(
            ".irp r, 0, 1, 2, 3, 4, 5, 6, 7",
            "movi v\\r\\().2d, #0",
            ".endr",
            ".irp r, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31",
            "movi v\\r\\().2d, #0",
            ".endr",
            clobber_abi("C"),
            options(nomem, nostack)
        );
    }
}

#[cfg(any(miri, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn registers() {}
