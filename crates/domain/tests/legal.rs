//! The legal side of a crisis as its users rely on it.

mod story;

use domain::Event;
use domain::facts::Value;
use domain::legal::event::{ClaimNoted, ClockAdopted, ClockClosed, ComplaintAnswered, Delay, EvidenceListed, Outcome, Starts};
use domain::legal::{Due, Legal};
use domain::register::Role;
use journal::{EntryId, Standing, SubjectId};
use story::{CRISIS, FULL, HOUR, KNOWN, MINUTE, Story};

fn clock(key: &str, starts: Starts, delay: Delay) -> ClockAdopted {
    ClockAdopted { key: key.into(), title: format!("Échéance {key}"), starts, delay, ..ClockAdopted::default() }
}

fn sent(key: &str, at: i64) -> ClockClosed {
    ClockClosed { key: key.into(), at, by: "H. Vasseur".into(), reference: "2026-1".into(), ..ClockClosed::default() }
}

fn with_clocks() -> Story {
    let mut story = Story::new();
    let adopted = [
        clock("nis2_final", Starts::After("nis2".into()), Delay::Months(1)),
        clock("nis2", Starts::Known, Delay::Hours(72)),
        clock("cert_sante", Starts::Known, Delay::None),
        clock("assureur", Starts::Known, Delay::Local),
    ];
    for clock in adopted {
        story.done(Role::Member, &Event::ClockAdopted(clock));
    }
    story
}

fn legal(story: &Story) -> &Legal {
    &story.state.legal[&CRISIS]
}

fn due(story: &Story, key: &str) -> Due {
    legal(story).due(&legal(story).clocks[key], story.crisis())
}

#[test]
fn without_delay_comes_first_and_is_late_from_the_start() {
    let story = with_clocks();
    let order: Vec<&str> = legal(&story).running(story.crisis()).iter().map(|(clock, _)| clock.key()).collect();
    assert_eq!(order, ["cert_sante", "nis2", "assureur", "nis2_final"]);
    assert_eq!(due(&story, "cert_sante"), Due::Now);
    assert_eq!(due(&story, "nis2"), Due::At { from: KNOWN, until: KNOWN + 72 * HOUR });
    assert_eq!((due(&story, "nis2_final"), due(&story, "assureur")), (Due::After("nis2".into()), Due::Unset));
    assert_eq!(story.fact("legal.clocks_overdue", KNOWN), Value::Count(1));
    assert_eq!(story.fact("legal.clocks_overdue", KNOWN + 72 * HOUR + 1), Value::Count(2));
    assert_eq!(story.fact("legal.clocks_running", 0), Value::Count(4));
}

#[test]
fn delays_follow_a_corrected_time_and_the_declaration_before() {
    let mut story = with_clocks();
    let earlier = domain::crisis::event::Reframed {
        title: "Rançongiciel".into(),
        occurred_at: KNOWN - 3 * HOUR,
        known_at: KNOWN - HOUR,
        reason: "La sonde avait alerté.".into(),
        supersedes: story.crisis().frames().seen(),
        ..Default::default()
    };
    story.done(Role::Member, &Event::CrisisReframed(earlier));
    assert_eq!(due(&story, "nis2"), Due::At { from: KNOWN - HOUR, until: KNOWN + 71 * HOUR });
    story.done(Role::Member, &Event::ClockClosed(sent("nis2", KNOWN + 10 * HOUR)));
    // 1970-01-01 01:00 later by a month.
    assert!(
        matches!(due(&story, "nis2_final"), Due::At { from, until } if from == KNOWN + 10 * HOUR && until == from + 31 * 24 * HOUR)
    );
    let not_applicable =
        ClockClosed { outcome: Outcome::NotApplicable, reason: "Hors du champ.".into(), ..sent("cert_sante", KNOWN) };
    story.done(Role::Member, &Event::ClockClosed(not_applicable));
    assert_eq!(story.fact("legal.cert_sante_declared_minutes", 0), Value::Unknown, "not declared: without object");
    assert_eq!(story.fact("legal.clocks_closed", 0), Value::Count(2));
}

#[test]
fn a_declaration_is_closed_with_its_proof_and_runs_again_if_it_was_a_mistake() {
    let mut story = with_clocks();
    let close = Event::ClockClosed(sent("cert_sante", KNOWN + 50 * MINUTE));
    assert_eq!(story.refused(Role::Observer, &close), "observer");
    assert_eq!(story.refused(Role::Member, &Event::ClockClosed(sent("inconnue", 0))), "unknown_clock");
    let silent = ClockClosed { outcome: Outcome::NotApplicable, ..sent("cert_sante", 0) };
    assert_eq!(story.refused(Role::Member, &Event::ClockClosed(silent)), "empty_text");
    let running = ClockClosed { outcome: Outcome::Reopened, reason: "Erreur.".into(), ..sent("cert_sante", 0) };
    assert_eq!(story.refused(Role::Member, &Event::ClockClosed(running.clone())), "running");
    let first = story.done(Role::Member, &close);
    assert_eq!(story.fact("legal.cert_sante_declared_minutes", 0), Value::Minutes(50));
    assert_eq!(story.refused(Role::Secretary, &Event::ClockClosed(sent("cert_sante", 5))), "already_closed");
    story.done(Role::Member, &Event::ClockClosed(ClockClosed { supersedes: vec![first], ..running }));
    assert!(legal(&story).clocks["cert_sante"].is_running());
    assert_eq!(story.refused(Role::Member, &close), "unseen_version");
}

