//! A PIN while it is typed.

use super::pin::{LONGEST, Pin};
use crate::sys::memory::LockedPage;
use std::io;

/// What stands in a field for a PIN, in locked memory that nothing else has a copy of. It is overwritten when dropped.
pub struct Typing {
    page: LockedPage,
    length: usize,
}

impl Typing {
    /// An empty field.
    pub fn new() -> io::Result<Self> {
        Ok(Typing { page: LockedPage::new()?, length: 0 })
    }

    /// How many characters stand in it.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Inserts a character, unless the field is full. What is not ASCII becomes one that no PIN has.
    pub fn insert(&mut self, at: usize, typed: char) -> bool {
        let longer = self.length.saturating_add(1);
        if at > self.length || longer > LONGEST {
            return false;
        }
        let typed = u8::try_from(typed).ok().filter(u8::is_ascii).unwrap_or(b'?');
        if let Some([first, rest @ ..]) = self.page.bytes_mut().get_mut(at..longer) {
            // What stood there moves on by one.
            let mut moving = std::mem::replace(first, typed);
            rest.iter_mut().for_each(|byte| std::mem::swap(byte, &mut moving));
        }
        self.length = longer;
        true
    }

    /// Takes characters away. Returns how many.
    pub fn remove(&mut self, at: usize, count: usize) -> usize {
        let count = count.min(self.length.saturating_sub(at));
        let end = at.saturating_add(count);
        let shorter = self.length.saturating_sub(count);
        let bytes = self.page.bytes_mut();
        if count > 0 {
            bytes.copy_within(end..self.length, at);
            bytes.iter_mut().take(self.length).skip(shorter).for_each(|byte| *byte = 0);
            self.length = shorter;
        }
        count
    }

    /// What was typed.
    pub fn pin(&self) -> io::Result<Pin> {
        Pin::new(self.page.bytes().get(..self.length).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(steps: impl FnOnce(&mut Typing)) -> String {
        let mut field = Typing::new().unwrap();
        steps(&mut field);
        assert!(
            field.page.bytes().iter().skip(field.length).all(|byte| *byte == 0),
            "something is left behind"
        );
        String::from_utf8(field.pin().unwrap().digits().to_vec()).unwrap()
    }

    #[test]
    fn a_field_is_edited_anywhere() {
        let write = |field: &mut Typing, at: usize, text: &str| {
            text.chars().enumerate().for_each(|(n, c)| assert!(field.insert(at + n, c)));
        };
        assert_eq!(typed(|field| write(field, 0, "1234")), "1234");
        assert_eq!(
            typed(|field| {
                write(field, 0, "1289");
                write(field, 2, "34");
                assert_eq!(field.remove(4, 9), 2);
                assert_eq!(field.remove(0, 1), 1);
                assert_eq!(field.remove(7, 1), 0);
                assert!(!field.insert(4, '5'));
            }),
            "234"
        );
        assert_eq!(typed(|field| write(field, 0, "1ä€")), "1??");
    }

    #[test]
    fn a_full_field_takes_no_more() {
        let long = typed(|field| (0..LONGEST).for_each(|at| assert!(field.insert(at, '7'))));
        assert_eq!(long.len(), LONGEST);
        assert!(
            typed(|field| (0..=LONGEST).for_each(|at| assert_eq!(field.insert(at, '7'), at < LONGEST))).len()
                == LONGEST
        );
    }
}
