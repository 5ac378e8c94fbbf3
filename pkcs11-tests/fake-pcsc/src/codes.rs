//! The numbers of PC/SC that are used here (winscard.h and pcsclite.h of pcsc-lite).

use libc::c_long;

/// What a function of PC/SC returns.
pub(crate) type Code = c_long;

macro_rules! codes {
    ($($name:ident = $value:literal, $text:literal;)*) => {
        $(pub(crate) const $name: Code = $value;)*

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
    CANCELLED = 0x8010_0002, "Command cancelled.";
    INVALID_HANDLE = 0x8010_0003, "Invalid handle.";
    INVALID_PARAMETER = 0x8010_0004, "Invalid parameter given.";
    INSUFFICIENT_BUFFER = 0x8010_0008, "Insufficient buffer.";
    UNKNOWN_READER = 0x8010_0009, "Unknown reader specified.";
    TIMEOUT = 0x8010_000A, "Command timeout.";
    SHARING_VIOLATION = 0x8010_000B, "Sharing violation.";
    NO_SMARTCARD = 0x8010_000C, "No smart card inserted.";
    PROTO_MISMATCH = 0x8010_000F, "Card protocol mismatch.";
    COMM_ERROR = 0x8010_0013, "RPC transport error.";
    NOT_TRANSACTED = 0x8010_0016, "Transaction failed.";
    READER_UNAVAILABLE = 0x8010_0017, "Reader is unavailable.";
    NO_SERVICE = 0x8010_001D, "Service not available.";
    SERVICE_STOPPED = 0x8010_001E, "Service was stopped.";
    UNSUPPORTED_FEATURE = 0x8010_001F, "Feature not supported.";
    NO_ACCESS = 0x8010_0027, "Access denied.";
    NO_READERS_AVAILABLE = 0x8010_002E, "Cannot find a smart card reader.";
    UNRESPONSIVE_CARD = 0x8010_0066, "Card is unresponsive.";
    UNPOWERED_CARD = 0x8010_0067, "Card is unpowered.";
    RESET_CARD = 0x8010_0068, "Card was reset.";
    REMOVED_CARD = 0x8010_0069, "Card was removed.";
    SECURITY_VIOLATION = 0x8010_006A, "Access denied because of security violation.";
}
