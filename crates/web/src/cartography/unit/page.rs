//! The page of one unit: everything on a screen, and what fits on one A4 sheet.

use super::sheet::{Call, Line, Sheet};
use super::{NONE, PATH};
use crate::answer::Fault;
use crate::app::Shared;
use crate::cartography::{duration, net, thing_path};
use crate::crisis::scene::subject;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::situation::words::{inside, listed};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::cartography::{Activity, Asset};
use domain::register::event::Unit;
use maud::{Markup, html};

/// Room for activities, needs and devices on one A4 sheet, in quarters of a printed line, measured on paper.
const SHEET_QUARTERS: usize = 226;
/// A line takes four quarters, a row one more.
const LINE_QUARTERS: usize = 4;
/// The head of the section of devices.
const DEVICES_HEAD_QUARTERS: usize = 7;
/// With so much of the sheet left, it is printed larger.
const ROOMY_PERCENT: usize = 45;
/// Most activities on the sheet.
const ACTIVITIES_PRINTED_MAX: usize = 12;
/// Most devices named on the sheet.
const DEVICES_PRINTED_MAX: usize = 8;
/// Characters of one printed line in each column of the needs: name, time, path, call, instead.
const COLUMN_CHARS: [usize; 5] = [19, 22, 21, 19, 15];
/// Characters of a telephone number.
const PHONE_CHARS: usize = 15;
/// Most elements that stop something at once named in the first sentence.
const AT_ONCE_NAMED_MAX: usize = 5;
/// Most duty lists at the head of the sheet.
const DUTY_MAX: usize = 3;

/// `GET /carte/unites/{id}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let state = &visitor.view.state;
    let unit_id = if id == NONE { None } else { Some(subject(&id)?) };
    let unit = match &unit_id {
        Some(id) => Some(state.register.units.get(id).ok_or_else(Fault::not_found)?),
        None => None,
    };
    let name = unit.map_or("Activités sans unité", |unit| unit.name.as_str());
    let net = net(&shared, &visitor);
    let sheet = Sheet::of(state, &net, unit_id);
    let printed = printed(&sheet);
    let roomy = printed.room * 100 >= SHEET_QUARTERS * ROOMY_PERCENT;
    let page = Page::new(&shared, &visitor, Place::Prepare, name);
    let body = html! {
        div.unit-sheet.roomy[roomy] {
            div.roomhead { h1 { (fr(name)) }
                @if let Some(unit) = unit { (reached(unit)) }
                button.btn.ghost.noprint type="button" data-print hidden { "Imprimer" }
                nav.crumbs.noprint aria-label="Carte" { a href=(PATH) { "Toutes les unités" } } }
            p.lead { (fr(&answer(&sheet))) }
            (duty(&page))
            (activities(&page, &sheet))
            (needs(&sheet, &printed.instead))
            (devices(&sheet))
            (foot(&page))
        }
    };
    Ok(page.render(&body).into_response())
}

fn reached(unit: &Unit) -> Markup {
    html! { span.muted { @if !unit.pole.is_empty() { (fr(&unit.pole)) }
    @if !unit.phone.is_empty() { @if !unit.pole.is_empty() { " · " } (tel(&unit.phone)) } } }
}

/// A number to call.
fn tel(words: &str) -> Markup {
    let digits: String = words.chars().take_while(|c| !c.is_alphabetic()).filter(|c| c.is_ascii_digit() || *c == '+').collect();
    html! { @if digits.is_empty() { (words) } @else { a.tel href={ "tel:" (digits) } { (words.replace(' ', "\u{a0}")) } } }
}

fn answer(sheet: &Sheet<'_>) -> String {
    let all = sheet.activities.len();
    if all == 0 {
        return "Aucune activité n’est rattachée à cette unité : on ne sait pas encore ce qu’il lui faut.".to_owned();
    }
    if sheet.lines.is_empty() {
        return format!("{} : personne n’a encore dit ce qu’il leur faut.", plural(all as u64, "activité", "activités"));
    }
    let (at_once, common) = (at_once(sheet, all), common(sheet, all));
    if at_once.is_none() && common.is_none() {
        let needs = plural(sheet.lines.len() as u64, "besoin", "besoins");
        return format!("{}, {needs}.", plural(all as u64, "activité", "activités"));
    }
    at_once.into_iter().chain(common).collect::<Vec<_>>().join(" ")
}

