//! Recordings of real cards, which are not part of the repository. Tests that need them are ignored where they are not at
//! hand, and the test run says so.

/// The text of a recording.
///
/// # Panics
/// Where it is not at hand: a test that needs it is made by [`recorded_tests`](crate::recorded_tests).
pub fn text(name: &str) -> String {
    let Some(folder) = option_env!("RECORDINGS") else { panic!("the recordings are not at hand") };
    let path = std::path::Path::new(folder).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Makes tests of these functions, in a module `recorded`. Where the recordings are not at hand, the tests are ignored.
#[cfg(recordings)]
#[macro_export]
macro_rules! recorded_tests {
    ($($test:ident),+ $(,)?) => {
        mod recorded {
            $(#[test]
            fn $test() {
                super::$test();
            })+
        }
    };
}

/// Makes tests of these functions, in a module `recorded`. They are ignored: the recordings are not at hand.
#[cfg(not(recordings))]
#[macro_export]
macro_rules! recorded_tests {
    ($($test:ident),+ $(,)?) => {
        mod recorded {
            $(#[test]
            #[ignore = "the recordings of real cards are not at hand: AVAIN_TRACES names their folder"]
            fn $test() {
                super::$test();
            })+
        }
    };
}
