//! What a sheet would change: found out on a copy of the state, by the same rules as the writer's, before anything is recorded.

use super::Table;
use crate::register::drawn;
use crate::register::look::{Look, fold};
use crate::register::sheet::{Column, Input, Keys, Sheet};
use domain::State;
use domain::register::event::Set;
use journal::entry::sha256;
use journal::write::{Author, Draft};
use journal::{Hash, JournalId, RequestId, SubjectId};
use std::collections::BTreeMap;
use store::Ruled;

/// What is wrong with a cell or a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) line: u32,
    pub(super) head: String,
    pub(super) written: String,
    pub(super) why: String,
}

/// A record that would change.
pub(super) struct Change {
    pub(super) line: u32,
    pub(super) title: String,
    /// Column, before, after.
    pub(super) cells: Vec<(&'static str, String, String)>,
}

/// What a sheet would do.
pub(super) struct Plan {
    /// Heads of the sheet and what each is taken for.
    pub(super) mapped: Vec<(String, &'static str)>,
    pub(super) ignored: Vec<String>,
    pub(super) added: Vec<(u32, String)>,
    pub(super) changed: Vec<Change>,
    pub(super) same: usize,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) wrong_rows: usize,
    pub(super) drafts: Vec<Draft>,
    /// Names exactly what would be recorded: a confirmation speaks of this.
    pub(super) digest: Hash,
}

/// On whose behalf, on what, and when.
pub(super) struct Under<'a> {
    pub(super) state: &'a State,
    pub(super) author: Author,
    pub(super) journal: JournalId,
    pub(super) token: RequestId,
    pub(super) now: i64,
}