/// « arrête ses 6 activités », « arrête 2 de ses 6 activités ».
fn how_many(count: usize, all: usize) -> String {
    match count {
        _ if all == 1 => "sa seule activité".to_owned(),
        count if count == all => format!("ses {all} activités"),
        count => format!("{count} de ses {all} activités"),
    }
}

/// What leaves no time at all comes first, the widest ahead.
fn at_once(sheet: &Sheet<'_>, all: usize) -> Option<String> {
    if let [(name, count)] = sheet.at_once.as_slice() {
        return Some(format!("La perte de « {name} » arrête aussitôt {}.", how_many(*count, all)));
    }
    let mut names: Vec<String> = sheet.at_once.iter().take(AT_ONCE_NAMED_MAX).map(|(name, _)| format!("« {name} »")).collect();
    let more = sheet.at_once.len() - names.len();
    if more > 0 {
        names.push(plural(more as u64, "autre", "autres"));
    }
    let what = if all == 1 { "sa seule activité" } else { "au moins une de ses activités" };
    (!names.is_empty()).then(|| format!("La perte d’un seul de ces éléments arrête aussitôt {what} : {}.", listed(&names)))
}

/// What stops most of it sooner or later, unless the sentence before said it.
fn common(sheet: &Sheet<'_>, all: usize) -> Option<String> {
    let (name, worst) = sheet.common.first()?;
    let same: Vec<String> =
        sheet.common.iter().filter(|(_, count)| count == worst).map(|(name, _)| format!("« {name} »")).collect();
    let told = sheet.common.iter().filter(|(_, count)| count == worst).all(|lost| sheet.at_once.contains(lost));
    if told && (all == 1 || sheet.at_once.len() == 1) {
        return None;
    }
    let lost = if same.len() > 1 {
        format!("La perte d’un seul de ces éléments, {},", listed(&same))
    } else {
        format!("La perte de « {name} »")
    };
    Some(format!("{lost} arrête tôt ou tard {}.", how_many(*worst, all)))
}

/// Who is on duty: on paper, the day it was printed.
fn duty(page: &Page<'_>) -> Markup {
    let register = &page.visitor.view.state.register;
    let turns = register.on_duty(page.now);
    html! { @if !turns.is_empty() {
        p.small.duty { b { (fr("D’astreinte : ")) } @for (at, (_, turn)) in turns.iter().take(DUTY_MAX).enumerate() {
            @let own = turn.person.and_then(|actor| register.phones(&actor).first().map(|phone| (*phone).to_owned()));
            @let phone = if turn.phone.is_empty() { own.unwrap_or_default() } else { turn.phone.clone() };
            @if at > 0 { (fr(" ; ")) } (fr(&format!("{}, {}", short(&turn.list), turn.name))) @if !phone.is_empty() { " " (tel(&phone)) }
            " (jusqu’au " (page.local.day_and_time(turn.until)) ")"
        } }
    } }
}

/// The name of a list after « d’astreinte » : « Astreinte biomédicale » is « biomédicale ».
fn short(list: &str) -> String {
    let rest = list.split_once(' ').filter(|(first, _)| first.eq_ignore_ascii_case("astreinte")).map_or(list, |(_, rest)| rest);
    inside(rest.trim())
}

