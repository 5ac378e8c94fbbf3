//! The tool with several readers.

use std::time::{Duration, Instant};

use cli::avain;
use kit::Rig;
use simcard::{Action, Fault};

/// How long a card hangs.
const HANG: Duration = Duration::from_secs(8);
/// What does not wait for it is done within this time.
const BOUND: Duration = Duration::from_secs(2);

/// Also where the answer to reset of the card that hangs does not tell what it is.
#[test]
fn who_names_a_reader_does_not_wait_for_a_card_that_hangs_in_another_one() {
    let rig = Rig::start(2);
    for card in ["fineid-v4.0", "fineid-org"] {
        let hanging = rig.insert(0, kit::card(card));
        let free = rig.insert(1, kit::card("fineid-v4.0,holder=2"));
        hanging.card().faults_mut().push(Fault::next(Action::Delay(HANG)));
        for arguments in [&["status"][..], &["status", "--json"], &["certs"]] {
            let start = Instant::now();
            avain(&[arguments, &["--reader", free.reader(), "--lang", "en"]].concat(), &[]).ends(0);
            assert!(start.elapsed() < BOUND, "{arguments:?} beside {card}: {:?}", start.elapsed());
        }
        assert_eq!(hanging.card().log().count(), 0, "the card in the other reader was asked something");
        free.remove();
        hanging.remove();
    }
}
