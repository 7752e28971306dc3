//! What an entry is worth, in words.

use domain::crisis::LogEntry;
use journal::Standing;
use maud::{Markup, html};

/// Mark and word of a badge: the mark's class carries shape and colour.
type Badge = (&'static str, String);

/// Badges of an entry. `contradicted`: its clock disagrees with the other entries'.
pub(crate) fn of(entry: &LogEntry, contradicted: bool) -> Vec<Badge> {
    let mut badges: Vec<Badge> = Vec::new();
    let mut add = |mark, words: &str| badges.push((mark, words.to_owned()));
    if entry.is_incomplete() {
        add("warn", "à compléter");
    }
    if entry.awaits_approval() {
        add("warn", "à confirmer");
    }
    if entry.from_paper {
        add("unknown", "repris du papier");
    }
    if entry.after_lifting {
        add("unknown", "après la levée");
    }
    match entry.standing {
        Standing::NoRole => add("warn", "sans rôle"),
        Standing::AuthorRevoked => add("down", "auteur révoqué"),
        Standing::DeviceRevoked => add("down", "poste révoqué"),
        Standing::Forked => add("down", "chaîne en double"),
        Standing::Full { .. } | Standing::Program | Standing::Partial => {}
    }
    if contradicted {
        add("warn", "horloge contredite");
    }
    if entry.text.is_none() {
        add("unknown", "effacé");
    }
    let survivors = entry.text.as_ref().map_or(1, |text| text.survivors().len());
    if survivors > 1 {
        badges.push(("down", format!("conflit ({survivors})")));
    }
    let assignments = entry.assignment.as_ref().map_or(1, |assignment| assignment.survivors().len());
    if assignments > 1 {
        badges.push(("down", format!("conflit sur l’attribution ({assignments})")));
    }
    if !entry.remarks.is_empty() {
        badges.push(("unknown", format!("remarque sans autorité ({})", entry.remarks.len())));
    }
    badges
}

pub(crate) fn show(badges: &[Badge]) -> Markup {
    html! { @for (mark, words) in badges { " " span class={ "st small " (mark) } { (words) } } }
}

/// What a badge means, for the page of one entry.
pub(crate) fn meaning(words: &str) -> Option<&'static str> {
    let meanings = [
        ("à compléter", "Il manque un responsable ou une échéance."),
        ("à confirmer", "Fait avant accord : la direction ou l’administrateur de garde doit l’approuver."),
        ("repris du papier", "Noté d’abord sur une main courante papier, recopié ensuite."),
        ("après la levée", "Noté après la levée de la crise."),
        ("sans rôle", "Son auteur n’avait aucun rôle : l’entrée est gardée, elle n’a pas d’effet."),
        (
            "auteur révoqué",
            "Le rôle de son auteur avait été retiré ailleurs, sans que ce poste le sache : l’entrée est gardée, sans effet.",
        ),
        ("poste révoqué", "Le poste qui l’a signée a été révoqué : l’entrée est gardée, sans effet."),
        (
            "chaîne en double",
            "Ce poste a deux histoires à partir d’ici (dossier copié ou restauré) : l’entrée est gardée, sans effet.",
        ),
        ("horloge contredite", "L’heure de ce poste contredit celle des autres entrées : fiez-vous à l’ordre, pas à l’heure."),
        ("effacé", "Deux personnes ont fait effacer ces mots ; l’empreinte reste."),
        ("conflit", "Deux personnes ont écrit sans se voir : les deux versions sont montrées, corrigez pour n’en garder qu’une."),
        ("remarque", "Quelqu’un sans autorité a proposé une correction : elle est montrée, elle ne barre rien."),
    ];
    meanings.iter().find(|(start, _)| words.starts_with(start)).map(|(_, meaning)| *meaning)
}
