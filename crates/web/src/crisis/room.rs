//! The crisis room: three columns on a desk, three tabs on a phone, the box always in reach.

use super::counts::{Counts, foot_line};
use super::log::{Filter, Lines};
use super::{counts, crisis, entry_box, room_path, situation, tasks};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::form::Fields;
use crate::fragments::{Key, Moment, Region};
use crate::local::Local;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::crisis::Crisis;
use domain::crisis::event::EntryType;
use journal::ActorId;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The regions that follow the state, as the script asks for them.
const LIVE_PARTS: &str = "log,afaire,situation,comptes";

/// What an address may ask of a room.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(rename = "type")]
    entry_type: Option<String>,
    auteur: Option<String>,
    avant: Option<String>,
    fragment: Option<String>,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            entry_type: self.entry_type.as_deref().and_then(EntryType::from_name),
            author: self.auteur.as_deref().and_then(|a| a.parse().ok()),
            before: self.avant.as_deref().and_then(|b| b.parse().ok()),
        }
    }
}

pub(crate) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let crisis = match crisis(&shared, &visitor, &visitor.view.state, &journal, &id) {
        Ok(crisis) => crisis,
        Err(fault) if asked.fragment.is_some() => return fault.json(),
        Err(fault) => return fault.into_response(),
    };
    let room = Room { shared: &shared, visitor: &visitor, crisis, filter: asked.filter(), now: visitor.now };
    match &asked.fragment {
        Some(parts) => room.fragment(parts),
        None => room.page(&Fields::default(), None),
    }
}

/// The room with its box filled in: after a refusal, or after signing in again.
pub(super) fn page(shared: &Inner, visitor: &Visitor, crisis: &Crisis, fields: &Fields, fault: Option<&Fault>) -> Response {
    Room { shared, visitor, crisis, filter: Filter::default(), now: visitor.now }.page(fields, fault)
}

struct Room<'a> {
    shared: &'a Inner,
    visitor: &'a Visitor,
    crisis: &'a Crisis,
    filter: Filter,
    now: i64,
}

