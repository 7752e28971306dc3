//! What a journal does with entries that come late, stripped, spoilt, cut or twice.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use journal::certificate::{CHAIN_OPENED, OpeningReason};
use journal::entry::BadEntry;
use journal::header::Part;
use journal::parking::{PARKED_BYTES_MAX, PARKED_MAX};
use journal::write::{Author, Draft};
use journal::{AuthorityAct, Entry, EntryId, Fold, Offer, Refused, RequestId, Signature, Standing, SubjectId};
use support::{
    ADMIN, DIRECTOR, Desk, MEMBER, NOBODY, NOON, OTHER_ADMIN, decision, grant, meet, note, person, three_desks, withdraw,
};

fn stripped(entry: &Entry) -> Entry {
    Entry { body: None, ..entry.clone() }
}

fn all_agree(desks: &mut [Desk]) {
    let root = desks[0].state.root();
    for desk in desks.iter_mut() {
        let refolded = desk.refolded();
        assert_eq!(desk.state, refolded, "folding as one goes is folding from nothing");
        assert_eq!(desk.state.root(), root);
    }
}

#[test]
fn what_founds_the_journal_counts() {
    let mut desk = Desk::blank(1);
    let named = Draft::json("register.establishment_named", SubjectId([0; 16]), &"CH de Valmont");
    let opened = Draft::of_opening(&support::opening(&desk.pen.device, true));
    let entries = desk.batch(Author::PROGRAM, RequestId([1; 16]), vec![opened, named, Draft::of_act(&grant(DIRECTOR, 80))]);
    assert!(entries.iter().all(|e| desk.standing(e) == Standing::Program));
    let later = desk.batch(Author::PROGRAM, RequestId([8; 16]), vec![Draft::of_act(&grant(NOBODY, 80))]);
    assert_eq!(desk.standing(&later[0]), Standing::NoRole, "once only");
}

#[test]
fn entries_in_reverse_wait_for_each_other() {
    let mut desk = Desk::founder();
    desk.write(MEMBER, note("un"));
    desk.write(MEMBER, note("deux"));
    let mut other = Desk::blank(7);
    let mut entries = desk.entries();
    entries.reverse();
    let offers = other.learn(&entries);
    assert!(offers[..offers.len() - 1].iter().all(|o| matches!(o, Offer::Parked(_))));
    assert_eq!(other.state, desk.state);
    assert_eq!(other.journal.parked().count(), 0);
}

#[test]
fn a_spoilt_copy_waiting_does_not_keep_the_good_one_out() {
    let mut desk = Desk::founder();
    let first = desk.write(MEMBER, note("un"));
    let second = desk.write(MEMBER, note("deux"));
    let founding: Vec<Entry> = desk.entries().into_iter().filter(|e| e.id != first.id && e.id != second.id).collect();
    for spoilt in [Entry { signature: Signature([1; 64]), ..second.clone() }, stripped(&second)] {
        // Once when its signer is known already, once when nothing is.
        for known in [true, false] {
            let mut other = Desk::blank(7);
            other.learn(founding.iter().filter(|_| known));
            other.learn([&spoilt, &second, &first]);
            other.learn(&founding);
            assert_eq!(other.state, desk.state);
        }
    }
}

#[test]
fn a_waiting_entry_is_checked_when_its_parent_is_our_own() {
    let mut desk = Desk::founder();
    let before = desk.journal.clone();
    let parent = desk.write(MEMBER, note("un"));
    let child = desk.write(MEMBER, note("deux"));
    let mut other = desk.clone();
    other.journal = before;
    let forged = Entry { signature: Signature([1; 64]), ..child };
    assert_eq!(other.journal.offer(forged), Offer::Refused(BadEntry::Signature.into()));
    assert!(matches!(other.journal.restore(parent), Offer::Accepted(taken) if taken.len() == 1));
}

