//! One inject: all that is written about it.

use super::{Prepared, conflict};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::ids;
use crate::crisis::scene::wrong;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::exercise::Exercise;
use domain::exercise::event::scenario::{Channel, Inject, Level};
use domain::facts;
use maud::{Markup, html};

/// Word of the address under which a new one is written.
const NEW: &str = "nouveau";

/// `GET /exercices/{id}/chronogramme/{key}`.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((id, key)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let prepared = Prepared::of(&shared, &visitor, &id)?;
    let known = prepared.exercise.injects.get(&key).filter(|p| !p.removed);
    if known.is_none() && key != NEW {
        return Err(Fault::not_found());
    }
    Ok(page(&prepared, &key, Filled::BLANK))
}

/// The form, filled in after a refusal.
pub(super) fn page(prepared: &Prepared<'_>, key: &str, filled: Filled<'_>) -> Response {
    let known = prepared.exercise.injects.get(key).filter(|p| !p.removed);
    let blank = Inject { key: next_number(prepared), ..Inject::default() };
    let inject = known.map_or(&blank, |p| p.inject());
    let seen = known.map(|p| ids(&p.written.seen())).unwrap_or_default();
    let title = if known.is_some() { format!("Stimulus {}", inject.key) } else { "Nouveau stimulus".to_owned() };
    prepared.page(&title, filled.fault.map_or(StatusCode::OK, |f| f.status), |page| html! {
        p.crumb { a href={ (prepared.path()) "/chronogramme" } { "Chronogramme" } }
        h1 { (title) }
        @if let Some(known) = known { (conflict::injects(page, prepared, &known.written)) }
        (filled.refusal(&["key", "at", "channel", "from", "to", "title", "text", "within", "fact", "objective", "level", "contingency_for", "attachments"]))
        form.stacked method="post" action=(prepared.act("stimulus")) enctype="multipart/form-data" { (stamps(prepared.shared, prepared.visitor))
            input type="hidden" name="supersedes" value=(seen);
            input type="hidden" name="known" value=(if known.is_some() { inject.key.as_str() } else { "" });
            (fields(prepared, inject, known.is_some(), filled))
            @if prepared.is_open_to_change() { p.btns { button.btn { "Enregistrer" } } }
        }
        @if known.is_some() {
            section { h2.ruled { (fr("Comment les joueurs le liront")) }
                blockquote.words { b { (fr(&prepared.filled(&inject.title))) } "\n" (fr(&prepared.filled(&inject.text))) } }
            @if prepared.is_open_to_change() {
                form method="post" action=(prepared.act("retirer")) { (stamps(prepared.shared, prepared.visitor))
                    input type="hidden" name="stimulus" value=(inject.key);
                    button.btn.ghost { "Retirer ce stimulus" } }
            }
        }
    })
}

/// The number after the last one.
fn next_number(prepared: &Prepared<'_>) -> String {
    let last = prepared.exercise.injects.keys().filter_map(|key| key.parse::<u32>().ok()).max().unwrap_or(0);
    (last + 1).to_string()
}

