//! Facts of the exercise that is played, in minutes of exercise time after DEBEX; and, in the establishment's journal, of
//! those that were played.

use super::readings::{self, Read, in_time};
use super::{Exercise, MINUTE_MS};
use crate::facts::{Fact, Value};
use crate::register::day::Day;
use crate::state::State;

/// Days within which an exercise must be played again (instruction SHFDS/FSSI/2023/15 of 30 January 2023: one a year).
pub const YEARLY_DAYS: i64 = 365;

fn minutes(state: &State, read: Read) -> Value {
    in_time(state, read)
        .map_or(Value::Unknown, |(exercise, at)| Value::Minutes(exercise.clock.offset_at(at).div_euclid(MINUTE_MS)))
}

fn count(state: &State, of: impl Fn(&Exercise) -> u64) -> Value {
    state.exercises.played().map_or(Value::Unknown, |exercise| Value::Count(of(exercise)))
}

fn unread(exercise: &Exercise) -> u64 {
    exercise.injects.values().filter(|p| p.fired.is_some() && p.read_by.is_empty()).count() as u64
}

/// Days since the last exercise played to its end began; `None` when none ever was.
pub fn days_since_last(state: &State, now: i64) -> Option<i64> {
    let began = state.exercises.last_done()?.closed.as_ref()?.what.results.began_at;
    Some(Day::of_ms(now).number() - Day::of_ms(began).number())
}

macro_rules! minute_facts {
    ($($name:literal, $meaning:literal, $read:path;)+) => {
        [$(Fact { name: $name, meaning: $meaning, compute: |state, _| minutes(state, $read) }),+]
    };
}

const MINUTES: [Fact; 20] = minute_facts![
    "exercise.minutes_to_crisis_opened", "minutes d’exercice entre DEBEX et l’ouverture de la crise", readings::crisis_opened;
    "exercise.minutes_to_first_cell", "minutes d’exercice entre DEBEX et la première cellule installée", readings::first_cell;
    "exercise.minutes_to_decisional_cell", "minutes d’exercice entre DEBEX et la cellule décisionnelle installée", readings::decisional_cell;
    "exercise.minutes_to_it_cell", "minutes d’exercice entre DEBEX et la cellule informatique installée", readings::it_cell;
    "exercise.minutes_to_first_decision", "minutes d’exercice entre DEBEX et la première décision écrite", readings::first_decision;
    "exercise.minutes_to_dpo_alerted", "minutes d’exercice entre DEBEX et la ligne qui dit le DPO prévenu", readings::dpo_alerted;
    "exercise.minutes_to_cert_declared", "minutes d’exercice entre DEBEX et le signalement au CERT Santé", readings::cert_declared;
    "exercise.minutes_to_ars_told", "minutes d’exercice entre DEBEX et la première trace d’un appel, d’un message ou d’un point à l’ARS", readings::ars_told;
    "exercise.minutes_to_cnil_declared", "minutes d’exercice entre DEBEX et la notification à la CNIL", readings::cnil_declared;
    "exercise.minutes_to_complaint", "minutes d’exercice entre DEBEX et le dépôt de plainte", readings::complaint;
    "exercise.minutes_to_insurer_told", "minutes d’exercice entre DEBEX et la déclaration à l’assureur", readings::insurer_told;
    "exercise.minutes_to_first_status", "minutes d’exercice entre DEBEX et le premier état déclaré au tableau de situation", readings::first_status;
    "exercise.minutes_to_full_board", "minutes d’exercice entre DEBEX et le moment où chaque activité de la carte a un état", readings::full_board;
    "exercise.minutes_to_backups_protected", "minutes d’exercice entre DEBEX et la première ligne qui parle des sauvegardes, questions non comprises", readings::backups_protected;
    "exercise.minutes_to_network_cut", "minutes d’exercice entre DEBEX et la première décision ou action de coupure du réseau ou des accès", readings::network_cut;
    "exercise.minutes_to_first_message", "minutes d’exercice entre DEBEX et le premier message ou point émis", readings::first_message;
    "exercise.minutes_to_care_offer", "minutes d’exercice entre DEBEX et la première offre de soins déclarée", readings::care_offer;
    "exercise.minutes_to_handover", "minutes d’exercice entre DEBEX et la première relève écrite", readings::handover;
    "exercise.minutes_to_evidence", "minutes d’exercice entre DEBEX et la première pièce inscrite à la liste des preuves", readings::evidence;
    "exercise.minutes_to_claim_noted", "minutes d’exercice entre DEBEX et la revendication notée", readings::claim_noted;
];

const COUNTS: [Fact; 9] = [
    Fact {
        name: "exercise.messages_sent",
        meaning: "nombre de messages et de points émis pendant l’exercice",
        compute: |state, _| count(state, |_| readings::messages(state)),
    },
    Fact {
        name: "exercise.activities_declared",
        meaning: "nombre d’activités de la carte dont l’état a été déclaré pendant l’exercice",
        compute: |state, _| count(state, |_| readings::activities_declared(state)),
    },
    Fact {
        name: "exercise.injects_fired",
        meaning: "nombre de stimuli joués",
        compute: |state, _| count(state, |e| e.injects.values().filter(|p| p.fired.is_some()).count() as u64),
    },
    Fact {
        name: "exercise.injects_unread",
        meaning: "nombre de stimuli joués qu’aucun joueur n’a ouverts",
        compute: |state, _| count(state, unread),
    },
    Fact {
        name: "exercise.remarks",
        meaning: "nombre de remarques d’observateurs et d’animateurs",
        compute: |state, _| count(state, |e| e.remarks.len() as u64),
    },
    Fact {
        name: "exercise.done",
        meaning: "nombre d’exercices joués jusqu’au bout",
        compute: |state, _| Value::Count(state.exercises.all.values().filter(|e| e.closed.is_some()).count() as u64),
    },
    Fact {
        name: "exercise.planned_ahead",
        meaning: "nombre d’exercices prévus et pas encore joués",
        compute: |state, _| {
            let ahead = |e: &&Exercise| e.closed.is_none() && e.cancelled.is_none();
            Value::Count(state.exercises.all.values().filter(ahead).count() as u64)
        },
    },
    Fact {
        name: "exercise.days_since_last",
        meaning: "nombre de jours depuis le dernier exercice joué jusqu’au bout",
        compute: |state, now| {
            days_since_last(state, now).map_or(Value::Unknown, |days| Value::Count(u64::try_from(days).unwrap_or(0)))
        },
    },
    Fact {
        name: "exercise.yearly_done",
        meaning: "un exercice de crise a été joué dans les douze derniers mois",
        compute: |state, now| Value::Truth(days_since_last(state, now).is_some_and(|days| days <= YEARLY_DAYS)),
    },
];

const fn joined() -> [Fact; 29] {
    let mut all = [const { Fact { name: "", meaning: "", compute: |_, _| Value::Unknown } }; 29];
    let mut at = 0;
    while at < 20 {
        all[at] = Fact { name: MINUTES[at].name, meaning: MINUTES[at].meaning, compute: MINUTES[at].compute };
        at += 1;
    }
    while at < 29 {
        all[at] = Fact { name: COUNTS[at - 20].name, meaning: COUNTS[at - 20].meaning, compute: COUNTS[at - 20].compute };
        at += 1;
    }
    all
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &joined();
