//! The course of the outage: how many activities are hit at each step, in figures and in a picture.

use super::Scene;
use crate::cartography::duration;
use crate::typography::fr;
use domain::cartography::network::Fate;
use domain::cartography::network::course::{Count, count};
use maud::{Markup, html};

/// Moments looked at, in minutes: those of the impact analysis, and the loss itself.
const MOMENTS: [u32; 6] = [0, 60, 240, 1_440, 4_320, 10_080];
/// Width of a bar that would hold every activity, px.
const BAR_PX: usize = 240;

/// The steps; each leads to the same page at that moment.
pub(super) fn section(scene: &Scene<'_>, fates: &[Fate<'_>]) -> Markup {
    let mut moments = MOMENTS.to_vec();
    if !moments.contains(&scene.asked.at) {
        moments.push(scene.asked.at);
        moments.sort_unstable();
    }
    let counts: Vec<Count> = moments.iter().map(|minute| count(fates, *minute)).collect();
    let all = scene.net.activities.len();
    html! {
        section.panel aria-labelledby="heures" {
            header { h2 #heures { "Heure après heure" } span.muted.small { "activités, sur " (all) } }
            table.course {
                thead { tr { th scope="col" { "Après" } th.n scope="col" { "Arrêtées" } th.n scope="col" { "Dégradées" } th.n scope="col" { "Limite passée" } th.hide-s aria-hidden="true" {} } }
                tbody { @for step in &counts { (row(scene, step, all)) } }
            }
            p.small.muted { (fr("Choisissez une heure : le tableau et la carte montrent ce moment. ")) span.st.down { "arrêtées" } " " span.st.warn { "dégradées" } }
        }
    }
}

fn row(scene: &Scene<'_>, step: &Count, all: usize) -> Markup {
    let here = step.minute == scene.asked.at;
    html! { tr.here[here] {
        td { a href=(scene.asked.at_minute(step.minute).address()) aria-current=[here.then_some("true")] { (fr(&name(step.minute))) }
            @if let Some(clock) = scene.clock(step.minute) { " " span.small.muted { (clock) } } }
        td.n { (step.stopped) } td.n { (step.degraded) }
        td.n { @if step.past > 0 { b { (step.past) } } @else { "0" } }
        td.hide-s aria-hidden="true" { (bar(step, all)) }
    } }
}

/// `T0`, `4 h`, `72 h`, `1 semaine`.
fn name(minute: u32) -> String {
    match minute {
        0 => "T0".to_owned(),
        4_320 => "72 h".to_owned(),
        10_080 => "1 semaine".to_owned(),
        minute => duration(minute),
    }
}

fn bar(step: &Count, all: usize) -> Markup {
    let px = |count: usize| count * BAR_PX / all.max(1);
    let (stopped, touched) = (px(step.stopped), px(step.stopped + step.degraded));
    html! {
        svg.bar width=(BAR_PX) height="12" viewBox={ "0 0 " (BAR_PX) " 12" } {
            rect.all x="0" y="10" width=(BAR_PX) height="2" {}
            rect.degraded x=(stopped) y="3" width=(touched.saturating_sub(stopped)) height="9" {}
            rect.stopped x="0" y="0" width=(stopped) height="12" {}
        }
    }
}
