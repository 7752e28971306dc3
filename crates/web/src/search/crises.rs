//! What belongs to a crisis besides its log: cells, clocks, evidence, claims, lists.

use super::Seeking;
use super::found::{Group, Hit};
use super::records::joined;
use crate::crisis::room_path;
use domain::crisis::Crisis;

/// Crises first, then what they hold.
pub(super) fn groups<'q>(seeking: &Seeking<'q>) -> Vec<Group<'q>> {
    let mut all: Vec<&Crisis> = seeking.state().crises.values().collect();
    all.sort_by_key(|crisis| std::cmp::Reverse((crisis.order, crisis.id)));
    vec![
        crises(seeking, &all),
        cells(seeking, &all),
        clocks(seeking, &all),
        evidence(seeking, &all),
        claims(seeking, &all),
        lists(seeking, &all),
    ]
}

fn crises<'q>(seeking: &Seeking<'q>, all: &[&Crisis]) -> Group<'q> {
    let mut group = Group::new(seeking.query, "crises", "Crises");
    for crisis in all {
        let lifted = if crisis.lifted().is_some() { "levée" } else { "" };
        group.look(&crisis.title, &[crisis.level.label(), lifted], || Hit {
            title: crisis.title.clone(),
            detail: joined(&[
                crisis.level.label(),
                &format!("début le {}", seeking.local.day_and_time(crisis.occurred_at)),
                lifted,
            ]),
            href: room_path(seeking.shared, crisis),
        });
    }
    group
}

fn cells<'q>(seeking: &Seeking<'q>, all: &[&Crisis]) -> Group<'q> {
    let mut group = Group::new(seeking.query, "cellules", "Cellules");
    for crisis in all {
        let Some(cells) = seeking.state().cells.get(&crisis.id) else { continue };
        for cell in cells.sitting().into_iter().chain(cells.stood_down()) {
            let set = cell.set();
            let names: Vec<&str> = cell.members().iter().map(|member| member.name.as_str()).collect();
            let members = names.join(", ");
            let mut others = vec![set.room.as_str(), &set.phone, set.kind.label(), &members];
            others.extend(cell.meetings.iter().map(|meeting| meeting.summary.as_str()));
            let ended = cell.ended.as_ref().map_or("", |_| "terminée");
            group.look(&set.name, &others, || Hit {
                title: set.name.clone(),
                detail: joined(&[ended, &set.room, &set.phone, &members, &crisis.title]),
                href: format!("{}/cellules/{}", room_path(seeking.shared, crisis), cell.id),
            });
        }
    }
    group
}

fn clocks<'q>(seeking: &Seeking<'q>, all: &[&Crisis]) -> Group<'q> {
    let mut group = Group::new(seeking.query, "echeances", "Échéances légales");
    for crisis in all {
        let Some(legal) = seeking.state().legal.get(&crisis.id) else { continue };
        for clock in legal.clocks.values() {
            let words = clock.words();
            let end = clock.ending().map(|end| &end.value);
            let reference = end.map_or("", |end| &end.reference);
            let state = if end.is_some() { "close" } else { "en cours" };
            group.look(&words.title, &[&words.what, &words.whom, &words.who, &words.contact, &words.basis, reference], || Hit {
                title: words.title.clone(),
                detail: joined(&[state, &words.whom, &words.what, reference, &crisis.title]),
                href: format!("{}/echeances/{}", room_path(seeking.shared, crisis), crate::session::percent(clock.key())),
            });
        }
    }
    group
}

fn evidence<'q>(seeking: &Seeking<'q>, all: &[&Crisis]) -> Group<'q> {
    let mut group = Group::new(seeking.query, "preuves", "Preuves");
    for crisis in all {
        let Some(legal) = seeking.state().legal.get(&crisis.id) else { continue };
        for piece in legal.evidence_listed() {
            let set = &piece.current().value;
            let files: Vec<&str> = set.attachments.iter().map(|file| file.name.as_str()).collect();
            group.look(&set.label, &[&set.place, &set.held_by, &set.note, &files.join(" ")], || Hit {
                title: set.label.clone(),
                detail: joined(&[&set.place, &set.held_by, &set.note, &crisis.title]),
                href: format!("{}/plainte#preuves", room_path(seeking.shared, crisis)),
            });
        }
    }
    group
}

fn claims<'q>(seeking: &Seeking<'q>, all: &[&Crisis]) -> Group<'q> {
    let mut group = Group::new(seeking.query, "revendications", "Revendications");
    for crisis in all {
        let Some(legal) = seeking.state().legal.get(&crisis.id) else { continue };
        for claim in legal.claims_noted() {
            let set = &claim.current().value;
            group.look(&set.claimant, &[&set.demand, &set.amount, &set.channel], || Hit {
                title: set.claimant.clone(),
                detail: joined(&[&seeking.excerpt(&set.demand), &set.amount, &set.channel, &crisis.title]),
                href: format!("{}/revendications", room_path(seeking.shared, crisis)),
            });
        }
    }
    group
}

fn lists<'q>(seeking: &Seeking<'q>, all: &[&Crisis]) -> Group<'q> {
    let mut group = Group::new(seeking.query, "gestes", "Listes de gestes");
    for crisis in all {
        let Some(lists) = seeking.state().checklists.get(&crisis.id) else { continue };
        for list in lists.in_order() {
            let words = list.words();
            let gestures: Vec<&str> = words.gestures.iter().map(|gesture| gesture.text.as_str()).collect();
            group.look(&words.title, &gestures, || {
                let alone = |text: &&&str| seeking.query.rank(text, &[], &mut super::fold::Scratch::default()).is_some();
                let found = gestures.iter().find(alone).copied().unwrap_or_default();
                Hit {
                    title: words.title.clone(),
                    detail: joined(&[found, &crisis.title]),
                    href: format!("{}/gestes", room_path(seeking.shared, crisis)),
                }
            });
        }
    }
    group
}
