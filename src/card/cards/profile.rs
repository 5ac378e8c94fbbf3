//! What can be said of a card in a table.

pub use super::codes::{
    Asking, Closing, CodeKind, Delivery, IssuerCodes, PinBlock, PinSpec, PukSpec, Scope, Unblocking,
};
use super::error::CardError;
pub use super::keys::{
    Algorithm, AuthoritySpec, Curve, Deciphering, Decipherment, Hash, Input, KeyAlgorithm, KeySpec, KeyUses,
    Padding, PinUse, Scheme, Signing, SigningWay, Template,
};
use crate::iso7816::Channel;
use std::borrow::Cow;

/// How well a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Seen in a recording of a real card, or verified by computation.
    Recorded,
    /// Two independent implementations, or the issuer's own page.
    TwoSources,
    /// One implementation, one document, or a specification quoted at second hand.
    OneSource,
    /// A guess.
    Guess,
}

/// Which PIN and which keys: each role is a token of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// PIN1, the basic PIN: logging in, decrypting. On a card with one PIN, that.
    Authentication,
    /// PIN2, the signature PIN: qualified signatures.
    Signature,
}

impl Role {
    /// Both roles, in the order of their PINs.
    pub const ALL: [Role; 2] = [Role::Authentication, Role::Signature];

    /// Position in tables that have one entry per role.
    pub const fn index(self) -> usize {
        match self {
            Role::Authentication => 0,
            Role::Signature => 1,
        }
    }
}

/// Something with tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Secret {
    /// The PIN of a role.
    Pin(Role),
    /// The PUK, or activation PIN.
    Puk,
}

impl Secret {
    /// How many there are.
    pub const COUNT: usize = 3;

    /// What it is called where the card has no name of its own for it.
    pub const fn name(self) -> &'static str {
        match self {
            Secret::Pin(Role::Authentication) => "PIN1",
            Secret::Pin(Role::Signature) => "PIN2",
            Secret::Puk => "PUK",
        }
    }

    /// Position in tables that have one entry per secret.
    pub const fn index(self) -> usize {
        match self {
            Secret::Pin(role) => role.index(),
            Secret::Puk => 2,
        }
    }
}

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
    FromTarget,
    /// By its identifier in its home (P1 = 02), answered by its control parameters.
    Child,
}

/// Answers to reset (ISO 7816-3 §8.2).
#[derive(Clone, Copy, Debug)]
pub struct Atr {
    /// The bytes.
    pub bytes: &'static [u8],
    /// Positions that differ from one card to another.
    pub open: &'static [usize],
}

impl Atr {
    /// This one alone.
    pub const fn new(bytes: &'static [u8]) -> Self {
        Atr { bytes, open: &[] }
    }

    fn matches(&self, atr: &[u8]) -> bool {
        let same = |(at, (known, told)): (usize, (&u8, &u8))| known == told || self.open.contains(&at);
        self.bytes.len() == atr.len() && self.bytes.iter().zip(atr).enumerate().all(same)
    }
}

/// How far an answer to reset tells what a card is.
#[derive(Clone, Copy, Debug)]
pub enum AtrCertainty {
    /// All: the table holds.
    All,
    /// The kind of card. Which keys it has, its own files tell.
    Kind(Reading),
    /// Nothing certain: until its own files were read, it is of no known kind.
    Nothing(Reading),
}

/// How the files of a card are read for what the table leaves open.
pub type Reading = fn(&mut Channel<'_>, &CardProfile) -> Result<CardProfile, CardError>;

/// Where a card has the number that tells it from all others of its kind.
#[derive(Clone, Debug)]
pub enum Number {
    /// In EF.CIAInfo (ISO 7816-15 §8.10), the file with this path in the card's application.
    CardInfo(Cow<'static, [u8]>),
    /// In the file with this path in the card's application: in the data object with this tag, or without any.
    File {
        /// The path.
        path: &'static [u8],
        /// The tag.
        tag: Option<u32>,
    },
    /// It is the serial number of the first key's certificate.
    Certificate,
    /// In what a command answers.
    Command(fn(&mut Channel<'_>) -> Result<Vec<u8>, CardError>),
}

/// How that number is printed on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// As characters; of more than 16 the last.
    Characters,
    /// As FINEID does: the last nine of 17 characters on newer cards, digits 11 to 19 of 20 packed digits on older
    /// ones.
    Fineid,
    /// Not at all: its last 8 bytes in hexadecimal stand for it.
    Hexadecimal,
}

/// When a PIN is presented for one signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Before the key is chosen.
    PinFirst,
    /// After it, so that nothing comes between PIN and signature.
    KeyFirst,
}

/// What SELECT of an application does to the PINs that stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selecting {
    /// It takes them away, from every program.
    ClosesPins,
    /// It leaves them.
    KeepsPins,
}

/// May PINs be changed and set?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Yes.
    Free,
    /// Only by a person who was told that nobody has tried it with such a card.
    WithConsent,
    /// No.
    Never,
}

