//! Any sequence of calls over a good card, each held against the model of the standard's session states.
#![no_main]

use fuzz::Linked;
use kit::sequences::{Act, Model};
use kit::{ANY, name};
use libfuzzer_sys::fuzz_target;

/// How many calls there are in a sequence at most.
const LONGEST: usize = 150;

fuzz_target!(|data: &[u8]| {
    let linked = Linked::of_process();
    let _running = linked.begin(ANY, None);
    let slots = linked.module.slots(true).expect("slots");
    let mut model = Model::new(&linked.module, [slots[0], slots[1]]);
    let (bytes, _) = data.as_chunks();
    for (step, act) in bytes.iter().take(LONGEST).map(|bytes| Act::from(*bytes)).enumerate() {
        let (got, foretold) = model.carry_out(&act);
        assert_eq!(name(got), name(foretold), "step {step}: {act:?}");
    }
});
