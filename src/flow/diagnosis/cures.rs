//! What helps against a finding: a command for a shell. Where only the user's hands help, the finding says what to do, and
//! there is no command.

use super::super::report::{Finding, Judgement};
use super::super::system::System;
use super::super::text::{self, Text, Variable};

/// What helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cure {
    /// A command for a shell.
    pub command: String,
    /// What else it does, which its user has to know before.
    pub warning: Option<Text>,
}

impl From<String> for Cure {
    fn from(command: String) -> Self {
        Cure { command, warning: None }
    }
}

/// Findings, by their names in the message files, and what helps.
const COMMANDS: [(&str, &str); 15] = [
    ("scs_ends", "avain web scs on"),
    ("scs_silent", "avain web scs on"),
    ("scs_untrusted", "avain web scs on"),
    ("no_service", START),
    ("check_not_running", START),
    ("service_silent", "sudo systemctl restart pcscd"),
    ("program_scdaemon", "gpgconf --kill scdaemon"),
    ("check_java", "avain register java"),
    ("check_clock", "sudo timedatectl set-ntp true"),
    ("can_needed", "avain can add"),
    ("next_activate", "avain activate"),
    ("next_go_on", "avain activate"),
    ("next_set_both", "avain activate"),
    ("next_first_change", "avain activate"),
    ("check_mismatch", "flatpak update"),
];
const START: &str = "sudo systemctl enable --now pcscd.socket";

/// Where the administrator's rules of polkit are. Older versions have none, and know no rules like ours.
const RULES: &str = "/etc/polkit-1/rules.d";
/// The two rights of pcscd's policy.
const RIGHTS: [&str; 2] = ["org.debian.pcsc-lite.access_pcsc", "org.debian.pcsc-lite.access_card"];

/// The command that helps, if any does.
pub fn cure(finding: &Finding, system: &System) -> Option<Cure> {
    if finding.judgement != Judgement::Attention {
        return None;
    }
    let text = &finding.text;
    let command = match text.id {
        "check_remote" => return admission(system),
        "module_other" => return omission(text, system),
        "check_not_installed" => system.to_install(|names| names.service)?,
        "check_no_driver" => system.to_install(|names| names.driver)?,
        "check_refused" => format!("avain register --dry-run {}", word(text, "id")?),
        "check_register" | "check_sandbox" => format!("avain register {}", word(text, "id")?),
        "next_unblock" => format!("avain unblock {}", word(text, "number")?),
        // Without a module there is nothing to register.
        "module_nowhere" | "module_gone" | "database_gone" | "database_twice" | "sandboxed" => {
            system.module(None).map(|_| "avain register".to_owned())?
        }
        id => COMMANDS.iter().find(|(name, _)| *name == id).map(|(_, command)| (*command).to_owned())?,
    };
    Some(command.into())
}

/// Lets this user, and nobody else, use cards from wherever: in a file of this user's alone, so that no other rule is lost.
fn admission(system: &System) -> Option<Cure> {
    system.has(RULES).then(|| {
        let rights = RIGHTS.map(|right| format!("action.id == '{right}'")).join(" || ");
        let file = format!("{RULES}/50-avain-$user.rules");
        let command = format!(
            "user=$(id -un) && echo \"polkit.addRule(function(action, subject) {{ if (({rights}) && subject.user == \
             '$user') return polkit.Result.YES; }});\" | sudo tee \"{file}\""
        );
        let shown = format!("{RULES}/50-avain-$(id -un).rules");
        Cure { command, warning: Some(text::cure_admits(shown)) }
    })
}

/// Another module beside ours: p11-kit is told to leave it out, for this user, in a file that is not there yet.
fn omission(text: &Text, system: &System) -> Option<Cure> {
    let file = word(text, "file")?;
    let name = file.rsplit('/').next().filter(|name| name.ends_with(".module"))?;
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let folder = system.config_folder().filter(|_| is_plain)?.join("pkcs11/modules");
    if system.has(folder.join(name)) {
        return None;
    }
    let folder = "${XDG_CONFIG_HOME:-$HOME/.config}/pkcs11/modules";
    let command = format!("mkdir -p \"{folder}\" && echo enable-in: >\"{folder}/{name}\"");
    Some(Cure { command, warning: Some(text::cure_omits(format!("{folder}/{name}"))) })
}

fn word(text: &Text, name: &str) -> Option<String> {
    let value = text.variables.iter().find(|(variable, _)| *variable == name)?;
    match &value.1 {
        Variable::Word(word) => Some(word.clone()),
        Variable::Number(number) => Some(number.to_string()),
        Variable::Day(_) => None,
    }
}
