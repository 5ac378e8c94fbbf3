//! A line in the file of notes.

use cryptoki_sys::{CK_RV, CK_SESSION_HANDLE, CK_SLOT_ID, CK_USER_TYPE};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::OnceLock;

/// What is noted of a call. In the file: the columns of `Call` in the crate `spy`, with tabs between them and `-` for nothing.
pub(crate) struct Note {
    function: &'static str,
    code: CK_RV,
    columns: [Option<String>; 4],
}

/// Where it is written to. Known before the first function can be called.
static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();

pub(crate) fn file() -> Option<&'static PathBuf> {
    FILE.get_or_init(|| std::env::var_os("AVAIN_SPY_NOTES").map(PathBuf::from)).as_ref()
}

impl Note {
    pub(crate) fn of(function: &'static str, code: CK_RV) -> Self {
        Self { function, code, columns: [const { None }; 4] }
    }

    /// For functions whose first argument says nothing.
    pub(crate) fn nothing<T>(self, _: T) -> Self {
        self
    }

    pub(crate) fn slot(self, slot: CK_SLOT_ID) -> Self {
        self.with(0, slot.to_string())
    }

    pub(crate) fn session(self, session: CK_SESSION_HANDLE) -> Self {
        self.with(1, session.to_string())
    }

    pub(crate) fn user(self, user: CK_USER_TYPE) -> Self {
        self.with(2, user.to_string())
    }

    pub(crate) fn label(self, label: &[u8]) -> Self {
        let label = String::from_utf8_lossy(label).trim_end().replace(['\t', '\n'], " ");
        self.with(3, label)
    }

    fn with(mut self, column: usize, value: String) -> Self {
        self.columns[column] = Some(value);
        self
    }

    /// One write for the whole line, so that lines of several processes do not mix. Who cannot write says nothing:
    /// that the file is there and complete is for its reader to see.
    pub(crate) fn write(self) {
        let Some(path) = file() else { return };
        let columns = self.columns.map(|value| value.unwrap_or_else(|| "-".to_owned())).join("\t");
        // Two copies of the spy in one process are two programs.
        let line = format!(
            "{}.{:p}\t{}\t{:#x}\t{columns}\n",
            std::process::id(),
            &raw const FILE,
            self.function,
            self.code
        );
        if let Ok(mut file) = OpenOptions::new().append(true).create(true).open(path) {
            let _ = file.write(line.as_bytes());
        }
    }
}
