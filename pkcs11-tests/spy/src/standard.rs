//! The return values that the standard permits its functions: read off its text, for the tests, so that a mistake in the
//! module's table is none here. `return-values.txt` has the list of each function; this file, what §5.1 says of all.

use cryptoki_sys::*;
use std::sync::LazyLock;

/// A function of the standard, with what it may return.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What its own list has, without [`Function::permitted_anyway`].
    listed: Vec<CK_RV>,
}

impl Function {
    /// Whether it may return this code.
    pub fn permits(&self, code: CK_RV) -> bool {
        // It returns what the function would have returned that it completes.
        let any =
            self.name == "C_AsyncComplete" && FUNCTIONS.iter().any(|other| other.listed.contains(&code));
        any || self.listed.contains(&code)
            || self.permitted_anyway(code)
            || BEYOND.iter().any(|beyond| beyond.permits(self.name, code))
    }

    /// §5.1.1 to §5.1.3, and of §5.1.6 what it says of all functions.
    fn permitted_anyway(&self, code: CK_RV) -> bool {
        match code {
            // §5.1.1. Of the last it says that it is not quite universal: see §5.20 of the lists.
            CKR_GENERAL_ERROR
            | CKR_HOST_MEMORY
            | CKR_FUNCTION_FAILED
            | CKR_OPERATION_NOT_VALIDATED
            | CKR_OK => true,
            CKR_CRYPTOKI_NOT_INITIALIZED => !AT_ANY_TIME.contains(&self.name),
            CKR_SESSION_HANDLE_INVALID | CKR_SESSION_CLOSED => self.takes_a_session(),
            // §5.1.2 and §5.1.3.
            CKR_DEVICE_REMOVED | CKR_DEVICE_MEMORY | CKR_DEVICE_ERROR | CKR_TOKEN_NOT_INITIALIZED => {
                self.uses_a_token()
            }
            // §5.1.3; but by §5.1.7 no function that takes a session's handle returns it. Four lists have it even so.
            CKR_TOKEN_NOT_PRESENT => self.uses_a_token() && !self.takes_a_session(),
            _ => false,
        }
    }

    /// §5.1.2: every function but these.
    fn takes_a_session(&self) -> bool {
        const NO_SESSION: [&str; 6] = [
            "C_GetTokenInfo",
            "C_GetMechanismList",
            "C_GetMechanismInfo",
            "C_InitToken",
            "C_OpenSession",
            "C_CloseAllSessions",
        ];
        self.uses_a_token() && !NO_SESSION.contains(&self.name)
    }

    /// §5.1.3: every function but these, and but those of version 3.0 that the section has forgotten.
    fn uses_a_token(&self) -> bool {
        const NO_TOKEN: [&str; 5] =
            ["C_Finalize", "C_GetInfo", "C_GetSlotList", "C_GetSlotInfo", "C_WaitForSlotEvent"];
        !NO_TOKEN.contains(&self.name) && !AT_ANY_TIME.contains(&self.name)
    }
}

/// §5.1.6: they do not need C_Initialize.
const AT_ANY_TIME: [&str; 4] = ["C_Initialize", "C_GetFunctionList", "C_GetInterfaceList", "C_GetInterface"];

/// All functions of the standard.
pub static FUNCTIONS: LazyLock<Vec<Function>> =
    LazyLock::new(|| functions(include_str!("return-values.txt")));

/// The functions that this text lists: `C_Name: CODE CODE`, and lines that go on with it.
fn functions(text: &'static str) -> Vec<Function> {
    let mut functions: Vec<Function> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let codes = match line.split_once(':') {
            Some((name, codes)) => {
                functions.push(Function { name, listed: Vec::new() });
                codes
            }
            None => line,
        };
        if let Some(function) = functions.last_mut() {
            function.listed.extend(codes.split_whitespace().map(|code| value(function.name, code)));
        }
    }
    functions
}

fn value(function: &str, name: &str) -> CK_RV {
    let known = NAMES.iter().find(|(_, known)| known.strip_prefix("CKR_") == Some(name));
    known.unwrap_or_else(|| panic!("{function}: no return value is called {name}")).0
}

/// The function of this name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The name of a return value, where any function may return it.
pub fn name(code: CK_RV) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// Permitted beyond the lists: to these functions (to all but four, where none is named), because of that.
struct Beyond {
    functions: &'static [&'static str],
    code: CK_RV,
    #[allow(dead_code, reason = "for its reader")]
    why: &'static str,
}

impl Beyond {
    fn permits(&self, function: &str, code: CK_RV) -> bool {
        let concerned = match self.functions {
            [] => !AT_ANY_TIME.contains(&function),
            names => names.contains(&function),
        };
        concerned && self.code == code
    }
}

