//! Programs as a screen reader sees them (AT-SPI 2): roles, names, states, and what it can do for its user.

use std::fmt;

use gio::glib::Variant;
use gio::glib::variant::ToVariant;

use crate::bus::Bus;

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const TEXT: &str = "org.a11y.atspi.Text";
const EDITABLE: &str = "org.a11y.atspi.EditableText";
const ACTION: &str = "org.a11y.atspi.Action";
const COMPONENT: &str = "org.a11y.atspi.Component";
/// Places are told from the corner of the window (`ATSPI_COORD_TYPE_WINDOW`).
const IN_WINDOW: u32 = 1;

/// A state, by its number in `atspi-constants.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are named as in AT-SPI")]
pub enum State {
    Active = 1,
    Checked = 4,
    Editable = 7,
    Expanded = 10,
    Focused = 12,
    Pressed = 20,
    Sensitive = 24,
    Visible = 30,
    Required = 33,
    Invalid = 36,
    Default = 39,
}

impl State {
    const TOLD: [(Self, &'static str); 5] = [
        (Self::Checked, "checked"),
        (Self::Focused, "focused"),
        (Self::Required, "required"),
        (Self::Invalid, "invalid"),
        (Self::Default, "default"),
    ];
}

/// Roles by their numbers in `atspi-constants.h`.
const ROLES: [(u32, &str); 10] = [
    (2, "alert"),
    (7, "check box"),
    (11, "combo box"),
    (23, "frame"),
    (27, "image"),
    (29, "label"),
    (40, "password text"),
    (43, "push button"),
    (61, "text"),
    (83, "heading"),
];

/// A relation between two, by its number in `atspi-constants.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are named as in AT-SPI")]
pub enum Relation {
    LabelledBy = 2,
    DescribedBy = 18,
    ErrorMessage = 21,
}

/// Where a part is in its window, from the left and from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are what they are called")]
pub struct Place {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

/// A part of a window.
#[derive(Clone)]
pub struct Accessible {
    bus: Bus,
    program: String,
    path: String,
}

impl Accessible {
    /// What all programs are below.
    pub(crate) fn desktop(bus: &Bus) -> Self {
        let path = "/org/a11y/atspi/accessible/root".to_owned();
        Self { bus: bus.clone(), program: "org.a11y.atspi.Registry".to_owned(), path }
    }

    /// Whoever has told something.
    pub(crate) fn at_place(bus: &Bus, program: &str, path: &str) -> Self {
        Self { bus: bus.clone(), program: program.to_owned(), path: path.to_owned() }
    }

    fn ask(&self, interface: &str, method: &str, arguments: Option<&Variant>) -> Option<Variant> {
        let answer = self.bus.call((&self.program, &self.path), interface, method, arguments).ok()?;
        Some(answer.child_value(0))
    }

    fn property(&self, name: &str) -> String {
        let value = self.bus.property((&self.program, &self.path), ACCESSIBLE, name);
        value.and_then(|value| value.get()).unwrap_or_default()
    }

    fn at(&self, place: &Variant) -> Option<Self> {
        let program: String = place.child_value(0).get()?;
        let path = place.child_value(1).str()?.to_owned();
        (!program.is_empty() && !path.ends_with("/null")).then(|| Self {
            bus: self.bus.clone(),
            program,
            path,
        })
    }

    /// What is in it.
    pub fn children(&self) -> Vec<Self> {
        let found = self.ask(ACCESSIBLE, "GetChildren", None);
        found.iter().flat_map(Variant::iter).filter_map(|place| self.at(&place)).collect()
    }

    /// It, and all that is in it, from the top to the bottom.
    pub fn all(&self) -> Vec<Self> {
        let below = self.children().into_iter().flat_map(|child| child.all());
        [self.clone()].into_iter().chain(below).collect()
    }

    /// Its role, as screen readers have it: `push button`, `password text`. What programs call it themselves differs.
    pub fn role(&self) -> String {
        let number: Option<u32> = self.ask(ACCESSIBLE, "GetRole", None).and_then(|role| role.get());
        if let Some((_, name)) = ROLES.iter().find(|(known, _)| Some(*known) == number) {
            return (*name).to_owned();
        }
        self.ask(ACCESSIBLE, "GetRoleName", None).and_then(|role| role.get()).unwrap_or_default()
    }

    /// Its own name, or that of its label.
    pub fn name(&self) -> String {
        let own = self.property("Name");
        let label =
            || self.related(Relation::LabelledBy).iter().map(|label| label.property("Name")).collect();
        if own.is_empty() { label() } else { own }
    }

