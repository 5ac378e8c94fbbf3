//! What the notes say.

use crate::standard;
use cryptoki_sys::{CK_RV, CK_SESSION_HANDLE, CK_SLOT_ID, CK_USER_TYPE, CKR_OK};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

/// A call that a program made.
#[derive(Clone, Debug)]
pub struct Call {
    /// The process, and which copy of the spy in it.
    pub who: String,
    /// The function.
    pub function: String,
    /// What it returned.
    pub code: CK_RV,
    /// Its slot, or that of its session, where the session is known.
    pub slot: Option<CK_SLOT_ID>,
    /// Its session.
    pub session: Option<CK_SESSION_HANDLE>,
    /// Whom a login was for.
    pub user: Option<CK_USER_TYPE>,
    /// The label of the slot's token, if the program has asked for it by then.
    pub label: Option<String>,
}

impl Call {
    /// Whether the standard lets the function return this code. No to what is no function of the standard.
    pub fn permitted(&self) -> bool {
        standard::function(&self.function).is_some_and(|function| function.permits(self.code))
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match standard::name(self.code) {
            Some(name) => write!(f, "{} {name}", self.function),
            None => write!(f, "{} {:#x}", self.function, self.code),
        }
    }
}

/// All calls of a file of notes, in their order.
#[derive(Debug, Default)]
pub struct Notes {
    /// The calls.
    pub calls: Vec<Call>,
}

impl Notes {
    /// Reads a file of notes.
    ///
    /// # Panics
    /// Where it is not there or is none.
    pub fn read(path: &Path) -> Self {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::of(&text)
    }

    /// The calls that these notes tell of.
    ///
    /// # Panics
    /// Where they are none.
    pub fn of(notes: &str) -> Self {
        let mut places = Places::default();
        let calls = notes.lines().map(|line| {
            let call = parsed(line).unwrap_or_else(|| panic!("this is no note of a call: {line}"));
            places.told(call)
        });
        Self { calls: calls.collect() }
    }

    /// How often each function was called.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        counted(self.calls.iter().map(|call| call.function.as_str()))
    }

    /// Calls whose return value the standard does not permit.
    pub fn not_permitted(&self) -> Vec<&Call> {
        self.calls.iter().filter(|call| !call.permitted()).collect()
    }

    /// How often a PIN was presented, accepted or not, by label of the token and user type. So often a person was
    /// asked, if the program does not keep PINs. The label is empty where the program never asked for it.
    pub fn logins(&self) -> BTreeMap<(&str, CK_USER_TYPE), usize> {
        let login = |call: &&Call| matches!(call.function.as_str(), "C_Login" | "C_LoginUser");
        counted(
            self.calls
                .iter()
                .filter(login)
                .filter_map(|call| call.user.map(|user| (call.label.as_deref().unwrap_or_default(), user))),
        )
    }
}

fn counted<T: Ord>(things: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    things.for_each(|thing| *counts.entry(thing).or_default() += 1);
    counts
}

/// A line of the notes: who, function, return value, slot, session, user type, label.
fn parsed(line: &str) -> Option<Call> {
    let mut columns = line.split('\t').map(|column| (column != "-").then_some(column));
    let mut next = || columns.next();
    let (who, function) = (next()??.to_owned(), next()??.to_owned());
    let code = CK_RV::from_str_radix(next()??.strip_prefix("0x")?, 16).ok()?;
    let mut number = || next()?.map(str::parse).transpose().ok();
    let (slot, session, user) = (number()?, number()?, number()?);
    Some(Call { who, function, code, slot, session, user, label: next()?.map(str::to_owned) })
}

/// What is known of each program's sessions and slots at a point in the notes.
#[derive(Default)]
struct Places {
    slots: HashMap<(String, CK_SESSION_HANDLE), CK_SLOT_ID>,
    labels: HashMap<(String, CK_SLOT_ID), String>,
}

impl Places {
    /// The call, with the slot of its session and the label of its slot. What the call itself tells is kept.
    fn told(&mut self, mut call: Call) -> Call {
        let who = &call.who;
        if let (CKR_OK, "C_OpenSession", Some(slot), Some(session)) =
            (call.code, call.function.as_str(), call.slot, call.session)
        {
            self.slots.insert((who.clone(), session), slot);
        }
        if let (Some(slot), Some(label)) = (call.slot, &call.label) {
            self.labels.insert((who.clone(), slot), label.clone());
        }
        let of_session = |session| self.slots.get(&(who.clone(), session)).copied();
        call.slot = call.slot.or_else(|| call.session.and_then(of_session));
        call.label = call.slot.and_then(|slot| self.labels.get(&(who.clone(), slot)).cloned());
        call
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cryptoki_sys::{CKR_PIN_INCORRECT, CKU_USER};

    const NOTES: &str = "7.0x1\tC_GetTokenInfo\t0x0\t3\t-\t-\tFINEID (PIN1)
8.0x1\tC_GetTokenInfo\t0x0\t3\t-\t-\tanother card
7.0x1\tC_OpenSession\t0x0\t3\t21\t-\t-
7.0x1\tC_Login\t0xa0\t-\t21\t1\t-
7.0x1\tC_Login\t0x0\t-\t21\t1\t-
7.0x1\tC_FindObjects\t0xa0\t-\t21\t-\t-
8.0x1\tC_Login\t0xb3\t-\t21\t1\t-
";

    #[test]
    fn logins_are_told_by_token() {
        let notes = Notes::of(NOTES);
        assert_eq!(notes.counts()["C_Login"], 3);
        let logins = notes.logins();
        assert_eq!(logins.get(&("FINEID (PIN1)", CKU_USER)), Some(&2));
        // The other program never opened that session.
        assert_eq!(logins.get(&("", CKU_USER)), Some(&1));
    }

    #[test]
    fn what_is_not_permitted_is_found() {
        let notes = Notes::of(NOTES);
        let found = notes.not_permitted();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].function.as_str(), found[0].code), ("C_FindObjects", CKR_PIN_INCORRECT));
        assert_eq!(found[0].to_string(), "C_FindObjects CKR_PIN_INCORRECT");
    }

    #[test]
    #[should_panic(expected = "no note of a call")]
    fn notes_that_were_cut_off_are_not_believed() {
        Notes::of("7.0x1\tC_Login\t0xa0\t-");
    }
}
