//! Replay: any page as it was at a chosen minute. `?a=2026-11-21T14:30` (the establishment's clock) or `?a=` and
//! milliseconds since 1970; who may look is judged now.

mod bar;
mod links;

pub(crate) use bar::show as bar;
pub(crate) use links::keep_moment;

use crate::answer::{Fault, bare, wants_json};
use crate::app::Shared;
use crate::local::Local;
use crate::session::{Visitor, on_disk};
use crate::typography::fr;
use axum::extract::{Query, Request};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::State;
use maud::html;
use std::sync::Arc;
use store::past::Past;
use store::{StoreError, View};

const MINUTE_MS: i64 = 60_000;
/// The word of an address that says which moment.
const PARAMETER: &str = "a";

/// A moment being seen again. Times are milliseconds since 1970.
pub(crate) struct Replayed {
    /// The moment: what was written here by then is seen.
    pub(crate) at: i64,
    /// The moment as an address says it.
    address: String,
    /// Path of the page, and what its address asks besides the moment.
    path: String,
    asked: Vec<(String, String)>,
    /// When the first entry was written; those before and after the last one seen.
    first: i64,
    before: Option<i64>,
    after: Option<i64>,
    /// Now.
    now: i64,
    /// What is known now: it says who somebody is.
    pub(crate) present: Arc<View<State>>,
}