const BEYOND: &[Beyond] = &[
    Beyond {
        functions: &[],
        code: CKR_FUNCTION_NOT_SUPPORTED,
        why: "§5.1.6 wants it of every function that a library does not support; no list has it",
    },
    Beyond {
        functions: &[
            "C_EncryptInit",
            "C_MessageEncryptInit",
            "C_EncryptMessageBegin",
            "C_GetSessionValidationFlags",
        ],
        code: CKR_ARGUMENTS_BAD,
        why: "they take pointers that may be wrong; all functions of their kind have it",
    },
    Beyond {
        functions: &[
            "C_DeriveKey",
            "C_WrapKey",
            "C_UnwrapKey",
            "C_WrapKeyAuthenticated",
            "C_UnwrapKeyAuthenticated",
            "C_EncapsulateKey",
            "C_DecapsulateKey",
        ],
        code: CKR_KEY_FUNCTION_NOT_PERMITTED,
        why: "§5.1.6: a key is used for what its attributes do not allow",
    },
    Beyond {
        functions: &[
            "C_CreateObject",
            "C_DeriveKey",
            "C_VerifyInit",
            "C_VerifyRecoverInit",
            "C_VerifySignatureInit",
        ],
        code: CKR_PUBLIC_KEY_INVALID,
        why: "§5.1.6 names these functions",
    },
    Beyond {
        functions: &["C_InitPIN", "C_SetPIN"],
        code: CKR_PIN_TOO_WEAK,
        why: "§5.1.6: for functions that set a PIN",
    },
    Beyond {
        functions: &["C_AsyncGetID", "C_AsyncJoin"],
        code: CKR_SESSION_ASYNC_NOT_SUPPORTED,
        why: "§5.1.6: the token has no asynchronous operations",
    },
    Beyond {
        functions: &["C_AsyncGetID"],
        code: CKR_OPERATION_NOT_INITIALIZED,
        why: "§5.21.2 itself: no asynchronous operation is under way",
    },
    Beyond {
        functions: &["C_EncapsulateKey"],
        code: CKR_BUFFER_TOO_SMALL,
        why: "§5.18.8 itself: the ciphertext does not fit",
    },
    Beyond {
        functions: &["C_InitPIN"],
        code: CKR_PIN_INCORRECT,
        why: "the code that C_Login(CKU_SO) took is judged here: no card command tests it without cost",
    },
    Beyond { functions: &["C_InitPIN"], code: CKR_PIN_LOCKED, why: "as above: the code has no tries left" },
];

macro_rules! names {
    ($($code:ident)*) => { &[$(($code, stringify!($code))),*] };
}

