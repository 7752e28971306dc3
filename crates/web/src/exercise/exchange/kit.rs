//! A kit comes in as a signed file: who signed it is shown, and a stranger is accepted by a person before anything else.

use super::export::certificate;
use super::upload::{taken, unreadable};
use super::{SLUG, gone};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::acts::sent;
use crate::crisis::scene::wrong;
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::pending::Kept;
use crate::record::record;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::exercise::event::kit::KitAdopted;
use domain::register::Role;
use formats::kit::{Opened, open};
use formats::signed::{FILE_BYTES_MAX, fingerprint};
use journal::entry::sha256;
use journal::{PublicKey, RequestId, SubjectId};
use maud::{Markup, html};
use std::sync::Arc;

/// The library of kits.
const LIBRARY: &str = "/exercices/kits";
/// Where a kit is brought.
const HOME: &str = "/exercices/kits/importer";
/// The box by which a stranger is accepted.
const ACCEPT: &str = "accepter";

/// A kit that was brought.
pub(crate) struct Brought {
    opened: Opened,
    /// The kit it becomes: the same file twice is the same kit.
    id: SubjectId,
}

/// How well a signer is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signer {
    /// This establishment.
    Us,
    /// Another one, of which a kit was taken before.
    Known,
    Stranger,
}

fn signer(shared: &Inner, visitor: &Visitor, root: &PublicKey) -> Signer {
    if certificate(shared).is_some_and(|ours| ours.root == *root) {
        return Signer::Us;
    }
    let known = visitor.view.state.exercises.kits.values().any(|kit| kit.root == *root);
    if known { Signer::Known } else { Signer::Stranger }
}

/// Whether they may bring kits.
fn may(shared: &Inner, visitor: &Visitor) -> Result<(), Fault> {
    if shared.branch.is_some() {
        return Err(Fault::not_found());
    }
    let plans = visitor.role.rank() >= Role::Secretary.rank();
    if visitor.may_write() && plans {
        return Ok(());
    }
    let sentence = if visitor.replayed.is_some() {
        "Vous revoyez le passé : revenez au présent pour importer un kit."
    } else {
        "Un kit s’importe par la direction, l’administrateur ou le secrétaire de cellule : demandez-leur de le faire."
    };
    Err(Fault::new(StatusCode::FORBIDDEN, "not_planner", sentence))
}

fn form_path(shared: &Inner) -> String {
    format!("/journaux/{}{HOME}", shared.ledger.id())
}

/// `GET /exercices/kits/importer`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    match may(&shared, &visitor) {
        Ok(()) => home(&shared, &visitor, None),
        Err(fault) => fault.into_response(),
    }
}

