//! A campaign: where it stands, who is where, what to do next.

use super::{chart, find, list, organises, path, stage};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::campaign::{Campaign, Followed, Stage, YEAR_MS};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    etat: String,
}

/// The stages one may look at alone, by the word of their address.
const STAGES: [(&str, Stage); 5] = [
    ("retard", Stage::Late),
    ("a-planifier", Stage::ToPlan),
    ("prevu", Stage::Planned),
    ("fait", Stage::Done),
    ("dispense", Stage::Excused),
];

/// `GET /campagnes/{id}`; `?etat=` shows one stage alone.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let campaign = find(&shared, &visitor, &id)?;
    Ok(page(&shared, &visitor, campaign, &asked.etat, Filled::BLANK))
}

pub(super) fn page(shared: &Inner, visitor: &Visitor, campaign: &Campaign, chosen: &str, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, &campaign.now().title);
    let base = path(campaign.id);
    let body = html! {
        p.crumb { a href="/campagnes" { "Campagnes" } }
        h1 { (fr(&campaign.now().title)) }
        p.lead { (fr(&answer(&page, campaign))) }
        (filled.refusal(&[]))
        @if !campaign.now().words.is_empty() { p.kept { (fr(&campaign.now().words)) } }
        p.btns.no-print {
            a.btn.ghost href={ (base) "/comparaison" } { "Comparer" }
            a.btn.ghost href={ (base) "/agenda.ics" } { "Agenda (iCalendar)" }
            @if organises(visitor) {
                a.btn.ghost href={ (base) "/etablissements" } { (fr("Ajouter des établissements")) }
                a.btn.ghost href={ (base) "/campagne.planblanc-campagne" } { (fr("Fichier d’invitation")) }
            }
        }
        (chart::show(campaign, &page.local, page.now))
        (yearly(&page, campaign))
        @if organises(visitor) { (receive(shared, visitor, campaign)) }
        (table(&page, campaign, chosen))
        @if organises(visitor) { details { summary { (fr("Modifier la campagne")) } (list::form(shared, visitor, Some(campaign), Filled::BLANK)) } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn answer(page: &Page<'_>, campaign: &Campaign) -> String {
    let (set, counts) = (campaign.now(), campaign.counts(page.now));
    let several = |count: usize, one: &str, many: &str| format!("{count} {}", if count > 1 { many } else { one });
    let rest = [
        several(counts.planned, "a une date", "ont une date"),
        several(counts.to_plan, "reste à planifier", "restent à planifier"),
        several(counts.late, "est en retard", "sont en retard"),
        several(counts.excused, "est dispensé", "sont dispensés"),
    ];
    let played = several(counts.done, "établissement", "établissements");
    format!(
        "{played} sur {} {} joué, avant le {}. {}.",
        counts.asked(),
        if counts.done > 1 { "ont" } else { "a" },
        page.local.day(set.until),
        rest.join(", ")
    )
}

/// Those whose last exercise is more than a year ago, or was never told.
fn yearly(page: &Page<'_>, campaign: &Campaign) -> Markup {
    let due = |followed: &&&std::sync::Arc<Followed>| {
        let last = followed.result.as_ref().map(|r| r.results.began_at).or(followed.target.last_exercise);
        followed.excused.is_none() && last.is_some_and(|last| last.saturating_add(YEAR_MS) < page.now)
    };
    let all = campaign.followed();
    let late: Vec<_> = all.iter().filter(due).collect();
    html! {
        @if !late.is_empty() {
            details.panel { summary { span.st.warn { (late.len()) (fr(" établissements ont dépassé douze mois sans exercice")) } }
                ul { @for followed in late { li { (fr(&followed.target.name)) " " span.small.muted { (followed.target.finess)
                    @if let Some(last) = followed.target.last_exercise { (fr(", dernier le ")) (page.local.day(last)) }
                    @if !followed.target.contact.is_empty() { ", " (fr(&followed.target.contact)) } } } } }
            }
        }
    }
}

/// Taking in result files, several at once.
fn receive(shared: &Inner, visitor: &Visitor, campaign: &Campaign) -> Markup {
    html! {
        details.panel { summary { (fr("Recevoir des résultats par fichiers")) }
            form.stacked method="post" enctype="multipart/form-data" action={ "/journaux/" (shared.ledger.id()) "/campagnes/" (campaign.id) "/resultats" } { (stamps(shared, visitor))
                p.field { label for="files" { (fr("Fichiers .planblanc-resultats")) } input #files type="file" name="files" multiple required; }
                p.small.muted { (fr("Chaque fichier est signé par l’établissement ; un fichier modifié est refusé, et rien n’est pris.")) }
                button.btn { "Recevoir" }
            }
        }
    }
}

fn table(page: &Page<'_>, campaign: &Campaign, chosen: &str) -> Markup {
    let until = campaign.now().until;
    let wanted = STAGES.iter().find(|(name, _)| *name == chosen).map(|(_, stage)| *stage);
    let all = campaign.followed();
    let mut rows: Vec<(Stage, &std::sync::Arc<Followed>)> = all.iter().map(|f| (f.stage(until, page.now), *f)).collect();
    let count = |stage: Stage| rows.iter().filter(|(s, _)| *s == stage).count();
    let counts: Vec<(&str, Stage, usize)> = STAGES.iter().map(|(name, stage)| (*name, *stage, count(*stage))).collect();
    rows.retain(|(stage, _)| wanted.is_none_or(|wanted| wanted == *stage));
    rows.sort_by(|a, b| (a.0, &a.1.target.name).cmp(&(b.0, &b.1.target.name)));
    html! {
        h2 { (fr("Établissements ")) span.small.muted { (all.len()) } }
        nav.tabs.stages aria-label="États" {
            a href=(path(campaign.id)) aria-current=[wanted.is_none().then_some("page")] { "tous" }
            @for (name, stage, count) in counts { a href={ (path(campaign.id)) "?etat=" (name) } aria-current=[(wanted == Some(stage)).then_some("page")] { (stage.label()) " " (count) } }
        }
        @if rows.is_empty() { p.muted { (fr("Aucun établissement ici.")) } }
        @else {
            div.scrollx tabindex="0" role="group" aria-label="Établissements" { table.kits {
                thead { tr { th scope="col" { (fr("Établissement")) } th scope="col" { "FINESS" } th scope="col" { (fr("État")) } th scope="col" { "Date" } th scope="col" { (fr("Critères tenus")) } th scope="col" { "Contact" } } }
                tbody { @for (at, followed) in rows { (row(page, campaign, at, followed)) } }
            } }
        }
    }
}

fn row(page: &Page<'_>, campaign: &Campaign, at: Stage, followed: &Followed) -> Markup {
    use domain::exercise::event::outcome::Reading;
    let target = &followed.target;
    html! { tr {
        th scope="row" { a href={ (path(campaign.id)) "/etablissements/" (target.finess) } { (fr(&target.name)) } }
        td.small { (target.finess) }
        td { (stage(at)) }
        td { @match (&followed.result, &followed.planned) {
            (Some(received), _) => (page.local.day(received.results.began_at)),
            (None, Some((at, _))) => (page.local.full_day_and_time(*at)),
            _ => "–",
        } }
        td { @if let Some(received) = &followed.result {
            @let met = received.results.criteria.iter().filter(|c| c.reading == Reading::Met).count();
            @let read = received.results.criteria.iter().filter(|c| c.reading != Reading::Unread).count();
            (met) " / " (read)
        } @else { "–" } }
        td.small { (fr(&target.contact)) }
    } }
}
