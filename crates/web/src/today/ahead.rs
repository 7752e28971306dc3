//! « À venir »: what falls due, by date; late first.

use super::plural;
use crate::crisis::room_path;
use crate::shell::Page;
use crate::typography::fr;
use crate::urgence;
use domain::legal::Due;
use domain::register::day::Day;
use maud::{Markup, html};

/// Most obligations shown; the others are counted.
const SHOWN_MAX: usize = 12;
/// How far ahead obligations are told, in days.
const AHEAD_DAYS: i64 = 90;
/// How far ahead an action of the plan is told, in days.
const ACTION_DAYS: i64 = 7;
/// How far ahead a board's meeting is told, in days: time to prepare its page.
const MEETING_DAYS: i64 = 14;
const DAY_MS: i64 = 86_400_000;

/// An obligation.
struct Item {
    /// When, milliseconds since 1970; `None` when no date says it better than « now ».
    at: Option<i64>,
    /// The date as people read it.
    when: String,
    late: bool,
    title: String,
    detail: String,
    href: String,
}

pub(super) fn show(page: &Page<'_>) -> Markup {
    let mut items = on_call(page);
    items.extend(contracts(page));
    items.extend(partners(page));
    items.extend(actions(page));
    items.extend(crisis(page));
    items.sort_by_key(|item| (!item.late, item.at.unwrap_or(i64::MIN)));
    let more = items.len().saturating_sub(SHOWN_MAX);
    html! {
        section.panel.ahead aria-labelledby="venir" {
            header { h2 #venir { "À venir" } }
            @if items.is_empty() { (nothing()) }
            ul.plain { @for item in items.iter().take(SHOWN_MAX) { li {
                a href=(item.href) { (fr(&item.title)) }
                b.due.down[item.late] { (item.when) }
                @if !item.detail.is_empty() { span.small.muted { (fr(&item.detail)) } }
            } } }
            @if more > 0 { p.small.muted { "et " (plural(more as u64, "autre", "autres")) } }
        }
    }
}

fn nothing() -> Markup {
    html! { p.empty { "Rien n’est daté. Les astreintes, les contrats, les vérifications de numéros et les points de cellule s’inscrivent ici "
    "dès que l’annuaire les connaît." } }
}

fn item(page: &Page<'_>, at: i64, title: String, detail: String, href: String) -> Item {
    let when = if at.saturating_sub(page.now) < DAY_MS && at > page.now - DAY_MS {
        page.local.short(at, page.now)
    } else {
        page.local.day(at)
    };
    Item { at: Some(at), when, late: at < page.now, title, detail, href }
}

/// Nobody on a living list.
fn on_call(page: &Page<'_>) -> Vec<Item> {
    let gaps = page.visitor.view.state.register.duty_gaps(page.now);
    let told = |gap: &domain::register::duty::Gap<'_>| {
        let detail = format!("du {} au {}", page.local.day_and_time(gap.from), page.local.day_and_time(gap.until));
        let mut item =
            item(page, gap.from, format!("Personne d’astreinte : {}", gap.list), detail, "/annuaire/astreintes".to_owned());
        item.late = gap.from <= page.now;
        item
    };
    gaps.iter().map(told).collect()
}

/// Noon of a day in universal time: the same day anywhere near.
fn noon(day: Day) -> i64 {
    day.number().saturating_mul(DAY_MS).saturating_add(DAY_MS / 2)
}

fn contracts(page: &Page<'_>) -> Vec<Item> {
    let today = Day::of_ms(page.now);
    let ending = page.visitor.view.state.register.contracts_ending(today);
    let told = |(id, provider): (journal::SubjectId, &domain::register::event::Provider)| {
        let end = provider.ends_on?;
        let title = format!("Fin du contrat {}", provider.name);
        let mut item = item(page, noon(end), title, provider.what_for.clone(), format!("/annuaire/prestataires/{id}"));
        item.when = page.local.day(noon(end));
        item.late = end < today;
        Some(item)
    };
    ending.into_iter().filter_map(told).collect()
}

