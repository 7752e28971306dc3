//! Campaigns of exercises: whom to have play, who has, what came of it; results by signed files, out and back.

mod acts;
mod calendar;
mod chart;
mod compare;
mod files;
mod list;
mod one;
mod targets;

use crate::answer::Fault;
use crate::app::Shared;
use crate::limits::MULTIPART_BYTES_MAX;
use crate::session::Visitor;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::campaign::{Campaign, Stage};
use domain::register::Role;
use journal::SubjectId;
use maud::{Markup, html};

pub(crate) fn routes() -> Router<Shared> {
    let upload = DefaultBodyLimit::max(MULTIPART_BYTES_MAX);
    Router::new()
        .route("/campagnes", get(list::show))
        .route("/campagnes/{id}", get(one::show))
        .route("/campagnes/{id}/etablissements", get(targets::show))
        .route("/campagnes/{id}/etablissements/{finess}", get(targets::one))
        .route("/campagnes/{id}/comparaison", get(compare::show))
        .route("/campagnes/{id}/comparaison.xlsx", get(compare::xlsx))
        .route("/campagnes/{id}/agenda.ics", get(calendar::show))
        .route("/campagnes/{id}/campagne.planblanc-campagne", get(files::invitation))
        .route("/exercices/{id}/resultats.planblanc-resultats", get(files::results))
        .route("/exercices/invitation", get(files::invited))
        .route("/journaux/{journal}/invitations", post(files::accept).layer(upload))
        .route("/journaux/{journal}/campagnes", post(list::set))
        .route("/journaux/{journal}/campagnes/{id}/{act}", post(acts::act).layer(upload))
}

/// Page of a campaign.
fn path(id: SubjectId) -> String {
    format!("/campagnes/{id}")
}

/// Whether somebody organises campaigns.
fn organises(visitor: &Visitor) -> bool {
    visitor.may_write() && visitor.role.rank() >= Role::Secretary.rank()
}

/// The campaign an address names.
fn find<'a>(shared: &Shared, visitor: &'a Visitor, id: &str) -> Result<&'a Campaign, Fault> {
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let found = visitor.view.state.campaigns.all.get(&id).filter(|_| shared.branch.is_none());
    found.ok_or_else(Fault::not_found)
}

/// The word of a stage: shape, colour, word.
fn stage(stage: Stage) -> Markup {
    let class = match stage {
        Stage::Done => "ok",
        Stage::Planned | Stage::Excused | Stage::ToPlan => "unknown",
        Stage::Late => "down",
    };
    html! { span class={ "st " (class) } { (stage.label()) } }
}
