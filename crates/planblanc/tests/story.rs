//! A crisis from doubt to closure, played by two people at their desks and one on a phone; and a carer alone at night.
#![allow(clippy::cognitive_complexity, reason = "a story is told from its beginning to its end")]

mod support;

use serde_json::json;
use support::Place;
use support::browser::{Driver, PATIENCE, picture, sees};
use thirtyfour::prelude::*;

const DIRECTOR: &str = "H. Vidal";
const SECRETARY: &str = "C. Ribot";
const NIGHT_NURSE: &str = "R. Petit";
const NIGHT_CARER: &str = "K. Diallo";

async fn enter(browser: &WebDriver, address: &str, who: &str) -> WebDriverResult<()> {
    browser.goto(format!("{address}/connexion")).await?;
    let button = format!("//button[contains(normalize-space(translate(., '\u{a0}', ' ')), '{who}')]");
    browser.query(By::XPath(button)).first().await?.click().await?;
    // Whoever is alone lands on « Urgence », the others on « Aujourd’hui ».
    browser.query(By::Css("body[data-actor]")).first().await?;
    Ok(())
}

/// As on a phone.
async fn phone(driver: &Driver) -> WebDriverResult<WebDriver> {
    let browser = driver.browser(500, 800).await?;
    let metrics = json!({"width": 360, "height": 780, "deviceScaleFactor": 2, "mobile": true});
    browser.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
    Ok(browser)
}

async fn fill(browser: &WebDriver, field: &str, words: &str) -> WebDriverResult<()> {
    let field = browser.query(By::Css(format!("main {field}"))).first().await?;
    field.clear().await?;
    field.send_keys(words).await
}

async fn press(browser: &WebDriver, label: &str) -> WebDriverResult<()> {
    let button = format!("//main//button[contains(normalize-space(translate(., '\u{a0}', ' ')), '{label}')]");
    let button = browser.query(By::XPath(button)).first().await?;
    button.scroll_into_view().await?;
    button.click().await
}

/// Chooses what a label says, as a finger would.
async fn choose(browser: &WebDriver, field: &str) -> WebDriverResult<()> {
    let script = format!("const e = document.querySelector(\"main {field}\"); (e.labels[0] || e).click()");
    browser.execute(script, vec![]).await?;
    Ok(())
}

async fn follow(browser: &WebDriver, css: &str) -> WebDriverResult<()> {
    let href = browser.query(By::Css(css)).first().await?.prop("href").await?.unwrap_or_default();
    browser.goto(href).await
}

