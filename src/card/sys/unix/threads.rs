//! What the kernel says about threads of this process.

use std::fs;

/// The calls by which a thread waits for bytes. Only Linux says in which call a thread is.
#[cfg(target_os = "linux")]
const READS: &[libc::c_long] = &[
    libc::SYS_ppoll,
    // Younger architectures have only the other.
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
    libc::SYS_poll,
];
#[cfg(not(target_os = "linux"))]
const READS: &[libc::c_long] = &[];

/// The kernel's number of the running thread.
pub(super) fn own() -> libc::pid_t {
    thread_local! {
        static OWN: libc::pid_t = number();
    }
    OWN.with(|own| *own)
}

#[cfg(target_os = "linux")]
fn number() -> libc::pid_t {
    // SAFETY: a system call without pointers.
    let number = unsafe { libc::syscall(libc::SYS_gettid) };
    libc::pid_t::try_from(number).unwrap_or(0)
}

#[cfg(not(target_os = "linux"))]
fn number() -> libc::pid_t {
    0
}

/// Does a thread wait for bytes, by the word of the kernel? Not, where it says nothing.
pub(super) fn waits_for_bytes(thread: libc::pid_t) -> bool {
    let call = fs::read_to_string(format!("/proc/self/task/{thread}/syscall"));
    let number = call.ok().and_then(|call| call.split(' ').next()?.parse().ok());
    number.is_some_and(|number| READS.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    #[test]
    fn a_thread_that_waits_for_bytes_is_told_from_one_that_waits_for_a_thread() {
        let (mut near, far) = UnixStream::pair().unwrap();
        let (tell, told) = mpsc::channel();
        let number = |tell: &mpsc::Sender<_>| tell.send(own()).unwrap();
        std::thread::scope(|scope| {
            let teller = tell.clone();
            scope.spawn(move || {
                number(&teller);
                let mut wanted = libc::pollfd { fd: far.as_raw_fd(), events: libc::POLLIN, revents: 0 };
                // SAFETY: one descriptor, which stays open.
                unsafe { libc::poll(&raw mut wanted, 1, -1) };
                (&far).read_exact(&mut [0]).unwrap();
            });
            let reader = told.recv().unwrap();
            let (end, ended) = mpsc::channel::<()>();
            scope.spawn(move || {
                number(&tell);
                ended.recv().unwrap_err();
            });
            let other = told.recv().unwrap();
            let start = Instant::now();
            while !waits_for_bytes(reader) {
                assert!(start.elapsed() < Duration::from_secs(10), "it was never seen to wait");
            }
            assert!(!waits_for_bytes(other) && !waits_for_bytes(own()) && !waits_for_bytes(0));
            near.write_all(&[1]).unwrap();
            drop(end);
        });
    }
}
