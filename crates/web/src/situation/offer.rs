//! The care offer of a crisis: beds by unit, patients moved and acts put off. Counts, never names.

use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::ids;
use crate::crisis::scene::{Outcome, Scene, act, wrong};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::Visitor;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::situation::event::{FlowsCounted, OfferDeclared};
use domain::versions::Versions;
use journal::SubjectId;
use journal::entry::sha256;
use maud::{Markup, html};

const DAY_MS: i64 = 24 * 3_600_000;
/// Counts shown one by one; the sums hold all of them.
const COUNTS_SHOWN_MAX: usize = 50;
/// Words of each count, in the order of [`Flows::each`].
const FLOWS: [(&str, &str, &str); 4] = [
    ("transfers", "Patients transférés", "vers un autre établissement"),
    ("reorientations", "Patients réorientés", "avant d’entrer"),
    ("operations_cancelled", "Interventions annulées", "ou reportées"),
    ("consultations_cancelled", "Consultations annulées", "ou reportées, examens compris"),
];

/// A unit: of the register, or only spoken of in this crisis.
pub(super) struct Unit<'a> {
    id: SubjectId,
    pub(super) name: &'a str,
    /// Beds installed, when the register says.
    pub(super) beds: Option<u32>,
    declared: Option<&'a Versions<OfferDeclared>>,
}

impl Unit<'_> {
    pub(super) fn now(&self) -> Option<&OfferDeclared> {
        self.declared.map(|d| &d.current().value)
    }
}

/// Units of the register that have beds, then those only spoken of here, by name.
pub(super) fn units<'a>(scene: &Scene<'a>) -> Vec<Unit<'a>> {
    let offers = scene.situation().map(|s| &s.offers);
    let declared = |id: &SubjectId| offers.and_then(|o| o.get(id)).map(|d| &**d);
    let register = &scene.state.register.units;
    let known = register.iter().filter(|(id, unit)| unit.beds > 0 || declared(id).is_some());
    let mut units: Vec<Unit<'a>> =
        known.map(|(id, unit)| Unit { id: *id, name: &unit.name, beds: Some(unit.beds), declared: declared(id) }).collect();
    for (id, versions) in offers.into_iter().flatten().filter(|(id, _)| register.get(id).is_none()) {
        units.push(Unit { id: *id, name: &versions.current().value.name, beds: None, declared: Some(versions) });
    }
    units.sort_by(|a, b| a.name.cmp(b.name).then(a.id.cmp(&b.id)));
    units
}

/// « 412 lits ouverts sur 1 180 installés, 6 unités sans nouvelle ».
pub(super) fn totals(scene: &Scene<'_>) -> String {
    let units = units(scene);
    let beds = scene.situation().map(|s| s.beds()).unwrap_or_default();
    let installed: u64 = units.iter().filter_map(|u| u.beds).map(u64::from).sum();
    let silent = units.iter().filter(|u| u.declared.is_none()).count();
    if beds.units == 0 {
        return match units.len() {
            0 => "Aucune unité avec des lits n’est connue.".to_owned(),
            n => format!("Aucune nouvelle des {n} unités ({} lits installés).", grouped(installed)),
        };
    }
    let mut said = format!("{} {}", grouped(beds.open), if beds.open < 2 { "lit ouvert" } else { "lits ouverts" });
    if installed > 0 {
        said.push_str(&format!(" sur {} installés", grouped(installed)));
    }
    if beds.units_with_free > 0 {
        said.push_str(&format!(
            ", {} dans {}",
            plural(beds.free, "libre", "libres"),
            plural(beds.units_with_free, "unité", "unités")
        ));
    }
    let silent = match silent {
        0 => "toutes les unités ont donné des nouvelles".to_owned(),
        n => plural(n as u64, "unité sans nouvelle", "unités sans nouvelle"),
    };
    format!("{said}, {silent}.")
}

/// `1 180`, with a narrow no-break space.
fn grouped(n: u64) -> String {
    if n < 1_000 { n.to_string() } else { format!("{}\u{202f}{:03}", grouped(n / 1_000), n % 1_000) }
}

