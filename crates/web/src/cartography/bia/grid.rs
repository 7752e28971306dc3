//! Every activity beside every horizon: where harm begins, and whether the declared DMIA follows it.

use super::words::{Gap, judged, tied};
use super::{PATH, cell, key};
use crate::app::Shared;
use crate::cartography::{duration, head};
use crate::days::shown;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::cartography::event::review::{BiaSet, Criterion, Horizon};
use domain::cartography::{Activity, Cartography, PRIORITIES};
use maud::{Markup, html};
use serde::Deserialize;

/// Most activities on one page; the filters show the others.
const ACTIVITIES_SHOWN_MAX: usize = 300;
/// Every criterion on a row of its own.
const DETAIL: &str = "detail";
/// What is left to do.
const STATES: [(&str, &str); 4] = [("", "toutes"), ("juger", "à juger"), ("valider", "à valider"), ("ecart", "DMIA à revoir")];

/// What the address asks for.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    critere: String,
    #[serde(default)]
    priorite: String,
    #[serde(default)]
    etat: String,
}

/// An activity and its analysis.
struct Row<'a> {
    activity: &'a Activity,
    bia: Option<&'a BiaSet>,
    gap: Gap,
    /// How many analyses nobody has settled between.
    rivals: usize,
}

impl<'a> Row<'a> {
    fn of(map: &'a Cartography, activity: &'a Activity) -> Self {
        let bia = map.analysis(&activity.id);
        let rivals = map.analyses.get(&activity.id).map_or(0, |versions| versions.survivors().len());
        Self { activity, bia, gap: Gap::of(activity.now().mtpd_minutes, bia), rivals }
    }

    fn is_judged(&self) -> bool {
        self.bia.is_some_and(|bia| judged(bia) > 0)
    }

    fn is_validated(&self) -> bool {
        self.bia.is_some_and(|bia| bia.validated_on.is_some())
    }

    fn is_asked(&self, asked: &Asked) -> bool {
        let priority = asked.priorite.is_empty() || self.activity.now().priority.to_string() == asked.priorite;
        priority
            && match asked.etat.as_str() {
                "juger" => !self.is_judged(),
                "valider" => self.is_judged() && !self.is_validated(),
                "ecart" => self.gap.open,
                _ => true,
            }
    }
}

/// `GET /carte/bia`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let page = Page::new(&shared, &visitor, Place::Prepare, "Bilan d’impact");
    let map = &visitor.view.state.cartography;
    let all: Vec<Row<'_>> = map.by_priority().into_iter().map(|activity| Row::of(map, activity)).collect();
    let rows: Vec<&Row<'_>> = all.iter().filter(|row| row.is_asked(&asked)).collect();
    let body = html! {
        div.bia-sheet {
            (head("Bilan d’impact sur l’activité", PATH))
            p.lead { (fr(&answer(&all))) }
            @if all.is_empty() { (empty(&page)) } @else {
                (filters(&asked))
                // Above the grid: on paper it never goes alone to a second page.
                (key())
                (table(&rows, &asked))
                p.small.muted { (fr("Chaque case est le pire des niveaux jugés à cet horizon. L’analyse borne la DMIA : le premier horizon où un dommage grave ou critique est jugé.")) }
            }
        }
    };
    page.render(&body).into_response()
}

