//! Live updates, and a server that stops when asked.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::body::Body;
use axum::http::Method;
use common::*;
use domain::crisis::event::EntryType;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::StreamExt;

const SOON: Duration = Duration::from_secs(5);

/// Reads a stream of events until one begins with these words.
async fn until(
    stream: &mut (impl tokio_stream::Stream<Item = Result<axum::body::Bytes, axum::Error>> + Unpin),
    words: &str,
) -> String {
    let mut seen = String::new();
    while !seen.contains(words) {
        let chunk = tokio::time::timeout(SOON, stream.next()).await.unwrap_or_else(|_| panic!("no {words} after {seen}"));
        seen.push_str(std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap());
    }
    seen
}

#[tokio::test]
async fn a_change_and_those_present_are_told() {
    let house = House::new();
    let (lenoir, marchand) = (house.enter(LENOIR).await, house.enter(MARCHAND).await);
    let open = async |cookie: &str| {
        let response = house.raw(request(Method::GET, "/direct", cookie).body(Body::empty()).unwrap()).await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        response.into_body().into_data_stream()
    };
    let mut first = open(&lenoir).await;
    until(&mut first, "\"people\":1").await;
    let version = house.ledger.view().version;
    house.log(EntryType::Fact, "Pharmacie ouverte");
    until(&mut first, &format!("event: change\ndata: {}", version + 1)).await;
    let fragment = house.get(&format!("{}?fragment=log,comptes", house.room()), &lenoir).await;
    assert!(fragment.text.starts_with("<div id=\"log\" data-live-key=\"log\"") && fragment.text.contains("Pharmacie ouverte"));
    assert!(fragment.text.contains("data-live-key=\"n-log\">1 entrée<"));
    let second = open(&marchand).await;
    let told = until(&mut first, "\"people\":2").await;
    assert!(told.contains("C. Lenoir, J. Marchand"), "{told}");
    drop(second);
    until(&mut first, "\"people\":1").await;
}

#[tokio::test]
async fn regions_follow_the_state_at_once() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    for n in 0..3 {
        house.log(EntryType::Fact, &format!("fait numéro {n}"));
        let log = house.get(&format!("{}?fragment=log", house.room()), &cookie).await;
        assert!(log.text.contains(&format!("fait numéro {n}")), "{n}");
    }
    let observer = house.enter(MOREAU).await;
    house.log(EntryType::Action, "Couper");
    let may = house.get(&format!("{}?fragment=afaire", house.room()), &cookie).await;
    let may_not = house.get(&format!("{}?fragment=afaire", house.room()), &observer).await;
    assert!(
        may.text.contains("<form") && !may_not.text.contains("<form"),
        "what is kept for one audience is not shown to another"
    );
}

#[tokio::test]
async fn the_server_stops_within_two_seconds_with_streams_open() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, asked) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(web::serve(listener, house.app.clone(), async {
        asked.await.ok();
    }));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET /direct HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut seen = vec![0; 4096];
    let read = stream.read(&mut seen).await.unwrap();
    assert!(seen[..read].starts_with(b"HTTP/1.1 200"));
    // Another connection that says nothing at all must not hold the server either.
    let _idle = TcpStream::connect(address).await.unwrap();
    let start = Instant::now();
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}