/// `GET …/offre`.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Response {
    match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => page(&scene, Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

pub(super) fn page(scene: &Scene<'_>, filled: Filled<'_>) -> Response {
    let body = html! {
        div.roomhead { h1 { "Offre de soins" }
            nav.crumbs aria-label="Crise" { a href=(scene.room) { "Salle de crise" } " · " a href={ (scene.room) "/points" } { "Points au SAMU et à l’ARS" } } }
        p.lead { (fr(&totals(scene))) }
        (filled.refusal(&["open", "closed", "free", "name", "transfers", "reorientations", "operations_cancelled", "consultations_cancelled"]))
        (beds(scene, filled))
        (flows(scene, filled))
    };
    scene.page("Offre de soins", filled.fault, &body)
}

fn beds(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    let units = units(scene);
    let writes = scene.may_write();
    html! {
        section.panel aria-labelledby="lits" {
            header { h2 #lits { "Lits par unité" } span.muted.small { (plural(units.len() as u64, "unité", "unités")) } }
            form method="post" action={ (scene.room) "/offre/lits" } {
                @if writes { (stamps(scene.shared, scene.visitor)) }
                @for field in ["open", "closed", "free", "name"] { (filled.beside(field)) }
                @if units.is_empty() { p.empty { "L’annuaire ne compte aucune unité avec des lits. " @if writes { "Nommez-en une ci-dessous, ou décrivez-les dans l’annuaire." } } }
                div.scrollx tabindex="0" role="group" aria-label="Tableau" { table.beds {
                    thead { tr { th { "Unité" } th.n { "Installés" } th.n { "Ouverts" } th.n { "Fermés" } th.n { "Libres" } th { "Dit par" } } }
                    tbody {
                        @for unit in &units { (bed_row(scene, unit, filled)) }
                        @if writes { (other_row(filled)) }
                    }
                } }
                @if writes { p.btns { button.btn { "Enregistrer les lits" } span.small.muted { "Seules les unités modifiées sont enregistrées, en une fois." } } }
            }
        }
    }
}

fn count_field(name: &str, label: &str, value: &str) -> Markup {
    html! { input.count name=(name) value=(value) inputmode="numeric" autocomplete="off" aria-label=(label); }
}

fn bed_row(scene: &Scene<'_>, unit: &Unit<'_>, filled: Filled<'_>) -> Markup {
    let now = unit.now();
    let cell = |field: &str, word: &str, known: Option<u32>| {
        let known = known.map(|n| n.to_string());
        let name = format!("{field}-{}", unit.id);
        html! { td.n { @if scene.may_write() { (count_field(&name, &format!("{}, lits {word}", unit.name), &filled.value(&name, known.as_deref().unwrap_or_default()))) }
        @else { (known.as_deref().unwrap_or("–")) } } }
    };
    html! { tr {
        td { (fr(unit.name)) @if scene.may_write() { input type="hidden" name={ "vu-" (unit.id) } value=(unit.declared.map(|d| ids(&d.seen())).unwrap_or_default()); } }
        td.n { @if let Some(beds) = unit.beds { (beds) } @else { "–" } }
        (cell("open", "ouverts", now.map(|o| o.open)))
        (cell("closed", "fermés", now.map(|o| o.closed)))
        (cell("free", "libres", now.and_then(|o| o.free)))
        td.by { @if let Some(declared) = unit.declared { @let last = declared.current();
            (fr(&scene.state.register.name(&last.by))) ", " (scene.short(last.wall))
            @if declared.is_conflict() { " " span.st.small.warn { "conflit (" (declared.survivors().len()) ")" } } }
            @else { span.st.unknown { "sans nouvelle" } } }
    } }
}

fn other_row(filled: Filled<'_>) -> Markup {
    html! { tr {
        td { input name="name" value=(filled.value("name", "")) placeholder="Autre unité" aria-label="Autre unité" autocomplete="off"; }
        td.n { "–" }
        @for (field, word) in [("open", "ouverts"), ("closed", "fermés"), ("free", "libres")] {
            td.n { (count_field(field, &format!("Autre unité, lits {word}"), &filled.value(field, ""))) } }
        td {}
    } }
}

/// A number of beds typed, if any.
fn beds_typed(fields: &Fields, name: &str, about: &str, unit: &str) -> Result<Option<u32>, Fault> {
    let Some(text) = fields.filled(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| wrong(about, format!("{unit} : « {text} » n’est pas un nombre de lits.")))
}

/// What a row says: nothing when it is as before.
fn row_typed(fields: &Fields, unit: &Unit<'_>, suffix: &str) -> Result<Option<OfferDeclared>, Fault> {
    let sent = format!("open{suffix}");
    if fields.texts.iter().all(|(name, _)| *name != sent) {
        return Ok(None);
    }
    let typed = |field: &str| beds_typed(fields, &format!("{field}{suffix}"), field, unit.name);
    let (open, closed, free) = (typed("open")?, typed("closed")?, typed("free")?);
    let now = unit.now();
    if (open, closed, free) == (now.map(|o| o.open), now.map(|o| o.closed), now.and_then(|o| o.free)) {
        return Ok(None);
    }
    let Some(open) = open else {
        return Err(wrong("open", format!("{} : combien de lits ouverts ? Écrivez 0 si l’unité est fermée.", unit.name)));
    };
    // What is not open of what is installed is closed, unless somebody says otherwise.
    let closed = closed.unwrap_or_else(|| unit.beds.unwrap_or(open).saturating_sub(open));
    if free.is_some_and(|free| free > open) {
        return Err(wrong("free", format!("{} : plus de lits libres que de lits ouverts ({open}).", unit.name)));
    }
    let seen = fields.get(&format!("vu{suffix}"));
    let supersedes = seen.split(',').filter_map(|id| id.parse().ok()).collect();
    Ok(Some(OfferDeclared { unit: unit.id, name: unit.name.to_owned(), open, closed, free, note: None, supersedes }))
}

/// `POST …/offre/lits`: all rows that changed, as one request.
pub(super) async fn declare(State(shared): State<Shared>, Path(path): Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let mut declared = Vec::new();
        for unit in units(scene) {
            declared.extend(row_typed(fields, &unit, &format!("-{}", unit.id))?);
        }
        if let Some(name) = fields.filled("name") {
            let unit = Unit { id: spoken_of(scene, &name), name: &name, beds: None, declared: None };
            declared.extend(row_typed(fields, &unit, "")?);
        }
        if declared.is_empty() {
            return Err(wrong("open", "Rien n’a changé : rien n’a été enregistré."));
        }
        let drafts = declared.into_iter().map(|offer| Event::OfferDeclared(offer).draft(scene.crisis.id)).collect();
        Ok(Outcome { drafts, next: format!("{}/offre", scene.room) })
    };
    act(&shared, path, request, decide, |scene, fields, fault| page(scene, Filled::of(fields, fault))).await
}

/// The id of a unit that is not in the register: the same name is the same unit.
fn spoken_of(scene: &Scene<'_>, name: &str) -> SubjectId {
    let text = format!("unit {} {}", scene.crisis.id, name.trim().to_lowercase());
    let mut id = [0; SubjectId::LEN];
    id.copy_from_slice(&sha256(text.as_bytes()).as_bytes()[..SubjectId::LEN]);
    SubjectId(id)
}

fn flows(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    let since = |at| scene.situation().map(|s| s.flows_since(at)).unwrap_or_default().each();
    let (all, day) = (since(i64::MIN), since(scene.now - DAY_MS));
    html! {
        section.panel aria-labelledby="flux" {
            header { h2 #flux { "Transferts, réorientations, annulations" } }
            form method="post" action={ (scene.room) "/offre/flux" } {
                @if scene.may_write() { (stamps(scene.shared, scene.visitor)) }
                div.scrollx tabindex="0" role="group" aria-label="Tableau" { table.beds {
                    thead { tr { td {} th.n { "Depuis le début" } th.n { "Sur 24 h" } @if scene.may_write() { th.n { "À ajouter" } } } }
                    tbody { @for (((name, label, detail), (_, total)), (_, recent)) in FLOWS.iter().zip(all).zip(day) { tr {
                        td { (label) " " span.small.muted { (detail) } (filled.beside(name)) }
                        td.n { (total) } td.n { (recent) }
                        @if scene.may_write() { td.n { (count_field(name, &format!("{label}, à ajouter"), &filled.value(name, ""))) } }
                    } } }
                } }
                @if scene.may_write() {
                    (filled.text(&Text { name: "note", label: "D’où, vers où", example: Some("réanimation vers le CHU"), hint: Some("des nombres et des lieux, jamais un nom de patient ; pour corriger, un nombre négatif"), ..Text::default() }))
                    p { button.btn.ghost { "Ajouter ces nombres" } }
                }
            }
            (counted(scene))
        }
    }
}

/// The counts one by one, newest first.
fn counted(scene: &Scene<'_>) -> Markup {
    let Some(situation) = scene.situation().filter(|s| !s.flows.is_empty()) else { return html! {} };
    html! {
        details { summary { "Les décomptes un par un (" (situation.flows.len()) ")" }
            div.scrollx tabindex="0" role="group" aria-label="Tableau" { table {
                thead { tr { th { "Noté" } th { "Par" } @for (_, label, _) in FLOWS { th.n { (label) } } th { "D’où, vers où" } } }
                tbody { @for flow in situation.flows.iter().rev().take(COUNTS_SHOWN_MAX) { @let c = &flow.counted; tr {
                    td { (scene.short(flow.wall)) } td { (fr(&scene.state.register.name(&flow.by))) }
                    @for count in [c.transfers, c.reorientations, c.operations_cancelled, c.consultations_cancelled] { td.n { (signed(count)) } }
                    td { (fr(c.note.as_deref().unwrap_or_default())) }
                } } }
            } }
        }
    }
}

/// `+3`, `−1`, nothing for none.
fn signed(count: i32) -> String {
    match count {
        0 => String::new(),
        n if n < 0 => format!("\u{2212}{}", n.unsigned_abs()),
        n => format!("+{n}"),
    }
}

/// `POST …/offre/flux`.
pub(super) async fn count(State(shared): State<Shared>, Path(path): Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let typed = |name: &str| {
            let text = fields.get(name).trim().replace('\u{2212}', "-");
            if text.is_empty() {
                return Ok(0);
            }
            text.parse::<i32>().map_err(|_| wrong(name, format!("« {text} » n’est pas un nombre.")))
        };
        let counted = FlowsCounted {
            transfers: typed("transfers")?,
            reorientations: typed("reorientations")?,
            operations_cancelled: typed("operations_cancelled")?,
            consultations_cancelled: typed("consultations_cancelled")?,
            note: fields.filled("note"),
        };
        Ok(Outcome {
            drafts: vec![Event::FlowsCounted(counted).draft(scene.crisis.id)],
            next: format!("{}/offre#flux", scene.room),
        })
    };
    act(&shared, path, request, decide, |scene, fields, fault| page(scene, Filled::of(fields, fault))).await
}
