//! The window, by its keyboard and as a screen reader sees it, with simulated cards behind the real pcscd.

mod absent;
mod actions;
mod activation;
mod again;
mod asked;
mod card;
mod contactless;
mod disturbed;
mod faults;
mod keypads;
mod pictures;
mod seen;
mod settings;
mod stage;
mod typed;