/// Which column each cell of a row is for.
struct Mapping<T: 'static> {
    columns: Vec<(usize, &'static Column<T>)>,
    beside: Vec<(usize, &'static str)>,
    mapped: Vec<(String, &'static str)>,
    ignored: Vec<String>,
}

/// Heads are recognised whatever their order, case and accents.
fn mapping<T: Sheet>(heads: &[String], look: &Look<'_>) -> Result<Mapping<T>, String> {
    let folded: Vec<String> = heads.iter().map(|head| fold(head)).collect();
    let mut taken = vec![false; heads.len()];
    let mut columns: Vec<(usize, &'static Column<T>)> = Vec::new();
    let mut take = |names: &dyn Fn(&Column<T>) -> Vec<&'static str>, columns: &mut Vec<(usize, &'static Column<T>)>| {
        for column in T::COLUMNS {
            let names: Vec<String> = names(column).into_iter().map(fold).collect();
            let at = folded.iter().enumerate().position(|(at, head)| !taken[at] && names.contains(head));
            if let Some(at) = at.filter(|_| columns.iter().all(|(_, c)| c.name != column.name)) {
                taken[at] = true;
                columns.push((at, column));
            }
        }
    };
    take(&|column| vec![column.head], &mut columns);
    take(&|column| column.also.to_vec(), &mut columns);
    let mut beside = Vec::new();
    for (head, _) in T::beside(&SubjectId([0; 16]), look) {
        if let Some(at) = folded.iter().position(|f| *f == fold(head)) {
            taken[at] = true;
            beside.push((at, head));
        }
    }
    if columns.iter().all(|(_, column)| column.name != T::NEEDED) {
        let needed = T::COLUMNS.iter().find(|c| c.name == T::NEEDED).map_or("", |c| c.head);
        let known: Vec<&str> = T::COLUMNS.iter().map(|c| c.head).collect();
        return Err(format!(
            "La colonne « {needed} » manque. La première ligne doit nommer les colonnes : {}.",
            known.join(", ")
        ));
    }
    columns.sort_by_key(|(_, column)| T::COLUMNS.iter().position(|c| c.name == column.name));
    let mut mapped: Vec<(usize, &'static str)> =
        columns.iter().map(|(at, c)| (*at, c.head)).chain(beside.iter().copied()).collect();
    mapped.sort_unstable();
    let mapped = mapped.into_iter().map(|(at, head)| (heads[at].clone(), head)).collect();
    let ignored =
        heads.iter().zip(&taken).filter(|(head, taken)| !**taken && !head.is_empty()).map(|(head, _)| head.clone()).collect();
    Ok(Mapping { columns, beside, mapped, ignored })
}

/// Records that are there, by what an import finds them.
struct Known<'a, T> {
    codes: BTreeMap<String, Vec<SubjectId>>,
    names: BTreeMap<String, Vec<(SubjectId, Keys)>>,
    values: BTreeMap<SubjectId, &'a T>,
}

impl<'a, T: Sheet> Known<'a, T> {
    fn of(look: &Look<'a>) -> Self {
        let mut known = Self { codes: BTreeMap::new(), names: BTreeMap::new(), values: BTreeMap::new() };
        for (id, value) in T::all(look.register) {
            let keys = value.keys(look);
            if !keys.code.is_empty() {
                known.codes.entry(keys.code.clone()).or_default().push(id);
            }
            known.names.entry(keys.name.clone()).or_default().push((id, keys));
            known.values.insert(id, value);
        }
        known
    }

    /// The record a row speaks of; none when it is a new one.
    fn find(&self, keys: &Keys) -> Result<Option<SubjectId>, String> {
        let many = "Plusieurs fiches de l’annuaire répondent à cette ligne : ajoutez une colonne Code qui les distingue.";
        match self.codes.get(&keys.code).map(Vec::as_slice) {
            Some([one]) => return Ok(Some(*one)),
            Some(_) => return Err(many.to_owned()),
            None => {}
        }
        // A code that nobody has is a new one, or the first one given to a record that had none.
        let same_name = self.names.get(&keys.name).into_iter().flatten();
        let candidates: Vec<_> = same_name.filter(|(_, known)| keys.code.is_empty() || known.code.is_empty()).collect();
        let agrees =
            |more: &str| candidates.iter().filter(|(_, known)| known.more == more).map(|(id, _)| *id).collect::<Vec<_>>();
        let found = match (keys.more.is_empty(), agrees(&keys.more)) {
            (false, exact) if !exact.is_empty() => exact,
            (false, _) => agrees(""),
            (true, _) => candidates.iter().map(|(id, _)| *id).collect(),
        };
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => Err(many.to_owned()),
        }
    }
}

/// Spreadsheets drop the zero in front of what they take for a number.
fn with_zero(input: Input, text: &str) -> String {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let lost = match input {
        Input::Phone => text.len() == 9 && !text.starts_with('0'),
        Input::Finess => text.len() == 8,
        _ => false,
    };
    if digits && lost { format!("0{text}") } else { text.to_owned() }
}

/// What a sheet would do.
///
/// # Errors
/// The sheet as a whole cannot be taken.
pub(super) fn plan<T: Sheet>(table: &Table, under: &Under<'_>) -> Result<Plan, String> {
    let mut look = Look::new(&under.state.register, under.now);
    let mapping = mapping::<T>(&table.heads, &look)?;
    let known = Known::<T>::of(&look);
    let announced = announced(table, &mapping, &known, &look, under.token);
    let mut order: Vec<usize> = (0..table.rows.len()).collect();
    order.sort_by_key(|at| announced[*at].1.order());
    let mut planner = Planner::new(under, &known, &mapping);
    for (id, value) in &announced {
        value.announce(*id, &mut look);
    }
    // Names are learnt anew, with those of the sheet.
    let coming = look.coming;
    let mut look = Look::new(&under.state.register, under.now);
    look.coming = coming;
    for at in order {
        let (line, cells) = &table.rows[at];
        planner.row(*line, cells, announced[at].0, &look);
    }
    Ok(planner.done())
}

/// The id and the values of each row, as far as they can be read without knowing the other rows.
fn announced<T: Sheet>(
    table: &Table,
    mapping: &Mapping<T>,
    known: &Known<'_, T>,
    look: &Look<'_>,
    token: RequestId,
) -> Vec<(SubjectId, T)> {
    let row = |(line, cells): &(u32, Vec<String>)| {
        let mut value = T::default();
        for (at, column) in &mapping.columns {
            let text = cells.get(*at).map_or("", String::as_str);
            // What is wrong is told when the row is planned.
            let _ = (column.read)(&mut value, &with_zero(column.input, text), look);
        }
        value.complete(look);
        let found = known.find(&value.keys(look)).ok().flatten();
        let fresh = || value.new_id(drawn(T::SLUG, &token.to_string(), usize::try_from(*line).unwrap_or(0)));
        (found.unwrap_or_else(fresh), value)
    };
    table.rows.iter().map(row).collect()
}

struct Planner<'a, T: Sheet> {
    under: &'a Under<'a>,
    known: &'a Known<'a, T>,
    mapping: &'a Mapping<T>,
    scratch: State,
    /// The line each record was met on.
    met: BTreeMap<SubjectId, u32>,
    names: BTreeMap<(String, String, String), u32>,
    plan: Plan,
}

