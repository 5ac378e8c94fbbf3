//! The page with the tables.

/// What stands between two marks on the page.
pub(crate) struct Part {
    /// In the marks.
    pub(crate) name: &'static str,
    /// Lines of Markdown.
    pub(crate) text: String,
}

/// The page with these parts in the place of those of the same names.
pub(crate) fn with(page: &str, parts: &[Part]) -> Result<String, String> {
    parts.iter().try_fold(page.to_owned(), |page, Part { name, text }| {
        let (begin, end) =
            (format!("<!-- {name}: written by make bench -->\n"), format!("<!-- end of {name} -->"));
        let place =
            page.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
        let (before, after) = place.ok_or_else(|| format!("no place for {name}"))?;
        Ok(format!("{before}{begin}{text}{end}{after}"))
    })
}
