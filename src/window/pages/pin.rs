//! One PIN for one signature: a test, or a file.

use super::entry::Entry;
use super::facts::Facts;
use super::keypad;
use super::outcome::Outcome;
use super::{Page, look};
use crate::sheet::Sheet;
use crate::window::Window;
use avain_flow::asked::{self, Request};
use avain_flow::cms::Content;
use avain_flow::place::{self, Place};
use avain_flow::presence::Seen;
use avain_flow::presenting::{Aim, Permit, Presenting};
use avain_flow::rules::Leave;
use avain_flow::{Card, Consent, Failure, Kind, LastTry, Pin, Text, text};
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

/// What is signed.
enum Subject {
    /// Something without meaning.
    Test,
    /// A file, as it was read, and where the signature goes.
    File { content: Content, place: Place },
    /// What another program asks for.
    Asked(Request),
}

impl Subject {
    fn title(&self) -> Text {
        match self {
            Subject::Test => text::window_test(),
            Subject::File { .. } => text::window_sign(),
            Subject::Asked(request) => request.title(),
        }
    }
}

/// Asks once more, and may use the last try.
type Again = Rc<dyn Fn(&Window, LastTry)>;

/// What is used once the PIN is there.
type Ready = Box<(Presenting, Subject)>;

/// The PIN is asked for.
struct Asking {
    facts: Rc<Facts>,
    title: Text,
    /// What is used, until it is.
    ready: RefCell<Option<Ready>>,
    prompt: Text,
    about: Vec<Text>,
    entry: Entry,
    /// What the reader's keypad is used for, if it takes the PIN and the holder does not prefer to type it here.
    keypad: RefCell<Option<Text>>,
    /// Begins once more.
    again: Again,
}

/// Tests reader and card by a signature.
pub(crate) fn test(window: &Window, facts: Rc<Facts>) {
    let start = |card, leave| Presenting::begin(card, Aim::Testing, leave);
    begin(window, facts, start, LastTry::Keep, |_| Ok((Subject::Test, Vec::new())));
}

/// Signs a file.
pub(crate) fn sign(window: &Window, facts: Rc<Facts>, file: PathBuf) {
    let start = |card, leave| Presenting::begin(card, Aim::Signing, leave);
    begin(window, facts, start, LastTry::Keep, move |presenting| read(presenting, file.clone()));
}

/// Signs for another program, which is answered then.
pub(crate) fn answer(window: &Window, facts: Rc<Facts>, request: &Request) {
    let (asked, request) = (request.clone(), request.clone());
    let start = move |card, leave| asked.begin(card, leave);
    begin(window, facts, start, LastTry::Keep, move |presenting| {
        Ok((Subject::Asked(request.clone()), request.about(presenting)?))
    });
}

/// Reads a file, and takes a place for its signature.
fn read(presenting: &Presenting, file: PathBuf) -> Result<(Subject, Vec<Text>), Failure> {
    let content = place::read(&file, presenting.content()?)?;
    let place = Place::take(&place::beside(&file))?;
    let (size, hash, digest) = content.facts();
    let about = vec![
        text::window_file(file.as_path()),
        text::window_size(size),
        text::window_digest(hash, digest),
        text::signature_meaning(file.as_path(), presenting.pin_name()),
    ];
    Ok((Subject::File { content, place }, about))
}

/// Reads the subject, and asks for the PIN.
fn begin(
    window: &Window,
    facts: Rc<Facts>,
    start: impl Fn(Card, Leave) -> Result<Presenting, Failure> + Clone + Send + 'static,
    last_try: LastTry,
    subject: impl Fn(&Presenting) -> Result<(Subject, Vec<Text>), Failure> + Clone + Send + 'static,
) {
    let (card, leave) = (facts.card.clone(), Leave { last_try, long_pin: false, consent: Consent::NotAsked });
    let begun = (facts.clone(), start.clone(), subject.clone());
    let again = Rc::new(move |window: &Window, last_try| {
        begin(window, begun.0.clone(), begun.1.clone(), last_try, begun.2.clone());
    });
    let prepare = move || {
        let presenting = start(card, leave)?;
        let mut about = presenting.introduction()?;
        let (subject, more) = subject(&presenting)?;
        about.extend(more);
        Ok((presenting, subject, about))
    };
    window.work(text::window_reading(), prepare, move |window, begun: Result<_, Failure>| match begun {
        Ok((presenting, subject, about)) => {
            let (prompt, keypad) = (presenting.prompt(), presenting.keypad_prompt());
            window.show(Asking {
                facts,
                title: subject.title(),
                ready: RefCell::new(Some(Box::new((presenting, subject)))),
                prompt,
                about,
                entry: Entry::new(Vec::new()),
                keypad: RefCell::new(keypad),
                again,
            });
        }
        Err(failure) => {
            asked::note(&failure);
            let use_it = move |window: &Window| again(window, LastTry::Use);
            window.show(Outcome::failed(failure, Rc::new(use_it)));
        }
    });
}