#[test]
fn what_waits_is_bounded_in_number_and_in_bytes() {
    let mut desk = Desk::founder();
    let orphan = |desk: &mut Desk, n: usize, text: &str| {
        let mut missing = [0; 32];
        missing[..8].copy_from_slice(&n.to_be_bytes());
        // Of a chain that nobody knows: a known one would have its signature checked first.
        desk.forge(note(text), MEMBER, |h| {
            h.chain = journal::ChainId([9; 16]);
            h.prev = Some(EntryId(missing));
            h.seq = 1;
        })
    };
    for n in 0..PARKED_MAX {
        let entry = orphan(&mut desk, n, "");
        assert!(matches!(desk.journal.offer(entry), Offer::Parked(_)));
    }
    let entry = orphan(&mut desk, PARKED_MAX, "");
    assert_eq!(desk.journal.offer(entry), Offer::Refused(Refused::TooManyParked));
    let mut desk = Desk::founder();
    let long = "x".repeat(250 * 1024);
    let orphans: Vec<Entry> = (0..300).map(|n| orphan(&mut desk, n, &long)).collect();
    let outcomes: Vec<Offer> = orphans.into_iter().map(|e| desk.journal.offer(e)).collect();
    let parked = outcomes.iter().filter(|o| matches!(o, Offer::Parked(_))).count();
    assert!((200..300).contains(&parked) && parked * long.len() <= PARKED_BYTES_MAX, "{parked}");
}

#[test]
fn a_body_stripped_on_the_way_comes_back_from_whoever_has_it() {
    let [mut first, mut second, _] = three_desks();
    let entry = first.write(MEMBER, note("important"));
    second.learn([&stripped(&entry)]);
    first.write(MEMBER, note("suite"));
    let offers = second.learn_all(&first);
    assert!(offers.iter().any(|o| matches!(o, Offer::Completed(one) if one.entry.id == entry.id)));
    all_agree(&mut [first, second]);
}

#[test]
fn a_wrong_body_or_a_wrong_signature_completes_nothing() {
    let [mut first, mut second, _] = three_desks();
    let entry = first.write(MEMBER, note("important"));
    second.learn([&stripped(&entry)]);
    let mut wrong = entry.clone();
    wrong.body.as_mut().unwrap().bytes = b"\"anodin.\"".to_vec();
    let forged = Entry { signature: Signature([1; 64]), ..entry.clone() };
    assert_eq!(second.learn([&wrong, &forged]), [Offer::Known, Offer::Known]);
    assert!(matches!(second.learn([&entry])[..], [Offer::Completed(_)]));
}

#[test]
fn an_act_of_authority_is_never_taken_without_its_words() {
    let [mut first, mut second, _] = three_desks();
    let revoked = first.act(DIRECTOR, &withdraw(MEMBER));
    let refused = Offer::Refused(BadEntry::BodyMissing.into());
    assert_eq!(second.learn([&stripped(&revoked)]), std::slice::from_ref(&refused));
    let opening = first.entries().remove(0);
    assert_eq!(Desk::blank(7).learn([&stripped(&opening)]), [refused]);
    assert!(matches!(second.learn([&revoked])[..], [Offer::Accepted(_)]));
    let write = second.write(MEMBER, note("après"));
    assert_eq!(second.standing(&write), Standing::NoRole);
}

#[test]
fn an_entry_whose_id_or_words_are_not_its_own_is_refused() {
    let [mut first, mut second, _] = three_desks();
    let entry = first.write(MEMBER, note("vrai"));
    let other_id = Entry { id: EntryId([1; 32]), ..entry.clone() };
    assert_eq!(second.learn([&other_id]), [Offer::Refused(BadEntry::Id.into())]);
    let mut other_words = entry;
    other_words.body.as_mut().unwrap().bytes = b"\"faux\"".to_vec();
    assert_eq!(second.learn([&other_words]), [Offer::Refused(BadEntry::Body.into())]);
}

