//! Waiting for the smart card service, where it is not there: no question is asked again and again.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A service that was started a moment ago may not answer yet, and one that systemd starts for us may end at once: so
/// often, and after so long, is it tried again while its socket stays what it was.
const AGAIN: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(2), Duration::from_secs(20)];
/// A service that has answered for so long works.
const WORKS: Duration = Duration::from_secs(60);
/// What happens in a folder when a socket comes, is ready or goes, or when the folder itself goes.
const EVENTS: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::MOVED_TO)
    .union(WatchFlags::ATTRIB)
    .union(WatchFlags::DELETE_SELF)
    .union(WatchFlags::MOVE_SELF);

/// Which socket it is: device, inode, and when it was last changed. pcscd makes a new one at each start, and changes the
/// rights of it when it is ready.
type Identity = (u64, u64, i64, i64);

/// The service, as far as its socket shows it.
pub(super) struct Service {
    socket: PathBuf,
    /// The socket as it was when it was last tried.
    tried: Option<Identity>,
    /// How often that was tried since.
    attempts: usize,
    /// When it was last tried.
    since: Instant,
}

impl Service {
    pub(super) fn new(socket: &Path) -> Self {
        Service { socket: socket.to_owned(), tried: None, attempts: 0, since: Instant::now() }
    }

    /// The service does not answer, or not any more: returns when it may be worth a try.
    pub(super) fn wait(&mut self) {
        if self.since.elapsed() >= WORKS {
            self.attempts = 0;
        }
        // If nothing can be watched, it is tried as often as if nothing changed, and then rarely.
        let rest = AGAIN.last().copied().unwrap_or_default();
        while !self.is_worth_a_try() {
            let limit = AGAIN.get(self.attempts).copied().filter(|_| self.identity().is_some());
            match self.change(limit) {
                Ok(true) => {}
                Ok(false) => {
                    self.attempts = self.attempts.saturating_add(1);
                    break;
                }
                Err(_) => {
                    std::thread::sleep(rest);
                    break;
                }
            }
        }
        self.since = Instant::now();
    }

    /// Is there another socket than the one that was tried?
    fn is_worth_a_try(&mut self) -> bool {
        let now = self.identity();
        let other = now.is_some() && now != self.tried;
        self.tried = now;
        if other {
            self.attempts = 0;
        }
        other
    }

    fn identity(&self) -> Option<Identity> {
        let found = std::fs::symlink_metadata(&self.socket).ok()?;
        Some((found.dev(), found.ino(), found.ctime(), found.ctime_nsec()))
    }

    /// Waits until something happens where the socket is or will be. Tells whether it did so within the limit.
    fn change(&self, limit: Option<Duration>) -> io::Result<bool> {
        let watch = self.watched()?;
        // It may have changed before it was watched.
        if self.identity() != self.tried {
            return Ok(true);
        }
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let mut waited_for = [PollFd::new(&watch, PollFlags::IN)];
        Ok(poll(&mut waited_for, limit.as_ref())? > 0)
    }

    /// Watches the folder of the socket, or the nearest one above that is there.
    fn watched(&self) -> io::Result<OwnedFd> {
        let watch = inotify::init(CreateFlags::CLOEXEC)?;
        let folders = self.socket.ancestors().skip(1);
        let first = folders.map(|folder| inotify::add_watch(&watch, folder, EVENTS)).find(Result::is_ok);
        first.unwrap_or(Err(io::Errno::NOENT)).map(|_| watch)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::system::furnished::Furnished;
    use super::*;
    use std::fs;
    use std::os::unix::net::UnixListener;
    use std::sync::mpsc::{self, Receiver};
    use std::thread;

    /// Waits `times` times in another thread, and tells each time that it is over.
    fn waiting(socket: PathBuf, times: usize) -> Receiver<()> {
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let mut service = Service::new(&socket);
            for _ in 0..times {
                service.wait();
                // What follows is not a matter of trying again.
                service.attempts = AGAIN.len();
                tell.send(()).unwrap();
            }
        });
        told
    }

    const SOON: Duration = Duration::from_secs(5);

    #[test]
    fn a_service_that_is_not_there_is_waited_for_wherever_its_folder_comes() {
        let place = Furnished::new(&[]);
        let folder = place.path().join("run/pcscd");
        let told = waiting(folder.join("pcscd.comm"), 1);
        assert!(told.recv_timeout(Duration::from_millis(400)).is_err(), "it did not wait");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("pcscd.pid"), "17").unwrap();
        assert!(told.recv_timeout(Duration::from_millis(100)).is_err(), "there is no socket yet");
        let _socket = UnixListener::bind(folder.join("pcscd.comm")).unwrap();
        told.recv_timeout(SOON).unwrap();
    }

    #[test]
    fn a_service_that_was_started_anew_is_tried_at_once() {
        let place = Furnished::new(&[("pcscd.comm", "")]);
        let socket = place.path().join("pcscd.comm");
        let told = waiting(socket.clone(), 2);
        told.recv_timeout(SOON).unwrap();
        fs::remove_file(&socket).unwrap();
        assert!(told.recv_timeout(Duration::from_millis(400)).is_err(), "there is none");
        let _socket = UnixListener::bind(&socket).unwrap();
        told.recv_timeout(SOON).unwrap();
    }

    #[test]
    fn a_service_that_does_not_answer_is_tried_a_few_times_and_no_more() {
        let place = Furnished::new(&[("pcscd.comm", "")]);
        let mut service = Service::new(&place.path().join("pcscd.comm"));
        let start = Instant::now();
        service.wait();
        service.wait();
        assert!((AGAIN[0]..AGAIN[1]).contains(&start.elapsed()), "{:?}", start.elapsed());
        service.attempts = AGAIN.len();
        let watched = service.change(Some(Duration::from_millis(300)));
        assert_eq!(watched, Ok(false), "nothing has happened");
        assert!(!service.is_worth_a_try());
    }
}
