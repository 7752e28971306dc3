//! Where the head of a chronogramme is, and which column is what: titles above it, heads on two lines, merged cells.

use super::fields::Field;
use crate::sheet::Grid;
use crate::words::fold;
use std::collections::BTreeMap;

/// How far down a head is looked for, in rows that say something.
const LOOKED_ROWS: usize = 40;
/// Fewest columns recognised for a row to be a head.
const RECOGNISED_MIN: usize = 2;
/// Shortest word by which a longer head is recognised: « Contenu lu aux joueurs ».
const PREFIX_CHARS_MIN: usize = 5;

/// Which sheet is read, from which line, and what its columns are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Sheet, from 0.
    pub sheet: usize,
    /// Heads of the columns; « colonne C » where there is none.
    pub heads: Vec<String>,
    /// What each column is; `None`: left aside.
    pub columns: Vec<Option<Field>>,
    /// Last line of the head; 0 when none was found.
    pub head_line: u32,
    /// Whether « T+2 » is two hours, as OpenAEV writes it, and not two minutes.
    pub t_hours: bool,
}

impl Layout {
    /// Where a field is found.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| *column == Some(field))
    }

    /// Whether a field is found.
    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    /// Head of the column where a field is found; the field's own name when it is found nowhere.
    pub fn head(&self, field: Field) -> &str {
        self.column(field).and_then(|at| self.heads.get(at)).map_or(field.label(), String::as_str)
    }

    /// Says what a column is, by its head, its letter (« C ») or its rank from 1.
    ///
    /// # Errors
    /// There is no such column.
    pub fn set(&mut self, column: &str, field: Option<Field>) -> Result<(), String> {
        let wanted = fold(&named(column));
        let by_head = || self.heads.iter().position(|head| fold(&named(head)) == wanted);
        let by_letter = || (0..self.heads.len()).find(|at| letters(*at).eq_ignore_ascii_case(column.trim()));
        let by_rank = || column.trim().parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < self.heads.len());
        let at = by_head().or_else(by_letter).or_else(by_rank).ok_or_else(|| {
            let known: Vec<&str> = self.heads.iter().map(String::as_str).collect();
            format!("La colonne « {column} » n’est pas dans ce tableau ; il a : {}.", known.join(", "))
        })?;
        self.columns.iter_mut().filter(|one| field.is_some() && **one == field).for_each(|one| *one = None);
        self.columns[at] = field;
        Ok(())
    }

    /// Why rows cannot be taken so, in words that say what to do; none when they can.
    pub fn objection(&self) -> Option<String> {
        let mut missing = Vec::new();
        if !self.has(Field::At) && !self.has(Field::Offset) {
            missing.push("« Heure » (ou « T+ »)");
        }
        if !self.has(Field::Text) && !self.has(Field::Title) {
            missing.push("« Contenu » (ou « Titre »)");
        }
        if let [one] = missing.as_slice() {
            return Some(format!("Il manque la colonne {one} : dites laquelle c’est, ou ajoutez-la au fichier."));
        }
        if !missing.is_empty() {
            let all = missing.join(" et ");
            return Some(format!("Il manque les colonnes {all} : dites lesquelles ce sont, ou ajoutez-les au fichier."));
        }
        let again = |(at, field): (usize, &Option<Field>)| field.filter(|field| self.column(*field) != Some(at));
        let twice = self.columns.iter().enumerate().find_map(again)?;
        Some(format!("Deux colonnes sont prises pour « {} » : n’en gardez qu’une.", twice.label()))
    }
}