/// Types a line of the log once the script is awake, and waits until it is recorded.
async fn note(browser: &WebDriver, typed: &str, seen: &str) -> WebDriverResult<()> {
    let begun = std::time::Instant::now();
    let awake = "const b = document.querySelector('[data-keys]'); return Boolean(b) && !b.hidden";
    while browser.execute(awake, vec![]).await?.json().as_bool() != Some(true) {
        assert!(begun.elapsed() < PATIENCE, "the script never woke up");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let field = browser.query(By::Css("textarea[name='text']")).first().await?;
    field.send_keys(typed).await?;
    field.send_keys(Key::Enter).await?;
    let recorded = format!(
        "return [...document.querySelectorAll(\"li[id^='e-']\")].some((line) => line.textContent.replace(/[\\u00a0\\u202f]/g, ' ').includes('{seen}'))"
    );
    while browser.execute(recorded.clone(), vec![]).await?.json().as_bool() != Some(true) {
        assert!(begun.elapsed() < PATIENCE, "« {seen} » was never recorded");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn open_room(browser: &WebDriver, room: &str) -> WebDriverResult<()> {
    browser.goto(room).await?;
    sees(browser, "Main courante").await;
    Ok(())
}

/// Doubt, then alert; a cell; a decision and its action.
async fn begin(director: &WebDriver, phone: &WebDriver, secretary: &WebDriver, address: &str) -> WebDriverResult<String> {
    director.goto(format!("{address}/crises/nouvelle")).await?;
    fill(director, "input[name='title']", "Écrans noirs").await?;
    picture(director, "ouvrir-une-crise").await;
    press(director, "Ouvrir").await?;
    sees(director, "Main courante").await;
    let url = director.current_url().await?;
    let room = format!("{}{}", url.origin().ascii_serialization(), url.path());
    open_room(phone, &room).await?;
    sees(phone, "doute").await;
    note(phone, "Écrans noirs aux trois étages", "Écrans noirs aux trois étages").await?;
    sees(director, "Écrans noirs aux trois étages").await;
    director.goto(format!("{room}/cadre")).await?;
    director.query(By::Css("select[name='level'] option[value='alert']")).first().await?.click().await?;
    fill(director, "input[name='reason']", "Demande de rançon sur un écran").await?;
    press(director, "Enregistrer le cadre").await?;
    sees(director, "(alerte)").await;
    director.goto(format!("{room}/cellules")).await?;
    fill(director, "input[name='name']", "Cellule de direction").await?;
    fill(director, "input[name='next_at']", "+1h").await?;
    picture(director, "cellules").await;
    press(director, "Installer").await?;
    sees(director, "Cellule de direction").await;
    open_room(director, &room).await?;
    sees(director, "Cellule de direction").await;
    open_room(secretary, &room).await?;
    note(secretary, "/d Couper internet sur tout le site @D. Lopez +2h", "Couper internet sur tout le site").await?;
    sees(director, "Couper internet sur tout le site").await;
    follow(secretary, "li[id^='e-']:last-of-type a[href*='/entrees/']").await?;
    fill(secretary, "#nouvelle-action input[name='text']", "Débrancher le routeur").await?;
    fill(secretary, "#nouvelle-action input[name='owner']", "D. Lopez").await?;
    fill(secretary, "#nouvelle-action input[name='due_at']", "+30min").await?;
    picture(secretary, "decision").await;
    press(secretary, "Ajouter").await?;
    sees(secretary, "Débrancher le routeur").await;
    sees(director, "Débrancher le routeur").await;
    Ok(room)
}

/// An activity declared, a declaration made, the SAMU told, the room handed over.
async fn go_on(director: &WebDriver, phone: &WebDriver, secretary: &WebDriver, room: &str) -> WebDriverResult<()> {
    secretary.goto(format!("{room}/situation")).await?;
    follow(secretary, "main a[href*='/situation/']").await?;
    choose(secretary, "input[name='status'][value='degraded']").await?;
    fill(secretary, "textarea[name='note']", "Plans de soins sur papier").await?;
    picture(secretary, "declarer").await;
    press(secretary, "Déclarer").await?;
    sees(secretary, "Plans de soins sur papier").await;
    open_room(phone, room).await?;
    choose_pane(phone, "situation").await?;
    sees(phone, "Dégradé").await;
    picture(phone, "telephone-situation").await;
    secretary.goto(format!("{room}/echeances")).await?;
    picture(secretary, "echeances").await;
    secretary.goto(format!("{room}/echeances/cert_sante")).await?;
    sees(secretary, "CERT Santé").await;
    secretary.query(By::XPath("//main//summary[contains(., 'noter la preuve')]")).first().await?.click().await?;
    fill(secretary, "input[name='by']", DIRECTOR).await?;
    fill(secretary, "input[name='channel']", "portail").await?;
    fill(secretary, "input[name='reference']", "ESSAI-0042").await?;
    secretary.query(By::Css("form[action$='/cert_sante/clore'] button")).first().await?.click().await?;
    sees(secretary, "ESSAI-0042").await;
    director.goto(format!("{room}/points?modele=samu")).await?;
    sees(director, "SAMU").await;
    picture(director, "point-samu").await;
    press(director, "envoyé").await?;
    sees(director, "Dernier point").await;
    secretary.goto(format!("{room}/releve")).await?;
    fill(secretary, "input[name='to']", NIGHT_NURSE).await?;
    fill(secretary, "textarea[name='summary']", "Tout est sur papier, rappeler l’éditeur à 7 h").await?;
    picture(secretary, "releve").await;
    press(secretary, "Passer la relève").await?;
    sees(secretary, "rappeler l’éditeur").await;
    Ok(())
}

async fn choose_pane(browser: &WebDriver, pane: &str) -> WebDriverResult<()> {
    browser.query(By::Css(format!("label[for='volet-{pane}']"))).first().await?.click().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crisis_from_doubt_to_closure() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let address = &server.others[0];
    let (director, secretary) = (driver.browser(1440, 900).await?, driver.browser(1440, 900).await?);
    let phone = phone(&driver).await?;
    for (browser, who) in [(&director, DIRECTOR), (&secretary, SECRETARY), (&phone, NIGHT_NURSE)] {
        enter(browser, address, who).await?;
    }
    let room = begin(&director, &phone, &secretary, address).await?;
    let before = director.execute("return Date.now()", vec![]).await?.json().as_i64().unwrap_or_default();
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    go_on(&director, &phone, &secretary, &room).await?;
    open_room(&director, &room).await?;
    picture(&director, "salle-smr").await;
    director.goto(format!("{room}/situation?a={before}")).await?;
    sees(&director, "Revu").await;
    picture(&director, "revoir").await;
    let past = director.find(By::Tag("main")).await?.text().await?;
    assert!(!past.contains("Plans de soins sur papier"), "declared later:\n{past}");
    director.goto(format!("{room}/levee")).await?;
    fill(&director, "textarea[name='reason']", "Fausse alerte : panne de courant sur le réseau").await?;
    fill(&director, "textarea[name='remains']", "Recopier les plans de soins").await?;
    fill(&director, "input[name='decided_by']", DIRECTOR).await?;
    picture(&director, "levee").await;
    press(&director, "Lever la crise").await?;
    sees(&director, "levée").await;
    open_room(&phone, &room).await?;
    sees(&phone, "levée").await;
    note(&phone, "Noté après la levée", "Noté après la levée").await?;
    for browser in [director, secretary, phone] {
        browser.quit().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_carer_alone_at_night() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let browser = phone(&driver).await?;
    enter(&browser, &server.others[1], NIGHT_CARER).await?;
    browser.goto(format!("{}/urgence", server.others[1])).await?;
    sees(&browser, "Ça ne marche plus").await;
    picture(&browser, "urgence-ouvrir").await;
    press(&browser, "Ça ne marche plus").await?;
    sees(&browser, "Qui appeler").await;
    picture(&browser, "urgence").await;
    let wide = browser.execute("return document.documentElement.scrollWidth > window.innerWidth", vec![]).await?;
    assert_eq!(wide.json().as_bool(), Some(false), "no sideways scrolling");
    let call = browser.query(By::Css("a[href^='tel:']")).first().await?;
    assert!(call.rect().await?.height >= 44.0, "a finger can hit the number");
    press(&browser, "Appelé").await?;
    sees(&browser, "Appel").await;
    fill(&browser, "textarea[name='text']", "Chariot de médicaments ouvert à la clé").await?;
    press(&browser, "Noter").await?;
    sees(&browser, "Chariot de médicaments ouvert à la clé").await;
    press(&browser, "Fait").await?;
    sees(&browser, "Chariot de médicaments ouvert à la clé").await;
    picture(&browser, "urgence-en-cours").await;
    browser.quit().await
}
