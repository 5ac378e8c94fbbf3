//! The programs people use, a module for each. What a program does with the card is a row in `docs/programs.md`.

mod mozilla;
mod openssl_setup;
mod ssh_agent;

mod chromium;
mod code_signing;
mod cryptsetup;
mod curl;
mod digidoc;
mod firefox;
mod flatpak;
mod git;
mod gnupg;
mod gnutls;
mod java;
mod kerberos;
mod libreoffice;
mod node;
mod nss;
mod one_pin;
mod opensc;
mod openssl;
mod openvpn;
mod p11_kit;
mod profiles;
mod pyhanko;
mod python;
mod rust;
mod ssh;
mod sssd;
mod stunnel;
mod thunderbird;
mod wpa;
