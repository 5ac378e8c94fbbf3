//! Why a call failed, and the one place where errors of the card become return values (§5.1).

use avain_card::cards::{Aftermath, CanError, CardError, NewPin, NotEntered, PinError, Step};
use avain_card::iso7816::StatusWord;
use avain_card::transport::TransportError;
use cryptoki_sys::*;

/// Makes [`Fault`] from a table: a variant a line, with the return value that it becomes and is named after.
macro_rules! faults {
    ($($fault:ident = $code:ident,)+) => {
        /// Why a call failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each variant is named after its return value")]
        pub enum Fault {
            $($fault,)+
        }

        impl Fault {
            /// The return value of the call.
            pub const fn rv(self) -> CK_RV {
                match self {
                    $(Fault::$fault => $code,)+
                }
            }

            /// The name of that return value, for the log.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Fault::$fault => stringify!($code),)+
                }
            }
        }

        #[cfg(test)]
        const ALL: &[(&str, Fault)] = &[$((stringify!($fault), Fault::$fault)),+];
    };
}

faults! {
    ActionProhibited = CKR_ACTION_PROHIBITED,
    ArgumentsBad = CKR_ARGUMENTS_BAD,
    AttributeReadOnly = CKR_ATTRIBUTE_READ_ONLY,
    AttributeSensitive = CKR_ATTRIBUTE_SENSITIVE,
    AttributeTypeInvalid = CKR_ATTRIBUTE_TYPE_INVALID,
    AttributeValueInvalid = CKR_ATTRIBUTE_VALUE_INVALID,
    BufferTooSmall = CKR_BUFFER_TOO_SMALL,
    CantLock = CKR_CANT_LOCK,
    CryptokiAlreadyInitialized = CKR_CRYPTOKI_ALREADY_INITIALIZED,
    CryptokiNotInitialized = CKR_CRYPTOKI_NOT_INITIALIZED,
    CurveNotSupported = CKR_CURVE_NOT_SUPPORTED,
    DataInvalid = CKR_DATA_INVALID,
    DataLenRange = CKR_DATA_LEN_RANGE,
    DeviceError = CKR_DEVICE_ERROR,
    DeviceRemoved = CKR_DEVICE_REMOVED,
    EncryptedDataInvalid = CKR_ENCRYPTED_DATA_INVALID,
    EncryptedDataLenRange = CKR_ENCRYPTED_DATA_LEN_RANGE,
    FunctionCanceled = CKR_FUNCTION_CANCELED,
    FunctionFailed = CKR_FUNCTION_FAILED,
    FunctionNotParallel = CKR_FUNCTION_NOT_PARALLEL,
    FunctionNotSupported = CKR_FUNCTION_NOT_SUPPORTED,
    FunctionRejected = CKR_FUNCTION_REJECTED,
    GeneralError = CKR_GENERAL_ERROR,
    HostMemory = CKR_HOST_MEMORY,
    KeyFunctionNotPermitted = CKR_KEY_FUNCTION_NOT_PERMITTED,
    KeyHandleInvalid = CKR_KEY_HANDLE_INVALID,
    KeyIndigestible = CKR_KEY_INDIGESTIBLE,
    KeySizeRange = CKR_KEY_SIZE_RANGE,
    KeyTypeInconsistent = CKR_KEY_TYPE_INCONSISTENT,
    MechanismInvalid = CKR_MECHANISM_INVALID,
    MechanismParamInvalid = CKR_MECHANISM_PARAM_INVALID,
    NoEvent = CKR_NO_EVENT,
    ObjectHandleInvalid = CKR_OBJECT_HANDLE_INVALID,
    OperationActive = CKR_OPERATION_ACTIVE,
    OperationNotInitialized = CKR_OPERATION_NOT_INITIALIZED,
    PinIncorrect = CKR_PIN_INCORRECT,
    PinInvalid = CKR_PIN_INVALID,
    PinLenRange = CKR_PIN_LEN_RANGE,
    PinLocked = CKR_PIN_LOCKED,
    RandomSeedNotSupported = CKR_RANDOM_SEED_NOT_SUPPORTED,
    SavedStateInvalid = CKR_SAVED_STATE_INVALID,
    SessionAsyncNotSupported = CKR_SESSION_ASYNC_NOT_SUPPORTED,
    SessionHandleInvalid = CKR_SESSION_HANDLE_INVALID,
    SessionParallelNotSupported = CKR_SESSION_PARALLEL_NOT_SUPPORTED,
    SessionReadOnly = CKR_SESSION_READ_ONLY,
    SessionReadOnlyExists = CKR_SESSION_READ_ONLY_EXISTS,
    SessionReadWriteSoExists = CKR_SESSION_READ_WRITE_SO_EXISTS,
    SignatureInvalid = CKR_SIGNATURE_INVALID,
    SignatureLenRange = CKR_SIGNATURE_LEN_RANGE,
    SlotIdInvalid = CKR_SLOT_ID_INVALID,
    StateUnsaveable = CKR_STATE_UNSAVEABLE,
    TemplateIncomplete = CKR_TEMPLATE_INCOMPLETE,
    TemplateInconsistent = CKR_TEMPLATE_INCONSISTENT,
    TokenNotPresent = CKR_TOKEN_NOT_PRESENT,
    TokenNotRecognized = CKR_TOKEN_NOT_RECOGNIZED,
    TokenWriteProtected = CKR_TOKEN_WRITE_PROTECTED,
    UserAlreadyLoggedIn = CKR_USER_ALREADY_LOGGED_IN,
    UserAnotherAlreadyLoggedIn = CKR_USER_ANOTHER_ALREADY_LOGGED_IN,
    UserNotLoggedIn = CKR_USER_NOT_LOGGED_IN,
    UserPinNotInitialized = CKR_USER_PIN_NOT_INITIALIZED,
    UserTypeInvalid = CKR_USER_TYPE_INVALID,
}

