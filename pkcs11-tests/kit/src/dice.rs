//! How much is tried, and random numbers that come again with their seed (splitmix64).

use std::io::Write;

/// Whether everything is to be tried, however long it takes: `AVAIN_EXHAUSTIVE=1`.
pub fn exhaustive() -> bool {
    std::env::var_os("AVAIN_EXHAUSTIVE").is_some_and(|value| value != "0")
}

/// A seed for a test, another one each time unless `AVAIN_SEED` names one. It is told, so that it can be.
///
/// # Panics
/// Where `AVAIN_SEED` is no number.
pub fn seed(test: &str) -> u64 {
    let asked = std::env::var("AVAIN_SEED").ok();
    let seed = asked.map_or_else(
        || std::time::UNIX_EPOCH.elapsed().map_or(0, |now| now.as_secs()),
        |number| number.parse().expect("AVAIN_SEED is a number"),
    );
    // Not by eprintln, which is not seen where a test succeeds.
    let _ = writeln!(std::io::stderr(), "  {test}: AVAIN_SEED={seed}");
    seed
}

/// A sequence of numbers.
pub struct Dice(u64);

impl Dice {
    /// The sequence that begins with this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    ///
    /// # Panics
    /// Where it is 0.
    pub fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(self.roll() % u64::from(limit)).expect("below a small number")
    }

    /// One of these; there is one.
    ///
    /// # Panics
    /// Where there is none.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(u32::try_from(all.len()).expect("few")) as usize]
    }

    /// Bytes, as many as a digest of SHA-384 has.
    pub fn digest(&mut self) -> [u8; 48] {
        std::array::from_fn(|_| self.roll().to_le_bytes()[0])
    }
}