fn answer(rows: &[Row<'_>]) -> String {
    let all = rows.len() as u64;
    if all == 0 {
        return "Aucune activité n’est décrite : il n’y a encore rien à juger.".to_owned();
    }
    let validated = rows.iter().filter(|row| row.is_validated()).count();
    let judged = rows.iter().filter(|row| row.is_judged()).count();
    let open = rows.iter().filter(|row| row.gap.open).count() as u64;
    let mut said = format!("{validated} sur {all} validées, {judged} jugées au moins en partie.");
    if judged == 0 {
        said = format!("Aucune des {all} activités n’est encore jugée.");
    } else if judged == 1 && all > 1 {
        said =
            format!("{validated} sur {all} {}, 1 jugée au moins en partie.", if validated > 1 { "validées" } else { "validée" });
    }
    if all == 1 {
        said = match (judged, validated) {
            (0, _) => "Une seule activité, à juger.".to_owned(),
            (_, 0) => "Une seule activité, jugée et pas encore validée.".to_owned(),
            _ => "Une seule activité, validée.".to_owned(),
        };
    }
    if open > 0 {
        said.push_str(&format!(" {} revoir : le dommage est grave avant.", plural(open, "DMIA est à", "DMIA sont à")));
    }
    said
}

fn empty(page: &Page<'_>) -> Markup {
    html! {
        p.empty { (fr("Le bilan d’impact dit, pour chaque activité, ce que coûte une heure d’arrêt, puis un jour, puis un mois : aux soins d’abord. Il fixe la durée d’interruption que l’on peut admettre.")) }
        @if page.visitor.may_write() { p { a.btn href="/carte/archetype" { "Partir d’une carte type" } } }
    }
}

fn filters(asked: &Asked) -> Markup {
    let option =
        |value: &str, words: &str, chosen: &str| html! { option value=(value) selected[value == chosen] { (fr(words)) } };
    html! {
        form.bar action=(PATH) {
            p.field { label for="critere" { "Critère" }
                select id="critere" name="critere" {
                    (option("", "le pire de tous", &asked.critere))
                    @for criterion in Criterion::ALL { (option(criterion.name(), criterion.label(), &asked.critere)) }
                    (option(DETAIL, "un par ligne", &asked.critere))
                } }
            p.field { label for="priorite" { "Priorité de soin" }
                select id="priorite" name="priorite" { (option("", "toutes", &asked.priorite))
                    @for (priority, meaning) in PRIORITIES { (option(&priority.to_string(), &format!("{priority} : {meaning}"), &asked.priorite)) } } }
            p.field { label for="etat" { "Activités" }
                select id="etat" name="etat" { @for (value, words) in STATES { (option(value, words, &asked.etat)) } } }
            button.btn.ghost { "Montrer" }
        }
    }
}

fn table(rows: &[&Row<'_>], asked: &Asked) -> Markup {
    let detail = asked.critere == DETAIL;
    let more = rows.len().saturating_sub(ACTIVITIES_SHOWN_MAX);
    html! {
        @if rows.is_empty() { p.empty { "Aucune activité ne répond à ces choix." } } @else {
            div.scrollx tabindex="0" role="group" aria-label="Bilan d’impact" { table.heat.bia-grid {
                thead { tr { th scope="col" { "Activité" }
                    @if detail { th scope="col" { "Critère" } }
                    @for horizon in Horizon::ALL { th.c scope="col" { (fr(horizon.label())) } }
                    th scope="col" { "DMIA déclarée" } th scope="col" { "Ce que dit l’analyse" } th scope="col" { "Validée" } } }
                @for row in rows.iter().take(ACTIVITIES_SHOWN_MAX) { tbody { (lines(row, asked)) } }
            } }
            @if more > 0 { p.small { (fr(&format!("{} encore : choisissez une priorité ou un état pour les voir.", plural(more as u64, "activité", "activités")))) } }
        }
    }
}

fn lines(row: &Row<'_>, asked: &Asked) -> Markup {
    let shown: Vec<Option<Criterion>> = match asked.critere.as_str() {
        DETAIL => Criterion::ALL.into_iter().map(Some).collect(),
        name => vec![Criterion::ALL.into_iter().find(|criterion| criterion.name() == name)],
    };
    let (detail, tall) = (asked.critere == DETAIL, (shown.len() > 1).then_some(shown.len()));
    html! { @for (at, criterion) in shown.iter().enumerate() { tr {
        @if at == 0 { th scope="row" rowspan=[tall] { a href={ (PATH) "/" (row.activity.id) } { (fr(&row.activity.now().name)) }
            @if row.rivals > 1 { " " span.st.small.warn { "conflit (" (row.rivals) ")" } } } }
        @if detail { td.muted { (criterion.map_or("", Criterion::label)) } }
        @for horizon in Horizon::ALL { (cell(level(row.bia, *criterion, horizon))) }
        @if at == 0 { (rest(row, tall)) }
    } } }
}

fn level(bia: Option<&BiaSet>, criterion: Option<Criterion>, horizon: Horizon) -> Option<u8> {
    let bia = bia?;
    criterion.map_or_else(|| bia.worst(horizon), |criterion| bia.level(criterion, horizon))
}

fn rest(row: &Row<'_>, tall: Option<usize>) -> Markup {
    html! {
        td rowspan=[tall] { @match row.activity.now().mtpd_minutes { Some(minutes) => (fr(&duration(minutes))), None => span.muted { "non déclarée" } } }
        td rowspan=[tall] { span class={ "st small " (row.gap.class) } { (fr(&tied(&row.gap.words))) } }
        td.small rowspan=[tall] { @match row.bia.and_then(|bia| Some((bia, bia.validated_on?))) {
            Some((bia, on)) => { (fr(&bia.validated_by)) ", " (shown(on)) },
            None => span.muted { "non" },
        } }
    }
}
