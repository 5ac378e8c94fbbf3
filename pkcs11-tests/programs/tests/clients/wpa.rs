//! wpa_supplicant's part in a login to a network with EAP-TLS: eapol_test, which is made of the same code, and hostapd
//! as the RADIUS server. wpa_supplicant loads modules only from /usr/lib.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use kit::run;
use programs::clients::{Background, Card, Program, User, server_certificates};
use programs::installed::library;

use crate::openssl_setup::PIN1_KEY;

/// The module where `make install PREFIX=/usr` puts it. Only this test's world sees it there.
fn installed(user: &User) -> PathBuf {
    let folder = library("pkcs11");
    run(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(&folder));
    let module = folder.join("avain-pkcs11.so");
    fs::copy(user.module(), &module).expect("install the module");
    module
}

#[test]
fn logs_in_to_a_network() {
    for card in Card::ALL {
        let user = User::with(card);
        let [authority, certificate] = server_certificates(&user);
        user.write("users", "* TLS\n");
        user.write("clients", "127.0.0.1 shared\n");
        let settings = format!(
            "interface=lo\ndriver=none\nlogger_stdout=-1\nlogger_stdout_level=0\nieee8021x=1\neap_server=1\n\
             eap_user_file=users\nca_cert=authorities.pem\nserver_cert={0}\nprivate_key={0}\n\
             radius_server_clients=clients\nradius_server_auth_port=1812\n",
            certificate.display()
        );
        user.write("hostapd.conf", settings);
        let _server = Background::start(user.program("hostapd").arg("hostapd.conf"), "AP-ENABLED");
        let settings = format!(
            "pkcs11_engine_path={}\npkcs11_module_path={}\n\
             network={{\n key_mgmt=WPA-EAP\n eap=TLS\n identity=\"holder\"\n ca_cert=\"{}\"\n engine=1\n \
             engine_id=\"pkcs11\"\n key_id=\"{PIN1_KEY}\"\n client_cert=\"auth.pem\"\n pin=\"{}\"\n}}\n",
            library("engines-3/pkcs11.so").display(),
            installed(&user).display(),
            authority.display(),
            user.pin1(),
        );
        let settings = user.write("network.conf", settings);
        let version = run(user.program("wpa_supplicant").arg("-v"));
        let version = version.lines().next().and_then(|line| line.strip_prefix("wpa_supplicant v"));
        let program = Program { name: "wpa_supplicant", version: version.expect("a version").into() };
        let task = user.task(&program, "log in to a network, EAP-TLS (eapol_test)");
        let mut eapol = user.program("eapol_test");
        eapol.arg("-c").arg(settings).args(["-a", "127.0.0.1", "-p", "1812", "-s", "shared", "-t", "60"]);
        let said = run(&mut eapol);
        assert!(said.trim_end().ends_with("SUCCESS"), "{said}");
        task.done(0, [1, 0]);
    }
}
