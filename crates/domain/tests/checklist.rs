//! Lists of gestures as their users rely on them.

mod story;

use domain::Event;
use domain::checklist::List;
use domain::checklist::event::{Gesture, ListAdopted, Ticked};
use domain::facts::Value;
use domain::register::Role;
use journal::{Standing, SubjectId};
use story::{CRISIS, FULL, Story};

const LIST: SubjectId = SubjectId([5; 16]);

fn adopted() -> ListAdopted {
    let gestures = ["couper", "isoler", "noter"].map(|key| Gesture { key: key.into(), text: format!("Geste {key}") });
    ListAdopted {
        list: LIST,
        key: "dsi_ouverture".into(),
        title: "DSI : premiers gestes".into(),
        function: "dsi".into(),
        gestures: gestures.into(),
        source: String::new(),
        edition: String::new(),
        status: String::new(),
    }
}

fn tick(gesture: &str, done: bool) -> Ticked {
    Ticked { list: LIST, gesture: gesture.into(), done, note: None, supersedes: Vec::new() }
}

fn list(story: &Story) -> &List {
    &story.state.checklists[&CRISIS].lists[&LIST]
}

#[test]
fn a_list_is_adopted_once_and_ticked_in_any_order() {
    let mut story = Story::new();
    let event = Event::ListAdopted(adopted());
    assert_eq!(story.refused(Role::Member, &Event::GestureTicked(tick("couper", true))), "unknown_list");
    story.done(Role::Member, &event);
    assert_eq!(story.refused(Role::Member, &event), "already_adopted");
    story.done(Role::Member, &Event::GestureTicked(tick("isoler", true)));
    assert_eq!(list(&story).progress(), (1, 3));
    assert_eq!(list(&story).left().map(|g| g.key.as_str()).collect::<Vec<_>>(), ["couper", "noter"]);
    assert_eq!(story.refused(Role::Member, &Event::GestureTicked(tick("isoler", true))), "unchanged");
    assert_eq!(story.refused(Role::Member, &Event::GestureTicked(tick("noter", false))), "unchanged");
    assert_eq!(story.refused(Role::Member, &Event::GestureTicked(tick("danser", true))), "unknown_gesture");
    assert_eq!(story.refused(Role::Observer, &Event::GestureTicked(tick("noter", true))), "observer");
    let seen = list(&story).ticks["isoler"].seen();
    story.done(Role::Secretary, &Event::GestureTicked(Ticked { supersedes: seen, ..tick("isoler", false) }));
    assert_eq!(list(&story).progress(), (0, 3));
    assert_eq!(story.fact("checklist.gestures", 0), Value::Count(3));
}

#[test]
fn a_list_needs_gestures_that_can_be_told_apart() {
    let story = Story::new();
    let twins = [Gesture { key: "a".into(), text: "Un".into() }, Gesture { key: "a".into(), text: "Deux".into() }];
    for (gestures, code) in [(Vec::new(), "too_many"), (twins.into(), "same_key")] {
        assert_eq!(story.refused(Role::Member, &Event::ListAdopted(ListAdopted { gestures, ..adopted() })), code);
    }
}

#[test]
fn two_who_were_apart_agree_or_conflict() {
    let mut story = Story::new();
    story.event(&Event::ListAdopted(adopted()), FULL);
    story.event(&Event::ListAdopted(adopted()), FULL);
    assert_eq!(story.state.checklists[&CRISIS].in_order().len(), 1, "the list is one");
    for gesture in ["couper", "couper", "isoler"] {
        story.event(&Event::GestureTicked(tick(gesture, true)), FULL);
    }
    assert!(list(&story).conflict("couper").is_empty(), "both say done");
    story.event(&Event::GestureTicked(tick("isoler", false)), FULL);
    assert_eq!(list(&story).conflict("isoler").len(), 2);
    story.event(&Event::GestureTicked(tick("noter", true)), Standing::NoRole);
    assert_eq!(list(&story).progress().0, 1, "without authority, nothing is ticked");
}
