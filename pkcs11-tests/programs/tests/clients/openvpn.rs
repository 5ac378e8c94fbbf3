//! OpenVPN: both ends on this computer, without a network device. The client's key is on the card.

use kit::run;
use programs::clients::{Background, Card, Program, User, run_in_terminal, server_certificates};

/// How OpenVPN names the certificate of PIN1.
fn identifier(user: &User) -> String {
    let list = run(user.program("openvpn").arg("--show-pkcs11-ids").arg(user.module()));
    let identifiers = list.lines().filter_map(|line| line.trim().strip_prefix("Serialized id:"));
    let own = identifiers.map(str::trim).find(|identifier| identifier.contains("PIN1"));
    own.unwrap_or_else(|| panic!("no certificate of PIN1 in {list}")).to_owned()
}

#[test]
fn connects() {
    for card in Card::ALL {
        let user = User::with(card);
        let [authority, certificate] = server_certificates(&user);
        let settings = format!(
            "dev null\nproto tcp-server\nlocal 127.0.0.1\ntls-server\ndh none\nverb 3\n\
             ca authorities.pem\ncert {0}\nkey {0}\n",
            certificate.display()
        );
        let settings = user.write("server.conf", settings);
        let mut server = user.program("openvpn");
        let server = Background::start(server.arg("--config").arg(settings), "Listening for incoming");
        let version = run(user.program("sh").args(["-c", "openvpn --version || :"]));
        let program =
            Program { name: "OpenVPN", version: version.split(' ').nth(1).expect("a version").into() };
        let task = user.task(&program, "connect to a network");
        let settings = format!(
            "dev null\nproto tcp-client\nremote 127.0.0.1\ntls-client\nverb 3\nca {}\n\
             pkcs11-providers {}\npkcs11-id '{}'\nlog client.log\n",
            authority.display(),
            user.module().display(),
            identifier(&user)
        );
        let settings = user.write("client.conf", settings);
        // It ends as soon as it is connected.
        let connect = format!(
            "(until grep -q 'Initialization Sequence Completed' client.log; do sleep 0.1; done; kill $$) & \
             exec openvpn --config {}",
            settings.display()
        );
        let mut client = user.program("sh");
        let dialogue = run_in_terminal(client.args(["-c", &connect]), &[("token Password:", user.pin1())]);
        let name = user.card().holder().common_name();
        let seen = server.output();
        assert!(seen.contains(&format!("[{name}")), "the server saw somebody else: {seen}");
        task.done(dialogue.answers, [1, 0]);
    }
}
