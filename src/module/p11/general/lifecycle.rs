//! C_Initialize and C_Finalize (§5.4).

use super::module::Module;
use crate::p11::Fault;
use avain_card::log::{self, Record};
use avain_card::sys::long_lock::LongLock;
use cryptoki_sys::*;
use parking_lot::RwLock;
use std::sync::Arc;

/// The module, while this process has it initialized.
#[derive(Default)]
pub struct Lifecycle {
    module: RwLock<Option<Arc<Module>>>,
    /// Serialises C_Initialize, which asks the daemon for readers, without blocking other calls.
    initializing: LongLock<()>,
}

/// The arguments of C_Initialize.
#[derive(Clone, Copy, Debug, Default)]
pub struct InitArgs {
    /// The number of mutex functions given, of four.
    pub callbacks: u8,
    /// CKF_OS_LOCKING_OK and others.
    pub flags: CK_FLAGS,
    /// `pReserved` is not NULL.
    pub reserved: bool,
}

impl InitArgs {
    /// The four cases of §5.4.1. Locks of the operating system are used in all of them, even if the program promises to
    /// use one thread.
    fn check(self) -> Result<(), Fault> {
        if self.reserved {
            log::info(|| {
                Record::Remark("pReserved is set: parameters for NSS, which this module does not take")
            });
        }
        if self.reserved || !matches!(self.callbacks, 0 | 4) {
            return Err(Fault::ArgumentsBad);
        }
        if self.callbacks == 4 && self.flags & CKF_OS_LOCKING_OK == 0 {
            return Err(Fault::CantLock);
        }
        Ok(())
    }

    /// These are the arguments of NSS and of no other program that is known. It goes through slots from the last one to
    /// the first.
    pub(super) fn are_of_nss(self) -> bool {
        self.callbacks == 4 && self.flags == CKF_LIBRARY_CANT_CREATE_OS_THREADS | CKF_OS_LOCKING_OK
    }
}

impl Lifecycle {
    /// C_Initialize. Of two threads that call it at once, one gets CKR_CRYPTOKI_ALREADY_INITIALIZED.
    pub fn initialize(&self, args: InitArgs) -> Result<(), Fault> {
        args.check()?;
        let _one_at_a_time = self.initializing.lock();
        if self.module.read().is_some() {
            return Err(Fault::CryptokiAlreadyInitialized);
        }
        let module = Arc::new(Module::new(args));
        *self.module.write() = Some(module);
        Ok(())
    }

    /// C_Finalize: wipes PINs and ends the calls that wait for an event. It does not talk to the card, and waits for
    /// nothing else.
    pub fn finalize(&self) -> Result<(), Fault> {
        let module = self.module.write().take().ok_or(Fault::CryptokiNotInitialized)?;
        module.close();
        Ok(())
    }

    /// The module, if it is initialized.
    pub fn module(&self) -> Result<Arc<Module>, Fault> {
        self.module.read().clone().ok_or(Fault::CryptokiNotInitialized)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(callbacks: u8, flags: CK_FLAGS) -> InitArgs {
        InitArgs { callbacks, flags, reserved: false }
    }

    #[test]
    fn the_four_cases_of_locking() {
        assert_eq!(args(0, 0).check(), Ok(()));
        assert_eq!(args(0, CKF_OS_LOCKING_OK).check(), Ok(()));
        assert_eq!(args(4, CKF_OS_LOCKING_OK).check(), Ok(()));
        assert_eq!(args(4, 0).check(), Err(Fault::CantLock));
        for some in 1..4 {
            assert_eq!(args(some, CKF_OS_LOCKING_OK).check(), Err(Fault::ArgumentsBad));
        }
        assert_eq!(InitArgs { reserved: true, ..args(0, 0) }.check(), Err(Fault::ArgumentsBad));
    }
}
