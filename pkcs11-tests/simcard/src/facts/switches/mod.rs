//! The open questions about the cards, one switch each.
//!
//! A default is the likelier answer, or the stricter one when nothing makes one likelier; but where a PIN may stay open
//! or a try be lost, it is the answer that does harm to a careless host, or a test that nothing happened would hold
//! by itself. No default here is evidence about a real card: where the facts are silent, a host has to survive every
//! setting. `of` names the families that a switch says something of; a card of another cannot be given it.

pub mod values;

use crate::facts::description::{CardDescription, Family, KeyKind};
use crate::facts::holder::Country;
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
    ($( $(#[doc = $doc:literal])+
        $name:ident : $type:ty = $default:expr, of $($family:ident)+ $(& $when:ident)?; )+) => {
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

            /// Whether a switch says something of a card.
            fn concerns(name: &str, card: &CardDescription) -> bool {
                match name {
                    $( stringify!($name) => {
                        matches!(card.family, $( Family::$family )|+) $( && $when(card) )?
                    } )+
                    _ => false,
                }
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

impl Switches {
    /// The switches that say something of a card.
    pub fn of(card: &CardDescription) -> Vec<SwitchInfo> {
        let mut switches = Self::list();
        switches.retain(|switch| Self::concerns(switch.name, card));
        switches
    }
}

fn has_keys(card: &CardDescription, of: impl Fn(KeyKind) -> bool) -> bool {
    card.keys.iter().any(|key| of(key.kind))
}

fn has_rsa_keys(card: &CardDescription) -> bool {
    has_keys(card, |kind| matches!(kind, KeyKind::Rsa(_) | KeyKind::RsaBySwitch))
}

fn has_ec_keys(card: &CardDescription) -> bool {
    has_keys(card, |kind| matches!(kind, KeyKind::P256 | KeyKind::P384))
}

fn has_key_of_open_size(card: &CardDescription) -> bool {
    has_keys(card, |kind| kind == KeyKind::RsaBySwitch)
}

fn has_backup_keys(card: &CardDescription) -> bool {
    card.keys.iter().any(|key| key.backup)
}

/// Authorities sign with keys of the kind that the holder's are of.
fn has_ec_certificates(card: &CardDescription) -> bool {
    card.keys.iter().all(|key| key.kind == KeyKind::P384 || key.backup)
}

fn is_estonian(card: &CardDescription) -> bool {
    card.country == Country::Estonia
}

fn is_latvian(card: &CardDescription) -> bool {
    card.country == Country::Latvia
}

fn is_latvian_ec(card: &CardDescription) -> bool {
    is_latvian(card) && has_ec_keys(card)
}

fn is_cosmo_x(card: &CardDescription) -> bool {
    card.chip.ends_with("Cosmo X")
}

fn has_air(card: &CardDescription) -> bool {
    card.air.is_some()
}

fn lacks_a_part(card: &CardDescription) -> bool {
    card.name == "pkcs15-card-partial"
}

switches! {
    /// What a never-set PIN of the old scheme answers to VERIFY. Never published as an observation.
    fresh_answer: FreshAnswer = FreshAnswer::Blocked, of Fineid;
    /// Whether GET DATA answers contain DF2F at all; older cards may lack it.
    df2f_present: bool = true, of Fineid;
    /// DF2F of a never-set PIN of the old scheme (needs df2f_present).
    df2f_fresh_old: ChangedObject = ChangedObject::NeverChanged, of Fineid;
    /// DF2F of the PUK itself (needs df2f_present); the literal reading is 00, nobody changes a PUK.
    puk_df2f: ChangedObject = ChangedObject::NeverChanged, of Fineid Thales;
    /// Whether GET DATA answers for the PUK reference 83; otherwise 6A88.
    puk_readable: bool = true, of Fineid Thales;
    /// Whether RESET RETRY COUNTER is refused (6985) while the PIN still has tries.
    unblock_needs_blocked: bool = false, of Fineid;
    /// How many times the PUK may be used; none = no limit, shown as A5 in DF21; used up: 6984.
    unblock_limit: Option<u8> = None, of Fineid;
    /// Where a new PIN equal to the old one is refused with 6985.
    same_pin_refused: SamePinRefused = SamePinRefused::Change, of Fineid Idemia Thales;
    /// Longest new PIN the card takes: 12 as specified for the card, 8 as the issuer tells holders.
    max_new_pin: usize = 12, of Fineid Organisation Pkcs15;
    /// Whether wrong transport codes (new scheme) count for both PINs together.
    shared_transport_counter: bool = false, of Fineid;
    /// Whether a key works with the transport PIN before it is changed; otherwise PSO answers 6985.
    sign_with_transport_pin: bool = true, of Fineid;
    /// Whether the card forgets PIN2 after one signature; otherwise it stays open until it is closed.
    pin2_one_shot: bool = false, of Fineid Idemia Thales Lithuania Organisation Pkcs15;
    /// Whether PIN1 stays verified when PIN2 is verified.
    pins_independent: bool = true, of Fineid;
    /// Whether selecting the MF forgets verified PINs.
    mf_drops_pins: bool = false, of Fineid;
    /// Whether CHANGE REFERENCE DATA leaves the PIN verified.
    change_verifies: bool = false, of Fineid Idemia Thales Lithuania Belgium Organisation Pkcs15;
    /// Whether VERIFY with P1=FF ends the verified state; otherwise 6A86.
    unverify_supported: bool = true, of Fineid;
    /// Status of the wrong code that takes the last try.
    last_try: LastTry = LastTry::WrongNoneLeft, of Fineid Belgium Organisation Pkcs15 Stranger;
    /// Padding indicator of PSO DECIPHER for RSA.
    decipher_indicator: DecipherIndicator = DecipherIndicator::Fineid81, of Fineid & has_rsa_keys;
    /// Whether PSO DECIPHER knows OAEP (algorithms 1D to 6D).
    oaep: bool = true, of Fineid & has_rsa_keys;
    /// Command chaining of PSO DECIPHER.
    chaining: Chaining = Chaining::Accepted, of Fineid;
    /// Largest number of bytes one READ BINARY gives, 1 to 256; a larger Le answers 6Cxx.
    read_limit: usize = 256, of Fineid Belgium Organisation Pkcs15;
    /// READ BINARY over the end of the file. 6282 is what open code expects; by strict T=0 it would be 6Cxx.
    eof: EndOfFile = EndOfFile::Warning, of Fineid Thales Lithuania Organisation Pkcs15;
    /// READ BINARY from an offset at or behind the end of the file.
    beyond_end: BeyondEnd = BeyondEnd::WrongOffset, of Fineid Idemia Thales Lithuania Belgium Organisation Pkcs15;
    /// Whether the size in the FCP is the size of the content; otherwise it is rounded up to 128 bytes.
    fcp_exact: bool = true, of Fineid;
    /// Tag of the size in the FCP.
    fcp_size_tag: FcpSizeTag = FcpSizeTag::Tag81, of Fineid;
    /// Zero bytes behind each certificate in its file.
    cert_padding: usize = 0, of Lithuania Fineid Belgium Organisation Pkcs15;
    /// Whether a case 4 command may carry Le; on strict T=0 it is one byte too long: 6700.
    case4_le: bool = false, of Fineid Belgium;
    /// Whether a case 2 command with a too large Le answers 6Cxx; otherwise short data with 9000.
    strict_le: bool = true, of Fineid Belgium Stranger;
    /// How an answer of more than 256 bytes to a case 2 command starts.
    long_answer: LongAnswer = LongAnswer::DataFirst, of Fineid;
    /// Whether extended-length commands are taken (and answered in one piece); T=0 cannot carry them: 6700. Whether the
    /// T=1 cards take them over contacts is not known.
    extended_length: bool = false, of Fineid Idemia Thales Organisation Pkcs15;
    /// Whether a T=1 card keeps its data to itself when a command that sent data has no Le.
    t1_needs_le: bool = false, of Idemia Thales Organisation Pkcs15;
    /// Estonia, Latvia: status of the wrong code that takes the last try; recorded is 6983, clients also know 63C0.
    last_try_abroad: LastTry = LastTry::Blocked, of Idemia Thales Lithuania;
    /// Estonia, Latvia: what a code of the wrong form is to VERIFY.
    malformed_code: MalformedCode = MalformedCode::Wrong, of Idemia Thales Lithuania;
    /// Estonia, Latvia: whether VERIFY without data asks for the state; otherwise 6700.
    probe_supported: bool = false, of Idemia Thales;
    /// Estonia, Latvia: status of a new PIN equal to the old one (see same_pin_refused).
    same_pin_status: u16 = 0x6985, of Idemia Thales;
    /// Estonia, Latvia: status of a private-key operation whose PIN is not verified.
    not_verified_status: u16 = 0x6982, of Idemia Thales;
    /// Estonia, Latvia: status of an unknown key reference in MSE.
    unknown_key_status: u16 = 0x6A88, of Idemia Thales;
    /// Estonia, Latvia: status of an unknown algorithm in MSE.
    unknown_algorithm_status: u16 = 0x6A80, of Idemia Thales;
    /// Estonia, Latvia: status of a hash of the wrong length.
    hash_length_status: u16 = 0x6A80, of Idemia Thales;
    /// Thales (Estonia): status of PSO COMPUTE DIGITAL SIGNATURE without PSO HASH before it.
    no_hash_status: u16 = 0x6985, of Thales;
    /// IDEMIA: which SELECT by AID ends the verified state of PIN1. OpenSC logs out by selecting the main application.
    select_drops_pin1: SelectDrops = SelectDrops::Never, of Idemia;
    /// IDEMIA: whether a verified PUK is good for one new PIN only.
    puk_one_shot: bool = false, of Idemia;
    /// IDEMIA Cosmo X: whether READ BINARY of more than C0 bytes works; some readers break it, here it answers 6F00.
    cosmo_x_long_reads: bool = true, of Idemia & is_cosmo_x;
    /// Thales (Estonia): most bytes that one READ BINARY gives; recorded over NFC is 223.
    thales_read_limit: usize = 256, of Thales;
    /// Thales (Estonia), state fresh: whether PIN1 must be changed before its first use too.
    unchanged_pin1: bool = false, of Thales;
    /// Thales (Estonia), state fresh: where a PIN that was never changed is refused.
    unchanged_step: UnchangedStep = UnchangedStep::Use, of Thales;
    /// Thales (Estonia), state fresh: status of that refusal.
    unchanged_status: u16 = 0x6985, of Thales;
    /// Thales (Estonia): whether personal record 7 tells the document number; newer cards are said not to.
    document_number: bool = true, of Thales;
    /// Estonia: content of a personal record that says nothing.
    empty_record: EmptyRecord = EmptyRecord::ZeroByte, of Idemia Thales & is_estonian;
    /// Latvia, EC: whether the certificates are in the old slots 3401 and 341F, as on a recorded card of 2026.
    latvia_old_slots: bool = false, of Idemia & is_latvian_ec;
    /// Latvia: fewest digits of PIN2 that the card itself takes.
    latvia_pin2_shortest: usize = 6, of Idemia & is_latvian;
    /// Whether INS 20, 24, 2C and CB work before the application is selected; otherwise 6D00.
    early_pin_commands: bool = false, of Fineid Idemia Thales;
    /// Thales (Estonia): whether GET DATA of a PIN answers before the application is selected, although VERIFY and MSE
    /// answer 6D00.
    early_pin_data: bool = true, of Thales;
    /// Whether INS 22 and 2A work before the application is selected; otherwise 6D00.
    early_security_env: bool = false, of Fineid Idemia Thales;
    /// Files that can be selected before the application.
    early_files: EarlyFiles = EarlyFiles::MasterFile, of Fineid Idemia Thales;
    /// Over the air: what a command in the clear is while a channel is open. It ends the channel in any case.
    plain_in_channel: PlainInChannel = PlainInChannel::Carried, of Fineid Idemia Thales Lithuania & has_air;
    /// Over the air: which SELECT ends the channel for good. One program saw it of SELECT of the MF, another read a file
    /// in the MF all the same.
    mf_under_sm: MfUnderSm = MfUnderSm::Kills, of Fineid & has_air;
    /// Over the air: whether PIN2 can be verified, which nobody has shown.
    contactless_signing: bool = true, of Fineid & has_air;
    /// Over the air: whether the curve may be named (DO 84); the recorded session with the Estonian card of 2025 does
    /// not, and the others do.
    pace_parameter: bool = true, of Thales;
    /// Lithuania: whether PACE with the PIN tells how many tries are left: 63Cx to its choice, while some are missing, and to
    /// a wrong one; otherwise 9000 and 6300. A wrong PUK likewise.
    pace_tells_tries: bool = false, of Lithuania;
    /// Lithuania: at which step of PACE a suspended or blocked PIN is refused.
    suspended_at: SuspendedAt = SuspendedAt::Choice, of Lithuania;
    /// Lithuania: whether VERIFY without data tells how the PIN of the signature key stands; otherwise 6700.
    ltu_probe_supported: bool = true, of Lithuania;
    /// Key length of the RSA signature key of the v3.1 card.
    v31_sign_key: SignKeyBits = SignKeyBits::Rsa3072, of Fineid & has_key_of_open_size;
    /// Whether the v4.1 card has the RSA-3072 backup keys 03 and 04 with certificates 4333 and 4335.
    backup_keys: bool = false, of Fineid & has_backup_keys;
    /// Whether an EC key signs under hash nibbles other than the one of its own field size.
    ec_any_hash: bool = false, of Fineid Organisation Pkcs15 & has_ec_keys;
    /// Whether v4 certificates have a NULL parameter in ecdsa-with-SHA384, as the recorded ones.
    null_parameter: bool = true, of Fineid & has_ec_certificates;
    /// Whether the authentication certificate has an extended key usage (client authentication, e-mail).
    extended_key_usage: bool = false, of Fineid;
    /// Serial number of the holder's certificates.
    certificate_number: CertificateNumber = CertificateNumber::Usual,
        of Fineid Idemia Thales Lithuania Belgium Organisation Pkcs15;
    /// String type of the names in the holder's certificates.
    name_text: NameText = NameText::Usual, of Fineid Idemia Thales Lithuania Belgium Organisation Pkcs15;
    /// Whether the holder's certificates are longer than 2 KiB.
    long_certificates: bool = false, of Fineid Idemia Thales Lithuania Belgium Organisation Pkcs15;
    /// What is odd about the authentication certificate, or about the file that it is in.
    odd_certificate: OddCertificate = OddCertificate::None,
        of Fineid Idemia Thales Lithuania Belgium Organisation Pkcs15 & has_ec_keys;
    /// Zero bytes behind the PKCS#15 files of cards that have a whole PKCS#15 directory.
    directory_padding: usize = 0, of Lithuania Belgium Organisation Pkcs15;
    /// Belgium: certificates of the holder; for a missing one there is no entry, and its file is 2500 zero bytes.
    bel_certificates: BelgianCertificates = BelgianCertificates::All, of Belgium;
    /// Belgium: whether VERIFY without data answers 9000 while the PIN is verified; otherwise always 63Cx.
    bel_probe_tells_verified: bool = false, of Belgium;
    /// Belgium: whether a malformed PIN block costs a try; otherwise 6A80 and no try.
    bel_malformed_pin_costs: bool = true, of Belgium;
    /// Belgium: whether MSE works only with a directory selected; otherwise from the MF too.
    bel_sign_needs_df: bool = false, of Belgium;
    /// Belgium: whether a VERIFY that a signature with key 83 used up still serves key 82.
    bel_sign_pin_serves_auth: bool = false, of Belgium;
    /// Organisation card: tries of the PINs and the PUK, 1 to 15; not found in the facts.
    org_tries: usize = 5, of Organisation;
    /// Organisation card: whether a code that is no typed code (padded, letters) costs a try; otherwise 6A80.
    org_padded_pin_costs: bool = true, of Organisation;
    /// Cards found by PKCS#15 alone, organisation card: whether selecting a directory forgets verified PINs.
    select_drops_pins: bool = false, of Organisation Pkcs15;
    /// The same cards: whether a path from the MF (SELECT with P1 = 08) may start with 3F00.
    path_with_mf: bool = false, of Organisation Pkcs15;
    /// The same cards: whether MSE may leave the algorithm out.
    implicit_algorithm: bool = false, of Organisation Pkcs15;
    /// Cards found by PKCS#15 alone: which identifiers their files give to the certificates of authorities. Nothing
    /// says that identifiers of certificates are unique.
    p15_authority_ids: AuthorityIds = AuthorityIds::Own, of Pkcs15;
    /// Cards found by PKCS#15 alone: what kind of file EF.DIR is.
    directory_file: DirectoryFile = DirectoryFile::Transparent, of Pkcs15;
    /// The same cards: whether the application can be selected by its name; otherwise only by its file identifier 5015.
    application_by_name: bool = true, of Pkcs15;
    /// The same cards: whether files can be selected by their path (P1 = 08, 09); otherwise 6A86.
    path_select: bool = true, of Pkcs15;
    /// The card `pkcs15-card-partial`: what is missing.
    p15_missing: MissingPart = MissingPart::PrivateKeys, of Pkcs15 & lacks_a_part;
}
