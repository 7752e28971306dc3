//! Sealed emergency codes: made by a director or an administrator, printed once for the case, used once at the door.

use super::secrets::{CODE_BYTES, code_print, emergency_code, serial};
use super::{address, administrator, problem, problem_of, received, recorded, tabs, then};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::form::Fields;
use crate::record::record;
use crate::session::{Visitor, on_disk};
use crate::shell::{Page, Place};
use crate::throttle::wrong_code;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::access::Series;
use domain::access::check::CODES_MAX;
use domain::access::event::{CodeUsed, CodesIssued, CodesRevoked};
use journal::write::Author;
use journal::{ActorId, Auth, Hash, RequestId, SubjectId};
use maud::{Markup, html};
use store::access::Entered;

/// Enters with a code. A right one is never made to wait, whatever goes on at the door.
pub(crate) async fn enter(shared: &Shared, typed: &str, address: &str) -> Result<Entered, Fault> {
    enter_as(shared, typed, address, None).await
}

/// The same, for one person only.
pub(super) async fn enter_as(shared: &Shared, typed: &str, address: &str, only: Option<ActorId>) -> Result<Entered, Fault> {
    let wrong = || {
        let sentence = "Ce code n’existe pas : relisez-le groupe par groupe, seize lettres et chiffres.";
        wrong_code(shared, address, Fault::new(StatusCode::UNAUTHORIZED, "wrong_code", sentence).about("code"))
    };
    let Some(print) = code_print(typed) else { return Err(wrong()) };
    let found = on_disk(shared, move |shared| shared.access.code(&print)).await.map_err(|error| Fault::from(&error))?;
    let Some(code) = found.filter(|code| only.is_none_or(|actor| actor == code.actor)) else { return Err(wrong()) };
    if code.used_at.is_some() {
        return Err(used());
    }
    let author = Author { actor: code.actor, auth: Auth::BreakGlass };
    let event = Event::CodeUsed(CodeUsed { series: code.series, number: code.number });
    // Named by the code: pressed twice, it is one entry, and the second press opens nothing.
    let mut request = [0; RequestId::LEN];
    request.copy_from_slice(&print.as_bytes()[..RequestId::LEN]);
    let drafts = vec![event.draft(SubjectId(code.actor.0))];
    let recorded = record(shared, &shared.ledger.view(), author, RequestId(request), drafts).await;
    let receipt = recorded.map_err(|fault| if fault.field.is_none() { fault.about("code") } else { fault })?;
    let now = shared.now();
    let fresh = on_disk(shared, move |shared| shared.access.use_code(&print, now)).await.map_err(|error| Fault::from(&error))?;
    if receipt.replayed || !fresh {
        return Err(used());
    }
    Ok(Entered { actor: code.actor, auth: Auth::BreakGlass, must_change: false })
}

fn used() -> Fault {
    let sentence = "Ce code a déjà servi : rayez-le sur la feuille, et prenez le suivant.";
    Fault::new(StatusCode::UNAUTHORIZED, "code_used", sentence).about("code")
}

/// The field at the door.
pub(crate) fn at_the_door(fault: Option<&Fault>) -> Markup {
    html! {
        details.other-way open[fault.is_some_and(|f| f.on("code").is_some())] {
            summary { "J’ai un code d’urgence" }
            p.field { label for="code" { "Code d’urgence" }
                input #code.mono name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="XXXX-XXXX-XXXX-XXXX";
                span.small.muted { (fr("Sur la feuille scellée de la mallette. Il sert une fois ; son emploi est inscrit au journal.")) } }
            p { button.btn.ghost { "Entrer avec ce code" } }
        }
    }
}

/// `GET /comptes/codes`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, &Fields::default(), None)
}

