//! Whose a file or folder is, and what others may do with it: its owner and its list of rights. Asked of what is open, when
//! it can no longer be replaced.

use super::privilege::Told;
use crate::sys::private_files::{Others, Owner, Unusable};
use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;
use windows_sys::Win32::Foundation::{ERROR_SUCCESS, GENERIC_ALL, GENERIC_READ, GENERIC_WRITE, LocalFree};
use windows_sys::Win32::Security::Authorization::{GetSecurityInfo, SE_FILE_OBJECT};
use windows_sys::Win32::Security::*;
use windows_sys::Win32::Storage::FileSystem::*;

/// The rights by which something is changed, or given to somebody else.
const CHANGE: u32 = GENERIC_ALL
    | GENERIC_WRITE
    | FILE_WRITE_DATA
    | FILE_APPEND_DATA
    | FILE_WRITE_EA
    | FILE_DELETE_CHILD
    | DELETE
    | WRITE_DAC
    | WRITE_OWNER;
/// Those, and the ones by which it is read.
const ANYTHING: u32 = CHANGE | GENERIC_READ | FILE_READ_DATA;

/// Who administers the computer may read and change everything in any case; and who stands for the owner.
const NOBODY_ELSE: [WELL_KNOWN_SID_TYPE; 4] =
    [WinLocalSystemSid, WinBuiltinAdministratorsSid, WinCreatorOwnerSid, WinCreatorOwnerRightsSid];

/// Is something that is open this owner's, and do others have no more than these permissions?
pub(super) fn check(file: &File, owner: Owner, others: Others) -> Result<(), Unusable> {
    let rights = Rights::of(file)?;
    let (user, maker) = (Told::of_process(TokenUser)?, Told::of_process(TokenOwner)?);
    let own = |sid: PSID| is_same(sid, user.sid()) || is_same(sid, maker.sid());
    let fits = match owner {
        Owner::User => own(rights.owner),
        Owner::Computer => is_any(rights.owner, &[WinLocalSystemSid, WinBuiltinAdministratorsSid]),
    };
    if !fits {
        return Err(Unusable::NotOurs);
    }
    let forbidden = if others == Others::Nothing { ANYTHING } else { CHANGE };
    if rights.allow(forbidden, |sid| own(sid) || is_any(sid, &NOBODY_ELSE)) {
        return Err(Unusable::OpenToOthers);
    }
    Ok(())
}

/// Owner and rights, as the system has told them.
struct Rights {
    told: PSECURITY_DESCRIPTOR,
    /// In what was told.
    owner: PSID,
    /// The same; NULL for all rights for everybody.
    list: *mut ACL,
}

impl Drop for Rights {
    fn drop(&mut self) {
        // SAFETY: the system has made it for us, and nothing refers to it any more.
        unsafe { LocalFree(self.told) };
    }
}

impl Rights {
    fn of(file: &File) -> io::Result<Self> {
        let wanted = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
        let null = std::ptr::null_mut();
        let (mut owner, mut list, mut told) = (null, std::ptr::null_mut(), null);
        let (group, system) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: an open handle, and room for three pointers; the others are not wanted.
        let answer = unsafe {
            GetSecurityInfo(
                file.as_raw_handle(),
                SE_FILE_OBJECT,
                wanted,
                &raw mut owner,
                group,
                &raw mut list,
                system,
                &raw mut told,
            )
        };
        match answer {
            ERROR_SUCCESS => Ok(Rights { told, owner, list }),
            code => Err(io::Error::from_raw_os_error(code.cast_signed())),
        }
    }

    /// Does anybody but these have any of the rights? A kind of entry that is not known here counts as one.
    fn allow(&self, rights: u32, but: impl Fn(PSID) -> bool) -> bool {
        /// ACCESS_ALLOWED_ACE_TYPE and ACCESS_ALLOWED_CALLBACK_ACE_TYPE, which begin alike.
        const ALLOWED: [u8; 2] = [0, 9];
        /// ACCESS_DENIED_ACE_TYPE and its kin with objects, callbacks, both.
        const DENIED: [u8; 4] = [1, 6, 10, 12];
        // SAFETY: NULL, or a list in what was told.
        let Some(list) = (unsafe { self.list.as_ref() }) else { return true };
        (0..u32::from(list.AceCount)).any(|number| {
            let mut entry: *mut c_void = std::ptr::null_mut();
            // SAFETY: that list, and room for a pointer.
            if unsafe { GetAce(self.list, number, &raw mut entry) } == 0 {
                return true;
            }
            // SAFETY: each entry begins so.
            let head = unsafe { entry.cast::<ACE_HEADER>().read() };
            // Whoever is only denied something, and what counts for the content of a folder alone.
            if DENIED.contains(&head.AceType) || u32::from(head.AceFlags) & INHERIT_ONLY_ACE != 0 {
                return false;
            }
            if !ALLOWED.contains(&head.AceType) {
                return true;
            }
            let entry: *mut ACCESS_ALLOWED_ACE = entry.cast();
            // SAFETY: by its type it is such an entry.
            let mask = unsafe { (&raw const (*entry).Mask).read() };
            // SAFETY: the SID begins where its first word is.
            let sid: *mut u32 = unsafe { &raw mut (*entry).SidStart };
            mask & rights != 0 && !but(sid.cast())
        })
    }
}

fn is_same(one: PSID, other: PSID) -> bool {
    // SAFETY: both are SIDs that the system has given.
    unsafe { EqualSid(one, other) != 0 }
}

fn is_any(sid: PSID, of: &[WELL_KNOWN_SID_TYPE]) -> bool {
    // SAFETY: a SID that the system has given.
    of.iter().any(|known| unsafe { IsWellKnownSid(sid, *known) } != 0)
}
