//! The threads that wait, so that the window never does: one for cards, one for what is put in and taken out.

use avain_flow::presence::{Presence, Seen};
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_channel::oneshot;
use std::io;
use std::sync::mpsc;
use std::thread;

type Work = Box<dyn FnOnce() + Send>;

/// The thread that uses cards: one piece of work after the other.
#[derive(Clone)]
pub(crate) struct Worker(mpsc::Sender<Work>);

impl Worker {
    pub(crate) fn start() -> io::Result<Self> {
        let (sender, queue) = mpsc::channel::<Work>();
        thread::Builder::new().name("card".to_owned()).spawn(move || queue.iter().for_each(|work| work()))?;
        Ok(Worker(sender))
    }

    /// The result of some work, whenever there is one.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, result) = oneshot::channel();
        // Nobody waits for it any more once the window is closed.
        self.0.send(Box::new(move || drop(sender.send(work())))).ok()?;
        result.await.ok()
    }
}

/// All readers, now and whenever one of them or a card has come or gone.
pub(crate) fn watch() -> io::Result<UnboundedReceiver<Vec<Seen>>> {
    let (sender, changes) = unbounded();
    thread::Builder::new().name("readers".to_owned()).spawn(move || {
        let (mut presence, mut told) = (Presence::default(), None);
        loop {
            let now = presence.now();
            if told.as_ref() != Some(&now) {
                if sender.unbounded_send(now.clone()).is_err() {
                    return;
                }
                told = Some(now);
            }
            presence.wait();
        }
    })?;
    Ok(changes)
}
