//! What the register lacks, said first; then what it holds.

use super::{duty, functions, look, nav, page};
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::Visitor;
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::facts::{Value, find};
use maud::{Markup, html};

/// `GET /annuaire`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Result<Response, Fault> {
    let page = page(&shared, &visitor, "Annuaire");
    let look = look(&page);
    let body = html! {
        (nav("/annuaire"))
        div.roomhead { h1 { "Annuaire" } }
        p.lead { (fr(&answer(&page))) }
        (functions::alarms(&look))
        (others(&page))
        (duty::now(&look))
        (duty::gaps(&look))
        (holds(&page))
    };
    Ok(page.render(&body).into_response())
}

fn fact(page: &Page<'_>, name: &str) -> Option<u64> {
    match find(name).map(|fact| (fact.compute)(&page.visitor.view.state, page.now)) {
        Some(Value::Count(n)) => Some(n),
        _ => None,
    }
}

/// The sentence that says it all: could somebody call for help tonight with this?
fn answer(page: &Page<'_>) -> String {
    let chain = fact(page, "register.alert_chain").unwrap_or(0);
    let Some(empty) = fact(page, "register.functions_without_holder") else {
        return "L’annuaire ne dit pas encore qui appeler : commencez par les fonctions et la chaîne d’alerte.".to_owned();
    };
    let silent = fact(page, "register.alert_chain_without_phone").unwrap_or(0);
    if chain == 0 {
        "Aucune fonction n’est dans la chaîne d’alerte : personne ne serait appelé dès le doute.".to_owned()
    } else if empty > 0 || silent > 0 || fact(page, "register.dpo_in_alert_chain") == Some(0) {
        format!("La chaîne d’alerte compte {}, et elle a des trous.", plural(chain, "fonction", "fonctions"))
    } else {
        format!("La chaîne d’alerte compte {}, chacune a un titulaire joignable.", plural(chain, "fonction", "fonctions"))
    }
}

/// Alarms beside those of the functions.
fn others(page: &Page<'_>) -> Markup {
    let rows: [(&str, &str, &str, &str); 4] = [
        (
            "register.partners_to_verify",
            "numéro de partenaire à vérifier",
            "numéros de partenaires à vérifier",
            "/annuaire/partenaires",
        ),
        (
            "register.contracts_ending",
            "contrat échu ou bientôt",
            "contrats échus ou bientôt",
            "/annuaire/prestataires?tri=ends_on",
        ),
        ("register.people_without_phone", "personne sans téléphone", "personnes sans téléphone", "/annuaire/personnes"),
        ("register.conflicts", "fiche en conflit, à régler", "fiches en conflit, à régler", "/annuaire"),
    ];
    let told: Vec<_> = rows
        .into_iter()
        .filter_map(|(name, one, many, path)| Some((fact(page, name).filter(|n| *n > 0)?, one, many, path)))
        .collect();
    html! {
        @if !told.is_empty() { ul.alarms { @for (n, one, many, path) in told {
            li { span.st.warn { (fr(&plural(n, one, many))) } @if path != "/annuaire" { " " a href=(path) { "voir" } } } } } }
    }
}

fn holds(page: &Page<'_>) -> Markup {
    let n = |name: &str| fact(page, name).unwrap_or(0);
    let beds = plural(n("register.beds"), "lit", "lits");
    let capacity = format!(
        "{}, {}, {}",
        beds,
        plural(n("register.day_places"), "place", "places"),
        plural(n("register.posts"), "poste", "postes")
    );
    let rows = [
        ("/annuaire/fonctions", "Fonctions", plural(n("register.functions"), "fonction de crise", "fonctions de crise")),
        (
            "/annuaire/astreintes",
            "Astreintes",
            plural(n("register.on_call_now"), "personne en ce moment", "personnes en ce moment"),
        ),
        ("/annuaire/personnes", "Personnes", plural(n("register.people"), "personne", "personnes")),
        ("/annuaire/partenaires", "Partenaires", plural(n("register.partners"), "partenaire", "partenaires")),
        ("/annuaire/prestataires", "Prestataires", plural(n("register.providers"), "prestataire", "prestataires")),
        ("/annuaire/unites", "Unités", format!("{} : {capacity}", plural(n("register.units"), "unité", "unités"))),
        ("/annuaire/lieux", "Lieux", plural(n("register.places"), "lieu", "lieux")),
    ];
    html! {
        section.panel.wide aria-labelledby="contenu-annuaire" {
            header { h2 #contenu-annuaire { "Ce qu’il contient" } }
            table.reg { @for (path, name, words) in rows { tr { th scope="row" { a href=(path) { (name) } } td { (fr(&words)) } } } }
        }
    }
}
