//! The crisis room in real browsers: two people, a dead server, no script, an expired session, a phone.

mod support;

use serde_json::json;
use support::browser::{Driver, PATIENCE, count, picture, sees};
use support::{Place, Server, free_port, text};
use thirtyfour::prelude::*;

const LENOIR: &str = "C. Lenoir";
const MARCHAND: &str = "J. Marchand";

async fn enter(browser: &WebDriver, server: &Server, who: &str) -> WebDriverResult<()> {
    browser.goto(format!("{}/connexion", server.address)).await?;
    browser
        .query(By::XPath(format!("//button[contains(normalize-space(translate(., '\u{a0}', ' ')), '{who}')]")))
        .first()
        .await?
        .click()
        .await?;
    sees(browser, "Aujourd’hui").await;
    open_room(browser).await
}

/// Waits until the page's script answers to keys.
async fn awake(browser: &WebDriver) -> WebDriverResult<()> {
    let begun = std::time::Instant::now();
    let script = "const b = document.querySelector('[data-keys]'); return Boolean(b) && !b.hidden";
    while browser.execute(script, vec![]).await?.json().as_bool() != Some(true) {
        assert!(begun.elapsed() < PATIENCE, "the script never woke up");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn open_room(browser: &WebDriver) -> WebDriverResult<()> {
    let href = browser.query(By::Css("a[href*='/crises/']")).first().await?.prop("href").await?.unwrap_or_default();
    browser.goto(href).await?;
    sees(browser, "Main courante").await;
    Ok(())
}

async fn type_entry(browser: &WebDriver, words: &str) -> WebDriverResult<()> {
    awake(browser).await?;
    let field = browser.query(By::Css("textarea[name='text']")).first().await?;
    field.send_keys(words).await?;
    field.send_keys(Key::Enter).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_write_the_server_dies_and_nothing_is_lost_nor_doubled() -> WebDriverResult<()> {
    let (place, driver, port) = (Place::new(), Driver::start(), free_port());
    let server = place.demo(port);
    let (secretary, director) = (driver.browser(1440, 900).await?, driver.browser(1440, 900).await?);
    enter(&secretary, &server, LENOIR).await?;
    enter(&director, &server, MARCHAND).await?;
    picture(&secretary, "salle-de-crise").await;
    type_entry(&secretary, "Groupe électrogène essayé, autonomie trente heures").await?;
    sees(&director, "Groupe électrogène essayé").await;
    type_entry(&director, "/d Garder le groupe en marche @M. Tessier +2h").await?;
    sees(&secretary, "Garder le groupe en marche").await;
    assert_eq!(count(&secretary, "Garder le groupe en marche @").await, 0, "the command became an owner");
    server.kill();
    type_entry(&secretary, "Écrit pendant que le serveur est mort").await?;
    sees(&secretary, "en attente").await;
    picture(&secretary, "serveur-injoignable").await;
    let server = place.demo(port);
    sees(&director, "Écrit pendant que le serveur est mort").await;
    secretary.refresh().await?;
    sees(&secretary, "Écrit pendant que le serveur est mort").await;
    for words in ["Groupe électrogène essayé", "Écrit pendant que le serveur est mort"] {
        let log = director.query(By::Css("[data-live-key='log']")).first().await?.text().await?;
        assert_eq!(log.matches(words).count(), 1, "« {words} » once in:\n{log}");
    }
    secretary.quit().await?;
    director.quit().await?;
    let verified = place.on_data(&["verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified.stdout));
    drop(server);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_works_without_script() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let browser = driver.browser(1024, 768).await?;
    browser.cdp().send_raw("Emulation.setScriptExecutionDisabled", json!({"value": true})).await?;
    enter(&browser, &server, LENOIR).await?;
    let file = place.path("photo de l’écran.txt");
    std::fs::write(&file, "écran noir, texte en anglais").expect("a file");
    let details = browser.query(By::Css("form[enctype] details summary")).first().await?;
    details.click().await?;
    browser.query(By::Css("input[type='file']")).first().await?.send_keys(file.to_string_lossy()).await?;
    browser.query(By::Css("textarea[name='text']")).first().await?.send_keys("Photo prise sans script").await?;
    browser.query(By::XPath("//button[normalize-space()='Noter']")).first().await?.click().await?;
    sees(&browser, "Photo prise sans script").await;
    sees(&browser, "photo de l’écran.txt").await;
    let entry = browser
        .query(By::XPath("//*[starts-with(@id,'e-')][contains(., 'Photo prise sans script')]//a[contains(@href,'/entrees/')]"))
        .first()
        .await?;
    let href = entry.prop("href").await?.unwrap_or_default();
    browser.goto(href).await?;
    let field = browser.query(By::Css("form[action$='/corriger'] textarea")).first().await?;
    field.clear().await?;
    field.send_keys("Deux photos prises sans script").await?;
    browser.query(By::Css("form[action$='/corriger'] button")).first().await?.click().await?;
    sees(&browser, "Deux photos prises sans script").await;
    browser.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_session_keeps_what_was_typed() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let browser = driver.browser(1440, 900).await?;
    enter(&browser, &server, LENOIR).await?;
    browser.delete_all_cookies().await?;
    type_entry(&browser, "Tapé après la fin de la session").await?;
    sees(&browser, "Tapé après la fin de la session").await;
    enter(&browser, &server, LENOIR).await?;
    sees(&browser, "Tapé après la fin de la session").await;
    browser.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_keeps_the_entry_bar_in_reach() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let browser = driver.browser(500, 800).await?;
    let phone = json!({"width": 360, "height": 780, "deviceScaleFactor": 2, "mobile": true});
    browser.cdp().send_raw("Emulation.setDeviceMetricsOverride", phone).await?;
    enter(&browser, &server, MARCHAND).await?;
    picture(&browser, "telephone").await;
    let wide = browser.execute("return document.documentElement.scrollWidth > window.innerWidth", vec![]).await?;
    assert_eq!(wide.json().as_bool(), Some(false), "no sideways scrolling");
    let field = browser.query(By::Css("textarea[name='text']")).first().await?;
    assert!(field.is_displayed().await?);
    type_entry(&browser, "Vu depuis le téléphone").await?;
    browser.query(By::Css("label[for='volet-log']")).first().await?.click().await?;
    sees(&browser, "Vu depuis le téléphone").await;
    browser.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_laptops_cut_off_from_each_other_meet_again_by_file() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let (backup, laptop, file) = (place.path("sauvegarde"), place.path("portable"), place.path("entrees.planblanc"));
    let path = |path: &std::path::Path| path.to_str().expect("plain path").to_owned();
    assert!(place.on_data(&["backup", "--out", &path(&backup)]).status.success());
    assert!(place.run(&["restore", "--from", &path(&backup), "--data", &path(&laptop)]).status.success());
    let other = Server::start(&place, &laptop, 0);
    let browser = driver.browser(1440, 900).await?;
    enter(&browser, &other, MARCHAND).await?;
    type_entry(&browser, "Écrit sur le portable coupé du réseau").await?;
    sees(&browser, "Écrit sur le portable coupé du réseau").await;
    enter(&browser, &server, LENOIR).await?;
    type_entry(&browser, "Écrit ici pendant ce temps").await?;
    sees(&browser, "Écrit ici pendant ce temps").await;
    assert!(place.run(&["export", "--data", &path(&laptop), "--out", &path(&file)]).status.success());
    for (button, told) in [("Examiner sans rien prendre", "À prendre : 2"), ("Prendre les entrées", "Prises : 2")] {
        browser.goto(format!("{}/journal", server.address)).await?;
        browser.query(By::Css("input[name='fichier']")).first().await?.send_keys(path(&file)).await?;
        browser.query(By::XPath(format!("//button[contains(., '{button}')]"))).first().await?.click().await?;
        sees(&browser, told).await;
    }
    picture(&browser, "deux-postes").await;
    browser.goto(format!("{}/", server.address)).await?;
    open_room(&browser).await?;
    sees(&browser, "Écrit sur le portable coupé du réseau").await;
    sees(&browser, "Écrit ici pendant ce temps").await;
    browser.quit().await?;
    let verified = place.on_data(&["verify", "--against", &path(&file)]);
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified.stdout));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_should_never_have_been_written_goes_when_two_people_say_so() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let browser = driver.browser(1440, 900).await?;
    enter(&browser, &server, "M. Tessier").await?;
    type_entry(&browser, "Madame Durand-Essai transférée en chambre douze").await?;
    sees(&browser, "Durand-Essai").await;
    let line = "//*[starts-with(@id,'e-')][contains(., 'Durand-Essai')]//a[contains(@href,'/entrees/')]";
    let href = browser.query(By::XPath(line)).first().await?.prop("href").await?.unwrap_or_default();
    browser.goto(&href).await?;
    browser.query(By::Css("form#effacer input[name='reason']")).first().await?.send_keys("identité d’une patiente").await?;
    browser.query(By::Css("form#effacer button")).first().await?.click().await?;
    // Words that only the page after the request has.
    sees(&browser, "l’a demandé le").await;
    enter(&browser, &server, MARCHAND).await?;
    browser.goto(&href).await?;
    sees(&browser, "identité d’une patiente").await;
    picture(&browser, "effacement").await;
    browser.query(By::Css("form#effacer button")).first().await?.click().await?;
    sees(&browser, "Le texte a été effacé").await;
    assert_eq!(count(&browser, "Durand-Essai").await, 0);
    browser.quit().await?;
    let stored = std::fs::read(place.data().join("journal.db")).expect("readable");
    assert!(!stored.windows(12).any(|w| w == b"Durand-Essai"), "gone from the disk");
    let verified = place.on_data(&["verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified.stdout));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_is_enough() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server = place.demo(0);
    let browser = driver.browser(1440, 900).await?;
    enter(&browser, &server, LENOIR).await?;
    awake(&browser).await?;
    browser.action_chain().send_keys("n").perform().await?;
    let focused = browser.active_element().await?.attr("name").await?;
    assert_eq!(focused.as_deref(), Some("text"), "« n » goes to the entry box");
    browser.action_chain().key_down(Key::Alt).send_keys("q").key_up(Key::Alt).perform().await?;
    browser
        .action_chain()
        .send_keys("Qui tient le standard cette nuit")
        .send_keys(Key::Enter.value().to_string())
        .perform()
        .await?;
    sees(&browser, "Qui tient le standard cette nuit").await;
    // Read in one go: the line on its way is replaced by the recorded one at any moment.
    let script = "return [...document.querySelectorAll(\"li[id^='e-']\")].map((line) => line.textContent).filter((text) => text.includes('Qui tient le standard cette nuit'))";
    let begun = std::time::Instant::now();
    let line = loop {
        let lines = browser.execute(script, vec![]).await?.json().to_string();
        if lines != "[]" || begun.elapsed() > PATIENCE {
            break lines;
        }
    };
    assert!(line.contains("question"), "Alt+Q makes a question: {line}");
    browser.action_chain().send_keys(Key::Escape.value().to_string()).send_keys("?").perform().await?;
    sees(&browser, "Alt").await;
    picture(&browser, "touches").await;
    browser.quit().await
}
