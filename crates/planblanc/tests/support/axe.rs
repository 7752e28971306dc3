//! axe-core in a real browser: what keeps people with disabilities out of a page.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use thirtyfour::prelude::*;

/// Where axe-core's script is; `cargo xtask test` fetches it and sets this.
const AXE: &str = "PLANBLANC_AXE";
/// Leaves these tests out where npm cannot be had. Nothing else does.
const WITHOUT: &str = "PLANBLANC_WITHOUT_AXE";

/// A way of looking at a page: width and height in pixels, colours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) colours: &'static str,
}

/// The looks every page is checked in.
pub(crate) const LOOKS: [Look; 4] = [
    Look { width: 1440, height: 900, colours: "light" },
    Look { width: 1440, height: 900, colours: "dark" },
    Look { width: 360, height: 780, colours: "light" },
    Look { width: 360, height: 780, colours: "dark" },
];

/// The script, or `None` where somebody chose to do without.
pub(crate) fn script() -> Option<String> {
    if std::env::var_os(WITHOUT).is_some() {
        println!("{WITHOUT} is set: no page was checked by axe-core.");
        return None;
    }
    let path = std::env::var_os(AXE).map(PathBuf::from).or_else(fetched);
    let path =
        path.unwrap_or_else(|| panic!("axe-core is missing: `cargo xtask test` fetches it (npm); {WITHOUT}=1 does without"));
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// What an earlier `cargo xtask test` fetched, beside what cargo builds.
fn fetched() -> Option<PathBuf> {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
    let mut found: Vec<PathBuf> = std::fs::read_dir(built).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("axe-core-")));
    found.sort();
    found.into_iter().map(|place| place.join("node_modules/axe-core/axe.min.js")).rfind(|script| script.is_file())
}

/// Sets how the page is looked at.
pub(crate) async fn look(browser: &WebDriver, look: Look) -> WebDriverResult<()> {
    let Look { width, height, colours } = look;
    let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
    browser.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    let media = json!({"features": [{"name": "prefers-color-scheme", "value": colours}]});
    browser.cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
    let dark = browser.execute("return matchMedia('(prefers-color-scheme: dark)').matches", vec![]).await?;
    assert_eq!(dark.json().as_bool(), Some(colours == "dark"), "the browser shows the colours asked for");
    Ok(())
}

const RUN: &str = "
    const done = arguments[0];
    for (const details of document.querySelectorAll('main details')) details.open = true;
    axe.run(document, { resultTypes: ['violations'] }).then(
      (result) => done(result.violations.map((v) => ({
        id: v.id, help: v.help,
        nodes: v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')}  ${n.html.slice(0, 160)}  ${(n.any[0] || n.all[0] || n.none[0] || {}).message || ''}`),
        count: v.nodes.length,
      }))),
      (error) => done([{ id: 'axe', help: String(error), nodes: [], count: 0 }]));";

/// What axe says is wrong with the page as it is looked at now, one line each.
pub(crate) async fn violations(browser: &WebDriver, script: &str) -> WebDriverResult<Vec<String>> {
    let known = browser.execute("return typeof axe", vec![]).await?;
    if known.json().as_str() != Some("object") {
        browser.execute(script, vec![]).await?;
    }
    let found = browser.execute_async(RUN, vec![]).await?;
    let Value::Array(found) = found.json() else { panic!("axe answered {}", found.json()) };
    Ok(found.iter().map(told).collect())
}

fn told(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    format!("{}: {} ({})\n      {}", violation["id"], violation["help"], violation["count"], nodes.join("\n      "))
}
