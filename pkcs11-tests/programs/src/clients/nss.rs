//! The certificate database of NSS, in which browsers, mail programs and office programs find the module.

use std::path::{Path, PathBuf};

use kit::run;

use super::user::User;

impl User {
    /// Makes a database in this folder of the user's home, with the module registered and the authorities trusted for
    /// servers, clients and mail. Returns the folder; NSS's tools want `sql:` before it.
    ///
    /// # Panics
    /// If NSS's tools fail.
    pub fn nss_database(&self, folder: &str, authorities: &[&Path]) -> PathBuf {
        let folder = self.file(folder);
        std::fs::create_dir_all(&folder).expect("make the folder of the database");
        let database = format!("sql:{}", folder.display());
        run(self.program("certutil").args(["-N", "--empty-password", "-d", &database]));
        for (number, authority) in authorities.iter().enumerate() {
            let name = format!("Authority {number}");
            run(self
                .program("certutil")
                .args(["-A", "-d", &database, "-n", &name, "-t", "CT,C,C", "-i"])
                .arg(authority));
        }
        let mut modutil = self.program("modutil");
        run(modutil.args(["-force", "-dbdir", &database, "-add", "Avain", "-libfile"]).arg(self.module()));
        folder
    }
}
