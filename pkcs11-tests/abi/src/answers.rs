//! Return values: their names, and which function may give which (PKCS #11 3.1 §5.4 to §5.13, "Return values").

use cryptoki_sys::*;

macro_rules! names {
    ($($code:ident)*) => {
        /// The standard's name of a return value.
        pub fn name(code: CK_RV) -> String {
            match code {
                $($code => stringify!($code).to_owned(),)*
                other => format!("{other:#x}"),
            }
        }
    };
}

names! {
    CKR_OK CKR_HOST_MEMORY CKR_SLOT_ID_INVALID CKR_GENERAL_ERROR CKR_FUNCTION_FAILED CKR_ARGUMENTS_BAD CKR_NO_EVENT
    CKR_NEED_TO_CREATE_THREADS CKR_CANT_LOCK CKR_ATTRIBUTE_SENSITIVE CKR_ATTRIBUTE_TYPE_INVALID
    CKR_ATTRIBUTE_VALUE_INVALID CKR_DATA_INVALID CKR_DATA_LEN_RANGE CKR_DEVICE_ERROR CKR_DEVICE_MEMORY
    CKR_DEVICE_REMOVED CKR_FUNCTION_CANCELED CKR_FUNCTION_NOT_PARALLEL CKR_FUNCTION_NOT_SUPPORTED
    CKR_KEY_HANDLE_INVALID CKR_KEY_SIZE_RANGE CKR_KEY_TYPE_INCONSISTENT CKR_KEY_FUNCTION_NOT_PERMITTED
    CKR_MECHANISM_INVALID CKR_MECHANISM_PARAM_INVALID CKR_OBJECT_HANDLE_INVALID CKR_OPERATION_ACTIVE
    CKR_OPERATION_NOT_INITIALIZED CKR_PIN_INCORRECT CKR_PIN_EXPIRED CKR_PIN_LOCKED CKR_SESSION_CLOSED
    CKR_SESSION_COUNT CKR_SESSION_HANDLE_INVALID CKR_SESSION_PARALLEL_NOT_SUPPORTED CKR_SESSION_READ_ONLY
    CKR_SESSION_READ_ONLY_EXISTS CKR_SESSION_READ_WRITE_SO_EXISTS CKR_TOKEN_NOT_PRESENT CKR_TOKEN_NOT_RECOGNIZED
    CKR_TOKEN_WRITE_PROTECTED CKR_USER_ALREADY_LOGGED_IN CKR_USER_NOT_LOGGED_IN CKR_USER_PIN_NOT_INITIALIZED
    CKR_USER_TYPE_INVALID CKR_USER_ANOTHER_ALREADY_LOGGED_IN CKR_USER_TOO_MANY_TYPES CKR_RANDOM_NO_RNG
    CKR_BUFFER_TOO_SMALL CKR_CRYPTOKI_NOT_INITIALIZED CKR_CRYPTOKI_ALREADY_INITIALIZED CKR_OPERATION_CANCEL_FAILED
    CKR_FUNCTION_REJECTED CKR_TOKEN_RESOURCE_EXCEEDED CKR_SESSION_ASYNC_NOT_SUPPORTED CKR_ACTION_PROHIBITED
    CKR_ATTRIBUTE_READ_ONLY CKR_CURVE_NOT_SUPPORTED CKR_ENCRYPTED_DATA_INVALID CKR_ENCRYPTED_DATA_LEN_RANGE
    CKR_KEY_INDIGESTIBLE CKR_SIGNATURE_INVALID CKR_SIGNATURE_LEN_RANGE CKR_STATE_UNSAVEABLE CKR_TEMPLATE_INCOMPLETE
    CKR_TEMPLATE_INCONSISTENT
}

/// The call must have been refused with this code.
///
/// # Panics
/// Where it was not.
#[track_caller]
pub fn refused<T>(outcome: Result<T, CK_RV>, code: CK_RV) {
    let got = outcome.err().unwrap_or(CKR_OK);
    assert!(got == code, "{} instead of {}", name(got), name(code));
}

/// Codes that any function may give (§5.1.1), and those of functions that reach a token (§5.1.2, §5.1.3).
const ANYWHERE: &[CK_RV] =
    &[CKR_OK, CKR_GENERAL_ERROR, CKR_HOST_MEMORY, CKR_FUNCTION_FAILED, CKR_ARGUMENTS_BAD];
