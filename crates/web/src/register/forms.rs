//! The form of a record, new or not: each becomes one event; what is refused comes back filled in.

use super::field::{self, Shown};
use super::look::Look;
use super::sheet::Sheet;
use super::{drawn, keep, list_path, look, nav, page, path_of, write_path};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, ids, seen, sent};
use crate::crisis::stamps;
use crate::form::Fields;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::register::event::Set;
use domain::register::table::live;
use journal::write::Draft;
use journal::{EntryId, SubjectId};
use maud::html;
use serde::Deserialize;

/// What is wrong with a form: of the whole, and beside each field.
#[derive(Debug, Default)]
pub(super) struct Wrong {
    pub(super) whole: Option<String>,
    pub(super) fields: Vec<(String, String)>,
    pub(super) status: StatusCode,
}

impl Wrong {
    /// One field.
    pub(super) fn field(name: &str, sentence: String) -> Self {
        Self { fields: vec![(name.to_owned(), sentence)], status: StatusCode::UNPROCESSABLE_ENTITY, whole: None }
    }

    pub(super) fn on(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.as_str())
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        match fault.field {
            Some(field) => Self { fields: vec![(field, fault.sentence)], status: fault.status, whole: None },
            None => Self { whole: Some(fault.sentence), status: fault.status, fields: Vec::new() },
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Which version to start from, when two were written at once.
    #[serde(default)]
    version: String,
}

/// `GET /annuaire/{kind}/nouveau`, filled in by its query, if any.
pub(super) async fn new<T: Sheet>(
    State(shared): State<Shared>,
    visitor: Visitor,
    Query(texts): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    may::<T>(&visitor)?;
    let fields = Fields { texts, ..Fields::default() };
    Ok(form::<T>(&shared, &visitor, None, Some(&fields), &Wrong::default()))
}

/// `GET /annuaire/{kind}/{id}/modifier`.
pub(super) async fn edit<T: Sheet>(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    may::<T>(&visitor)?;
    let (id, base) = base::<T>(&visitor, &id, asked.version.parse().ok())?;
    Ok(form::<T>(&shared, &visitor, Some((id, base)), None, &Wrong::default()))
}

/// Who may not change gets a sentence instead of a form that would be refused.
pub(super) fn may<T: Sheet>(visitor: &Visitor) -> Result<(), Fault> {
    if T::may_change(visitor) {
        return Ok(());
    }
    let sentence = if visitor.replayed.is_some() {
        "Vous revoyez le passé : revenez au présent pour changer l’annuaire."
    } else {
        "Votre rôle lit l’annuaire sans le changer : demandez à l’administrateur ou à la direction."
    };
    Err(Fault::new(StatusCode::FORBIDDEN, "not_administrator", sentence))
}

/// The values a form starts from: those of a version, or those shown; the last ones known of a record that was removed.
fn base<T: Sheet>(visitor: &Visitor, id: &str, version: Option<EntryId>) -> Result<(SubjectId, T), Fault> {
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let record = T::record(&visitor.view.state.register, &id).ok_or_else(Fault::not_found)?;
    let named = || record.all().find(|write| Some(write.id) == version)?.value.as_ref();
    let last = || record.all().rev().find_map(|write| write.value.as_ref());
    let value = named().or_else(|| live(record).map(|(_, value)| value)).or_else(last);
    Ok((id, value.cloned().unwrap_or_default()))
}

/// What was typed in a field; several people in one are joined.
fn typed(fields: &Fields, name: &str) -> String {
    let all: Vec<&str> = fields.texts.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim()).collect();
    all.into_iter().filter(|value| !value.is_empty()).collect::<Vec<_>>().join(" ; ")
}

/// The page of the form.
pub(super) fn form<T: Sheet>(
    shared: &Inner,
    visitor: &Visitor,
    base: Option<(SubjectId, T)>,
    fields: Option<&Fields>,
    wrong: &Wrong,
) -> Response {
    let title = base.as_ref().map_or(T::ADD, |_| "Modifier la fiche");
    let page = page(shared, visitor, title);
    let look = look(&page);
    let new = base.is_none();
    let (action, back) = match &base {
        Some((id, _)) => (write_path(shared, &format!("{}/{id}", T::SLUG)), path_of::<T>(id)),
        None => (write_path(shared, T::SLUG), list_path::<T>()),
    };
    let supersedes = match (&base, fields) {
        (Some(_), Some(fields)) => fields.get("supersedes").to_owned(),
        (Some((id, _)), None) => T::record(look.register, id).map(|r| ids(&r.seen())).unwrap_or_default(),
        (None, _) => String::new(),
    };
    let value = base.map(|(_, value)| value).unwrap_or_default();
    let heading = if new { T::ADD.to_owned() } else { value.title(&look) };
    let body = html! {
        (nav(&list_path::<T>()))
        div.roomhead { h1 { (fr(&heading)) } a href=(back) { "Revenir" } }
        form.stacked.wide method="post" action=(action) {
            (stamps(shared, visitor))
            @if !new { input type="hidden" name="supersedes" value=(supersedes); }
            @if let Some(why) = &wrong.whole { p.error role="alert" { (fr(why)) } }
            @else if !wrong.fields.is_empty() { p.error role="alert" { "Rien n’est enregistré : corrigez ce qui est signalé plus bas." } }
            div.fields {
                @for column in T::COLUMNS.iter().filter(|c| new || c.name != "key") {
                    @let current = match fields { Some(fields) => typed(fields, column.name), None if new => String::new(), None => (column.show)(&value, &look) };
                    (field::field(column, &look, &Shown { value: &current, wrong: wrong.on(column.name) }))
                }
                @if new { @for more in T::more_fields() {
                    @let current = fields.map(|f| typed(f, more.name)).unwrap_or_default();
                    p.field { label for={ "f-" (more.name) } { (more.label) }
                        input id={ "f-" (more.name) } name=(more.name) value=(current) inputmode="numeric" autocomplete="off"
                            aria-describedby={ "h-" (more.name) " e-" (more.name) };
                        (field::beside(more.name, more.hint, wrong.on(more.name))) }
                } }
            }
            (field::lists(T::COLUMNS, &look))
            p.btns { button.btn { "Enregistrer" } a href=(back) { "Annuler" } }
        }
    };
    (wrong.status, page.render(&body)).into_response()
}

