//! Properties: the same sequence of cases every time, others on demand.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

/// The seed of every run, unless PROPTEST_RNG_SEED names another one. PROPTEST_CASES asks for more cases than usual.
const SEED: u64 = 20_250_301;

/// Tries a property with so many cases; the simplest one for which it does not hold is told.
///
/// # Panics
/// Where there is one.
pub fn holds_for<S: Strategy>(
    cases: u32,
    strategy: &S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let mut config = Config { failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(SEED);
    }
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if let Err(error) = TestRunner::new(config).run(strategy, property) {
        panic!("{error}");
    }
}
