//! Certificates that are kept for the time of a login session, where several programs keep them.

use kit::{ANY, LoginSession, Module, PIN1, PIN2, Puppet, Watched, World, elevated, scratch};
use std::fs;

const PROGRAM: &str = env!("CARGO_BIN_EXE_puppet");

/// A login with PIN1 and a signature, after a look at both tokens.
fn signs(puppet: &mut Puppet) {
    puppet.does(&["initialize"]);
    puppet.does(&["open", PIN1.0]);
    puppet.does(&["open", PIN2.0]);
    puppet.does(&["login", "0", "1", PIN1.1]);
    puppet.does(&["begin", "0", "69"]);
    puppet.does(&["sign", "0"]);
}

/// Each finds the file whole, or not at all, and signs with the right key.
#[test]
fn programs_that_keep_certificates_at_once_do_not_disturb_each_other() {
    let (world, card) = World::on_the_daemon_with(ANY);
    world.finalize();
    let session = LoginSession::beside();
    let rounds = || {
        for _ in 0..4 {
            let mut puppet = Puppet::with_module(PROGRAM, &session.environment());
            signs(&mut puppet);
            // A child begins anew, and finds what is kept.
            puppet.told(&["use in a child"]);
            puppet.does(&["logout", "0"]);
            let _ = session.files().first().map(fs::remove_file);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(rounds);
        }
    });
    let cost = || card.cost(|| signs(&mut Puppet::with_module(PROGRAM, &session.environment()))).0;
    let (cold, warm) = (cost(), cost());
    assert!(warm < cold, "{warm} after {cold}");
    assert_eq!(session.files().len(), 1, "{:?}", session.files());
    assert_eq!(card.tries(simcard::PIN1), 5);
}

#[test]
fn a_program_with_more_rights_than_its_user_keeps_nothing() {
    let (world, card) = World::on_the_daemon_with(ANY);
    world.finalize();
    let program = scratch("elevated").join("puppet");
    fs::copy(PROGRAM, &program).unwrap();
    let as_user = elevated(&program);
    let session = LoginSession::beside();
    let start = |program: &[&str]| Puppet::start(program, &Module::for_programs(), &session.environment());
    let cold = card.cost(|| signs(&mut start(&as_user))).0;
    assert!(!session.folder().join("avain").exists());
    // Nor does it take what others have kept.
    signs(&mut start(&[PROGRAM]));
    assert_eq!(session.files().len(), 1);
    assert_eq!(card.cost(|| signs(&mut start(&as_user))).0, cold);
}
