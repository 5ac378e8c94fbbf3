//! The open questions about the cards, one switch each.
//!
//! A default is the likelier answer, or the stricter one when nothing makes one likelier. No default here is
//! evidence about a real card: where the facts are silent, a host has to survive every setting.

pub mod values;

use serde::Serialize;
use values::*;

/// One line of `--list-switches`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SwitchInfo {
    /// Name before the `=`.
    pub name: &'static str,
    /// What may follow it.
    pub choices: String,
    /// The default.
    pub default: String,
    /// What it decides.
    pub about: String,
}

macro_rules! switches {
    ($( $(#[doc = $doc:literal])+ $name:ident : $type:ty = $default:expr; )+) => {
        /// Answers of the card to the questions that the public facts leave open.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        pub struct Switches { $( $(#[doc = $doc])+ pub $name: $type, )+ }

        impl Default for Switches {
            fn default() -> Self {
                Self { $( $name: $default, )+ }
            }
        }

        impl Switches {
            /// Sets one switch from the text of `--switch name=value`.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
                match name {
                    $( stringify!($name) => {
                        self.$name = SwitchValue::parse(value).ok_or_else(|| {
                            format!("switch {name}: {value:?} is none of {}", <$type as SwitchValue>::choices())
                        })?;
                    } )+
                    _ => return Err(format!("no switch is called {name:?}; see --list-switches")),
                }
                Ok(())
            }

            /// Every switch with its choices, its default and its meaning.
            pub fn list() -> Vec<SwitchInfo> {
                let default = Self::default();
                vec![ $( SwitchInfo {
                    name: stringify!($name),
                    choices: <$type as SwitchValue>::choices(),
                    default: default.$name.text(),
                    about: [$($doc.trim()),+].join(" "),
                } ),+ ]
            }
        }
    };
}

switches! {
    /// What a never-set PIN of the old scheme answers to VERIFY. Never published as an observation.
    fresh_answer: FreshAnswer = FreshAnswer::Blocked;
    /// Whether GET DATA answers contain DF2F at all; older cards may lack it.
    df2f_present: bool = true;
    /// DF2F of a never-set PIN of the old scheme (needs df2f_present).
    df2f_fresh_old: ChangedObject = ChangedObject::NeverChanged;
    /// DF2F of the PUK itself (needs df2f_present); the literal reading is 00, nobody changes a PUK.
    puk_df2f: ChangedObject = ChangedObject::NeverChanged;
    /// Whether GET DATA answers for the PUK reference 83; otherwise 6A88.
    puk_readable: bool = true;
    /// Whether RESET RETRY COUNTER is refused (6985) while the PIN still has tries.
    unblock_needs_blocked: bool = false;
    /// How many times the PUK may be used; none = no limit, shown as A5 in DF21; used up: 6984.
    unblock_limit: Option<u8> = None;
    /// Where a new PIN equal to the old one is refused with 6985.
    same_pin_refused: SamePinRefused = SamePinRefused::Change;
    /// Longest new PIN the card takes: 12 as specified for the card, 8 as the issuer tells holders.
    max_new_pin: usize = 12;
    /// Whether wrong transport codes (new scheme) count for both PINs together.
    shared_transport_counter: bool = false;
    /// Whether a key works with the transport PIN before it is changed; otherwise PSO answers 6985.
    sign_with_transport_pin: bool = true;
    /// Whether the card forgets PIN2 after one signature.
    pin2_one_shot: bool = true;
    /// Whether PIN1 stays verified when PIN2 is verified.
    pins_independent: bool = true;
    /// Whether selecting the MF forgets verified PINs.
    mf_drops_pins: bool = false;
    /// Whether CHANGE REFERENCE DATA leaves the PIN verified.
    change_verifies: bool = false;
    /// Whether VERIFY with P1=FF ends the verified state; otherwise 6A86.
    unverify_supported: bool = true;
    /// Status of the wrong code that takes the last try.
    last_try: LastTry = LastTry::WrongNoneLeft;
    /// Padding indicator of PSO DECIPHER for RSA.
    decipher_indicator: DecipherIndicator = DecipherIndicator::Fineid81;
    /// Whether PSO DECIPHER knows OAEP (algorithms 1D to 6D).
    oaep: bool = true;
    /// Command chaining of PSO DECIPHER.
    chaining: Chaining = Chaining::Accepted;
    /// Largest number of bytes one READ BINARY gives, 1 to 256; a larger Le answers 6Cxx.
    read_limit: usize = 256;
    /// READ BINARY over the end of the file. 6282 is what open code expects; by strict T=0 it would be 6Cxx.
    eof: EndOfFile = EndOfFile::Warning;
    /// READ BINARY from an offset at or behind the end of the file.
    beyond_end: BeyondEnd = BeyondEnd::WrongOffset;
    /// Whether the size in the FCP is the size of the content; otherwise it is rounded up to 128 bytes.
    fcp_exact: bool = true;
    /// Tag of the size in the FCP.
    fcp_size_tag: FcpSizeTag = FcpSizeTag::Tag81;
    /// Zero bytes behind each certificate in its file.
    cert_padding: usize = 0;
    /// Whether a case 4 command may carry Le; on strict T=0 it is one byte too long: 6700.
    case4_le: bool = false;
    /// Whether a case 2 command with a too large Le answers 6Cxx; otherwise short data with 9000.
    strict_le: bool = true;
    /// How an answer of more than 256 bytes to a case 2 command starts.
    long_answer: LongAnswer = LongAnswer::DataFirst;
    /// Whether extended-length commands are taken (and answered in one piece); T=0 cannot carry them: 6700. Whether the
    /// T=1 cards take them over contacts is not known.
    extended_length: bool = false;
    /// Whether a T=1 card keeps its data to itself when a command that sent data has no Le.
    t1_needs_le: bool = false;
    /// Estonia, Latvia: status of the wrong code that takes the last try; recorded is 6983, clients also know 63C0.
    last_try_abroad: LastTry = LastTry::Blocked;
    /// Estonia, Latvia: what a code of the wrong form is to VERIFY.
    malformed_code: MalformedCode = MalformedCode::Refused;
    /// Estonia, Latvia: whether VERIFY without data asks for the state; otherwise 6700.
    probe_supported: bool = false;
    /// Estonia, Latvia: status of a new PIN equal to the old one (see same_pin_refused).
    same_pin_status: u16 = 0x6985;
    /// Estonia, Latvia: status of a private-key operation whose PIN is not verified.
    not_verified_status: u16 = 0x6982;
    /// Estonia, Latvia: status of an unknown key reference in MSE.
    unknown_key_status: u16 = 0x6A88;
    /// Estonia, Latvia: status of an unknown algorithm in MSE.
    unknown_algorithm_status: u16 = 0x6A80;
    /// Estonia, Latvia: status of a hash of the wrong length.
    hash_length_status: u16 = 0x6A80;
    /// Thales (Estonia): status of PSO COMPUTE DIGITAL SIGNATURE without PSO HASH before it.
    no_hash_status: u16 = 0x6985;
    /// IDEMIA: which SELECT by AID ends the verified state of PIN1. OpenSC logs out by selecting the main application.
    select_drops_pin1: SelectDrops = SelectDrops::Never;
    /// IDEMIA: whether a verified PUK is good for one new PIN only.
    puk_one_shot: bool = false;
    /// IDEMIA Cosmo X: whether READ BINARY of more than C0 bytes works; some readers break it, here it answers 6F00.
    cosmo_x_long_reads: bool = true;
    /// Thales (Estonia): most bytes that one READ BINARY gives; recorded over NFC is 223.
    thales_read_limit: usize = 256;
    /// Thales (Estonia), state fresh: whether PIN1 must be changed before its first use too.
    unchanged_pin1: bool = false;
    /// Thales (Estonia), state fresh: where a PIN that was never changed is refused.
    unchanged_step: UnchangedStep = UnchangedStep::Use;
    /// Thales (Estonia), state fresh: status of that refusal.
    unchanged_status: u16 = 0x6985;
    /// Estonia: content of a personal record that says nothing.
    empty_record: EmptyRecord = EmptyRecord::ZeroByte;
    /// Latvia, EC: whether the certificates are in the old slots 3401 and 341F, as on a recorded card of 2026.
    latvia_old_slots: bool = false;
    /// Latvia: fewest digits of PIN2 that the card itself takes.
    latvia_pin2_shortest: usize = 6;
    /// Whether INS 20, 24, 2C and CB work before the application is selected; otherwise 6D00.
    early_pin_commands: bool = false;
    /// Whether INS 22 and 2A work before the application is selected; otherwise 6D00.
    early_security_env: bool = false;
    /// Files that can be selected before the application.
    early_files: EarlyFiles = EarlyFiles::MasterFile;
    /// Key length of the RSA signature key of the v3.1 card.
    v31_sign_key: SignKeyBits = SignKeyBits::Rsa3072;
    /// Whether the v4.1 card has the RSA-3072 backup keys 03 and 04 with certificates 4333 and 4335.
    backup_keys: bool = false;
    /// Whether an EC key signs under hash nibbles other than the one of its own field size.
    ec_any_hash: bool = false;
    /// Whether v4 certificates have a NULL parameter in ecdsa-with-SHA384, as the recorded ones.
    null_parameter: bool = true;
    /// Whether the authentication certificate has an extended key usage (client authentication, e-mail).
    extended_key_usage: bool = false;
    /// Zero bytes behind the PKCS#15 files of cards that have a whole PKCS#15 directory.
    directory_padding: usize = 0;
    /// Belgium: certificates of the holder; for a missing one there is no entry, and its file is 2500 zero bytes.
    bel_certificates: BelgianCertificates = BelgianCertificates::All;
    /// Belgium: whether VERIFY without data answers 9000 while the PIN is verified; otherwise always 63Cx.
    bel_probe_tells_verified: bool = false;
    /// Belgium: whether a malformed PIN block costs a try; otherwise 6A80 and no try.
    bel_malformed_pin_costs: bool = false;
    /// Belgium: whether MSE works only with a directory selected; otherwise from the MF too.
    bel_sign_needs_df: bool = false;
    /// Belgium: whether a VERIFY that a signature with key 83 used up still serves key 82.
    bel_sign_pin_serves_auth: bool = false;
    /// Organisation card: tries of the PINs and the PUK, 1 to 15; not found in the facts.
    org_tries: usize = 5;
    /// Organisation card: whether a code that is no typed code (padded, letters) costs a try; otherwise 6A80.
    org_padded_pin_costs: bool = true;
    /// Cards found by PKCS#15 alone, organisation card: whether selecting a directory forgets verified PINs.
    select_drops_pins: bool = false;
    /// The same cards: whether a path from the MF (SELECT with P1 = 08) may start with 3F00.
    path_with_mf: bool = false;
    /// The same cards: whether MSE may leave the algorithm out.
    implicit_algorithm: bool = false;
    /// The card `pkcs15-card-partial`: what is missing.
    p15_missing: MissingPart = MissingPart::PrivateKeys;
}
