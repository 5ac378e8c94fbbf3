//! The simulated card from outside.

mod baltic_certificates;
mod certificates;
mod common;
mod control_channel;
mod faults;
mod files;
mod happy_paths;
mod idemia;
mod pins;
mod random_bytes;
mod recordings;
mod switches;
mod t0_rules;
mod thales;
mod vpcd;
