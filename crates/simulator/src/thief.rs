//! What a thief with a device's key may sign: anything that the format allows.

use crate::chance::Chance;
use crate::people::{PEOPLE, Sight, drafts, somebody};
use crate::replica::Running;
use journal::header::Part;
use journal::write::Draft;
use journal::{Auth, AuthorityAct, Body, Entry, EntryId, Header, RequestId, SigningKey, SubjectId};

/// Signs one entry of the thief's invention, on the chain the device was writing.
pub fn forge(running: &Running, device: &SigningKey, sight: &Sight<'_>, wall: i64, chance: &mut Chance) -> Entry {
    let draft = invent(sight, chance);
    let dag = running.journal.dag();
    let own: Vec<&journal::dag::Node> = dag.nodes().iter().filter(|n| n.chain == running.pen.chain).collect();
    // Mostly after the last entry; sometimes after an earlier one, which makes a second history.
    let prev = if chance.percent(90) { dag.tip(&running.pen.chain) } else { chance.pick(&own).copied() };
    let prev_id = prev.map(|node| node.id);
    let others: Vec<EntryId> = dag.nodes().iter().map(|n| n.id).filter(|id| Some(*id) != prev_id).collect();
    // Claims to know everything, nothing, or anything.
    let mut deps: Vec<EntryId> = match chance.below(3) {
        0 => dag.heads().iter().filter(|id| Some(**id) != prev_id).copied().collect(),
        1 => Vec::new(),
        _ => (0..chance.below(4)).filter_map(|_| chance.pick(&others).copied()).collect(),
    };
    deps.sort_unstable();
    deps.dedup();
    let body = Body { salt: chance.bytes(), bytes: draft.body };
    let header = Header {
        journal: running.journal.id(),
        chain: running.pen.chain,
        seq: prev.map_or(0, |node| node.seq + 1),
        prev: prev_id,
        deps,
        auth_head: chance.pick(&others).copied(),
        hlc: if chance.percent(50) { journal::clock::hlc(wall, dag.highest_ord()) } else { chance.next() },
        wall: if chance.percent(50) { wall } else { i64::from_ne_bytes(chance.bytes()) },
        author: somebody(chance),
        auth: Auth::Password,
        kind: draft.kind,
        kind_version: draft.kind_version,
        subject: draft.subject,
        request: RequestId(chance.bytes()),
        part: part(chance),
        body_hash: body.hash(),
        body_len: u32::try_from(body.bytes.len()).unwrap_or(0),
        blobs: Vec::new(),
    };
    Entry::sign(header, body, device)
}

/// Now and then a part of a request whose other parts are never written.
fn part(chance: &mut Chance) -> Part {
    let count = if chance.percent(10) { 2 } else { 1 };
    Part { index: 0, count }
}

fn invent(sight: &Sight<'_>, chance: &mut Chance) -> Draft {
    let anything = SubjectId(chance.bytes());
    match chance.below(8) {
        0 => Draft { kind: "recovery.host_rebuilt".to_owned(), kind_version: 7, ..Draft::json("x", anything, &"inconnu") },
        1 => Draft { body: chance.bytes::<40>().to_vec(), ..Draft::json("crisis.entry_logged", anything, &0) },
        2 => Draft { kind_version: 2, ..Draft::of_act(&grant(chance)) },
        3 => Draft::of_act(&grant(chance)),
        4 => Draft::of_act(&AuthorityAct::RoleWithdrawn { actor: somebody(chance), reason: String::new() }),
        5 => {
            let device = chance.pick(sight.devices).copied().unwrap_or(journal::PublicKey([0; 32]));
            Draft::of_act(&AuthorityAct::DeviceRevoked { device, reason: String::new() })
        }
        6 => {
            let (asked, entry) = chance.pick(sight.asked).copied().unwrap_or((EntryId(chance.bytes()), EntryId(chance.bytes())));
            Draft::of_act(&AuthorityAct::Erased { entry, asked })
        }
        _ => drafts(sight, chance).and_then(|mut drafts| drafts.pop()).unwrap_or_else(|| Draft::json("x.y", anything, &1)),
    }
}

fn grant(chance: &mut Chance) -> AuthorityAct {
    let rank = u8::try_from(chance.below(256)).unwrap_or(u8::MAX);
    AuthorityAct::RoleGranted { actor: PEOPLE[chance.below(PEOPLE.len())].0, role: "direction".to_owned(), rank }
}
