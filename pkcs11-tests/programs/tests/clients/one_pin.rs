//! Programs that hand the one PIN that they were told to every token. The key of PIN1 can be used, and PIN2 loses no try.

use std::process::{Command, Stdio};

use kit::run;
use programs::clients::{Card, User};
use simcard::{PIN1, PIN2};

use crate::openssl_setup::{ENGINE, PROVIDER, Way};

/// The user's program is told PIN1. It may present it once as PIN1.
#[track_caller]
fn costs_no_try(run: impl Fn(&User)) {
    for card in Card::ALL {
        let user = User::with(card);
        run(&user);
        let [first, second] = [PIN1, PIN2].map(|reference| user.card().credential_count(reference));
        assert_eq!((first.commands, first.tries_spent), (1, 0), "PIN1 is presented once");
        assert_eq!((second.commands, second.tries_spent), (0, 0), "PIN1 is not presented as PIN2");
    }
}

#[test]
fn p11tool() {
    costs_no_try(|user| {
        let mut p11tool = user.program("p11tool");
        p11tool.args(["--login", "--list-all", "pkcs11:"]).env("GNUTLS_PIN", user.pin1());
        // It ends without a list, because the other token does not take the PIN.
        p11tool.stdin(Stdio::null()).output().expect("start p11tool");
    });
}

#[test]
fn certutil() {
    costs_no_try(|user| {
        let database = user.nss_database("nss", &[]);
        let pin = user.write("pin1", format!("{}\n", user.pin1()));
        let mut certutil = user.program("certutil");
        certutil.args(["-K", "-h", "all", "-d", &format!("sql:{}", database.display()), "-f"]).arg(pin);
        // It fails because of the other token, and shows this one's key.
        let listed = certutil.output().expect("start certutil");
        let listed = String::from_utf8_lossy(&listed.stdout);
        assert!(listed.contains("FINEID authentication"), "{listed}");
    });
}

#[test]
fn pdfsig() {
    costs_no_try(|user| {
        let database = user.nss_database("nss", &[]);
        let mut pdfsig = user.program("pdfsig");
        pdfsig.arg("-nssdir").arg(database).args(["-nss-pwd", user.pin1(), "-list-nicks"]);
        // It wants all tokens to take one password, and says that they do not.
        pdfsig.output().expect("start pdfsig");
    });
}

/// The key is named without its token.
fn openssl(way: &Way, user: &User, key: &str) {
    user.write("text", "Any message will do.\n");
    let mut sign: Command = way.program(user, "openssl");
    sign.arg("dgst").args(way.options.split_whitespace()).args(["-sign", key]);
    sign.args(["-sha256", "-out", "signature", "text"]);
    way.run_in_terminal(&mut sign, user.pin1()).succeeded();
    let key = user.public_key("auth");
    let mut verify = user.program("openssl");
    run(verify.args(["dgst", "-sha256", "-signature", "signature", "-verify"]).arg(key).arg("text"));
}

#[test]
fn provider_of_openssl_that_asks() {
    costs_no_try(|user| openssl(&PROVIDER, user, "pkcs11:id=%45;type=private"));
}

#[test]
fn provider_of_openssl_with_the_pin_in_the_address() {
    costs_no_try(|user| {
        let key = format!("pkcs11:id=%45;type=private?pin-value={}", user.pin1());
        openssl(&PROVIDER, user, &key);
    });
}

#[test]
fn engine_of_openssl() {
    costs_no_try(|user| {
        let key = format!("pkcs11:token=FINEID%20%28PIN1%29;id=%45;type=private?pin-value={}", user.pin1());
        openssl(&ENGINE, user, &key);
    });
}
