//! Real browsers, through chromedriver.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use thirtyfour::prelude::*;

/// How long a person would wait before saying that it does not work.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A chromedriver of its own, stopped when dropped.
pub(crate) struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    pub(crate) fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed: `cargo xtask test` installs it");
        let mut lines = BufReader::new(child.stdout.take().expect("output")).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        // Keeps reading, so that chromedriver never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url: format!("http://127.0.0.1:{}", port.expect("a port")) }
    }

    /// A browser window of a size, in pixels.
    pub(crate) async fn browser(&self, width: u32, height: u32) -> WebDriverResult<WebDriver> {
        let mut caps = DesiredCapabilities::chrome();
        for arg in [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=fr",
        ] {
            caps.add_arg(arg)?;
        }
        caps.add_arg(&format!("--window-size={width},{height}"))?;
        WebDriver::new(&self.url, caps).await
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the page's visible text holds something.
pub(crate) async fn sees(browser: &WebDriver, wanted: &str) {
    let begun = std::time::Instant::now();
    let mut last = String::new();
    while begun.elapsed() < PATIENCE {
        if let Ok(body) = browser.find(By::Tag("body")).await
            && let Ok(text) = body.text().await
        {
            last = text.replace(['\u{a0}', '\u{202f}'], " ");
            if last.contains(wanted) {
                return;
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("never saw « {wanted} » in:\n{last}");
}

/// How many times the page's visible text holds something.
pub(crate) async fn count(browser: &WebDriver, wanted: &str) -> usize {
    let text = browser.find(By::Tag("body")).await.expect("a body").text().await.expect("its text");
    text.replace(['\u{a0}', '\u{202f}'], " ").matches(wanted).count()
}

/// Keeps a picture for people to look at, where `PLANBLANC_SCREENSHOTS` names a folder.
pub(crate) async fn picture(browser: &WebDriver, name: &str) {
    if let Some(dir) = std::env::var_os("PLANBLANC_SCREENSHOTS") {
        let path = PathBuf::from(dir).join(format!("{name}.png"));
        browser.screenshot(&path).await.expect("a picture");
    }
}