/// Numbers to verify: now for those that are due, by date for those that will be within the time told.
fn partners(page: &Page<'_>) -> Vec<Item> {
    let register = &page.visitor.view.state.register;
    let today = Day::of_ms(page.now);
    let due = register.partners_to_verify(today);
    let mut items = Vec::new();
    if let Some((_, first)) = due.first() {
        let names: Vec<&str> = due.iter().take(3).map(|(_, partner)| partner.name.as_str()).collect();
        let detail = if due.len() > 3 { format!("{}…", names.join(", ")) } else { names.join(", ") };
        let title = match due.len() {
            1 => format!("Vérifier le numéro : {}", first.name),
            n => format!("Vérifier {n} numéros de partenaires"),
        };
        let href = "/annuaire/partenaires".to_owned();
        items.push(Item { at: None, when: "dû".to_owned(), late: true, title, detail, href });
    }
    let year = 365 * DAY_MS;
    for (id, partner) in register.partners.iter() {
        let Some(verified) = register.verification(id).map(|v| noon(v.on)) else { continue };
        let at = verified.saturating_add(year);
        if at > page.now && at.saturating_sub(page.now) < AHEAD_DAYS * DAY_MS {
            let detail = format!("vérifié le {}", page.local.day(verified));
            items.push(item(
                page,
                at,
                format!("Vérifier le numéro : {}", partner.name),
                detail,
                format!("/annuaire/partenaires/{id}"),
            ));
        }
    }
    items
}

/// Actions of the plan: those that are late together, the next ones by date; and when a board expects them.
fn actions(page: &Page<'_>) -> Vec<Item> {
    let (plan, today) = (&page.visitor.view.state.actions, crate::days::today(page));
    let (late, rest): (Vec<_>, Vec<_>) =
        plan.in_order().into_iter().filter(|action| action.is_open()).partition(|action| action.is_late(today));
    let mut items = Vec::new();
    if let [first, others @ ..] = late.as_slice() {
        let (title, href) = match others.len() {
            0 => (format!("Action : {}", first.now().title), crate::actions::path_of(&first.id)),
            _ => (format!("{} actions du plan en retard", late.len()), format!("{}?retard=1#liste", crate::actions::PATH)),
        };
        let detail = if others.is_empty() { first.now().owner.clone() } else { format!("d’abord : {}", first.now().title) };
        items.push(Item { at: None, when: "en retard".to_owned(), late: true, title, detail, href });
    }
    let dated = |day: Day, title: String, detail: String, href: String| {
        let mut item = item(page, noon(day), title, detail, href);
        (item.when, item.late) = (page.local.day(noon(day)), false);
        item
    };
    let within = |day: Day, days: i64| (0..=days).contains(&today.days_until(day));
    items.extend(rest.into_iter().filter_map(|action| {
        let (set, due) = (action.now(), action.now().due.filter(|due| within(*due, ACTION_DAYS))?);
        Some(dated(due, format!("Action : {}", set.title), set.owner.clone(), crate::actions::path_of(&action.id)))
    }));
    items.extend(plan.sitting().into_iter().filter_map(|board| {
        let on = board.now().next_meeting.filter(|on| within(*on, MEETING_DAYS))?;
        let detail = crate::actions::summary(&domain::actions::Counts::of(plan.followed_by(&board.id), today));
        Some(dated(on, format!("{} : plan d’actions", board.now().name), detail, format!("/actions/instances/{}", board.id)))
    }));
    items
}

/// Legal clocks, meetings, decisions to look at again.
fn crisis(page: &Page<'_>) -> Vec<Item> {
    let state = &page.visitor.view.state;
    let Some(crisis) = urgence::running(state) else { return Vec::new() };
    let room = room_path(page.shared, crisis);
    let mut items = Vec::new();
    if let Some(legal) = state.legal.get(&crisis.id) {
        for (clock, due) in legal.running(crisis) {
            let words = clock.words();
            let href = format!("{room}/echeances");
            match due {
                Due::Now => items.push(Item {
                    at: None,
                    when: "sans délai".to_owned(),
                    late: true,
                    title: words.title.clone(),
                    detail: words.whom.clone(),
                    href,
                }),
                Due::At { until, .. } => items.push(item(page, until, words.title.clone(), words.whom.clone(), href)),
                Due::After(_) | Due::Unset => {}
            }
        }
    }
    for cell in state.cells.get(&crisis.id).iter().flat_map(|cells| cells.sitting()) {
        if let Some(next) = cell.next_at {
            let set = cell.set();
            items.push(item(page, next, format!("Point : {}", set.name), set.room.clone(), format!("{room}/cellules")));
        }
    }
    for decision in crisis.decisions().filter(|decision| decision.is_open_task()) {
        if let Some(review) = decision.assigned().review_at {
            let words: String = decision.words().unwrap_or_default().chars().take(90).collect();
            items.push(item(page, review, format!("Revoir : {words}"), String::new(), format!("{room}/entrees/{}", decision.id)));
        }
    }
    items
}
