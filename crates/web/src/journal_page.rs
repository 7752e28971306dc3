//! Le journal: what it holds, who wrote it, and how anybody can check it.

use crate::answer::{Fault, sentence_case};
use crate::app::Shared;
use crate::journal_merge::Outcome;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::State;
use journal::EntryId;
use journal::certificate::OpeningReason;
use maud::{Markup, html};
use std::collections::BTreeSet;
use store::View;
use store::ledger::ChainView;

/// Distinct devices that wrote.
pub(crate) fn devices(view: &View<State>) -> usize {
    view.chains.iter().map(|c| c.key).collect::<BTreeSet<_>>().len()
}

/// The words of an entry's id, to be read over a telephone.
pub(crate) fn head_words(id: &EntryId) -> String {
    journal::words::words(id).join(" · ")
}

pub(crate) async fn show(AxumState(shared): AxumState<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, None)
}

/// The page; after a file from another laptop was sent, with what came of it.
pub(crate) fn page(shared: &Shared, visitor: &Visitor, merged: Option<Result<Outcome, Fault>>) -> Response {
    let page = Page::new(shared, visitor, Place::Proof, "Le journal");
    let view = &visitor.view;
    let status = merged.as_ref().and_then(|m| m.as_ref().err()).map_or(StatusCode::OK, |fault| fault.status);
    let body = html! {
        div.roomhead { h1 { "Le journal" } span.muted { (plural(view.entries, "entrée signée", "entrées signées")) ", "
            (plural(devices(view) as u64, "poste", "postes")) } }
        @if let Some(why) = &view.read_only {
            p.error role="alert" { b { (fr("Lecture seule : ")) } (fr(why)) }
        }
        (words(&page))
        (chains(&page))
        (crate::access::revocation(&page))
        (unread(&page))
        @if visitor.may_write() { (exchange(merged.as_ref())) }
        (commands())
    };
    (status, page.render(&body)).into_response()
}