#[test]
fn a_device_cannot_take_the_chain_of_another() {
    let [mut first, second, mut third] = three_desks();
    let entry = first.write(MEMBER, note("vrai"));
    // Desk 3 opens, under its own key, a chain with the id of desk 1's.
    let squat = Draft::of_opening(&support::opening(&third.pen.device, false));
    let victim = first.pen.chain;
    let squat = third.forge(squat, Author::PROGRAM.actor, |h| {
        (h.chain, h.seq, h.prev, h.request) = (victim, 0, None, RequestId([1; 16]));
    });
    let mut newcomer = Desk::blank(7);
    assert_eq!(newcomer.learn([&squat]), [Offer::Refused(Refused::UnknownSigner)]);
    newcomer.learn_all(&first);
    newcomer.learn_all(&second);
    assert_eq!(newcomer.standing(&entry), Standing::Full { rank: 20 });
    assert_eq!(newcomer.journal.dag().forked_at(&victim), None);
}

#[test]
fn an_opening_is_of_this_journal_this_root_and_this_device() {
    let desk = Desk::founder();
    let opening = desk.entries().remove(0);
    let mut stranger = support::opening(&support::key(50), true);
    stranger.certificate.signature = Signature([2; 64]);
    let mut outsider = Desk::blank(50);
    let forged = outsider.forge(Draft::of_opening(&stranger), Author::PROGRAM.actor, |h| h.request = RequestId([50; 16]));
    assert_eq!(Desk::blank(7).learn([&forged]), [Offer::Refused(Refused::UnknownSigner)]);
    let not_an_opening = outsider.forge(note("?"), MEMBER, |h| h.request = RequestId([50; 16]));
    assert_eq!(Desk::blank(7).learn([&not_an_opening]), [Offer::Refused(Refused::UnknownSigner)]);
    assert_eq!(opening.header.kind, CHAIN_OPENED);
    assert!(matches!(Desk::blank(7).learn([&opening])[..], [Offer::Accepted(_)]));
}

#[test]
fn a_batch_has_no_effect_until_its_last_entry_is_here() {
    let [mut first, mut second, _] = three_desks();
    let drafts = vec![Draft::of_act(&grant(NOBODY, 60)), note("avec"), note("ensemble")];
    let request = RequestId(first.random());
    let batch = first.batch(person(DIRECTOR), request, drafts);
    second.learn(&batch[..1]);
    assert_eq!(second.standing(&batch[0]), Standing::Partial);
    let meanwhile = second.act(NOBODY, &withdraw(MEMBER));
    assert_eq!(second.standing(&meanwhile), Standing::NoRole, "a role granted by half a request is no role");
    second.learn(&batch[1..2]);
    assert_eq!(second.standing(&batch[1]), Standing::Partial);
    second.learn(&batch[2..]);
    assert!(batch.iter().all(|e| second.standing(e).has_authority()));
    // The act knew the grant, so it counts from the moment the grant does.
    assert_eq!(second.standing(&meanwhile), Standing::Full { rank: 60 });
    first.learn_all(&second);
    all_agree(&mut [first, second]);
}

#[test]
fn a_revocation_in_a_late_batch_reaches_back() {
    let [mut first, mut second, _] = three_desks();
    let request = RequestId(first.random());
    let batch = first.batch(person(DIRECTOR), request, vec![Draft::of_act(&withdraw(MEMBER)), note("motif")]);
    second.learn(&batch[..1]);
    let meanwhile = second.write(MEMBER, note("sans le savoir"));
    let concurrent = {
        let mut third = Desk::enrolled(8, &first);
        third.learn_all(&first);
        third.write(OTHER_ADMIN, note("à côté"))
    };
    second.learn([&concurrent]);
    second.learn(&batch[1..]);
    assert_eq!(second.standing(&meanwhile), Standing::NoRole);
    first.learn_all(&second);
    all_agree(&mut [first, second]);
}

