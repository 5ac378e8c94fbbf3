//! The rig itself: if this fails, nothing else here means anything.

use std::ffi::CString;
use std::process::Command;

use kit::{Rig, card, run, until};
use pcsc::{Context, Disposition, Error, Protocols, Scope, ShareMode};

/// Sends SELECT MF to the card in the reader and gives the status.
fn select(reader: &str) -> Result<Vec<u8>, Error> {
    let name = CString::new(reader).unwrap();
    let context = Context::establish(Scope::User)?;
    let card = context.connect(&name, ShareMode::Shared, Protocols::ANY)?;
    let mut buffer = [0; 258];
    let answer = card.transmit(&[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00], &mut buffer)?.to_vec();
    card.disconnect(Disposition::LeaveCard).map_err(|(_, error)| error)?;
    Ok(answer)
}

const SUCCESS: &[u8] = &[0x90, 0x00];

#[test]
fn a_card_comes_and_goes() {
    let rig = Rig::start(1);
    let inserted = rig.insert(0, card("fineid-v4.0"));
    assert_eq!(select(inserted.reader()).as_deref(), Ok(SUCCESS), "{}", rig.log());
    let reader = inserted.reader().to_owned();
    let card = inserted.remove();
    assert_eq!(select(&reader), Err(Error::NoSmartcard));
    let inserted = rig.insert(1, card);
    assert_eq!(select(inserted.reader()).as_deref(), Ok(SUCCESS), "{}", rig.log());
}

#[test]
fn other_programs_see_the_card() {
    let rig = Rig::start(1);
    let inserted = rig.insert(0, card("fineid-v3.1"));
    let atr = run(Command::new("opensc-tool").args(["--reader", inserted.reader(), "--atr"]));
    assert!(atr.starts_with("3b:7f:96"), "{atr}");
}

#[test]
fn pcscd_can_be_stopped_and_started() {
    let mut rig = Rig::start(1);
    let inserted = rig.insert(0, card("fineid-v4.1"));
    rig.stop();
    drop(inserted);
    assert_eq!(select(&rig.reader(0)), Err(Error::NoService));
    rig.restart();
    let inserted = rig.insert(0, card("fineid-v3.0"));
    assert_eq!(select(inserted.reader()).as_deref(), Ok(SUCCESS), "{}", rig.log());
}

/// Not even the other slot of a reader: what blocks in a test is the module's doing.
#[test]
fn a_card_that_hangs_blocks_no_other_reader() {
    let rig = Rig::start(4);
    let (hanging, gate) = rig.insert_behind_gate(0, card("fineid-v4.0"));
    let others: Vec<_> = (1..4).map(|reader| rig.insert(reader, card("fineid-v4.0"))).collect();
    std::thread::scope(|scope| {
        let hang = gate.hang_at(&[0xA4]);
        let selecting = scope.spawn(|| select(hanging.reader()));
        until("the card hangs", || hang.hangs());
        for other in &others {
            assert_eq!(select(other.reader()).as_deref(), Ok(SUCCESS), "{}", rig.log());
        }
        assert!(hang.hangs() && !selecting.is_finished(), "the other readers waited");
        drop(hang);
        assert_eq!(selecting.join().unwrap().as_deref(), Ok(SUCCESS));
    });
}