#[test]
fn closed_twice_by_two_people_who_were_apart_is_a_conflict() {
    let mut story = with_clocks();
    story.event(&Event::ClockClosed(sent("nis2", KNOWN + HOUR)), FULL);
    let other = ClockClosed { reference: "2026-2".into(), ..sent("nis2", KNOWN + 2 * HOUR) };
    story.event(&Event::ClockClosed(other.clone()), FULL);
    let clock = &legal(&story).clocks["nis2"];
    assert_eq!((clock.endings_in_conflict().len(), clock.is_running()), (2, false));
    let seen = clock.endings.as_ref().expect("endings").seen();
    story.done(Role::Member, &Event::ClockClosed(ClockClosed { supersedes: seen, ..other }));
    assert!(legal(&story).clocks["nis2"].endings_in_conflict().is_empty());
}

#[test]
fn a_delay_of_ones_own_gets_its_date_and_cannot_run_after_itself() {
    let mut story = with_clocks();
    let again = clock("assureur", Starts::Known, Delay::Local);
    assert_eq!(story.refused(Role::Member, &Event::ClockAdopted(again.clone())), "already_adopted");
    let seen = legal(&story).clocks["assureur"].adopted.seen();
    let dated = ClockAdopted { due_at: Some(KNOWN + 48 * HOUR), supersedes: seen, ..again };
    story.done(Role::Member, &Event::ClockAdopted(dated));
    assert_eq!(due(&story, "assureur"), Due::At { from: KNOWN, until: KNOWN + 48 * HOUR });
    let loops = clock("a", Starts::After("a".into()), Delay::Hours(1));
    assert_eq!(story.refused(Role::Member, &Event::ClockAdopted(loops)), "after_itself");
    let endless = clock("b", Starts::Known, Delay::Hours(u32::MAX));
    assert_eq!(story.refused(Role::Member, &Event::ClockAdopted(endless)), "delay_too_long");
}

#[test]
fn answers_evidence_and_claims_keep_their_versions() {
    let mut story = Story::new();
    let answer = |text: &str, supersedes| {
        let (key, question) = ("quand".to_owned(), "Quand ?".to_owned());
        Event::ComplaintAnswered(ComplaintAnswered { key, question, answer: text.into(), supersedes })
    };
    let first = story.done(Role::Member, &answer("À 05:20.", Vec::new()));
    assert_eq!(story.refused(Role::Member, &answer("À 05:10.", Vec::new())), "unseen_version");
    assert_eq!(story.refused(Role::Member, &answer("À 05:10.", vec![EntryId([99; 32])])), "unknown_version");
    story.done(Role::Member, &answer("À 05:10.", vec![first]));
    story.done(Role::Member, &answer("À 05:15.", vec![first]));
    assert_eq!(legal(&story).complaint["quand"].survivors().len(), 2);
    let piece = EvidenceListed {
        evidence: SubjectId([1; 16]),
        label: "Photo de la note".into(),
        place: "Coffre".into(),
        held_by: "M. Tessier".into(),
        taken_at: None,
        note: String::new(),
        attachments: Vec::new(),
        supersedes: Vec::new(),
    };
    assert_eq!(
        story.refused(Role::Member, &Event::EvidenceListed(EvidenceListed { place: String::new(), ..piece.clone() })),
        "empty_text"
    );
    story.done(Role::Member, &Event::EvidenceListed(piece));
    let claim = ClaimNoted {
        claim: SubjectId([2; 16]),
        claimant: "Groupe X".into(),
        demand: "Publier les données.".into(),
        amount: "=CMD()".into(),
        channel: String::new(),
        deadline: Some(KNOWN + 240 * HOUR),
        attachments: Vec::new(),
        supersedes: Vec::new(),
    };
    story.done(Role::Member, &Event::ClaimNoted(claim));
    let legal = legal(&story);
    assert_eq!((legal.evidence_listed().len(), legal.claims_noted().len()), (1, 1));
}

#[test]
fn without_authority_nothing_changes_and_dangling_entries_do_no_harm() {
    let mut story = Story::new();
    story.event(&Event::ClockClosed(sent("nulle", 0)), FULL);
    story.event(&Event::ClockAdopted(clock("cnil", Starts::Known, Delay::Hours(72))), Standing::NoRole);
    assert!(story.state.legal.get(&CRISIS).is_none_or(|legal| legal.clocks.is_empty()));
    for name in ["legal.clocks_overdue", "legal.claims"] {
        assert!(matches!(story.fact(name, 0), Value::Count(0) | Value::Unknown));
    }
}
