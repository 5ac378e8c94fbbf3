//! The vendor interface as `include/avain.h` declares it, written anew from there.

use crate::Module;
use cryptoki_sys::*;
use std::ffi::c_void;
use std::ptr;

/// AVAIN_UNKNOWN
pub const UNKNOWN: CK_ULONG = CK_ULONG::MAX;

/// AVAIN_PIN_STATUS
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct PinStatus {
    pub left: CK_ULONG,
    pub most: CK_ULONG,
    pub changed: CK_ULONG,
    pub stage: CK_ULONG,
}

/// AVAIN_CARD_STATUS
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct CardStatus {
    pub size: CK_ULONG,
    pub pin1: PinStatus,
    pub pin2: PinStatus,
    pub code_left: CK_ULONG,
    pub code_most: CK_ULONG,
    pub activation: CK_ULONG,
    pub scheme: CK_ULONG,
    pub next: CK_ULONG,
}

/// AVAIN_STEP
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct Step {
    pub pin: CK_ULONG,
    pub rv: CK_RV,
    pub left: CK_ULONG,
}

/// AVAIN_RESULT
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct Outcome {
    pub size: CK_ULONG,
    pub pin1: Step,
    pub pin2: Step,
}

/// AVAIN_ACTIVATION
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct Activation {
    pub size: CK_ULONG,
    pub flags: CK_FLAGS,
    pub code: *const u8,
    pub code_length: CK_ULONG,
    pub pin1: *const u8,
    pub pin1_length: CK_ULONG,
    pub pin2: *const u8,
    pub pin2_length: CK_ULONG,
    pub progress: Option<unsafe extern "C" fn(*const Step, *mut c_void)>,
    pub context: *mut c_void,
}

/// AVAIN_FUNCTION_LIST
#[repr(C)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct VendorList {
    pub version: CK_VERSION,
    pub status: unsafe extern "C" fn(CK_SLOT_ID, *mut CardStatus) -> CK_RV,
    pub activate: unsafe extern "C" fn(CK_SLOT_ID, *const Activation, *mut Outcome) -> CK_RV,
}

impl Activation {
    /// To set these PINs, where they are given, by this code.
    pub fn of(code: &str, pin1: Option<&str>, pin2: Option<&str>) -> Self {
        let (start, length) = (
            |pin: Option<&str>| pin.map_or(ptr::null(), str::as_ptr),
            |pin: Option<&str>| pin.map_or(0, |pin| pin.len() as CK_ULONG),
        );
        Self {
            size: size_of::<Self>() as CK_ULONG,
            flags: 0,
            code: code.as_ptr(),
            code_length: code.len() as CK_ULONG,
            pin1: start(pin1),
            pin1_length: length(pin1),
            pin2: start(pin2),
            pin2_length: length(pin2),
            progress: None,
            context: ptr::null_mut(),
        }
    }
}

impl VendorList {
    /// That of the module.
    ///
    /// # Panics
    /// Where it has none.
    pub fn of(module: &Module) -> &'static Self {
        let function = module.v3_2().C_GetInterface.expect("C_GetInterface");
        let mut interface = ptr::null_mut();
        let name = c"Vendor avain".as_ptr().cast_mut().cast();
        // SAFETY: a name that ends with zero, and a place for the answer.
        let code = unsafe { function(name, ptr::null_mut(), &mut interface, 0) };
        assert_eq!(code, CKR_OK);
        // SAFETY: the module gave both, and stays loaded.
        unsafe { &*(*interface).pFunctionList.cast() }
    }

    /// How the card in a slot stands.
    pub fn card_status(&self, slot: CK_SLOT_ID) -> Result<CardStatus, CK_RV> {
        let mut status = CardStatus { size: size_of::<CardStatus>() as CK_ULONG, ..CardStatus::default() };
        // SAFETY: the structure is as long as it says.
        match unsafe { (self.status)(slot, &mut status) } {
            CKR_OK => Ok(status),
            code => Err(code),
        }
    }

    /// Sets PINs. The addresses in `activation` must be good.
    pub fn set(&self, slot: CK_SLOT_ID, activation: &Activation) -> (CK_RV, Outcome) {
        let mut outcome = Outcome { size: size_of::<Outcome>() as CK_ULONG, ..Outcome::default() };
        // SAFETY: both structures are as long as they say.
        let code = unsafe { (self.activate)(slot, activation, &mut outcome) };
        (code, outcome)
    }
}
