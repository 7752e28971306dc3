//! The page of a search.

use super::fold::{Query, WORDS_MAX};
use super::found::{Group, Hit, SHOWN_MAX};
use super::log::LINES_LOOKED_AT_MAX;
use super::{Found, QUERY_CHARS_MAX, Seeking};
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use maud::{Markup, html};

pub(super) fn show(seeking: &Seeking<'_>, sought: &str, found: &Found<'_>) -> Markup {
    let title = if sought.is_empty() { "Recherche".to_owned() } else { format!("« {sought} » – Recherche") };
    let page = Page::new(seeking.shared, seeking.visitor, Place::Elsewhere, &title).seeking(sought);
    let total: usize = found.groups.iter().map(|group| group.total).sum();
    let body = html! {
        div.roomhead { h1 { "Recherche" } }
        (field(sought))
        @if seeking.query.cut { p.muted { (fr(&format!("Seuls les {WORDS_MAX} premiers mots ont compté."))) } }
        @if seeking.query.is_empty() { (lesson(sought)) }
        @else if total == 0 { (nothing(seeking, sought)) }
        @else {
            p.lead role="status" { (fr(&format!("{} pour « {sought} ».", plural(total as u64, "résultat", "résultats")))) }
            @if found.cut { p.muted { "La recherche s’est arrêtée aux " (LINES_LOOKED_AT_MAX) " dernières lignes des mains courantes." } }
            @if found.groups.len() > 1 { (kinds(&found.groups)) }
            @for group in &found.groups { (section(seeking.query, group)) }
        }
    };
    page.render(&body)
}

/// The field again, where the top bar has none (telephone).
fn field(sought: &str) -> Markup {
    html! {
        form.seek.only-s role="search" aria-label="Recherche de la page" action="/recherche" {
            p.field { label for="q" { "Ce que vous cherchez" }
                input #q type="search" name="q" value=(sought) maxlength=(QUERY_CHARS_MAX) autocomplete="off"; }
            p { button.btn { "Rechercher" } }
        }
    }
}

fn lesson(sought: &str) -> Markup {
    html! {
        @if sought.is_empty() { p.lead { "Un nom, un service, un numéro, quelques mots de la main courante." } }
        @else { p.lead { (fr(&format!("« {sought} » ne contient ni lettre ni chiffre : écrivez un mot."))) } }
        ul.lesson {
            li { "Le début d’un mot suffit, sans accents ni majuscules" (fr(" : ")) b { "electro" } " trouve « électrogène »." }
            li { "Plusieurs mots" (fr(" : ")) "tous doivent s’y trouver, dans n’importe quel ordre." }
            li { "La touche " kbd { "/" } " mène à la recherche depuis toutes les pages, " kbd { "Ctrl" } "+" kbd { "K" } " aussi." }
        }
    }
}

fn nothing(seeking: &Seeking<'_>, sought: &str) -> Markup {
    let empty = super::records::groups(seeking);
    let mut names: Vec<String> = empty.iter().map(|group| group.name.to_lowercase()).collect();
    names.push("main courante, corrections comprises".to_owned());
    html! {
        p.lead role="status" { (fr(&format!("Rien pour « {sought} »."))) }
        p { (fr(&format!("Cherché dans : {}.", names.join(", ")))) }
        p.muted { "Essayez un mot de moins, ou seulement le début d’un mot. Un texte effacé ne se retrouve pas." }
    }
}

fn kinds(groups: &[Group<'_>]) -> Markup {
    html! {
        nav.kinds aria-label="Sortes de résultats" { ul { @for group in groups {
            li { a href={ "#" (group.key) } { (group.name) } " " span.muted { (group.total) } }
        } } }
    }
}

fn section(query: &Query, group: &Group<'_>) -> Markup {
    let counted = match group.total {
        total if total > SHOWN_MAX => format!("{total}, dont voici {SHOWN_MAX}"),
        total => total.to_string(),
    };
    html! {
        section.panel.wide.found aria-labelledby=(group.key) {
            header { h2 id=(group.key) { (group.name) } span.muted.small { (fr(&counted)) } }
            ul { @for hit in group.best() { (row(query, hit)) } }
        }
    }
}

fn row(query: &Query, hit: &Hit) -> Markup {
    html! {
        li {
            a href=(hit.href) { (marked(query, &hit.title)) }
            @if !hit.detail.is_empty() { br; span.small.muted { (marked(query, &hit.detail)) } }
        }
    }
}

fn marked(query: &Query, text: &str) -> Markup {
    let text = fr(text);
    html! { @for (sought, piece) in query.marks(&text) { @if sought { mark { (piece) } } @else { (piece) } } }
}
