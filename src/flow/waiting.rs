//! Who is waited for: while another program holds the card, PC/SC waits without a word.

use super::system::System;
use super::text::{self, Text};
use avain_card::transport::pcsc::is_waiting;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How often is looked.
const LOOK: Duration = Duration::from_millis(100);
/// After so many looks (three seconds) it is said.
const PATIENCE: u32 = 30;

/// Says from now on, in a thread of its own, when the card has been waited for too long.
pub fn watch(say: impl Fn(&Text) + Send + 'static) -> std::io::Result<()> {
    thread::Builder::new().spawn(move || {
        let mut looks: u32 = 0;
        loop {
            thread::sleep(LOOK);
            looks = if is_waiting() { looks.saturating_add(1) } else { 0 };
            if looks == PATIENCE {
                say(&who());
            }
        }
    })?;
    Ok(())
}

/// The programs that may hold the card.
fn who() -> Text {
    let programs = System::new(Path::new("/"), std::env::vars_os()).programs();
    let able: Vec<String> = programs.into_iter().map(|program| program.name).collect();
    if able.is_empty() { text::waiting() } else { text::waiting_for(able.join(", ")) }
}
