//! Policies of Firefox and Thunderbird (`policies.json`): one entry is added or taken out, and every other byte stays.
//! A policy that is gone leaves the module in the users' profiles; one that tells programs to delete it does not.

use super::Refusal;
use super::json::{Content, Member, Value, parse, quoted};
use super::nss::NAME;
use std::ops::Range;
use std::path::Path;

/// The names of the objects around an entry.
const WAY: [&str; 2] = ["policies", "SecurityDevices"];

/// The policies with the module added to each profile.
pub(super) fn with(text: Option<&str>, module: &Path) -> Result<String, Refusal> {
    let path = module.to_str().ok_or(Refusal::Path)?;
    if let Some(text) = text.filter(|text| matches!(added(text), Ok(Some(there)) if there == path)) {
        return cut(text, "Delete");
    }
    let module = quoted(path);
    let text = without(text.unwrap_or("{}"))?;
    put(&text, "Add", &format!("{{{}: {module}}}", quoted(NAME)), &format!("{}: {module}", quoted(NAME)))
}

/// The policies that take the module out of each profile.
pub(super) fn deleting(text: &str) -> Result<String, Refusal> {
    let text = without(text)?;
    put(&text, "Delete", &format!("[{}]", quoted(NAME)), &quoted(NAME))
}

/// The library that is added to each profile.
pub(super) fn added(text: &str) -> Result<Option<String>, Refusal> {
    let root = parse(text).ok_or(Refusal::Json)?;
    let devices = WAY.iter().try_fold(&root, |value, name| Some(&value.member(name)?.value));
    let entry = devices.and_then(|devices| devices.member("Add")?.value.member(NAME));
    Ok(entry.and_then(|entry| entry.value.text()).map(str::to_owned))
}

/// The policies without ours, and without what is empty then.
pub(super) fn without(text: &str) -> Result<String, Refusal> {
    cut(&cut(text, "Add")?, "Delete")
}

/// Are there no policies at all?
pub(super) fn is_bare(text: &str) -> bool {
    parse(text).is_none_or(|root| root.members().is_some_and(<[Member]>::is_empty))
}

/// Puts an entry into an object or array, and makes it and those around it if need be.
fn put(text: &str, kind: &str, alone: &str, entry: &str) -> Result<String, Refusal> {
    let root = parse(text).ok_or(Refusal::Json)?;
    if root.members().is_none() {
        return Err(Refusal::Json);
    }
    let mut inside = &root;
    let path = [WAY[0], WAY[1], kind];
    for (depth, name) in path.iter().enumerate() {
        let members = inside.members().ok_or(Refusal::Policies)?;
        let Some(member) = members.iter().find(|member| member.name == *name) else {
            let missing = path.get(depth..).unwrap_or_default().iter().rev();
            let made = missing.enumerate().fold(String::new(), |inner, (level, name)| match level {
                0 => format!("{}: {alone}", quoted(name)),
                _ => format!("{}: {{{inner}}}", quoted(name)),
            });
            return Ok(inserted(text, inside, &made, members.is_empty()));
        };
        inside = &member.value;
    }
    match &inside.content {
        Content::Object(members) if kind == "Add" => Ok(inserted(text, inside, entry, members.is_empty())),
        Content::Array(items) if kind == "Delete" => Ok(inserted(text, inside, entry, items.is_empty())),
        _ => Err(Refusal::Policies),
    }
}

/// The text with something at the beginning of an object or array.
fn inserted(text: &str, inside: &Value, what: &str, is_empty: bool) -> String {
    let at = inside.span.start.saturating_add(1);
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let comma = if is_empty { "" } else { "," };
    format!("{before}{what}{comma}{after}")
}

/// Takes our entry out, and the objects around it that contain nothing else.
fn cut(text: &str, kind: &str) -> Result<String, Refusal> {
    let root = parse(text).ok_or(Refusal::Json)?;
    let mut around: Vec<(&Value, &Member)> = Vec::new();
    let mut inside = &root;
    for name in [WAY[0], WAY[1], kind] {
        let Some(member) = inside.member(name) else { return Ok(text.to_owned()) };
        around.push((inside, member));
        inside = &member.value;
    }
    let Some((mut span, mut is_alone)) = entry(inside) else { return Ok(text.to_owned()) };
    while let Some((parent, member)) = around.pop().filter(|_| is_alone) {
        span = member.start..member.value.span.end;
        is_alone = parent.members().is_some_and(|members| members.len() == 1);
    }
    Ok(taken_out(text, span))
}

