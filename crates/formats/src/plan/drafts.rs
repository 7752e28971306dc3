//! The entries of an import, none longer than a journal's entry may be.

use super::{Item, Plan};
use crate::source::Source;
use domain::Event;
use domain::cartography::check::batch::LINES_MAX;
use domain::cartography::event::batch::{ImportSource, Line, MapImported};
use domain::crisis::check::LABEL_CHARS_MAX;
use journal::SubjectId;
use journal::entry::BODY_BYTES_MAX;
use journal::write::Draft;
use serde::Serialize;

/// Bytes of an entry left for what is around the lines.
const AROUND_BYTES: usize = 4 * 1024;
/// Most bytes of the lines of one entry, as JSON.
const LINES_BYTES_MAX: usize = BODY_BYTES_MAX - AROUND_BYTES;

/// Counts what would be written.
struct Count(usize);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn size(value: &impl Serialize) -> usize {
    let mut count = Count(0);
    // Counting cannot fail; what could not be written would be too long for any entry.
    serde_json::to_writer(&mut count, value).map_or(usize::MAX, |()| count.0)
}

/// Refuses a record that no entry could hold.
pub(super) fn short_enough(item: &Item<'_>) -> Result<(), (&'static str, String)> {
    // Its id and what it supersedes come on top.
    if size(&item.set) <= LINES_BYTES_MAX - AROUND_BYTES {
        return Ok(());
    }
    Err(("", "Cette fiche a trop de liens pour être enregistrée d’un coup : regroupez-les.".to_owned()))
}

impl Plan {
    /// The entries of the import, none longer than a journal's entry may be.
    pub fn drafts(&self, source: &Source, import: SubjectId) -> Vec<Draft> {
        let named = ImportSource {
            system: source.system.clone(),
            name: crate::words::cut(if source.name.is_empty() { "sans nom" } else { &source.name }, LABEL_CHARS_MAX),
            sha256: source.sha256,
            edition: String::new(),
        };
        let mut drafts = Vec::new();
        let (mut from, mut bytes) = (0, 0);
        let mut draft = |lines: &[Line]| {
            let imported = MapImported { source: named.clone(), lines: lines.to_vec() };
            drafts.push(Event::MapImported(imported).draft(import));
        };
        for (at, line) in self.lines.iter().enumerate() {
            // One sign between lines.
            let more = size(line) + 1;
            if at > from && (bytes + more > LINES_BYTES_MAX || at - from == LINES_MAX) {
                draft(&self.lines[from..at]);
                (from, bytes) = (at, 0);
            }
            bytes += more;
        }
        if from < self.lines.len() {
            draft(&self.lines[from..]);
        }
        drafts
    }
}