/// Laptops that were cut off meet again by file.
fn exchange(merged: Option<&Result<Outcome, Fault>>) -> Markup {
    html! {
        section.panel.wide aria-labelledby="autre-poste" {
            header { h2 #autre-poste { "Réunir deux postes" } }
            @match merged {
                Some(Ok(outcome)) => (came_of(outcome)),
                Some(Err(fault)) => p.error role="alert" { (fr(&fault.sentence)) },
                None => {}
            }
            p.muted { (fr("Un poste coupé du réseau écrit de son côté. Portez ses entrées ici par clé USB : celles qui manquent sont prises, \
                les autres reconnues ; rien n’est remplacé.")) }
            form method="post" action="/journal/fusion" enctype="multipart/form-data" {
                p.field { label for="fichier" { "Fichier écrit par l’autre poste (entrees.planblanc)" }
                    input #fichier type="file" name="fichier" required; }
                p.btns { button.btn.ghost { "Examiner sans rien prendre" }
                    button.btn.ghost name="prendre" value="1" { "Prendre les entrées" } }
            }
            p { a href="/journal/entrees.planblanc" download { "Donner nos entrées à un autre poste" } }
        }
    }
}

fn came_of(outcome: &Outcome) -> Markup {
    let report = &outcome.report;
    html! {
        div role="status" {
            p.lead { @if outcome.rehearsed { "À prendre" } @else { "Prises" } (fr(" : ")) b { (report.accepted) }
                (fr(" ; déjà connues : ")) b { (report.known) } (fr(" ; en attente d’une précédente : ")) b { (report.parked) } "." }
            @for (id, why) in &report.refused { p.error { "Entrée " span.mono { (id.short()) } (fr(" refusée : ")) (fr(why)) "." } }
            @for what in &outcome.damage { p.error { (fr(&sentence_case(what))) } }
        }
    }
}

fn words(page: &Page<'_>) -> Markup {
    let view = &page.visitor.view;
    html! {
        section.panel.wide aria-labelledby="mots" {
            header { h2 #mots { "Mots du journal" }
                @if let Some(at) = view.head_wall { span.muted.small { "dernière entrée le " (page.local.day_and_time(at)) } } }
            @match view.head.as_ref().or_else(|| view.heads.last()) {
                Some(head) => p.words.mono { (head_words(head)) },
                None => p { "Le journal est vide." },
            }
            p.muted { "Ces huit mots désignent la dernière entrée et tout ce qui la précède. Notez-les sur papier à la relève, ou lisez-les au "
                (fr("téléphone : ")) code { "planblanc verify --against" } " dira si quelqu’un a réécrit le journal depuis, même avec la clé du poste." }
            @if view.heads.len() > 1 {
                p { (view.heads.len())
                    (fr(" entrées n’ont pas encore de suite : des postes ont écrit sans se voir ; la prochaine entrée les réunira.")) }
            }
        }
    }
}

fn chains(page: &Page<'_>) -> Markup {
    let view = &page.visitor.view;
    html! {
        section.panel.wide aria-labelledby="chaines" {
            header { h2 #chaines { "Chaînes" } span.muted.small { (view.chains.len()) } }
            div.scrollx tabindex="0" { table {
                thead { tr { th { "Poste" } th { "Ouverte parce que" } th.n { "Entrées" } th { "Dernière entrée" } th { "Remarques" } } }
                tbody { @for chain in &view.chains { tr {
                    td { (chain.device) @if chain.ours { " " span.muted.small { "(ce serveur)" } } }
                    td { (reason(chain.reason)) }
                    td.n { (chain.seq + 1) }
                    td.mono.small title=(chain.tip) { (chain.tip.short()) }
                    td { (remarks(chain)) }
                } } }
            } }
            @if view.parked > 0 {
                p { b { (plural(view.parked as u64, "entrée est mise de côté", "entrées sont mises de côté")) }
                    (fr(" : une entrée qui les précède n’est pas arrivée. Tout prendra sa place dès qu’elle viendra.")) }
            }
        }
    }
}

fn reason(reason: OpeningReason) -> &'static str {
    match reason {
        OpeningReason::Founded => "le journal a été fondé",
        OpeningReason::NewDevice => "un poste a été ajouté",
        OpeningReason::Restored => "une sauvegarde a été restaurée",
        OpeningReason::WitnessMismatch => "le dossier ne correspondait plus à son témoin",
        OpeningReason::Forked => "quelqu’un d’autre avait continué la précédente",
    }
}

fn remarks(chain: &ChainView) -> Markup {
    html! {
        @if let Some(at) = chain.forked_at { span.st.down { "chaîne en double" } " à partir de l’entrée " (at + 1) ". " }
        @if let Some(lost) = chain.lost { span.st.warn { "perte" } (fr(" : le poste avait écrit jusqu’à l’entrée ")) (lost + 1) "." }
        @if chain.forked_at.is_none() && chain.lost.is_none() { "–" }
    }
}

fn unread(page: &Page<'_>) -> Markup {
    let state = &page.visitor.view.state;
    if state.raw_count == 0 {
        return html! {};
    }
    html! {
        section.panel.wide aria-labelledby="brut" {
            header { h2 #brut { "Entrées d’un type inconnu de cette version" } span.muted.small { (state.raw_count) } }
            p.muted { "Elles sont gardées et transmises telles quelles. Une version plus récente du programme saura les lire." }
            div.scrollx tabindex="0" { table {
                thead { tr { th { "Heure" } th { "Type" } th { "Contenu" } } }
                tbody { @for raw in &state.raw { tr {
                    td { (page.local.day_and_time(raw.wall)) }
                    td.mono.small { (raw.kind) " (version " (raw.kind_version) ")" }
                    td.mono.small.raw { (raw.body.as_deref().unwrap_or("effacé")) }
                } } }
            } }
        }
    }
}

fn commands() -> Markup {
    let rows = [
        (
            "planblanc verify --data DOSSIER",
            "recalcule toutes les empreintes et les signatures, à côté du serveur en marche ; nomme l’entrée touchée",
        ),
        (
            "planblanc verify --data DOSSIER --against FICHIER",
            "compare aussi à un témoin : les huit mots notés sur papier, un fichier scellé, le dossier d’un autre poste",
        ),
        (
            "planblanc backup --data DOSSIER --out DOSSIER",
            "copie le journal, les pièces et les clés, serveur en marche ; à mettre au coffre",
        ),
        (
            "planblanc restore --from DOSSIER --data DOSSIER",
            "remet une sauvegarde en place ; le poste ouvre alors une nouvelle chaîne, rien n’est réécrit",
        ),
    ];
    html! {
        section.panel.wide aria-labelledby="prouver" {
            header { h2 #prouver { "Vérifier et sauvegarder" } }
            p.muted { "Ces commandes se lancent sur le poste qui sert ce journal. Elles ne changent rien à ce qui est écrit." }
            dl.commands { @for (command, what) in rows { dt { code { (command) } } dd { (fr(what)) "." } } }
        }
    }
}