/// What a card tells of its holder to everybody.
#[derive(Clone, Copy, Debug)]
pub enum PersonalData {
    /// Nothing.
    None,
    /// A file per statement, with text alone in it, in this directory.
    Records {
        /// The directory.
        directory: &'static SelectTarget,
        /// Identifiers of the files.
        files: &'static [(u16, Statement)],
    },
    /// Files of tags and texts, one length byte each (FF: more follows), with these paths.
    Tagged {
        /// The paths.
        files: &'static [&'static [u8]],
        /// Their tags, by file.
        tags: &'static [(usize, u8, Statement)],
    },
}

/// What a card can tell of its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statement {
    /// Family name.
    Surname,
    /// Given names.
    GivenNames,
    /// Sex, in the issuer's letter for it.
    Sex,
    /// Citizenship.
    Citizenship,
    /// Date and place of birth.
    Birth,
    /// Place of birth.
    BirthPlace,
    /// Personal code or national number.
    PersonalCode,
    /// Document number.
    DocumentNumber,
    /// First day of validity.
    ValidFrom,
    /// Last day of validity.
    ValidTo,
    /// Date and place, or authority, of issue.
    Issue,
    /// Street and number.
    Street,
    /// Postal code.
    PostalCode,
    /// Municipality.
    Municipality,
}

/// All about one kind of card.
#[derive(Clone, Debug)]
pub struct CardProfile {
    /// CK_TOKEN_INFO model: at most 16 ASCII characters.
    pub model: &'static str,
    /// First part of the token labels.
    pub label: &'static str,
    /// CK_TOKEN_INFO manufacturer, who made or issued the card: at most 32 ASCII characters.
    pub issuer: &'static str,
    /// Answers to reset on the contact interface.
    pub atrs: &'static [Atr],
    /// How much they tell.
    pub told: AtrCertainty,
    /// The application that is selected first.
    pub application: SelectTarget,
    /// What selecting it does.
    pub selecting: Selecting,
    /// How files are selected and read.
    pub files: Files,
    /// Where its number is; where there is no such file, the next one.
    pub numbers: Cow<'static, [Number]>,
    /// How the number is printed.
    pub print: Print,
    /// PINs, at most one per role.
    pub pins: Cow<'static, [PinSpec]>,
    /// Activation PIN, PUK and transport code.
    pub codes: IssuerCodes,
    /// How PINs are written in commands.
    pub pin_block: PinBlock,
    /// How it is asked for its PINs.
    pub asking: Asking,
    /// How a PIN is taken back.
    pub closing: Closing,
    /// When a PIN is presented for one signature.
    pub order: Order,
    /// May PINs be changed?
    pub writing: Writing,
    /// Keys, in the order in which they are shown.
    pub keys: Cow<'static, [KeySpec]>,
    /// Certificates of authorities.
    pub authorities: Cow<'static, [AuthoritySpec]>,
    /// What it tells of its holder.
    pub personal: PersonalData,
}

impl CardProfile {
    /// How well this kind of card is known: as well as the least known of its keys and codes.
    pub fn evidence(&self) -> Evidence {
        self.keys.iter().map(|key| key.evidence).fold(self.codes.evidence, Evidence::max)
    }

    /// Does a card that answers so to reset look like one of these?
    pub fn answers(&self, atr: &[u8]) -> bool {
        self.atrs.iter().any(|known| known.matches(atr))
    }

    /// The PIN of a role.
    pub fn pin(&self, role: Role) -> Option<&PinSpec> {
        self.pins.iter().find(|pin| pin.role == role)
    }

    /// The keys of a role.
    pub fn keys(&self, role: Role) -> impl Iterator<Item = &KeySpec> {
        self.keys.iter().filter(move |key| key.role == role)
    }

    /// Does the PIN of a role stand until logout, for any of its keys?
    pub fn stands(&self, role: Role) -> bool {
        self.keys(role).any(|key| key.pin_use == PinUse::OncePerLogin)
    }

    /// Where the PIN of a role is presented: where its keys are, if it can be.
    pub fn presented_in<'p>(&'p self, spec: &'p PinSpec) -> &'p SelectTarget {
        match (spec.scope, self.keys(spec.role).next()) {
            (Scope::Card, Some(key)) => &key.home,
            _ => &spec.home,
        }
    }
}
