//! What both pages must be as markup.

/// The part of a page with this id.
pub(crate) fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let start = page.find(&format!("<section id=\"{id}\"")).expect("the section");
    let end = page[start..].find("</section>").expect("its end");
    &page[start..start + end]
}

/// Elements that have no end tag; those of SVG end in `/>`.
const VOID: [&str; 4] = ["meta", "link", "input", "br"];

/// What is wrong with the nesting of tags, if anything.
pub(crate) fn nesting_error(page: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let end = rest.find('>')?;
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or_default();
        if tag.starts_with('!') || tag.ends_with('/') || VOID.contains(&name) {
            continue;
        }
        if tag.starts_with('/') {
            match open.pop() {
                Some(opened) if opened == name => {}
                opened => return Some(format!("</{name}> closes {opened:?} before {rest:.80}")),
            }
        } else if name == "style" || name == "script" {
            rest = &rest[rest.find(&format!("</{name}>"))? + name.len() + 3..];
        } else {
            open.push(name);
        }
    }
    (!open.is_empty()).then(|| format!("never closed: {open:?}"))
}

/// What of a page would ask the network for something, if anything.
pub(crate) fn asks_network(page: &str) -> Option<String> {
    for word in ["http:", "https:", "url(", "@import", "fetch(", "XMLHttpRequest"] {
        if page.contains(word) {
            return Some(word.to_owned());
        }
    }
    for attribute in [" src=\"", " href=\""] {
        for (at, _) in page.match_indices(attribute) {
            let target = &page[at + attribute.len()..];
            if !target.starts_with('#') && !target.starts_with("data:,") {
                return Some(format!("{target:.40}"));
            }
        }
    }
    None
}
