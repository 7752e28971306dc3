//! Pages read tag by tag, so that a layer may lead their addresses elsewhere. Text, comments and what is not closed stay as they are.

/// The page with each of its tags written anew by `write`.
pub(crate) fn rewritten(page: &str, mut write: impl FnMut(&mut String, &str)) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 8);
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let comment = rest.starts_with("<!--");
        let end = if comment { rest.find("-->").map(|at| at + 3) } else { tag_end(rest) };
        let Some(end) = end else { break };
        if comment {
            out.push_str(&rest[..end]);
        } else {
            write(&mut out, &rest[..end]);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Where a tag ends: quoted values may hold anything.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    let end = tag.bytes().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        quote.is_none() && byte == b'>'
    });
    end.map(|at| at + 1)
}
