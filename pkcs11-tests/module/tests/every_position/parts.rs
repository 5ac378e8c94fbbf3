//! Which cards go through which flows.

use crate::flows::{PUK, TRANSPORT, Task};
use cryptoki_sys::*;

/// A card, and tasks with its tokens.
pub(crate) type Tasks = (&'static str, &'static [(Task, usize)]);

/// What one process does, with its name.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) cards: &'static [Tasks],
    /// Two faults as well: on one card of either way to select applications.
    pub(crate) pairs: bool,
    /// A program before has left its certificates and its access number behind.
    pub(crate) later: bool,
}

const fn part(name: &'static str, cards: &'static [Tasks]) -> Part {
    Part { name, cards, pairs: false, later: false }
}

const fn with_pairs(name: &'static str, cards: &'static [Tasks]) -> Part {
    Part { name, cards, pairs: true, later: false }
}

const fn later(name: &'static str, cards: &'static [Tasks]) -> Part {
    Part { name, cards, pairs: false, later: true }
}

/// The cards with the tasks that they are good for. The cards keep PIN2 open until it is taken back, where that is an
/// open question: the harder case. The last two know no command that takes a PIN back; SELECT does it, or nothing but a
/// reset could, which the module keeps for the PUK.
pub(crate) const PARTS: &[Part] = &[
    with_pairs("FINEID v4.0, in use", &[("fineid-v4.0,pin2_one_shot=no", EVERYWHERE)]),
    with_pairs(
        "FINEID v4.0, new",
        &[
            ("fineid-v4.0,pin2_one_shot=no,state=fresh-new", BY_TRANSPORT),
            ("fineid-v4.0,pin2_one_shot=no,state=fresh-old", BY_PUK),
        ],
    ),
    part("FINEID v4.0, blocked", &[("fineid-v4.0,pin2_one_shot=no,state=blocked-pins", BY_PUK)]),
    part("FINEID v4.0, from beginning to end", &[("fineid-v4.0", &[(Task::Whole, 0), (Task::Whole, 1)])]),
    // Whether a change leaves the PIN open is an open question about the cards: here it does.
    part(
        "FINEID v4.0, where a change opens the PIN",
        &[("fineid-v4.0,pin2_one_shot=no,change_verifies=yes", &[(Task::Change, 0), (Task::Set(PUK), 1)])],
    ),
    part("FINEID v4.0, waiting", &[("fineid-v4.0", &[(Task::Wait, 0)])]),
    part("FINEID v3.1, in use", &[("fineid-v3.1,pin2_one_shot=no", EVERYWHERE)]),
    part(
        "FINEID v3.1, new",
        &[
            ("fineid-v3.1,pin2_one_shot=no,state=fresh-old", BY_PUK),
            ("fineid-v3.1,pin2_one_shot=no,state=blocked-pins", BY_PUK),
        ],
    ),
    with_pairs(
        "Estonia, IDEMIA",
        &[("estonia-idemia", EVERYWHERE), ("estonia-idemia,state=blocked-pins", SET_BY_PUK)],
    ),
    part(
        "Estonia, Thales",
        &[
            ("estonia-thales", EVERYWHERE),
            ("estonia-thales,state=blocked-pins", SET_BY_PUK),
            ("estonia-thales,state=fresh", &[(Task::NoLogin, 1), (Task::Change, 0), (Task::Change, 1)]),
        ],
    ),
    // The login opens the channel, with the number before the PIN. Few uses: to open one takes ten times as long as all
    // else.
    part("without contacts", &[("estonia-idemia,interface=contactless", &[(Task::Sign, 0)])]),
    // The first command opens it.
    later(
        "without contacts, with a number that is stored",
        &[
            ("fineid-v4.1,interface=contactless", &[(Task::List, 0)]),
            ("estonia-thales,interface=contactless", &[(Task::Change, 0)]),
        ],
    ),
    later(
        "with certificates that are kept",
        &[
            ("fineid-v4.0,pin2_one_shot=no", &[(Task::List, 0), (Task::Sign, 1)]),
            ("estonia-idemia", &[(Task::List, 0)]),
            ("belgium-1.8", &[(Task::List, 0)]),
        ],
    ),
    // The user enters what is right, and what follows where something else is wanted.
    part(
        "FINEID v4.0, on a keypad",
        &[
            (
                "fineid-v4.0,pin2_one_shot=no,keypad=full",
                &[(Task::Sign, 0), (Task::Sign, 1), (Task::SignOne, 1)],
            ),
            ("fineid-v4.0,keypad=full,user=right/778899/778899", &[(Task::Change, 0)]),
            ("fineid-v4.0,keypad=full,user=right/887799/887799", &[(Task::Change, 1)]),
            ("fineid-v4.0,keypad=full,state=fresh-old,user=right/778899/778899", &[(Task::Set(PUK), 0)]),
            (
                "fineid-v4.0,keypad=full,state=fresh-new,user=right/887799/887799",
                &[(Task::Set(TRANSPORT), 1)],
            ),
        ],
    ),
    part(
        "other cards on a keypad",
        &[
            ("estonia-idemia,keypad=full", &[(Task::Sign, 0), (Task::Sign, 1)]),
            (
                "estonia-idemia,keypad=full,state=blocked-pins,user=right/778899/778899",
                &[(Task::Set(PUK), 0)],
            ),
            ("belgium-1.8,keypad=plain", &[(Task::Sign, 0), (Task::SignWithLast, 0)]),
        ],
    ),
    part("Latvia, EC", &[("latvia-ec", EVERYWHERE), ("latvia-ec,state=blocked-pins", SET_BY_PUK)]),
    part("Latvia, RSA", &[("latvia-rsa", IN_USE), ("latvia-rsa,state=blocked-pins", SET_BY_PUK)]),
    part("Lithuania", &[("lithuania", READ_ONLY)]),
    part(
        "Belgium 1.8",
        &[(
            "belgium-1.8",
            &[
                (Task::List, 0),
                (Task::Sign, 0),
                (Task::SignWithLast, 0),
                (Task::Wrong, 0),
                (Task::Change, 0),
                (Task::NoSet(CKR_FUNCTION_NOT_SUPPORTED), 0),
            ],
        )],
    ),
    part("Finnish organisation card", &[("fineid-org,select_drops_pins=yes", READ_ONLY)]),
    part("a card that no table knows", &[("pkcs15-card,select_drops_pins=yes", READ_ONLY)]),
];

