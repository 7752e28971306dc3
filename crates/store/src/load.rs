//! Reading a store back into memory: journal and state, in one pass where nothing reaches back.

use crate::Ruled;
use crate::error::StoreError;
use crate::rows::{self, StoredEntry};
use journal::dag::Key;
use journal::fold::{self, Replay};
use journal::{EntryId, Journal, JournalId, Offer};
use rusqlite::Connection;

/// What a store holds.
pub struct Loaded<F> {
    /// The journal.
    pub journal: Journal,
    /// Its fold.
    pub state: F,
    /// Why nothing may be written, when something does not hold.
    pub damage: Option<String>,
    /// What the fold started from.
    pub base: F,
}

/// Reads everything, on the state it starts from: nothing for an establishment, the real state for an exercise's
/// branch. Damage does not stop the reading: what holds is shown, and nothing more is written.
///
/// # Errors
/// What SQLite says when not even the journal's id can be read.
pub fn load<F: Ruled>(connection: &Connection, journal: JournalId, base: &F) -> Result<Loaded<F>, StoreError> {
    let mut reading = Reading::<F>::new(journal, base);
    let outcome: Result<(), StoreError> = rows::in_order(connection, |stored| {
        let n = stored.n;
        if let Err(what) = reading.take(stored) {
            reading.damaged(format!("la ligne {n} est abîmée ou a été modifiée ({what})"));
        }
        Ok(())
    });
    if let Err(error) = outcome {
        reading.damaged(error.to_string());
    }
    if let Err(what) = reading.conclude(connection) {
        reading.damaged(what);
    }
    let Reading { mut journal, replay, damage, .. } = reading;
    let (mut state, again) = replay.finish(&mut journal);
    if again {
        state = refold(connection, &mut journal, base)?;
    }
    Ok(Loaded { journal, state, damage, base: base.clone() })
}

/// Reads what had come when row `last` came, whatever damage there is: judged, and folded, with nothing known since but
/// what was erased.
///
/// # Errors
/// What SQLite says.
pub fn load_past<F: Ruled>(connection: &Connection, journal: JournalId, base: &F, last: i64) -> Result<(Journal, F), StoreError> {
    let late = rows::late_bodies(connection)?;
    let as_then = |mut stored: StoredEntry| {
        if let Ok(entry) = &mut stored.entry
            && late.get(&entry.id).is_some_and(|known_from| *known_from > last)
        {
            entry.body = None;
        }
        stored
    };
    let mut reading = Reading::<F>::new(journal, base);
    rows::in_order_to(connection, last, |stored| {
        // Damage is told about the present; what holds is shown.
        let _ = reading.take(as_then(stored));
        Ok::<(), StoreError>(())
    })?;
    let Reading { mut journal, replay, .. } = reading;
    let (state, again) = replay.finish(&mut journal);
    if !again {
        return Ok((journal, state));
    }
    let mut state = base.clone();
    rows::in_order_to(connection, last, |stored| {
        apply(&mut state, &mut journal, as_then(stored));
        Ok::<(), StoreError>(())
    })?;
    Ok((journal, state))
}

/// A journal being read back, row by row in the total order.
struct Reading<F> {
    journal: Journal,
    replay: Replay<F>,
    damage: Option<String>,
    rows: i64,
    last: Option<Key>,
    bare: Vec<EntryId>,
}

impl<F: Ruled> Reading<F> {
    fn new(journal: JournalId, base: &F) -> Self {
        let journal = Journal::new(journal, F::NEVER_ERASED);
        Self { journal, replay: Replay::on(base.clone()), damage: None, rows: 0, last: None, bare: Vec::new() }
    }

    /// Notes why nothing may be written; the first reason is the one told.
    fn damaged(&mut self, what: String) {
        self.damage.get_or_insert(what);
    }

    fn take(&mut self, stored: StoredEntry) -> Result<(), String> {
        self.rows += 1;
        let entry = stored.entry.map_err(|bad| bad.to_string())?;
        if entry.id.as_bytes() != stored.id {
            return Err("son empreinte n’est plus la sienne".to_owned());
        }
        if entry.body.is_none() {
            self.bare.push(entry.id);
        }
        let taken = match self.journal.restore(entry) {
            Offer::Accepted(taken) => taken,
            Offer::Known | Offer::Completed(_) => return Err("elle figure deux fois".to_owned()),
            Offer::Parked(_) => return Ok(()),
            Offer::Refused(why) => return Err(why.to_string()),
        };
        let key = taken.first().map(|one| self.journal.dag().node(one.index).key());
        let in_order = taken.len() == 1 && key > self.last && key.is_some_and(|(ord, ..)| ord == stored.ord);
        self.last = key.max(self.last);
        self.replay.take(&mut self.journal, taken);
        if in_order { Ok(()) } else { Err("son rang dans l’ordre a été changé".to_owned()) }
    }

    fn conclude(&mut self, connection: &Connection) -> Result<(), String> {
        let orphans = self.journal.parked().next().is_some();
        let foreign = self.take_parked(connection);
        let last_row = rows::last_number(connection).map_err(|error| error.to_string())?;
        let erased = self.journal.erased_once();
        let here_once = |id: &&EntryId| !rows::came_bare(connection, id).unwrap_or(false);
        let stripped = self.bare.iter().filter(|id| !erased.contains(id)).find(here_once).copied();
        match stripped {
            _ if orphans => Err("des entrées en suivent d’autres qui ont disparu".to_owned()),
            _ if foreign => Err("une entrée a été ajoutée à celles qui attendent".to_owned()),
            // Numbers are never reused: as many rows as the last one's number.
            _ if last_row != self.rows => Err(format!("{} lignes lues au lieu de {last_row}", self.rows)),
            Some(id) => Err(format!("le texte de l’entrée {} a disparu sans effacement signé", id.short())),
            None => Ok(()),
        }
    }

    /// Entries that wait for others. One that waits for nothing was not put there by a merge.
    fn take_parked(&mut self, connection: &Connection) -> bool {
        let parked = rows::parked(connection).unwrap_or_default();
        parked.into_iter().any(|entry| matches!(self.journal.offer(entry), Offer::Accepted(_)))
    }
}

/// Folds everything again from the store, with all that is now known of authority and erasures.
///
/// # Errors
/// What SQLite says.
pub fn refold<F: Ruled>(connection: &Connection, journal: &mut Journal, base: &F) -> Result<F, StoreError> {
    let mut state = base.clone();
    rows::in_order(connection, |stored| {
        apply(&mut state, journal, stored);
        Ok::<(), StoreError>(())
    })?;
    journal.mark_folded();
    Ok(state)
}

fn apply<F: Ruled>(state: &mut F, journal: &mut Journal, stored: StoredEntry) {
    if let Ok(entry) = stored.entry
        && let Some(index) = journal.dag().index(&entry.id)
    {
        fold::apply(state, journal, index, &entry);
    }
}
