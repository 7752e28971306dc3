//! Who may do what when people dismiss each other without knowing it.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use journal::authority::TEXT_CHARS_MAX;
use journal::write::Draft;
use journal::{AuthorityAct, Entry, RequestId, Standing};
use support::{ADMIN, DIRECTOR, Desk, MEMBER, NOBODY, OTHER_ADMIN, grant, meet, note, public, three_desks, withdraw};

fn revoke(desk: &Desk) -> AuthorityAct {
    AuthorityAct::DeviceRevoked { device: public(&desk.pen.device), reason: "volé".to_owned() }
}

/// The same standings for every order of arrival.
fn standings(entries: &[Entry], of: &[&Entry]) -> Vec<Standing> {
    let mut outcomes: Vec<Vec<Standing>> = Vec::new();
    for turn in 0..entries.len() {
        let mut desk = Desk::blank(90);
        let mut shuffled = entries.to_vec();
        shuffled.rotate_left(turn);
        // In two merges, so that something is folded before the rest comes.
        desk.learn(&shuffled[..entries.len() / 2]);
        desk.learn(&shuffled[entries.len() / 2..]);
        let refolded = desk.refolded();
        assert_eq!(desk.state, refolded);
        outcomes.push(of.iter().map(|e| desk.standing(e)).collect());
    }
    assert!(outcomes.windows(2).all(|w| w[0] == w[1]), "{outcomes:?}");
    outcomes.remove(0)
}

fn everything(desks: &mut [Desk]) -> Vec<Entry> {
    meet(desks);
    desks[0].entries()
}

#[test]
fn what_was_written_before_a_dismissal_keeps_its_authority_and_what_did_not_know_of_it_loses_it() {
    let [mut first, mut second, mut third] = three_desks();
    let before = second.write(MEMBER, note("avant"));
    first.learn([&before]);
    let dismissed = first.act(DIRECTOR, &withdraw(MEMBER));
    let concurrent = third.write(MEMBER, note("sans le savoir"));
    second.learn([&dismissed]);
    let after = second.write(MEMBER, note("après"));
    let all = everything(&mut [first, second, third]);
    let outcome = standings(&all, &[&before, &concurrent, &after]);
    assert_eq!(outcome, [Standing::Full { rank: 20 }, Standing::AuthorRevoked, Standing::NoRole]);
}

#[test]
fn a_stolen_device_is_stripped_of_what_the_revocation_did_not_know() {
    let [mut first, mut second, mut third] = three_desks();
    let before = third.write(MEMBER, note("avant le vol"));
    first.learn([&before]);
    let hidden = third.write(MEMBER, note("pendant"));
    let revoked = first.act(DIRECTOR, &revoke(&third));
    second.learn_all(&first);
    let elsewhere = second.write(MEMBER, note("ailleurs"));
    third.learn([&revoked]);
    let after = third.write(DIRECTOR, note("après"));
    let all = everything(&mut [first, second, third]);
    let outcome = standings(&all, &[&before, &hidden, &after, &elsewhere]);
    let full = Standing::Full { rank: 20 };
    assert_eq!(outcome, [full, Standing::DeviceRevoked, Standing::DeviceRevoked, full]);
}

#[test]
fn of_two_mutual_dismissals_the_senior_holds() {
    let [mut first, mut second, third] = three_desks();
    let senior = first.act(DIRECTOR, &withdraw(ADMIN));
    let junior = second.act(ADMIN, &withdraw(DIRECTOR));
    let mut desks = [first, second, third];
    let mut all = everything(&mut desks);
    all.push(desks[0].write(DIRECTOR, note("toujours là")));
    all.push(desks[0].write(ADMIN, note("plus rien")));
    let [.., director, admin] = &all[..] else { unreachable!() };
    let outcome = standings(&all, &[&senior, &junior, director, admin]);
    let full = Standing::Full { rank: 80 };
    assert_eq!(outcome, [full, Standing::AuthorRevoked, full, Standing::NoRole]);
}

