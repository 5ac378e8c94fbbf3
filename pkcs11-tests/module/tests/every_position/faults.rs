//! Which faults are played where.

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

/// At each call.
pub(crate) const AT_CALLS: &[At] = &[
    AT_TRANSMIT,
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
    AT_CALLS.iter().map(|(_, faults)| faults.len()).sum()
}
