//! Fields of forms: a label above, what was typed given back, the refusal beside it.

use crate::answer::Fault;
use crate::form::Fields;
use crate::typography::fr;
use maud::{Markup, html};

/// A form being shown: what was typed, and what was refused.
#[derive(Clone, Copy)]
pub(crate) struct Filled<'a> {
    pub(crate) fields: Option<&'a Fields>,
    pub(crate) fault: Option<&'a Fault>,
}

impl<'a> Filled<'a> {
    /// A form nobody has sent.
    pub(crate) const BLANK: Self = Self { fields: None, fault: None };

    pub(crate) fn of(fields: &'a Fields, fault: &'a Fault) -> Self {
        Self { fields: Some(fields), fault: Some(fault) }
    }

    /// What the field holds: what was typed, else `known`.
    pub(crate) fn value(&self, name: &str, known: &str) -> String {
        self.fields.map_or_else(|| known.to_owned(), |fields| fields.get(name).to_owned())
    }

    fn problem(&self, name: &str) -> Option<&'a str> {
        self.fault.and_then(|fault| fault.on(name))
    }

    /// A refusal about no field in particular.
    pub(crate) fn refusal(&self, shown: &[&str]) -> Markup {
        let elsewhere = self.fault.filter(|f| f.field.as_deref().is_none_or(|field| !shown.contains(&field)));
        html! { @if let Some(fault) = elsewhere { p.error role="alert" { (fr(&fault.sentence)) } } }
    }

    /// The sentence beside a field.
    pub(crate) fn beside(&self, name: &str) -> Markup {
        html! { @if let Some(sentence) = self.problem(name) { span.error id={ "e-" (name) } role="alert" { (fr(sentence)) } } }
    }

    fn attributes(&self, name: &str) -> (Option<&'static str>, Option<String>) {
        let wrong = self.problem(name).is_some();
        (wrong.then_some("true"), wrong.then(|| format!("e-{name}")))
    }

    /// One line of text.
    pub(crate) fn text(&self, field: &Text<'_>) -> Markup {
        let (invalid, described) = self.attributes(field.name);
        html! { p.field {
            label for=(field.name) { (fr(field.label)) }
            input id=(field.name) name=(field.name) value=(self.value(field.name, field.known)) placeholder=[field.example]
                list=[field.list] inputmode=[field.number.then_some("numeric")] autocomplete="off" required[field.required]
                aria-invalid=[invalid] aria-describedby=[described];
            @if let Some(hint) = field.hint { span.small.muted { (fr(hint)) } }
            (self.beside(field.name))
        } }
    }

    /// Several lines of text.
    pub(crate) fn long(&self, field: &Text<'_>, rows: u8) -> Markup {
        let (invalid, described) = self.attributes(field.name);
        html! { p.field {
            label for=(field.name) { (fr(field.label)) }
            textarea id=(field.name) name=(field.name) rows=(rows) placeholder=[field.example] required[field.required]
                aria-invalid=[invalid] aria-describedby=[described] { (crate::sign_in::newline_kept(&self.value(field.name, field.known))) }
            @if let Some(hint) = field.hint { span.small.muted { (fr(hint)) } }
            (self.beside(field.name))
        } }
    }

    /// A choice of one among several.
    pub(crate) fn choice(&self, name: &str, label: &str, known: &str, options: &[(String, String)]) -> Markup {
        let (invalid, described) = self.attributes(name);
        let chosen = self.value(name, known);
        html! { p.field {
            label for=(name) { (fr(label)) }
            select id=(name) name=(name) aria-invalid=[invalid] aria-describedby=[described] {
                @for (value, words) in options { option value=(value) selected[*value == chosen] { (fr(words)) } }
            }
            (self.beside(name))
        } }
    }
}

/// A field of text.
#[derive(Clone, Copy, Default)]
pub(crate) struct Text<'a> {
    pub(crate) name: &'a str,
    pub(crate) label: &'a str,
    /// What is known so far.
    pub(crate) known: &'a str,
    pub(crate) example: Option<&'a str>,
    pub(crate) hint: Option<&'a str>,
    /// Id of the list of proposals.
    pub(crate) list: Option<&'a str>,
    pub(crate) number: bool,
    pub(crate) required: bool,
}
