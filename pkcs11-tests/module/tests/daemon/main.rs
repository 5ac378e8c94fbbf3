//! What only the real pcscd shows, or only the library as a file: programs in C, OpenSC beside us.

mod c_programs;
mod example;
mod kept;
mod library;
mod opensc_cards;