fn activities(page: &Page<'_>, sheet: &Sheet<'_>) -> Markup {
    let register = &page.visitor.view.state.register;
    let more = sheet.activities.len().saturating_sub(ACTIVITIES_PRINTED_MAX);
    let function = |activity: &Activity| activity.now().owner.clone().unwrap_or_else(|| "–".to_owned());
    html! {
        section.panel.wide aria-labelledby="activites" {
            header { h2 #activites { "Ses activités" } span.muted.small { (sheet.activities.len()) } }
            @if sheet.activities.is_empty() { p.empty { (fr("Rattachez-lui ses activités, dans leur fiche : ce qu’il leur faut viendra avec.")) } } @else {
                div.scrollx tabindex="0" role="group" aria-label="Activités de l’unité" { table.unit-activities {
                    thead { tr { th scope="col" { "Activité" } th scope="col" { "Priorité" } th scope="col" { "DMIA" } th scope="col" { "Qui en répond" }
                        th.onpaper scope="col" { "Arrêtée à" } th.onpaper scope="col" { "Ce qui est fait" } } }
                    tbody { @for (at, activity) in sheet.activities.iter().enumerate() { tr.cut[at >= ACTIVITIES_PRINTED_MAX] {
                        th scope="row" { a href=(thing_path(&activity.id)) { (fr(&activity.now().name)) } }
                        td { (activity.now().priority) }
                        td { @match activity.now().mtpd_minutes { Some(minutes) => (fr(&duration(minutes))), None => span.st.unknown { "inconnue" } } }
                        td { (fr(&function(activity))) }
                        td.onpaper.write {} td.onpaper.write {}
                    } } }
                } }
                @if more > 0 { p.onpaper { (fr(&format!("{} : voir la carte.", plural(more as u64, "autre activité n’a pas tenu sur cette page", "autres activités n’ont pas tenu sur cette page")))) } }
            }
            @if register.units.count() == 0 { p.small.muted { "Les unités se décrivent dans l’annuaire." } }
        }
    }
}

/// What of the needs goes on paper.
struct Printed {
    /// How many of its instructions each printed need shows; the needs after these do not fit.
    instead: Vec<usize>,
    /// Quarters left for whoever writes on the sheet.
    room: usize,
}

/// The needs that fit beside the rest, then, while there is room, all that is to be done without each.
fn printed(sheet: &Sheet<'_>) -> Printed {
    let activities = sheet.activities.len().min(ACTIVITIES_PRINTED_MAX) * (LINE_QUARTERS + 1);
    // Two devices side by side, on two lines.
    let rows = sheet.devices.len().min(DEVICES_PRINTED_MAX).div_ceil(2);
    let devices = if rows == 0 { 0 } else { DEVICES_HEAD_QUARTERS + rows * 2 * LINE_QUARTERS };
    let mut room = SHEET_QUARTERS.saturating_sub(activities + devices);
    let tall = |line: &Line<'_>, instead: usize| printed_lines(line, instead) * LINE_QUARTERS + 1;
    let mut shown = Vec::new();
    for line in &sheet.lines {
        let tall = tall(line, 1);
        if tall > room {
            break;
        }
        room -= tall;
        shown.push(line.instead.len().min(1));
    }
    for (line, shown) in sheet.lines.iter().zip(&mut shown) {
        while *shown < line.instead.len() {
            let more = tall(line, *shown + 1).saturating_sub(tall(line, *shown));
            if more > room {
                break;
            }
            room -= more;
            *shown += 1;
        }
    }
    Printed { instead: shown, room }
}

/// Lines that a need takes on paper with so many of its instructions: those of its tallest cell.
fn printed_lines(line: &Line<'_>, instead: usize) -> usize {
    let tall = |chars: usize, column: usize| chars.div_ceil(COLUMN_CHARS[column]);
    let holds: usize = line.holds.iter().map(|words| tall(words.chars().count(), 1)).sum();
    let through = line.through.join(", ").chars().count() + if line.through_more > 0 { " et 10 autres".len() } else { 0 };
    let call = line.calls.first().map_or(0, |call| tall(call.who.chars().count() + PHONE_CHARS, 3));
    let others = usize::from(instead < line.instead.len());
    let instead: usize = line.instead.iter().take(instead).map(|words| tall(words.chars().count(), 4)).sum::<usize>() + others;
    [tall(line.thing.name().chars().count(), 0), holds, tall(through, 2), call, instead, 1].into_iter().max().unwrap_or(1)
}

fn needs(sheet: &Sheet<'_>, printed: &[usize]) -> Markup {
    let more = sheet.lines.len() - printed.len();
    html! { @if !sheet.lines.is_empty() {
        section.panel.wide aria-labelledby="besoins" {
            header { h2 #besoins { "Ce qu’il lui faut" } span.muted.small { (sheet.lines.len()) ", le plus pressant d’abord" } }
            div.scrollx tabindex="0" role="group" aria-label="Besoins de l’unité" { table.unit-needs {
                thead { tr { th scope="col" { "Élément" } th scope="col" { "Sans lui" } th scope="col" { "Passe par" } th scope="col" { "Qui appeler" } th scope="col" { "Que faire" } } }
                tbody { @for (at, line) in sheet.lines.iter().enumerate() { tr.cut[at >= printed.len()] { (need(line, printed.get(at).copied().unwrap_or_default())) } } }
            } }
            @if more > 0 { p.onpaper { b { (fr(&format!("{} : voir la carte.", plural(more as u64, "autre besoin n’a pas tenu sur cette page", "autres besoins n’ont pas tenu sur cette page")))) } } }
        }
    } }
}

/// One need; `printed` of its instructions go on paper, the others are counted there.
fn need(line: &Line<'_>, printed: usize) -> Markup {
    let more = line.instead.len().saturating_sub(printed);
    html! {
        th scope="row" { a href=(thing_path(&line.thing.id())) { (fr(line.thing.name())) } }
        td data-label="Sans lui" { @for words in &line.holds { div { (fr(words)) } } }
        td data-label="Passe par" { @if line.through.is_empty() { span.muted { "–" } } @else { (fr(&line.through.join(", "))) }
            @if line.through_more > 0 { span.muted { " et " (plural(line.through_more as u64, "autre", "autres")) } } }
        td data-label="Qui appeler" { @for (at, call) in line.calls.iter().enumerate() { div.cut[at > 0] { (called(call)) } }
            @if line.calls.is_empty() { span.st.warn { "personne" } } }
        td.write data-label=[(!line.instead.is_empty()).then_some("Que faire")] { @for (at, words) in line.instead.iter().enumerate() { div.cut[at >= printed] { (fr(words)) } }
            @if more > 0 { div.onpaper { b { "et " (plural(more as u64, "autre", "autres")) } } } }
    }
}

fn called(call: &Call) -> Markup {
    html! { (fr(&call.who)) @if call.phone.is_empty() { span.muted { ", sans numéro" } } @else { " " (tel(&call.phone)) }
    @if !call.hours.is_empty() { span.muted.noprint { " (" (fr(&call.hours)) ")" } } }
}

fn devices(sheet: &Sheet<'_>) -> Markup {
    let more = sheet.devices.len().saturating_sub(DEVICES_PRINTED_MAX);
    html! { @if !sheet.devices.is_empty() {
        section.panel.wide aria-labelledby="dispositifs" {
            header { h2 #dispositifs { "Dispositifs de l’unité" } span.muted.small { (sheet.devices.len()) } }
            ul.plain.devices { @for (at, device) in sheet.devices.iter().enumerate() { li.cut[at >= DEVICES_PRINTED_MAX] {
                a href=(thing_path(&device.id)) { (fr(&device.now().name)) } " " span.muted { (fr(&described(device))) } } } }
            @if more > 0 { p.onpaper { (fr(&format!("{} : voir la carte.", plural(more as u64, "autre dispositif", "autres dispositifs")))) } }
        }
    } }
}

fn described(device: &Asset) -> String {
    let set = device.now();
    let survives = match set.survives {
        Some(true) => "survit à l’attaque, d’après l’hypothèse de la carte",
        Some(false) => "perdu avec le réseau, d’après l’hypothèse de la carte",
        None => "on ne sait pas s’il survit à l’attaque",
    };
    let zone = if set.zone.is_empty() { String::new() } else { format!("zone {}, ", set.zone) };
    format!("{}, {zone}{survives}", set.kind.label())
}

fn foot(page: &Page<'_>) -> Markup {
    html! {
        div.onpaper.notes { p { "Noter ici" } }
        p.small.muted.printed { (fr(&format!(
            "« Sans lui » : si cet élément seul est perdu. « Passe par » : ce dont la perte l’arrête. Établi le {} d’après la carte.",
            page.local.day_and_time(page.now)
        ))) }
    }
}