impl Room<'_> {
    /// Regions on their own, in the order asked for; unknown names are passed over.
    fn fragment(&self, parts: &str) -> Response {
        let regions = parts.split(',').filter_map(|part| match part {
            "log" => Some(Region::Log),
            "afaire" => Some(Region::Tasks),
            "situation" => Some(Region::Situation),
            "comptes" => Some(Region::Counts),
            _ => None,
        });
        let mut rendered: Vec<Bytes> = regions.take(Region::ALL.len()).map(|region| self.region(region)).collect();
        let body = if rendered.len() == 1 { rendered.remove(0) } else { Bytes::from(rendered.concat()) };
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
    }

    fn region(&self, region: Region) -> Bytes {
        let moment = Moment { version: self.visitor.view.version, minute: self.now.div_euclid(60_000) };
        // The log looks the same to everybody; the others follow no filter.
        let filter = if region == Region::Log { self.filter } else { Filter::default() };
        let key = Key {
            crisis: self.crisis.id,
            region,
            may_write: region != Region::Log && self.visitor.may_write(),
            entry_type: filter.entry_type,
            author: filter.author,
            before: filter.before,
        };
        self.shared.regions.get(moment, key, || self.render(region).into_string())
    }

    fn render(&self, region: Region) -> Markup {
        let view = &self.visitor.view;
        self.with_lines(|lines| match region {
            Region::Log => lines.show(&self.filter),
            Region::Tasks => tasks::show(lines, self.visitor.may_write()),
            Region::Situation => situation::show(lines, view),
            Region::Counts => counts::region(lines, view),
        })
    }

    fn with_lines<T>(&self, each: impl FnOnce(&Lines<'_>) -> T) -> T {
        let register = &self.visitor.view.state.register;
        let local = Local::of(&register.time_zone);
        let room = room_path(self.shared, self.crisis);
        each(&Lines { crisis: self.crisis, register, local: &local, room: &room, now: self.now })
    }

    fn page(&self, fields: &Fields, fault: Option<&Fault>) -> Response {
        let status = fault.map_or(StatusCode::OK, |f| f.status);
        let page = Page::new(self.shared, self.visitor, Place::Crisis, "Salle de crise").about(self.crisis).filling_window();
        (status, page.render(&self.body(fields, fault))).into_response()
    }

    fn body(&self, fields: &Fields, fault: Option<&Fault>) -> Markup {
        let (counts, foot) = self.with_lines(|lines| (Counts::of(lines), foot_line(lines, &self.visitor.view)));
        let room = room_path(self.shared, self.crisis);
        html! {
            (self.head())
            div.room data-live={ (room) (self.filter.query()) } data-live-parts=(LIVE_PARTS) data-crisis=(self.crisis.id) {
                (tabs(&counts))
                section.pane.panel.pane-log aria-labelledby="titre-log" {
                    header { h2 #titre-log { "Main courante" } (counts.log()) (self.filters(&room)) }
                    div.scroll #defile { div { (self.live(Region::Log)) ol.log #attente aria-label="En attente d’envoi" hidden {} } }
                }
                (entry_box::show(self.shared, self.visitor, self.crisis, fields, fault))
                div.side {
                    section.pane.panel.pane-afaire aria-labelledby="titre-afaire" {
                        header { h2 #titre-afaire { "À faire" } (counts.tasks()) }
                        (self.live(Region::Tasks))
                    }
                    section.pane.panel.pane-situation aria-labelledby="titre-situation" {
                        header { h2 #titre-situation { "Situation" } }
                        (self.live(Region::Situation))
                        h3 { "Connectés" }
                        p data-present-names { (fr(&self.shared.hub.present().names)) }
                    }
                }
            }
            (foot)
            datalist #personnes { @for person in self.visitor.view.state.register.people.values() { option value=(person.name) {} } }
        }
    }

    fn head(&self) -> Markup {
        let people = self.shared.hub.present().people;
        html! { div.roomhead.hide-s { h1 { "Salle de crise" }
        span.muted data-present { (plural(people as u64, "connecté", "connectés")) } } }
    }

    fn live(&self, region: Region) -> PreEscaped<String> {
        PreEscaped(String::from_utf8_lossy(&self.region(region)).into_owned())
    }

    /// What the lines shown have in common.
    fn filtered_by(&self) -> String {
        let name = |author| fr(&self.visitor.view.state.register.name(&author)).into_owned();
        let parts = [self.filter.entry_type.map(|t| t.label().to_owned()), self.filter.author.map(name)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn filters(&self, room: &str) -> Markup {
        let register = &self.visitor.view.state.register;
        let authors: BTreeSet<ActorId> = self.crisis.log.iter().map(|e| e.typist).collect();
        let mut authors: Vec<(String, ActorId)> = authors.into_iter().map(|a| (register.name(&a), a)).collect();
        authors.sort();
        html! {
            @if self.filter.hides() { a.small href=(room) { "Tout voir" } }
            details.more.filter.small {
                summary { @if self.filter.hides() { (fr("Filtre : ")) (self.filtered_by()) } @else { "Filtrer" } }
                form method="get" action=(room) {
                    label { "Type " select name="type" {
                        option value="" { "tous" }
                        @for t in EntryType::ALL { option value=(t.name()) selected[self.filter.entry_type == Some(t)] { (t.label()) } }
                    } }
                    label { "Saisi par " select name="auteur" {
                        option value="" { "tous" }
                        @for (name, actor) in &authors { option value=(actor) selected[self.filter.author == Some(*actor)] { (name) } }
                    } }
                    button.btn.ghost.small { "Filtrer" }
                }
            }
        }
    }
}

/// The phone's tabs, without a script: three radio buttons that say which pane is shown.
fn tabs(counts: &Counts) -> Markup {
    let [log, tasks, situation] = counts.tabs();
    html! {
        input.out #volet-log type="radio" name="volet" checked aria-label="Main courante";
        input.out #volet-afaire type="radio" name="volet" aria-label="À faire";
        input.out #volet-situation type="radio" name="volet" aria-label="Situation";
        div.tabs aria-hidden="true" {
            label for="volet-log" { "Main courante" (log) }
            label for="volet-afaire" { "À faire" (tasks) }
            label for="volet-situation" { "Situation" (situation) }
        }
    }
}