#[test]
fn the_same_request_on_two_chains_is_two_batches() {
    let [mut first, mut second, mut third] = three_desks();
    let request = RequestId([77; 16]);
    let one = first.batch(person(MEMBER), request, vec![note("a"), note("b")]);
    let two = second.batch(person(MEMBER), request, vec![note("a"), note("b")]);
    third.learn([&one[0], &two[0]]);
    assert!([&one[0], &two[0]].iter().all(|e| third.standing(e) == Standing::Partial));
    third.learn([&one[1], &two[1]]);
    assert!(one.iter().chain(&two).all(|e| third.standing(e).has_authority()));
    first.learn_all(&third);
    second.learn_all(&third);
    first.learn_all(&second);
    third.learn_all(&first);
    all_agree(&mut [first, second, third]);
}

#[test]
fn a_part_twice_does_not_stand_for_the_missing_one() {
    let [mut first, mut second, _] = three_desks();
    let request = RequestId([78; 16]);
    let zero = first.forge(note("zéro"), MEMBER, |h| (h.request, h.part) = (request, Part { index: 0, count: 2 }));
    first.learn([&zero]);
    let again = first.forge(note("zéro"), MEMBER, |h| (h.request, h.part) = (request, Part { index: 0, count: 2 }));
    second.learn([&zero, &again]);
    assert_eq!([second.standing(&zero), second.standing(&again)], [Standing::Partial; 2]);
}

#[test]
fn a_fork_is_badged_on_both_sides_from_the_fork_on_in_any_order() {
    let [mut first, second, third] = three_desks();
    let before = first.write(MEMBER, note("avant"));
    let mut twin = first.clone();
    twin.wall += 500_000;
    let mine: Vec<Entry> = (0..3).map(|n| first.write(MEMBER, note(&format!("moi {n}")))).collect();
    let theirs: Vec<Entry> = (0..2).map(|n| twin.write(MEMBER, note(&format!("double {n}")))).collect();
    let mut orders = [second, third];
    orders[0].learn([&before].into_iter().chain(&mine).chain(&theirs));
    orders[1].learn([&before].into_iter().chain(&theirs).chain(&mine));
    for desk in &mut orders {
        assert_eq!(desk.standing(&before), Standing::Full { rank: 20 });
        assert!(mine.iter().chain(&theirs).all(|e| desk.standing(e) == Standing::Forked));
        assert_eq!(desk.journal.dag().forked_at(&first.pen.chain), Some(mine[0].header.seq));
    }
    first.learn_all(&orders[0]);
    twin.learn_all(&orders[0]);
    let [second, third] = orders;
    let mut desks = [first, twin, second, third];
    meet(&mut desks);
    all_agree(&mut desks);
}

#[test]
fn a_role_granted_on_a_chain_that_forks_is_taken_back_whenever_the_fork_is_learnt() {
    let [mut first, second, _] = three_desks();
    let admin_desk = second;
    let mut twin = admin_desk.clone();
    let mut admin_desk = admin_desk;
    let granted = admin_desk.act(ADMIN, &grant(NOBODY, 20));
    first.learn([&granted]);
    let write = first.write(NOBODY, note("avec un rôle"));
    assert_eq!(first.standing(&write), Standing::Full { rank: 20 });
    twin.wall += 7_000;
    // The other side of the fork is no act of authority.
    let other_side = twin.write(ADMIN, note("autre histoire"));
    first.learn([&other_side]);
    assert_eq!(first.standing(&granted), Standing::Forked);
    assert_eq!(first.standing(&write), Standing::NoRole);
    all_agree(&mut [first]);
}

#[test]
fn an_act_needs_a_role_that_allows_it() {
    let [mut first, _, _] = three_desks();
    let act = first.act(MEMBER, &grant(MEMBER, 80));
    assert_eq!(first.standing(&act), Standing::NoRole);
    let after = first.write(MEMBER, note("toujours membre"));
    assert_eq!(first.standing(&after), Standing::Full { rank: 20 });
}

