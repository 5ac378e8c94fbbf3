//! The simulated card from outside.

mod baltic_certificates;
mod belgium;
mod certificates;
mod common;
mod contactless;
mod control_channel;
mod directory;
mod faults;
mod files;
mod foreign;
mod happy_paths;
mod idemia;
mod lithuania;
mod models;
mod organisation;
mod pins;
mod pkcs15;
mod random_bytes;
mod random_bytes_elsewhere;
mod recordings;
mod switches;
mod t0_rules;
mod thales;
mod unusual_certificates;
mod vpcd;
