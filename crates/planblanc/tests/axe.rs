//! axe-core on every page, as direction and as observer, light and dark, wide and narrow: no violation.
//!
//! Pages are found as people find them, by following links: a page of the table that no link leads to is a fault too.

mod support;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use support::axe::{LOOKS, look, script, violations};
use support::browser::{Driver, sees};
use support::{Place, Server};
use thirtyfour::prelude::*;

/// Who may open a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// Everybody with a role.
    All,
    /// Those who direct or administer.
    Rank,
}
use Readers::{All, Rank};

/// Every page, by its route.
const PAGES: &[(&str, Readers)] = &[
    ("/", All),
    ("/recherche", All),
    ("/urgence", All),
    ("/journal", All),
    ("/compte", All),
    ("/crises/nouvelle", Rank),
    ("/annuaire", All),
    ("/annuaire/chaine-alerte", All),
    ("/annuaire/etablissement", All),
    ("/annuaire/lieux", All),
    ("/annuaire/lieux/{id}", All),
    ("/annuaire/lieux/nouveau", Rank),
    ("/annuaire/lieux/import", Rank),
    ("/annuaire/lieux/{id}/modifier", Rank),
    ("/annuaire/unites", All),
    ("/annuaire/unites/{id}", All),
    ("/annuaire/unites/nouveau", Rank),
    ("/annuaire/unites/import", Rank),
    ("/annuaire/unites/{id}/modifier", Rank),
    ("/annuaire/personnes", All),
    ("/annuaire/personnes/{id}", All),
    ("/annuaire/personnes/nouveau", Rank),
    ("/annuaire/personnes/import", Rank),
    ("/annuaire/personnes/{id}/modifier", Rank),
    ("/annuaire/fonctions", All),
    ("/annuaire/fonctions/{id}", All),
    ("/annuaire/fonctions/nouveau", Rank),
    ("/annuaire/fonctions/import", Rank),
    ("/annuaire/fonctions/{id}/modifier", Rank),
    ("/annuaire/astreintes", All),
    ("/annuaire/astreintes/{id}", All),
    ("/annuaire/astreintes/nouveau", Rank),
    ("/annuaire/astreintes/import", Rank),
    ("/annuaire/astreintes/{id}/modifier", Rank),
    ("/annuaire/partenaires", All),
    ("/annuaire/partenaires/{id}", All),
    ("/annuaire/partenaires/nouveau", Rank),
    ("/annuaire/partenaires/import", Rank),
    ("/annuaire/partenaires/{id}/modifier", Rank),
    ("/annuaire/prestataires", All),
    ("/annuaire/prestataires/{id}", All),
    ("/annuaire/prestataires/nouveau", Rank),
    ("/annuaire/prestataires/import", Rank),
    ("/annuaire/prestataires/{id}/modifier", Rank),
    ("/carte/activites", All),
    ("/carte/plan", All),
    ("/carte/et-si", All),
    ("/carte/et-si/comparer", All),
    ("/carte/criticite", All),
    ("/carte/criticite/redemarrage", All),
    ("/carte/criticite/{activity}", All),
    ("/carte/bia", All),
    ("/carte/bia/{id}", All),
    ("/carte/unites", All),
    ("/carte/unites/{id}", All),
    ("/carte/fraicheur", All),
    ("/carte/fraicheur/demande", All),
    ("/carte/import", All),
    ("/carte/imports/{id}", All),
    ("/carte/archetype", Rank),
    ("/journaux/{journal}/carte/activites", Rank),
    ("/carte/elements/{id}", All),
    ("/journaux/{journal}/carte/elements", Rank),
    ("/journaux/{journal}/carte/elements/{id}", Rank),
    ("/carte/interfaces", All),
    ("/carte/interfaces/{id}", All),
    ("/journaux/{journal}/carte/interfaces", Rank),
    ("/journaux/{journal}/carte/interfaces/{id}", Rank),
    ("/actions", All),
    ("/actions/nouvelle", Rank),
    ("/actions/modele", All),
    ("/actions/modele/{key}", Rank),
    ("/actions/instances", All),
    ("/actions/instances/{id}", All),
    ("/actions/{id}", All),
    ("/journaux/{journal}/actions/{id}", Rank),
    ("/exercices", All),
    ("/exercices/kits", All),
    ("/exercices/kits/{key}", All),
    ("/exercices/kits/importer", Rank),
    ("/exercices/invitation", Rank),
    ("/campagnes", All),
    ("/comptes", Rank),
    ("/comptes/audit", Rank),
    ("/comptes/codes", Rank),
    ("/comptes/secours", All),
    ("/comptes/{actor}", Rank),
    ("/journaux/{journal}/crises/{crisis}", All),
    ("/journaux/{journal}/crises/{crisis}/entrees/{entry}", All),
    ("/journaux/{journal}/crises/{crisis}/situation", All),
    ("/journaux/{journal}/crises/{crisis}/situation/{about}", All),
    ("/journaux/{journal}/crises/{crisis}/offre", All),
    ("/journaux/{journal}/crises/{crisis}/points", All),
    ("/journaux/{journal}/crises/{crisis}/mur", All),
    ("/journaux/{journal}/crises/{crisis}/cellules", All),
    ("/journaux/{journal}/crises/{crisis}/cellules/{cell}", All),
    ("/journaux/{journal}/crises/{crisis}/echeances", All),
    ("/journaux/{journal}/crises/{crisis}/echeances/{key}", All),
    ("/journaux/{journal}/crises/{crisis}/gestes", All),
    ("/journaux/{journal}/crises/{crisis}/plainte", All),
    ("/journaux/{journal}/crises/{crisis}/revendications", All),
    ("/journaux/{journal}/crises/{crisis}/cadre", Rank),
    ("/journaux/{journal}/crises/{crisis}/main-courante", All),
    ("/journaux/{journal}/crises/{crisis}/levee", All),
    ("/journaux/{journal}/crises/{crisis}/releve", All),
    ("/journaux/{journal}/crises/{crisis}/point", All),
    ("/journaux/{journal}/crises/{crisis}/papier", Rank),
];