impl<'a, T: Sheet> Planner<'a, T> {
    fn new(under: &'a Under<'a>, known: &'a Known<'a, T>, mapping: &'a Mapping<T>) -> Self {
        let plan = Plan {
            mapped: mapping.mapped.clone(),
            ignored: mapping.ignored.clone(),
            added: Vec::new(),
            changed: Vec::new(),
            same: 0,
            mistakes: Vec::new(),
            wrong_rows: 0,
            drafts: Vec::new(),
            digest: Hash([0; 32]),
        };
        Self { under, known, mapping, scratch: under.state.clone(), met: BTreeMap::new(), names: BTreeMap::new(), plan }
    }

    fn row(&mut self, line: u32, cells: &[String], id: SubjectId, look: &Look<'_>) {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        match self.planned(line, &cell, id, look) {
            Ok(()) => {}
            Err(mistakes) => {
                self.plan.wrong_rows += 1;
                let written = |head: &str| {
                    let at = self.mapping.columns.iter().find(|(_, c)| c.head == head).map(|(at, _)| *at);
                    at.or_else(|| self.mapping.beside.iter().find(|(_, h)| *h == head).map(|(at, _)| *at))
                        .map(cell)
                        .unwrap_or_default()
                };
                let mistakes = mistakes.into_iter().map(|(head, why)| {
                    let written = written(&head).to_owned();
                    Mistake { line, head, written, why }
                });
                self.plan.mistakes.extend(mistakes.collect::<Vec<_>>());
            }
        }
    }

    /// Plans a row, or says what is wrong with its cells.
    fn planned<'c>(
        &mut self,
        line: u32,
        cell: &dyn Fn(usize) -> &'c str,
        id: SubjectId,
        look: &Look<'_>,
    ) -> Result<(), Vec<(String, String)>> {
        let (fresh, wrong) = self.read(T::default(), cell, look, false);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let whole = |why: String| vec![(String::new(), why)];
        let keys = fresh.keys(look);
        self.known.find(&keys).map_err(whole)?;
        if let Some(other) = self.met.get(&id).copied().or_else(|| self.names.get(&named(&keys)).copied()) {
            return Err(whole(format!(
                "Cette ligne parle de la même fiche que la ligne {other} : gardez-en une, ou donnez-leur un code."
            )));
        }
        let before = self.known.values.get(&id).copied();
        let value = match before {
            Some(before) => self.read(before.clone(), cell, look, true).0,
            None => fresh,
        };
        let drafts = self.drafts(id, before, &value, cell, look)?;
        self.check(&drafts)?;
        self.met.insert(id, line);
        self.names.insert(named(&keys), line);
        self.plan.drafts.extend(drafts.iter().cloned());
        self.tell(line, before, &value, look, drafts.is_empty());
        Ok(())
    }

    /// Takes the cells into a record; those that are empty leave it as it is when asked.
    fn read<'c>(
        &self,
        mut value: T,
        cell: &dyn Fn(usize) -> &'c str,
        look: &Look<'_>,
        filled_only: bool,
    ) -> (T, Vec<(String, String)>) {
        let mut wrong = Vec::new();
        for (at, column) in &self.mapping.columns {
            let text = with_zero(column.input, cell(*at));
            if !(filled_only && text.is_empty())
                && let Err(why) = (column.read)(&mut value, &text, look)
            {
                wrong.push((column.head.to_owned(), why));
            }
        }
        value.complete(look);
        (value, wrong)
    }

    fn drafts<'c>(
        &self,
        id: SubjectId,
        before: Option<&T>,
        value: &T,
        cell: &dyn Fn(usize) -> &'c str,
        look: &Look<'_>,
    ) -> Result<Vec<Draft>, Vec<(String, String)>> {
        let mut drafts = Vec::new();
        if before != Some(value) {
            let supersedes = T::record(look.register, &id).map(|record| record.seen()).unwrap_or_default();
            drafts.push(T::event(Set { value: Some(value.clone()), supersedes }).draft(id));
        }
        let beside = |head: &str| {
            self.mapping.beside.iter().find(|(_, h)| *h == head).map(|(at, _)| cell(*at).to_owned()).unwrap_or_default()
        };
        let more = value.beside_event(&id, &beside, look).map_err(|(head, why)| vec![(head.to_owned(), why)])?;
        drafts.extend(more.map(|event| event.draft(id)));
        Ok(drafts)
    }

    /// By the journal's own rules, on the state with the rows before.
    fn check(&mut self, drafts: &[Draft]) -> Result<(), Vec<(String, String)>> {
        for draft in drafts {
            self.scratch.check(&self.under.author, draft).map_err(|refusal| {
                let column = refusal.field.and_then(|field| T::COLUMNS.iter().find(|c| c.name == field));
                vec![(column.map_or("", |c| c.head).to_owned(), refusal.sentence)]
            })?;
            let at = self.plan.drafts.len();
            let Under { author, token, journal, now, .. } = self.under;
            store::rehearse(&mut self.scratch, *author, *token, at, draft, *journal, *now);
        }
        Ok(())
    }

    fn tell(&mut self, line: u32, before: Option<&T>, value: &T, look: &Look<'_>, nothing: bool) {
        match before {
            _ if nothing => self.plan.same += 1,
            None => self.plan.added.push((line, value.title(look))),
            Some(before) => {
                let both = |c: &Column<T>| (c.head, (c.show)(before, look), (c.show)(value, look));
                let mut cells: Vec<_> = T::COLUMNS.iter().map(both).filter(|(_, before, after)| before != after).collect();
                if cells.is_empty() {
                    cells.push(("Vérification", String::new(), "nouvelle date".to_owned()));
                }
                self.plan.changed.push(Change { line, title: value.title(look), cells });
            }
        }
    }

    fn done(self) -> Plan {
        let mut plan = self.plan;
        let mut named = Vec::new();
        for draft in &plan.drafts {
            for part in [draft.subject.as_bytes(), draft.kind.as_bytes(), b"\0", &draft.body[..], b"\0"] {
                named.extend_from_slice(part);
            }
        }
        plan.digest = sha256(&named);
        plan.mistakes.sort_by_key(|mistake| mistake.line);
        plan.added.sort_by_key(|(line, _)| *line);
        plan.changed.sort_by_key(|change| change.line);
        plan
    }
}

fn named(keys: &Keys) -> (String, String, String) {
    (keys.code.clone(), keys.name.clone(), keys.more.clone())
}
