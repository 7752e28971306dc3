//! The map as its users live it: a file of the parc comes in, is drawn, answers « et si ? », and feeds the board of a crisis.
#![allow(clippy::cognitive_complexity, reason = "a story is told from its beginning to its end")]

mod support;

use support::Place;
use support::browser::{Driver, picture, sees};
use thirtyfour::prelude::*;

const OFFICER: &str = "M. Tessier";
const FILE: &str = "Nom;Type;A besoin de;DMIA\n\
    Serveur des urgences;serveur logique;Annuaire des comptes (AD);4 h\n\
    Tableau des urgences;application;Serveur des urgences;2 h\n\
    ;application;;\n";

async fn enter(browser: &WebDriver, address: &str, who: &str) -> WebDriverResult<()> {
    browser.goto(format!("{address}/connexion")).await?;
    let button = format!("//button[contains(normalize-space(translate(., '\u{a0}', ' ')), '{who}')]");
    browser.query(By::XPath(button)).first().await?.click().await?;
    browser.query(By::Css("body[data-actor]")).first().await?;
    Ok(())
}

async fn press(browser: &WebDriver, label: &str) -> WebDriverResult<()> {
    let button = format!("//main//button[contains(normalize-space(translate(., '\u{a0}', ' ')), '{label}')]");
    let button = browser.query(By::XPath(button)).first().await?;
    button.scroll_into_view().await?;
    button.click().await
}

async fn follow(browser: &WebDriver, words: &str) -> WebDriverResult<()> {
    let link = format!("//main//a[contains(normalize-space(translate(., '\u{a0}', ' ')), '{words}')]");
    let href = browser.query(By::XPath(link)).first().await?.prop("href").await?.unwrap_or_default();
    browser.goto(href).await
}

/// A sheet with one bad row: its columns are shown, then what it would change, then the good rows are taken.
async fn bring(browser: &WebDriver, address: &str, place: &Place) -> WebDriverResult<()> {
    let file = place.path("parc.csv");
    std::fs::write(&file, FILE).expect("written");
    browser.goto(format!("{address}/carte/import")).await?;
    browser.query(By::Css("main input[type='file']")).first().await?.send_keys(file.to_string_lossy()).await?;
    press(browser, "Voir ce qui changerait").await?;
    sees(browser, "Que dit ce tableau").await;
    picture(browser, "carte-colonnes").await;
    press(browser, "Voir ce qui changerait").await?;
    sees(browser, "2 fiches à créer").await;
    sees(browser, "Le nom manque").await;
    picture(browser, "carte-essai").await;
    press(browser, "Prendre les bonnes lignes").await?;
    sees(browser, "2 fiches créées").await;
    Ok(())
}

/// It is drawn, and the loss of the directory explains why it falls.
async fn ask(browser: &WebDriver, address: &str) -> WebDriverResult<()> {
    browser.goto(format!("{address}/carte/plan")).await?;
    let drawn = "return [...document.querySelectorAll('main svg a')].map((a) => a.textContent).join('|')";
    let drawn = browser.execute(drawn, vec![]).await?;
    let drawn = drawn.json().as_str().unwrap_or_default().replace('\u{a0}', " ");
    assert!(drawn.contains("Tableau des urgences") && drawn.contains("Serveur des urgences"), "{drawn}");
    picture(browser, "carte-plan").await;
    browser.goto(format!("{address}/carte/et-si")).await?;
    browser.query(By::Css("main input[name='ajouter']")).first().await?.send_keys("Annuaire des comptes (AD)").await?;
    press(browser, "Voir").await?;
    sees(browser, "activités sur 21 sont touchées").await;
    sees(browser, "Biologie").await;
    follow(browser, "Biologie").await?;
    sees(browser, "Pourquoi").await;
    sees(browser, "Système du laboratoire").await;
    picture(browser, "carte-et-si").await;
    Ok(())
}

/// In the crisis, what is declared stopped proposes what falls with it.
async fn declare(browser: &WebDriver, address: &str) -> WebDriverResult<()> {
    browser.goto(format!("{address}/carte/activites?q=Serveur+des+urgences")).await?;
    follow(browser, "Serveur des urgences").await?;
    sees(browser, "Ce qui en a besoin").await;
    picture(browser, "carte-fiche").await;
    follow(browser, "voir ou déclarer son état").await?;
    sees(browser, "Ce qui tombe avec").await;
    let choose = "document.querySelector(\"main input[name='status'][value='stopped']\").click()";
    browser.execute(choose, vec![]).await?;
    press(browser, "Déclarer").await?;
    sees(browser, "D’après la carte").await;
    // The application that needs it is proposed as stopped; only a person declares it.
    let proposed = "const s = [...document.querySelectorAll('#entraine select')].find((s) => s.getAttribute('aria-label').startsWith('Tableau')); return s && s.value";
    assert_eq!(browser.execute(proposed, vec![]).await?.json().as_str(), Some("stopped"));
    picture(browser, "carte-entraine").await;
    press(browser, "Déclarer ce qui est choisi").await?;
    sees(browser, "Main courante").await;
    browser.goto(format!("{address}/recherche?q=Tableau+des+urgences")).await?;
    follow(browser, "Tableau des urgences").await?;
    sees(browser, "Entraînée par").await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_becomes_a_map_that_answers_and_feeds_the_board() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let browser = driver.browser(1440, 900).await?;
    enter(&browser, &server.address, OFFICER).await?;
    bring(&browser, &server.address, &place).await?;
    ask(&browser, &server.address).await?;
    declare(&browser, &server.address).await?;
    browser.quit().await
}
