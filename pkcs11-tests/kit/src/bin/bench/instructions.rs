//! The module's own work, in instructions: counted by callgrind (valgrind), without the card, its reader and the daemon,
//! which are here in the process of the program.
//!
//! The program runs itself under callgrind, which writes what was executed since the last mark at each one. An
//! instruction is the module's if it is in its file, or in what its file calls outside of itself and of this program:
//! memory, copying, the system.

use crate::page::Part;
use cryptoki_sys::*;
use kit::{ANY, Backend, Module, PIN1, Rig, Session};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// The argument with which the program runs itself.
pub(crate) const DRIVEN: &str = "--driven";
/// What is counted, in order.
const STEPS: [&str; 5] = [
    "C_Initialize, list of the tokens",
    "find all objects, read the certificates",
    "the same again",
    "C_Login, C_FindObjects of the key",
    "C_SignInit, C_Sign",
];
/// What a program asks of a certificate.
const ASKED: [CK_ATTRIBUTE_TYPE; 8] =
    [CKA_CLASS, CKA_TOKEN, CKA_LABEL, CKA_ID, CKA_SUBJECT, CKA_ISSUER, CKA_SERIAL_NUMBER, CKA_VALUE];
/// Where callgrind stops to write.
const MARK: &str = "instructions_are_counted_from_here";

#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn instructions_are_counted_from_here(step: usize) {
    std::hint::black_box(step);
}

/// What is counted. Runs under callgrind.
pub(crate) fn drive() {
    let rig = Rig::on(Backend::Linked, 1, &[]);
    let card = rig.insert(0, kit::card(ANY));
    let module = Module::load();
    kit::stop_clock();
    let mark = std::hint::black_box(instructions_are_counted_from_here as extern "C" fn(usize));
    mark(0);
    let running = module.initialize().expect("C_Initialize");
    let slots = module.slots(true).expect("C_GetSlotList");
    for slot in &slots {
        module.token(*slot).expect("C_GetTokenInfo");
    }
    mark(1);
    let session = module.open(slots[0]).expect("C_OpenSession");
    certificates(&session);
    mark(2);
    certificates(&session);
    mark(3);
    session.login(CKU_USER, PIN1.1).expect("PIN1");
    let key = session.object(CKO_PRIVATE_KEY, 0x45).expect("the key");
    mark(4);
    session.sign(CKM_ECDSA_SHA384, key, b"bench").expect("C_Sign");
    mark(5);
    drop((session, running, card));
}

fn certificates(session: &Session<'_>) {
    session.find(&[]).expect("C_FindObjects");
    for object in session.find(&[(CKA_CLASS, &kit::bytes(CKO_CERTIFICATE))]).expect("C_FindObjects") {
        for kind in ASKED {
            session.attribute(object, kind).expect("an attribute");
        }
    }
}

/// Counts, for each of the steps.
pub(crate) fn count() -> Result<Vec<u64>, Box<dyn Error>> {
    let folder = kit::scratch("callgrind");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--compress-strings=no", "--compress-pos=no"])
        .arg(format!("--dump-before={MARK}"))
        .arg(format!("--callgrind-out-file={}", folder.join("out").display()))
        .arg(std::env::current_exe()?)
        .arg(DRIVEN)
        .env("AVAIN_CACHE", "off")
        .output()?;
    if !output.status.success() {
        return Err(format!("valgrind: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let module = std::fs::canonicalize(Module::under_test())?;
    // The first part is what came before the first mark.
    let parts = (2..).take(STEPS.len()).map(|part| folder.join(format!("out.{part}")));
    let counted = parts.map(|part| Ok(of_module(&std::fs::read_to_string(part)?, &module)?)).collect();
    std::fs::remove_dir_all(&folder)?;
    counted
}

/// The instructions of the module, by what callgrind has written.
fn of_module(profile: &str, module: &Path) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let (is_module, is_program) =
        (|file: &str| Path::new(file) == module, |file: &str| Path::new(file) == program);
    let (mut sum, mut here, mut called, mut is_call) = (0, "", None, false);
    for line in profile.lines() {
        if let Some(file) = line.strip_prefix("ob=") {
            here = file;
        } else if let Some(file) = line.strip_prefix("cob=") {
            called = Some(file);
        } else if line.starts_with("calls=") {
            is_call = true;
        } else if line.starts_with(|first: char| first.is_ascii_digit()) {
            let cost = line.split(' ').nth(1).and_then(|cost| cost.parse::<u64>().ok());
            let cost = cost.ok_or_else(|| format!("callgrind wrote {line:?}"))?;
            let callee = if is_call { called.take().unwrap_or(here) } else { here };
            let is_counted = if is_call { !is_module(callee) && !is_program(callee) } else { true };
            sum += if is_module(here) && is_counted { cost } else { 0 };
            is_call = false;
        }
    }
    if sum == 0 { Err(format!("callgrind has seen nothing of {}", module.display())) } else { Ok(sum) }
}

/// Compilers differ by as much.
const TOLERANCE: f64 = 1.1;

/// Fails where the module takes more instructions than the page says. They are those of x86-64.
pub(crate) fn check(page: &str) -> Result<(), Box<dyn Error>> {
    if !cfg!(target_arch = "x86_64") {
        return Ok(());
    }
    let counted = count()?;
    println!("{}", part(&counted).text);
    for (step, count) in STEPS.iter().zip(counted) {
        let row = page.lines().find_map(|line| line.strip_prefix(&format!("| {step} | ")));
        let said = row.and_then(|row| row.strip_suffix(" |")?.parse::<u64>().ok());
        let said = said.ok_or_else(|| format!("no instructions of {step:?} on the page: make bench"))?;
        if count as f64 > said as f64 * 1000.0 * TOLERANCE {
            return Err(format!("{step}: {count} instructions, and the page says {said} thousand").into());
        }
    }
    Ok(())
}

/// The table.
pub(crate) fn part(counted: &[u64]) -> Part {
    let mut text = String::from("| step | thousand instructions |\n|---|---:|\n");
    for (step, count) in STEPS.iter().zip(counted) {
        let _ = writeln!(text, "| {step} | {} |", count.div_ceil(1000));
    }
    Part { name: "instructions", text }
}
