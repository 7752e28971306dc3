//! What is judged: read off the journal by a fact, seen by observers, or both.

use super::frame::seen;
use super::{Prepared, prose};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::scene::wrong;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::{Visitor, percent};
use crate::typography::fr;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::exercise::event::scenario::{Criterion, Scenario, Target};
use domain::facts;
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    critere: String,
}

/// `GET /exercices/{id}/criteres`; `?critere=` opens one.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    Ok(page(&Prepared::of(&shared, &visitor, &id)?, &asked.critere, Filled::BLANK))
}

pub(super) fn page(prepared: &Prepared<'_>, chosen: &str, filled: Filled<'_>) -> Response {
    let scenario = prepared.exercise.scenario();
    let read = scenario.criteria.iter().filter(|c| !c.fact.is_empty()).count();
    prepared.page("Critères", filled.fault.map_or(StatusCode::OK, |f| f.status), |_| html! {
        h1 { (fr("Critères")) }
        p.lead { (fr(&format!("{} critères, dont {read} lus au journal. Ce que dit le journal et ce que voient les observateurs restent côte à côte, jamais moyennés.", scenario.criteria.len()))) }
        (filled.refusal(&["key", "title", "fact", "target", "limit"]))
        div.scrollx tabindex="0" role="group" aria-label="Critères" { table.kits {
            thead { tr { th scope="col" { (fr("Critère")) } th scope="col" { "Attendu" } th scope="col" { (fr("L’observateur regarde")) } th scope="col" { (fr("Préconisation")) } } }
            tbody { @for one in &scenario.criteria { tr {
                th scope="row" { a href={ (prepared.path()) "/criteres?critere=" (percent(&one.key)) "#editer" } { (fr(&one.title)) } }
                td data-label="Attendu" { (fr(&super::super::report::target(one))) } td.small data-label="L’observateur regarde" { (fr(&prepared.filled(&one.look))) } td.small data-label="Préconisation" { (fr(&prepared.filled(&one.advice))) }
            } } }
        } }
        @if scenario.criteria.is_empty() { p.muted { (fr("Aucun critère encore. Un critère dit ce qui est attendu : « cellule réunie en moins de 30 minutes ».")) } }
        @if prepared.is_open_to_change() { (form(prepared, scenario.criteria.iter().find(|c| c.key == chosen), filled)) }
    })
}

fn form(prepared: &Prepared<'_>, known: Option<&Criterion>, filled: Filled<'_>) -> Markup {
    let get = |of: fn(&Criterion) -> &str| known.map_or("", of);
    let mut told = vec![(String::new(), "les observateurs seuls".to_owned())];
    told.extend(
        facts::all()
            .filter(|f| f.name.starts_with("exercise.") || f.name.starts_with("crisis."))
            .map(|f| (f.name.to_owned(), f.meaning.trim_end_matches('.').to_owned())),
    );
    let targets = [("within", "avant (minutes)"), ("at_least", "au moins"), ("at_most", "au plus"), ("true", "c’est fait")];
    let targets: Vec<(String, String)> = targets.iter().map(|(k, w)| ((*k).to_owned(), (*w).to_owned())).collect();
    let (sort, limit) = match known.and_then(|c| c.target) {
        Some(Target::Within(n)) => ("within", n.to_string()),
        Some(Target::AtLeast(n)) => ("at_least", n.to_string()),
        Some(Target::AtMost(n)) => ("at_most", n.to_string()),
        Some(Target::True) => ("true", String::new()),
        None => ("within", String::new()),
    };
    let actions: Vec<(String, String)> = std::iter::once((String::new(), "aucune".to_owned()))
        .chain(content::actions::all().iter().map(|action| (action.key.clone(), action.title.clone())))
        .collect();
    html! {
        h2.ruled #editer { @if known.is_some() { (fr("Modifier le critère")) } @else { (fr("Ajouter un critère")) } }
        form.stacked method="post" action=(prepared.act("critere")) { (stamps(prepared.shared, prepared.visitor))
            input type="hidden" name="supersedes" value=(seen(prepared));
            input type="hidden" name="known" value=(get(|c| &c.key));
            @if let Some(known) = known { input type="hidden" name="key" value=(known.key); }
            @else { (filled.text(&Text { name: "key", label: "Nom court, pour toujours", example: Some("premiere_cellule"), required: true, ..Text::default() })) }
            (filled.text(&Text { name: "title", label: "Ce qui est attendu", known: get(|c| &c.title), required: true, ..Text::default() }))
            (filled.choice("fact", "Lu au journal par", get(|c| &c.fact), &told))
            (filled.choice("target", "Attendu", sort, &targets))
            (filled.text(&Text { name: "limit", label: "Valeur", known: &limit, number: true, ..Text::default() }))
            (filled.long(&Text { name: "look", label: "L’observateur regarde", known: get(|c| &c.look), ..Text::default() }, 2))
            (filled.long(&Text { name: "advice", label: "Préconisation si c’est manqué", known: get(|c| &c.advice), ..Text::default() }, 2))
            (filled.choice("action", "Action de référence", get(|c| &c.action), &actions))
            p.btns { button.btn { "Enregistrer" } @if known.is_some() { a.btn.ghost href={ (prepared.path()) "/criteres#editer" } { (fr("En ajouter un autre")) } } @if known.is_some() { button.btn.ghost name="removed" value="1" { "Retirer" } } }
        }
    }
}

/// The scenario with one criterion written, or taken out.
pub(super) fn typed(fields: &Fields, known: &Scenario) -> Result<Scenario, Fault> {
    let text = |name: &str| prose(fields, name);
    let key = text("key");
    let mut scenario = known.clone();
    let place = scenario.criteria.iter().position(|c| c.key == key);
    if place.is_some() && fields.get("known") != key {
        return Err(wrong("key", "Ce nom court est déjà pris : donnez-en un autre."));
    }
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if place.is_none() && (key.is_empty() || !key.chars().all(sound)) {
        return Err(wrong(
            "key",
            "Un nom court s’écrit en minuscules sans accent, chiffres et « _ », par exemple premiere_cellule.",
        ));
    }
    if !fields.get("removed").is_empty() {
        scenario.criteria.retain(|c| c.key != key);
        return Ok(scenario);
    }
    let limit = || {
        fields
            .get("limit")
            .trim()
            .parse::<u32>()
            .map_err(|_| wrong("limit", "Écrivez la valeur attendue en chiffres, par exemple 30."))
    };
    let fact = text("fact");
    if !fact.is_empty() && facts::find(&fact).is_none() {
        return Err(wrong("fact", "Choisissez dans la liste ce que le journal sait dire."));
    }
    let target = match fields.get("target") {
        _ if fact.is_empty() => None,
        "within" => Some(Target::Within(limit()?)),
        "at_least" => Some(Target::AtLeast(limit()?)),
        "at_most" => Some(Target::AtMost(limit()?)),
        "true" => Some(Target::True),
        _ => return Err(wrong("target", "Choisissez ce qui est attendu dans la liste.")),
    };
    let objective = place.and_then(|place| scenario.criteria.get(place)).map(|c| c.objective.clone()).unwrap_or_default();
    let criterion = Criterion {
        key,
        title: text("title"),
        objective,
        fact,
        target,
        look: text("look"),
        advice: text("advice"),
        action: text("action"),
    };
    match place.and_then(|place| scenario.criteria.get_mut(place)) {
        Some(known) => *known = criterion,
        None => scenario.criteria.push(criterion),
    }
    Ok(scenario)
}
