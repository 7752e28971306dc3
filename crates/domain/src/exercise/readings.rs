//! Moments of an exercise, read off what its players recorded: when the first cell was set up, when the backups were
//! spoken of… Milliseconds since 1970; `None` for what never happened before the end.

use super::Exercise;
use crate::cells::event::CellKind;
use crate::crisis::event::EntryType;
use crate::crisis::{Crisis, LogEntry};
use crate::legal::Clock as Obligation;
use crate::situation::event::Status;
use crate::state::State;

/// A moment read off the state of a branch.
pub(super) type Read = fn(&State) -> Option<i64>;

/// The moment, unless it came after the end or nothing is played here.
pub(super) fn in_time(state: &State, read: Read) -> Option<(&Exercise, i64)> {
    let exercise = state.exercises.played()?;
    let moment = read(state)?;
    exercise.clock.ended_at().is_none_or(|end| moment <= end).then_some((exercise, moment))
}

fn lines(state: &State) -> impl Iterator<Item = &LogEntry> {
    state.crises.values().flat_map(|crisis| crisis.log.iter()).filter(|line| line.standing.has_authority())
}

/// When a line says that something happened, no later than it was written.
fn told(line: &LogEntry) -> i64 {
    line.happened_at().min(line.wall)
}

fn says(line: &LogEntry, words: impl Fn(&str) -> bool) -> bool {
    line.text.as_ref().is_some_and(|text| words(&text.current().value.to_lowercase()))
}

fn first_line(state: &State, wanted: impl Fn(&LogEntry) -> bool) -> Option<i64> {
    lines(state).filter(|line| wanted(line)).map(told).min()
}

pub(super) fn crisis_opened(state: &State) -> Option<i64> {
    state.crises.values().map(|crisis| crisis.opened_wall).min()
}

fn cell(state: &State, wanted: impl Fn(CellKind) -> bool) -> Option<i64> {
    let cells = state.cells.values().flat_map(|cells| cells.all.values());
    cells.filter(|cell| wanted(cell.settings.first().value.kind)).map(|cell| cell.settings.first().wall).min()
}

pub(super) fn first_cell(state: &State) -> Option<i64> {
    cell(state, |_| true)
}

pub(super) fn decisional_cell(state: &State) -> Option<i64> {
    cell(state, |kind| kind == CellKind::Decisional)
}

pub(super) fn it_cell(state: &State) -> Option<i64> {
    cell(state, |kind| kind == CellKind::It)
}

pub(super) fn first_decision(state: &State) -> Option<i64> {
    first_line(state, |line| line.entry_type == EntryType::Decision)
}

pub(super) fn dpo_alerted(state: &State) -> Option<i64> {
    state.crises.values().filter_map(Crisis::dpo_told).map(told).min()
}

/// When an obligation of that key was met.
fn declared(state: &State, key: &str) -> Option<i64> {
    state.legal.values().filter_map(|legal| legal.clocks.get(key).and_then(Obligation::sent_at)).min()
}

pub(super) fn cert_declared(state: &State) -> Option<i64> {
    declared(state, "cert_sante")
}

pub(super) fn cnil_declared(state: &State) -> Option<i64> {
    declared(state, "cnil")
}

pub(super) fn complaint(state: &State) -> Option<i64> {
    declared(state, "plainte")
}

pub(super) fn insurer_told(state: &State) -> Option<i64> {
    declared(state, "assureur")
}

pub(super) fn ars_told(state: &State) -> Option<i64> {
    let word = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ars");
    let call = first_line(state, |line| {
        matches!(line.entry_type, EntryType::Call | EntryType::Message | EntryType::Fact) && says(line, word)
    });
    let points = state.situations.values().flat_map(|s| s.points.iter());
    let point = points.filter(|sent| word(&sent.point.to.to_lowercase())).map(|sent| sent.point.sent_at).min();
    [declared(state, "ars"), call, point].into_iter().flatten().min()
}

fn known_status(state: &State) -> impl Iterator<Item = (journal::SubjectId, i64)> + '_ {
    let declared = state.situations.values().flat_map(|situation| situation.declared.iter());
    declared.filter_map(|(about, versions)| {
        let first = versions.all().find(|write| write.value.status != Status::Unknown)?;
        Some((*about, first.wall))
    })
}

pub(super) fn first_status(state: &State) -> Option<i64> {
    known_status(state).map(|(_, wall)| wall).min()
}

pub(super) fn full_board(state: &State) -> Option<i64> {
    let activities = state.cartography.by_priority();
    let when = |id| known_status(state).filter(|(about, _)| *about == id).map(|(_, wall)| wall).min();
    let all: Option<Vec<i64>> = activities.iter().map(|activity| when(activity.id)).collect();
    all?.into_iter().max()
}

pub(super) fn backups_protected(state: &State) -> Option<i64> {
    first_line(state, |line| line.entry_type != EntryType::Question && says(line, |text| text.contains("sauvegarde")))
}

pub(super) fn network_cut(state: &State) -> Option<i64> {
    let cut = |text: &str| {
        ["coup", "isol", "déconnect", "débranch"].iter().any(|word| text.contains(word))
            && ["internet", "réseau", "accès", "box", "vpn", "télémaintenance", "pare-feu"].iter().any(|word| text.contains(word))
    };
    first_line(state, |line| matches!(line.entry_type, EntryType::Decision | EntryType::Action) && says(line, cut))
}

pub(super) fn first_message(state: &State) -> Option<i64> {
    let line = first_line(state, |line| line.entry_type == EntryType::Message);
    let point = state.situations.values().flat_map(|s| s.points.iter()).map(|sent| sent.point.sent_at).min();
    [line, point].into_iter().flatten().min()
}

pub(super) fn messages(state: &State) -> u64 {
    let lines = lines(state).filter(|line| line.entry_type == EntryType::Message).count();
    let points: usize = state.situations.values().map(|s| s.points.len()).sum();
    (lines + points) as u64
}

pub(super) fn care_offer(state: &State) -> Option<i64> {
    let offers = state.situations.values().flat_map(|s| s.offers.values());
    offers.map(|versions| versions.first().wall).min()
}

pub(super) fn handover(state: &State) -> Option<i64> {
    state.crises.values().filter_map(|crisis| crisis.handovers().first()).map(|handover| handover.wall).min()
}

pub(super) fn evidence(state: &State) -> Option<i64> {
    state.legal.values().flat_map(|legal| legal.evidence.values()).map(|versions| versions.first().wall).min()
}

pub(super) fn claim_noted(state: &State) -> Option<i64> {
    state.legal.values().flat_map(|legal| legal.claims.values()).map(|versions| versions.first().wall).min()
}

pub(super) fn activities_declared(state: &State) -> u64 {
    let live: std::collections::BTreeSet<_> = state.cartography.by_priority().iter().map(|activity| activity.id).collect();
    let declared: std::collections::BTreeSet<_> = known_status(state).map(|(about, _)| about).collect();
    declared.intersection(&live).count() as u64
}
