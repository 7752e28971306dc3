//! The crisis room in real browsers: two people, a dead server, no script, an expired session, a phone.

mod support;

use serde_json::json;
use support::browser::{Driver, count, picture, sees};
use support::{Place, Server, free_port, text};
use thirtyfour::extensions::cdp::ChromeDevTools;
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

async fn open_room(browser: &WebDriver) -> WebDriverResult<()> {
    let href = browser.query(By::Css("a[href*='/crises/']")).first().await?.prop("href").await?.unwrap_or_default();
    browser.goto(href).await?;
    sees(browser, "Main courante").await;
    Ok(())
}

async fn type_entry(browser: &WebDriver, words: &str) -> WebDriverResult<()> {
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
    let tools = ChromeDevTools::new(browser.handle.clone());
    tools.execute_cdp_with_params("Emulation.setScriptExecutionDisabled", json!({"value": true})).await?;
    enter(&browser, &server, LENOIR).await?;
    let file = place.path("photo de l’écran.txt");
    std::fs::write(&file, "écran noir, texte en anglais").expect("a file");
    let details = browser.query(By::Css("form[enctype] details summary")).first().await?;
    details.click().await?;
    browser.query(By::Css("input[type='file']")).first().await?.send_keys(file.to_string_lossy()).await?;
    browser.query(By::Css("textarea[name='text']")).first().await?.send_keys("Photo prise sans script").await?;
    browser.query(By::Css("form[enctype] button[type='submit']")).first().await?.click().await?;
    sees(&browser, "Photo prise sans script").await;
    sees(&browser, "photo de l’écran.txt").await;
    let entry = browser
        .query(By::XPath("//*[contains(@class,'e')][contains(., 'Photo prise sans script')]//a[contains(@href,'/entrees/')]"))
        .first()
        .await?;
    let href = entry.prop("href").await?.unwrap_or_default();
    browser.goto(href).await?;
    let field = browser.query(By::Css("form[action$='/corriger'] textarea")).first().await?;
    field.clear().await?;
    field.send_keys("Deux photos prises sans script").await?;
    browser.query(By::Css("form[action$='/corriger'] button[type='submit']")).first().await?.click().await?;
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
    let tools = ChromeDevTools::new(browser.handle.clone());
    let phone = json!({"width": 360, "height": 780, "deviceScaleFactor": 2, "mobile": true});
    tools.execute_cdp_with_params("Emulation.setDeviceMetricsOverride", phone).await?;
    enter(&browser, &server, MARCHAND).await?;
    picture(&browser, "telephone").await;
    let wide = browser.execute("return document.documentElement.scrollWidth > window.innerWidth", vec![]).await?;
    assert_eq!(wide.json().as_bool(), Some(false), "no sideways scrolling");
    let field = browser.query(By::Css("textarea[name='text']")).first().await?;
    assert!(field.is_displayed().await?);
    type_entry(&browser, "Vu depuis le téléphone").await?;
    sees(&browser, "Vu depuis le téléphone").await;
    browser.quit().await
}
