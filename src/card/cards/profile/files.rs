//! Applications, directories and files.

use std::borrow::Cow;

/// What has to be selected before something works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectTarget {
    /// An application, by its identifier.
    Application(Cow<'static, [u8]>),
    /// A directory, by its path from the MF.
    Directory(Cow<'static, [u8]>),
}

impl SelectTarget {
    /// The application with this identifier.
    pub const fn application(identifier: &'static [u8]) -> Self {
        SelectTarget::Application(Cow::Borrowed(identifier))
    }

    /// The directory with this path.
    pub const fn directory(path: &'static [u8]) -> Self {
        SelectTarget::Directory(Cow::Borrowed(path))
    }
}

/// What SELECT of an application does to the PINs that stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selecting {
    /// It takes them away, from every program.
    ClosesPins,
    /// It leaves them.
    KeepsPins,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What has to be selected before it.
    pub home: SelectTarget,
    /// Its path from there, in two-byte identifiers.
    pub path: Cow<'static, [u8]>,
}

impl File {
    /// The file with this path in this home.
    pub const fn new(home: SelectTarget, path: &'static [u8]) -> Self {
        File { home, path: Cow::Borrowed(path) }
    }
}

/// How the files of a card are selected and read.
#[derive(Clone, Copy, Debug)]
pub struct Files {
    /// How they are selected.
    pub select: Select,
    /// Le values for a full block of READ BINARY, best first, in bytes; a card that refuses one by 6700 gets the next.
    pub blocks: &'static [usize],
}

/// The form of SELECT for a file (ISO 7816-4 §11.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select {
    /// By its path from the MF (P1 = 08), without an answer. What was selected before does not matter, and stays the
    /// current application.
    FromMf,
    /// By its path from its home (P1 = 09), answered by its control parameters. Its directory is the current one then.
    FromCurrentDf,
    /// By its identifier in its home (P1 = 02), answered by its control parameters.
    ChildEf,
}
