//! Files of other tools, to the map and back: bring one, see what it would change, say yes; take it back.

mod bring;
mod columns;
mod confirm;
mod dry_run;
mod export;
mod home;
mod look;
mod past;

use super::base;
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::limits::MULTIPART_BYTES_MAX;
use crate::pending::Kept;
use crate::session::Visitor;
use crate::shell::Page;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use formats::sheet::{Mapping, Sheet};
use formats::source::Source;
use journal::entry::sha256;
use journal::{Hash, RequestId, SubjectId};
use look::Looked;
use maud::{Markup, html};
use std::sync::{Arc, Mutex};

/// Where one begins.
const HOME: &str = "/carte/import";
/// What waits is about the map.
const SLUG: &str = "carte";
/// Most bytes of the files of one import together (10 MiB); beyond, the command line takes them.
const FILES_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Most files of one import: GLPI writes one by kind of equipment.
const FILES_MAX: usize = 20;
/// Most columns of all sheets together: each is a field of a form.
const COLUMNS_MAX: usize = 800;
/// Most rows told on one page.
const TOLD_MAX: usize = 200;

/// Files that wait for their author's word.
pub(crate) type Imports = crate::pending::Pending<Brought>;

/// What was brought, as far as it was read.
pub(crate) struct Brought {
    /// SHA-256 of the file, or of those of its tool together.
    sha256: Hash,
    /// Its sheets, when it has some.
    sheets: Arc<Vec<Sheet>>,
    /// What their columns are, sheet by sheet; `None`: left aside.
    mappings: Vec<Option<Mapping>>,
    /// What it says; `None` while its columns are not settled.
    source: Option<Source>,
    /// What it would change, as last reckoned.
    looked: Mutex<Option<Arc<Looked>>>,
}

pub(super) fn routes() -> Router<Shared> {
    let write = "/journaux/{journal}/carte";
    let upload = DefaultBodyLimit::max(MULTIPART_BYTES_MAX);
    Router::new()
        .route("/carte/import", get(home::show))
        .route("/carte/import/{token}", get(dry_run::show))
        .route("/carte/import/{token}/colonnes", get(columns::show))
        .route("/carte/import/{token}/refus.csv", get(export::refused))
        .route("/carte/imports/{id}", get(past::show))
        .route("/carte/export/{file}", get(export::download))
        .route(&format!("{write}/import"), post(bring::upload).layer(upload))
        .route(&format!("{write}/import/{{token}}"), post(confirm::confirm))
        .route(&format!("{write}/import/{{token}}/colonnes"), post(columns::settle))
        .route(&format!("{write}/import/{{token}}/absents"), post(confirm::take_off))
        .route(&format!("{write}/imports/{{id}}/annuler"), post(past::undo))
}

/// Whether they may bring files.
fn may(visitor: &Visitor) -> Result<(), Fault> {
    if visitor.may_write() {
        return Ok(());
    }
    let sentence = if visitor.replayed.is_some() {
        "Vous revoyez le passé : revenez au présent pour importer."
    } else {
        "Un observateur lit et exporte la carte, il ne l’importe pas : demandez à qui la tient."
    };
    Err(Fault::new(StatusCode::FORBIDDEN, "read_only_role", sentence))
}

/// What waits under that name, if it is theirs.
fn kept(shared: &Inner, visitor: &Visitor, token: &str) -> Result<Kept<Brought>, Fault> {
    let found = token.parse().ok().and_then(|token| shared.imports.find(token, visitor.actor, SLUG, shared.now()));
    found.ok_or_else(|| {
        let sentence = "Ce fichier n’est plus gardé : il l’est trente minutes, un seul par personne. Choisissez-le de nouveau.";
        Fault::new(StatusCode::GONE, "not_kept", sentence).about("fichiers")
    })
}

fn unreadable(sentence: impl Into<String>) -> Fault {
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_file", sentence).about("fichiers")
}

fn drawn(what: &str, token: RequestId) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&sha256(format!("{what} {token}").as_bytes()).0[..16]);
    half
}

/// The import that a file becomes: said twice, it is the same one.
fn import_id(token: RequestId) -> SubjectId {
    SubjectId(drawn("map import", token))
}

/// Where a file that waits is looked at.
fn token_path(token: RequestId) -> String {
    format!("{HOME}/{token}")
}

/// Where an import is told.
fn past_path(id: &SubjectId) -> String {
    format!("/carte/imports/{id}")
}

/// The tool that brought records, in words.
fn system_label(system: &str) -> String {
    match system {
        "mercator" => "Mercator".to_owned(),
        "glpi" => "GLPI".to_owned(),
        "tableur" => "tableur".to_owned(),
        other if other.starts_with("archetype:") => "carte type".to_owned(),
        other => other.to_owned(),
    }
}

/// Which part of a long list is shown.
#[derive(Debug, Clone, Copy)]
struct Window {
    at: usize,
    pages: usize,
}

impl Window {
    /// Page `asked`, from 1, of that many rows.
    fn of(rows: usize, asked: Option<usize>) -> Self {
        let pages = rows.div_ceil(TOLD_MAX).max(1);
        Self { at: asked.unwrap_or(1).clamp(1, pages), pages }
    }

    fn slice<T>(self, rows: &[T]) -> &[T] {
        let from = (self.at - 1) * TOLD_MAX;
        rows.get(from..rows.len().min(from + TOLD_MAX)).unwrap_or_default()
    }

    /// Links to the pages before and after; `address` ends where the page's number is to be said.
    fn pager(self, address: &str) -> Markup {
        html! { @if self.pages > 1 {
            nav.pager aria-label="Pages" {
                @if self.at > 1 { a href={ (address) "page=" (self.at - 1) } { "Page précédente" } }
                span.muted { "Page " (self.at) " sur " (self.pages) }
                @if self.at < self.pages { a href={ (address) "page=" (self.at + 1) } { "Page suivante" } }
            }
        } }
    }
}

/// Where the forms about a file that waits post.
fn form_path(page: &Page<'_>, token: RequestId) -> String {
    format!("{}/import/{token}", base(page))
}
