//! Messages and their variables. The words are in `l10n`, one file per language.

use super::certificates::Day;
use super::clean::{clean, clean_path};
use std::path::Path;

/// The value of a variable in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Variable {
    /// A number, on which plural forms depend.
    Number(u64),
    /// A day, which each language writes in its own way.
    Day(Day),
    /// Anything else.
    Word(String),
}

impl From<u8> for Variable {
    fn from(number: u8) -> Self {
        Variable::Number(number.into())
    }
}

impl From<usize> for Variable {
    fn from(number: usize) -> Self {
        Variable::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl From<String> for Variable {
    fn from(word: String) -> Self {
        Variable::Word(clean(&word))
    }
}

impl From<&str> for Variable {
    fn from(word: &str) -> Self {
        Variable::Word(clean(word))
    }
}

impl From<&Path> for Variable {
    fn from(path: &Path) -> Self {
        Variable::Word(clean_path(path))
    }
}

impl From<Day> for Variable {
    fn from(day: Day) -> Self {
        Variable::Day(day)
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its name in the message files.
    pub id: &'static str,
    /// Its variables.
    pub variables: Vec<(&'static str, Variable)>,
}

/// A function per message, so that no message can be used that does not exist, or without all of its variables.
macro_rules! messages {
    ($( $id:ident ( $($variable:ident),* ); )+) => {
        $(
            #[doc = concat!("The message `", stringify!($id), "`.")]
            pub fn $id($($variable: impl Into<Variable>),*) -> Text {
                Text { id: stringify!($id), variables: vec![ $( (stringify!($variable), $variable.into()) ),* ] }
            }
        )+

        /// All messages, with the variables that they may use.
        pub const MESSAGES: &[(&str, &[&str])] = &[ $( (stringify!($id), &[ $( stringify!($variable) ),* ]) ),+ ];
    };
}

messages! {
    // Readers and cards.
    reader(name);
    reader_empty();
    reader_mute();
    reader_foreign();
    card(family, model);
    card_number(number);
    document(kind);
    holder(name);
    personal(what, value);
    described_by_itself();
    certificate(purpose, from, to, validity);
    certificate_expired(to);
    certificate_not_yet(from, today);
    certificate_none();

    // The condition of the card.
    pin_ready(pin, left);
    pin_fresh(pin, left);
    pin_unchanged(pin, left);
    pin_locked(pin);
    pin_unset(pin);
    pin_unknown(pin);
    pin_locked_by_codes(pin);
    code_left(help, left);
    code_locked(help);

    // What to do next.
    next_nothing();
    next_activate();
    next_set_both();
    next_go_on();
    next_unblock(pin, number);
    next_first_change(pin);
    next_lost(family);
    next_expired(to);
    certificates_only();
    where_puk();
    where_puk_estonia();

    // No card to work with.
    no_service();
    no_reader();
    no_such_reader(name);
    no_card();
    card_mute();
    card_foreign();
    card_contactless();
    several_cards();
    choice(reader);

    // Without contacts.
    can_needed();
    can_ask();
    can_impossible();
    can_wrong(seconds);
    can_refused_before();
    can_works();
    can_added();
    can_known();
    can_not_stored();
    can_none();
    can_entry(place, model, number, holder);
    can_entry_unused(place);
    can_forgotten();
    can_which(place);
    can_no_place();
    can_unusable(file);
    can_broken(file);
    can_how();
    hold_still();
    lay_on();
    card_lifted();
    contacts_only();
    contacts_for(pin);

    // Errors of the card, or of the exchange with it.
    card_removed();
    card_swapped();
    card_busy();
    not_allowed();
    waiting();
    waiting_for(programs);
    card_disturbed();
    card_refused();
    card_incomplete();
    card_nonsense();
    card_unclear();
    cannot();
    no_memory();
    keypad_pin(pin);
    keypad_change(pin);
    keypad_activate(pin);
    keypad_set(pin, help);
    keypad_keyboard();
    keypad_cancelled();
    keypad_too_late();
    keypad_differs();
    keypad_not_taken();
    nothing_spent();
    perhaps_spent();
    maybe_spent();
    try_spent(left);

    // PINs and codes that were refused.
    pin_wrong(pin, left);
    pin_wrong_untold(pin);
    pin_now_locked(pin, help);
    code_wrong(left);
    code_wrong_untold();
    code_now_locked(help);
    code_lost(family);
    pin_is_locked(pin, number, help);
    code_is_locked(help);
    code_is_used_up();
    transport_is_locked(pin);
    refused_before();
    new_refused(pin);
    new_unchanged(pin);
    unblock_refused(pin);

    // What cannot be done in the present state of the card. Nothing was sent.
    already_activated();
    nothing_to_activate();
    how_to_change();
    how_to_change_one(number);
    not_activated(pin);
    change_first(pin, number);
    no_pin(pin);
    no_puk(help);
    puk_is_fixed();
    never_written();
    write_protected();
    short_code_on_locked(pin);
    short_code_on_activated();
    short_code_untold();
    short_code_for_unblocking();
    long_code_on_fresh(digits);
    last_try_code(help);
    last_try_transport(pin);
    last_try_pin(pin, help);
    last_try_how(help);
    nothing_changed();
    partly_done(done, open);
    equal_no_more(pin, number);
    perhaps_set(pin);

    // The dialogue.
    plan_activate();
    plan_activate_one(pin);
    plan_change(pin);
    plan_unblock(pin, help);
    plan_equal(pin);
    plan_refill(pin);
    take_your_time();
    ask_activation_code();
    ask_unblock_code(help);
    ask_old(pin);
    ask_envelope_pin(pin);
    ask_new(pin, min, max);
    ask_new_pin1(min, max);
    ask_new_pin2(min, max);
    ask_pin(pin);
    ask_pin1();
    ask_pin2();
    ask_again();
    ask_again_named(pin);
    stake_code(help);
    stake_transport();
    ask_unseen(question);
    untried_card(family);
    untried_question();
    untried_yes();
    untried_how();
    confirm();
    yes();
    cancelled();
    no_terminal();
    too_few_lines();
    unreadable_pins();

    // Impossible entries.
    not_digits();
    wrong_length(pin, min, max);
    wrong_length_letter(pin, min, max, most);
    wrong_code_length(short, min, max);
    wrong_puk_length(min, max);
    entries_differ();
    same_as_pin1();
    same_as_code(help);
    same_as_old();

    // Unwise entries.
    weak_repeated(pin);
    weak_run(pin);
    weak_known(pin);
    long_for_others(pin);
    short_for_organisation(pin, min);

    // Success.
    writing();
    finishing();
    step_done(pin);
    activated();
    keep_code();
    code_used_up();
    changed(pin);
    unblocked(pin);
    refilled(pin);

    // Certificates, signatures, the test.
    no_key(pin);
    no_signing_key();
    no_usable_key();
    written(file);
    file_exists(file);
    file_unreadable(file);
    file_unwritable(file);
    signature_meaning(file, pin);
    signed(file);
    signature_invalid();
    test_passed(pin, milliseconds);

    // The diagnosis.
    bundle_title();
    bundle_purpose();
    bundle_harmless();
    bundle_left_out();
    section(what);
    judged(how, what);
    fact(what, value);
    service_answers();
    service_silent();
    used_alone();
    used_shared();
    used_by_nobody();
    used_for_long(seconds);
    well_known(how);
    certificate_key(key, issuer, algorithm);
    program_none();
    program_scdaemon();
    program_service(name);
    program_modules(name, modules);
    module_named(file, module);
    module_gone(file, module);
    module_other(file, name);
    module_unknown(file, module);
    module_nowhere();
    web_eid(name, program, file);
    web_eid_gone(name, program, file);
    databases(place, found, with);
    database_twice(place);
    database_gone(place);
    sandboxed(name, sandbox);
    no_home();
    variable(name, value);
    no_variables();
    record(line);

    // Registration.
    reg_module(file);
    reg_no_module(file);
    reg_unknown(name, known);
    reg_not_root();
    reg_nothing();
    reg_dry();
    reg_heading(what);
    reg_packaging(how);
    reg_state(what);
    reg_action(what);
    reg_refusal(why, line);
    reg_failed(name, file, why);
    reg_done(number);
    reg_prepared(number);
    reg_not_done(number);
    reg_nothing_to_do();
    reg_restart(names);
    reg_forgotten();
    reg_no_profile(name);
    reg_web_others(name);
    reg_web_snap(name, snap);
    reg_web_flatpak(name);
    reg_snap(name, snap);
    reg_flatpak(name, unit);
    reg_java(file);
    reg_openssl(file);
    reg_ssh(file);
    reg_ssh_agent(file);
    reg_libreoffice();
    reg_policy_left(name);
    reg_policy_unknown(name, program);

    // What the doctor finds, and what it says.
    check_well();
    check_not_installed();
    check_not_running();
    check_mismatch();
    check_remote();
    check_faulty(name);
    check_no_driver();
    check_holder(name);
    check_no_module();
    check_load(file, why);
    check_hangs(file, seconds);
    check_agent(file);
    check_register(name, state, id);
    check_sandbox(name, packaging, id);
    check_refused(name, file, id);
    check_java();
    check_denied(file, line);
    check_clock();
    check_expiring(to);
    doctor_cure(command);
    cure_admits(file);
    cure_omits(file);
    doctor_well();
    doctor_ask(command);
    doctor_failed();
    doctor_left();

    // Settings.
    config_file(file);
    config_setting(name, value, source);
    config_about(what);
    config_ignored(file, why, line, name);
    config_unknown(name, known);
    config_value(name, kind, words);

    // The help of the command line, and what is wrong with one.
    manual_heading(what);
    help_avain();
    help_status();
    help_activate();
    help_change_pin();
    help_unblock();
    help_certs();
    help_sign();
    help_test();
    help_can();
    help_diagnose();
    help_answer();
    help_generate();
    help_can_action();
    help_which();
    help_reader();
    help_lang();
    help_verbose();
    help_help();
    help_version();
    help_json();
    help_personal();
    help_pin();
    help_pin_file();
    help_pin_fd();
    help_keyboard();
    help_use_last_try();
    help_long_pin();
    help_untried_card();
    help_pem();
    help_der();
    help_file();
    help_output();
    help_report();
    help_register();
    help_unregister();
    help_programs();
    help_system();
    help_new();
    help_dry_run();
    help_module();
    help_root();
    help_purge();
    help_config();
    help_setting();
    help_values();
    help_unset();
    help_doctor();
    help_probe();
    help_fix();
    help_heading(what);
    help_value(what);
    help_more();
    usage_unknown(what);
    usage_command(what);
    usage_value(value, option);
    usage_value_missing(option);
    usage_missing(what);
    usage_conflict(first, second);
    usage_wrong();
    usage_help(command);

    // What the window says beside this.
    window_reading();
    window_absent();
    window_choose();
    window_can();
    window_failed();
    window_done();
    window_wait();
    window_language();
    window_offer();
    window_offer_why();
    window_activate();
    window_activated();
    window_letter();
    window_letter_picture();
    window_keypad();
    window_change(pin);
    window_unblock(pin);
    window_test();
    window_sign();
    window_file(file);
    window_size(size);
    window_digest(hash, digest);
    window_certificates();
    window_report();
    window_consent();
    window_agree();
    window_wise();
    window_keep_apart();
    window_drop();
    window_settings();
    window_new_card();
    window_prefers(what);
    window_numbers();
    window_programs();
    window_programs_offer();
    window_programs_why();
    window_programs_known();
    window_standing(state);
    window_happens(action);
    window_became(name, action);
    window_change_any();
    window_unblock_any();
    button_activate();
    button_later();
    button_never();
    button_ok();
    button_again();
    button_back();
    button_close();
    button_go_on();
    button_test();
    button_change(pin);
    button_unblock(pin);
    button_sign();
    button_certificates();
    button_report();
    button_save(what);
    button_copy();
    button_last_try();
    button_keypad();
    button_keyboard();
    button_programs();
    button_no();
    button_undo();
    button_forget();
    asked_login(origin);
    asked_signature(origin);
    asked_meaning(pin);
    asked_other_card();
    asked_certificate(origin);
    asked_certificate_meaning();
    asked_share();
    asked_hash(hash);
    asked_no_certificate();
    help_web();
    help_face();
    help_switch();
    scs_on(end);
    scs_off();
    scs_ends(end);
    scs_trusted(name, place);
    scs_untrusted(name, place);
    scs_taken_out(name, place);
    scs_failed(name, place, why);
    scs_refused(name, place, why, line);
    scs_left(name, place, why);
    scs_no_tool(command, file);
    scs_no_browser(file);
    scs_not_made(file);
    scs_by_hand(file);
    scs_silent();
    scs_taken(name);
    scs_taken_unknown();
    scs_question();
    scs_policies();
    button_share();
}