impl Fault {
    /// The fault of a call on a slot whose card operation failed.
    pub(super) fn of_token(error: CardError) -> Self {
        match error {
            CardError::Swapped => Fault::TokenNotPresent,
            // Partly personalised, or another vendor's application on the same chip.
            CardError::Refused { step: Step::SelectApplication | Step::ReadSerial, .. }
            | CardError::Malformed { step: Step::ReadSerial }
            | CardError::Can(_)
            | CardError::Unrecognised => Fault::TokenNotRecognized,
            other => Fault::of_card(other),
        }
    }

    /// The fault of a call on a session whose card operation failed. A session ends with its card.
    pub(super) fn of_session(error: CardError) -> Self {
        match error {
            CardError::Swapped | CardError::Unrecognised => Fault::SessionHandleInvalid,
            other => Fault::of_card(other),
        }
    }

    fn of_card(error: CardError) -> Self {
        match error {
            CardError::Transport(
                TransportError::Removed | TransportError::ReaderGone | TransportError::ServiceDown,
            ) => Fault::DeviceRemoved,
            CardError::Transport(
                TransportError::Reset
                | TransportError::Busy
                | TransportError::NotAllowed
                | TransportError::Mute
                | TransportError::Comm
                | TransportError::Insecure
                | TransportError::Protocol,
            )
            | CardError::Refused { .. }
            | CardError::Malformed { .. } => Fault::DeviceError,
            CardError::Swapped | CardError::Unrecognised => Fault::DeviceRemoved,
            CardError::Can(CanError::NoMemory) => Fault::HostMemory,
            CardError::Can(_) => Fault::DeviceError,
            CardError::Unsupported => Fault::FunctionFailed,
        }
    }

    /// The fault of C_Login.
    pub(super) fn of_login(error: PinError) -> Self {
        match error {
            PinError::NeverSet | PinError::NotOwnYet => Fault::UserPinNotInitialized,
            // The other codes are about new PINs.
            PinError::NotEntered(NotEntered::Differs | NotEntered::NotTaken) => Fault::FunctionCanceled,
            other => Fault::of_pin(other),
        }
    }

    /// The fault of C_SetPIN and C_InitPIN. Whatever the user can retype is CKR_PIN_INCORRECT: only on that code do
    /// programs ask again.
    pub(super) fn of_pin(error: PinError) -> Self {
        match error {
            PinError::Wrong { left: Some(0) } | PinError::Blocked | PinError::NeverSet | PinError::UsedUp => {
                Fault::PinLocked
            }
            PinError::Wrong { .. }
            | PinError::RefusedBefore
            | PinError::GivenElsewhere
            | PinError::Impossible
            | PinError::Contradiction => Fault::PinIncorrect,
            PinError::NewImpossible(NewPin::Length) => Fault::PinLenRange,
            PinError::NewImpossible(NewPin::NotDigits | NewPin::Unchanged) => Fault::PinInvalid,
            // Not CKR_FUNCTION_REJECTED, which the functions that set PINs do not have.
            PinError::NotOwnYet => Fault::FunctionFailed,
            PinError::WriteProtected | PinError::NeedsContacts => Fault::TokenWriteProtected,
            PinError::NotGiven => Fault::UserNotLoggedIn,
            PinError::NoMemory => Fault::HostMemory,
            PinError::Interrupted => Fault::FunctionFailed,
            PinError::NotEntered(why) => Fault::of_keypad(why),
            PinError::Unclear { cause, after } => Fault::of_unclear(cause, after),
            // The number of a card without contacts is typed together with the PIN.
            PinError::Card(CardError::Can(
                CanError::Missing | CanError::Wrong { .. } | CanError::RefusedBefore,
            )) => Fault::PinIncorrect,
            PinError::Card(error) => Fault::of_session(error),
        }
    }