#[test]
fn of_two_mutual_dismissals_between_equals_the_first_in_the_order_holds() {
    let [mut first, mut second, third] = three_desks();
    second.wall += 60_000;
    let earlier = first.act(ADMIN, &withdraw(OTHER_ADMIN));
    let later = second.act(OTHER_ADMIN, &withdraw(ADMIN));
    let all = everything(&mut [first, second, third]);
    assert_eq!(standings(&all, &[&earlier, &later]), [Standing::Full { rank: 60 }, Standing::AuthorRevoked]);
}

#[test]
fn a_dismissal_by_somebody_dismissed_meanwhile_is_void_and_what_it_aimed_at_stands() {
    let [mut first, mut second, mut third] = three_desks();
    // The junior strikes the senior, who strikes a third, who strikes a fourth: the second and the fourth stand.
    let by_admin = first.act(ADMIN, &withdraw(DIRECTOR));
    let by_director = second.act(DIRECTOR, &withdraw(OTHER_ADMIN));
    let by_other = third.act(OTHER_ADMIN, &withdraw(MEMBER));
    let mut fourth = Desk::enrolled(8, &Desk::founder());
    fourth.learn_all(&first);
    let mut fourth_hand = Desk::founder();
    fourth_hand.learn_all(&fourth);
    let member = third.clone().write(MEMBER, note("sait"));
    let mut away = Desk::enrolled(9, &Desk::founder());
    let unaware = away.write(MEMBER, note("ne sait pas"));
    let mut all = everything(&mut [first, second, third]);
    all.extend(away.entries().into_iter().filter(|e| all.iter().all(|a| a.id != e.id)).collect::<Vec<_>>());
    let outcome = standings(&all, &[&by_admin, &by_director, &by_other, &unaware]);
    let admin = Standing::Full { rank: 60 };
    assert_eq!(outcome, [admin, Standing::AuthorRevoked, admin, Standing::AuthorRevoked]);
    assert_eq!(member.header.author, MEMBER);
}

#[test]
fn three_in_a_circle_are_settled_by_seniority() {
    let [mut first, mut second, mut third] = three_desks();
    let director = first.act(DIRECTOR, &withdraw(ADMIN));
    let admin = second.act(ADMIN, &withdraw(OTHER_ADMIN));
    let other = third.act(OTHER_ADMIN, &withdraw(DIRECTOR));
    let all = everything(&mut [first, second, third]);
    let outcome = standings(&all, &[&director, &admin, &other]);
    // The director's holds, so the first administrator's is void; the one aimed at the director is void by seniority.
    assert_eq!(outcome, [Standing::Full { rank: 80 }, Standing::AuthorRevoked, Standing::NoRole]);
}

/// Two administrators, each owing their role to somebody whom the other dismisses.
fn circle_through_grants() -> ([Desk; 3], [Entry; 2]) {
    let [mut first, mut second, third] = three_desks();
    second.wall += 60_000;
    let (left, right) = (journal::ActorId([31; 16]), journal::ActorId([32; 16]));
    first.act(ADMIN, &grant(left, 70));
    let by_left = first.act(left, &withdraw(OTHER_ADMIN));
    second.act(OTHER_ADMIN, &grant(right, 70));
    let by_right = second.act(right, &withdraw(ADMIN));
    ([first, second, third], [by_left, by_right])
}

#[test]
fn a_circle_through_those_who_gave_the_roles_is_settled_once() {
    let (mut desks, [left, right]) = circle_through_grants();
    let all = everything(&mut desks);
    assert_eq!(standings(&all, &[&left, &right]), [Standing::Full { rank: 70 }, Standing::NoRole]);
}

