//! « Panne ou attaque ? »: one question a page, plain links; the address keeps every answer.

use super::opening;
use crate::app::Shared;
use crate::form::Fields;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use content::tree::{Node, Outcome, Step, step, tree};
use domain::crisis::event::Level;
use maud::{Markup, html};
use serde::Deserialize;

/// Address of the first question.
pub(crate) const PATH: &str = "/crises/panne-ou-attaque";
/// Most answers of an address: the tree is not that deep.
const ANSWERS_MAX: usize = 30;
/// Name of an answer in addresses, and its word.
const ANSWERS: [(&str, &str); 3] = [("oui", "Oui"), ("non", "Non"), ("inconnu", "Je ne sais pas")];

/// Which answers were given: `rancon.non,fichiers.oui`.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    r: String,
}

/// Answers given so far, and where they lead.
struct Walk {
    given: Vec<(&'static Node, &'static str)>,
    at: Option<Step>,
}

/// Follows the answers as far as they make sense: an address changed by hand leads to the question it stops at.
fn walk(answers: &str) -> Walk {
    let mut given: Vec<(&'static Node, &'static str)> = Vec::new();
    let mut at = step(&tree().first);
    for answer in answers.split(',').take(ANSWERS_MAX) {
        let Some(Step::Question(node)) = at else { break };
        let Some((key, word)) = answer.split_once('.') else { break };
        let Some((name, _)) = ANSWERS.iter().find(|(name, _)| *name == word).filter(|_| key == node.key) else { break };
        let next = match *name {
            "oui" => &node.yes,
            "non" => &node.no,
            _ => &node.unsure,
        };
        given.push((node, name));
        at = step(next);
    }
    Walk { given, at }
}

impl Walk {
    /// The answers as an address keeps them.
    fn address(&self, given: usize) -> String {
        let kept: Vec<String> = self.given.iter().take(given).map(|(node, answer)| format!("{}.{answer}", node.key)).collect();
        kept.join(",")
    }

    /// The page where the question after so many answers is asked again.
    fn back(&self, given: usize) -> String {
        if given == 0 { PATH.to_owned() } else { format!("{PATH}?r={}", self.address(given)) }
    }
}

fn word(name: &str) -> &'static str {
    ANSWERS.iter().find(|(known, _)| *known == name).map_or("", |(_, word)| word)
}

/// The answers as the log tells them, if any was given.
pub(super) fn told(answers: &str) -> Option<String> {
    let walk = walk(answers);
    if walk.given.is_empty() {
        return None;
    }
    let mut text = tree().title.clone();
    for (node, answer) in &walk.given {
        text.push_str(&format!("\n{} {}.", node.question, word(answer)));
    }
    if let Some(Step::Outcome(outcome)) = walk.at {
        text.push_str(&format!("\nConclusion : {}", outcome.sentence));
    }
    Some(text)
}

pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let page = Page::new(&shared, &visitor, Place::Crisis, "Panne ou attaque");
    let walk = walk(&asked.r);
    let tree = tree();
    let body = html! {
        div.roomhead { h1 { (fr(&tree.title)) } a.noprint href="/crises/nouvelle" { "Ouvrir sans répondre" } }
        @if walk.given.is_empty() { p.lead { (fr(&tree.intro)) } }
        @match walk.at {
            Some(Step::Question(node)) => (question(&walk, node)),
            Some(Step::Outcome(outcome)) => (conclusion(&page, &walk, outcome)),
            None => p.empty { "Aucune question n’est livrée. Ouvrez un doute, il se referme." },
        }
        @if !walk.given.is_empty() { (answers(&walk)) }
        p.small.muted { (fr("Source : ")) (fr(&tree.source)) ", édition du " (tree.edition) @if let Some(status) = tree.status { ", " (status.label()) } }
    };
    page.render(&body).into_response()
}

fn question(walk: &Walk, node: &Node) -> Markup {
    let before = walk.address(walk.given.len());
    let comma = if before.is_empty() { "" } else { "," };
    html! {
        section.asked aria-labelledby="question" {
            p.small.muted { "Question " (walk.given.len() + 1) }
            h2.lead #question { (fr(&node.question)) }
            p { (fr(&node.help)) }
            p.btns.answers { @for (name, word) in ANSWERS { a.btn.ghost href={ (PATH) "?r=" (before) (comma) (node.key) "." (name) } { (word) } } }
        }
    }
}

/// What to do now, and the form that opens at the level proposed.
fn conclusion(page: &Page<'_>, walk: &Walk, outcome: &Outcome) -> Markup {
    let name = outcome.level.map_or("doubt", |level| match level {
        Level::Doubt => "doubt",
        Level::Alert => "alert",
        Level::Crisis => "crisis",
    });
    let title = if outcome.level.is_some_and(|level| level != Level::Doubt) {
        "Attaque informatique"
    } else {
        "Panne ou attaque, à vérifier"
    };
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let texts = vec![field("level", name), field("title", title), field("reponses", &walk.address(walk.given.len()))];
    let fields = Fields { texts, ..Fields::default() };
    html! {
        p.lead role="status" { b { (fr(&outcome.sentence)) } }
        section.panel.wide aria-labelledby="gestes" {
            header { h2 #gestes { "Tout de suite" } }
            ol.gestures { @for gesture in &outcome.gestures { li { (fr(&gesture.text)) } } }
        }
        @if outcome.level.is_some() { h2 { "Ouvrir" } (opening::form(page, &fields, None)) }
        @else { details.more { summary { "Ouvrir un doute quand même" } (opening::form(page, &fields, None)) } }
    }
}

fn answers(walk: &Walk) -> Markup {
    html! {
        section.panel.wide aria-labelledby="reponses" {
            header { h2 #reponses { "Vos réponses" } }
            table { tbody { @for (number, (node, answer)) in walk.given.iter().enumerate() { tr {
                td { (fr(&node.question)) } td { b { (word(answer)) } }
                td.n { a.noprint href=(walk.back(number)) aria-label={ "Changer la réponse " (number + 1) } { "Changer" } }
            } } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_changed_by_hand_stops_where_it_makes_no_sense() {
        let first = tree().first.clone();
        assert!(walk("").given.is_empty() && matches!(walk("").at, Some(Step::Question(node)) if node.key == first));
        for nonsense in ["x.oui", "rancon", &format!("{first}.peut-être"), "<script>.oui", ",,,"] {
            assert!(walk(nonsense).given.is_empty(), "{nonsense}");
        }
        let once = format!("{first}.oui");
        assert_eq!(walk(&format!("{once},{once},{once}")).given.len(), 1, "no question is asked twice");
    }

    #[test]
    fn every_path_ends_with_a_conclusion() {
        let mut open = vec![String::new()];
        let mut ends = 0;
        while let Some(answers) = open.pop() {
            match walk(&answers).at {
                Some(Step::Question(node)) => open.extend(ANSWERS.iter().map(|(name, _)| {
                    if answers.is_empty() { format!("{}.{name}", node.key) } else { format!("{answers},{}.{name}", node.key) }
                })),
                Some(Step::Outcome(_)) => ends += 1,
                None => panic!("{answers} leads nowhere"),
            }
        }
        assert!(ends > 3);
    }
}