    /// What is said of it beside its name.
    pub fn description(&self) -> String {
        self.property("Description")
    }

    /// Is it in this state?
    pub fn is(&self, state: State) -> bool {
        let bits: Vec<u32> =
            self.ask(ACCESSIBLE, "GetState", None).and_then(|bits| bits.get()).unwrap_or_default();
        let has = |number: u32| {
            let word = usize::try_from(number / 32).ok().and_then(|word| bits.get(word)).copied();
            word.unwrap_or_default() & (1 << (number % 32)) != 0
        };
        // GTK until 4.8 at least says of a wrong entry that it is itself invalid, which is number 0.
        has(state as u32) || (state == State::Invalid && has(0))
    }

    /// Where it is, if it says so.
    pub fn place(&self) -> Option<Place> {
        let told = self.ask(COMPONENT, "GetExtents", Some(&(IN_WINDOW,).to_variant()))?;
        let (left, top, width, height): (i32, i32, i32, i32) = told.get()?;
        Some(Place { left, top, right: left + width, bottom: top + height })
    }

    /// Those that it has this relation to.
    pub fn related(&self, relation: Relation) -> Vec<Self> {
        let all = self.ask(ACCESSIBLE, "GetRelationSet", None);
        let of_kind = all
            .iter()
            .flat_map(Variant::iter)
            .filter(|entry| entry.child_value(0).get::<u32>() == Some(relation as u32));
        of_kind
            .flat_map(|entry| entry.child_value(1).iter().collect::<Vec<_>>())
            .filter_map(|place| self.at(&place))
            .collect()
    }

    /// Its text, as a screen reader can read it; of a field for PINs that is nothing.
    pub fn text(&self) -> String {
        let whole = (0_i32, -1_i32).to_variant();
        self.ask(TEXT, "GetText", Some(&whole)).and_then(|text| text.get()).unwrap_or_default()
    }

    /// What is to be seen with this role and name, if it is there now.
    pub fn find(&self, role: &str, name: &str) -> Option<Self> {
        let wanted = |found: &Self| found.role() == role && found.name() == name && found.is(State::Visible);
        self.all().into_iter().find(wanted)
    }

    /// The same; waits for it.
    ///
    /// # Panics
    /// Where it does not come.
    #[track_caller]
    pub fn named(&self, role: &str, name: &str) -> Self {
        let deadline = std::time::Instant::now() + crate::BOUND;
        loop {
            if let Some(found) = self.find(role, name) {
                return found;
            }
            assert!(std::time::Instant::now() < deadline, "there is no {role} {name:?} in\n{self}");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// Types into it, at its end, as a screen reader with a keyboard of its own does.
    ///
    /// # Panics
    /// Where it does not let itself be typed into.
    #[track_caller]
    pub fn types(&self, text: &str) {
        let length = i32::try_from(text.len()).expect("a short text");
        let entry = (i32::MAX, text, length).to_variant();
        let done = self.ask(EDITABLE, "InsertText", Some(&entry)).and_then(|done| done.get());
        assert_eq!(done, Some(true), "typing into {self}");
    }

    /// Deletes what was typed into it.
    ///
    /// # Panics
    /// Where it does not let itself be typed into.
    #[track_caller]
    pub fn clear(&self) {
        let whole = (0_i32, i32::MAX).to_variant();
        let done = self.ask(EDITABLE, "DeleteText", Some(&whole)).and_then(|done| done.get());
        assert_eq!(done, Some(true), "clearing {self}");
    }

    /// Does what it is for, such as being pressed.
    ///
    /// # Panics
    /// Where it does nothing.
    #[track_caller]
    pub fn press(&self) {
        assert!(self.lets_itself_be_pressed(), "pressing {self}");
    }

    /// The same of what may be gone by now: whether something was done.
    pub fn lets_itself_be_pressed(&self) -> bool {
        let first = (0_i32,).to_variant();
        self.ask(ACTION, "DoAction", Some(&first)).and_then(|done| done.get()) == Some(true)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let states =
            State::TOLD.iter().filter(|(state, _)| self.is(*state)).map(|(_, name)| format!(" {name}"));
        let states: String = states.collect();
        write!(f, "{:indent$}[{}]{states} {:?}", "", self.role(), self.name(), indent = 2 * depth)?;
        match self.description() {
            description if description.is_empty() => writeln!(f)?,
            description => writeln!(f, " ({description:?})")?,
        }
        self.children()
            .iter()
            .filter(|child| child.is(State::Visible))
            .try_for_each(|child| child.write(f, depth + 1))
    }
}

/// Roles, names, states and descriptions of all that is to be seen in it, one to a line.
impl fmt::Display for Accessible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}
