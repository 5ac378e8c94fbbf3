//! The values a switch can take, with their spelling on the command line.

use serde::Serialize;

/// A value that a switch can hold: it can be read from and written as the text of `--switch name=value`.
pub trait SwitchValue: Sized {
    /// What may be written, for help texts.
    fn choices() -> String;
    /// Reads the text of the command line.
    fn parse(text: &str) -> Option<Self>;
    /// The text that [`SwitchValue::parse`] reads back.
    fn text(&self) -> String;
}

impl SwitchValue for bool {
    fn choices() -> String {
        "yes|no".into()
    }
    fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "yes" | "true" | "on" | "1" => Some(true),
            "no" | "false" | "off" | "0" => Some(false),
            _ => None,
        }
    }
    fn text(&self) -> String {
        if *self { "yes".into() } else { "no".into() }
    }
}

impl SwitchValue for usize {
    fn choices() -> String {
        "number".into()
    }
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
    fn text(&self) -> String {
        self.to_string()
    }
}

/// A status word.
impl SwitchValue for u16 {
    fn choices() -> String {
        "four hex digits".into()
    }
    fn parse(text: &str) -> Option<Self> {
        if text.len() == 4 { u16::from_str_radix(text, 16).ok() } else { None }
    }
    fn text(&self) -> String {
        format!("{self:04x}")
    }
}

impl SwitchValue for Option<u8> {
    fn choices() -> String {
        "none|0..15".into()
    }
    fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(None),
            number => number.parse().ok().filter(|n| *n <= 15).map(Some),
        }
    }
    fn text(&self) -> String {
        self.map_or_else(|| "none".into(), |n| n.to_string())
    }
}

