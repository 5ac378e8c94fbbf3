//! Who else is at the card: a program that speaks raw PC/SC and has no manners, and the programs of OpenSC.

use kit::judge::holds;
use kit::scratch;
use pcsc::{Card, Context, Disposition, Protocols, Scope, ShareMode};
use std::ffi::CString;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::program::Certificates;
use crate::scenes::{PIN1, Scene};
use crate::table::Table;
use kit::Dice;

/// What all of them know.
pub(crate) struct Place<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) table: &'a Table,
    pub(crate) certificates: &'a Certificates,
    pub(crate) reader: CString,
    /// They are to go.
    pub(crate) stop: &'a AtomicBool,
}

/// Selects what it likes, resets the card, keeps it for a while, and presents the right PIN1 itself. It looks
/// whether it finds PIN2 open. Gives how often it did something, or what it saw.
pub(crate) fn hammer(place: &Place<'_>, mut dice: Dice) -> Result<u32, String> {
    let context = Context::establish(Scope::User).expect("pcscd answers");
    let mut times = 0;
    while !place.stop.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(dice.below(100).into()));
        // There may be no card at the moment.
        let Ok(mut card) = context.connect(&place.reader, ShareMode::Shared, Protocols::ANY) else {
            continue;
        };
        // Nor need there be one to the end.
        for _ in 0..dice.below(8) {
            times += 1;
            if disturb(place, &mut card, &mut dice)? == Seen::Nothing {
                break;
            }
        }
        let end = if dice.below(4) == 0 { Disposition::ResetCard } else { Disposition::LeaveCard };
        let _ = card.disconnect(end);
    }
    Ok(times)
}

/// Whether the card did as it was told.
#[derive(PartialEq, Eq)]
enum Seen {
    Something,
    Nothing,
}

fn disturb(place: &Place<'_>, card: &mut Card, dice: &mut Dice) -> Result<Seen, String> {
    let done = match dice.below(6) {
        0 => card.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::ResetCard).is_ok(),
        1 => transmit(card, dice.one_of(place.scene.selects)).is_some(),
        2 => present_pin1(place, card),
        3 => transmit(card, &[0x00, 0xB0, 0x00, 0x00, 0x10]).is_some(),
        _ => return look(place, card, dice),
    };
    Ok(if done { Seen::Something } else { Seen::Nothing })
}

fn transmit(card: &Card, command: &[u8]) -> Option<u16> {
    let mut buffer = [0; 258];
    let [.., high, low] = card.transmit(command, &mut buffer).ok()? else { return None };
    Some(u16::from_be_bytes([*high, *low]))
}

/// The card stays in the reader meanwhile: the PIN is that of its holder.
fn present_pin1(place: &Place<'_>, card: &Card) -> bool {
    let _kept = place.table.keep_card();
    let (header, filler) = place.scene.verify;
    let mut pin = PIN1[place.table.turn().person].as_bytes().to_vec();
    pin.resize(header[4].into(), filler);
    transmit(card, &[&header, pin.as_slice()].concat()).is_some()
}

/// Keeps the card for a while, and looks whether PIN2 is open; perhaps where another application is selected.
fn look(place: &Place<'_>, card: &mut Card, dice: &mut Dice) -> Result<Seen, String> {
    let Ok(held) = card.transaction() else { return Ok(Seen::Nothing) };
    let mut open = transmit(&held, &place.scene.is_pin2_open) == Some(0x9000);
    if dice.below(2) == 0 {
        transmit(&held, dice.one_of(place.scene.selects));
        open |= transmit(&held, &place.scene.is_pin2_open) == Some(0x9000);
    }
    std::thread::sleep(Duration::from_millis(dice.below(15).into()));
    if open { Err("PIN2 was open to another program".to_owned()) } else { Ok(Seen::Something) }
}

/// A module for `pkcs11-tool`.
pub(crate) struct Tool {
    pub(crate) module: PathBuf,
    /// What it says where it fails for a good reason.
    pub(crate) excuse: &'static str,
}

/// `pkcs11-tool` with a module, which logs in with PIN1 and signs. Gives how often it did, or what went
/// wrong.
pub(crate) fn pkcs11_tool(place: &Place<'_>, tool: &Tool, mut dice: Dice) -> Result<u32, String> {
    let folder = scratch("pkcs11-tool");
    let [input, output] = ["input", "output"].map(|name| folder.join(name));
    let token = &place.scene.tokens[0];
    let mut times = 0;
    while !place.stop.load(Ordering::SeqCst) {
        let data = dice.digest();
        std::fs::write(&input, data).expect("the data");
        let kept = place.table.keep_card();
        let person = place.table.turn().person;
        let outcome = Command::new("pkcs11-tool")
            .arg("--module")
            .arg(&tool.module)
            .args(["--login", "--pin", PIN1[person], "--sign", "--id", &format!("{:02x}", token.id)])
            .args(["--mechanism", token.mechanism_name(), "--input-file"])
            .arg(&input)
            .arg("--output-file")
            .arg(&output)
            .output()
            .expect("run pkcs11-tool");
        drop(kept);
        let said = String::from_utf8_lossy(&[outcome.stdout, outcome.stderr].concat()).into_owned();
        if !outcome.status.success() {
            if said.contains(tool.excuse) && !said.contains("CKR_PIN_INCORRECT") {
                continue;
            }
            return Err(format!("pkcs11-tool with {}: {said}", tool.module.display()));
        }
        let signature = std::fs::read(&output).expect("the signature");
        if !holds(&place.certificates[person][0], &data, &signature) {
            return Err(format!(
                "pkcs11-tool with {}: the signature is by another key",
                tool.module.display()
            ));
        }
        times += 1;
        std::thread::sleep(Duration::from_millis(dice.below(1000).into()));
    }
    let never = || format!("pkcs11-tool with {} never signed", tool.module.display());
    if times > 0 { Ok(times) } else { Err(never()) }
}
