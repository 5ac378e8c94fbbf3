//! The help and the complaints of the command line, in the words of a language. Parsing is the library's.

use crate::arguments::Arguments;
use avain_flow::{Text, Words, text};
use clap::builder::StyledStr;
use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, Error};

/// A name, and what it is for.
type Help = (&'static str, fn() -> Text);

/// What each command is for, in one line.
static COMMANDS: &[Help] = &[
    ("status", text::help_status),
    ("activate", text::help_activate),
    ("change-pin", text::help_change_pin),
    ("unblock", text::help_unblock),
    ("certs", text::help_certs),
    ("sign", text::help_sign),
    ("test", text::help_test),
    ("can", text::help_can),
    ("diagnose", text::help_diagnose),
    ("register", text::help_register),
    ("unregister", text::help_unregister),
    ("config", text::help_config),
    ("answer", text::help_answer),
    ("doctor", text::help_doctor),
    ("web", text::help_web),
    ("probe", text::help_probe),
    ("generate", text::help_generate),
];

/// What each argument is for, by its name in `arguments.rs`.
static ARGUMENTS: &[Help] = &[
    ("reader", text::help_reader),
    ("lang", text::help_lang),
    ("verbose", text::help_verbose),
    ("help", text::help_help),
    ("version", text::help_version),
    ("json", text::help_json),
    ("personal", text::help_personal),
    ("action", text::help_can_action),
    ("which", text::help_which),
    ("pin", text::help_pin),
    ("pin_file", text::help_pin_file),
    ("pin_fd", text::help_pin_fd),
    ("keyboard", text::help_keyboard),
    ("use_last_try", text::help_use_last_try),
    ("long_pin", text::help_long_pin),
    ("untried_card", text::help_untried_card),
    ("pem", text::help_pem),
    ("der", text::help_der),
    ("file", text::help_file),
    ("output", text::help_output),
    ("report", text::help_report),
    ("programs", text::help_programs),
    ("system", text::help_system),
    ("only_new", text::help_new),
    ("dry_run", text::help_dry_run),
    ("module", text::help_module),
    ("root", text::help_root),
    ("purge", text::help_purge),
    ("setting", text::help_setting),
    ("values", text::help_values),
    ("unset", text::help_unset),
    ("fix", text::help_fix),
    ("face", text::help_face),
    ("switch", text::help_switch),
];

/// The command line, described in these words.
pub(crate) fn command(words: &Words) -> Command {
    let heading = |what: &str| words.say(&text::help_heading(what));
    let template =
        format!("{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}", heading("usage"));
    let command = Arguments::command()
        .about(words.say(&text::help_avain()))
        .after_long_help(words.say(&text::help_more()))
        .subcommand_help_heading(heading("commands"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("help").long("help").short('h').action(ArgAction::Help).global(true).display_order(93))
        .arg(Arg::new("version").long("version").short('V').action(ArgAction::Version).display_order(94))
        .mut_subcommands(|command| described(command, words, &template));
    let usage = format!("avain {} [{}]", heading("command"), heading("options"));
    let command = command.override_usage(usage).help_template(template.clone());
    command.mut_args(|argument| explained(argument, words))
}

/// A command in these words.
fn described(command: Command, words: &Words, template: &str) -> Command {
    let about =
        COMMANDS.iter().find(|(name, _)| *name == command.get_name()).map(|(_, about)| words.say(&about()));
    let values = command.get_positionals().map(|argument| format!(" {}", value_name(argument, words)));
    let options = words.say(&text::help_heading("options"));
    let usage = format!("avain {}{} [{options}]", command.get_name(), values.collect::<String>());
    let command = command.about(StyledStr::from(about.unwrap_or_default()));
    command
        .override_usage(usage)
        .help_template(template.to_owned())
        .mut_args(|argument| explained(argument, words))
}

/// An argument in these words.
fn explained(argument: Arg, words: &Words) -> Arg {
    let help =
        ARGUMENTS.iter().find(|(name, _)| argument.get_id() == *name).map(|(_, help)| words.say(&help()));
    let heading = if argument.is_positional() { "arguments" } else { "options" };
    let value = value_name(&argument, words);
    let argument =
        argument.help(help.unwrap_or_default()).help_heading(words.say(&text::help_heading(heading)));
    if argument.get_action().takes_values() {
        argument.value_name(value).hide_possible_values(true)
    } else {
        argument
    }
}

/// What stands for a value.
fn value_name(argument: &Arg, words: &Words) -> String {
    let name = argument.get_value_names().and_then(|names| names.first());
    match name.map(|name| name.as_str()).unwrap_or_default() {
        known @ ("NAME" | "LANGUAGE" | "FILE" | "NUMBER" | "FOLDER" | "PROGRAM" | "SETTING" | "VALUE") => {
            words.say(&text::help_value(known))
        }
        itself => itself.to_owned(),
    }
}

/// What is wrong with a command line, and where help is; `None` if only help or version was asked for.
pub(crate) fn complaint(error: &Error) -> Option<[Text; 2]> {
    let of = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = of(ContextKind::InvalidArg);
    let wrong = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        ErrorKind::UnknownArgument => text::usage_unknown(argument),
        ErrorKind::InvalidSubcommand => text::usage_command(of(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => match of(ContextKind::InvalidValue) {
            nothing if nothing.is_empty() => text::usage_value_missing(argument),
            value => text::usage_value(value, argument),
        },
        ErrorKind::MissingSubcommand => text::usage_missing(of(ContextKind::ValidSubcommand)),
        ErrorKind::MissingRequiredArgument => text::usage_missing(argument),
        ErrorKind::ArgumentConflict => text::usage_conflict(argument, of(ContextKind::PriorArg)),
        _ => text::usage_wrong(),
    };
    Some([wrong, text::usage_help("avain --help")])
}
