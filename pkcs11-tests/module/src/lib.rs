//! A program for tests of the module that need another process: `puppet`.