    /// The fault where nothing was entered on the keypad. A program repeats a PIN by itself on no other code than
    /// CKR_PIN_INCORRECT, and the holder who has cancelled is not asked again.
    fn of_keypad(why: NotEntered) -> Self {
        match why {
            NotEntered::Cancelled | NotEntered::TooLate => Fault::FunctionCanceled,
            NotEntered::Differs => Fault::PinInvalid,
            NotEntered::NotTaken => Fault::PinLenRange,
        }
    }

    /// The fault of a command with a PIN whose answer was unclear, from what the card said afterwards. A program that
    /// learns that a try was spent asks its user again, and does not repeat the PIN by itself.
    fn of_unclear(cause: CardError, after: Aftermath) -> Self {
        match (cause, after.left()) {
            (CardError::Transport(_), _) => Fault::of_session(cause),
            (_, Some(0)) if after.is_spent() => Fault::PinLocked,
            _ if after.is_spent() => Fault::PinIncorrect,
            (CardError::Refused { step: Step::Change, sw: StatusWord::CONDITIONS }, _) => Fault::PinInvalid,
            _ => Fault::of_session(cause),
        }
    }

    /// The same fault in a multiple-part function: the standard does not permit CKR_DATA_INVALID there.
    pub(super) fn in_parts(self) -> Self {
        match self {
            Fault::DataInvalid => Fault::FunctionFailed,
            other => other,
        }
    }

    /// The fault of a signature. Only the signing functions may return CKR_FUNCTION_REJECTED, for a key whose PIN was
    /// never changed by its holder.
    pub(super) fn of_signature(error: PinError) -> Self {
        match error {
            PinError::NotOwnYet | PinError::NotEntered(NotEntered::Cancelled) => Fault::FunctionRejected,
            other => Fault::of_key(other),
        }
    }

    /// The fault of another use of a key. A PIN that the card no longer accepts has to be entered again.
    pub(super) fn of_key(error: PinError) -> Self {
        match error {
            PinError::NotOwnYet => Fault::FunctionFailed,
            // The card has tried the cryptogram: it was not made for this key.
            PinError::Card(CardError::Refused { step: Step::Decipher, .. }) => Fault::EncryptedDataInvalid,
            PinError::Unclear { cause, .. } => Fault::of_session(cause),
            PinError::NotEntered(_) => Fault::FunctionCanceled,
            PinError::NoMemory => Fault::HostMemory,
            PinError::Card(error) => Fault::of_session(error),
            _ => Fault::UserNotLoggedIn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::p11::functions::{self, function};

    #[test]
    fn each_fault_is_called_what_its_return_value_is_called() {
        for (variant, fault) in ALL {
            let name = fault.name().strip_prefix("CKR_").unwrap().replace('_', "");
            assert_eq!(variant.to_uppercase(), name);
            assert!(functions::name(fault.rv()).is_none_or(|listed| listed == fault.name()), "{variant}");
        }
    }

    #[test]
    fn what_a_pin_or_a_key_fails_by_is_permitted() {
        let errors = [
            PinError::Wrong { left: None },
            PinError::Blocked,
            PinError::NeverSet,
            PinError::NotOwnYet,
            PinError::RefusedBefore,
            PinError::GivenElsewhere,
            PinError::Impossible,
            PinError::NoMemory,
            PinError::NotEntered(NotEntered::Cancelled),
            PinError::NotEntered(NotEntered::TooLate),
            PinError::NotEntered(NotEntered::Differs),
            PinError::NotEntered(NotEntered::NotTaken),
            PinError::Card(CardError::Unsupported),
            PinError::Card(CardError::Swapped),
            PinError::Card(CardError::Can(CanError::Missing)),
            PinError::Card(CardError::Can(CanError::Wrong { seconds: 1 })),
            PinError::Card(CardError::Can(CanError::RefusedBefore)),
            PinError::Card(CardError::Can(CanError::Impostor)),
            PinError::Card(CardError::Can(CanError::NoMemory)),
        ];
        type Turn = fn(PinError) -> Fault;
        let functions: [(&str, Turn); 7] = [
            ("C_Decrypt", Fault::of_key),
            ("C_DeriveKey", Fault::of_key),
            ("C_SignRecover", Fault::of_key),
            ("C_Sign", Fault::of_signature),
            ("C_Login", Fault::of_login),
            ("C_SetPIN", Fault::of_pin),
            ("C_InitPIN", Fault::of_pin),
        ];
        for (name, fault) in functions {
            for error in errors {
                assert!(function(name).unwrap().permits(fault(error).rv()), "{name}: {error:?}");
            }
        }
        let unknown = CardError::Unsupported;
        assert_eq!([Fault::of_token(unknown), Fault::of_session(unknown)], [Fault::FunctionFailed; 2]);
    }
}
