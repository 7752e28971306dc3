//! The chronogramme of a running exercise as a picture.

use super::super::picture::{self, Dot, Shape};
use super::Here;
use crate::session::percent;
use crate::typography::fr;
use domain::exercise::Played;
use domain::exercise::results::{Reaction, reaction};
use maud::{Markup, html};

/// How an inject looks and is called.
pub(super) fn status(here: &Here<'_>, played: &Played) -> (&'static str, String) {
    let late = reaction(here.state(), here.exercise, played, here.now()) == Reaction::Missing;
    match (&played.fired, &played.skipped) {
        (Some(_), _) if late => ("warn", "sans réaction".to_owned()),
        (Some(_), _) => ("ok", "joué".to_owned()),
        (_, Some(_)) => ("unknown", "écarté".to_owned()),
        _ if played.due_minute().is_none() => ("unknown", "en réserve".to_owned()),
        _ if played.moved_to.is_some() => ("unknown", "décalé, à venir".to_owned()),
        _ => ("unknown", "à venir".to_owned()),
    }
}

pub(super) fn show(here: &Here<'_>, chosen: Option<&str>) -> Markup {
    let exercise = here.exercise;
    let dot = |played: &&std::sync::Arc<Played>| {
        let inject = played.inject();
        let (class, word) = status(here, played);
        let shape = match (&played.fired, &played.skipped) {
            (Some(_), _) => Shape::Played,
            (None, Some(_)) => Shape::Skipped,
            (None, None) => Shape::Coming,
        };
        Some(Dot {
            key: inject.key.clone(),
            title: here.filled(&inject.title),
            minute: played.due_minute()?,
            channel: inject.channel,
            class,
            word,
            shape,
            href: format!("/console?stimulus={}", percent(&inject.key)),
            chosen: chosen == Some(inject.key.as_str()),
        })
    };
    let dots: Vec<Dot> = exercise.chronogramme().iter().filter_map(dot).collect();
    let now = exercise.clock.began_at().map(|_| exercise.clock.offset_at(here.now()));
    html! {
        (picture::show(exercise.scenario(), &dots, now))
        p.small.muted { span.st.ok { (fr("joué")) } " " span.st.warn { (fr("sans réaction")) } " " span.st.unknown { (fr("à venir")) } " " (fr("× écarté")) }
    }
}
