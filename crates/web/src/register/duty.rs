//! The on-call calendar: who answers now, the week, and the holes ahead.

use super::detail::phone;
use super::list;
use super::look::Look;
use super::sheet::Sheet;
use super::{look, page, path_of};
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::Visitor;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::register::duty::GAPS_AHEAD_DAYS;
use domain::register::event::{Card, Turn};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use journal::SubjectId;
use maud::{Markup, html};
use serde::Deserialize;

/// Most holes told one by one.
const GAPS_SHOWN_MAX: usize = 10;
const DAY_NAMES: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Any day of the week shown, `AAAA-MM-JJ`; this week when absent.
    #[serde(default)]
    semaine: String,
}

/// `GET /annuaire/astreintes?semaine=`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let page = page(&shared, &visitor, Turn::TITLE);
    let look = look(&page);
    let today = look.local.date(look.now);
    let day = asked.semaine.parse::<Date>().unwrap_or(today);
    let monday = day.checked_sub(Span::new().days(i64::from(day.weekday().to_monday_zero_offset()))).unwrap_or(day);
    let body = html! {
        (list::head::<Turn>(&page))
        (now(&look))
        (gaps(&look))
        @if look.register.turns.count() == 0 { p.empty { (fr(Turn::EMPTY)) } } @else { (week(&look, monday, today)) }
        (list::exchange::<Turn>(&visitor))
    };
    Ok(page.render(&body).into_response())
}

/// Who answers now.
pub(super) fn now(look: &Look<'_>) -> Markup {
    let turns = look.register.on_duty(look.now);
    html! {
        section.panel.wide aria-labelledby="maintenant" {
            header { h2 #maintenant { "En ce moment" } }
            @if turns.is_empty() { p.empty { "Personne n’est d’astreinte en ce moment, d’après l’annuaire." } }
            @else { ul.calls { @for (_, turn) in turns { (called(look, turn)) } } }
        }
    }
}

/// A turn as one line: list, who, until when, number.
pub(super) fn called(look: &Look<'_>, turn: &Turn) -> Markup {
    let name = if turn.person.is_some() { look.person(turn.person) } else { turn.name.clone() };
    let own = turn.person.map(|actor| look.register.phones(&actor)).unwrap_or_default();
    let phones: Vec<&str> = if turn.phone.is_empty() { own } else { vec![&turn.phone] };
    html! {
        li { span.who { (fr(&turn.list)) (fr(" : "))
                @match turn.person { Some(actor) => a href=(path_of::<Card>(&SubjectId(actor.0))) { (fr(&name)) }, None => (fr(&name)) } }
            " " span.muted.small { "jusqu’au " (look.local.day_and_time(turn.until)) }
            span.phones { @for number in &phones { (phone(number)) " " }
                @if phones.is_empty() { span.st.warn.small { "aucun numéro" } } } }
    }
}

/// When nobody will answer.
pub(super) fn gaps(look: &Look<'_>) -> Markup {
    let gaps = look.register.duty_gaps(look.now);
    let end = look.now.saturating_add(GAPS_AHEAD_DAYS * 24 * 3_600_000);
    html! {
        @if !gaps.is_empty() {
            section.panel.wide aria-labelledby="trous" {
                header { h2 #trous { "Trous des " (GAPS_AHEAD_DAYS) " jours à venir" } span.muted.small { (gaps.len()) } }
                ul.calls {
                    @for gap in gaps.iter().take(GAPS_SHOWN_MAX) {
                        li { span.who { (fr(gap.list)) } " " span.st.warn { "personne" } " "
                            @if gap.from <= look.now { "dès maintenant" } @else { "à partir du " (look.local.day_and_time(gap.from)) }
                            @if gap.until < end { ", jusqu’au " (look.local.day_and_time(gap.until)) } }
                    }
                    @if gaps.len() > GAPS_SHOWN_MAX {
                        li { "et " (plural((gaps.len() - GAPS_SHOWN_MAX) as u64, "autre trou", "autres trous")) }
                    }
                }
            }
        }
    }
}

/// Moments of a day's beginning and end there.
fn bounds(look: &Look<'_>, day: Date) -> (i64, i64) {
    let start = |day: Date| look.local.parse(&format!("{day} 00:00"), look.now, true).unwrap_or(look.now);
    (start(day), day.tomorrow().map_or(i64::MAX, start))
}

fn week(look: &Look<'_>, monday: Date, today: Date) -> Markup {
    let days: Vec<Date> = (0..7).filter_map(|n| monday.checked_add(n.days()).ok()).collect();
    let (from, until) = (bounds(look, monday).0, days.last().map_or(i64::MAX, |day| bounds(look, *day).1));
    let turns = look.register.turns_between(from, until);
    let mut lists: Vec<&str> =
        turns.iter().map(|(_, turn)| turn.list.as_str()).chain(look.register.duty_lists(look.now)).collect();
    lists.sort_unstable();
    lists.dedup();
    let to = |days: i64| monday.checked_add(Span::new().days(days)).unwrap_or(monday);
    html! {
        nav.pager aria-label="Semaines" {
            a href={ "/annuaire/astreintes?semaine=" (to(-7)) } rel="prev" { "Semaine précédente" }
            span { "Semaine du " (short(monday)) "/" (monday.year()) }
            a href={ "/annuaire/astreintes?semaine=" (to(7)) } rel="next" { "Semaine suivante" }
        }
        table.reg.week {
            thead { tr { th scope="col" { "Liste" } @for (day, name) in days.iter().zip(DAY_NAMES) {
                th scope="col" aria-current=[(*day == today).then_some("date")] { (name) " " (short(*day)) } } } }
            tbody { @for list in lists { tr {
                th scope="row" { (fr(list)) }
                @for (day, name) in days.iter().zip(DAY_NAMES) { td data-label={ (name) " " (short(*day)) } { (cell(look, &turns, list, *day)) } }
            } } }
        }
    }
}

fn short(day: Date) -> String {
    format!("{:02}/{:02}", day.day(), day.month())
}

fn cell(look: &Look<'_>, turns: &[(SubjectId, &Turn)], list: &str, day: Date) -> Markup {
    let (from, until) = bounds(look, day);
    let here: Vec<_> = turns.iter().filter(|(_, t)| t.list == list && t.from < until && t.until > from).collect();
    html! {
        @if here.is_empty() { span.st.unknown.small { "personne" } }
        @for (id, turn) in here {
            p.turn { a href=(path_of::<Turn>(id)) { (fr(&if turn.person.is_some() { look.person(turn.person) } else { turn.name.clone() })) }
                @if turn.from > from { " " span.small.muted { "dès " (look.local.time(turn.from)) } }
                @if turn.until < until { " " span.small.muted { "jusqu’à " (look.local.time(turn.until)) } } }
        }
    }
}
