//! Properties: other cases each time, the same ones on demand.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::seed;

/// Tries a property with so many cases (`PROPTEST_CASES` asks for others), of the seed that [`seed`] gives; the simplest
/// one for which it does not hold is told.
///
/// # Panics
/// Where there is one.
pub fn holds_for<S: Strategy>(
    test: &str,
    cases: u32,
    strategy: &S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let mut config = Config { failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    config.rng_seed = RngSeed::Fixed(seed(test));
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if let Err(error) = TestRunner::new(config).run(strategy, property) {
        panic!("{error}");
    }
}