#[test]
fn one_more_dismissal_that_knew_everything_changes_nothing_before_it() {
    let (mut desks, [left, right]) = circle_through_grants();
    let mut all = everything(&mut desks);
    let before = standings(&all, &[&left, &right]);
    for actor in [MEMBER, NOBODY] {
        all.push(desks[0].act(DIRECTOR, &withdraw(actor)));
        assert_eq!(standings(&all, &[&left, &right]), before);
    }
}

#[test]
fn a_revoked_device_gains_nothing_by_borrowing_the_request_of_its_revocation() {
    let [mut first, second, mut third] = three_desks();
    let revoked = first.act(DIRECTOR, &revoke(&third));
    // Knows the revocation, claims not to, and answers under the same request id.
    let answer = Draft::of_act(&revoke(&first));
    let answer = third.forge(answer, OTHER_ADMIN, |h| h.request = revoked.header.request);
    third.learn([&answer]);
    let all = everything(&mut [first, second, third]);
    assert_eq!(standings(&all, &[&revoked, &answer]), [Standing::Full { rank: 80 }, Standing::DeviceRevoked]);
}

#[test]
fn a_device_that_revokes_itself_keeps_what_it_wrote_before() {
    let [mut first, second, mut third] = three_desks();
    let before = third.write(MEMBER, note("avant"));
    let own = third.act(ADMIN, &revoke(&third));
    let after = third.write(ADMIN, note("après"));
    first.learn_all(&third);
    let all = everything(&mut [first, second, third]);
    let outcome = standings(&all, &[&before, &own, &after]);
    assert_eq!(outcome, [Standing::Full { rank: 20 }, Standing::Full { rank: 60 }, Standing::DeviceRevoked]);
}

#[test]
fn whoever_is_given_a_role_again_has_it_from_then_on() {
    let [mut first, mut second, third] = three_desks();
    first.act(DIRECTOR, &withdraw(MEMBER));
    let unaware = second.write(MEMBER, note("entre-temps"));
    first.act(DIRECTOR, &grant(MEMBER, 30));
    let again = first.write(MEMBER, note("de retour"));
    let all = everything(&mut [first, second, third]);
    assert_eq!(standings(&all, &[&unaware, &again]), [Standing::AuthorRevoked, Standing::Full { rank: 30 }]);
}

#[test]
fn dismissals_without_authority_take_nothing_away() {
    let [mut first, mut second, third] = three_desks();
    let by_member = second.act(MEMBER, &withdraw(DIRECTOR));
    let by_nobody = second.act(NOBODY, &revoke(&first));
    let write = first.write(DIRECTOR, note("sans effet"));
    let all = everything(&mut [first, second, third]);
    let outcome = standings(&all, &[&by_member, &by_nobody, &write]);
    assert_eq!(outcome, [Standing::NoRole, Standing::NoRole, Standing::Full { rank: 80 }]);
}

#[test]
fn an_act_with_an_overlong_reason_is_no_act() {
    let [mut first, _, _] = three_desks();
    let dismiss = |len: usize| AuthorityAct::RoleWithdrawn { actor: MEMBER, reason: "é".repeat(len) };
    first.act(DIRECTOR, &dismiss(TEXT_CHARS_MAX + 1));
    let still = first.write(MEMBER, note("toujours là"));
    assert_eq!(first.standing(&still), Standing::Full { rank: 20 });
    first.act(DIRECTOR, &dismiss(TEXT_CHARS_MAX));
    let after = first.write(MEMBER, note("plus rien"));
    assert_eq!(first.standing(&after), Standing::NoRole);
}

#[test]
fn a_grant_and_its_use_in_one_request_count_together() {
    let [mut first, _, _] = three_desks();
    let request = RequestId(first.random());
    let batch = first.batch(support::person(DIRECTOR), request, vec![Draft::of_act(&grant(NOBODY, 60)), note("nommé")]);
    assert!(batch.iter().all(|e| first.standing(e).has_authority()));
    let used = first.act(NOBODY, &withdraw(MEMBER));
    assert_eq!(first.standing(&used), Standing::Full { rank: 60 });
}
