//! Texts to be completed from the state: `{établissement}`, `{connu}`… A value that is not known leaves a visible blank.

/// Every name that a shipped text may hold between braces.
pub const NAMES: [&str; 26] = [
    // Who and where.
    "établissement",
    "finess",
    "déclarant",
    "fonction",
    "téléphone",
    // The crisis: its title, when it began, was detected, was known; now.
    "titre",
    "niveau",
    "début",
    "détecté",
    "connu",
    "maintenant",
    "échéance",
    // The board, as lists: « biologie, imagerie ».
    "activités_touchées",
    "activités_arrêtées",
    "activités_inconnues",
    "applications_touchées",
    // The care offer, as counts; the units that are closed, as a list.
    "lits_ouverts",
    "lits_installés",
    "unités_fermées",
    "transferts",
    "réorientations",
    "interventions_annulées",
    "consultations_annulées",
    // The point: its number, what is asked, when the next one comes.
    "numéro",
    "demandes",
    "prochain_point",
];

/// Fills the placeholders of a text. One without value becomes « ……… (name) », to be completed by hand.
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        out.push_str(before);
        match value(name).filter(|v| !v.trim().is_empty()) {
            Some(known) => out.push_str(&known),
            None => out.push_str(&format!("……… ({})", name.replace('_', " "))),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Names between braces in a text, in order.
pub fn names(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, name, after)) = next(rest) {
        found.push(name);
        rest = after;
    }
    found
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, tail) = text.split_once('{')?;
    let (name, after) = tail.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_are_filled_and_others_leave_a_blank() {
        let said = fill("{titre}, connu à {connu}.", |name| (name == "titre").then(|| "Rançongiciel".to_owned()));
        assert_eq!(said, "Rançongiciel, connu à ……… (connu).");
        assert_eq!(fill("accolade { seule", |_| None), "accolade { seule");
        assert_eq!(names("{titre} et {activités_touchées}"), ["titre", "activités_touchées"]);
    }
}
