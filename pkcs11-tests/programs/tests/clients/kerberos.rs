//! MIT Kerberos: kinit with the card (PKINIT) at a KDC of our own.

use kit::run;
use programs::clients::{Background, Card, Program, User, run_in_terminal};

const REALM: &str = "TEST.LAN";

/// The KDC's certificate must name the service in a form that only Kerberos has (RFC 4556 §3.2.4).
const EXTENSIONS: &str = "\
[kdc]
basicConstraints = CA:FALSE
extendedKeyUsage = 1.3.6.1.5.2.3.5
subjectAltName = otherName:1.3.6.1.5.2.2;SEQUENCE:principal
[principal]
realm = EXP:0,GeneralString:TEST.LAN
name = EXP:1,SEQUENCE:name
[name]
type = EXP:0,INTEGER:1
parts = EXP:1,SEQUENCE:parts
[parts]
service = GeneralString:krbtgt
realm = GeneralString:TEST.LAN
";

fn certify_kdc(user: &User) {
    user.write("kdc.ext", EXTENSIONS);
    let openssl = |arguments: &str| run(user.program("openssl").args(arguments.split(' ')));
    openssl("req -x509 -newkey rsa:2048 -noenc -days 2 -subj /CN=Authority -keyout ca.key -out ca.pem");
    openssl("req -new -newkey rsa:2048 -noenc -subj /CN=kdc -keyout kdc.key -out kdc.req");
    openssl(
        "x509 -req -in kdc.req -CA ca.pem -CAkey ca.key -days 2 -extfile kdc.ext -extensions kdc -out kdc.pem",
    );
}

/// A program of Kerberos with our configuration.
fn kerberos(user: &User, program: &str) -> std::process::Command {
    let home = user.file("");
    let home = home.display();
    user.write(
        "krb5.conf",
        format!(
            "[libdefaults]\ndefault_realm = {REALM}\ndns_lookup_kdc = false\ndns_canonicalize_hostname = false\n\
             default_ccache_name = FILE:{home}/tickets\n[realms]\n{REALM} = {{\nkdc = 127.0.0.1:8888\n\
             pkinit_anchors = FILE:{home}/ca.pem\npkinit_anchors = FILE:{home}/root.pem\n\
             pkinit_pool = FILE:{home}/issuing.pem\n\
             pkinit_eku_checking = kpKDC\n}}\n"
        ),
    );
    user.write(
        "kdc.conf",
        format!(
            "[kdcdefaults]\nkdc_ports = 8888\nkdc_tcp_ports = 8888\n[realms]\n{REALM} = {{\n\
             database_name = {home}/principals\nkey_stash_file = {home}/stash\nacl_file = {home}/acl\n\
             pkinit_identity = FILE:{home}/kdc.pem,{home}/kdc.key\npkinit_anchors = FILE:{home}/root.pem\n\
             pkinit_pool = FILE:{home}/issuing.pem\npkinit_eku_checking = none\n}}\n"
        ),
    );
    let mut command = user.program(program);
    command.env("KRB5_CONFIG", user.file("krb5.conf")).env("KRB5_KDC_PROFILE", user.file("kdc.conf"));
    command
}

#[test]
fn gets_a_ticket() {
    let user = User::with(Card::Rsa);
    certify_kdc(&user);
    run(kerberos(&user, "kdb5_util").args(["create", "-s", "-P", "database"]));
    let kadmin = |query: &str| run(kerberos(&user, "kadmin.local").args(["-q", query]));
    kadmin("addprinc +requires_preauth -nokey holder");
    // Whose certificate it has to be. The name ends with the holder's number.
    let name = user.card().holder().common_name();
    let number = name.rsplit(' ').next().expect("a number");
    kadmin(&format!("set_string holder pkinit_cert_match \"<SUBJECT>.*{number}.*\""));
    let mut kdc = kerberos(&user, "krb5kdc");
    let _kdc = Background::start(kdc.arg("-n"), "starting...");
    let version = run(user.program("klist").arg("-V"));
    let version = version.trim().rsplit(' ').next().expect("a version");
    let program = Program { name: "MIT Kerberos", version: version.into() };
    let task = user.task(&program, "get a ticket (kinit, PKINIT)");
    let identity = format!(
        "X509_user_identity=PKCS11:module_name={}:token=FINEID (PIN1):certid=45",
        user.module().display()
    );
    let mut kinit = kerberos(&user, "kinit");
    let dialogue =
        run_in_terminal(kinit.args(["-X", &identity, "holder"]), &[("PIN: ", user.pin1())]).succeeded();
    let tickets = run(&mut kerberos(&user, "klist"));
    assert!(tickets.contains(&format!("krbtgt/{REALM}@{REALM}")), "{tickets}");
    task.done(dialogue.answers, [1, 0]);
}
