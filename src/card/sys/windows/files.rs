//! How files of one user are opened, made and judged. No link (or other reparse point) is followed, and who serves a pipe
//! that is in their place does not learn who opens it.

use super::access;
use super::privilege::Told;
use crate::sys::private_files::{Others, Owner, Unusable};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::os::windows::io::FromRawHandle;
use std::path::Path;
use windows_sys::Win32::Foundation::{GENERIC_WRITE, INVALID_HANDLE_VALUE, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{PSECURITY_DESCRIPTOR, SECURITY_ATTRIBUTES, TokenUser};
use windows_sys::Win32::Storage::FileSystem::*;

/// The file in a folder that stands for it in locks, because a folder cannot be locked.
const LOCK: &str = "lock";

/// It is opened before it is seen that it is one.
pub(in crate::sys) fn is_refused_link(_: &io::Error) -> bool {
    false
}

fn careful() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).security_qos_flags(SECURITY_ANONYMOUS);
    options
}

/// Opens a file for reading.
pub(in crate::sys) fn open(path: &Path) -> io::Result<File> {
    careful().read(true).open(path)
}

/// The same, where a link is followed.
pub(in crate::sys) fn open_linked(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).security_qos_flags(SECURITY_ANONYMOUS).open(path)
}

/// Opens a file for writing at its end.
pub(in crate::sys) fn open_to_append(path: &Path) -> io::Result<File> {
    // Its owner is asked for as well.
    careful().access_mode(FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE).open(path)
}

/// Makes a file, for its owner alone, and for those who administer the computer.
pub(in crate::sys) fn create(path: &Path) -> io::Result<File> {
    let path: Vec<u16> = path.as_os_str().encode_wide().chain([0]).collect();
    let private = Private::new()?;
    let length = u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or(0);
    let attributes =
        SECURITY_ATTRIBUTES { nLength: length, lpSecurityDescriptor: private.0, bInheritHandle: 0 };
    // SAFETY: a name that ends with a zero, and attributes that live until the call has ended.
    let file = unsafe {
        CreateFileW(
            path.as_ptr(),
            GENERIC_WRITE,
            0,
            &raw const attributes,
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL,
            std::ptr::null_mut(),
        )
    };
    if file == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was just opened, so nobody else owns it.
    Ok(unsafe { File::from_raw_handle(file) })
}

/// Rights for the user, the system and the administrators, and none that are inherited.
struct Private(PSECURITY_DESCRIPTOR);

impl Private {
    fn new() -> io::Result<Self> {
        let user = Told::of_process(TokenUser)?;
        let mut name: *mut u16 = std::ptr::null_mut();
        // SAFETY: a SID, and room for a pointer.
        if unsafe { ConvertSidToStringSidW(user.sid(), &raw mut name) } == 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the system wrote a string there that ends with a zero.
        let length = (0..).take_while(|at| unsafe { name.add(*at).read() } != 0).count();
        // SAFETY: as above.
        let user = String::from_utf16_lossy(unsafe { std::slice::from_raw_parts(name, length) });
        // SAFETY: the system has made it for us, and nothing refers to it any more.
        unsafe { LocalFree(name.cast()) };
        let text = format!("D:P(A;;FA;;;{user})(A;;FA;;;SY)(A;;FA;;;BA)\0");
        let text: Vec<u16> = text.encode_utf16().collect();
        let (mut made, none) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: a text that ends with a zero, and room for a pointer.
        let answer = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut made,
                none,
            )
        };
        if answer == 0 { Err(io::Error::last_os_error()) } else { Ok(Private(made)) }
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // SAFETY: the system has made it for us, and nothing refers to it any more.
        unsafe { LocalFree(self.0) };
    }
}

fn is_reparse_point(about: &fs::Metadata) -> bool {
    about.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT != 0
}

/// Is an open file a regular one, this owner's, and do others have no more than these permissions?
pub(in crate::sys) fn check(file: &File, owner: Owner, others: Others) -> Result<(), Unusable> {
    let about = file.metadata()?;
    if !about.is_file() || is_reparse_point(&about) {
        return Err(Unusable::NotAFile);
    }
    access::check(file, owner, others)
}

/// Opens a folder, or whatever is in its place.
pub(in crate::sys) fn about_folder(folder: &Path) -> io::Result<File> {
    let flags = FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS;
    careful().read(true).custom_flags(flags).open(folder)
}

/// Is it a folder, this user's, to which nobody else may write?
pub(in crate::sys) fn check_folder(folder: &File) -> Result<(), Unusable> {
    let about = folder.metadata()?;
    if !about.is_dir() || is_reparse_point(&about) {
        return Err(Unusable::NotAFile);
    }
    access::check(folder, Owner::User, Others::Read)
}

/// Makes a folder if it is missing, with the rights of the one above it, and opens what stands for it in locks.
pub(in crate::sys) fn make_lockable(folder: &Path) -> Result<File, Unusable> {
    fs::create_dir_all(folder)?;
    check_folder(&about_folder(folder)?)?;
    let mut lock = careful();
    Ok(lock.read(true).write(true).create(true).truncate(false).open(folder.join(LOCK))?)
}