/// Pages of one exercise or one campaign, which this demonstration has none of: the story of an exercise looks at them.
const IN_STORY: &[&str] = &[
    "/exercices/{id}",
    "/exercices/{id}/cadre",
    "/exercices/{id}/contexte",
    "/exercices/{id}/chronogramme",
    "/exercices/{id}/chronogramme/{key}",
    "/exercices/{id}/criteres",
    "/exercices/{id}/participants",
    "/exercices/{id}/preparation",
    "/exercices/{id}/documents/{kind}",
    "/exercices/{id}/import",
    "/exercices/{id}/import/{token}",
    "/exercices/kits/importer/{token}",
    "/exercices/{id}/retex",
    "/exercices/{id}/retex/texte",
    "/exercices/{id}/retex/constat",
    "/console",
    "/boite",
    "/boite/{key}",
    "/briefing",
    "/grille",
    "/appel",
    "/debriefing",
    "/arret",
    "/campagnes/{id}",
    "/campagnes/{id}/etablissements",
    "/campagnes/{id}/etablissements/{finess}",
    "/campagnes/{id}/comparaison",
];

/// Pages that no link leads to from inside: their address.
const TYPED: &[(&str, &str)] = &[
    ("/recherche", "/recherche?q=a"),
    ("/recherche", "/recherche"),
    ("/connexion", "/connexion"),
    ("/urgence", "/urgence"),
    ("/crises/nouvelle", "/crises/nouvelle"),
];

/// Routes that answer with something else than a page, or only to somebody who is not in.
const NO_PAGE: &[&str] = &[
    "/healthz",
    "/direct",
    "/presence",
    "/pieces/{hash}/{name}",
    "/actifs/{name}",
    "/journal/entrees.planblanc",
    "/actions/export.xlsx",
    "/actions/export.csv",
    "/actions/export.ods",
    "/carte/activites.csv",
    "/carte/noms",
    "/carte/plan.svg",
    "/carte/export/{file}",
    "/carte/criticite/export/{file}",
    "/carte/import/{token}",
    "/carte/import/{token}/colonnes",
    "/carte/import/{token}/refus.csv",
    "/journaux/{journal}/carte/plan",
    "/journaux/{journal}/carte/activites/{id}",
    "/journaux/{journal}/carte/applications/{id}",
    "/journaux/{journal}/crises/{crisis}/main-courante.csv",
    "/horloge",
    "/boite/{key}/pieces/{hash}/{name}",
    "/exercices/{id}/chronogramme.xlsx",
    "/exercices/{id}/chronogramme.csv",
    "/exercices/{id}/kit.planblanc-kit",
    "/exercices/{id}/retex.xlsx",
    "/exercices/{id}/resultats.planblanc-resultats",
    "/campagnes/{id}/comparaison.xlsx",
    "/campagnes/{id}/agenda.ics",
    "/campagnes/{id}/campagne.planblanc-campagne",
    "/connexion",
    "/verrou",
];

/// Whether an address is one of a route.
fn leads_to(route: &str, address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let (wanted, parts): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    let fits = |(part, wanted): (&&str, &&str)| if wanted.starts_with('{') { !part.is_empty() } else { part == wanted };
    wanted.len() == parts.len() && parts.iter().zip(&wanted).all(fits)
}

/// The route of an address: one without braces wins.
fn route_of(address: &str) -> Option<&'static str> {
    let mut fitting: Vec<&'static str> = PAGES.iter().map(|(route, _)| *route).filter(|r| leads_to(r, address)).collect();
    fitting.sort_by_key(|route| route.matches('{').count());
    fitting.first().copied()
}

