//! Programs in C: forks, names that collide, an end without C_Finalize, the whole function list under a watchful eye,
//! and the header.

use kit::{ANY, Module, Watched, World, run, scratch};
use std::path::{Path, PathBuf};
use std::process::Command;

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("c").join(name)
}

/// Compiles a program of the folder `c` and gives where it is.
fn compiled(name: &str, options: &[&str]) -> PathBuf {
    let program = scratch("c").join(name);
    run(Command::new("cc")
        .args(["-Wall", "-Wextra", "-Werror", "-o"])
        .arg(&program)
        .args(options)
        .arg(source(&format!("{name}.c")))
        .args(["-ldl", "-lpthread"]));
    program
}

/// Functions without a list of parameters, so that one type serves all of the standard's.
const OLD_STYLE: &[&str] = &["-std=c99", "-Wno-unused-function", "-Wno-strict-prototypes"];

/// The module must not be in use by this process: the program has the card for itself. `under` is the program that
/// runs it, if there is one.
fn run_with_card(name: &str, options: &[&str], under: &[&str]) {
    let world = World::on_the_daemon();
    let card = world.insert(ANY);
    let program = compiled(name, &[OLD_STYLE, options].concat());
    run(&mut match under {
        [] => {
            let mut command = Command::new(program);
            command.arg(Module::for_programs());
            command
        }
        // What is watched is the module alone.
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(program).arg(Module::under_test());
            command
        }
    });
    assert_eq!([simcard::PIN1, simcard::PIN2].map(|pin| card.tries(pin)), [5, 5]);
}

#[test]
fn a_forked_child_begins_anew_and_leaves_its_parent_alone() {
    run_with_card("fork", &[], &[]);
}

#[test]
fn functions_of_the_program_do_not_take_the_place_of_the_modules() {
    run_with_card("interpose", &["-rdynamic"], &[]);
}

#[test]
fn a_program_may_end_without_finalising() {
    run_with_card("leave", &[], &[]);
}

#[test]
fn the_whole_function_list_works_in_one_thread() {
    run_with_card("whole", &[], &[]);
}

/// Nothing is read that was not written, written beyond its end, or lost. Valgrind sees what the module does, and what
/// the PC/SC library does for it.
#[test]
fn the_whole_function_list_is_clean_under_valgrind() {
    let options = [
        "valgrind",
        "--quiet",
        "--error-exitcode=9",
        "--leak-check=full",
        "--errors-for-leak-kinds=definite,indirect",
    ];
    run_with_card("whole", &["-g"], &options);
}

#[test]
fn the_header_is_standard_c_and_says_what_the_module_does() {
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../include");
    let include = format!("-I{}", include.display());
    for standard in ["-std=c99", "-std=c11"] {
        run(&mut Command::new(compiled("header", &[standard, "-pedantic", &include])));
    }
    // What it names is what there is.
    let (world, _card) = World::on_the_daemon_with("fineid-v3.1");
    let header = std::fs::read_to_string(source("../../../include/avain.h")).unwrap();
    for token in [kit::PIN1, kit::PIN2] {
        assert!(header.contains(&format!("\"{}\"", token.0)));
        world.slot(token);
    }
    for (name, token, id) in [
        ("AVAIN_ID_AUTHENTICATION", kit::PIN1, 0x45_u8),
        ("AVAIN_ID_SIGNATURE", kit::PIN2, 0x46),
        ("AVAIN_ID_SIGNATURE_EC", kit::PIN2, 0x47),
    ] {
        assert!(header.contains(&format!("{name} {id:#04x}")));
        world.open(token).object(cryptoki_sys::CKO_CERTIFICATE, id).unwrap();
    }
}
