//! Style, script and fonts, served from the binary under names that hold their hash.

use crate::answer::Fault;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use journal::entry::sha256;
use maud::{Markup, html};
use std::sync::LazyLock;

const FOREVER: &str = "public, max-age=31536000, immutable";
/// The mark before the name, as a picture for the browser's tab.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M3.5 1.5h9v13h-9z\
    M8 5.5v5M5.5 8h5' fill='%23fff' stroke='%2314201b' stroke-width='1.4'/%3E%3C/svg%3E";

/// The one stylesheet, a file per room; the base first.
const STYLES: &[&str] = &[
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/wall.css"),
    include_str!("../assets/css/cells.css"),
    include_str!("../assets/css/situation.css"),
    include_str!("../assets/css/access.css"),
    include_str!("../assets/css/setup.css"),
    include_str!("../assets/css/shell.css"),
    include_str!("../assets/css/search.css"),
    include_str!("../assets/css/urgence.css"),
    include_str!("../assets/css/today.css"),
    include_str!("../assets/css/replay.css"),
    include_str!("../assets/css/register.css"),
    include_str!("../assets/css/legal.css"),
    include_str!("../assets/css/papers.css"),
    include_str!("../assets/css/archetype.css"),
    include_str!("../assets/css/bia.css"),
    include_str!("../assets/css/cartography.css"),
    include_str!("../assets/css/import.css"),
    include_str!("../assets/css/map.css"),
    include_str!("../assets/css/whatif.css"),
    include_str!("../assets/css/exercise.css"),
    include_str!("../assets/css/actions.css"),
    include_str!("../assets/css/report.css"),
    include_str!("../assets/css/conduct.css"),
    include_str!("../assets/css/campaign.css"),
];
/// The one script, a file per room.
const SCRIPTS: &[&str] = &[
    include_str!("../assets/js/room.js"),
    include_str!("../assets/js/clocks.js"),
    include_str!("../assets/js/board.js"),
    include_str!("../assets/js/lock.js"),
    include_str!("../assets/js/search.js"),
    include_str!("../assets/js/replay.js"),
    include_str!("../assets/js/papers.js"),
    include_str!("../assets/js/cartography.js"),
    include_str!("../assets/js/map.js"),
    include_str!("../assets/js/whatif.js"),
    include_str!("../assets/js/conduct.js"),
];

struct Asset {
    name: String,
    kind: &'static str,
    content: Vec<u8>,
}

struct Assets {
    style: Asset,
    script: Asset,
    fonts: [Asset; 2],
}

fn asset(stem: &str, extension: &str, kind: &'static str, content: Vec<u8>) -> Asset {
    let hash = sha256(&content).to_string();
    Asset { name: format!("{stem}.{}.{extension}", &hash[..12]), kind, content }
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let fonts = [
        asset("noto-sans", "ttf", "font/ttf", notosans::REGULAR_TTF.to_vec()),
        asset("noto-sans-bold", "ttf", "font/ttf", notosans::BOLD_TTF.to_vec()),
    ];
    let style = STYLES.concat();
    let style = style.replace("noto-sans.ttf", &fonts[0].name).replace("noto-sans-bold.ttf", &fonts[1].name);
    Assets {
        style: asset("planblanc", "css", "text/css; charset=utf-8", style.into_bytes()),
        script: asset("planblanc", "js", "text/javascript; charset=utf-8", SCRIPTS.concat().into_bytes()),
        fonts,
    }
});

/// The head of every page.
pub(crate) fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) " – Plan Blanc" }
            link rel="stylesheet" href={ "/actifs/" (ASSETS.style.name) };
            link rel="icon" href=(ICON);
            script src={ "/actifs/" (ASSETS.script.name) } defer {}
        }
    }
}

pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let Assets { style, script, fonts: [regular, bold] } = &*ASSETS;
    match [style, script, regular, bold].into_iter().find(|a| a.name == name) {
        Some(asset) => {
            ([(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, FOREVER)], asset.content.as_slice()).into_response()
        }
        None => Fault::not_found().into_response(),
    }
}
