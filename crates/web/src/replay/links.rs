//! Links of a page that is seen again lead to the same moment, and its forms too: those that read keep it, those that
//! would write are refused because of it.

use crate::markup::rewritten;

/// Where a moment means nothing: files of the program, and the way out.
const TIMELESS: [&str; 3] = ["/actifs/", "/deconnexion", "/verrouiller"];

/// Mark of the links and forms that choose a moment themselves.
const OWN_MOMENT: &str = "data-moment";

/// The page with its moment in every local link and form. `moment`: as addresses say it.
pub(crate) fn keep_moment(page: &str, moment: &str) -> String {
    rewritten(page, |out, tag| write_tag(out, tag, moment))
}

fn write_tag(out: &mut String, tag: &str, moment: &str) {
    let name = tag[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let reference = match name {
        "a" | "area" => "href",
        "form" => "action",
        "button" | "input" => "formaction",
        "img" => "src",
        _ => return out.push_str(tag),
    };
    if attribute(tag, OWN_MOMENT).is_some() {
        return out.push_str(tag);
    }
    let writes = attribute(tag, "method").is_some_and(|(from, to)| tag[from..to].eq_ignore_ascii_case("post"));
    let reads_by_form = name == "form" && !writes;
    match attribute(tag, reference).filter(|_| !reads_by_form) {
        Some((from, to)) if is_local(&tag[from..to]) => {
            out.push_str(&tag[..from]);
            push_reference(out, &tag[from..to], moment);
            out.push_str(&tag[to..]);
        }
        _ => out.push_str(tag),
    }
    if reads_by_form {
        // What such a form sends replaces the query of its address.
        out.push_str(&format!("<input type=\"hidden\" name=\"{}\" value=\"{moment}\">", super::PARAMETER));
    }
}

/// Where the value of an attribute begins and ends; an empty one for an attribute without a value.
fn attribute(tag: &str, wanted: &str) -> Option<(usize, usize)> {
    let bytes = tag.as_bytes();
    let mut at = tag.find(|c: char| c.is_ascii_whitespace())?;
    loop {
        at += bytes.get(at..)?.iter().position(|b| !b.is_ascii_whitespace())?;
        let name_end = at + bytes.get(at..)?.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/'))?;
        let name = tag.get(at..name_end)?;
        let (mut from, mut to, mut next) = (name_end, name_end, name_end.max(at + 1));
        if bytes.get(name_end) == Some(&b'=') {
            let quote = *bytes.get(name_end + 1)?;
            if !matches!(quote, b'"' | b'\'') {
                return None;
            }
            from = name_end + 2;
            to = from + bytes.get(from..)?.iter().position(|b| *b == quote)?;
            next = to + 1;
        }
        if name.eq_ignore_ascii_case(wanted) {
            return Some((from, to));
        }
        at = next;
    }
}

fn is_local(reference: &str) -> bool {
    let query = reference.split('#').next().unwrap_or_default().split_once('?').map_or("", |(_, query)| query);
    let has_moment =
        query.split(['&', ';']).any(|pair| pair.strip_prefix(super::PARAMETER).is_some_and(|rest| rest.starts_with('=')));
    let inside = (reference.starts_with('/') && !reference.starts_with("//")) || reference.starts_with('?');
    inside && !has_moment && !TIMELESS.iter().any(|start| reference.starts_with(start))
}

/// An address with the moment in its query; the address is as it stands in an attribute.
fn push_reference(out: &mut String, reference: &str, moment: &str) {
    let (address, fragment) = reference.split_at(reference.find('#').unwrap_or(reference.len()));
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&amp;",
    };
    out.push_str(&format!("{address}{joint}{}={moment}{fragment}", super::PARAMETER));
}

#[cfg(test)]
mod tests {
    use super::keep_moment;

    const AT: &str = "2026-11-21T14:30";

    fn becomes(before: &str, after: &str) {
        assert_eq!(keep_moment(before, AT), after.replace("{a}", &format!("a={AT}")));
    }

    fn stays(page: &str) {
        becomes(page, page);
    }

    #[test]
    fn local_links_keep_the_moment() {
        becomes("<a href=\"/\">x</a>", "<a href=\"/?{a}\">x</a>");
        becomes("<p><a class=\"b\" href=\"/x?y=1#z\" id=\"i\">", "<p><a class=\"b\" href=\"/x?y=1&amp;{a}#z\" id=\"i\">");
        becomes("<a href=\"?type=fact&amp;b=2\">", "<a href=\"?type=fact&amp;b=2&amp;{a}\">");
        becomes("<A HREF='/x'>", "<A HREF='/x'>"); // not as maud writes: left as it is
        becomes("<svg><a href=\"/carte/3\"><text>", "<svg><a href=\"/carte/3?{a}\"><text>");
        becomes("<img alt=\"\" src=\"/carte.svg\">", "<img alt=\"\" src=\"/carte.svg?{a}\">");
        becomes("<a href=\"/a?\">é</a> <a href=\"/b\">", "<a href=\"/a?{a}\">é</a> <a href=\"/b?{a}\">");
    }

    #[test]
    fn forms_that_read_keep_it_and_those_that_write_are_refused_by_it() {
        let hidden = format!("<input type=\"hidden\" name=\"a\" value=\"{AT}\">");
        becomes("<form action=\"/x\"><b>", &format!("<form action=\"/x\">{hidden}<b>"));
        becomes("<form method=\"get\">", &format!("<form method=\"get\">{hidden}"));
        becomes("<form method=\"post\" action=\"/x\">", "<form method=\"post\" action=\"/x?{a}\">");
        becomes("<button formaction=\"/x\">", "<button formaction=\"/x?{a}\">");
        stays("<form method=\"post\" action=\"/deconnexion\">");
        stays("<form method=\"post\">");
    }

    #[test]
    fn what_only_looks_like_a_link_stays() {
        stays("<p>écrire href=\"/x\" dans une page</p>");
        stays("<p title=\"&lt;a href=&quot;/x&quot;&gt;\">&lt;a href=&quot;/x&quot;&gt;</p>");
        stays("<p title=\"<a href='/x'>\">");
        stays("<a title=\"href=\" name=\"x\">");
        stays("<a data-href=\"/x\">");
        stays("<textarea>&lt;a href=\"/x\"&gt;</textarea>");
        stays("<!-- <a href=\"/x\"> -->");
        stays("<abbr href=\"/x\">");
        stays("<a href=\"/x");
        stays("1 < 2");
    }

    #[test]
    fn links_elsewhere_and_those_with_a_moment_of_their_own_stay() {
        for reference in ["#contenu", "https://exemple.fr/", "//exemple.fr/", "tel:+33", "mailto:x", "/actifs/x.css", "x"] {
            stays(&format!("<a href=\"{reference}\">"));
        }
        stays("<a href=\"/x?a=5\">");
        stays("<a href=\"/x?b=1&amp;a=5#z\">");
        stays("<a data-moment href=\"/x\">");
        stays("<form data-moment action=\"/x\">");
        stays("<link href=\"/actifs/x.css\">");
        becomes("<a href=\"/x?ab=5\">", "<a href=\"/x?ab=5&amp;{a}\">");
    }
}
