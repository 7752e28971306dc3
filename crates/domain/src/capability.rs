//! What every event offers: a capability says in `check.rs` whether it may be recorded, and in `apply.rs` what follows.

use crate::crisis::event::Attachment;
use crate::crisis::{self, Crisis};
use crate::refusal::Refusal;
use crate::state::State;
use journal::write::Author;
use journal::{Seen, SubjectId};

/// Somebody asks to record something, on a state.
pub(crate) struct Asked<'a> {
    /// The state it would be recorded on.
    pub(crate) state: &'a State,
    /// Who asks.
    pub(crate) author: &'a Author,
    /// What it is about.
    pub(crate) subject: SubjectId,
    /// Under which kind: one type of event may have several.
    pub(crate) kind: &'static str,
}

impl Asked<'_> {
    /// Whoever writes in a crisis: everybody but observers.
    ///
    /// # Errors
    /// They may not, and what they can do instead.
    pub(crate) fn writes(&self) -> Result<(), Refusal> {
        crisis::check::writer(self.state, self.author)
    }

    /// The crisis that the subject names, for whoever writes in it.
    ///
    /// # Errors
    /// They may not, or there is no such crisis.
    pub(crate) fn writes_in_crisis(&self) -> Result<&Crisis, Refusal> {
        self.writes()?;
        crisis::check::crisis(self.state, self.subject)
    }
}

/// May it be recorded now, by this author?
pub(crate) trait Checked {
    /// # Errors
    /// Why not, in words for the screen.
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal>;

    /// Files it names; the header repeats them.
    fn attachments(&self) -> &[Attachment] {
        &[]
    }
}

/// What follows from it. Total: anything may come, in any order, from anybody.
pub(crate) trait Applies {
    fn apply(self, state: &mut State, entry: &Seen<'_>);
}
