//! A map in memory: what a plan writes is checked and applied as the journal would.

use domain::cartography::event::batch::Record;
use domain::register::Role;
use domain::{Event, State};
use formats::plan::{Change, Plan, plan};
use formats::source::Source;
use journal::certificate::Mode;
use journal::entry::sha256;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, RequestId, SubjectId};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::ledger::Founding;
use store::{Env, Folder, Ledger, Options, Submission};
use tempfile::TempDir;

/// An establishment in a folder of its own.
pub(crate) struct House {
    _dir: TempDir,
    ledger: Ledger<State>,
    env: Env,
    actor: ActorId,
}

pub(crate) fn house() -> House {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path().join("data"));
    let clock = AtomicI64::new(1_700_000_000_000);
    let random = |bytes: &mut [u8]| getrandom::fill(bytes).unwrap();
    let env = Env { now_ms: Arc::new(move || clock.fetch_add(1, Ordering::Relaxed)), random: Arc::new(random) };
    let actor = ActorId([7; 16]);
    let role = Role::Direction;
    let act = AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() };
    let founding = Founding { mode: Mode::Exercise, device: "essai".to_owned(), drafts: vec![Draft::of_act(&act)] };
    Ledger::<State>::found(&folder, founding, &env, &Options::default()).unwrap();
    let ledger = Ledger::open(&folder, env.clone(), Options::default()).unwrap();
    House { _dir: dir, ledger, env, actor }
}

/// An id that depends on the key and on the import alone.
fn fresh(key: &str, import: u8) -> SubjectId {
    let hash = sha256(format!("{import} {key}").as_bytes()).0;
    SubjectId(<[u8; 16]>::try_from(&hash[..16]).unwrap())
}

impl House {
    pub(crate) fn state(&self) -> State {
        self.ledger.view().state.clone()
    }

    pub(crate) fn record(&self, drafts: Vec<Draft>) {
        let author = Author { actor: self.actor, auth: Auth::Password };
        self.ledger.submit_wait(Submission { request: RequestId(self.env.bytes()), author, drafts }).unwrap();
    }

    pub(crate) fn say(&self, event: &Event, id: SubjectId) {
        self.record(vec![event.draft(id)]);
    }

    pub(crate) fn plan(&self, source: &Source) -> Plan {
        plan(&self.state(), source, &|key| fresh(key, 1))
    }

    /// Plans and writes.
    pub(crate) fn import(&self, source: &Source) -> Plan {
        let plan = self.plan(source);
        let drafts = plan.drafts(source, SubjectId(self.env.bytes()));
        assert!(drafts.iter().all(|draft| draft.body.len() <= journal::entry::BODY_BYTES_MAX));
        if !drafts.is_empty() {
            self.record(drafts);
        }
        plan
    }

    /// The names of what an activity or an element needs, as words.
    pub(crate) fn needs(&self, name: &str) -> Vec<String> {
        let state = self.state();
        let map = &state.cartography;
        let called = |id: &SubjectId| map.thing(id).map_or("?", |thing| thing.name()).to_owned();
        let things = map.things();
        let thing = things.iter().find(|thing| thing.name() == name).unwrap_or_else(|| panic!("no {name}"));
        let mut needs: Vec<String> = thing
            .needs()
            .iter()
            .map(|need| {
                let any: Vec<String> = need.any.iter().map(called).collect();
                let group = if any.len() > 1 { format!("{}/", need.at_least) } else { String::new() };
                format!("{group}{}{}", any.join("|"), if need.degrades { " (dégradé)" } else { "" })
            })
            .collect();
        needs.sort();
        needs
    }

    /// The map without what tells two journals apart: names, fields and links, one line each.
    pub(crate) fn told(&self) -> Vec<String> {
        let state = self.state();
        let map = &state.cartography;
        let ends = |text: String| {
            map.things().iter().fold(text, |text, thing| {
                text.replace(&thing.id().to_string(), &format!("<{} {}>", thing.kind_label(), thing.name()))
            })
        };
        let line = |set: Record| ends(serde_json::to_string(&set).unwrap());
        let mut lines: Vec<String> = Vec::new();
        for one in map.by_priority() {
            let mut set = one.now().clone();
            (set.supersedes, set.origin) = (Vec::new(), None);
            set.needs.sort_by_key(|need| ends(serde_json::to_string(need).unwrap()));
            lines.push(line(Record::Activity(set)));
        }
        for one in map.assets() {
            let mut set = one.now().clone();
            (set.supersedes, set.origin) = (Vec::new(), None);
            set.needs.sort_by_key(|need| ends(serde_json::to_string(need).unwrap()));
            lines.push(line(Record::Asset(set)));
        }
        for one in map.exchanges() {
            let mut set = one.now().clone();
            set.supersedes = Vec::new();
            lines.push(line(Record::Exchange(set)));
        }
        lines.sort();
        lines
    }
}

pub(crate) fn count(plan: &Plan, change: Change) -> usize {
    plan.planned.iter().filter(|one| one.change == change).count()
}

/// Rows and sentences of what is refused.
pub(crate) fn faults(plan: &Plan) -> Vec<(u64, String)> {
    plan.faults.iter().map(|fault| (fault.spot.row, fault.sentence.clone())).collect()
}

/// A CSV as people write one.
pub(crate) fn sheet(text: &str) -> Source {
    formats::sheet::whole(text.as_bytes(), "essai.csv").unwrap()
}
