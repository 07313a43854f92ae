//! What inline styles mean. The site's policy allows none; what they say is said by elements and classes.

use kernel::markup::{NodeId, Tree};

/// The value of a property in a `style` attribute.
pub fn property(style: &str, name: &str) -> Option<String> {
    style.split(';').rev().find_map(|rule| {
        let (property, value) = rule.split_once(':')?;
        let value = value.trim().trim_end_matches("!important").trim();
        property.trim().eq_ignore_ascii_case(name).then(|| value.to_ascii_lowercase())
    })
}

/// The elements that a style stands for.
pub fn emphasis(tree: &Tree, of: NodeId) -> Vec<&'static str> {
    let Some(style) = tree.attribute(of, "style") else { return Vec::new() };
    let decoration =
        ["text-decoration", "text-decoration-line"].iter().find_map(|name| property(style, name));
    let decoration = decoration.unwrap_or_default();
    let is_bold = property(style, "font-weight").is_some_and(|weight| is_bold(&weight));
    let is_italic =
        property(style, "font-style").is_some_and(|style| style == "italic" || style == "oblique");
    [
        ("strong", is_bold),
        ("em", is_italic),
        ("s", decoration.contains("line-through")),
        ("u", decoration.contains("underline") && tree.name(of) != "a"),
    ]
    .into_iter()
    .filter_map(|(name, has)| has.then_some(name))
    .collect()
}

/// Whether an element that is bold by its name is not by its style: word processors wrap whole texts so.
pub fn is_plain(tree: &Tree, of: NodeId) -> bool {
    let weight = tree.attribute(of, "style").and_then(|style| property(style, "font-weight"));
    weight.is_some_and(|weight| !is_bold(&weight))
}

fn is_bold(weight: &str) -> bool {
    matches!(weight, "bold" | "bolder") || weight.parse::<u16>().is_ok_and(|weight| weight >= 600)
}

/// `left`, `center` or `right`, by attribute, style or a class of well-known editors.
pub fn alignment(tree: &Tree, of: NodeId) -> Option<&'static str> {
    let style = tree.attribute(of, "style").and_then(|style| property(style, "text-align"));
    let written = tree.attribute(of, "align").map(str::to_ascii_lowercase);
    let data = tree.attribute(of, "data-align").map(str::to_ascii_lowercase);
    let class = ["left", "center", "right"].into_iter().find(|side| {
        ["has-text-align-", "ql-align-", "align-", "text-"]
            .iter()
            .any(|prefix| tree.has_class(of, &format!("{prefix}{side}")))
    });
    match style.or(written).or(data).as_deref().or(class)?.trim() {
        "left" | "start" => Some("left"),
        "center" | "middle" | "-webkit-center" => Some("center"),
        "right" | "end" => Some("right"),
        _ => None,
    }
}

/// The address in `background-image: url(…)`.
pub fn background(style: &str) -> Option<&str> {
    let rest = style.split_once("background-image")?.1.split_once("url(")?.1;
    let quotes: &[char] = &['"', '\'', ' '];
    Some(rest.split(')').next()?.trim_matches(quotes))
}