fn page(shared: &Inner, visitor: &Visitor, fields: &Fields, fault: Option<&Fault>) -> Response {
    if let Err(fault) = administrator(visitor) {
        return fault.into_response();
    }
    let page = Page::new(shared, visitor, Place::Proof, "Codes d’urgence");
    let access = &visitor.view.state.access;
    let left: usize = access.series.values().map(Series::left).sum();
    let body = html! {
        div.roomhead { h1 { "Codes d’urgence" } }
        (tabs(visitor, "/comptes/codes"))
        p.lead { (fr(&match left {
            0 => "Aucun code n’ouvre : si les mots de passe manquent la nuit de la crise, personne n’entrera.".to_owned(),
            left => format!("{} encore.", plural(left as u64, "code ouvre", "codes ouvrent")),
        })) }
        (problem_of(fault))
        @if visitor.may_administer() { (issue_form(&page, fields, fault)) }
        section.panel.wide aria-labelledby="feuilles" {
            header { h2 #feuilles { "Feuilles émises" } span.muted.small { (access.series.len()) } }
            @if access.series.is_empty() {
                p.empty { "Aucune feuille. Émettez-en une pour le directeur de garde, imprimez-la, scellez-la dans la mallette." }
            } @else { (sheets(&page)) }
        }
    };
    (fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn issue_form(page: &Page<'_>, fields: &Fields, fault: Option<&Fault>) -> Markup {
    let register = &page.visitor.view.state.register;
    let holders = register.people.iter().filter(|(_, person)| person.role.is_some());
    let count = if fields.get("count").is_empty() { "5" } else { fields.get("count") };
    html! {
        section.panel.wide aria-labelledby="emettre" {
            header { h2 #emettre { "Émettre une feuille" } }
            form.stacked method="post" action=(address(page.shared, "/codes")) {
                (stamps(page.shared, page.visitor))
                p.field { label for="f-person" { "Pour qui" }
                    select #f-person name="person" { @for (actor, person) in holders {
                        option value=(actor) selected[fields.get("person") == actor.to_string()] {
                            (register.name(actor)) @if !person.function.is_empty() { " – " (person.function) } } } }
                    (problem(fault, "person")) }
                p.field { label for="f-count" { "Nombre de codes" }
                    input.short #f-count name="count" type="number" min="1" max=(CODES_MAX) value=(count);
                    span.small.muted { (fr("Chacun ouvre une session de quatre heures, puis ne vaut plus rien. Ils ne seront montrés qu’une fois : ayez l’imprimante prête.")) }
                    (problem(fault, "count")) }
                p { button.btn { "Émettre et montrer la feuille" } }
            }
        }
    }
}

fn sheets(page: &Page<'_>) -> Markup {
    let register = &page.visitor.view.state.register;
    let mut all: Vec<(&String, &Series)> = page.visitor.view.state.access.series.iter().collect();
    all.sort_by_key(|(serial, series)| (std::cmp::Reverse(series.issued_at), *serial));
    html! {
        div.scrollx tabindex="0" role="region" aria-labelledby="feuilles" { table {
            thead { tr { th { "Feuille" } th { "Pour" } th { "Émise" } th { "État" } th { "Annuler" } } }
            tbody { @for (serial, series) in all { tr {
                td.mono { (serial) }
                td { (fr(&register.name(&series.actor))) }
                td { @if series.count == 0 { "sur le poste du serveur" } @else { (page.local.day_and_time(series.issued_at)) " par " (fr(&register.name(&series.issued_by))) } }
                td { (state(page, series)) }
                td { @if page.visitor.may_administer() && !series.revoked && series.count > 0 { (revoke_form(page, serial)) } @else { "–" } }
            } } }
        } }
    }
}

fn state(page: &Page<'_>, series: &Series) -> Markup {
    let served = series.used.iter().map(|(number, at)| format!("n° {number:02} le {}", page.local.day_and_time(*at)));
    let served = served.collect::<Vec<_>>().join(", ");
    html! {
        @if series.revoked { span.st.unknown { "annulée" } }
        @else if series.left() == 0 { span.st.unknown { "épuisée" } }
        @else { span.st.ok { (plural(series.left() as u64, "code ouvre", "codes ouvrent")) } }
        @if !served.is_empty() { br; span.small.muted { (fr("Servis : ")) (fr(&served)) } }
    }
}

fn revoke_form(page: &Page<'_>, serial: &str) -> Markup {
    html! {
        details { summary { "Annuler" }
            form method="post" action=(address(page.shared, &format!("/codes/{serial}/annuler"))) {
                (stamps(page.shared, page.visitor))
                p.field { label for={ "r-" (serial) } { "Raison" } input id={ "r-" (serial) } name="reason" required autocomplete="off"; }
                p { button.btn.ghost.small { "Annuler la feuille " (serial) } }
            } }
    }
}

/// `POST …/comptes/codes`: makes a sheet, and shows it this once.
pub(super) async fn issue(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match received(&shared, &journal, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    match make(&shared, &sent).await {
        Ok((series, actor, codes)) => sheet(&shared, &sent.visitor, &series, actor, &codes),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => page(&shared, &sent.visitor, &sent.fields, Some(&fault)),
    }
}

async fn make(shared: &Shared, sent: &crate::crisis::acts::Sent) -> Result<(String, ActorId, Vec<String>), Fault> {
    let unknown = || Fault::malformed("Choisissez une personne de la liste.").about("person");
    let actor: ActorId = sent.fields.get("person").parse().map_err(|_| unknown())?;
    let count = sent.fields.get("count").trim().parse().unwrap_or(0);
    let series = named_by(sent.fields.get("request"), shared);
    let event = Event::CodesIssued(CodesIssued { series: series.clone(), count });
    let receipt = recorded(shared, sent, vec![event.draft(SubjectId(actor.0))]).await?;
    if receipt.replayed {
        let sentence = "Cette feuille a déjà été montrée et ne peut plus l’être : si elle n’est pas imprimée, annulez-la et émettez-en une autre.";
        return Err(Fault::new(StatusCode::CONFLICT, "already_shown", sentence));
    }
    let codes: Vec<String> = (0..count).map(|_| emergency_code(&shared.env.bytes::<CODE_BYTES>())).collect();
    let prints: Vec<Hash> = codes.iter().filter_map(|code| code_print(code)).collect();
    let kept = series.clone();
    then(shared, move |shared| shared.access.keep_codes(&kept, &actor, &prints)).await?;
    Ok((series, actor, codes))
}

/// The serial of the sheet a form asks for: the same form is the same sheet.
fn named_by(request: &str, shared: &Inner) -> String {
    let id: RequestId = request.parse().unwrap_or_else(|_| RequestId(shared.env.bytes()));
    let hash = journal::entry::sha256(id.as_bytes());
    serial([hash.0[0], hash.0[1], hash.0[2]])
}

fn sheet(shared: &Inner, visitor: &Visitor, series: &str, actor: ActorId, codes: &[String]) -> Response {
    let title = format!("Feuille de codes {series}");
    let page = Page::new(shared, visitor, Place::Proof, &title);
    let register = &visitor.view.state.register;
    let (name, function) = (register.name(&actor), register.people.get(&actor).map_or("", |p| p.function.as_str()));
    let body = html! {
        div.roomhead { h1 { (title) } }
        p.lead.screen-only { (fr("Imprimez maintenant : ces codes ne seront plus jamais montrés. Coupez, pliez, scellez, rangez dans la mallette de crise.")) }
        p.screen-only { "Ctrl + P imprime. " a href="/comptes/codes" { "C’est imprimé" } }
        section.codes aria-label="Codes à couper" {
            @for (code, number) in codes.iter().zip(1..) {
                article.code {
                    p.of { (register.establishment) " · " b { (fr(&name)) } @if !function.is_empty() { ", " (fr(function)) } }
                    p.serial { "Code d’urgence " b { (series) "-" (format!("{number:02}")) } }
                    p.secret.mono { (code) }
                    p.how { (fr("À la page d’entrée de Plan Blanc, ouvrez « J’ai un code d’urgence », tapez ces seize signes. \
                        Le code sert une fois, ouvre le compte de cette personne, et son emploi est inscrit au journal.")) }
                    p.how { b { "À détruire après usage." } (fr(" Émis le ")) (page.local.day_and_time(page.now)) " par " (fr(&register.name(&visitor.actor))) "." }
                }
            }
        }
    };
    page.render(&body).into_response()
}

/// `POST …/comptes/codes/{series}/annuler`.
pub(super) async fn revoke(
    State(shared): State<Shared>,
    Path((journal, series)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match received(&shared, &journal, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let Some(actor) = sent.visitor.view.state.access.series.get(&series).map(|s| s.actor) else {
        return Fault::not_found().into_response();
    };
    let reason = sent.fields.get("reason").trim().to_owned();
    let event = Event::CodesRevoked(CodesRevoked { series: series.clone(), reason });
    let done = match recorded(&shared, &sent, vec![event.draft(SubjectId(actor.0))]).await {
        Ok(_) => then(&shared, move |shared| shared.access.drop_codes(&series)).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => see_other("/comptes/codes"),
        Err(fault) if sent.json => fault.json(),
        // Its field is in a row of the table: the sentence stands above it.
        Err(fault) => page(&shared, &sent.visitor, &sent.fields, Some(&Fault { field: None, ..fault })),
    }
}
