//! The programs people use, a module for each. What a program does with the card is a row in `docs/programs.md`.

mod mozilla;
mod openssl_setup;
mod ssh_agent;

mod chromium;
mod curl;
mod firefox;
mod git;
mod gnupg;
mod gnutls;
mod java;
mod libreoffice;
mod nss;
mod one_pin;
mod openssl;
mod p11_kit;
mod profiles;
mod pyhanko;
mod python;
mod ssh;
mod thunderbird;
