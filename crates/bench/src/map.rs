//! The page of a map of 400 elements: drawn the first time, and given again.

use crate::crisis::{self, Story};
use crate::figure::Figure;
use crate::server::{self, Client, Running};
use crate::{Problem, cpu, floor};
use domain::cartography::event::batch::{ImportSource, Line, MapImported, Record};
use domain::cartography::event::{ActivitySet, AssetSet};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::Need;
use domain::{Event, State};
use journal::write::Author;
use journal::{Auth, RequestId, SubjectId};
use std::path::Path;
use store::{Folder, Ledger, Options, Submission};

/// A short crisis around the map: its statuses are drawn too.
const STORY: Story = Story { entries: 10, people: 2, cells: 1, lasts_ms: 3_600_000 };
/// Elements, and links of each.
const ELEMENTS: u32 = 400;
const LINKS: u32 = 3;
/// One element in so many is an activity; the others share the views.
const KINDS: [Option<AssetKind>; 10] = [
    None,
    None,
    Some(AssetKind::Application),
    Some(AssetKind::Application),
    Some(AssetKind::Biomedical),
    Some(AssetKind::Directory),
    Some(AssetKind::LogicalServer),
    Some(AssetKind::LogicalServer),
    Some(AssetKind::Storage),
    Some(AssetKind::Provider),
];
/// Pages that are drawn anew (a search that nobody made before), and pages that are given again.
const DRAWN: u32 = 20;
const AGAIN: u32 = 200;
const PLAN: &str = "/carte/plan";

/// `map_400_ms`: processor time of the server for the page, layout included; `map_400_again_ms`: once it is kept.
pub(crate) fn page(print: &dyn Fn(Figure)) -> Result<(), Problem> {
    let dir = tempfile::tempdir()?;
    let data = dir.path().join("data");
    crisis::make(&Folder::at(&data), &STORY, server::LOGIN)?;
    describe(&data)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (first, again) = runtime.block_on(measure(&data, &dir.path().join("guard")))?;
    let figure = |figure, value, peer, peer_value| Figure { bench: "impact", figure, value, unit: "ms", peer, peer_value };
    print(figure("map_400_ms", first, "bound asked", 150.0));
    print(figure("map_400_again_ms", again, "bound asked", 5.0));
    Ok(())
}

async fn measure(data: &Path, guard: &Path) -> Result<(f64, f64), Problem> {
    let binary = server::binary()?;
    server::set_password(&binary, data)?;
    let running = Running::start(&binary, data, guard)?;
    let client = Client::sign_in(&running.address).await?;
    let drawn = client.page(PLAN).await?.matches("data-n=").count();
    if drawn < ELEMENTS as usize {
        return Err(format!("{drawn} elements were drawn").into());
    }
    let start = cpu::seconds(running.pid())?;
    for nth in 0..DRAWN {
        client.page(&format!("{PLAN}?q=inconnu{nth}")).await?;
    }
    let middle = cpu::seconds(running.pid())?;
    for _ in 0..AGAIN {
        client.page(PLAN).await?;
    }
    let end = cpu::seconds(running.pid())?;
    Ok(((middle - start) * 1e3 / f64::from(DRAWN), (end - middle) * 1e3 / f64::from(AGAIN)))
}

fn id(nth: u32) -> SubjectId {
    let mut bytes = [7; SubjectId::LEN];
    bytes[..4].copy_from_slice(&nth.to_be_bytes());
    SubjectId(bytes)
}

/// Writes the map: each element needs a few that come after it, of any view.
fn describe(data: &Path) -> Result<(), Problem> {
    let ledger = Ledger::<State>::open(&Folder::at(data), floor::environment(), Options::default())?;
    let mut seed = 2_026_u32;
    let mut draw = |bound: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % bound
    };
    let mut lines = Vec::new();
    for nth in 0..ELEMENTS {
        let name = format!("Élément {nth}");
        let after = ELEMENTS - nth - 1;
        let needs: Vec<Need> = (0..LINKS.min(after)).map(|_| Need::of(id(nth + 1 + draw(after)))).collect();
        // The first are activities, the last providers, as on a map.
        let kind = KINDS.get((nth * 10 / ELEMENTS) as usize).copied().flatten();
        let set = match kind {
            None => Record::Activity(ActivitySet { name, priority: 2, needs, ..ActivitySet::default() }),
            Some(kind) => Record::Asset(AssetSet { name, kind, needs, ..AssetSet::default() }),
        };
        lines.push(Line { id: id(nth), set });
    }
    let source = ImportSource { system: "banc".to_owned(), name: "banc".to_owned(), ..ImportSource::default() };
    let draft = Event::MapImported(MapImported { source, lines }).draft(id(u32::MAX));
    let view = ledger.view();
    let people = &view.state.register.people;
    let writes = people.keys().copied().find(|actor| view.state.register.role(actor).is_some_and(|role| role.may_write()));
    let author = Author { actor: writes.ok_or("nobody may write")?, auth: Auth::Password };
    ledger.submit_wait(Submission { request: RequestId(floor::environment().bytes()), author, drafts: vec![draft] })?;
    Ok(())
}