#[test]
fn a_newer_version_of_an_act_is_not_read_as_the_old_one() {
    let [mut first, _, _] = three_desks();
    let mut draft = Draft::of_act(&withdraw(MEMBER));
    draft.kind_version = 2;
    first.write(DIRECTOR, draft);
    let after = first.write(MEMBER, note("toujours membre"));
    assert_eq!(first.standing(&after), Standing::Full { rank: 20 });
}

#[test]
fn two_replicas_that_exchange_merges_come_to_rest() {
    let [mut first, mut second, _] = three_desks();
    first.write(MEMBER, note("d'un côté"));
    second.write(MEMBER, note("de l'autre"));
    let merge = |to: &mut Desk, from: &Desk| {
        let mut taken = Vec::new();
        for offer in to.learn_all(from) {
            if let Offer::Accepted(more) = offer {
                taken.extend(more);
            }
        }
        let Some(merged) = Draft::of_merge(&taken, 0) else { return taken.len() };
        let request = RequestId(to.random());
        to.batch(Author::PROGRAM, request, vec![merged]);
        taken.len()
    };
    let moved: Vec<usize> =
        (0..4).map(|n| if n % 2 == 0 { merge(&mut second, &first) } else { merge(&mut first, &second) }).collect();
    assert_eq!(moved[2..], [1, 0]);
    let mut desks = [first, second];
    all_agree(&mut desks);
}

#[test]
fn one_clock_ten_years_ahead_and_one_behind_change_no_authority() {
    let [mut first, mut second, mut third] = three_desks();
    let years = 10 * 365 * 86_400_000;
    (second.wall, third.wall) = (NOON + years, NOON - years);
    let ahead = second.write(MEMBER, note("demain"));
    let behind = third.write(MEMBER, note("hier"));
    for entry in [&ahead, &behind] {
        assert!(matches!(first.learn([entry])[..], [Offer::Accepted(_)]));
        assert_eq!(first.standing(entry), Standing::Full { rank: 20 });
    }
    let mut wild = second.clone();
    let forged = wild.forge(note("fin des temps"), MEMBER, |h| (h.hlc, h.wall) = (u64::MAX, i64::MIN));
    assert!(matches!(first.learn([&forged])[..], [Offer::Accepted(_)]));
    let after = first.write(MEMBER, note("et la vie continue"));
    assert_eq!(first.journal.order().last(), first.journal.dag().index(&after.id).as_ref());
    let mut desks = [first, second, third];
    meet(&mut desks);
    all_agree(&mut desks);
}

fn erase(asker: &mut Desk, granter: &mut Desk, entry: &Entry) -> [Entry; 2] {
    let asked = asker.act(DIRECTOR, &AuthorityAct::ErasureAsked { entry: entry.id, reason: "test".to_owned() });
    granter.learn([&asked]);
    let erased = granter.act(ADMIN, &AuthorityAct::Erased { entry: entry.id, asked: asked.id });
    [asked, erased]
}

#[test]
fn an_erased_body_goes_everywhere_whatever_comes_first() {
    let [mut first, mut second, mut third] = three_desks();
    let entry = first.write(MEMBER, note("nom d’un patient"));
    second.learn([&entry]);
    let acts = erase(&mut first, &mut second, &entry);
    assert!(second.stored[&entry.id].body.is_none());
    // The act first: it does not rest on the entry.
    let mut late = Desk::enrolled(8, &third);
    let shortcut = {
        let mut desk = third.clone();
        let asked = AuthorityAct::ErasureAsked { entry: entry.id, reason: "test".to_owned() };
        let asked = desk.act(DIRECTOR, &asked);
        [asked.clone(), desk.act(ADMIN, &AuthorityAct::Erased { entry: entry.id, asked: asked.id })]
    };
    late.learn(&shortcut);
    let offers = late.learn([&entry]);
    assert!(matches!(&offers[..], [Offer::Accepted(taken)] if taken[0].entry.body.is_none()), "{offers:?}");
    third.learn([&stripped(&entry), &acts[0], &acts[1]]);
    assert_eq!(third.learn([&entry]), [Offer::Known], "an erased body does not come back");
    let mut desks = [first, second, third, late];
    meet(&mut desks);
    assert!(desks.iter().all(|d| d.stored[&entry.id].body.is_none()));
    all_agree(&mut desks);
}