/// A form that came back with its author.
pub(super) fn given_back<T: Sheet>(
    shared: &Inner,
    visitor: &Visitor,
    id: Option<SubjectId>,
    fields: &Fields,
) -> Result<Response, Fault> {
    may::<T>(visitor)?;
    let base = id.map(|id| base::<T>(visitor, &id.to_string(), None)).transpose()?;
    Ok(form::<T>(shared, visitor, base, Some(fields), &Wrong::default()))
}

/// Takes what was typed into a record.
fn take<T: Sheet>(base: T, fields: &Fields, look: &Look<'_>) -> Result<T, Wrong> {
    let mut value = base;
    let mut wrong = Wrong { status: StatusCode::UNPROCESSABLE_ENTITY, ..Wrong::default() };
    for column in T::COLUMNS {
        if let Err(why) = (column.read)(&mut value, &typed(fields, column.name), look) {
            wrong.fields.push((column.name.to_owned(), why));
        }
    }
    value.complete(look);
    if wrong.fields.is_empty() { Ok(value) } else { Err(wrong) }
}

/// `POST /journaux/{journal}/annuaire/{kind}`.
pub(super) async fn add<T: Sheet>(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    if let Err(fault) = sent.visitor.journal(&shared, &journal) {
        return fault.into_response();
    }
    let drafts = sent.same_author().map_err(Wrong::from).and_then(|()| added::<T>(&shared, &sent));
    let outcome = match drafts {
        Ok(drafts) => match keep(&shared, &sent, drafts.clone()).await {
            Ok(_) => Ok(drafts),
            Err(fault) if fault.status == StatusCode::FORBIDDEN => return fault.into_response(),
            Err(fault) => Err(fault.into()),
        },
        Err(wrong) => Err(wrong),
    };
    match outcome {
        Ok(drafts) if drafts.len() == 1 => see_other(&path_of::<T>(&drafts[0].subject)),
        Ok(_) => see_other(&list_path::<T>()),
        Err(wrong) => form::<T>(&shared, &sent.visitor, None, Some(&sent.fields), &wrong),
    }
}

fn added<T: Sheet>(shared: &Inner, sent: &Sent) -> Result<Vec<Draft>, Wrong> {
    let view = &sent.visitor.view;
    let look = Look::new(&view.state.register, shared.now());
    let value = take(T::default(), &sent.fields, &look)?;
    let field = |name: &str| typed(&sent.fields, name);
    let values = value.spread(&field, &look).map_err(|(name, why)| Wrong::field(name, why))?;
    let carried = sent.fields.get("request");
    let fresh = if carried.is_empty() { journal::RequestId(shared.env.bytes()).to_string() } else { carried.to_owned() };
    let mut drafts = Vec::with_capacity(values.len());
    for (at, value) in values.into_iter().enumerate() {
        let id = value.new_id(drawn(T::SLUG, &fresh, at));
        if let Some(known) = T::record(look.register, &id).and_then(live).filter(|(_, known)| **known != value) {
            let sentence = format!("« {} » y est déjà : modifiez sa fiche.", known.1.title(&look));
            return Err(Wrong::field(T::COLUMNS[0].name, sentence));
        }
        // Who was removed comes back under the same id.
        let supersedes = T::record(look.register, &id).filter(|r| live(r).is_none()).map(|r| r.seen()).unwrap_or_default();
        drafts.push(T::event(Set { value: Some(value), supersedes }).draft(id));
    }
    Ok(drafts)
}

/// `POST /journaux/{journal}/annuaire/{kind}/{id}`.
pub(super) async fn change<T: Sheet>(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let found = sent.visitor.journal(&shared, &journal).and_then(|_| base::<T>(&sent.visitor, &id, None));
    let (id, base) = match found {
        Ok(found) => found,
        Err(fault) => return fault.into_response(),
    };
    match changed(&shared, &sent, id, base.clone()).await {
        Ok(()) => see_other(&path_of::<T>(&id)),
        Err(wrong) if wrong.status == StatusCode::FORBIDDEN => {
            Fault::new(wrong.status, "not_administrator", wrong.whole.unwrap_or_default()).into_response()
        }
        Err(wrong) => form(&shared, &sent.visitor, Some((id, base)), Some(&sent.fields), &wrong),
    }
}

async fn changed<T: Sheet>(shared: &Inner, sent: &Sent, id: SubjectId, base: T) -> Result<(), Wrong> {
    sent.same_author()?;
    let draft = {
        let register = &sent.visitor.view.state.register;
        let look = Look::new(register, shared.now());
        let value = take(base, &sent.fields, &look)?;
        let record = T::record(register, &id);
        let same = record.and_then(live).is_some_and(|(_, known)| *known == value);
        if same && record.is_some_and(|r| r.survivors().len() == 1) && T::may_change(&sent.visitor) {
            return Ok(());
        }
        T::event(Set { value: Some(value), supersedes: seen(&sent.fields) }).draft(id)
    };
    keep(shared, sent, vec![draft]).await?;
    Ok(())
}
