//! Texts that a spreadsheet would compute instead of showing.

/// What such a text begins with.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text that a spreadsheet shows instead of computing it: an apostrophe before it, which reading takes off.
pub fn guarded(text: &str) -> String {
    if text.starts_with(FORMULA_STARTS) || text.starts_with('\'') { format!("'{text}") } else { text.to_owned() }
}

/// A text without the apostrophe that kept a spreadsheet from computing it.
pub fn bare(text: &str) -> &str {
    let guarded = |rest: &&str| rest.starts_with(FORMULA_STARTS) || rest.starts_with('\'');
    text.strip_prefix('\'').filter(guarded).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_leaves_can_be_computed() {
        assert_eq!(
            ["=cmd", "+33 6", "-1", "@x", "'=x", "Hôpital"].map(guarded),
            ["'=cmd", "'+33 6", "'-1", "'@x", "''=x", "Hôpital"]
        );
    }

    #[test]
    fn an_apostrophe_is_taken_off_only_where_it_guards() {
        assert_eq!(["'=1", "'+33", "''=1", "'Hôpital", "=1", "'"].map(bare), ["=1", "+33", "'=1", "'Hôpital", "=1", "'"]);
    }
}
