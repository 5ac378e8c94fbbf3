//! What only the real pcscd shows, or only the library as a file: programs in C, the log of a program, OpenSC beside us.

mod c_programs;
mod example;
mod library;
mod logging;
mod opensc_cards;
