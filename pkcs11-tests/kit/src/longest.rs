//! The longest time that each thing took, where many are done again and again.

use std::fmt;
use std::time::{Duration, Instant};

/// Names of things, and the longest time of each.
#[derive(Debug, Default)]
pub struct Longest(Vec<(&'static str, Duration)>);

impl Longest {
    /// Does it, and notes how long it took.
    pub fn of<R>(&mut self, name: &'static str, act: impl FnOnce() -> R) -> R {
        let start = Instant::now();
        let result = act();
        self.note(name, start.elapsed());
        result
    }

    /// Notes how long something took.
    pub fn note(&mut self, name: &'static str, took: Duration) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, longest)) => *longest = took.max(*longest),
            None => self.0.push((name, took)),
        }
    }

    /// Nothing took as long as this.
    ///
    /// # Panics
    /// Where something did, or nothing was done.
    #[track_caller]
    pub fn assert_below(&self, bound: Duration) {
        assert!(!self.0.is_empty(), "nothing was done");
        assert!(self.0.iter().all(|(_, longest)| *longest < bound), "{self}");
    }
}

impl fmt::Display for Longest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (name, longest)) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(out, "{comma}{name} {} ms", longest.as_millis())?;
        }
        Ok(())
    }
}