/// Our entry in an object or array, and whether it has nothing else.
fn entry(inside: &Value) -> Option<(Range<usize>, bool)> {
    match &inside.content {
        Content::Object(members) => {
            let ours = members.iter().find(|member| member.name == NAME)?;
            Some((ours.start..ours.value.span.end, members.len() == 1))
        }
        Content::Array(items) => {
            let ours = items.iter().find(|item| item.text() == Some(NAME))?;
            Some((ours.span.clone(), items.len() == 1))
        }
        _ => None,
    }
}

/// The text without a part, and without the comma that belonged to it.
fn taken_out(text: &str, span: Range<usize>) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    if let Some(rest) = after.trim_start().strip_prefix(',') {
        return format!("{before}{rest}");
    }
    match before.trim_end().strip_suffix(',') {
        Some(rest) => format!("{rest}{after}"),
        None => format!("{before}{after}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "/usr/lib/pkcs11/avain-pkcs11.so";

    fn module() -> &'static Path {
        Path::new(MODULE)
    }

    #[test]
    fn one_entry_is_added_and_all_else_stays() {
        let ours = format!("\"Avain\": \"{MODULE}\"");
        for (before, after) in [
            ("{}", format!("{{\"policies\": {{\"SecurityDevices\": {{\"Add\": {{{ours}}}}}}}}}")),
            (
                "{ \"policies\": {\n  \"Homepage\": 1 } }\n",
                format!(
                    "{{ \"policies\": {{\"SecurityDevices\": {{\"Add\": {{{ours}}}}},\n  \"Homepage\": 1 }} }}\n"
                ),
            ),
            (
                "{\"policies\":{\"SecurityDevices\":{\"Add\":{\"X\":\"/x.so\"}}}}",
                format!("{{\"policies\":{{\"SecurityDevices\":{{\"Add\":{{{ours},\"X\":\"/x.so\"}}}}}}}}"),
            ),
            (
                "{\"policies\":{\"SecurityDevices\":{\"Delete\":[\"X\"]}}}",
                format!(
                    "{{\"policies\":{{\"SecurityDevices\":{{\"Add\": {{{ours}}},\"Delete\":[\"X\"]}}}}}}"
                ),
            ),
        ] {
            let added = with(Some(before), module()).unwrap();
            assert_eq!(added, after);
            assert_eq!(with(Some(&added), module()).unwrap(), added, "twice");
            assert_eq!(super::added(&added).unwrap().as_deref(), Some(MODULE));
            assert_eq!(without(&added).unwrap(), before, "taken out");
        }
    }

    #[test]
    fn programs_are_told_to_delete_the_module() {
        let policies = r#"{"policies": {"Homepage": 1}}"#;
        let added = with(Some(policies), module()).unwrap();
        let deleting = super::deleting(&added).unwrap();
        assert_eq!(deleting, r#"{"policies": {"SecurityDevices": {"Delete": ["Avain"]},"Homepage": 1}}"#);
        assert_eq!(super::deleting(&deleting).unwrap(), deleting);
        assert_eq!(without(&deleting).unwrap(), policies);
        // Who has it added again does not have it deleted.
        assert_eq!(with(Some(&deleting), module()).unwrap(), added);
        let others = r#"{"policies":{"SecurityDevices":{"Delete":["X"]}}}"#;
        let deleting = super::deleting(others).unwrap();
        assert_eq!(deleting, r#"{"policies":{"SecurityDevices":{"Delete":["Avain","X"]}}}"#);
        assert_eq!(without(&deleting).unwrap(), others);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (text, refusal) in [
            ("{", Refusal::Json),
            ("[]", Refusal::Json),
            ("{\"policies\": 1}", Refusal::Policies),
            ("{\"policies\": {\"SecurityDevices\": [1]}}", Refusal::Policies),
            ("{\"policies\": {\"SecurityDevices\": {\"Add\": []}}}", Refusal::Policies),
            ("// mine\n{}", Refusal::Json),
        ] {
            assert_eq!(with(Some(text), module()), Err(refusal), "{text}");
        }
    }
}