/// What came of it: the words of a success, or what to try again with.
type Came = Result<Vec<Text>, (Failure, Option<Ready>)>;

/// Uses the PIN.
fn present((presenting, subject): (Presenting, Subject), pin: Pin) -> Came {
    let failure = match presenting.present(pin) {
        Ok(permit) => {
            return sign_with(permit, presenting.pin_name(), subject).map_err(|failure| (failure, None));
        }
        Err(failure) => failure,
    };
    let again = failure.again;
    Err((failure, again.then(|| Box::new((presenting, subject)))))
}

/// Uses the PIN that is entered on the reader's keypad.
fn present_on_keypad((presenting, subject): (Presenting, Subject)) -> Result<Vec<Text>, Failure> {
    sign_with(presenting.present_on_keypad()?, presenting.pin_name(), subject)
}

fn sign_with(permit: Permit<'_>, pin: &'static str, subject: Subject) -> Result<Vec<Text>, Failure> {
    match subject {
        Subject::Test => {
            let begun = Instant::now();
            permit.test()?;
            let taken = usize::try_from(begun.elapsed().as_millis()).unwrap_or(usize::MAX);
            Ok(vec![text::test_passed(pin, taken)])
        }
        Subject::File { content, place } => {
            let path = place.path().to_owned();
            place.fill(&permit.sign(content)?)?;
            Ok(vec![text::signed(path.as_path())])
        }
        Subject::Asked(request) => {
            asked::answer(&request.sign(permit)?);
            Ok(Vec::new())
        }
    }
}

impl Asking {
    fn submit(self: &Rc<Self>, window: &Window) {
        let Some(pin) = self.entry.typed() else {
            return self.entry.object(window, vec![text::no_memory()]);
        };
        let wrong = self.ready.borrow().as_ref().and_then(|ready| ready.0.check(&pin).err());
        if let Some(wrong) = wrong {
            return self.entry.object(window, vec![wrong]);
        }
        let Some(ready) = self.ready.take() else { return };
        self.entry.wipe();
        let page = self.clone();
        let work = move || present(*ready, pin);
        window.work(text::window_wait(), work, move |window, came: Came| match came {
            Ok(said) => Self::finish(window, said),
            Err((failure, Some(ready))) => {
                *page.ready.borrow_mut() = Some(ready);
                page.entry.refuse(failure.words);
                window.show_again(page);
            }
            Err((failure, None)) => {
                asked::note(&failure);
                window.show(Outcome::failed(failure, Rc::new(look)));
            }
        });
    }

    fn enter_on_keypad(self: &Rc<Self>, window: &Window, prompt: Text) {
        let Some(ready) = self.ready.take() else { return };
        let page = self.clone();
        let enter = move |ask: &mut dyn FnMut(&Text)| {
            ask(&prompt);
            present_on_keypad(*ready)
        };
        keypad::work(window, enter, move |window, came| match came {
            Ok(said) => Self::finish(window, said),
            Err(failure) => {
                asked::note(&failure);
                let last_try = if failure.kind == Kind::LastTry { LastTry::Use } else { LastTry::Keep };
                let begin = page.again.clone();
                let again = Rc::new(move |window: &Window| begin(window, last_try));
                window.show(Outcome::failed_on_keypad(failure, again));
            }
        });
    }

    fn finish(window: &Window, said: Vec<Text>) {
        if said.is_empty() {
            // Another program was answered.
            return window.close();
        }
        window.show(Outcome::done(text::window_done(), said));
    }
}

impl Page for Asking {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&self.title);
        sheet.say_all(&self.about);
        if let Some(prompt) = self.keypad.borrow().clone() {
            let (there, here) = ((window.clone(), self.clone()), (window.clone(), self.clone()));
            let enter = move || there.1.enter_on_keypad(&there.0, prompt.clone());
            let type_here = move || {
                here.1.keypad.take();
                here.0.show_again(here.1.clone());
            };
            return keypad::offer(window, sheet, enter, type_here);
        }
        self.entry.draw(sheet, &self.prompt);
        let (submit, page) = (window.clone(), self.clone());
        super::back_or(window, sheet, move || page.submit(&submit));
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        self.facts.holds(seen)
    }

    fn is_busy(&self) -> bool {
        true
    }
}
