//! The table as a file.

use super::rows::{self, Filter, Row};
use super::table::{by_priority, reason};
use super::{Ranked, duration};
use crate::answer::Fault;
use crate::app::Inner;
use crate::local::Local;
use crate::register::{Sheetful, leave};
use crate::session::Visitor;
use axum::response::Response;
use impact::Scratch;

/// Most rows whose reason is written: each is a question of its own.
const REASONS_MAX: usize = 2_000;

const COLUMNS: [(&str, &str); 14] = [
    ("Élément", "son nom sur la carte"),
    ("Genre", "ce qu’il est"),
    ("Poids", "somme des activités que sa seule perte arrête : 16 pour une activité vitale, puis 8, 4, 2 et 1"),
    ("Point de défaillance unique", "oui : sa seule perte arrête au moins une activité"),
    ("SIE", "système d’information essentiel"),
    ("Devrait être SIE", "oui : il arrête une activité vitale et n’est pas classé"),
    ("Activités arrêtées", "combien, par priorité de soin"),
    ("Activités dégradées", "combien passent en mode dégradé sans s’arrêter"),
    ("Pourquoi", "le chemin depuis l’activité la plus grave"),
    ("RTO attendu", "le plus court délai demandé par ce qui en dépend"),
    ("RTO possible", "en combien de temps il peut être rétabli"),
    ("Écart de RTO", "retard sur ce qui est demandé"),
    ("PDMA attendue", "la plus petite perte de données demandée par ce qui en dépend"),
    ("PDMA possible", "la perte de données au pire"),
];

/// `criticite.csv` or `criticite.xlsx`, with the filter of the page.
pub(super) fn file(shared: &Inner, visitor: &Visitor, file: &str, pairs: &[(String, String)]) -> Result<Response, Fault> {
    let extension = file.strip_prefix("criticite.").ok_or_else(Fault::not_found)?;
    let ranked = Ranked::new(shared, visitor);
    let all = rows::rows(&ranked);
    let mut scratch = Scratch::default();
    let kept = Filter::read(pairs).apply(&all);
    let rows = kept.iter().enumerate().map(|(at, row)| line(&ranked, row, at < REASONS_MAX, &mut scratch)).collect();
    let sheet = Sheetful { heads: COLUMNS.iter().map(|(head, _)| *head).collect(), hints: COLUMNS.to_vec(), rows };
    let today = Local::of(&visitor.view.state.register.time_zone).date(visitor.now);
    leave(&format!("criticite-{today}.{extension}"), "Criticité", &sheet, today)
}

fn line(ranked: &Ranked<'_>, row: &Row<'_>, reasoned: bool, scratch: &mut Scratch) -> Vec<String> {
    let yes = |is: bool| if is { "oui".to_owned() } else { String::new() };
    let minutes = |value: Option<u32>| value.map(duration).unwrap_or_default();
    let fall = reasoned.then(|| ranked.net.fall(ranked.map, row.number, scratch));
    let why = fall.as_ref().and_then(|fall| Some(reason(ranked, fall, &fall.gravest()?.activity.id)));
    vec![
        row.thing.name().to_owned(),
        row.thing.kind_label().to_owned(),
        row.single.map_or_else(|| "non calculé".to_owned(), |single| single.weight.to_string()),
        yes(row.is_single_point()),
        yes(row.is_essential()),
        yes(row.might_be_essential()),
        fall.as_ref().map(|fall| by_priority(&fall.stopped)).unwrap_or_default(),
        fall.as_ref().map(|fall| fall.degraded.to_string()).unwrap_or_default(),
        why.unwrap_or_default(),
        minutes(row.recovery.map(|need| need.minutes)),
        minutes(row.back_in()),
        minutes(row.gap()),
        minutes(row.data.map(|need| need.minutes)),
        minutes(row.loses()),
    ]
}
