//! The certificate database of NSS, in which browsers, mail programs and office programs find the module: as NSS's own
//! tools make it, or as `avain register` writes it.

use std::path::{Path, PathBuf};
use std::process::Command;

use kit::run;

use super::user::User;

impl User {
    /// Makes a database in this folder of the user's home, with the module registered and the authorities trusted for
    /// servers, clients and mail. Returns the folder; NSS's tools want `sql:` before it.
    ///
    /// # Panics
    /// If NSS's tools fail.
    pub fn nss_database(&self, folder: &str, authorities: &[&Path]) -> PathBuf {
        let folder = self.database_without_it(folder, authorities);
        let mut modutil = self.program("modutil");
        modutil.args(["-force", "-dbdir", &format!("sql:{}", folder.display()), "-add", "Avain", "-libfile"]);
        run(modutil.arg(self.module()));
        folder
    }

    /// The same without the module.
    ///
    /// # Panics
    /// If NSS's tools fail.
    pub fn database_without_it(&self, folder: &str, authorities: &[&Path]) -> PathBuf {
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
        folder
    }

    /// Runs the tool: `register` or `unregister` and what belongs to it, as the user, or for everybody as root.
    ///
    /// # Panics
    /// If it fails.
    pub fn registers(&self, arguments: &[&str]) {
        let tool = std::env::var_os("AVAIN_TOOL").expect("AVAIN_TOOL names the tool");
        let is_root = arguments.contains(&"--system");
        let mut command = if is_root { Command::new(tool) } else { self.program(tool) };
        command.args(arguments);
        if arguments.first() == Some(&"register") {
            command.arg("--module").arg(self.module());
        }
        run(&mut command);
    }
}