/// Letters of a column, as spreadsheets write them.
pub fn letters(column: usize) -> String {
    let mut name = String::new();
    let mut left = column + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        name.insert(0, char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    name
}

/// « Event # » says a number, which folding would lose.
fn named(head: &str) -> String {
    head.replace('#', " numero ")
}

/// A head without what it says between parentheses.
fn outside(head: &str) -> String {
    let mut depth = 0_u32;
    head.chars()
        .filter(|letter| {
            match letter {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

/// A head as it may be recognised: whole, then each of its lines, each without its parentheses.
fn readings(top: &str, sub: &str) -> Vec<String> {
    let both = format!("{top} {sub}");
    let mut all: Vec<String> =
        [&both, sub, top].into_iter().flat_map(|text| [fold(&named(text)), fold(&outside(&named(text)))]).collect();
    all.retain(|text| !text.is_empty());
    all.dedup();
    all
}

/// Recognises columns; how many by a head that is known exactly.
fn recognise(heads: &[Vec<String>]) -> (Vec<Option<Field>>, usize) {
    let mut columns: Vec<Option<Field>> = vec![None; heads.len()];
    let mut take = |field: Field, fits: &dyn Fn(&str) -> bool| {
        if columns.contains(&Some(field)) {
            return;
        }
        let free = columns.iter().enumerate().filter(|(_, column)| column.is_none()).map(|(at, _)| at);
        let found = free.into_iter().find(|at| heads[*at].iter().any(|head| fits(head)));
        if let Some(at) = found {
            columns[at] = Some(field);
        }
    };
    for field in Field::ALL {
        take(*field, &|head| head == fold(field.label()));
    }
    // The likeliest words of every field before the second likeliest of any: « Stimulus » beside « Titre » is the content.
    let most = Field::ALL.iter().map(|field| field.also().len()).max().unwrap_or_default();
    for rank in 0..most {
        for field in Field::ALL {
            if let Some(word) = field.also().get(rank) {
                take(*field, &|head| head == *word);
            }
        }
    }
    let exact = columns.iter().flatten().count();
    let mut columns_after = columns.clone();
    for field in Field::ALL.iter().filter(|field| !columns.contains(&Some(**field))) {
        let label = fold(field.label());
        let begins = |head: &String| {
            let words = std::iter::once(label.as_str()).chain(field.also().iter().copied());
            words
                .filter(|word| word.len() >= PREFIX_CHARS_MIN)
                .any(|word| head.strip_prefix(word).is_some_and(|rest| rest.starts_with(' ')))
        };
        let free = columns_after.iter().enumerate().filter(|(_, column)| column.is_none()).map(|(at, _)| at);
        let found = free.into_iter().find(|at| heads[*at].iter().any(begins));
        if let Some(at) = found {
            columns_after[at] = Some(*field);
        }
    }
    (columns_after, exact)
}

fn shown(top: &str, sub: &str, column: usize) -> String {
    let words = format!("{} {}", top.trim(), sub.trim());
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { format!("colonne {}", letters(column)) } else { crate::words::cut(&words, 80) }
}

/// A possible head.
struct Found {
    score: usize,
    layout: Layout,
}

fn found(sheet: usize, line: u32, width: usize, top: &[String], sub: &[String]) -> Found {
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    // A head merged over several columns is written in the first of them only.
    let mut over = String::new();
    let pairs: Vec<(String, String)> = (0..width)
        .map(|at| {
            let (above, below) = (cell(top, at), cell(sub, at));
            if !above.is_empty() {
                over = above.clone();
            }
            let spread = above.is_empty() && !below.is_empty();
            (if spread { over.clone() } else { above }, below)
        })
        .collect();
    let read: Vec<Vec<String>> = pairs.iter().map(|(top, sub)| readings(top, sub)).collect();
    let (columns, score) = recognise(&read);
    let heads = pairs.iter().enumerate().map(|(at, (top, sub))| shown(top, sub, at)).collect();
    let t_hours = read.iter().flatten().any(|head| head == "timeline" || head.starts_with("expectation"));
    Found { score, layout: Layout { sheet, heads, columns, head_line: line, t_hours } }
}

/// The likeliest head of one sheet; without any, its columns are named by their letters.
pub(super) fn of_sheet(sheet: usize, grid: &Grid) -> (usize, Layout) {
    let width = grid.lines.values().map(Vec::len).max().unwrap_or_default();
    let lines: Vec<(&u32, &Vec<String>)> = grid.lines.iter().take(LOOKED_ROWS).collect();
    let mut best = Found { score: RECOGNISED_MIN - 1, layout: found(sheet, 0, width, &[], &[]).layout };
    for (at, (line, row)) in lines.iter().enumerate() {
        let one = found(sheet, **line, width, row, &[]);
        // A lone cell above is the title of the table, not the first line of its head.
        let is_title = row.iter().filter(|cell| !cell.is_empty()).count() < 2;
        let two = lines.get(at + 1).filter(|(next, _)| **next == **line + 1 && !is_title);
        let two = two.map(|(next, below)| found(sheet, **next, width, row, below));
        for candidate in std::iter::once(one).chain(two) {
            if candidate.score > best.score {
                best = candidate;
            }
        }
    }
    let score = if best.layout.head_line == 0 { 0 } else { best.score };
    (score, best.layout)
}

/// The likeliest head of a file: that of the sheet that is most like a chronogramme.
pub(super) fn of_book(grids: &[Grid]) -> Layout {
    let all = grids.iter().enumerate().map(|(at, grid)| (of_sheet(at, grid), grid.lines.len()));
    // `max_by_key` keeps the last of equals: the first sheet is preferred.
    all.rev().max_by_key(|((score, _), rows)| (*score, *rows)).map(|((_, layout), _)| layout).unwrap_or_default()
}

/// Whether a row only says the heads again, as at the top of each printed page.
pub(super) fn repeats(layout: &Layout, row: &[String]) -> bool {
    let known: BTreeMap<usize, String> = layout.heads.iter().enumerate().map(|(at, head)| (at, fold(head))).collect();
    let mut said = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).peekable();
    said.peek().is_some() && said.all(|(at, cell)| known.get(&at).is_some_and(|head| *head == fold(cell)))
}
