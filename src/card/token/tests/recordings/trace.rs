//! Recordings as text: `> command`, `< answer with status word`, `# ---- ` before each part, `#` before remarks.

/// One exchange.
pub(super) struct Step {
    pub(super) command: Vec<u8>,
    pub(super) answer: Vec<u8>,
}

/// The exchanges under one heading.
pub(super) struct Part {
    pub(super) title: String,
    pub(super) steps: Vec<Step>,
}

/// What stands for the places that a text leaves open (`XX`).
#[derive(Clone, Copy, Default)]
pub(super) struct Fill<'f> {
    pub(super) command: &'f [u8],
    pub(super) answer: &'f [u8],
}

/// A recording of a card.
pub(super) fn trace(name: &str) -> Vec<Part> {
    trace_filled(name, Fill::default())
}

/// The same of a text that leaves something open.
pub(super) fn trace_filled(name: &str, fill: Fill<'_>) -> Vec<Part> {
    parts(&simcard::recordings::text(name), fill)
}

fn parts(text: &str, fill: Fill<'_>) -> Vec<Part> {
    let mut parts = vec![Part { title: String::new(), steps: Vec::new() }];
    let mut command = None;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ----") {
            parts.push(Part { title: title.trim().to_owned(), steps: Vec::new() });
        } else if let Some(sent) = line.strip_prefix("> ") {
            assert!(command.replace(bytes(sent, fill.command)).is_none(), "no answer before {line}");
        } else if let Some(received) = line.strip_prefix("< ") {
            let command = command.take().expect("an answer without a command");
            let answer = bytes(received, fill.answer);
            parts.last_mut().unwrap().steps.push(Step { command, answer });
        }
    }
    // What was only computed, no card has said.
    parts.retain(|part| !part.title.contains("COMPUTED"));
    parts
}

/// Hexadecimal digits, and what fills the open places.
fn bytes(text: &str, fill: &[u8]) -> Vec<u8> {
    let mut plain = text.to_owned();
    while let (Some(from), Some(to)) = (plain.find('('), plain.find(')')) {
        plain.replace_range(from..=to, "");
    }
    hex(&plain.replace("XX..", "XX").replace("XX", &text_of(fill)))
}

/// Bytes of hexadecimal digits; spaces do not count.
pub(super) fn hex(text: &str) -> Vec<u8> {
    let text = text.replace(' ', "");
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}

/// Hexadecimal digits of bytes.
pub(super) fn text_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[test]
fn a_text_as_parts_and_steps() {
    let fill = Fill { command: &[0xAB], answer: &[1, 2] };
    let parts = parts(
        "# x\n# ---- one\n> 00B0\n# y\n< 9000\n# ---- COMPUTED\n> 00\n< 9000\n# ---- two\n> 00XX..\n< XX(21 bytes)18 9000",
        fill,
    );
    let [_, one, two] = parts.as_slice() else { panic!("{}", parts.len()) };
    assert_eq!(
        (one.title.as_str(), &*one.steps[0].command, &*one.steps[0].answer),
        ("one", &[0, 0xB0][..], &[0x90, 0][..])
    );
    assert_eq!((&*two.steps[0].command, &*two.steps[0].answer), (&[0, 0xAB][..], &[1, 2, 0x18, 0x90, 0][..]));
}