/// Return values and their names.
pub const NAMES: &[(CK_RV, &str)] = names![
    CKR_ACTION_PROHIBITED CKR_AEAD_DECRYPT_FAILED CKR_ARGUMENTS_BAD CKR_ATTRIBUTE_READ_ONLY CKR_ATTRIBUTE_SENSITIVE
    CKR_ATTRIBUTE_TYPE_INVALID CKR_ATTRIBUTE_VALUE_INVALID CKR_BUFFER_TOO_SMALL CKR_CANT_LOCK
    CKR_CRYPTOKI_ALREADY_INITIALIZED CKR_CRYPTOKI_NOT_INITIALIZED CKR_CURVE_NOT_SUPPORTED CKR_DATA_INVALID
    CKR_DATA_LEN_RANGE CKR_DEVICE_ERROR CKR_DEVICE_MEMORY CKR_DEVICE_REMOVED CKR_DOMAIN_PARAMS_INVALID
    CKR_ENCRYPTED_DATA_INVALID CKR_ENCRYPTED_DATA_LEN_RANGE CKR_FUNCTION_CANCELED CKR_FUNCTION_FAILED
    CKR_FUNCTION_NOT_PARALLEL CKR_FUNCTION_NOT_SUPPORTED CKR_FUNCTION_REJECTED CKR_GENERAL_ERROR CKR_HOST_MEMORY
    CKR_INFORMATION_SENSITIVE CKR_KEY_CHANGED CKR_KEY_FUNCTION_NOT_PERMITTED CKR_KEY_HANDLE_INVALID
    CKR_KEY_INDIGESTIBLE CKR_KEY_NEEDED CKR_KEY_NOT_NEEDED CKR_KEY_NOT_WRAPPABLE CKR_KEY_SIZE_RANGE
    CKR_KEY_TYPE_INCONSISTENT CKR_KEY_UNEXTRACTABLE CKR_MECHANISM_INVALID CKR_MECHANISM_PARAM_INVALID
    CKR_NEED_TO_CREATE_THREADS CKR_NO_EVENT CKR_OBJECT_HANDLE_INVALID CKR_OK CKR_OPERATION_ACTIVE
    CKR_OPERATION_CANCEL_FAILED CKR_OPERATION_NOT_INITIALIZED CKR_OPERATION_NOT_VALIDATED
    CKR_PARAMETER_SET_NOT_SUPPORTED CKR_PENDING CKR_PIN_EXPIRED CKR_PIN_INCORRECT CKR_PIN_INVALID CKR_PIN_LEN_RANGE
    CKR_PIN_LOCKED CKR_PIN_TOO_WEAK CKR_PUBLIC_KEY_INVALID CKR_RANDOM_NO_RNG CKR_RANDOM_SEED_NOT_SUPPORTED
    CKR_SAVED_STATE_INVALID CKR_SEED_RANDOM_REQUIRED CKR_SESSION_ASYNC_NOT_SUPPORTED CKR_SESSION_CLOSED
    CKR_SESSION_COUNT CKR_SESSION_EXISTS CKR_SESSION_HANDLE_INVALID CKR_SESSION_PARALLEL_NOT_SUPPORTED
    CKR_SESSION_READ_ONLY CKR_SESSION_READ_ONLY_EXISTS CKR_SESSION_READ_WRITE_SO_EXISTS CKR_SIGNATURE_INVALID
    CKR_SIGNATURE_LEN_RANGE CKR_SLOT_ID_INVALID CKR_STATE_UNSAVEABLE CKR_TEMPLATE_INCOMPLETE
    CKR_TEMPLATE_INCONSISTENT CKR_TOKEN_NOT_INITIALIZED CKR_TOKEN_NOT_PRESENT CKR_TOKEN_NOT_RECOGNIZED
    CKR_TOKEN_RESOURCE_EXCEEDED CKR_TOKEN_WRITE_PROTECTED CKR_UNWRAPPING_KEY_HANDLE_INVALID
    CKR_UNWRAPPING_KEY_SIZE_RANGE CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT CKR_USER_ALREADY_LOGGED_IN
    CKR_USER_ANOTHER_ALREADY_LOGGED_IN CKR_USER_NOT_LOGGED_IN CKR_USER_PIN_NOT_INITIALIZED CKR_USER_TOO_MANY_TYPES
    CKR_USER_TYPE_INVALID CKR_WRAPPED_KEY_INVALID CKR_WRAPPED_KEY_LEN_RANGE CKR_WRAPPING_KEY_HANDLE_INVALID
    CKR_WRAPPING_KEY_SIZE_RANGE CKR_WRAPPING_KEY_TYPE_INCONSISTENT
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_one_name_each_and_functions_have_lists() {
        for (place, (code, name)) in NAMES.iter().enumerate() {
            assert!(NAMES[..place].iter().all(|(other, _)| other != code), "{name}");
        }
        assert_eq!(FUNCTIONS.len(), 104);
        for (place, function) in FUNCTIONS.iter().enumerate() {
            assert!(FUNCTIONS[..place].iter().all(|other| other.name != function.name), "{}", function.name);
            assert!(!function.listed.is_empty() || function.name == "C_AsyncComplete", "{}", function.name);
            assert!(function.permits(CKR_OK));
        }
    }

    #[test]
    fn what_all_functions_of_a_kind_may_return_is_not_permitted_to_others() {
        let permits = |name, code| function(name).expect("a function").permits(code);
        for (code, may, may_not) in [
            (CKR_CRYPTOKI_NOT_INITIALIZED, "C_GetInfo", "C_GetInterface"),
            (CKR_SESSION_HANDLE_INVALID, "C_Logout", "C_CloseAllSessions"),
            (CKR_DEVICE_REMOVED, "C_GetTokenInfo", "C_GetSlotInfo"),
            (CKR_TOKEN_NOT_PRESENT, "C_OpenSession", "C_Login"),
            (CKR_PIN_INCORRECT, "C_Login", "C_GetSlotInfo"),
            (CKR_DATA_INVALID, "C_Encrypt", "C_EncryptFinal"),
            (CKR_FUNCTION_NOT_SUPPORTED, "C_WrapKey", "C_Initialize"),
        ] {
            assert!(permits(may, code) && !permits(may_not, code), "{:?}", name(code));
        }
    }

    #[test]
    #[should_panic(expected = "C_Sign: no return value is called DATA_INVALIT")]
    fn a_misspelt_code_is_found() {
        functions("C_Sign: ARGUMENTS_BAD\n    DATA_INVALIT\n");
    }
}
