//! What the forms of an exercise record. A refusal gives the page back with what was typed.

use super::{console, debrief, grid, meeting, played};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::{Outcome, wrong};
use crate::fields::Filled;
use crate::form::Fields;
use crate::local::Local;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::exercise::clock::{Run, SPEED_MAX};
use domain::exercise::event::conduct::{
    ClockAct, ClockSet, Debriefed, Grade, InjectFired, InjectRead, InjectShifted, InjectSkipped, Observed, Reached,
    ReactionNoted, Remarked, Tone,
};
use domain::exercise::event::scenario::{Channel, Inject};
use domain::exercise::event::{InjectSet, Part};
use domain::exercise::{Exercise, MINUTE_MS};
use store::Receipt;

/// Why injects that a jump passes over are not played.
const PASSED_OVER: &str = "sauté avec le temps";

/// The same inject on the fly, written again by the same person within this long, is a button pressed twice.
const TWICE_WITHIN_MS: i64 = 10_000;

/// `POST /journaux/{journal}/exercice/{act}`.
pub(super) async fn act(
    State(shared): State<Shared>,
    Path((journal, act)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let Some(exercise) = played(&shared, &sent.visitor.view.state) else { return Fault::not_found().into_response() };
    if exercise.part(&sent.visitor.actor).is_none() {
        return Fault::not_found().into_response();
    }
    let next = next(&act, &sent.fields);
    let right = sent.visitor.journal(&shared, &journal).and_then(|_| sent.same_author());
    if right.is_ok() && is_done(&act, &sent, exercise) {
        return sent.done(&Receipt { entries: Vec::new(), replayed: true }, &next);
    }
    let decide = |sent: &Sent| {
        let events = events(&act, sent, exercise)?;
        Ok(Outcome { drafts: events.iter().map(|event| event.draft(exercise.id)).collect(), next })
    };
    let back = |sent: &Sent, fault: &Fault| given_back(&shared, &act, sent, fault, exercise);
    concluded(&shared, &journal, &sent, decide, back).await
}

/// Whether a form asks for what is already so: it was pressed twice, or two people pressed at once.
fn is_done(act: &str, sent: &Sent, exercise: &Exercise) -> bool {
    let (fields, actor) = (&sent.fields, &sent.visitor.actor);
    let inject = exercise.injects.get(fields.get("stimulus")).map(|played| &**played);
    match act {
        "lu" => inject.is_some_and(|p| p.read_by.contains_key(actor)),
        "appel" => exercise.people.get(actor).is_some_and(|p| p.reached.is_some()),
        "arret" => exercise.clock.stopped().is_some(),
        _ if !exercise.is_run_by(actor) => false,
        "jouer" => inject.is_some_and(|p| p.fired.is_some()),
        "ecarter" => inject.is_some_and(|p| p.skipped.is_some()),
        "horloge" => is_clock_so(fields, exercise),
        "volee" => {
            let same = |written: &Inject| {
                written.title == fields.get("title").trim()
                    && written.text == fields.get("text").trim()
                    && written.from == fields.get("from").trim()
            };
            // The request it carried is the one that made it: the page that is asked again is the same.
            let made = exercise.injects.values().filter(|p| p.written.first().by == *actor && same(p.inject()));
            made.filter_map(|p| p.fired.as_ref()).any(|fired| sent.visitor.now - fired.what.0 < TWICE_WITHIN_MS)
        }
        _ => false,
    }
}

fn is_clock_so(fields: &Fields, exercise: &Exercise) -> bool {
    let (clock, run) = (&exercise.clock, exercise.clock.run());
    match fields.get("geste") {
        "debut" => clock.began_at().is_some(),
        "suspendre" => run == Run::Paused,
        "reprendre" => run == Run::Running,
        "fin" => run.is_over() && clock.began_at().is_some(),
        "sauter" => {
            let to = minute(fields).ok().map(|minute| i64::from(minute) * MINUTE_MS);
            matches!((clock.steps().last().map(|step| &step.act), to), (Some(ClockAct::Jump(last)), Some(to)) if *last == to)
        }
        gesture => gesture.strip_prefix("vitesse-").and_then(|speed| speed.parse().ok()) == Some(clock.speed()),
    }
}

fn next(act: &str, fields: &Fields) -> String {
    let stimulus = crate::session::percent(fields.get("stimulus"));
    match act {
        "lu" => format!("/boite/{stimulus}"),
        "appel" => "/briefing".to_owned(),
        "juger" => format!("/grille#c-{}", crate::session::percent(fields.get("criterion"))),
        "remarque" if fields.get("retour") == "grille" => "/grille".to_owned(),
        "debriefing" => "/debriefing".to_owned(),
        "arret" => "/".to_owned(),
        "jouer" | "reaction" | "decaler" => format!("/console?stimulus={stimulus}"),
        _ => "/console".to_owned(),
    }
}

fn given_back(shared: &Shared, act: &str, sent: &Sent, fault: &Fault, exercise: &Exercise) -> Response {
    let (visitor, filled) = (&sent.visitor, Filled::of(&sent.fields, fault));
    match act {
        "lu" => fault.clone().into_response(),
        "appel" => meeting::check_page(shared, visitor, filled),
        "debriefing" => debrief::page(shared, visitor, filled),
        "arret" => meeting::stop_page(shared, visitor, filled),
        "juger" => grid::page(shared, visitor, filled),
        "remarque" if sent.fields.get("retour") == "grille" => grid::page(shared, visitor, filled),
        _ if exercise.is_run_by(&visitor.actor) => {
            console::page(shared, visitor, console::Asked::about(sent.fields.get("stimulus")), filled)
        }
        _ => Fault::not_found().into_response(),
    }
}

fn events(act: &str, sent: &Sent, exercise: &Exercise) -> Result<Vec<Event>, Fault> {
    let fields = &sent.fields;
    let text = |name: &str| fields.get(name).trim().to_owned();
    let now = sent.visitor.now;
    let runs = exercise.part(&sent.visitor.actor) == Some(Part::Facilitator);
    Ok(match act {
        "lu" => vec![Event::InjectRead(InjectRead { key: text("stimulus") })],
        "appel" => vec![Event::ParticipantReached(Reached { note: text("note") })],
        "arret" => vec![Event::ClockSet(ClockSet { act: ClockAct::Stop(text("reason")), at: now })],
        "juger" => vec![Event::CriterionObserved(Observed {
            criterion: text("criterion"),
            grade: grade(fields)?,
            remark: text("remark"),
        })],
        "remarque" => vec![Event::Remarked(remark(sent)?)],
        "debriefing" => vec![Event::Debriefed(Debriefed { answers: answers(fields, exercise) })],
        _ if !runs => return Err(Fault::not_found()),
        "horloge" => clock(fields, exercise, now)?,
        "jouer" => vec![Event::InjectFired(InjectFired { key: text("stimulus"), at: now, by_hand: true })],
        "ecarter" => vec![Event::InjectSkipped(InjectSkipped { key: text("stimulus"), reason: text("reason") })],
        "decaler" => vec![Event::InjectShifted(shift(fields, exercise, now)?)],
        "reaction" => {
            vec![Event::ReactionNoted(ReactionNoted { key: text("stimulus"), grade: grade(fields)?, note: text("note") })]
        }
        "volee" => on_the_fly(fields, exercise, now)?,
        _ => return Err(Fault::not_found()),
    })
}

fn grade(fields: &Fields) -> Result<Grade, Fault> {
    Grade::from_name(fields.get("grade")).ok_or_else(|| wrong("grade", "Choisissez : atteint, partiellement ou non atteint."))
}

fn minute(fields: &Fields) -> Result<u32, Fault> {
    let sentence = "Écrivez une minute de l’exercice en chiffres, par exemple 45.";
    fields.get("minute").trim().parse().map_err(|_| wrong("minute", sentence))
}

fn clock(fields: &Fields, exercise: &Exercise, now: i64) -> Result<Vec<Event>, Fault> {
    let set = |act: ClockAct| Event::ClockSet(ClockSet { act, at: now });
    let gesture = fields.get("geste");
    if let Some(speed) = gesture.strip_prefix("vitesse-") {
        let speed = speed.parse().ok().filter(|speed| (1..=SPEED_MAX).contains(speed));
        return Ok(vec![set(ClockAct::Speed(speed.ok_or_else(|| wrong("geste", "La vitesse va de 1 à 8."))?))]);
    }
    Ok(match gesture {
        "debut" => vec![set(ClockAct::Start)],
        "suspendre" => vec![set(ClockAct::Pause)],
        "reprendre" => vec![set(ClockAct::Resume)],
        "fin" if fields.get("sur") == "1" => vec![set(ClockAct::Finish)],
        "fin" => return Err(wrong("sur", "Cochez la case : FINEX termine l’exercice pour tout le monde.")),
        "sauter" => {
            let to = i64::from(minute(fields)?) * MINUTE_MS;
            if !["jouer", "ecarter"].contains(&fields.get("sautes")) {
                return Err(wrong("sautes", "Dites ce que deviennent les stimuli que l’on saute : joués, ou écartés."));
            }
            let passed = exercise.coming().into_iter().filter(|p| p.due_offset().is_some_and(|due| due < to));
            let skipped = passed
                .map(|p| Event::InjectSkipped(InjectSkipped { key: p.inject().key.clone(), reason: PASSED_OVER.to_owned() }));
            let skips = fields.get("sautes") == "ecarter";
            // Before the jump, in the same request: all of it or nothing.
            skipped.filter(|_| skips).chain([set(ClockAct::Jump(to))]).collect()
        }
        _ => return Err(Fault::malformed("Ce geste sur l’horloge n’est pas connu.")),
    })
}

fn shift(fields: &Fields, exercise: &Exercise, now: i64) -> Result<InjectShifted, Fault> {
    let key = fields.get("stimulus").to_owned();
    let known = exercise.injects.get(&key).and_then(|p| p.due_minute());
    let at = match (fields.get("de").parse::<i32>(), known) {
        (Ok(more), Some(minute)) => minute.saturating_add_signed(more),
        _ => minute(fields)?,
    };
    if i64::from(at) * MINUTE_MS < exercise.clock.offset_at(now) {
        let sentence = format!("La minute {at} est passée : choisissez-en une à venir, ou jouez ce stimulus maintenant.");
        return Err(wrong("minute", sentence));
    }
    Ok(InjectShifted { key, at })
}

/// An inject that was in no chronogramme: written and played as one request.
fn on_the_fly(fields: &Fields, exercise: &Exercise, now: i64) -> Result<Vec<Event>, Fault> {
    let text = |name: &str| fields.get(name).trim().to_owned();
    let key = (1..).map(|n| format!("F{n}")).find(|key| !exercise.injects.contains_key(key)).unwrap_or_default();
    let channel =
        Channel::from_name(fields.get("channel")).ok_or_else(|| wrong("channel", "Choisissez un canal de la liste."))?;
    let to = fields.filled("to").into_iter().collect();
    let inject = Inject {
        key: key.clone(),
        channel,
        from: text("from"),
        to,
        title: text("title"),
        text: text("text"),
        ..Inject::default()
    };
    let set = InjectSet { inject, supersedes: Vec::new() };
    Ok(vec![Event::InjectSet(set), Event::InjectFired(InjectFired { key, at: now, by_hand: true })])
}

fn remark(sent: &Sent) -> Result<Remarked, Fault> {
    let fields = &sent.fields;
    let local = Local::of(&sent.visitor.view.state.register.time_zone);
    let at = match fields.filled("at") {
        None => None,
        Some(typed) => {
            let sentence = "Cette heure n’est pas comprise : écrivez 10:05.";
            Some(local.parse(&typed, sent.visitor.now, false).ok_or_else(|| wrong("at", sentence))?)
        }
    };
    let tone = Tone::from_name(fields.get("tone")).ok_or_else(|| wrong("tone", "Choisissez : point fort, ou à revoir."))?;
    Ok(Remarked { tone, text: fields.get("text").trim().to_owned(), inject: String::new(), line: None, at })
}

fn answers(fields: &Fields, exercise: &Exercise) -> Vec<(String, String)> {
    let questions = exercise.scenario().debrief.iter();
    let answer = |key: &String| fields.get(&format!("q-{key}")).trim().to_owned();
    questions.map(|question| (question.key.clone(), answer(&question.key))).filter(|(_, answer)| !answer.is_empty()).collect()
}