fn fields(prepared: &Prepared<'_>, inject: &Inject, known: bool, filled: Filled<'_>) -> Markup {
    let scenario = prepared.exercise.scenario();
    let text = |name: &'static str, label: &'static str, known: &str, hint: Option<&'static str>| {
        filled.text(&Text { name, label, known, hint, ..Text::default() })
    };
    let pairs = |all: &[(String, String)], none: &str| {
        let mut pairs = vec![(String::new(), none.to_owned())];
        pairs.extend(all.iter().cloned());
        pairs
    };
    let channels: Vec<(String, String)> = Channel::ALL.iter().map(|c| (c.name().to_owned(), c.label().to_owned())).collect();
    let levels: Vec<(String, String)> = Level::ALL.iter().map(|l| (l.name().to_owned(), l.label().to_owned())).collect();
    let objectives: Vec<(String, String)> = scenario.objectives.iter().map(|o| (o.key.clone(), o.text.clone())).collect();
    let told: Vec<(String, String)> = facts::all()
        .filter(|f| f.name.starts_with("exercise.minutes_to") || f.name.starts_with("crisis."))
        .map(|f| (f.name.to_owned(), f.meaning.trim_end_matches('.').to_owned()))
        .collect();
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    html! {
        @if known { input type="hidden" name="key" value=(inject.key); }
        @else { (text("key", "Numéro", &inject.key, Some("Comme sur le papier : 12, 12bis, R3."))) }
        (text("at", "Minute après DEBEX", &number(inject.at), Some("Vide : en réserve, joué à la main.")))
        (filled.choice("channel", "Canal", inject.channel.name(), &channels))
        (text("from", "De", &inject.from, None))
        fieldset.teams { legend { (fr("Pour (aucune case : tous)")) }
            @for team in &scenario.teams {
                @let checked = filled.fields.map_or_else(|| inject.to.contains(&team.key), |f| f.texts.iter().any(|(k, v)| k == "to" && *v == team.key));
                label.check { input type="checkbox" name="to" value=(team.key) checked[checked]; span { (fr(&team.name)) } }
            }
            (filled.beside("to"))
        }
        (text("title", "Sujet", &inject.title, None))
        (filled.long(&Text { name: "text", label: "Ce que les joueurs lisent ou entendent", known: &inject.text, required: true, ..Text::default() }, 7))
        (filled.long(&Text { name: "guidance", label: "Pour l’animateur", known: &inject.guidance, hint: Some("Ton, variantes, quand insister."), ..Text::default() }, 3))
        (filled.long(&Text { name: "expected", label: "Réaction attendue", known: &inject.expected, ..Text::default() }, 2))
        (text("within", "En combien de minutes", &number(inject.within), None))
        (filled.choice("fact", "Lue au journal par", &inject.fact, &pairs(&told, "l’animateur la constate")))
        (filled.choice("objective", "Objectif servi", &inject.objective, &pairs(&objectives, "aucun")))
        (text("contingency_for", "À proposer si ce stimulus reste sans réaction", &inject.contingency_for, Some("Son numéro ; celui-ci reste alors en réserve.")))
        (filled.choice("level", "Joué à partir du niveau", inject.level.name(), &levels))
        p.field { label.check { input type="checkbox" name="noise" value="1" checked[inject.noise]; span { (fr("Ambiance : distrait, ne demande rien")) } } }
        p.field { label for="files" { (fr("Pièces jointes")) } input #files type="file" name="files" multiple; (filled.beside("attachments")) }
        @if !inject.attachments.is_empty() { (kept(inject)) }
    }
}

/// Files it has; those that are unticked go.
fn kept(inject: &Inject) -> Markup {
    html! {
        fieldset.teams { legend { (fr("Pièces gardées")) }
            @for one in &inject.attachments { label.check { input type="checkbox" name="keep" value=(one.hash) checked;
                span { a href=(crate::attachments::link(one)) { (one.name) } " " span.small.muted { (crate::attachments::size(one.len)) } } } } }
    }
}

/// The inject as the form says it.
pub(super) fn typed(fields: &Fields, exercise: &Exercise) -> Result<Inject, Fault> {
    let text = |name: &str| fields.get(name).trim().to_owned();
    let number = |name: &'static str| match fields.filled(name) {
        None => Ok(None),
        Some(typed) => typed.parse().map(Some).map_err(|_| wrong(name, "Écrivez des minutes en chiffres, par exemple 45.")),
    };
    let known = |key: &str| exercise.injects.get(key).filter(|p| !p.removed).map(|p| p.inject());
    let has = |name: &str, said: &str| fields.texts.iter().any(|(key, value)| key == name && value == said);
    let before = known(&text("key")).map(|k| k.attachments.clone()).unwrap_or_default();
    let kept = before.into_iter().filter(|one| has("keep", &one.hash.to_string()));
    let attachments = kept.chain(fields.files.iter().cloned()).collect();
    if text("key") == NEW {
        return Err(wrong("key", "Ce mot sert d’adresse au programme : donnez un autre numéro."));
    }
    if !text("fact").is_empty() && facts::find(&text("fact")).is_none() {
        return Err(wrong("fact", "Choisissez dans la liste ce que le journal sait dire."));
    }
    let spared = text("contingency_for");
    if !spared.is_empty() && (spared == text("key") || known(&spared).is_none()) {
        return Err(wrong("contingency_for", "Aucun autre stimulus ne porte ce numéro : relisez le chronogramme."));
    }
    Ok(Inject {
        key: text("key"),
        at: number("at")?,
        channel: Channel::from_name(fields.get("channel")).ok_or_else(|| wrong("channel", "Choisissez un canal de la liste."))?,
        from: text("from"),
        to: fields.texts.iter().filter(|(key, value)| key == "to" && !value.is_empty()).map(|(_, value)| value.clone()).collect(),
        title: text("title"),
        text: text("text"),
        attachments,
        guidance: text("guidance"),
        expected: text("expected"),
        within: number("within")?,
        fact: text("fact"),
        objective: text("objective"),
        contingency_for: spared,
        level: Level::from_name(fields.get("level")).ok_or_else(|| wrong("level", "Choisissez un niveau de la liste."))?,
        noise: !fields.get("noise").is_empty(),
    })
}
