//! The settings of LibreOffice.

use super::System;
use std::path::PathBuf;

/// Where it keeps them, below the folder of settings.
const SETTINGS: &str = "libreoffice/4/user/registrymodifications.xcu";
/// The setting that names the folder with certificates and modules.
const FOLDER: &str = "oor:name=\"CertDir\"";

impl System {
    /// The folder that LibreOffice takes modules from, if its user has chosen one.
    pub(crate) fn certificate_folder(&self) -> Option<PathBuf> {
        let text = self.root.text(self.config_folder()?.join(SETTINGS));
        let (_, setting) = text.split_once(FOLDER)?;
        let (_, value) = setting.split_once("<value>")?;
        let (folder, _) = value.split_once("</value>")?;
        Some(PathBuf::from(folder.replace("&amp;", "&"))).filter(|folder| folder.is_absolute())
    }
}

#[cfg(test)]
mod tests {
    use super::super::furnished::Furnished;
    use super::*;

    #[test]
    fn the_folder_that_was_chosen() {
        let item = "<item oor:path=\"/org.openoffice.Office.Common/Security/Scripting\">\
                    <prop oor:name=\"CertDir\" oor:op=\"fuse\"><value>/home/me/a &amp; b</value></prop></item>";
        for (text, expected) in
            [(item, Some(PathBuf::from("/home/me/a & b"))), ("", None), ("oor:name=\"CertDir\"", None)]
        {
            let place =
                Furnished::new(&[("home/me/.config/libreoffice/4/user/registrymodifications.xcu", text)]);
            let system = System::new(place.path(), [("HOME".into(), "/home/me".into())]);
            assert_eq!(system.certificate_folder(), expected, "{text}");
        }
    }
}
