//! « Ma liste »: the gestures of my function, beside the room.

use super::of;
use crate::crisis::acts::ids;
use crate::crisis::scene::Scene;
use crate::session::Visitor;
use crate::typography::fr;
use domain::checklist::List;
use domain::checklist::event::Gesture;
use domain::register::Role;
use maud::{Markup, html};

/// Most gestures shown beside the room; the page shows them all.
const SHOWN_MAX: usize = 6;

/// Functions whose lists are mine: those I hold or stand in for in the register, else the one my role stands for.
/// A region that shows « Ma liste » is the same for all who have the same.
pub(crate) fn functions_of(visitor: &Visitor) -> Vec<String> {
    let register = &visitor.view.state.register;
    let me = visitor.actor;
    let held = |function: &domain::register::event::Function| function.holder == Some(me) || function.deputies.contains(&me);
    let mut mine: Vec<String> = register.functions.iter().filter(|(_, f)| held(f)).map(|(_, f)| f.key.clone()).collect();
    if mine.is_empty() {
        mine.push(of_role(visitor.role).to_owned());
    }
    mine.sort();
    mine
}

fn of_role(role: Role) -> &'static str {
    match role {
        Role::Direction => "directeur_crise",
        Role::Administrator => "garde_administrative",
        Role::Secretary => "secretaire_cellule",
        Role::Solo => "seul_garde",
        Role::Member | Role::Observer => "tout_agent",
    }
}

/// The region of the room: my list that still has something to do, else the last one.
pub(crate) fn column(scene: &Scene<'_>) -> Markup {
    let mine = functions_of(scene.visitor);
    let lists: Vec<&List> = of(scene).map(|all| all.in_order()).unwrap_or_default();
    let mut lists: Vec<&List> = lists.into_iter().filter(|list| mine.contains(&list.words().function)).collect();
    lists.sort_by_key(|list| list.left().count() == 0);
    let page = format!("{}/gestes", scene.room);
    html! {
        div #ma-liste data-live-key="ma-liste" {
            @match lists.first() {
                None => p.empty { "Aucune liste pour votre fonction. " a href=(page) { "Voir les listes" } },
                Some(list) => {
                    @let (done, all) = list.progress();
                    p.small.muted { (fr(&list.words().title)) ", " (done) " sur " (all) }
                    @for gesture in list.left().take(SHOWN_MAX) { (row(scene, list, gesture, true)) }
                    @if done == all { p { span.st.ok { "tout est coché" } } }
                    p.small { a href={ (page) "#" (list.id()) } { "Toute la liste" }
                        @if lists.len() > 1 { ", " (crate::today::plural(lists.len() as u64 - 1, "autre liste", "autres listes")) } }
                }
            }
        }
    }
}

/// A gesture to tick; ticked, who and when.
pub(super) fn row(scene: &Scene<'_>, list: &List, gesture: &Gesture, in_room: bool) -> Markup {
    let tick = list.tick(&gesture.key);
    let done = list.is_done(&gesture.key);
    let conflict = list.conflict(&gesture.key).len();
    let id = format!("{}-{}", &list.id().to_string()[..8], gesture.key);
    html! {
        div.task.gesture.done[done] id={ "g-" (id) } {
            @if scene.may_write() {
                form method="post" action={ (scene.room) "/gestes/" (list.id()) "/cocher" } data-quick[in_room] {
                    @if in_room { input type="hidden" name="from" value="room"; }
                    input type="hidden" name="gesture" value=(gesture.key);
                    input type="hidden" name="done" value=(if done { "0" } else { "1" });
                    input type="hidden" name="supersedes" value=(ids(&list.ticks.get(&gesture.key).map(|t| t.seen()).unwrap_or_default()));
                    button.tick id={ "k-" (id) } aria-pressed=(done) aria-label={ (if done { "Décocher : " } else { "Cocher : " }) (gesture.text) } {}
                }
            } @else { span.box aria-hidden="true" {} }
            div.what { span.x { (fr(&gesture.text)) }
                @if let Some(tick) = tick.filter(|_| !in_room) {
                    " " span.by { @if done { "fait" } @else { "décoché" } " par " (fr(&scene.state.register.name(&tick.by))) " à " (scene.short(tick.wall))
                        @if let Some(note) = &tick.value.note { ", " (fr(note)) } }
                }
                @if conflict > 1 { " " span.st.small.down { "conflit (" (conflict) ")" } } }
            span {}
        }
    }
}