impl Replayed {
    /// The moment, as addresses say it.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The same page now.
    fn page_now(&self) -> String {
        let query = query(&self.asked);
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// The same page at another moment.
    fn page_at(&self, moment: &str) -> String {
        let query = query(&self.asked);
        let and = if query.is_empty() { "" } else { "&" };
        format!("{}?{query}{and}{PARAMETER}={moment}", self.path)
    }
}

fn query(pairs: &[(String, String)]) -> String {
    let pair = |(name, value): &(String, String)| format!("{}={}", crate::session::percent(name), crate::session::percent(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// The moment an address asks for, and the rest of its query.
fn asked(uri: &Uri) -> Option<(String, Vec<(String, String)>)> {
    let Query(mut pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let at = pairs.iter().position(|(name, _)| name == PARAMETER)?;
    let (_, moment) = pairs.remove(at);
    pairs.retain(|(name, _)| name != PARAMETER);
    Some((moment, pairs))
}

/// The last millisecond of a moment's minute: what is noted at 14:30 is seen at 14:30.
fn minute_end(ms: i64) -> i64 {
    (ms - ms.rem_euclid(MINUTE_MS)).saturating_add(MINUTE_MS - 1)
}

/// A minute as an address says it: the local clock, or milliseconds in the hour that the clock shows twice.
pub(crate) fn minute_address(local: &Local, ms: i64) -> String {
    let shown = local.machine(ms);
    let twice = local.parse(&shown, ms, false).map(minute_end) != Some(minute_end(ms));
    if twice { minute_end(ms).to_string() } else { shown }
}

/// Where a page is seen again, from the present minute on.
pub(crate) fn link(visitor: &Visitor, path: &str) -> String {
    let local = Local::of(&visitor.view.state.register.time_zone);
    format!("{path}?{PARAMETER}={}", minute_address(&local, visitor.now))
}

/// Reads a moment: the end of a minute of the local clock, or milliseconds.
fn read(text: &str, local: &Local, now: i64) -> Result<i64, Fault> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let dated = text.contains('-').then(|| local.parse(text, now, false)).flatten();
    let at = if digits { text.parse().ok() } else { dated.map(minute_end) };
    let unread = "Ce moment n’est pas compris : écrivez-le comme 2026-11-21T14:30, à l’heure de l’établissement.";
    let at: i64 = at.ok_or_else(|| bad_moment(unread))?;
    match at {
        at if at > minute_end(now) => Err(bad_moment("Ce moment est encore à venir : choisissez-en un qui est passé.")),
        at => Ok(at.min(now)),
    }
}

fn bad_moment(sentence: &str) -> Fault {
    Fault::new(StatusCode::BAD_REQUEST, "bad_moment", sentence).about(PARAMETER)
}

/// Gives the visitor what was known at the moment their address asks for, if it asks for one.
///
/// # Errors
/// The answer that says why that moment cannot be seen.
pub(crate) async fn replayed(shared: &Shared, visitor: Visitor, uri: &Uri, program: bool) -> Result<Visitor, Response> {
    let Some((moment, others)) = asked(uri) else { return Ok(visitor) };
    let refuse = |fault: Fault| if program { fault.json() } else { refusal(&fault, uri, &others) };
    let local = Local::of(&visitor.view.state.register.time_zone);
    let at = read(&moment, &local, visitor.now).map_err(refuse)?;
    let past = past(shared, at).await.map_err(refuse)?;
    let Past { view, first, before, after } = past;
    let address = if at == minute_end(at) { minute_address(&local, at) } else { at.to_string() };
    let replayed = Replayed {
        at,
        address,
        path: uri.path().to_owned(),
        asked: others,
        first,
        before,
        after,
        now: visitor.now,
        present: visitor.view,
    };
    Ok(Visitor { view, now: at, replayed: Some(Arc::new(replayed)), ..visitor })
}

async fn past(shared: &Shared, at: i64) -> Result<Past<State>, Fault> {
    let busy = "Plusieurs moments passés sont déjà en cours de lecture : réessayez dans quelques secondes.";
    let _turn = shared.replays.try_acquire().map_err(|_| Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy", busy))?;
    on_disk(shared, move |shared| shared.ledger.past(at)).await.map_err(|error| match error {
        StoreError::BeforeAll => bad_moment("Rien n’était encore écrit à ce moment : choisissez-en un plus tardif."),
        error => Fault::from(&error),
    })
}

/// A refusal as a page, with the way back to now.
fn refusal(fault: &Fault, uri: &Uri, others: &[(String, String)]) -> Response {
    let query = query(others);
    let now = if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) };
    let body = html! {
        p.lead { (fr(&fault.sentence)) }
        p { a href=(now) { "Voir cette page maintenant" } " · " a href="/" { "Aller à Aujourd’hui" } }
    };
    (fault.status, bare("Moment introuvable", &body)).into_response()
}

/// What concerns every address with a moment: nothing is written there, and a page that did not exist yet says so.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let Some((_, others)) = asked(request.uri()) else { return next.run(request).await };
    let uri = request.uri().clone();
    let program = uri.path().starts_with("/api/") || wants_json(request.headers());
    if !request.method().is_safe() {
        let sentence = "Cette page montre un moment passé : rien ne s’y écrit. Revenez à maintenant, puis recommencez.";
        let fault = Fault::new(StatusCode::CONFLICT, "replayed", sentence);
        return if program { fault.json() } else { refusal(&fault, &uri, &others) };
    }
    let response = next.run(request).await;
    if program || response.status() != StatusCode::NOT_FOUND {
        return response;
    }
    let sentence = "À ce moment, cette page n’existait pas encore.";
    refusal(&Fault::new(StatusCode::NOT_FOUND, "not_found", sentence), &uri, &others)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday 21 November 2026, 14:32:10 in Paris (winter, UTC+1).
    const NOW: i64 = 1_795_267_930_000;

    #[test]
    fn a_moment_is_the_end_of_a_local_minute_or_milliseconds() {
        let paris = Local::of("Europe/Paris");
        let read = |text: &str| read(text, &paris, NOW).map_err(|fault| fault.sentence);
        assert_eq!(read("2026-11-21T14:30"), Ok(1_795_267_920_000 - 60_001));
        assert_eq!(read("1795267000123"), Ok(1_795_267_000_123));
        assert_eq!(read("2026-11-21T14:32"), Ok(NOW), "the present minute is not over");
        assert!(read("2026-11-21T14:33").unwrap_err().contains("encore à venir"));
        assert!(read("9999999999999999").unwrap_err().contains("encore à venir"));
        for text in
            ["", " ", "demain", "14:30", "-5", "2026-13-01T10:00", "2026-11-21", "2026-11-21T25:00", "99999999999999999999"]
        {
            assert!(read(text).unwrap_err().contains("n’est pas compris"), "{text}");
        }
    }

    #[test]
    fn every_minute_has_an_address_even_those_the_clock_shows_twice() {
        let paris = Local::of("Europe/Paris");
        // 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
        for minutes in -90..90 {
            let at = 1_792_890_000_000 + minutes * MINUTE_MS;
            assert_eq!(read(&minute_address(&paris, at), &paris, NOW).unwrap(), minute_end(at), "{minutes}");
        }
    }
}