const EVERYWHERE: &[(Task, usize)] = &[
    (Task::List, 0),
    (Task::Sign, 0),
    (Task::Sign, 1),
    (Task::SignOne, 1),
    (Task::Wrong, 0),
    (Task::Wrong, 1),
    (Task::Change, 0),
    (Task::Change, 1),
    (Task::ChangeWrongly, 0),
    (Task::ChangeWrongly, 1),
];
const IN_USE: &[(Task, usize)] = &[(Task::List, 0), (Task::Sign, 0), (Task::Sign, 1), (Task::Wrong, 0)];
const BY_TRANSPORT: &[(Task, usize)] = &[
    (Task::Set(TRANSPORT), 0),
    (Task::Set(TRANSPORT), 1),
    (Task::Activate(TRANSPORT), 0),
    (Task::Mistype("7654321"), 0),
];
const SET_BY_PUK: &[(Task, usize)] = &[(Task::Set(PUK), 0), (Task::Set(PUK), 1)];
const BY_PUK: &[(Task, usize)] =
    &[(Task::Set(PUK), 0), (Task::Set(PUK), 1), (Task::Activate(PUK), 0), (Task::Mistype("87654321"), 0)];
const READ_ONLY: &[(Task, usize)] = &[
    (Task::List, 0),
    (Task::Sign, 0),
    (Task::Sign, 1),
    (Task::Wrong, 0),
    (Task::NoChange(CKR_TOKEN_WRITE_PROTECTED), 0),
    (Task::NoSet(CKR_TOKEN_WRITE_PROTECTED), 0),
];
