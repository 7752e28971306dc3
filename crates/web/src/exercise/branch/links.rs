//! Addresses in the pages of a branch: every local one is led below the branch's own address.

use crate::markup::rewritten;

/// Where files of the program are: the same for all.
const FILES: &str = "/actifs/";
/// Mark of the links that lead out of the exercise.
const HOME: &str = "data-home";

/// The page with its local addresses below `prefix`.
pub(crate) fn below(page: &str, prefix: &str) -> String {
    rewritten(page, |out, tag| write_tag(out, tag, prefix))
}

/// An address of an answer, below `prefix` when it is local.
pub(super) fn address(address: &str, prefix: &str) -> Option<String> {
    is_local(address).then(|| format!("{prefix}{address}"))
}

fn is_local(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.starts_with(FILES)
}

fn is_address(name: &str) -> bool {
    matches!(name, "href" | "action" | "formaction" | "src") || (name.starts_with("data-") && name != "data-base")
}

/// Values are in double quotes, as pages are written here.
fn write_tag(out: &mut String, tag: &str, prefix: &str) {
    if tag.contains(HOME) {
        return out.push_str(tag);
    }
    let mut rest = tag;
    while let Some(at) = rest.find("=\"") {
        let (before, value) = (&rest[..at], &rest[at + 2..]);
        let Some(end) = value.find('"') else { break };
        let name = before.rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        out.push_str(before);
        out.push_str("=\"");
        if is_address(name) && is_local(&value[..end]) {
            out.push_str(prefix);
        }
        out.push_str(&value[..=end]);
        rest = &value[end + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn becomes(before: &str, after: &str) {
        assert_eq!(below(before, "/exercice/7"), after.replace('§', "/exercice/7"));
    }

    #[test]
    fn local_addresses_are_led_below() {
        becomes("<p>a<a class=\"b\" href=\"/x?y=1#z\" id=\"i\">é</a>", "<p>a<a class=\"b\" href=\"§/x?y=1#z\" id=\"i\">é</a>");
        becomes("<a href=\"/\">", "<a href=\"§/\">");
        becomes(
            "<form method=\"post\" action=\"/x\"><button formaction=\"/y\">",
            "<form method=\"post\" action=\"§/x\"><button formaction=\"§/y\">",
        );
        becomes("<div data-region=\"/x?fragment=a\">", "<div data-region=\"§/x?fragment=a\">");
        becomes("<img alt=\"a > b\" src=\"/carte.svg\">", "<img alt=\"a > b\" src=\"§/carte.svg\">");
    }

    #[test]
    fn others_stay() {
        for page in [
            "<a href=\"#contenu\">",
            "<a href=\"?a=1\">",
            "<a href=\"https://exemple.fr/\">",
            "<a href=\"//exemple.fr/\">",
            "<link href=\"/actifs/x.css\">",
            "<a data-home href=\"/\">",
            "<input name=\"vers\" value=\"/x\">",
            "<p>écrire href=\"/x\" dans une page</p>",
            "<!-- <a href=\"/x\"> -->",
            "<a href=\"/x",
            "1 < 2",
        ] {
            becomes(page, page);
        }
        assert_eq!(address("/a", "/p"), Some("/p/a".to_owned()));
        assert_eq!(address("https://a", "/p"), None);
    }
}
