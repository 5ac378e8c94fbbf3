//! The window, by its keyboard and as a screen reader sees it, with simulated cards behind the real pcscd.

mod activation;
mod asked;
mod card;
mod disturbed;
mod faults;
mod pictures;
mod seen;
mod stage;
mod typed;
