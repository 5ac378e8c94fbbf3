//! Which faults are played where.

use std::fmt::Write;

/// A function of PC/SC, and what may happen at a call of it.
pub(crate) type At = (&'static str, &'static [&'static str]);

/// At each command.
pub(crate) const AT_TRANSMIT: At = (
    "Transmit",
    &[
        "reset-before",
        "reset-after",
        "removed-before",
        "removed-after",
        "reinserted-before",
        "reinserted-after",
        "swapped-before",
        "swapped-after",
        "service-before",
        "service-after",
        "restarted-before",
        "restarted-after",
        "vanished-before",
        "vanished-after",
        "lost-before",
        "lost-after",
        "comm-before",
        "comm-after",
        "sharing",
        "slow",
        "empty",
        "one-byte",
        "long",
        "too-long",
        "other-le",
        "waiting",
        "endless",
    ],
);

/// What the card itself may do, at each command and for ever: as [`simcard::Fault`] is written.
pub(crate) fn of_the_card(channel: bool) -> Vec<String> {
    const PLAIN: [&str; 7] = [
        "status-only",
        "truncate:1",
        "cut:1",
        "signature-length:-96",
        "signature-length:-1",
        "signature-length:1",
        "other-application-before",
    ];
    /// In place of the answer: the card does not act.
    const INSTEAD: [&str; 18] = [
        "0000", "6110", "6282", "63C0", "63C2", "6700", "6982", "6983", "6985", "6A80", "6A82", "6A88",
        "6C00", "6C10", "6D00", "6E00", "6F00", "FFFF",
    ];
    /// After the card acted.
    const AFTER: [&str; 11] =
        ["9000", "6F00", "6D00", "6E00", "6110", "6C10", "6700", "6982", "6A88", "63C5", "6300"];
    const GARBAGE: [&str; 6] = [
        "63",
        "90",
        "A5*258",
        "5A*300",
        // A good status, and data that promise more than can be.
        "30847FFFFFFF04847FFFFFFF9000",
        "A07FDF21009000",
    ];
    let mut all: Vec<_> = PLAIN.map(str::to_owned).into();
    all.extend(INSTEAD.map(|status| format!("status:{status}")));
    all.extend(AFTER.map(|status| format!("status-after:{status}")));
    all.extend(GARBAGE.map(|bytes| format!("garbage:{bytes}")));
    all.push(format!("garbage:{}9000", noise()));
    if channel {
        all.extend(OF_THE_CHANNEL.map(str::to_owned));
    }
    all
}

/// Secure messaging that is said to be wrong, or to be missing, and an answer with a wrong check value.
const OF_THE_CHANNEL: [&str; 3] = ["status:6988", "status:6987", "garbage:990290008E0800112233445566779000"];

/// What the card may do at every command from then on. The last two never give the last byte of an answer.
pub(crate) fn for_ever(channel: bool) -> Vec<String> {
    let mut all = of_the_card(channel);
    all.extend(["reset-before", "garbage:A56101", "garbage:309000"].map(str::to_owned));
    all
}

/// Two hundred bytes that mean nothing.
fn noise() -> String {
    (0..200_u8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{:02X}", byte.wrapping_mul(167) ^ 0x5C);
        text
    })
}

/// At each call.
pub(crate) const AT_CALLS: &[At] = &[
    AT_TRANSMIT,
    // At a keypad. Nobody comes, and the driver gives up: that is "lost-before".
    ("Control", AT_TRANSMIT.1),
    ("EstablishContext", &["service", "restarted", "comm", "slow"]),
    ("ReleaseContext", &["service", "restarted", "removed", "swapped", "comm", "slow"]),
    ("ListReaders", &["service", "restarted", "vanished", "removed", "swapped", "comm", "slow"]),
    (
        "GetStatusChange",
        &["service", "restarted", "vanished", "removed", "reinserted", "swapped", "comm", "slow"],
    ),
    ("Cancel", &["service", "restarted", "vanished", "removed", "comm", "slow"]),
    (
        "Connect",
        &[
            "service",
            "restarted",
            "vanished",
            "removed",
            "reinserted",
            "swapped",
            "sharing",
            "comm",
            "mute",
            "slow",
            "held",
            "reset-after",
            "removed-after",
            "swapped-after",
            "restarted-after",
            "vanished-after",
            "held-after",
        ],
    ),
    ("Status", &["service", "restarted", "vanished", "removed", "reset", "swapped", "comm", "slow", "held"]),
    (
        "BeginTransaction",
        &[
            "reset",
            "service",
            "restarted",
            "vanished",
            "removed",
            "reinserted",
            "swapped",
            "sharing",
            "comm",
            "slow",
            "held",
            "reset-after",
            "removed-after",
            "swapped-after",
        ],
    ),
    (
        "EndTransaction",
        &["reset", "service", "restarted", "vanished", "removed", "reinserted", "swapped", "comm", "slow"],
    ),
    (
        "Disconnect",
        &["reset", "service", "restarted", "vanished", "removed", "reinserted", "swapped", "comm", "slow"],
    ),
];

/// Two faults, the second on what is done about the first. All pairs would be too many, and most of them are two faults
/// that have nothing to do with each other. So the first ones are those after which the module goes on with the same
/// card and does something that it does not do else: it takes note of a reset (and only then calls SCardReconnect),
/// looks whether a command of which the answer was lost was carried out, takes a PIN back, gives the connection up and
/// makes another, with the old daemon or the new one. The second comes at each of the next [`REACH`] calls, whatever they
/// are, in this operation or in the one by which the holder tries again; and each is of another kind.
pub(crate) const FIRST: &[At] = &[
    ("Transmit", &["reset-before", "comm-after"]),
    ("BeginTransaction", &["reset", "restarted"]),
    ("Connect", &["sharing"]),
];
pub(crate) const SECOND: &[&str] = &["reset", "swapped", "comm"];
pub(crate) const REACH: u32 = 4;

/// How many kinds of fault there are, each at its function.
pub(crate) fn kinds() -> usize {
    AT_CALLS.iter().map(|(_, faults)| faults.len()).sum::<usize>() + of_the_card(true).len()
}