#[test]
fn an_erasure_needs_two_people_and_never_touches_a_decision_or_the_backbone() {
    let [mut first, _, _] = three_desks();
    let plain = first.write(MEMBER, note("texte"));
    let decided = first.write(DIRECTOR, decision("on coupe"));
    let granted = first.act(ADMIN, &grant(NOBODY, 10));
    let ask = |desk: &mut Desk, entry: &Entry| {
        desk.act(DIRECTOR, &AuthorityAct::ErasureAsked { entry: entry.id, reason: "test".to_owned() })
    };
    let asked = ask(&mut first, &plain);
    first.act(DIRECTOR, &AuthorityAct::Erased { entry: plain.id, asked: asked.id });
    assert!(first.journal.erased().is_empty(), "the same person twice");
    first.act(MEMBER, &AuthorityAct::Erased { entry: plain.id, asked: asked.id });
    assert!(first.journal.erased().is_empty(), "without the role");
    first.act(ADMIN, &AuthorityAct::Erased { entry: decided.id, asked: asked.id });
    assert!(first.journal.erased().is_empty(), "another entry than the one asked for");
    for kept in [&decided, &granted] {
        let asked = ask(&mut first, kept);
        first.act(ADMIN, &AuthorityAct::Erased { entry: kept.id, asked: asked.id });
        assert!(first.journal.erased().is_empty() && first.stored[&kept.id].body.is_some());
    }
    first.act(ADMIN, &AuthorityAct::Erased { entry: plain.id, asked: asked.id });
    assert_eq!(first.journal.erased().into_iter().collect::<Vec<_>>(), [plain.id]);
    all_agree(&mut [first]);
}

#[test]
fn a_body_erased_by_somebody_who_was_already_dismissed_comes_back_from_where_it_is() {
    let [mut first, mut second, mut third] = three_desks();
    let entry = first.write(MEMBER, note("preuve gênante"));
    second.learn([&entry]);
    third.learn([&entry]);
    third.act(DIRECTOR, &withdraw(ADMIN));
    erase(&mut first, &mut second, &entry);
    assert!(second.stored[&entry.id].body.is_none(), "in good faith");
    let mut desks = [first, second, third];
    meet(&mut desks);
    assert!(desks.iter_mut().all(|d| d.stored[&entry.id].body.is_some() && !d.journal.is_erased(&entry.id)));
    assert!(desks.iter_mut().all(|d| d.journal.erased_once().contains(&entry.id)));
    all_agree(&mut desks);
}

#[test]
fn a_restored_device_opens_another_chain_and_loses_no_authority() {
    let [mut first, second, _] = three_desks();
    let before = first.write(MEMBER, note("avant la panne"));
    let mut restored = second;
    restored.pen = first.pen.clone();
    let mut opened = support::opening(&restored.pen.device, false);
    opened.reason = OpeningReason::Restored;
    let request = RequestId([99; 16]);
    restored.pen = journal::Pen::opening(restored.pen.device.clone(), &request);
    restored.batch(Author::PROGRAM, request, vec![Draft::of_opening(&opened)]);
    let after = restored.write(MEMBER, note("après la restauration"));
    let mut desks = [first, restored];
    meet(&mut desks);
    for desk in &mut desks {
        assert_eq!(desk.standing(&before), Standing::Full { rank: 20 });
        assert_eq!(desk.standing(&after), Standing::Full { rank: 20 });
    }
    all_agree(&mut desks);
}
