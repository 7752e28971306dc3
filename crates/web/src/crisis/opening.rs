//! Opening a crisis: doubt, alert or crisis, a title, and go. What the establishment must then do (legal delays, lists of
//! gestures) is recorded with it, in one request.

use super::stamps;
use super::tree;
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, sent};
use crate::crisis::entry_form::moment;
use crate::form::Fields;
use crate::local::Local;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use crate::{checklist, legal};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::crisis::Crisis;
use domain::crisis::event::{CrisisOpened, EntryType, Level, Logged};
use domain::register::event::PlaceLevel;
use journal::SubjectId;
use journal::entry::sha256;
use journal::write::Draft;
use maud::{Markup, html};
use store::Receipt;

/// Name in the form, level, and what it means.
pub(super) const LEVELS: [(&str, Level, &str); 3] = [
    ("doubt", Level::Doubt, "quelque chose ne va pas, on ne sait pas quoi"),
    ("alert", Level::Alert, "une attaque est probable"),
    ("crisis", Level::Crisis, "une attaque est avérée ou les soins sont touchés"),
];

/// The level of that name.
pub(super) fn level(fields: &Fields) -> Result<Level, Fault> {
    let known = LEVELS.into_iter().find(|(name, ..)| *name == fields.get("level")).map(|(_, level, _)| level);
    known.ok_or_else(|| Fault::malformed("Choisissez : doute, alerte ou crise.").about("level"))
}

pub(crate) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, &Fields::default(), None)
}

/// The form, filled in with what was refused, if anything was.
pub(super) fn page(shared: &Inner, visitor: &Visitor, fields: &Fields, fault: Option<&Fault>) -> Response {
    let page = Page::new(shared, visitor, Place::Crisis, "Ouvrir une crise");
    let status = fault.map_or(StatusCode::OK, |f| f.status);
    let body = html! {
        div.roomhead { h1 { "Ouvrir une crise" } a href=(tree::PATH) { (fr("Panne ou attaque ?")) } }
        p.lead { (fr("Au moindre doute, ouvrez : l’heure compte, le reste se corrige. ")) "Un niveau et quelques mots suffisent." }
        (form(&page, fields, fault))
    };
    (status, page.render(&body)).into_response()
}

/// The form that opens; whoever only reads is told whom to warn.
pub(super) fn form(page: &Page<'_>, fields: &Fields, fault: Option<&Fault>) -> Markup {
    if !page.visitor.may_write() {
        return html! { p.error { (fr("Un observateur n’ouvre pas de crise : prévenez la direction ou l’administrateur de garde.")) } };
    }
    let chosen = if fields.get("level").is_empty() { "doubt" } else { fields.get("level") };
    html! {
        form.stacked method="post" action="/crises/nouvelle" {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="journal" value=(page.shared.ledger.id());
            input type="hidden" name="reponses" value=(fields.get("reponses"));
            @if let Some(fault) = fault.filter(|f| f.field.is_none()) { p.error role="alert" { (fr(&fault.sentence)) } }
            fieldset.levels { legend { "Niveau" }
                @for (name, level, meaning) in LEVELS {
                    label { input type="radio" name="level" value=(name) checked[name == chosen];
                        b { (level.label()) } span.muted { (meaning) } }
                }
                (problem(fault, "level"))
            }
            p.field { label for="title" { (fr("Ce qui se passe, en quelques mots")) }
                input #title name="title" value=(fields.get("title")) placeholder="Rançongiciel, panne du dossier patient…" required autofocus
                    autocomplete="off" aria-invalid=[wrong(fault, "title")] aria-describedby=[described(fault, "title")];
                (problem(fault, "title")) }
            (details(page, fields, fault))
            @if let Some(running) = running(page.visitor) {
                p.field { label.check { input type="checkbox" name="confirm" value="1" required checked[fields.get("confirm") == "1"];
                    (fr(&format!("Une crise est déjà ouverte : « {} ». J’en ouvre une autre.", running.title))) } (problem(fault, "confirm")) }
            }
            p { button.btn.alarm { "Ouvrir" } }
        }
    }
}

fn problem(fault: Option<&Fault>, name: &str) -> Markup {
    html! { @if let Some(sentence) = fault.and_then(|f| f.on(name)) { span.error id={ "e-" (name) } role="alert" { (fr(sentence)) } } }
}

fn wrong(fault: Option<&Fault>, name: &str) -> Option<&'static str> {
    fault.and_then(|f| f.on(name)).map(|_| "true")
}

fn described(fault: Option<&Fault>, name: &str) -> Option<String> {
    fault.and_then(|f| f.on(name)).map(|_| format!("e-{name}"))
}

