//! The crisis room: three columns on a desk, three tabs on a phone, the box always in reach.

use super::counts::{Counts, foot_line};
use super::filter::{Asked, Filter, form as filters};
use super::log::Lines;
use super::scene::Scene;
use super::{awaiting, counts, crisis, entry_box, tasks};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::form::Fields;
use crate::fragments::{Key, Region};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use crate::{cells, checklist, legal, replay, situation};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::crisis::Crisis;
use maud::{Markup, PreEscaped, html};

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
    let room = Room { scene: Scene::at(&shared, &visitor, crisis), filter: asked.filter() };
    match &asked.fragment {
        Some(parts) => room.fragment(parts),
        None => room.page(&Fields::default(), None),
    }
}

/// The room with its box filled in: after a refusal, or after signing in again.
pub(super) fn page(shared: &Inner, visitor: &Visitor, crisis: &Crisis, fields: &Fields, fault: Option<&Fault>) -> Response {
    Room { scene: Scene::at(shared, visitor, crisis), filter: Filter::default() }.page(fields, fault)
}

struct Room<'a> {
    scene: Scene<'a>,
    filter: Filter,
}

impl Room<'_> {
    /// Regions on their own, in the order asked for; unknown names are passed over.
    fn fragment(&self, parts: &str) -> Response {
        let regions = parts.split(',').filter_map(Region::named).take(Region::OF_A_ROOM.len());
        let mut rendered: Vec<Bytes> = regions.map(|region| self.region(region)).collect();
        let body = if rendered.len() == 1 { rendered.remove(0) } else { Bytes::from(rendered.concat()) };
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
    }

    /// Who sees the same as this reader, for each region.
    fn key(&self, region: Region) -> Key {
        let common = Key::of(self.scene.crisis.id, region);
        let may_write = self.scene.may_write();
        match region {
            Region::Log => Key { filter: self.filter.query(), ..common },
            Region::Situation | Region::Tasks => Key { may_write, ..common },
            Region::Mine => Key { may_write, functions: checklist::functions_of(self.scene.visitor), ..common },
            Region::Awaiting => Key { may_write, reader: Some(self.scene.visitor.actor), ..common },
            Region::Legal | Region::Cells | Region::Counts | Region::Wall => common,
        }
    }

    fn region(&self, region: Region) -> Bytes {
        let scene = &self.scene;
        scene.shared.regions.get(scene.visitor.moment(), self.key(region), || self.render(region).into_string())
    }

    fn render(&self, region: Region) -> Markup {
        let scene = &self.scene;
        match region {
            Region::Log => self.lines().show(&self.filter),
            Region::Situation => situation::board::column(scene, scene.may_write()),
            Region::Legal => legal::column(scene),
            Region::Tasks => tasks::show(&self.lines(), scene.may_write()),
            Region::Mine => checklist::column(scene),
            Region::Awaiting => awaiting::show(scene),
            Region::Cells => cells::head(scene),
            Region::Counts => counts::region(scene),
            Region::Wall => html! {},
        }
    }

    fn lines(&self) -> Lines<'_> {
        let Scene { crisis, state, local, room, now, .. } = &self.scene;
        Lines { crisis, register: &state.register, local, room, now: *now }
    }

    fn page(&self, fields: &Fields, fault: Option<&Fault>) -> Response {
        let Scene { shared, visitor, crisis, .. } = &self.scene;
        let status = fault.map_or(StatusCode::OK, |f| f.status);
        let page = Page::new(shared, visitor, Place::Crisis, "Salle de crise").about(crisis).filling_window();
        (status, page.render(&self.body(fields, fault))).into_response()
    }

    fn body(&self, fields: &Fields, fault: Option<&Fault>) -> Markup {
        let scene = &self.scene;
        let counts = Counts::of(scene);
        let parts = Region::OF_A_ROOM.map(|(name, _)| name).join(",");
        html! {
            (self.head())
            div.room data-live=[self.followed()] data-live-parts=(parts) data-crisis=(scene.crisis.id) {
                (tabs(&counts, awaiting::count(scene) > 0))
                section.pane.panel.pane-log aria-labelledby="titre-log" {
                    header { h2 #titre-log { "Main courante" } (counts.log()) (filters(scene.visitor, scene.crisis, &scene.room, &self.filter)) }
                    div.scroll #defile { div { (self.live(Region::Log)) ol.log #attente aria-label="En attente d’envoi" hidden {} } }
                }
                (entry_box::show(scene.shared, scene.visitor, scene.crisis, fields, fault))
                section.pane.panel.pane-situation aria-labelledby="titre-situation" {
                    header { h2 #titre-situation { "Situation" }
                        span.more.small { a href={ (scene.room) "/situation" } { "Tableau" } " · " a href={ (scene.room) "/offre" } { "Offre de soins" } " · " a href="/carte/activites" { "Carte" } } }
                    div.awaiting.only-s { (self.live(Region::Awaiting)) }
                    (self.live(Region::Situation))
                }
                div.pane.pane-afaire {
                    div.awaiting.hide-s { (self.live(Region::Awaiting)) }
                    section.panel aria-labelledby="titre-echeances" {
                        header { h2 #titre-echeances { "Échéances légales" } a.more.small href={ (scene.room) "/echeances" } { "Toutes" } }
                        (self.live(Region::Legal))
                    }
                    section.panel aria-labelledby="titre-afaire" {
                        header { h2 #titre-afaire { "À faire" } (counts.tasks()) }
                        (self.live(Region::Tasks))
                    }
                    section.panel aria-labelledby="titre-liste" {
                        header { h2 #titre-liste { "Ma liste" } }
                        (self.live(Region::Mine))
                    }
                }
            }
            (foot_line(scene))
            (self.quick_form())
            datalist #personnes { @for person in scene.state.register.people.values() { option value=(person.name) {} } }
        }
    }

    /// The form that the script opens in a row of the board; without it, the row's link leads to the page of the same form.
    fn quick_form(&self) -> Markup {
        html! { @if self.scene.may_write() { template #declarer-vite { (situation::board::quick_form()) } } }
    }

    fn head(&self) -> Markup {
        let scene = &self.scene;
        let present = scene.shared.hub.present();
        html! {
            div.roomhead.hide-s {
                h1 { "Salle de crise" }
                (self.live(Region::Cells))
                (self.sites())
                @if scene.visitor.replayed.is_none() {
                    details.more.present { summary.muted data-present { (plural(present.people as u64, "connecté", "connectés")) } p data-present-names { (fr(&present.names)) } }
                }
                nav.crumbs aria-label="Salle" {
                    a href={ (scene.room) "/mur" } { "Mur" } " · " a href={ (scene.room) "/point" } { "Point de situation" } " · "
                    a href={ (scene.room) "/releve" } { "Relève" } " · " a href={ (scene.room) "/cadre" } { "Niveau et levée" }
                    @if scene.may_write() { " · " a href={ (scene.room) "/papier" } { "Reprendre un cahier" } }
                    @if scene.visitor.replayed.is_none() { " · " a href=(replay::link(scene.visitor, &scene.room)) { "Revoir à une heure…" } }
                }
            }
        }
    }

    /// Sites and establishments of the group that the crisis concerns.
    fn sites(&self) -> Markup {
        let places = &self.scene.state.register.places;
        let names: Vec<&str> =
            self.scene.crisis.frame().sites.iter().filter_map(|id| places.get(id)).map(|p| p.name.as_str()).collect();
        html! { @match names.as_slice() {
            [] => {},
            [one] => span.muted.sites { (fr(one)) },
            several => details.present { summary.muted { (several.len()) " sites" } p { (fr(&several.join(", "))) } },
        } }
    }

    /// Where the script asks for what has changed; the past does not change.
    fn followed(&self) -> Option<String> {
        self.scene.visitor.replayed.is_none().then(|| format!("{}{}", self.scene.room, self.filter.query()))
    }

    fn live(&self, region: Region) -> PreEscaped<String> {
        PreEscaped(String::from_utf8_lossy(&self.region(region)).into_owned())
    }
}

/// The phone's tabs, without a script: three radio buttons that say which pane is shown. What waits for the reader's decision comes first.
fn tabs(counts: &Counts, awaited: bool) -> Markup {
    let [log, situation, tasks] = counts.tabs();
    html! {
        input.out #volet-log type="radio" name="volet" checked[!awaited] aria-label="Main courante";
        input.out #volet-situation type="radio" name="volet" checked[awaited] aria-label="Situation";
        input.out #volet-afaire type="radio" name="volet" aria-label="À faire";
        div.tabs aria-hidden="true" {
            label for="volet-log" { "Main courante" (log) }
            label for="volet-situation" { "Situation" (situation) }
            label for="volet-afaire" { "À faire" (tasks) }
        }
    }
}
