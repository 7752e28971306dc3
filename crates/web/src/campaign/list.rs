//! The campaigns, and setting one up.

use super::{organises, path};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::{Outcome, made, seen, wrong};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::local::Local;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::campaign::Campaign;
use domain::campaign::event::CampaignSet;
use domain::exercise::event::scenario::{Item, Level};
use maud::{Markup, html};

/// `GET /campagnes`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, Filled::BLANK)
}

fn page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, "Campagnes d’exercices");
    let all = visitor.view.state.campaigns.newest_first();
    let body = html! {
        h1 { (fr("Campagnes d’exercices")) }
        p.lead { (fr(&answer(&all, page.now))) }
        @if !all.is_empty() {
            div.scrollx tabindex="0" role="group" aria-label="Campagnes" { table.kits {
                thead { tr { th scope="col" { "Campagne" } th scope="col" { "Du" } th scope="col" { "Au" } th.n scope="col" { "Faits" } th.n scope="col" { (fr("Prévus")) } th.n scope="col" { (fr("À planifier")) } th.n scope="col" { "En retard" } } }
                tbody { @for campaign in &all { (row(&page, campaign)) } }
            } }
        } @else { p { (fr("Une campagne fait jouer un même kit à plusieurs établissements, sur ce serveur ou par fichiers signés. Seuls les résultats reviennent, par numéro FINESS ; la comparaison ne nomme personne.")) } }
        @if organises(visitor) {
            details.panel open[filled.fields.is_some() || all.is_empty()] { summary { (fr("Monter une campagne")) } (form(shared, visitor, None, filled)) }
        }
        p.small { a href="/exercices/invitation" { (fr("Répondre à l’invitation d’un organisateur")) } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn answer(all: &[&Campaign], now: i64) -> String {
    let Some(newest) = all.first() else { return "Aucune campagne encore.".to_owned() };
    let counts = newest.counts(now);
    format!(
        "« {} » : exercices joués, {} sur {} ; avec une date, {} ; à planifier, {} ; en retard, {}.",
        newest.now().title,
        counts.done,
        counts.asked(),
        counts.planned,
        counts.to_plan,
        counts.late
    )
}

fn row(page: &Page<'_>, campaign: &Campaign) -> Markup {
    let (set, counts) = (campaign.now(), campaign.counts(page.now));
    html! { tr {
        th scope="row" { a href=(path(campaign.id)) { (fr(&set.title)) } }
        td { (page.local.day(set.from)) } td { (page.local.day(set.until)) }
        td.n { (counts.done) " / " (counts.asked()) } td.n { (counts.planned) } td.n { (counts.to_plan) } td.n { (counts.late) }
    } }
}

/// The form of a campaign, new or known.
pub(super) fn form(shared: &Inner, visitor: &Visitor, known: Option<&Campaign>, filled: Filled<'_>) -> Markup {
    let local = Local::of(&visitor.view.state.register.time_zone);
    let set = known.map(Campaign::now);
    let day = |ms: Option<i64>| ms.map(|ms| local.date(ms).to_string()).unwrap_or_default();
    let seen = known.map(|k| k.set.seen().iter().map(ToString::to_string).collect::<Vec<_>>().join(",")).unwrap_or_default();
    let mut kits = vec![(String::new(), "au choix de chacun".to_owned())];
    kits.extend(
        content::kits::all().iter().filter(|k| k.threat != "ambiance").map(|k| (k.key.clone(), k.scenario.title.clone())),
    );
    let levels = Level::ALL.map(|l| (l.name().to_owned(), l.label().to_owned()));
    let questions: Vec<&str> = set.map(|s| s.questions.iter().map(|q| q.text.as_str()).collect()).unwrap_or_default();
    let usual = "Qui anime l’exercice, et qui l’observe ?\nQuel jour convient, et quel autre jour en secours ?\nQuels services jouent ?\nQui prévient les équipes et les partenaires ?";
    html! {
        (filled.refusal(&["title", "from", "until", "kit", "level", "words", "questions"]))
        form.stacked method="post" action={ "/journaux/" (shared.ledger.id()) "/campagnes" } { (stamps(shared, visitor))
            @if let Some(known) = known { input type="hidden" name="campaign" value=(known.id); }
            input type="hidden" name="supersedes" value=(seen);
            (filled.text(&Text { name: "title", label: "Nom", known: set.map_or("", |s| &s.title), example: Some("Campagne cyber 2027"), required: true, ..Text::default() }))
            (filled.text(&Text { name: "from", label: "Premier jour", known: &day(set.map(|s| s.from)), example: Some("2027-01-04"), required: true, ..Text::default() }))
            (filled.text(&Text { name: "until", label: "Dernier jour", known: &day(set.map(|s| s.until)), example: Some("2027-06-30"), required: true, ..Text::default() }))
            (filled.choice("kit", "Kit joué", set.map_or("", |s| &s.kit), &kits))
            (filled.choice("level", "Niveau", set.map_or(Level::Beginner.name(), |s| s.level.name()), &levels))
            (filled.long(&Text { name: "words", label: "Mot de l’organisateur", known: set.map_or("", |s| &s.words), ..Text::default() }, 4))
            (filled.long(&Text { name: "questions", label: "Questionnaire de préparation, une question par ligne", known: if set.is_some() { "" } else { usual }, ..Text::default() }, 5))
            @if !questions.is_empty() { p.small.muted { (fr("Questions actuelles, gardées si le champ reste vide : ")) (fr(&questions.join(" "))) } }
            button.btn { "Enregistrer" }
        }
    }
}

/// `POST /journaux/{journal}/campagnes`.
pub(super) async fn set(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| {
        let known = sent.fields.get("campaign").parse().ok();
        let id = known.unwrap_or_else(|| made(&sent.fields, "campaign", sent.fields.get("title")));
        let set = typed(&sent.fields, &sent.visitor, sent.visitor.view.state.campaigns.all.get(&id))?;
        Ok(Outcome { drafts: vec![Event::CampaignSet(set).draft(id)], next: path(id) })
    };
    concluded(&shared, &journal, &sent, decide, |sent, fault| page(&shared, &sent.visitor, Filled::of(&sent.fields, fault))).await
}

/// The first or last moment of a typed day.
pub(super) fn day(fields: &Fields, visitor: &Visitor, name: &'static str, hour: &str) -> Result<i64, Fault> {
    let local = Local::of(&visitor.view.state.register.time_zone);
    let typed = fields.get(name).trim();
    let sentence = "Ce jour n’est pas compris : écrivez 2027-01-04.";
    let is_day = typed.len() == 10 && typed.as_bytes().get(4) == Some(&b'-');
    let found = if is_day { local.parse(&format!("{typed}T{hour}"), visitor.now, true) } else { None };
    found.ok_or_else(|| wrong(name, sentence))
}

fn typed(fields: &Fields, visitor: &Visitor, known: Option<&Campaign>) -> Result<CampaignSet, Fault> {
    let lines = fields.get("questions").lines().map(str::trim).filter(|line| !line.is_empty());
    let mut questions: Vec<Item> =
        (1..).zip(lines).map(|(n, text)| Item { key: format!("q{n}"), text: text.to_owned() }).collect();
    if questions.is_empty() {
        questions = known.map(|k| k.now().questions.clone()).unwrap_or_default();
    }
    Ok(CampaignSet {
        title: fields.get("title").trim().to_owned(),
        kit: fields.get("kit").trim().to_owned(),
        level: Level::from_name(fields.get("level")).ok_or_else(|| wrong("level", "Choisissez un niveau de la liste."))?,
        from: day(fields, visitor, "from", "00:00")?,
        until: day(fields, visitor, "until", "23:59")?,
        words: fields.get("words").trim().to_owned(),
        questions,
        supersedes: seen(fields),
    })
}