/// Times and sites: what may wait, folded.
fn details(page: &Page<'_>, fields: &Fields, fault: Option<&Fault>) -> Markup {
    let names = ["occurred_at", "detected_at", "known_at"];
    let moment = |name: &str, label: &str, hint: &str| {
        html! { p.field {
            label for=(name) { (label) }
            input id=(name) name=(name) value=(fields.get(name)) placeholder="05:20 ou 21/11 05:20" autocomplete="off"
                aria-invalid=[wrong(fault, name)] aria-describedby=[described(fault, name)];
            span.small.muted { (fr(hint)) } (problem(fault, name))
        } }
    };
    let open = names.iter().any(|name| !fields.get(name).is_empty() || wrong(fault, name).is_some()) || !sites(fields).is_empty();
    html! {
        details.more open[open] {
            summary { "Préciser les heures" @if has_sites(page.visitor) { " et les sites" } }
            (moment("occurred_at", "Début, s’il est connu", "vide : maintenant"))
            (moment("detected_at", "Premier signe vu", "par une personne ou un outil"))
            (moment("known_at", "Connu depuis, si c’est autre chose", "les délais légaux partent de là ; vide : maintenant"))
            (concerned(page.visitor, &sites(fields)))
        }
    }
}

fn has_sites(visitor: &Visitor) -> bool {
    visitor.view.state.register.places.iter().any(|(_, place)| place.level >= PlaceLevel::LegalEntity)
}

/// The sites that a form names.
pub(super) fn sites(fields: &Fields) -> Vec<SubjectId> {
    fields.texts.iter().filter(|(name, _)| name == "site").filter_map(|(_, id)| id.parse().ok()).collect()
}

/// Boxes for the sites and establishments of the group.
pub(super) fn concerned(visitor: &Visitor, chosen: &[SubjectId]) -> Markup {
    let register = &visitor.view.state.register;
    let mut places: Vec<_> = register.places.iter().filter(|(_, place)| place.level >= PlaceLevel::LegalEntity).collect();
    places.sort_by(|(_, a), (_, b)| (a.level, &a.name).cmp(&(b.level, &b.name)));
    html! { @if !places.is_empty() {
        fieldset.field { legend { "Sites et établissements concernés" }
            @for (id, place) in places { label.check { input type="checkbox" name="site" value=(id) checked[chosen.contains(id)];
                (fr(&place.name)) " " span.muted { (place.level.label()) } } }
        }
    } }
}

/// The crisis that runs, if one does.
fn running(visitor: &Visitor) -> Option<&Crisis> {
    visitor.view.state.crises.values().filter(|c| c.lifted().is_none()).max_by_key(|c| (c.order, c.id))
}

/// `POST /crises/nouvelle`.
pub(super) async fn open(State(shared): State<Shared>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    if let Err(fault) = sent.visitor.journal(&shared, sent.fields.get("journal")) {
        return if sent.json { fault.json() } else { super::elsewhere(&sent.fields, &fault) };
    }
    match record(&shared, &sent).await {
        Ok((receipt, subject)) => sent.done(&receipt, &format!("/journaux/{}/crises/{subject}", shared.ledger.id())),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => page(&shared, &sent.visitor, &sent.fields, Some(&fault)),
    }
}

async fn record(shared: &Inner, sent: &Sent) -> Result<(Receipt, SubjectId), Fault> {
    sent.same_author()?;
    let fields = &sent.fields;
    // Named by the request, so that the same form sent twice opens one crisis.
    let mut id = [0; SubjectId::LEN];
    id.copy_from_slice(&sha256(format!("crisis {}", fields.get("request")).as_bytes()).as_bytes()[..SubjectId::LEN]);
    let subject = SubjectId(id);
    let level = level(fields)?;
    let other = running(&sent.visitor).filter(|c| c.id != subject);
    if other.is_some() && fields.get("confirm") != "1" {
        let sentence = "Une crise est déjà ouverte : cochez la case si vous voulez vraiment en ouvrir une autre.";
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "confirm", sentence).about("confirm"));
    }
    let local = Local::of(&sent.visitor.view.state.register.time_zone);
    let at = |name| moment(fields, name, &local, shared.now(), false);
    let opened = CrisisOpened {
        title: fields.get("title").trim().to_owned(),
        level,
        occurred_at: at("occurred_at")?,
        known_at: at("known_at")?,
        detected_at: at("detected_at")?,
        sites: sites(fields),
    };
    let drafts = drafts(sent, subject, opened);
    match sent.record_all(shared, drafts).await {
        // A retry whose times were typed as « 05:20 » a day ago says another day: the crisis is there all the same.
        Err(fault) if fault.code == "request_reused" && shared.ledger.view().state.crises.contains_key(&subject) => {
            Ok((Receipt { entries: Vec::new(), replayed: true }, subject))
        }
        outcome => outcome.map(|receipt| (receipt, subject)),
    }
}

/// The opening, what the law asks, the gestures of each function, and the answers that led there.
pub(crate) fn drafts(sent: &Sent, subject: SubjectId, opened: CrisisOpened) -> Vec<Draft> {
    let register = &sent.visitor.view.state.register;
    let mut events = vec![Event::CrisisOpened(opened)];
    events.extend(legal::clocks(register).into_iter().map(Event::ClockAdopted));
    events.extend(checklist::shipped(register, subject, checklist::AT_OPENING).into_iter().map(Event::ListAdopted));
    if let Some(answers) = tree::told(sent.fields.get("reponses")) {
        events.push(Logged::new(EntryType::Fact, answers).into_event());
    }
    events.iter().map(|event| event.draft(subject)).collect()
}
