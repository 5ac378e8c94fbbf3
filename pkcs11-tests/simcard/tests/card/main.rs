//! The simulated card from outside.

mod certificates;
mod common;
mod control_channel;
mod faults;
mod files;
mod happy_paths;
mod pins;
mod random_bytes;
mod switches;
mod t0_rules;
mod vpcd;
