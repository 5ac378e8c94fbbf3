//! What is typed into a field for a PIN. GTK holds a bullet for each digit; the digits are in locked memory of ours alone.

use avain_flow::{Pin, Typing};
use gtk4 as gtk;
use gtk4::glib;
use gtk4::prelude::*;
use gtk4::subclass::prelude::*;
use std::cell::RefCell;

/// What the toolkit sees of a digit.
const BULLET: &str = "\u{2022}";
/// The longest entry; no card has PINs that are so long.
const LONGEST: u16 = 32;

mod imp {
    use super::*;

    /// The memory; none until something is typed.
    #[derive(Default)]
    pub struct Digits(pub(super) RefCell<Option<Typing>>);

    #[glib::object_subclass]
    impl ObjectSubclass for Digits {
        const NAME: &'static str = "AvainDigits";
        type Type = super::Digits;
        type ParentType = gtk::EntryBuffer;
    }

    impl ObjectImpl for Digits {}

    impl EntryBufferImpl for Digits {
        fn insert_text(&self, position: u32, chars: &str) -> u32 {
            let inserted = self.insert(position, chars);
            self.parent_insert_text(position, &BULLET.repeat(inserted))
        }

        fn delete_text(&self, position: u32, count: Option<u32>) -> u32 {
            if let (Some(typing), Ok(at)) = (&mut *self.0.borrow_mut(), usize::try_from(position)) {
                typing.remove(at, count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX));
            }
            self.parent_delete_text(position, count)
        }
    }

    impl Digits {
        /// Keeps what was typed, without the spaces by which letters group digits. Returns how much was kept.
        fn insert(&self, position: u32, chars: &str) -> usize {
            let mut memory = self.0.borrow_mut();
            if memory.is_none() {
                *memory = Typing::new().ok();
            }
            let (Some(typing), Ok(start)) = (&mut *memory, usize::try_from(position)) else { return 0 };
            let typed = chars.chars().filter(|typed| *typed != ' ');
            let at = |kept| usize::saturating_add(start, kept);
            typed.fold(0, |kept, typed| kept.saturating_add(usize::from(typing.insert(at(kept), typed))))
        }
    }
}

glib::wrapper! {
    /// The text of a field for a PIN.
    pub struct Digits(ObjectSubclass<imp::Digits>) @extends gtk::EntryBuffer;
}

impl Digits {
    /// An empty field.
    pub(crate) fn new() -> Self {
        let digits: Self = glib::Object::new();
        digits.set_max_length(Some(LONGEST));
        digits
    }

    /// What was typed. `None` if there is no memory for it.
    pub(crate) fn pin(&self) -> Option<Pin> {
        match &*self.imp().0.borrow() {
            Some(typing) => typing.pin().ok(),
            None => Pin::new(b"").ok(),
        }
    }

    /// Forgets what was typed.
    pub(crate) fn wipe(&self) {
        self.delete_text(0, None);
        *self.imp().0.borrow_mut() = None;
    }
}
