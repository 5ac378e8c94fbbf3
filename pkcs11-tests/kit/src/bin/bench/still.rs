//! What a program costs that does nothing, and what its forks cost one that does much.

use crate::page::Part;
use kit::{ANY, Module, PIN1, Rig};
use std::time::Duration;

/// So long the program is watched.
const WATCHED: Duration = Duration::from_secs(60);
const FORKS: u32 = 200;

/// Measures both, with the real pcscd.
pub(crate) fn measure() -> Part {
    let rig = Rig::start(1);
    let card = rig.insert(0, kit::card(ANY));
    let module: &'static Module = Box::leak(Box::new(Module::load()));
    let wakeups = kit::wakeups(module, WATCHED);
    let running = module.initialize().expect("C_Initialize");
    let session = module.open(module.slot(PIN1.0).expect("PIN1's token")).expect("C_OpenSession");
    session.login(cryptoki_sys::CKU_USER, PIN1.1).expect("PIN1");
    let fork = kit::mean_fork(&session, FORKS).as_secs_f64() * 1000.0;
    drop((session, running, card));
    let text = format!(
        "| | |\n|---|---:|\n\
         | wake-ups in {} s while one thread waits for an event and another one is logged in and idle | {wakeups} |\n\
         | a fork while eight threads are busy, mean of {FORKS} | {fork:.1} ms |\n",
        WATCHED.as_secs(),
    );
    Part { name: "standing still", text }
}
