//! « Sommes-nous prêts ? »: one line per matter, its state as facts say it, and the next act. What nobody filled in is said so.

use super::{number, plural};
use crate::crisis::room_path;
use crate::shell::Page;
use crate::typography::fr;
use crate::urgence;
use domain::crisis::Crisis;
use maud::{Markup, html};

/// A line.
struct Line {
    name: &'static str,
    /// What is true.
    sentence: String,
    /// What is wrong with it, in colour and in words.
    warning: Option<String>,
    /// Next act: its words, its address.
    next: (String, String),
}

fn line(name: &'static str, sentence: String, warning: Option<String>, next: (&str, &str)) -> Line {
    Line { name, sentence, warning, next: (next.0.to_owned(), next.1.to_owned()) }
}

pub(super) fn show(page: &Page<'_>, running: Option<&Crisis>) -> Markup {
    let mut lines = Vec::new();
    lines.extend(running.map(|crisis| in_crisis(page, crisis)));
    lines.extend([directory(page), on_call(page), partners(page), map(page)]);
    lines.extend(freshness(page));
    lines.push(codes(page));
    lines.extend(actions(page));
    lines.push(journal(page));
    let alone = running.is_none() && urgence::suits(&page.visitor.view.state);
    html! {
        section.panel aria-labelledby="prets" {
            header { h2 #prets { (fr("Sommes-nous prêts ?")) } }
            div.moments { @for line in &lines { (row(line)) }
                @if alone { (row(&line_alone())) } }
        }
    }
}

fn row(line: &Line) -> Markup {
    html! {
        div {
            b { (line.name) }
            span { (fr(&line.sentence)) @if let Some(warning) = &line.warning { " " b.warn { (fr(warning)) } } }
            a href=(line.next.1) { (fr(&line.next.0)) }
        }
    }
}

fn line_alone() -> Line {
    let sentence = "Une personne seule, la nuit : qui appeler, quoi faire, quoi noter, sur une page de téléphone.".to_owned();
    line("Seul de garde", sentence, None, ("Voir la page urgence", urgence::PATH))
}

fn in_crisis(page: &Page<'_>, crisis: &Crisis) -> Line {
    let count = |fact: &str| number(page, fact).unwrap_or(0);
    let (open, late, incomplete) = (count("crisis.tasks_open"), count("crisis.tasks_late"), count("crisis.tasks_incomplete"));
    let (stopped, unknown) = (count("situation.activities_stopped"), count("situation.activities_unknown"));
    let mut sentence = format!("{} dans la main courante", plural(crisis.log.len() as u64, "entrée", "entrées"));
    if let Some(last) = crisis.log.last() {
        sentence.push_str(&format!(", la dernière le {}", page.local.day_and_time(last.wall)));
    }
    sentence.push_str(&format!(" ; {}.", plural(open, "action ou question ouverte", "actions et questions ouvertes")));
    let mut warnings = Vec::new();
    let mut warn = |n: u64, one: &str, many: &str| {
        if n > 0 {
            warnings.push(plural(n, one, many));
        }
    };
    warn(late, "en retard", "en retard");
    warn(count("legal.clocks_overdue"), "échéance légale dépassée ou sans délai", "échéances légales dépassées ou sans délai");
    warn(stopped, "activité arrêtée", "activités arrêtées");
    warn(unknown, "activité sans nouvelle", "activités sans nouvelle");
    warn(incomplete, "action à compléter", "actions à compléter");
    let warning = (!warnings.is_empty()).then(|| format!("{}.", sentence_of(&warnings)));
    line("Gérer la crise", sentence, warning, ("Ouvrir la salle de crise", &room_path(page.shared, crisis)))
}

/// `2 en retard, 1 activité arrêtée`, as a sentence begins.
fn sentence_of(parts: &[String]) -> String {
    let joined = parts.join(", ");
    let mut chars = joined.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn directory(page: &Page<'_>) -> Line {
    let count = |fact: &str| number(page, fact).unwrap_or(0);
    if count("register.functions") == 0 {
        let sentence = format!(
            "{}, aucune fonction de crise : personne n’est désigné pour décider ni pour être appelé.",
            plural(count("register.people"), "personne inscrite", "personnes inscrites")
        );
        return line("Annuaire", sentence, None, ("Désigner les fonctions", "/annuaire/fonctions"));
    }
    let people = plural(count("register.people"), "personne", "personnes");
    let functions = plural(count("register.functions"), "fonction de crise", "fonctions de crise");
    let chain = count("register.alert_chain");
    let sentence = format!("{people}, {functions}, dont {chain} dans la chaîne d’alerte.");
    let mut warnings = Vec::new();
    match number(page, "register.functions_without_holder") {
        Some(n) if n > 0 => warnings.push(plural(n, "fonction sans titulaire", "fonctions sans titulaire")),
        _ => {}
    }
    match number(page, "register.alert_chain_without_phone") {
        Some(n) if n > 0 => warnings.push(plural(n, "titulaire sans téléphone", "titulaires sans téléphone")),
        _ => {}
    }
    if number(page, "register.dpo_in_alert_chain") == Some(0) {
        warnings.push("le DPO n’est pas dans la chaîne d’alerte".to_owned());
    }
    if chain == 0 {
        warnings.push("personne n’est appelé dès le doute".to_owned());
    }
    let next = if warnings.is_empty() {
        ("Ouvrir l’annuaire", "/annuaire")
    } else {
        ("Compléter les fonctions", "/annuaire/fonctions")
    };
    let warning = (!warnings.is_empty()).then(|| format!("{}.", sentence_of(&warnings)));
    line("Annuaire", sentence, warning, next)
}

fn on_call(page: &Page<'_>) -> Line {
    const PATH: &str = "/annuaire/astreintes";
    let register = &page.visitor.view.state.register;
    let now = number(page, "register.on_call_now").unwrap_or(0);
    let Some(gaps) = number(page, "register.on_call_gaps") else {
        let sentence = "Aucune astreinte n’est inscrite pour les 14 prochains jours.".to_owned();
        return line("Astreintes", sentence, None, ("Inscrire les astreintes", PATH));
    };
    if register.duty_lists(page.now).is_empty() {
        let sentence = "Aucune astreinte n’est inscrite pour les 14 prochains jours ; les dernières sont passées.".to_owned();
        return line("Astreintes", sentence, None, ("Inscrire la suite", PATH));
    }
    let present = match now {
        0 => "Personne n’est d’astreinte en ce moment.".to_owned(),
        n => {
            let names: Vec<&str> = register.on_duty(page.now).iter().take(3).map(|(_, turn)| turn.name.as_str()).collect();
            let end = if n > 3 { format!(" et {}.", n - 3) } else { ".".to_owned() };
            format!("{} en ce moment : {}{end}", plural(n, "personne d’astreinte", "personnes d’astreinte"), names.join(", "))
        }
    };
    match gaps {
        0 => line("Astreintes", format!("{present} Pas de trou dans les 14 jours à venir."), None, ("Voir les astreintes", PATH)),
        n => {
            let warning = format!("{} dans les 14 jours à venir.", plural(n, "trou", "trous"));
            line("Astreintes", present, Some(warning), ("Compléter", PATH))
        }
    }
}

fn partners(page: &Page<'_>) -> Line {
    const PATH: &str = "/annuaire/partenaires";
    match (number(page, "register.partners").unwrap_or(0), number(page, "register.partners_to_verify")) {
        (0, _) | (_, None) => {
            let sentence = "Aucun partenaire n’est inscrit : ni CERT Santé, ni ARS, ni éditeurs.".to_owned();
            line("Partenaires", sentence, None, ("Reprendre la liste usuelle", PATH))
        }
        (all, Some(0)) => {
            let sentence = format!("{}, numéros vérifiés depuis moins d’un an.", plural(all, "partenaire", "partenaires"));
            line("Partenaires", sentence, None, ("Voir les partenaires", PATH))
        }
        (all, Some(due)) => {
            let warning = format!("{due} sur {all} sans numéro, ou jamais vérifiés depuis un an.");
            line(
                "Partenaires",
                format!("{}.", plural(all, "partenaire", "partenaires")),
                Some(warning),
                ("Vérifier les numéros", PATH),
            )
        }
    }
}

fn map(page: &Page<'_>) -> Line {
    const PATH: &str = "/carte/activites";
    let count = |fact: &str| number(page, fact).unwrap_or(0);
    let (activities, applications) = (count("cartography.activities"), count("cartography.applications"));
    if activities == 0 {
        let sentence = "Aucune activité n’est décrite : la salle de crise ne saura pas dire ce qui s’arrête.".to_owned();
        return line("Activités", sentence, None, ("Partir d’une carte type", "/carte/archetype"));
    }
    let sentence =
        format!("{}, {}.", plural(activities, "activité", "activités"), plural(applications, "application", "applications"));
    let (bare, alone) = (count("cartography.activities_without_mtpd"), count("cartography.activities_without_application"));
    let mut warnings = Vec::new();
    if bare > 0 {
        warnings.push(format!("{bare} sans durée maximale d’interruption"));
    }
    if alone > 0 {
        warnings.push(format!("{alone} sans application connue"));
    }
    let warning = (!warnings.is_empty()).then(|| format!("{}.", sentence_of(&warnings)));
    line("Activités", sentence, warning, ("Ouvrir la carte", PATH))
}

/// What nobody read again for a year, and what somebody was asked to read and did not; nothing to say of an empty map.
fn freshness(page: &Page<'_>) -> Option<Line> {
    let count = |fact: &str| number(page, fact).unwrap_or(0);
    let (stale, late) = (count("cartography.stale"), count("cartography.reviews_late"));
    if stale == 0 && late == 0 {
        return None;
    }
    let sentence = match stale {
        0 => "Toutes les fiches ont été relues depuis moins d’un an.".to_owned(),
        stale => format!("{} à relire.", plural(stale, "fiche", "fiches")),
    };
    let warning = match late {
        0 => None,
        late => Some(format!("{} en retard.", plural(late, "relecture demandée", "relectures demandées"))),
    };
    Some(line("Carte à jour", sentence, warning, ("Relire la carte", "/carte/fraicheur")))
}

/// What was decided to be mended; nothing to say of an empty plan.
fn actions(page: &Page<'_>) -> Option<Line> {
    let plan = &page.visitor.view.state.actions;
    let counts = plan.counts(crate::days::today(page));
    if counts.total == 0 {
        return None;
    }
    let next = plan.in_order().into_iter().find(|action| action.is_open());
    let next = next.map(|action| format!(" La première à mener : {}.", action.now().title)).unwrap_or_default();
    let count = |fact: &str| number(page, fact).unwrap_or(0);
    let mut warnings = Vec::new();
    if counts.late > 0 {
        warnings.push(format!("{} en retard", counts.late));
    }
    if count("actions.without_owner") > 0 {
        warnings.push(format!("{} sans pilote", count("actions.without_owner")));
    }
    let warning = (!warnings.is_empty()).then(|| format!("{}.", sentence_of(&warnings)));
    let done = format!("{}, {} à mener.{next}", plural(counts.done, "action faite", "actions faites"), counts.open);
    Some(line("Plan d’actions", done, warning, ("Ouvrir le plan", crate::actions::PATH)))
}

fn codes(page: &Page<'_>) -> Line {
    let next = if page.visitor.may_erase() { ("Gérer les codes", "/comptes/codes") } else { ("Mon compte", "/compte") };
    match number(page, "access.codes_available") {
        None | Some(0) => {
            let sentence =
                "Aucun code d’urgence n’est prêt : un mot de passe oublié à 3 heures attendrait deux personnes.".to_owned();
            line("Codes d’urgence", sentence, None, next)
        }
        Some(n) => {
            let sentence =
                format!("{} sous enveloppe.", plural(n, "code d’urgence ouvre encore", "codes d’urgence ouvrent encore"));
            line("Codes d’urgence", sentence, None, next)
        }
    }
}

fn journal(page: &Page<'_>) -> Line {
    let view = &page.visitor.view;
    let devices = plural(crate::journal_page::devices(view) as u64, "poste", "postes");
    let sentence =
        format!("{} dans le journal, écrites par {devices}.", plural(view.entries, "entrée signée", "entrées signées"));
    let mut warnings = Vec::new();
    if view.parked > 0 {
        warnings.push(plural(
            view.parked as u64,
            "entrée attend une entrée qui manque",
            "entrées attendent une entrée qui manque",
        ));
    }
    match number(page, "register.conflicts") {
        Some(n) if n > 0 => warnings.push(plural(n, "fiche de l’annuaire en conflit", "fiches de l’annuaire en conflit")),
        _ => {}
    }
    let warning = (!warnings.is_empty()).then(|| format!("{}.", sentence_of(&warnings)));
    line("Prouver", sentence, warning, ("Voir le journal", "/journal"))
}
