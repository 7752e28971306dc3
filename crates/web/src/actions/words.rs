//! An action in words: its levels, how far it is, what changed.

use crate::days::shown;
use crate::history::Words;
use crate::today::plural;
use domain::State;
use domain::actions::event::{ActionSet, BoardSet, Origin, Status};
use domain::actions::{Action, Counts, complexity_letters, priority_letters};
use domain::register::day::Day;
use journal::SubjectId;
use maud::{Markup, html};

/// Priorities, first one first, with what each means.
pub(super) const PRIORITIES: [(u8, &str); 3] = [(3, "d’abord"), (2, "ensuite"), (1, "quand ce sera possible")];
/// Complexities, least first.
pub(super) const COMPLEXITIES: [(u8, &str); 3] = [(1, "simple"), (2, "à organiser"), (3, "projet")];

/// How far it is, in shape, word and colour; late is said beside.
pub(super) fn mark(action: &Action, today: Day) -> Markup {
    html! {
        (status(action.now().status))
        @if action.is_late(today) { " " span.st.down { "en retard" } }
    }
}

pub(super) fn status(status: Status) -> Markup {
    let class = match status {
        Status::ToDo => "st unknown",
        Status::InProgress => "st warn",
        Status::Done => "st ok",
        Status::Dropped => "st dropped",
    };
    html! { span class=(class) { (status.label()) } }
}

/// `AAA · X`.
pub(super) fn levels(set: &ActionSet) -> String {
    format!("{} · {}", priority_letters(set.priority), complexity_letters(set.complexity))
}

/// `12 actions sur 30 faites (40 %) ; 3 en retard`.
pub(crate) fn short(counts: &Counts) -> String {
    let done = match (counts.done, counts.done_percent()) {
        (0, _) if counts.total == 1 => "L’action du plan n’est pas faite".to_owned(),
        (0, _) => format!("Aucune action faite sur {}", counts.total),
        (1, Some(percent)) => format!("1 action sur {} faite ({percent} %)", counts.total),
        (done, percent) => format!("{done} actions sur {} faites ({} %)", counts.total, percent.unwrap_or(0)),
    };
    let late = match counts.late {
        0 if counts.open == 0 => String::new(),
        0 => " ; aucune en retard".to_owned(),
        late => format!(" ; {late} en retard"),
    };
    format!("{done}{late}")
}

/// The sentence that says where the plan stands.
pub(super) fn answer(actions: &[&Action], counts: &Counts) -> String {
    let open = || actions.iter().filter(|action| action.is_open());
    let nobody = open().filter(|action| action.now().owner.trim().is_empty()).count() as u64;
    let undated = open().filter(|action| action.now().due.is_none()).count() as u64;
    let mut lacks = Vec::new();
    if nobody > 0 {
        lacks.push(plural(nobody, "action n’a pas de pilote", "actions n’ont pas de pilote"));
    }
    if undated > 0 {
        let words = if nobody > 0 {
            ["n’a pas d’échéance", "n’ont pas d’échéance"]
        } else {
            ["action n’a pas d’échéance", "actions n’ont pas d’échéance"]
        };
        lacks.push(plural(undated, words[0], words[1]));
    }
    let lacks = if lacks.is_empty() { String::new() } else { format!(" {}.", lacks.join(", ")) };
    format!("{}.{lacks}", short(counts))
}

/// `exercice : Nuit blanche`.
pub(super) fn origin(origin: &Origin) -> String {
    use domain::actions::event::OriginKind::Other;
    match (origin.kind, origin.label.as_str()) {
        (Other, "") => String::new(),
        (Other, label) => label.to_owned(),
        (kind, "") => kind.label().to_owned(),
        // Often written with what it is: « exercice du 21/11/2026 ».
        (kind, label) if label.to_lowercase().starts_with(kind.label()) => label.to_owned(),
        (kind, label) => format!("{} : {label}", kind.label()),
    }
}

/// Names of the boards that follow it.
pub(super) fn boards(state: &State, ids: &[SubjectId]) -> String {
    let sitting = state.actions.sitting();
    let names = sitting.iter().filter(|board| ids.contains(&board.id)).map(|board| board.now().name.as_str());
    names.collect::<Vec<_>>().join(", ")
}

fn day(day: Option<Day>) -> String {
    day.map(shown).unwrap_or_default()
}

/// An action field by field: to be shown, and compared with another version.
pub(super) fn fields(set: &ActionSet, state: &State) -> Words {
    vec![
        ("Action", set.title.clone()),
        ("État", set.status.label().to_owned()),
        ("Avancement", format!("{} %", set.progress)),
        ("Faite le", day(set.done_on)),
        ("Priorité", priority_letters(set.priority).to_owned()),
        ("Complexité", complexity_letters(set.complexity).to_owned()),
        ("Pilote", set.owner.clone()),
        ("Échéance", day(set.due)),
        ("Description", set.detail.clone()),
        ("Origine", origin(&set.origin)),
        ("Suivie par", boards(state, &set.boards)),
        ("Commentaire", set.comment.clone()),
    ]
}

/// A board field by field.
pub(super) fn board_fields(set: &BoardSet) -> Words {
    vec![
        ("Nom", set.name.clone()),
        ("Ce qu’elle regarde", set.looks_at.clone()),
        ("Rythme", set.rhythm.clone()),
        ("Prochaine réunion", day(set.next_meeting)),
        ("Présidence", set.chair.clone()),
        ("Suit des actions", if set.removed { "non" } else { "oui" }.to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_is_said_in_one_sentence() {
        let counts = |total, done, late| Counts { total, done, open: total - done, late, dropped: 0 };
        assert_eq!(short(&counts(30, 12, 3)), "12 actions sur 30 faites (40 %) ; 3 en retard");
        assert_eq!(short(&counts(3, 1, 0)), "1 action sur 3 faite (33 %) ; aucune en retard");
        assert_eq!(short(&counts(2, 2, 0)), "2 actions sur 2 faites (100 %)");
        assert_eq!(short(&counts(5, 0, 1)), "Aucune action faite sur 5 ; 1 en retard");
        assert_eq!(short(&counts(1, 0, 0)), "L’action du plan n’est pas faite ; aucune en retard");
    }
}
