//! The numbers of PC/SC that are used here (winscard.h and pcsclite.h of pcsc-lite).

use libc::c_long;

/// What a function of PC/SC returns.
pub(crate) type Code = c_long;

macro_rules! codes {
    ($($name:ident = $value:literal, $text:literal;)*) => {
        $(pub(crate) const $name: Code = $value as Code;)*

        /// The text of a return value, with its NUL.
        pub(crate) fn text(code: Code) -> &'static str {
            match code {
                $($name => concat!($text, "\0"),)*
                _ => "Unknown error.\0",
            }
        }
    };
}

codes! {
    SUCCESS = 0, "Command successful.";
    CANCELLED = 0x8010_0002_u32, "Command cancelled.";
    INVALID_HANDLE = 0x8010_0003_u32, "Invalid handle.";
    INVALID_PARAMETER = 0x8010_0004_u32, "Invalid parameter given.";
    INSUFFICIENT_BUFFER = 0x8010_0008_u32, "Insufficient buffer.";
    UNKNOWN_READER = 0x8010_0009_u32, "Unknown reader specified.";
    TIMEOUT = 0x8010_000A_u32, "Command timeout.";
    SHARING_VIOLATION = 0x8010_000B_u32, "Sharing violation.";
    NO_SMARTCARD = 0x8010_000C_u32, "No smart card inserted.";
    PROTO_MISMATCH = 0x8010_000F_u32, "Card protocol mismatch.";
    COMM_ERROR = 0x8010_0013_u32, "RPC transport error.";
    NOT_TRANSACTED = 0x8010_0016_u32, "Transaction failed.";
    READER_UNAVAILABLE = 0x8010_0017_u32, "Reader is unavailable.";
    NO_SERVICE = 0x8010_001D_u32, "Service not available.";
    SERVICE_STOPPED = 0x8010_001E_u32, "Service was stopped.";
    UNSUPPORTED_FEATURE = 0x8010_001F_u32, "Feature not supported.";
    NO_ACCESS = 0x8010_0027_u32, "Access denied.";
    NO_READERS_AVAILABLE = 0x8010_002E_u32, "Cannot find a smart card reader.";
    UNRESPONSIVE_CARD = 0x8010_0066_u32, "Card is unresponsive.";
    UNPOWERED_CARD = 0x8010_0067_u32, "Card is unpowered.";
    RESET_CARD = 0x8010_0068_u32, "Card was reset.";
    REMOVED_CARD = 0x8010_0069_u32, "Card was removed.";
    SECURITY_VIOLATION = 0x8010_006A_u32, "Access denied because of security violation.";
}
