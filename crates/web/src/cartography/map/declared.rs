//! The sentence that says how activities work in the crisis that runs, as far as somebody declared it.

use crate::today::plural;
use domain::situation::Situation;
use domain::situation::event::Status;
use journal::SubjectId;

/// « 5 activités arrêtées, 8 dégradées, d’après ce qui est déclaré ; l’état de 3 autres est inconnu. » Nothing
/// to say without any activity. What nobody declared is said, so that silence is not read as good news.
pub(super) fn of(situation: &Situation, activities: impl Iterator<Item = SubjectId>) -> String {
    sentence(activities.map(|id| situation.last(&id).map(|write| write.value.status)))
}

fn sentence(statuses: impl Iterator<Item = Option<Status>>) -> String {
    let known: Vec<Status> = statuses.map(|status| status.unwrap_or(Status::Unknown)).collect();
    let count = |wanted: Status| known.iter().filter(|status| **status == wanted).count();
    let (stopped, degraded, unknown) = (count(Status::Stopped), count(Status::Degraded), count(Status::Unknown));
    if known.is_empty() {
        return String::new();
    }
    if unknown == known.len() {
        return "L’état des activités n’est pas encore déclaré.".to_owned();
    }
    let said = match (stopped, degraded) {
        (0, 0) => "Aucune activité arrêtée ni dégradée".to_owned(),
        (0, n) => plural(n as u64, "activité dégradée", "activités dégradées"),
        (n, 0) => plural(n as u64, "activité arrêtée", "activités arrêtées"),
        (n, m) => format!(
            "{}, {}",
            plural(n as u64, "activité arrêtée", "activités arrêtées"),
            plural(m as u64, "dégradée", "dégradées")
        ),
    };
    let rest = match unknown {
        0 => String::new(),
        n => format!(" ; l’état de {} est inconnu", plural(n as u64, "autre", "autres")),
    };
    format!("{said}, d’après ce qui est déclaré{rest}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_is_counted_and_what_is_not_is_said() {
        let said = |all: &[Option<Status>]| sentence(all.iter().copied());
        let (down, worse, well) = (Some(Status::Stopped), Some(Status::Degraded), Some(Status::Normal));
        assert_eq!(said(&[]), "");
        assert_eq!(said(&[None, Some(Status::Unknown)]), "L’état des activités n’est pas encore déclaré.");
        assert_eq!(
            said(&[down, down, worse, None]),
            "2 activités arrêtées, 1 dégradée, d’après ce qui est déclaré ; l’état de 1 autre est inconnu."
        );
        assert_eq!(said(&[worse, well]), "1 activité dégradée, d’après ce qui est déclaré.");
        assert_eq!(
            said(&[well, None]),
            "Aucune activité arrêtée ni dégradée, d’après ce qui est déclaré ; l’état de 1 autre est inconnu."
        );
    }
}
