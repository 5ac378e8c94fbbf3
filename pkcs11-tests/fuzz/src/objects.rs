//! Everything that a token shows.

use cryptoki_sys::*;
use kit::{Module, Session};

/// All attributes that objects here have, and some that they have not.
pub const ATTRIBUTES: &[CK_ATTRIBUTE_TYPE] = &[
    CKA_CLASS,
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_LABEL,
    CKA_UNIQUE_ID,
    CKA_APPLICATION,
    CKA_VALUE,
    CKA_OBJECT_ID,
    CKA_CERTIFICATE_TYPE,
    CKA_ISSUER,
    CKA_SERIAL_NUMBER,
    CKA_TRUSTED,
    CKA_CERTIFICATE_CATEGORY,
    CKA_CHECK_VALUE,
    CKA_KEY_TYPE,
    CKA_SUBJECT,
    CKA_ID,
    CKA_SENSITIVE,
    CKA_ENCRYPT,
    CKA_DECRYPT,
    CKA_WRAP,
    CKA_UNWRAP,
    CKA_SIGN,
    CKA_SIGN_RECOVER,
    CKA_VERIFY,
    CKA_VERIFY_RECOVER,
    CKA_DERIVE,
    CKA_START_DATE,
    CKA_END_DATE,
    CKA_MODULUS,
    CKA_MODULUS_BITS,
    CKA_PUBLIC_EXPONENT,
    CKA_PRIVATE_EXPONENT,
    CKA_PUBLIC_KEY_INFO,
    CKA_EXTRACTABLE,
    CKA_LOCAL,
    CKA_NEVER_EXTRACTABLE,
    CKA_ALWAYS_SENSITIVE,
    CKA_KEY_GEN_MECHANISM,
    CKA_MODIFIABLE,
    CKA_COPYABLE,
    CKA_DESTROYABLE,
    CKA_EC_PARAMS,
    CKA_EC_POINT,
    CKA_ALWAYS_AUTHENTICATE,
    CKA_WRAP_WITH_TRUSTED,
    CKA_ALLOWED_MECHANISMS,
    CKA_PROFILE_ID,
    CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
    CKA_URL,
    CKA_VENDOR_DEFINED,
];

/// Shows all slots with a token, and what can be known of them without a session.
pub fn slots(module: &Module) -> Result<Vec<CK_SLOT_ID>, CK_RV> {
    let slots = module.slots(true)?;
    for slot in &slots {
        // A card that lies may be refused here and be asked again below.
        let _ = module.token(*slot);
        let _ = module.mechanisms(*slot);
    }
    Ok(slots)
}

/// Reads all attributes of all objects.
pub fn read(session: &Session<'_>) -> Result<(), CK_RV> {
    for object in session.find(&[])? {
        for attribute in ATTRIBUTES {
            let _ = session.attribute(object, *attribute);
        }
    }
    Ok(())
}
