//! What the tests of several capabilities share.
#![allow(unreachable_pub, missing_docs, reason = "each test program uses its own part")]

use journal::header::Part;
use journal::write::Draft;
use journal::{ActorId, Auth, ChainId, Hash, Header, JournalId, RequestId};

/// The header under which a draft comes, alone in its request. `wall`: milliseconds since 1970.
pub fn header(draft: &Draft, author: ActorId, auth: Auth, wall: i64, request: RequestId) -> Header {
    Header {
        journal: JournalId([0; 16]),
        chain: ChainId([0; 16]),
        seq: 0,
        prev: None,
        deps: Vec::new(),
        auth_head: None,
        hlc: 0,
        wall,
        author,
        auth,
        kind: draft.kind.clone(),
        kind_version: draft.kind_version,
        subject: draft.subject,
        request,
        part: Part::ONLY,
        body_hash: Hash([0; 32]),
        body_len: 0,
        blobs: Vec::new(),
    }
}
