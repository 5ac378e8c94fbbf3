//! Node.js, by the package graphene-pk11.

use kit::openssl::{Scheme, verifies};
use kit::run;
use programs::clients::{Card, Program, User, unhex};
use programs::installed::{for_clients, script};

const TEXT: &str = "Any message will do.";

#[test]
fn graphene_signs() {
    for card in Card::ALL {
        let user = User::with(card);
        let modules = for_clients("node_modules");
        let package = modules.join("graphene-pk11/package.json");
        let version = format!("console.log(require('{}').version)", package.display());
        let version = run(user.program("node").args(["-e", &version]));
        let program = Program { name: "graphene-pk11 (Node.js)", version: version.trim().into() };
        let task = user.task(&program, "sign");
        let mut node = user.program("node");
        node.env("NODE_PATH", &modules).arg(script("clients/sign_graphene.js"));
        let signature = run(node.arg(user.module()).args([user.pin1(), TEXT]));
        let (scheme, hash) =
            if card == Card::Ec { (Scheme::Ecdsa, "sha384") } else { (Scheme::Pkcs1, "sha256") };
        let signature = unhex(signature.trim());
        assert!(verifies(&user.certificate("auth"), scheme, hash, TEXT.as_bytes(), &signature));
        task.done(0, [1, 0]);
    }
}