/// The page, with what is wrong with the last file.
fn home(shared: &Inner, visitor: &Visitor, fault: Option<&Fault>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, "Importer un kit");
    let wrong = fault.map(|fault| &fault.sentence);
    let body = html! {
        h1 { "Importer un kit" }
        p.lead { (fr("Un kit est un scénario avec son chronogramme, signé par l’établissement qui le donne. Vous verrez qui l’a signé avant de le prendre.")) }
        section.panel aria-labelledby="kit" {
            header { h2 #kit { "Le fichier" } }
            form.stacked method="post" enctype="multipart/form-data" action=(form_path(shared)) {
                (stamps(shared, visitor))
                p.field { label for="fichier" { "Kit" }
                    input #fichier type="file" name="fichier" required accept=".planblanc-kit"
                        aria-describedby="e-fichier" aria-invalid=[wrong.map(|_| "true")];
                    span.small.muted { (fr("Un fichier « .planblanc-kit », exporté d’un exercice par un autre établissement. ")) (FILE_BYTES_MAX / (1024 * 1024)) (fr(" Mio au plus.")) }
                    span #e-fichier class=[wrong.map(|_| "error")] role=[wrong.map(|_| "alert")] { @if let Some(sentence) = wrong { (fr(sentence)) } } }
                p.btns { button.btn { "Vérifier ce kit" } a href=(LIBRARY) { "Revenir aux kits" } }
            }
        }
    };
    (fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// `POST …/exercices/kits/importer`: what does not open is refused; what does is shown with its signer.
pub(super) async fn upload(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(journal): Path<String>,
    form: Multipart,
) -> Response {
    if let Err(fault) = visitor.journal(&shared, &journal).and_then(|_| may(&shared, &visitor)) {
        return fault.into_response();
    }
    match take_in(&shared, &visitor, form).await {
        Ok(path) => see_other(&path),
        Err(fault) => home(&shared, &visitor, Some(&fault)),
    }
}

async fn take_in(shared: &Inner, visitor: &Visitor, form: Multipart) -> Result<String, Fault> {
    let upload = taken(shared, visitor, form).await?;
    let opened = open(&upload.bytes).map_err(unreadable)?;
    let mut id = [0; 16];
    id.copy_from_slice(&sha256(&[b"kit ".as_slice(), &upload.bytes].concat()).0[..16]);
    let id = SubjectId(id);
    if visitor.view.state.exercises.kits.contains_key(&id) {
        return Ok(format!("{LIBRARY}/{id}"));
    }
    let (token, author, at) = (RequestId(shared.env.bytes()), visitor.actor, shared.now());
    let content = Arc::new(Brought { opened, id });
    shared.kits.keep(Kept { token, author, slug: SLUG, name: upload.name, content, at, done: false });
    Ok(format!("{HOME}/{token}"))
}

fn kept(shared: &Inner, visitor: &Visitor, token: &str) -> Result<Kept<Brought>, Fault> {
    let found = token.parse().ok().and_then(|token| shared.kits.find(token, visitor.actor, SLUG, shared.now()));
    found.ok_or_else(gone)
}

/// `GET /exercices/kits/importer/{token}`.
pub(super) async fn look(State(shared): State<Shared>, visitor: Visitor, Path(token): Path<String>) -> Response {
    if let Err(fault) = may(&shared, &visitor) {
        return fault.into_response();
    }
    match kept(&shared, &visitor, &token) {
        Ok(kept) => page(&shared, &visitor, &kept, Filled::BLANK),
        Err(fault) => home(&shared, &visitor, Some(&fault)),
    }
}

fn page(shared: &Inner, visitor: &Visitor, kept: &Kept<Brought>, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, "Vérifier un kit");
    let opened = &kept.content.opened;
    let (scenario, injects) = (&opened.kit.scenario, &opened.kit.injects);
    let who = signer(shared, visitor, &opened.root);
    let lead = match who {
        Signer::Us => "Ce kit est intact ; il a été signé par votre établissement.",
        Signer::Known => "Ce kit est intact ; il a été signé par un établissement dont vous avez déjà pris un kit.",
        Signer::Stranger => {
            "Ce kit est intact, mais vous ne connaissez pas encore qui l’a signé : vérifiez-le avant de le prendre."
        }
    };
    let body = html! {
        h1 { "Vérifier un kit" }
        h2.step { (fr(&scenario.title)) }
        (filled.refusal(&[ACCEPT]))
        p.lead { (fr(lead)) }
        section.panel aria-labelledby="signataire" {
            header { h2 #signataire { "Qui l’a signé" } }
            dl.kv {
                dt { "Se nomme" } dd { (fr(&opened.signed_by)) }
                dt { "Depuis le poste" } dd { (fr(&opened.device_name)) }
                dt { "Empreinte" } dd { (fingerprint(&opened.root).join(" · ")) }
            }
            @if who == Signer::Stranger { p.small.muted { (fr("Chacun peut se donner un nom ; l’empreinte, non. Faites-vous lire ces huit mots par téléphone, à un numéro de votre annuaire.")) } }
        }
        section.panel aria-labelledby="contenu-kit" {
            header { h2 #contenu-kit { "Ce qu’il contient" } }
            p { (fr(&scenario.about)) }
            dl.kv {
                dt { "Durée" } dd { (formats::words::duration(scenario.minutes)) }
                dt { "Stimuli" } dd { (injects.len()) }
                dt { "Équipes" } dd { (fr(&scenario.teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>().join(", "))) }
                dt { "Critères" } dd { (scenario.criteria.len()) }
                @if !scenario.origin.source.is_empty() { dt { "Source" } dd { (fr(&scenario.origin.source)) } }
            }
        }
        (agree(shared, visitor, kept, who, filled))
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn agree(shared: &Inner, visitor: &Visitor, kept: &Kept<Brought>, who: Signer, filled: Filled<'_>) -> Markup {
    let injects = plural(kept.content.opened.kit.injects.len() as u64, "stimulus", "stimuli");
    html! {
        form.stacked method="post" action={ (form_path(shared)) "/" (kept.token) } {
            (stamps(shared, visitor))
            @if who == Signer::Stranger {
                fieldset.ticks { legend.out { "Signataire" }
                    label { input type="checkbox" name=(ACCEPT) value="oui" aria-describedby="e-accepter";
                        span { "J’ai vérifié cette empreinte et j’accepte les kits de cet établissement." } } }
                span #e-accepter { (filled.beside(ACCEPT)) }
            }
            p.btns { button.btn { "Prendre ce kit et ses " (injects) } a href=(HOME) { "Choisir un autre fichier" } a href=(LIBRARY) { "Ne rien prendre" } }
        }
    }
}

/// `POST …/exercices/kits/importer/{token}`: the kit joins the library.
pub(super) async fn adopt(
    State(shared): State<Shared>,
    Path((journal, token)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let visitor = &sent.visitor;
    let allowed = visitor.journal(&shared, &journal).and_then(|_| may(&shared, visitor)).and_then(|()| sent.same_author());
    if let Err(fault) = allowed {
        return fault.into_response();
    }
    let found = match kept(&shared, visitor, &token) {
        Ok(kept) => kept,
        Err(fault) => return home(&shared, visitor, Some(&fault)),
    };
    let Brought { opened, id } = &*found.content;
    let next = format!("{LIBRARY}/{id}");
    let there = || shared.ledger.view().state.exercises.kits.contains_key(id);
    // Said twice.
    if there() {
        return see_other(&next);
    }
    if signer(&shared, visitor, &opened.root) == Signer::Stranger && sent.fields.get(ACCEPT).is_empty() {
        let sentence = "Cochez la case après avoir vérifié l’empreinte : ce signataire vous est inconnu.";
        return page(&shared, visitor, &found, Filled::of(&sent.fields, &wrong(ACCEPT, sentence)));
    }
    let event = Event::KitAdopted(KitAdopted {
        scenario: opened.kit.scenario.clone(),
        injects: opened.kit.injects.clone(),
        kinds: opened.kit.kinds.clone(),
        signed_by: opened.signed_by.clone(),
        root: opened.root,
    });
    let request = RequestId(super::drawn("kit", found.token));
    match record(&shared, &visitor.view, visitor.author(), request, vec![event.draft(*id)]).await {
        Ok(_) => see_other(&next),
        Err(_) if there() => see_other(&next),
        Err(fault) => page(&shared, visitor, &found, Filled { fields: None, fault: Some(&Fault { field: None, ..fault }) }),
    }
}
