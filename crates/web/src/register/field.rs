//! One field of a form: label, input, hint, and the sentence beside it when it was refused.

use super::look::{Look, Of};
use super::sheet::{Column, Input};
use crate::sign_in::newline_kept;
use crate::typography::fr;
use maud::{Markup, html};

/// What a field shows.
pub(super) struct Shown<'a> {
    pub(super) value: &'a str,
    /// Why it was refused, if it was.
    pub(super) wrong: Option<&'a str>,
}

/// The field of a column.
pub(super) fn field<T>(column: &Column<T>, look: &Look<'_>, shown: &Shown<'_>) -> Markup {
    let name = column.name;
    let id = format!("f-{name}");
    let told = shown.wrong.map(|_| "true");
    let list = match column.input {
        Input::Ref(of) | Input::Name(of) => Some(list_id(of)),
        Input::People(_) => Some(list_id(Of::Person)),
        Input::List => Some("d-listes"),
        _ => None,
    };
    let describes = format!("h-{name} e-{name}");
    html! {
        @match column.input {
            Input::People(count) => fieldset.field.several {
                legend { (column.head) }
                @let written: Vec<&str> = shown.value.split([';', '\n']).map(str::trim).filter(|v| !v.is_empty()).collect();
                @for at in 0..count.max(written.len()) {
                    input name=(name) value=(written.get(at).unwrap_or(&"")) list=[list] autocomplete="off" aria-invalid=[told]
                        aria-label={ (column.head) (fr(" : ")) (at + 1) } aria-describedby=(describes);
                }
                (beside(column.name, column.hint, shown.wrong))
            },
            Input::Area => p.field { label for=(id) { (column.head) }
                textarea id=(id) name=(name) rows="3" aria-invalid=[told] aria-describedby=(describes) { (newline_kept(shown.value)) }
                (beside(column.name, column.hint, shown.wrong)) },
            Input::YesNo => (select(column, &id, shown, &[("", "personne ne l’a dit"), ("oui", "oui"), ("non", "non")])),
            Input::Choice(words) => {
                @let all: Vec<(&str, &str)> = words().into_iter().map(|word| (word, word)).collect();
                (select(column, &id, shown, &[&[("", "à choisir")], all.as_slice()].concat()))
            },
            _ => p.field { label for=(id) { (column.head) }
                input id=(id) name=(name) type=(kind(column.input)) value=(typed(column.input, shown.value, look)) list=[list]
                    inputmode=[mode(column.input)] autocomplete="off" aria-invalid=[told] aria-describedby=(describes);
                (beside(column.name, column.hint, shown.wrong)) },
        }
    }
}

/// The hint and the refusal of a field.
pub(super) fn beside(name: &str, hint: &str, wrong: Option<&str>) -> Markup {
    html! {
        span.small.muted id={ "h-" (name) } { (fr(hint)) }
        span id={ "e-" (name) } role=[wrong.map(|_| "alert")] class=[wrong.map(|_| "error")] { @if let Some(why) = wrong { (fr(why)) } }
    }
}

fn select<T>(column: &Column<T>, id: &str, shown: &Shown<'_>, options: &[(&str, &str)]) -> Markup {
    let known = options.iter().any(|(value, _)| *value == shown.value);
    html! {
        p.field { label for=(id) { (column.head) }
            select id=(id) name=(column.name) aria-invalid=[shown.wrong.map(|_| "true")] aria-describedby={ "h-" (column.name) " e-" (column.name) } {
                @if !known { option value=(shown.value) selected { (shown.value) } }
                @for (value, words) in options { option value=(value) selected[*value == shown.value] { (words) } }
            }
            (beside(column.name, column.hint, shown.wrong)) }
    }
}

fn kind(input: Input) -> &'static str {
    match input {
        Input::Phone => "tel",
        Input::Email => "email",
        Input::Day => "date",
        Input::Moment => "datetime-local",
        _ => "text",
    }
}

fn mode(input: Input) -> Option<&'static str> {
    matches!(input, Input::Number).then_some("numeric")
}

/// Browsers want days and moments written their way. What they could not show is left as it is.
fn typed(input: Input, value: &str, look: &Look<'_>) -> String {
    match input {
        Input::Day => super::sheet::day(value).ok().flatten().map_or_else(|| value.to_owned(), |day| day.to_string()),
        Input::Moment => look.local.parse(value, look.now, true).map_or_else(|| value.to_owned(), |ms| look.local.machine(ms)),
        _ => value.to_owned(),
    }
}

fn list_id(of: Of) -> &'static str {
    match of {
        Of::Place => "d-lieux",
        Of::Unit => "d-unites",
        Of::Person => "d-personnes",
    }
}

/// The names that the fields of a form may complete.
pub(super) fn lists<T>(columns: &[Column<T>], look: &Look<'_>) -> Markup {
    let wants = |of: Of| {
        columns.iter().any(|c| match c.input {
            Input::Ref(wanted) | Input::Name(wanted) => wanted == of,
            Input::People(_) => of == Of::Person,
            _ => false,
        })
    };
    html! {
        @for of in [Of::Place, Of::Unit, Of::Person].into_iter().filter(|of| wants(*of)) {
            datalist id=(list_id(of)) { @for label in look.all(of) { option value=(label) {} } }
        }
        @if columns.iter().any(|c| matches!(c.input, Input::List)) {
            datalist id="d-listes" { @for list in look.register.duty_lists(look.now) { option value=(list) {} } }
        }
    }
}
