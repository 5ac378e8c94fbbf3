//! Where connections come from: the manager of the user's session hands over one (systemd.socket(5), `Accept=yes`), or
//! this program waits for them itself.

use super::{authority, serve};
use crate::holder::Holder;
use avain_flow::registration::signing::PORT;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// So many clients are served at a time; more are not accepted. `MaxConnections` of the socket unit says the same.
const CLIENTS: usize = 16;

/// Serves the connection that is the standard input.
pub fn accepted(holder: &impl Holder) -> io::Result<()> {
    let stream = TcpStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let folder = authority::folder().ok_or(io::ErrorKind::NotFound)?;
    serve::serve(stream, serve::config(&folder)?, holder)
}

/// Waits for connections from this computer, for as long as it runs.
pub fn run(holder: impl Holder + Send + Sync + 'static) -> io::Result<()> {
    let folder = authority::folder().ok_or(io::ErrorKind::NotFound)?;
    serve::config(&folder)?;
    let (holder, clients) = (Arc::new(holder), Arc::new(AtomicUsize::new(0)));
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT))?;
    // A computer may do without IPv6.
    let second = TcpListener::bind((Ipv6Addr::LOCALHOST, PORT));
    let listen = move |listener: &TcpListener| {
        for stream in listener.incoming() {
            match stream {
                Ok(stream) => {
                    let (holder, folder) = (holder.clone(), folder.clone());
                    // Each has the certificate of its day.
                    let work = move || serve::serve(stream, serve::config(&folder)?, holder.as_ref());
                    within(&clients, work);
                }
                // Too many files are open: some of them will be closed.
                Err(_) => thread::sleep(Duration::from_millis(100)),
            }
        }
    };
    thread::scope(|scope| {
        if let Ok(second) = &second {
            scope.spawn(|| listen(second));
        }
        listen(&first);
    });
    Ok(())
}

/// Does the work in a thread, unless there are too many of them.
fn within(clients: &Arc<AtomicUsize>, work: impl FnOnce() -> io::Result<()> + Send + 'static) {
    if clients.fetch_add(1, Ordering::SeqCst) < CLIENTS {
        let count = clients.clone();
        let counted = move || {
            // What went wrong with a client was its own.
            let _ = work();
            count.fetch_sub(1, Ordering::SeqCst);
        };
        if thread::Builder::new().name("client".to_owned()).spawn(counted).is_ok() {
            return;
        }
    }
    clients.fetch_sub(1, Ordering::SeqCst);
}
