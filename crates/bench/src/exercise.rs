//! Exercises: twenty of them at once at their fastest, the injects of each on time; one followed live by its players.

use crate::figure::{Figure, percentile};
use crate::server::{self, Client, Running, request_id};
use crate::{Problem, cpu};
use serde_json::{Value, json};
use std::time::Duration;

/// Exercises played at once, and injects of each.
const EXERCISES: usize = 20;
const INJECTS: usize = 60;
/// Minutes of exercise time over which they are spread: a minute of the wall clock at speed 8.
const MINUTES: usize = 8;
const SPEED: i64 = 8;
/// DEBEX is given this long ahead, so that the first injects are awaited too (milliseconds).
const AHEAD_MS: i64 = 1_500;
/// Opening an exercise twenty times, and what is still to come after the last, seconds.
const SETTLES: Duration = Duration::from_secs(5);

/// One exercise under way.
struct Played {
    id: String,
    branch: String,
    prefix: String,
    debex: i64,
}

pub(crate) async fn run(print: impl Fn(Figure)) -> Result<(), Problem> {
    let dir = tempfile::tempdir()?;
    let (data, guard) = (dir.path().join("data"), dir.path().join("guard"));
    let binary = server::binary()?;
    drop(Running::start(&binary, &data, &guard)?);
    server::set_password(&binary, &data)?;
    let running = Running::start(&binary, &data, &guard)?;
    let client = Client::sign_in(&running.address).await?;
    let figure = |figure, value, unit, peer, peer_value| Figure { bench: "exercise", figure, value, unit, peer, peer_value };
    let mut all = Vec::new();
    for nth in 0..EXERCISES {
        all.push(open(&client, nth).await?);
    }
    let begun = cpu::seconds(running.pid())?;
    for played in &mut all {
        start(&client, played).await?;
    }
    let lasts = u64::try_from(MINUTES * 60 / usize::try_from(SPEED)?)?;
    tokio::time::sleep(Duration::from_secs(lasts) + SETTLES).await;
    let cpu_share = (cpu::seconds(running.pid())? - begun) / (lasts as f64) * 100.0;
    let mut late = Vec::new();
    for played in &all {
        late.extend(lateness(&client, played).await?);
    }
    if late.len() != EXERCISES * INJECTS {
        return Err(format!("{} injects were played, not {}", late.len(), EXERCISES * INJECTS).into());
    }
    print(figure("inject_late_p99_ms", percentile(&mut late, 0.99), "ms", "bound asked; OpenAEV: whole minutes", 250.0));
    print(figure("inject_late_max_ms", percentile(&mut late, 1.0), "ms", "bound asked for the p99", 250.0));
    print(figure("conduct_cpu_pct", cpu_share, "%", "one core", 100.0));
    Ok(())
}

fn post(client: &Client, path: &str) -> reqwest::RequestBuilder {
    client.http.post(format!("{}{path}", client.address)).header("cookie", &client.cookie)
}

/// Records events in a journal, through its API.
async fn record(client: &Client, prefix: &str, journal: &str, events: Vec<Value>) -> Result<(), Problem> {
    let body = json!({ "request": request_id(), "events": events });
    let answer = post(client, &format!("{prefix}/api/v1/journals/{journal}/requests")).json(&body).send().await?;
    let status = answer.status();
    if status.is_success() { Ok(()) } else { Err(format!("{status}: {}", answer.text().await?).into()) }
}

async fn state(client: &Client, prefix: &str, journal: &str, part: &str) -> Result<Value, Problem> {
    Ok(serde_json::from_str(&client.page(&format!("{prefix}/api/v1/journals/{journal}/state/{part}")).await?)?)
}

/// Somebody else, who plays.
async fn somebody(client: &Client) -> Result<(String, String), Problem> {
    let me: Value = serde_json::from_str(&client.page("/api/v1/sessions/current").await?)?;
    let me = me["actor"].as_str().ok_or("no session")?.to_owned();
    let register = state(client, "", &client.journal, "register").await?;
    let people = register["people"].as_object().ok_or("no people")?;
    let found = people.iter().find(|(id, person)| **id != me && person["role"] == "member");
    Ok((me, found.ok_or("nobody to play")?.0.clone()))
}

fn injects() -> Vec<Value> {
    let one = |nth: usize| {
        json!({ "key": (nth + 1).to_string(), "at": nth * MINUTES / INJECTS, "channel": "phone", "from": "SAMU",
            "title": format!("Stimulus {nth}"), "text": "Nous cherchons une place de réanimation.", "level": "beginner" })
    };
    (0..INJECTS).map(one).collect()
}

/// Plans an exercise and opens its branch.
async fn open(client: &Client, nth: usize) -> Result<Played, Problem> {
    let id = request_id();
    let (me, player) = somebody(client).await?;
    let scenario = json!({ "title": format!("Mesure {nth}"), "about": "", "origin": { "kit": "", "source": "", "edition": "", "status": "" },
        "minutes": 120, "briefing": "", "objectives": [], "phases": [], "criteria": [], "debrief": [], "facilitator": [], "player": [],
        "observer": [], "teams": [{ "key": "direction", "name": "Direction" }] });
    let planned = json!({ "kind": "exercise.planned", "subject": id, "body": { "scenario": scenario, "injects": injects() } });
    record(client, "", &client.journal, vec![planned]).await?;
    let set = json!({ "actor": player, "part": "player", "team": "direction" });
    record(client, "", &client.journal, vec![json!({ "kind": "exercise.participant_set", "subject": id, "body": set })]).await?;
    let opening = format!("/journaux/{}/exercices/{id}/ouvrir", client.journal);
    let answer = post(client, &opening)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("author={me}&during_crisis=1"))
        .send()
        .await?;
    let location = answer.headers().get("location").and_then(|l| l.to_str().ok()).unwrap_or_default().to_owned();
    let prefix = location.strip_suffix("/console").ok_or("the exercise did not open")?.to_owned();
    let branch = prefix.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(Played { id, branch, prefix, debex: 0 })
}

/// DEBEX, at the fastest.
async fn start(client: &Client, played: &mut Played) -> Result<(), Problem> {
    played.debex = crate::floor::now_ms() + AHEAD_MS;
    let clock =
        |act: Value| json!({ "kind": "exercise.clock_set", "subject": played.id, "body": { "act": act, "at": played.debex } });
    let (start, speed) = (clock(json!("start")), clock(json!({ "speed": SPEED })));
    record(client, &played.prefix, &played.branch, vec![start]).await?;
    record(client, &played.prefix, &played.branch, vec![speed]).await
}

/// How late each inject was recorded, milliseconds.
async fn lateness(client: &Client, played: &Played) -> Result<Vec<f64>, Problem> {
    let state = state(client, &played.prefix, &played.branch, "exercises").await?;
    let injects = state["all"][&played.id]["injects"].as_object().ok_or("no injects")?;
    let mut late = Vec::new();
    for (key, inject) in injects {
        let nth: usize = key.parse::<usize>()? - 1;
        let due = played.debex + i64::try_from(nth * MINUTES / INJECTS)? * 60_000 / SPEED;
        let wall = inject["fired"]["wall"].as_i64().ok_or_else(|| format!("inject {key} was not played"))?;
        late.push((wall - due) as f64);
    }
    Ok(late)
}
