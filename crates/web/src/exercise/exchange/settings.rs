//! What a person decides about a chronogramme: its sheet, its columns, the hour of DEBEX, the teams it does not find.

use super::{Brought, SLUG, bring, dry_run, form_path, home_path, kept, planned, prepared_by};
use crate::answer::see_other;
use crate::app::Shared;
use crate::crisis::acts::sent;
use crate::crisis::scene::wrong;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::local::clock_time;
use crate::pending::Kept;
use crate::shell::Page;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::exercise::Exercise;
use domain::exercise::event::scenario::Scenario;
use formats::chronogramme::{Choices, Field, Layout, Plan, TeamChoice};
use formats::words::{cut, fold};
use journal::RequestId;
use maud::{Markup, html};
use std::sync::Arc;

/// The field of the hour of DEBEX.
pub(super) const START: &str = "debut";
/// Values of a column shown beside its head.
const SAMPLES: usize = 3;
/// Most characters of each.
const SAMPLE_CHARS_MAX: usize = 40;
/// Rows among which they are found.
const SAMPLED_ROWS: usize = 20;
/// Most teams that one file asks about.
const TEAMS_MAX: usize = 100;
const CREATE: &str = "+";
const HOUR: u32 = 60;

/// The form.
pub(super) fn form(
    page: &Page<'_>,
    exercise: &Exercise,
    kept: &Kept<Brought>,
    plan: Option<&Plan>,
    filled: Filled<'_>,
) -> Markup {
    let Brought { book, layout, choices, .. } = &*kept.content;
    let asked = asked(kept, plan);
    let sheets: Vec<(String, String)> =
        book.sheets().iter().enumerate().map(|(at, name)| (at.to_string(), (*name).to_owned())).collect();
    let start = choices.start.map(|minute| format!("{:02}:{:02}", minute / HOUR, minute % HOUR)).unwrap_or_default();
    let hint = "Laissez vide : c’est l’heure de la première ligne, ou de celle qui dit DEBEX.";
    let start =
        Text { name: START, label: "Heure de DEBEX", known: &start, example: Some("08:30"), hint: Some(hint), ..Text::default() };
    html! {
        section.panel.wide aria-labelledby="reglages" {
            header { h2 #reglages { "Réglages" } }
            form method="post" action={ (form_path(page.shared, &exercise.id)) "/" (kept.token) "/reglages" } {
                (stamps(page.shared, page.visitor))
                div.fields {
                    @if sheets.len() > 1 { (filled.choice("feuille", "Feuille lue", &layout.sheet.to_string(), &sheets)) }
                    @if !layout.columns.is_empty() { (filled.text(&start)) }
                    @for (at, name) in asked.iter().enumerate() { (team(at, name, exercise.scenario(), choices, filled)) }
                }
                @if !layout.columns.is_empty() { (columns(kept, filled)) }
                @if !layout.columns.is_empty() || !asked.is_empty() { p.btns { button.btn.ghost { "Voir avec ces réglages" } } }
            }
        }
    }
}

/// Teams that the file names and the exercise does not have.
fn asked(kept: &Kept<Brought>, plan: Option<&Plan>) -> Vec<String> {
    let mut names = kept.content.asked.clone();
    let new = plan.map(|plan| plan.unknown.clone()).unwrap_or_default();
    names.extend(new.into_iter().filter(|name| !kept.content.asked.contains(name)));
    names.truncate(TEAMS_MAX);
    names
}

fn team(at: usize, name: &str, scenario: &Scenario, choices: &Choices, filled: Filled<'_>) -> Markup {
    let known = match choices.teams.get(&fold(name)) {
        Some(TeamChoice::Use(key)) => key.clone(),
        Some(TeamChoice::Create) | None => CREATE.to_owned(),
    };
    let mut options = vec![(CREATE.to_owned(), "créer cette équipe".to_owned())];
    options.extend(scenario.teams.iter().map(|team| (team.key.clone(), format!("c’est : {}", team.name))));
    options.push((String::new(), "refuser ses lignes".to_owned()));
    html! {
        input type="hidden" name={ "nom-" (at) } value=(name);
        (filled.choice(&format!("equipe-{at}"), &format!("Équipe « {} »", cut(name, 60)), &known, &options))
    }
}

fn columns(kept: &Kept<Brought>, filled: Filled<'_>) -> Markup {
    let layout = &kept.content.layout;
    let rows = kept.content.book.first_rows(layout, SAMPLED_ROWS);
    let samples = |column: usize| {
        let mut values: Vec<&str> = Vec::new();
        for (_, cells) in &rows {
            let value = cells.get(column).map_or("", String::as_str);
            if !value.is_empty() && !values.contains(&value) && values.len() < SAMPLES {
                values.push(value);
            }
        }
        values.into_iter().map(|value| cut(value, SAMPLE_CHARS_MAX)).collect::<Vec<_>>()
    };
    let said = |column: usize| !samples(column).is_empty();
    let from = if layout.head_line == 0 {
        "Aucune ligne de titres n’a été reconnue : dites ce qu’est chaque colonne.".to_owned()
    } else {
        format!("Titres lus à la ligne {}.", layout.head_line)
    };
    html! {
        p.small.muted { (fr(&from)) }
        div.scrollx tabindex="0" role="group" aria-label="Colonnes du tableau" { table.reg.columns {
            thead { tr { th scope="col" { "Colonne" } th scope="col" { "Premières valeurs" } th scope="col" { "C’est…" } } }
            tbody { @for (at, head) in layout.heads.iter().enumerate().filter(|(at, _)| said(*at) || layout.columns.get(*at).copied().flatten().is_some()) { tr {
                th scope="row" id={ "t-" (at) } { (fr(head)) }
                td.sample data-label="Premières valeurs" { @for value in samples(at) { span { (fr(&value)) } } }
                td { (field(at, layout, filled)) }
            } } }
        } }
    }
}

fn field(at: usize, layout: &Layout, filled: Filled<'_>) -> Markup {
    let known = layout.columns.get(at).copied().flatten().map_or("", Field::name);
    let name = format!("c-{at}");
    let chosen = filled.value(&name, known);
    html! {
        select name=(name) aria-labelledby={ "t-" (at) } {
            option value="" { "rien : la laisser de côté" }
            @for field in Field::ALL { option value=(field.name()) selected[chosen == field.name()] { (fr(field.label())) } }
        }
    }
}

/// `POST …/import/{token}/reglages`: what was decided; what would change is next.
pub(super) async fn settle(
    State(shared): State<Shared>,
    Path((journal, id, token)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let visitor = &sent.visitor;
    let allowed = visitor.journal(&shared, &journal).and_then(|_| prepared_by(&shared, visitor, &id));
    let exercise = match allowed.and_then(|exercise| sent.same_author().map(|()| exercise)) {
        Ok(exercise) => exercise,
        Err(fault) => return fault.into_response(),
    };
    let old = match kept(&shared, visitor, &exercise.id, &token) {
        Ok(kept) => kept,
        Err(fault) => return bring::page(&shared, visitor, exercise, Some(&fault)),
    };
    let start = match start(&sent.fields) {
        Ok(start) => start,
        Err(sentence) => {
            let fault = wrong(START, sentence);
            return dry_run::page(&shared, visitor, exercise, &old, Filled::of(&sent.fields, &fault));
        }
    };
    let plan = planned(exercise, &old.content).ok();
    let asked = asked(&old, plan.as_ref());
    let content = Brought {
        exercise: exercise.id,
        book: old.content.book.clone(),
        layout: layout(&old.content, &sent.fields),
        choices: Choices { start, ..choices(&sent.fields) },
        asked,
    };
    // Other settings make another import: what was agreed to under the first name stays what it was.
    let token = RequestId(shared.env.bytes());
    shared.chronogrammes.keep(Kept { token, slug: SLUG, content: Arc::new(content), at: shared.now(), done: false, ..old });
    see_other(&format!("{}/{token}", home_path(&exercise.id)))
}

fn start(fields: &Fields) -> Result<Option<u32>, &'static str> {
    let Some(text) = fields.filled(START) else { return Ok(None) };
    let time = clock_time(&text).ok_or("Écrivez l’heure de DEBEX ainsi : 08:30, ou laissez vide.")?;
    Ok(u32::try_from(time.hour()).ok().zip(u32::try_from(time.minute()).ok()).map(|(hour, minute)| hour * HOUR + minute))
}

/// Another sheet is recognised anew; else the columns are what the form says.
fn layout(old: &Brought, fields: &Fields) -> Layout {
    let sheet = fields.get("feuille").parse::<usize>().ok().filter(|at| *at < old.book.sheets().len());
    if let Some(sheet) = sheet.filter(|sheet| *sheet != old.layout.sheet) {
        return old.book.layout(Some(sheet));
    }
    let mut layout = old.layout.clone();
    for (at, column) in layout.columns.iter_mut().enumerate() {
        let name = format!("c-{at}");
        // A column that the page did not show stays as it was.
        if let Some((_, value)) = fields.texts.iter().find(|(key, _)| *key == name) {
            *column = Field::from_name(value);
        }
    }
    layout
}

fn choices(fields: &Fields) -> Choices {
    let names = (0..TEAMS_MAX).filter_map(|at| Some((at, fields.filled(&format!("nom-{at}"))?)));
    let teams = names.filter_map(|(at, name)| {
        let choice = match fields.get(&format!("equipe-{at}")) {
            "" => return None,
            CREATE => TeamChoice::Create,
            key => TeamChoice::Use(key.to_owned()),
        };
        Some((fold(&name), choice))
    });
    Choices { teams: teams.collect(), ..Choices::default() }
}