macro_rules! choice {
    ($(#[doc = $about:literal])+ $name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $text:literal, )+ }) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        pub enum $name { $( $(#[doc = $doc])+ #[serde(rename = $text)] $variant, )+ }

        impl SwitchValue for $name {
            fn choices() -> String {
                [$($text),+].join("|")
            }
            fn parse(text: &str) -> Option<Self> {
                let text = text.to_ascii_lowercase();
                $( if text == $text { return Some(Self::$variant); } )+
                None
            }
            fn text(&self) -> String {
                match self { $( Self::$variant => $text.into(), )+ }
            }
        }
    };
}

choice! {
    /// At which step of PACE a PIN is refused that cannot be used now.
    SuspendedAt {
        /// When it is chosen: MSE SET.
        Choice = "choice",
        /// When the card is asked for its nonce: the first GENERAL AUTHENTICATE.
        Nonce = "nonce",
    }
}

choice! {
    /// A command in the clear while a channel is open.
    PlainInChannel {
        /// Carried out as without a channel.
        Carried = "carried",
        /// Refused with 6988.
        Refused = "refused",
    }
}
choice! {
    /// Which SELECT ends a channel for good.
    MfUnderSm {
        /// None.
        Works = "works",
        /// That of the MF.
        Kills = "kills",
        /// That, and by paths through a directory.
        DeepPaths = "deep-paths",
    }
}
choice! {
    /// Answer of a PIN that was never set (old scheme) to VERIFY.
    FreshAnswer {
        /// Authentication method blocked.
        Blocked = "6983",
        /// Verification failed, no tries left.
        NoTriesLeft = "63c0",
        /// Reference data not usable.
        NotUsable = "6984",
        /// No information; only the status form answers this, VERIFY with data answers 6983.
        NoInformation = "6300",
    }
}
choice! {
    /// Data object DF2F of GET DATA: has the PIN been changed since manufacture?
    ChangedObject {
        /// Present, value 00: never changed.
        NeverChanged = "00",
        /// Present, value 01: changed.
        Changed = "01",
        /// Left out.
        Absent = "absent",
    }
}
choice! {
    /// Where a new PIN equal to the old one is refused with 6985.
    SamePinRefused {
        /// Nowhere.
        Never = "never",
        /// At CHANGE REFERENCE DATA.
        Change = "change",
        /// At CHANGE REFERENCE DATA and at RESET RETRY COUNTER.
        Both = "both",
    }
}
choice! {
    /// Status of the wrong code that takes the last try.
    LastTry {
        /// 63C0: wrong, none left.
        WrongNoneLeft = "63c0",
        /// 6983: blocked.
        Blocked = "6983",
    }
}
choice! {
    /// What a code of the wrong form is to VERIFY: too few digits, other bytes than digits, another filler.
    MalformedCode {
        /// Refused with 6A80; no try is spent.
        Refused = "6a80",
        /// A wrong code like any other.
        Wrong = "wrong",
    }
}
choice! {
    /// Which SELECT by AID ends the verified state of PIN1 on an IDEMIA card.
    SelectDrops {
        /// None.
        Never = "never",
        /// That of the main application.
        Main = "main",
        /// Every one.
        Any = "any",
    }
}
choice! {
    /// Where a PIN that was never changed is refused.
    UnchangedStep {
        /// At VERIFY, with the right code.
        Verify = "verify",
        /// At the operation with the private key.
        Use = "use",
    }
}
choice! {
    /// Content of a personal record that says nothing.
    EmptyRecord {
        /// One zero byte.
        ZeroByte = "00",
        /// Nothing.
        Empty = "none",
    }
}
choice! {
    /// Padding indicator byte that PSO DECIPHER wants before an RSA cryptogram.
    DecipherIndicator {
        /// 00, ISO/IEC 7816-4 'no further indication'.
        Iso00 = "00",
        /// 81.
        Fineid81 = "81",
        /// Either.
        Both = "both",
    }
}
choice! {
    /// Answer to a READ BINARY whose Le runs over the end of the file.
    EndOfFile {
        /// The rest of the file with 6282.
        Warning = "6282",
        /// 6Cxx with the exact rest, no data.
        WrongLe = "6cxx",
        /// The rest of the file with 9000.
        Short = "9000",
        /// 6700, no data.
        Refused = "6700",
    }
}
choice! {
    /// Answer to a READ BINARY whose offset is at or behind the end of the file.
    BeyondEnd {
        /// 6B00.
        WrongOffset = "6b00",
        /// 6282 without data.
        Warning = "6282",
        /// 9000 without data.
        Empty = "9000",
    }
}
choice! {
    /// How an answer of more than 256 bytes to a case 2 command starts.
    LongAnswer {
        /// First 256 bytes with 61xx.
        DataFirst = "data-first",
        /// 61 00 without data; everything by GET RESPONSE.
        StatusFirst = "status-first",
    }
}
choice! {
    /// Command chaining (CLA 10) of PSO DECIPHER.
    Chaining {
        /// Accepted.
        Accepted = "accepted",
        /// Refused with 6985.
        Refused6985 = "6985",
        /// Refused with 6884.
        Refused6884 = "6884",
    }
}
choice! {
    /// Files that can be selected before any application.
    EarlyFiles {
        /// Every file.
        All = "all",
        /// The MF, EF.DIR, EF.ATR and EF.CardAccess.
        MasterFile = "mf",
        /// None: 6A82.
        None = "none",
    }
}
choice! {
    /// Key length of the RSA signature key of the v3.1 card, in bits.
    SignKeyBits {
        /// 2048.
        Rsa2048 = "2048",
        /// 3072.
        Rsa3072 = "3072",
    }
}
choice! {
    /// Tag of the size in the FCP template (ISO/IEC 7816-4 table 10).
    FcpSizeTag {
        /// 81: all bytes, structure included.
        Tag81 = "81",
        /// 80: data bytes.
        Tag80 = "80",
    }
}
choice! {
    /// Serial number of the holder's certificates.
    CertificateNumber {
        /// As the issuer makes them; it begins with a byte below 80.
        Usual = "usual",
        /// The first byte is 80 or more, so that another zero byte comes before it.
        HighBit = "high-bit",
        /// The first byte is 80 or more, and no zero byte comes before it: a negative number.
        Negative = "negative",
        /// Twenty bytes, the most that RFC 5280 allows, and the first is 80 or more: with the zero byte 21.
        Twenty = "twenty",
        /// A zero byte too many in front, as no DER writer should put it; OpenSSL refuses such a certificate.
        Padded = "padded",
    }
}
choice! {
    /// String type of the names in the holder's certificates.
    NameText {
        /// As the issuer writes them.
        Usual = "usual",
        /// TeletexString (T61String) in Latin-1, as most programs write and read it; other letters in UTF-8.
        T61 = "t61",
        /// BMPString.
        Bmp = "bmp",
    }
}
choice! {
    /// What is odd about the authentication certificate, if its key is an EC key, or about the file that it is in.
    OddCertificate {
        /// Nothing.
        None = "none",
        /// The key is said to be on secp256k1, which no card has.
        UnknownCurve = "unknown-curve",
        /// The point is written in the hybrid form (06 or 07, x, y; X9.62).
        HybridPoint = "hybrid-point",
        /// The point is written in the compressed form (02 or 03, x).
        CompressedPoint = "compressed-point",
        /// There is none: the file is full of FF, as an erased memory.
        Erased = "erased",
        /// There is none: the file is empty.
        Empty = "empty",
    }
}
choice! {
    /// Certificates of the holder that a Belgian card has.
    BelgianCertificates {
        /// Authentication and signature.
        All = "all",
        /// Authentication only: a kids' card, or a holder who refused the signature.
        NoSignature = "no-signature",
        /// Neither: a card of a small child.
        None = "none",
    }
}
choice! {
    /// Identifiers of the certificates of authorities.
    AuthorityIds {
        /// Each has its own.
        Own = "own",
        /// Both have the same.
        Shared = "shared",
        /// That of the issuer is the holder's.
        Holder = "holder",
    }
}
choice! {
    /// EF.DIR of a card that is found by PKCS#15 alone.
    DirectoryFile {
        /// A transparent file.
        Transparent = "transparent",
        /// A file of records, one for each application: READ BINARY is answered with 6981.
        Records = "records",
        /// There is none.
        None = "none",
    }
}
choice! {
    /// What the card `pkcs15-card-partial` lacks.
    MissingPart {
        /// The directory of private keys.
        PrivateKeys = "private-keys",
        /// The directory of PINs.
        Pins = "pins",
        /// A PIN that is ASCII digits: it is BCD.
        AsciiPin = "ascii-pin",
    }
}
