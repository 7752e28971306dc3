//! One description of each kind of record, from which its form, its page, its sheet and its import are made.

use super::look::{Look, Of};
use crate::session::Visitor;
use crate::shell::Page;
use domain::Event;
use domain::register::event::Set;
use domain::register::table::Record;
use domain::register::{Register, day::Day};
use journal::SubjectId;
use journal::authority::ADMIN_RANK;
use maud::{Markup, html};

/// How a field is typed.
#[derive(Clone, Copy)]
pub(super) enum Input {
    Line,
    Area,
    Phone,
    Email,
    Number,
    /// A FINESS number.
    Finess,
    Day,
    Moment,
    /// Yes, no, or nobody said.
    YesNo,
    Choice(fn() -> Vec<&'static str>),
    Ref(Of),
    /// A name that may be in the register or not.
    Name(Of),
    /// That many people at most, in order.
    People(usize),
    /// Duty lists that exist, or another.
    List,
}

/// One field of a record.
pub(super) struct Column<T> {
    /// Name in the form; the rules speak of it by this name.
    pub(super) name: &'static str,
    /// What it is called on the page and at the head of a sheet.
    pub(super) head: &'static str,
    /// Other heads under which a sheet may call it.
    pub(super) also: &'static [&'static str],
    pub(super) hint: &'static str,
    pub(super) input: Input,
    /// Its value as people write it.
    pub(super) show: fn(&T, &Look<'_>) -> String,
    /// Takes what was written.
    pub(super) read: fn(&mut T, &str, &Look<'_>) -> Result<(), String>,
}

/// By what a record is found again, folded: its code; else its name, among those that share it by something more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) more: String,
}

/// A kind of record of the register.
pub(super) trait Sheet: Clone + Default + PartialEq + Send + Sync + 'static {
    /// In addresses.
    const SLUG: &'static str;
    /// On the button.
    const ADD: &'static str;
    /// Title of the list.
    const TITLE: &'static str;
    /// What to say when there is none.
    const EMPTY: &'static str;
    /// The column without which a sheet says nothing.
    const NEEDED: &'static str = "name";
    /// Fields, in the order of the form.
    const COLUMNS: &'static [Column<Self>];
    /// Names of the columns of the list.
    const SHOWN: &'static [&'static str];

    /// A record with its history.
    fn record<'a>(register: &'a Register, id: &SubjectId) -> Option<&'a Record<Self>>;

    /// All that are there.
    fn all(register: &Register) -> Vec<(SubjectId, &Self)>;

    /// What it is called.
    fn title(&self, look: &Look<'_>) -> String;

    /// By what an import finds it again.
    fn keys(&self, look: &Look<'_>) -> Keys;

    /// Rows of a sheet are taken in this order: what others name comes first.
    fn order(&self) -> u8 {
        0
    }

    /// Tells the rows of the same sheet of this one.
    fn announce(&self, _: SubjectId, _: &mut Look<'_>) {}

    /// The event that sets it.
    fn event(set: Set<Self>) -> Event;

    /// Its id when it is new.
    fn new_id(&self, drawn: SubjectId) -> SubjectId {
        drawn
    }

    /// Fills in what follows from the rest.
    fn complete(&mut self, _: &Look<'_>) {}

    /// Whether somebody may change such records; the rules of the journal say so again.
    fn may_change(visitor: &Visitor) -> bool {
        visitor.replayed.is_none() && visitor.role.rank() >= ADMIN_RANK
    }

    /// Shape and words of what is wrong with it.
    fn status(&self, _: &SubjectId, _: &Look<'_>) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What the page of the list says first.
    fn intro(look: &Look<'_>, page: &Page<'_>) -> Markup;

    /// Fields beside the record, in the form of a new one.
    fn more_fields() -> &'static [Beside] {
        &[]
    }

    /// The records one form makes.
    fn spread(self, _: &dyn Fn(&str) -> String, _: &Look<'_>) -> Result<Vec<Self>, (&'static str, String)> {
        Ok(vec![self])
    }

    /// Acts offered on its page.
    fn acts(&self, _: &SubjectId, _: &Look<'_>, _: &Page<'_>) -> Markup {
        html! {}
    }

    /// Heads of what a sheet says beside the record, and what it says.
    fn beside(_: &SubjectId, _: &Look<'_>) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The event that what stands beside the record asks for.
    fn beside_event(
        &self,
        _: &SubjectId,
        _: &dyn Fn(&str) -> String,
        _: &Look<'_>,
    ) -> Result<Option<Event>, (&'static str, String)> {
        Ok(None)
    }
}

/// A field of the form that is not of the record.
pub(super) struct Beside {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
}

/// A column of plain text kept as it is.
macro_rules! text {
    ($field:ident, $head:literal, [$($also:literal),*], $input:expr, $hint:literal) => {
        $crate::register::sheet::Column {
            name: stringify!($field),
            head: $head,
            also: &[$($also),*],
            hint: $hint,
            input: $input,
            show: |record, _| record.$field.clone(),
            read: |record, text, _| {
                record.$field = text.to_owned();
                Ok(())
            },
        }
    };
}
pub(super) use text;

/// Whole numbers as people write them.
pub(super) fn number(text: &str) -> Result<u32, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() {
        return Ok(0);
    }
    digits.parse().map_err(|_| format!("« {text} » n’est pas un nombre entier : écrivez par exemple 24."))
}

/// `oui`, `non`, or nothing.
pub(super) fn yes_no(text: &str) -> Result<Option<bool>, String> {
    match super::look::fold(text).as_str() {
        "" | "inconnu" => Ok(None),
        "oui" | "o" | "vrai" | "x" | "1" | "yes" => Ok(Some(true)),
        "non" | "n" | "faux" | "0" | "no" => Ok(Some(false)),
        _ => Err(format!("« {text} » n’est ni oui ni non : écrivez oui, non, ou rien si personne ne sait.")),
    }
}

/// See [`yes_no`].
pub(super) fn in_words(value: Option<bool>) -> String {
    value.map_or("", |yes| if yes { "oui" } else { "non" }).to_owned()
}

/// `22/11/2026` or `2026-11-22`, whatever hour follows.
pub(super) fn day(text: &str) -> Result<Option<Day>, String> {
    let Some(first) = text.split([' ', 'T']).next().filter(|first| !first.is_empty()) else { return Ok(None) };
    let turned = || {
        let mut parts = first.split(['/', '.']);
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok().filter(|_| parts.next().is_none())?)
    };
    let day = first.parse().ok().or_else(turned);
    day.map(Some).ok_or_else(|| format!("« {text} » n’est pas une date : écrivez par exemple 22/11/2026."))
}

/// `22/11/2026`.
pub(super) fn written(day: Day) -> String {
    let text = day.to_string();
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    format!("{day}/{month}/{year}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_numbers_and_answers_are_read_as_people_write_them() {
        let shown = |text: &str| day(text).map(|d| d.map(written).unwrap_or_default());
        for text in ["22/11/2026", "2026-11-22", "22.11.2026", "2026-11-22 00:00"] {
            assert_eq!(shown(text).as_deref(), Ok("22/11/2026"), "{text}");
        }
        assert_eq!(shown(""), Ok(String::new()));
        assert!(["31/02/2026", "demain", "22/11/26", "22/11"].into_iter().all(|text| shown(text).is_err()));
        assert_eq!((number(" 1 200 "), number("")), (Ok(1_200), Ok(0)));
        assert!(number("-3").is_err() && number("douze").is_err());
        assert_eq!((yes_no("Oui"), yes_no("NON"), yes_no("")), (Ok(Some(true)), Ok(Some(false)), Ok(None)));
        assert!(yes_no("peut-être").is_err());
    }
}
