//! Applications, DFs and files.

use std::borrow::Cow;

/// An application or DF to select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectTarget {
    /// An application, by its AID.
    Application(Cow<'static, [u8]>),
    /// A DF, by its path from the MF.
    Directory(Cow<'static, [u8]>),
}

impl SelectTarget {
    /// The application with this AID.
    pub const fn application(identifier: &'static [u8]) -> Self {
        SelectTarget::Application(Cow::Borrowed(identifier))
    }

    /// The DF with this path from the MF.
    pub const fn directory(path: &'static [u8]) -> Self {
        SelectTarget::Directory(Cow::Borrowed(path))
    }
}

/// What SELECT of an application does to verified PINs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selecting {
    /// It resets their state, for all programs.
    ClosesPins,
    /// They stay verified.
    KeepsPins,
}

/// An EF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The application or DF that is selected before the file.
    pub home: SelectTarget,
    /// Its path from there, in two-byte identifiers.
    pub path: Cow<'static, [u8]>,
}

impl File {
    /// The file with this path in this application or DF.
    pub const fn new(home: SelectTarget, path: &'static [u8]) -> Self {
        File { home, path: Cow::Borrowed(path) }
    }
}

/// How the files of a card are selected and read.
#[derive(Clone, Copy, Debug)]
pub struct Files {
    /// The form of SELECT.
    pub select: Select,
    /// Le values for a full block of READ BINARY, in bytes, best first; if the card refuses one by 6700, the next is
    /// tried.
    pub blocks: &'static [usize],
}

/// The form of SELECT for a file (ISO 7816-4 §11.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select {
    /// By its path from the MF (P1 = 08), without response data. It does not depend on the current DF of the
    /// application.
    FromMf,
    /// From the MF, one identifier after the other (P1 = 00), without response data: for cards without selection by path.
    /// The DF of the file becomes the current DF.
    StepByStep,
    /// By its path from the current DF (P1 = 09), with the FCP template as response. The DF of the file becomes the
    /// current DF.
    FromCurrentDf,
    /// An EF in the current DF, by its identifier (P1 = 02), with the FCP template as response.
    ChildEf,
}
