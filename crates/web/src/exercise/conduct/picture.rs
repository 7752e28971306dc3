//! The chronogramme of a running exercise as a picture.

use super::super::picture::{self, Dot, Shape};
use super::console::Asked;
use super::{Here, table};
use crate::typography::fr;
use domain::exercise::results::{Reaction, reaction};
use domain::exercise::{MINUTE_MS, Played};
use maud::{Markup, html};

/// How an inject looks and is called.
pub(super) fn status(here: &Here<'_>, played: &Played) -> (&'static str, String) {
    let missing = reaction(here.state(), here.exercise, played, here.now()) == Reaction::Missing;
    match (&played.fired, &played.skipped) {
        (Some(_), _) if missing => ("warn", "réaction manquante".to_owned()),
        (Some(_), _) => ("ok", "joué".to_owned()),
        (_, Some(_)) => ("unknown", "écarté".to_owned()),
        _ if here.exercise.clock.run().is_over() => ("unknown", "non joué".to_owned()),
        _ if played.due_minute().is_none() => ("unknown", "en réserve".to_owned()),
        _ if played.moved_to.is_some() => ("unknown", "décalé, à venir".to_owned()),
        _ => ("unknown", "à venir".to_owned()),
    }
}

fn dot(here: &Here<'_>, asked: &Asked, played: &Played) -> Option<Dot> {
    let inject = played.inject();
    let (class, word) = status(here, played);
    let shape = match (&played.fired, &played.skipped) {
        (Some(_), _) => Shape::Played,
        (None, Some(_)) => Shape::Skipped,
        (None, None) => Shape::Coming,
    };
    // What was played stands where it was.
    let fired = played.fired.as_ref().map(|fired| here.exercise.clock.offset_at(fired.what.0));
    let offset = fired.or_else(|| table::offset(here, played))?;
    Some(Dot {
        key: inject.key.clone(),
        title: here.filled(&inject.title),
        minute: u32::try_from(offset.div_euclid(MINUTE_MS)).unwrap_or(u32::MAX),
        channel: inject.channel,
        class,
        word,
        shape,
        href: asked.choosing(&inject.key),
        chosen: asked.stimulus == inject.key,
    })
}

pub(super) fn show(here: &Here<'_>, asked: &Asked) -> Markup {
    let exercise = here.exercise;
    let dots: Vec<Dot> = exercise.chronogramme().iter().filter_map(|played| dot(here, asked, played)).collect();
    let now = exercise.clock.began_at().map(|_| exercise.clock.offset_at(here.now()));
    html! {
        (picture::show(exercise.scenario(), &dots, now))
        p.small.key { span { span.bar-mark aria-hidden="true" {} (fr("joué")) } span { span.bar-mark.warn aria-hidden="true" {} (fr("réaction manquante")) }
            span { (fr("× écarté")) } span { @if here.exercise.clock.run().is_over() { (fr("○ non joué")) } @else { (fr("○ à venir")) } } span { (fr("◉ choisi")) }
            @if here.acts() { span.keys-line.hide-s { kbd { "espace" } " suspendre " kbd { "j" } " jouer " kbd { "↑" } " " kbd { "↓" } " choisir " kbd { "o" } " remarque" } } }
    }
}
