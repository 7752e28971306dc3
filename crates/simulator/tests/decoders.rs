//! Every decoder survives chance, and golden inputs that chance has spoilt. The same functions are fuzz targets.
#![allow(missing_docs, clippy::unwrap_used)]

use domain::crisis::event::{EntryType, Logged};
use domain::event::Event;
use journal::id::from_hex;
use journal::write::Draft;
use journal::{ActorId, AuthorityAct, EntryId, PublicKey, SubjectId};
use simulator::chance::Chance;
use simulator::decoders::{ALL, Decoder};

/// Inputs per decoder: half of pure chance, half spoilt golden ones.
const INPUTS: usize = 20_000;
/// The same for whole histories, each of which is folded many times over.
const HISTORIES: usize = 3_000;
const LEN_MAX: usize = 400;

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("../../journal/tests/golden/", $name)).to_vec()
    };
}

fn hex(text: Vec<u8>) -> Vec<u8> {
    from_hex(&String::from_utf8(text).unwrap().split_whitespace().collect::<String>()).unwrap()
}

/// Inputs that the decoder accepts.
fn golden(decoder: &str) -> Vec<Vec<u8>> {
    match decoder {
        "header_decode" => vec![hex(golden!("header_minimal.hex")), hex(golden!("header_full.hex"))],
        "bundle_read" => vec![hex(golden!("bundle.hex"))],
        "chain_opened_json" => vec![golden!("chain_opened.json")],
        "authority_act_json" => acts(),
        "witness_read" => vec![golden!("witness.json"), golden!("head_words.txt")],
        "words_prefix" => vec![golden!("head_words.txt")],
        "event_decode" => events(),
        "fold_apply" => vec![folded()],
        "journal_take" => vec![(0..=255).collect()],
        other => panic!("{other} has no golden input"),
    }
}

fn acts() -> Vec<Vec<u8>> {
    let (entry, actor) = (EntryId([1; 32]), ActorId([2; 16]));
    let acts = [
        AuthorityAct::RoleGranted { actor, role: "direction".to_owned(), rank: 80 },
        AuthorityAct::RoleWithdrawn { actor, reason: "départ".to_owned() },
        AuthorityAct::DeviceRevoked { device: PublicKey([3; 32]), reason: "volé".to_owned() },
        AuthorityAct::ErasureAsked { entry, reason: "nom".to_owned() },
        AuthorityAct::Erased { entry, asked: EntryId([4; 32]) },
    ];
    (0u8..).zip(&acts).map(|(at, act)| [vec![at], Draft::of_act(act).body].concat()).collect()
}

fn event(event: &Event) -> Vec<u8> {
    let at = Event::KINDS.iter().position(|(kind, _)| *kind == event.kind()).unwrap();
    [vec![u8::try_from(at).unwrap()], event.draft(SubjectId([0; 16])).body].concat()
}

fn events() -> Vec<Vec<u8>> {
    let mut logged = Logged::new(EntryType::Action, "Couper l’accès");
    (logged.owner, logged.due_at, logged.closes) = (Some("C. Lenoir".to_owned()), Some(i64::MAX), vec![EntryId([5; 32])]);
    let decided = Logged::new(EntryType::Decision, "On coupe");
    vec![event(&logged.into_event()), event(&decided.into_event())]
}

/// A crisis opened, an entry, its correction and an act, as `fold_apply` reads them.
fn folded() -> Vec<u8> {
    let mut out = Vec::new();
    for (at, body) in (0u8..).zip(events().iter().chain(&acts())) {
        let kind = if at < 2 { body[0] } else { u8::try_from(Event::KINDS.len()).unwrap() + body[0] };
        let mut json = body[1..].to_vec();
        json.resize(json.len().next_multiple_of(2), b' ');
        out.extend([kind, 0, 1, 1, at.wrapping_mul(50), at, 6, u8::try_from(json.len() / 2).unwrap()]);
        out.extend(json);
    }
    out
}

fn spoilt(from: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut input = chance.pick(from).cloned().unwrap_or_default();
    for _ in 0..=chance.below(4) {
        let at = chance.below(input.len());
        match chance.below(7) {
            0 if !input.is_empty() => input[at] ^= 1 << chance.below(8),
            1 if !input.is_empty() => input[at] = chance.pick(b"\0\x17\x18\x20\x7f\xff\"{}[],:0-9").copied().unwrap_or(0),
            2 => input.truncate(at),
            3 => drop(input.drain(at..input.len().min(at + 1 + chance.below(40)))),
            4 => input.insert(at, chance.bytes::<1>()[0]),
            5 => {
                let again = input[at..input.len().min(at + 1 + chance.below(60))].to_vec();
                let to = chance.below(input.len());
                input.splice(to..to, again);
            }
            _ => {
                let other = chance.pick(from).cloned().unwrap_or_default();
                input.splice(at.., other[chance.below(other.len())..].iter().copied());
            }
        }
    }
    input
}

fn survives((name, feed): Decoder, inputs: usize) {
    let golden = golden(name);
    golden.iter().for_each(|input| feed(input));
    let mut chance = Chance::new(0xF00D);
    for at in 0..inputs {
        let input = if at % 2 == 0 {
            let mut noise = vec![0; chance.below(LEN_MAX)];
            chance.fill(&mut noise);
            noise
        } else {
            spoilt(&golden, &mut chance)
        };
        let fed = std::panic::catch_unwind(|| feed(&input));
        assert!(fed.is_ok(), "{name} fell at input {at}: {}", journal::id::to_hex(&input));
    }
}

fn find(name: &str) -> Decoder {
    ALL.into_iter().find(|(known, _)| *known == name).unwrap()
}

macro_rules! decoders {
    ($($test:ident: $name:literal),+ $(,)?) => {
        $(#[test] fn $test() { survives(find($name), if $name == "journal_take" { HISTORIES } else { INPUTS }) })+

        #[test]
        fn every_decoder_has_its_test_and_its_fuzz_target() {
            let tested = [$($name),+];
            for (name, _) in ALL {
                assert!(tested.contains(&name), "{name}");
                let target = format!("{}/../../fuzz/fuzz_targets/{name}.rs", env!("CARGO_MANIFEST_DIR"));
                let text = std::fs::read_to_string(target).unwrap();
                assert!(text.contains(&format!("decoders::feed(\"{name}\"")), "{name}");
            }
        }
    };
}

decoders! {
    headers: "header_decode",
    bundles: "bundle_read",
    openings_of_chains: "chain_opened_json",
    acts_of_authority: "authority_act_json",
    witnesses: "witness_read",
    head_words: "words_prefix",
    events_of_the_domain: "event_decode",
    the_fold: "fold_apply",
    the_journal: "journal_take",
}