const ON_TOKENS: &[CK_RV] =
    &[CKR_CRYPTOKI_NOT_INITIALIZED, CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY, CKR_DEVICE_REMOVED];
const IN_SESSIONS: &[CK_RV] = &[CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED, CKR_FUNCTION_CANCELED];

/// Whether the standard permits this function to give this code.
///
/// # Panics
/// Where the function is not in the table.
pub fn permitted(function: &str, code: CK_RV) -> bool {
    let (session, own): (bool, &[CK_RV]) = match function {
        "C_GetTokenInfo" | "C_GetMechanismList" => (
            false,
            &[CKR_SLOT_ID_INVALID, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED, CKR_BUFFER_TOO_SMALL],
        ),
        "C_OpenSession" => (
            false,
            &[
                CKR_SESSION_COUNT,
                CKR_SESSION_PARALLEL_NOT_SUPPORTED,
                CKR_SESSION_READ_WRITE_SO_EXISTS,
                CKR_SESSION_ASYNC_NOT_SUPPORTED,
                CKR_SLOT_ID_INVALID,
                CKR_TOKEN_NOT_PRESENT,
                CKR_TOKEN_NOT_RECOGNIZED,
                CKR_TOKEN_WRITE_PROTECTED,
            ],
        ),
        "C_Login" => (
            true,
            &[
                CKR_OPERATION_NOT_INITIALIZED,
                CKR_PIN_INCORRECT,
                CKR_PIN_LOCKED,
                CKR_SESSION_READ_ONLY_EXISTS,
                CKR_USER_ALREADY_LOGGED_IN,
                CKR_USER_ANOTHER_ALREADY_LOGGED_IN,
                CKR_USER_PIN_NOT_INITIALIZED,
                CKR_USER_TOO_MANY_TYPES,
                CKR_USER_TYPE_INVALID,
            ],
        ),
        "C_Logout" => (true, &[CKR_USER_NOT_LOGGED_IN]),
        "C_FindObjectsInit" => (
            true,
            &[CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_OPERATION_ACTIVE, CKR_PIN_EXPIRED],
        ),
        "C_FindObjects" | "C_FindObjectsFinal" => (true, &[CKR_OPERATION_NOT_INITIALIZED]),
        "C_GetAttributeValue" => (
            true,
            &[
                CKR_ATTRIBUTE_SENSITIVE,
                CKR_ATTRIBUTE_TYPE_INVALID,
                CKR_BUFFER_TOO_SMALL,
                CKR_OBJECT_HANDLE_INVALID,
            ],
        ),
        "C_SignInit" => (
            true,
            &[
                CKR_KEY_FUNCTION_NOT_PERMITTED,
                CKR_KEY_HANDLE_INVALID,
                CKR_KEY_SIZE_RANGE,
                CKR_KEY_TYPE_INCONSISTENT,
                CKR_MECHANISM_INVALID,
                CKR_MECHANISM_PARAM_INVALID,
                CKR_OPERATION_ACTIVE,
                CKR_OPERATION_CANCEL_FAILED,
                CKR_PIN_EXPIRED,
                CKR_USER_NOT_LOGGED_IN,
            ],
        ),
        "C_Sign" | "C_SignFinal" => (
            true,
            &[
                CKR_BUFFER_TOO_SMALL,
                CKR_DATA_INVALID,
                CKR_DATA_LEN_RANGE,
                CKR_FUNCTION_REJECTED,
                CKR_OPERATION_NOT_INITIALIZED,
                CKR_TOKEN_RESOURCE_EXCEEDED,
                CKR_USER_NOT_LOGGED_IN,
            ],
        ),
        "C_SignUpdate" => (
            true,
            &[
                CKR_DATA_LEN_RANGE,
                CKR_OPERATION_NOT_INITIALIZED,
                CKR_TOKEN_RESOURCE_EXCEEDED,
                CKR_USER_NOT_LOGGED_IN,
            ],
        ),
        other => panic!("{other} is not in the table of permitted answers"),
    };
    let session = if session { IN_SESSIONS } else { &[] };
    [ANYWHERE, ON_TOKENS, session, own].iter().any(|codes| codes.contains(&code))
}
