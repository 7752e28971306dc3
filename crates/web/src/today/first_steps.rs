//! The first steps of an establishment that has just been founded: five, in the order in which they help at night.

use super::number;
use crate::shell::Page;
use crate::typography::fr;
use maud::{Markup, html};

/// Fewer steps left than this are told by their own lines.
const LEFT_MIN: usize = 2;

/// Unknown until a turn is declared; none is the best there is.
const GAPS: &str = "register.on_call_gaps";

/// A step: the fact that says it is begun (a count above none, gaps among turns that exist), its name, why, its page.
const STEPS: [(&str, &str, &str, &str); 5] = [
    ("register.functions", "L’annuaire", "qui décide, qui supplée, à quel numéro", "/annuaire"),
    (GAPS, "Les astreintes", "qui répond cette nuit", "/annuaire/astreintes"),
    (
        "register.partners",
        "Les partenaires",
        "CERT Santé, ARS, éditeurs : pourquoi et quand les appeler",
        "/annuaire/partenaires",
    ),
    (
        "cartography.activities",
        "Les activités",
        "ce qui soigne, et combien de temps cela tient sans informatique",
        "/carte/activites",
    ),
    (
        "access.codes_available",
        "Les codes d’urgence",
        "imprimés et scellés, pour entrer quand un mot de passe manque",
        "/comptes/codes",
    ),
];

pub(super) fn show(page: &Page<'_>) -> Markup {
    let steps = STEPS.map(|step| (number(page, step.0).is_some_and(|n| n > 0 || step.0 == GAPS), step));
    if steps.iter().filter(|(done, _)| !done).count() < LEFT_MIN {
        return html! {};
    }
    html! {
        section.panel.first aria-labelledby="pas" {
            header { h2 #pas { "Par où commencer" } span.muted.small { "une demi-heure suffit pour l’essentiel" } }
            ol { @for (done, (_, name, why, path)) in steps { li {
                // Accounts and their codes belong to those who administer; the others know whom to ask.
                @if path.starts_with("/comptes") && !page.visitor.may_erase() { b { (name) } } @else { a href=(path) { (name) } }
                " " span.muted { (fr(why)) }
                @if done { " " span.st.ok.small { "commencé" } }
            } } }
        }
    }
}