async fn enter(browser: &WebDriver, server: &Server, who: &str) -> WebDriverResult<()> {
    browser.goto(format!("{}/connexion", server.address)).await?;
    let button = format!("//button[contains(normalize-space(translate(., '\u{a0}', ' ')), '{who}')]");
    browser.query(By::XPath(button)).first().await?.click().await?;
    sees(browser, "Aujourd’hui").await;
    Ok(())
}

const LINKS: &str = "return [...document.links].filter((a) => a.origin === location.origin && !a.hasAttribute('download'))
    .map((a) => a.pathname + a.search)";

/// Checks the page that is open, in every look.
async fn check(browser: &WebDriver, axe: &str, address: &str, faults: &mut Vec<String>) -> WebDriverResult<()> {
    for way in LOOKS {
        look(browser, way).await?;
        for violation in violations(browser, axe).await? {
            faults.push(format!("{address} at {} px, {}:\n    {violation}", way.width, way.colours));
        }
    }
    Ok(())
}

/// Walks all pages as somebody; says what is wrong.
async fn walk(who: &str, readers: &[Readers]) -> WebDriverResult<()> {
    let Some(axe) = script() else { return Ok(()) };
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let browser = driver.browser(1440, 900).await?;
    enter(&browser, &server, who).await?;
    let mut faults = Vec::new();
    let mut seen: BTreeMap<&str, String> = BTreeMap::from([("/", "/".to_owned())]);
    let mut next: VecDeque<String> = VecDeque::from(["/".to_owned()]);
    next.extend(TYPED.iter().map(|(_, address)| (*address).to_owned()));
    while let Some(address) = next.pop_front() {
        browser.goto(format!("{}{address}", server.address)).await?;
        check(&browser, &axe, &address, &mut faults).await?;
        let links = browser.execute(LINKS, vec![]).await?;
        for link in links.json().as_array().into_iter().flatten().filter_map(|link| link.as_str()) {
            if let Some(route) = route_of(link)
                && !seen.contains_key(route)
            {
                seen.insert(route, link.to_owned());
                next.push_back(link.to_owned());
            }
        }
    }
    browser.quit().await?;
    let unseen = PAGES.iter().filter(|(route, who)| readers.contains(who) && !seen.contains_key(route));
    let typed = |route: &&str| TYPED.iter().any(|(typed, _)| typed == route);
    faults.extend(unseen.map(|(route, _)| *route).filter(|r| !typed(r)).map(|route| format!("no link leads to {route}")));
    assert!(faults.is_empty(), "{} fault(s) as {who}:\n{}", faults.len(), faults.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_for_everybody_as_direction() -> WebDriverResult<()> {
    walk("J. Marchand", &[All, Rank]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_for_everybody_as_observer() -> WebDriverResult<()> {
    walk("A. Moreau", &[All]).await
}

/// Routes that answer to GET, as the sources of the pages declare them.
fn routes(dir: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).expect("sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.ends_with("api") {
                routes(&path, found);
            }
        } else {
            let source = std::fs::read_to_string(&path).expect("text");
            found.extend(source.split(".route(").skip(1).filter_map(declared));
        }
    }
}

/// The route that such a text declares, when it answers to GET. `at` is below a crisis; the register makes its routes from
/// names, and they are in the table by hand.
fn declared(text: &str) -> Option<String> {
    let mut quoted = text.splitn(3, '"');
    let (before, route, handlers) = (quoted.next()?, quoted.next()?, quoted.next()?);
    let answers = handlers.split([';', '\n']).next().is_some_and(|line| line.contains("get("));
    let below = match before.trim() {
        "" => "",
        "&at(" => "/journaux/{journal}/crises/{crisis}",
        _ => return None,
    };
    answers.then(|| format!("{below}{route}"))
}

#[test]
fn no_page_is_left_out() {
    let mut found = Vec::new();
    routes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src"), &mut found);
    assert!(found.len() > 8, "the routes were found: {found:?}");
    let known = |route: &String| {
        PAGES.iter().any(|(page, _)| page == route) || NO_PAGE.contains(&route.as_str()) || IN_STORY.contains(&route.as_str())
    };
    let missing: Vec<_> = found.iter().filter(|route| !known(route)).collect();
    assert!(missing.is_empty(), "add to PAGES, or to NO_PAGE what is no page: {missing:?}");
    let made = |page: &&str| page.starts_with("/annuaire/");
    let stale: Vec<_> =
        PAGES.iter().map(|(page, _)| *page).filter(|page| !made(page) && found.iter().all(|r| r != page)).collect();
    assert!(stale.is_empty(), "no such route any more: {stale:?}");
}
