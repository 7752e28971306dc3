//! The words of the establishment: what its register and map tell, what is left to fill, how it reads.

use super::Prepared;
use super::frame::seen;
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::form::Fields;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::exercise::event::scenario::{Parameter, Scenario};
use domain::exercise::fill;
use maud::{Markup, html};

/// A word that is looked for nowhere.
const FREE: &str = "free";
/// Texts shown as they will read.
const PREVIEWS: usize = 3;

/// `GET /exercices/{id}/contexte`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    Ok(page(&Prepared::of(&shared, &visitor, &id)?, Filled::BLANK))
}

/// Where a value is looked for, in words.
fn sought(from: &str) -> &'static str {
    match from.split(':').next().unwrap_or_default() {
        "establishment" => "le nom de l’établissement",
        "unit" => "vos unités",
        "activity" => "les activités de votre carte",
        "asset" => "les éléments de votre carte",
        "function" => "vos fonctions de crise",
        "partner" => "vos partenaires",
        _ => "nulle part : à vous de dire",
    }
}

pub(super) fn page(prepared: &Prepared<'_>, filled: Filled<'_>) -> Response {
    let scenario = prepared.exercise.scenario();
    let state = &prepared.visitor.view.state;
    let lacking: Vec<&Parameter> = fill::unfilled(scenario).collect();
    prepared.page("Mots de votre maison", filled.fault.map_or(StatusCode::OK, |f| f.status), |_| html! {
        h1 { "Mots de votre maison" }
        p.lead { @match lacking.len() {
            0 => (fr("Tous les mots du kit sont les vôtres.")),
            n => (fr(&if n > 1 { format!("{n} mots du kit ne sont pas encore les vôtres : les textes disent alors ceux du kit.") } else { "Un mot du kit n’est pas encore le vôtre : les textes disent alors celui du kit.".to_owned() })),
        } }
        (filled.refusal(&[]))
        @if !lacking.is_empty() {
            ul.lacking { @for one in &lacking { li { a href={ "#p-" (one.key) } { (fr(&one.label)) } (fr(&format!(" : non rempli, le kit dit « {} »", one.otherwise))) } } }
        }
        form.context method="post" action=(prepared.act("contexte")) { (stamps(prepared.shared, prepared.visitor))
            input type="hidden" name="supersedes" value=(seen(prepared));
            table { thead { tr { th scope="col" { "Mot" } th scope="col" { "Le vôtre" } th scope="col" { (fr("Cherché dans")) } } }
                tbody { @for parameter in &scenario.parameters { (row(parameter, fill::propose(state, parameter), filled)) } } }
            @if scenario.parameters.is_empty() { p.muted { (fr("Ce scénario n’a pas de mot à remplir. Dans un texte, un mot entre accolades en serait un.")) } }
            @if prepared.is_open_to_change() { p.btns { button.btn { "Enregistrer" } button.btn.ghost name="reprendre" value="1" { "Reprendre du registre et de la carte" } } }
        }
        (previews(prepared))
    })
}

fn row(parameter: &Parameter, found: Option<String>, filled: Filled<'_>) -> Markup {
    let name = format!("p-{}", parameter.key);
    html! { tr {
        th scope="row" { label for=(name) { (fr(&parameter.label)) } }
        td { input id=(name) name=(name) value=(filled.value(&name, &parameter.value)) placeholder=(parameter.otherwise) autocomplete="off";
            @if parameter.value.trim().is_empty() { br; span.small.unfilled { (fr(&format!("▲ non rempli : le kit dit « {} »", parameter.otherwise))) } } }
        td.small { @match found {
            Some(found) if found == parameter.value => { (fr("repris : ")) (fr(sought(&parameter.from))) },
            Some(found) => { (fr(sought(&parameter.from))) br; span.muted { (fr(&format!("trouvé : {found}"))) } },
            None if parameter.from == FREE => (fr(sought(&parameter.from))),
            None => { (fr(sought(&parameter.from))) br; span.muted { (fr("rien trouvé")) } },
        } }
    } }
}

/// How the first texts that use the words will read.
fn previews(prepared: &Prepared<'_>) -> Markup {
    let using = prepared.exercise.chronogramme().into_iter().filter(|p| fill::names(&p.inject().text).next().is_some());
    let shown: Vec<_> = using.take(PREVIEWS).collect();
    html! {
        @if !shown.is_empty() { h2.ruled { (fr("Comment cela se lira")) } }
        @for played in shown {
            blockquote.words { b { (fr(&prepared.filled(&played.inject().title))) } "\n" (fr(&prepared.filled(&played.inject().text))) }
        }
    }
}

/// The scenario with the words of the form; or with what the register says, where it says something.
pub(super) fn typed(fields: &Fields, state: &domain::State, known: &Scenario) -> Scenario {
    let mut scenario = known.clone();
    for parameter in &mut scenario.parameters {
        let name = format!("p-{}", parameter.key);
        parameter.value = fields.get(&name).trim().to_owned();
        if !fields.get("reprendre").is_empty()
            && let Some(found) = fill::propose(state, parameter)
        {
            parameter.value = found;
        }
    }
    scenario
}
