//! Conducting an exercise: the console, the inbox, the grid, the comms check, the debrief, and the stop by real life.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use common::exercise::{EXERCISE, branch_of, close, open, plan};
use common::play::{Play, planned, stamp};
use common::{Answer, House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW, request};
use journal::JournalId;
use std::time::Duration;

#[tokio::test]
async fn everybody_is_called_then_reads_what_is_played() {
    let play = planned(House::founded(true)).await;
    let (runs, plays, watches) = (&play.runs, &play.plays, &play.watches);
    // Each is led to their page, and the establishment says that they may enter.
    let home = play.house.get("/", plays).await;
    assert!(home.shows("Exercice ouvert : Nuit blanche"), "{}", home.text);
    assert!(home.text.contains(&format!("href=\"{}/boite\"", play.below)));
    for (cookie, page) in [(runs, "/console"), (plays, "/boite"), (watches, "/grille")] {
        assert!(play.page("/", cookie).await.text.contains(&format!("class=\"btn\" href=\"{}{page}\"", play.below)), "{page}");
    }
    // The comms check, with where each one sits.
    play.acts("appel", plays, &[("note", "salle B12, poste 4512")]).await;
    play.acts("appel", plays, &[("note", "une seconde fois")]).await;
    let console = play.page("/console", runs).await;
    assert!(console.shows("Appel : 1 sur 3 ont répondu") && console.shows("salle B12, poste 4512"), "{}", console.text);
    assert!(!console.shows("une seconde fois"));
    assert!(play.page("/boite", plays).await.shows("L’exercice n’a pas commencé"));
    // DEBEX: the first inject is played, with the words of the establishment, and marked.
    play.clock("debut").await;
    play.played(1).await;
    let inbox = play.page("/boite", plays).await;
    assert!(inbox.shows("Un message à ouvrir.") && inbox.shows("EXERCICE"), "{}", inbox.text);
    assert!(inbox.shows("Hélios ne répond plus."));
    assert!(play.page("/annuaire", plays).await.text.contains("class=\"n\">1<"), "the count is on every page");
    // Nothing is recorded by looking: neither by the player's page nor by the facilitator's view of it.
    let before = play.entries().await;
    let message = play.page("/boite/1", plays).await;
    assert!(message.shows("Appel reçu de") && message.shows("« Hélios ne répond plus. »"), "{}", message.text);
    assert!(message.shows("Ouvrir une crise"));
    let seen = play.page("/console?stimulus=1&vue=direction", runs).await;
    assert!(seen.shows("Vue joueur") && seen.shows("lu 0/1") && seen.shows("Ton inquiet."), "{}", seen.text);
    assert_eq!(play.entries().await, before);
    // Read: once, however often the button is pressed.
    let fields = [("stimulus", "1"), ("request", &message.field("request"))];
    play.acts("lu", plays, &fields).await;
    play.acts("lu", plays, &fields).await;
    play.acts("lu", plays, &[("stimulus", "1")]).await;
    assert_eq!(play.entries().await, before + 1);
    assert!(play.page("/console?stimulus=1", runs).await.shows("lu par 1 sur 1"));
    assert!(play.page("/boite", plays).await.shows("Aucun message à ouvrir."));
}

#[tokio::test]
async fn reactions_and_judgements_stand_side_by_side_until_the_closing() {
    let play = planned(House::founded(true)).await;
    let (runs, plays, watches) = (&play.runs, &play.plays, &play.watches);
    play.clock("debut").await;
    play.played(1).await;
    // The player writes it where it counts: the form of the log is filled in.
    let room = play.opens_a_crisis().await;
    let message = play.page("/boite/1", plays).await;
    assert!(message.text.contains(&format!("action=\"{}{room}/entrees\"", play.below)), "{}", message.text);
    assert!(message.text.contains("SAMU : Stimulus 1."));
    // The journal shows the reaction, a facilitator says how it was, an observer judges: side by side.
    assert!(play.page("/console?stimulus=1", runs).await.shows("fait à la minute 0"));
    play.acts("reaction", runs, &[("stimulus", "1"), ("grade", "partly"), ("note", "tardif")]).await;
    play.acts("juger", watches, &[("criterion", "crise_ouverte"), ("grade", "unmet"), ("remark", "personne ne le dit")]).await;
    play.acts("juger", watches, &[("criterion", "crise_ouverte"), ("grade", "met"), ("remark", "dit à voix haute")]).await;
    play.acts(
        "remarque",
        watches,
        &[("tone", "positive"), ("text", "Le directeur reformule"), ("retour", "grille"), ("at", "14:20")],
    )
    .await;
    let grid = play.page("/grille", watches).await;
    assert!(grid.shows("Quelqu’un dit que Hélios est arrêté.") && grid.shows("1 critère jugé par vous sur 1"), "{}", grid.text);
    assert!(grid.shows("14:20 ") && grid.text.contains("dit à voix haute"));
    let console = play.page("/console?stimulus=1", runs).await;
    assert!(
        console.shows("▲ partiellement") && console.shows("tardif") && console.shows("Le directeur reformule"),
        "{}",
        console.text
    );
    // FINEX, only when it is meant; then the hot debrief, then the closing.
    let refused = play.act("horloge", runs, &[("geste", "fin")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let early = play.act("debriefing", plays, &[("q-tenu", "trop tôt")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    play.house.later(25 * MINUTE);
    play.played(3).await;
    play.clock("fin").await;
    play.acts("debriefing", plays, &[("q-tenu", "La main courante")]).await;
    assert!(play.page("/debriefing", runs).await.shows("La main courante"));
    assert!(!play.page("/debriefing", watches).await.shows("La main courante"), "one's own answers only");
    let console = play.page("/console", runs).await;
    let closing = format!("action=\"/journaux/{}/exercices/{EXERCISE}/clore\"", play.house.journal);
    assert!(console.text.contains(&closing), "closing is an act of the establishment: {}", console.text);
    close(&play.house, runs).await;
    let late = play.act("debriefing", plays, &[("q-tenu", "trop tard")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let console = play.page("/console", runs).await;
    assert!(console.text.contains(&format!("href=\"/exercices/{EXERCISE}/retex\"")), "{}", console.text);
    assert!(
        !console.text.contains("/exercice/jouer\"") && !console.text.contains("/exercice/remarque\""),
        "it is read, not written"
    );
}

#[tokio::test]
async fn the_establishments_journal_keeps_the_opening_and_the_closing_alone() {
    let house = House::founded(true);
    plan(&house);
    let before = house.ledger.view().entries;
    let runs = house.enter(MARCHAND).await;
    let below = open(&house, &runs).await;
    let play = Play { plays: house.enter(LENOIR).await, watches: String::new(), runs, below, house };
    play.clock("debut").await;
    play.played(1).await;
    play.opens_a_crisis().await;
    play.acts("lu", &play.plays, &[("stimulus", "1")]).await;
    play.clock("fin").await;
    close(&play.house, &play.runs).await;
    let view = play.house.ledger.view();
    assert_eq!(view.entries, before + 2);
    assert!(view.state.crises.is_empty());
    let kept = view.state.exercises.all.get(&EXERCISE).unwrap();
    assert!(kept.clock.began_at().is_none() && kept.injects.values().all(|p| p.fired.is_none() && p.read_by.is_empty()));
}

#[tokio::test]
async fn time_is_held_hurried_and_jumped_over() {
    let play = planned(House::founded(true)).await;
    let runs = &play.runs;
    play.clock("debut").await;
    play.played(1).await;
    play.clock("suspendre").await;
    play.clock("suspendre").await;
    play.house.later(20 * MINUTE);
    tokio::time::sleep(Duration::from_millis(700)).await;
    play.played(1).await;
    let console = play.page("/console", runs).await;
    assert!(console.shows("T+00:00:00") && console.shows("suspendu"), "{}", console.text);
    // Asked of the clock what makes no sense.
    for (fields, sentence) in [
        (vec![("geste", "sauter"), ("minute", "x"), ("sautes", "jouer")], "Écrivez une minute"),
        (vec![("geste", "sauter"), ("minute", "30")], "Dites ce que deviennent"),
        (vec![("geste", "sauter"), ("minute", "0"), ("sautes", "jouer")], "On ne saute qu’en avant"),
        (vec![("geste", "vitesse-9")], "La vitesse va de 1 à 8"),
        (vec![("geste", "danser")], "pas connu"),
    ] {
        let refused = play.act("horloge", runs, &fields).await;
        assert!(refused.status.is_client_error() && refused.shows(sentence), "{fields:?}: {} {}", refused.status, refused.text);
    }
    play.clock("reprendre").await;
    play.clock("vitesse-8").await;
    play.house.later(MINUTE);
    assert!(play.page("/console", runs).await.shows("T+00:08:00"));
    // A jump that leaves nothing unsaid: what it passes over is explicitly not played, in the same request.
    let jump = [("geste", "sauter"), ("minute", "30"), ("sautes", "ecarter")];
    play.acts("horloge", runs, &jump).await;
    play.acts("horloge", runs, &jump).await;
    let console = play.page("/console?tout=1&stimulus=3", runs).await;
    assert!(
        console.shows("T+00:30:00") && console.shows("2 écartés") && console.shows("sauté avec le temps"),
        "{}",
        console.text
    );
    tokio::time::sleep(Duration::from_millis(700)).await;
    play.played(1).await;
    // The other way: what it passes over is played at once.
    play.acts("horloge", runs, &[("geste", "sauter"), ("minute", "45"), ("sautes", "jouer")]).await;
    play.played(2).await;
}

#[tokio::test]
async fn injects_are_played_by_hand_moved_left_out_and_made_up() {
    let play = planned(House::founded(true)).await;
    let (runs, plays) = (&play.runs, &play.plays);
    let early = play.act("jouer", runs, &[("stimulus", "3")]).await;
    assert!(early.status == StatusCode::UNPROCESSABLE_ENTITY && early.shows("lancez DEBEX d’abord"), "{}", early.text);
    play.clock("debut").await;
    play.played(1).await;
    // Pressed twice, it is played once; by another form too.
    let before = play.entries().await;
    for request in ["00000000000000000000000000000001", "00000000000000000000000000000001", "00000000000000000000000000000002"] {
        play.acts("jouer", runs, &[("stimulus", "3"), ("request", request)]).await;
        play.house.later(10);
    }
    assert_eq!(play.entries().await, before + 1);
    play.played(2).await;
    let unknown = play.act("jouer", runs, &[("stimulus", "99")]).await;
    assert!(unknown.shows("n’existe pas dans cet exercice"), "{}", unknown.text);
    // Moved, never into the past.
    play.house.later(5 * MINUTE);
    play.acts("decaler", runs, &[("stimulus", "4"), ("de", "5")]).await;
    assert!(play.page("/console?stimulus=4", runs).await.shows("T+00:45"));
    // Back and forth: the page names each request by what it knows, so that the third is not taken for the first.
    for more in ["-5", "5"] {
        let console = play.page("/console?stimulus=4", runs).await;
        play.acts("decaler", runs, &[("stimulus", "4"), ("de", more), ("request", &stamp(&console, "decaler"))]).await;
    }
    assert!(play.page("/console?stimulus=4", runs).await.shows("d’abord à la minute 40"));
    let past = play.act("decaler", runs, &[("stimulus", "4"), ("minute", "2")]).await;
    assert!(past.status == StatusCode::UNPROCESSABLE_ENTITY && past.shows("La minute 2 est passée"), "{}", past.text);
    // Left out, and said why.
    play.acts("ecarter", runs, &[("stimulus", "4"), ("reason", "la cellule est débordée")]).await;
    let console = play.page("/console?stimulus=4&tout=1", runs).await;
    assert!(console.shows("écarté : la cellule est débordée"), "{}", console.text);
    // Made up on the fly: one number, one message, however often the button is pressed.
    let words =
        [("channel", "sms"), ("to", "direction"), ("from", "Préfecture"), ("title", "On arrive"), ("text", "Dans dix minutes.")];
    let first: Vec<_> = words.iter().copied().chain([("request", "00000000000000000000000000000003")]).collect();
    play.acts("volee", runs, &first).await;
    play.house.later(100);
    play.acts("volee", runs, &first).await;
    let inbox = play.page("/boite", plays).await;
    assert_eq!(inbox.text.matches("On arrive").count(), 1, "{}", inbox.text);
    assert!(play.page("/boite/F1", plays).await.shows("SMS de"));
    assert_eq!(play.get("/boite/F2", plays).await.status, StatusCode::NOT_FOUND);
    assert!(play.page("/console?tout=1", runs).await.shows("On arrive"), "it is in the chronogramme");
    let refused = play.act("volee", runs, &[("channel", "sms"), ("from", "X"), ("title", ""), ("text", "gardé")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(">gardé</textarea>"), "what was typed is given back");
}

#[tokio::test]
async fn a_missing_reaction_is_told_and_its_contingency_proposed() {
    let play = planned(House::founded(true)).await;
    play.clock("debut").await;
    play.played(1).await;
    let proposed = |page: &Answer| page.shows("à rattraper ?");
    assert!(!proposed(&play.page("/console", &play.runs).await));
    play.house.later(6 * MINUTE);
    let late = play.page("/console?stimulus=1", &play.runs).await;
    assert!(proposed(&late) && late.shows("réaction manquante") && late.shows("rattrape le 1"), "{}", late.text);
    play.acts("jouer", &play.runs, &[("stimulus", "1bis")]).await;
    play.played(2).await;
    assert!(!proposed(&play.page("/console", &play.runs).await), "it was played");
    assert!(play.page("/boite", &play.plays).await.shows("Stimulus 1bis"));
}

#[tokio::test]
async fn each_part_has_its_pages_and_knows_nothing_of_the_others() {
    let play = planned(House::founded(true)).await;
    play.clock("debut").await;
    play.played(1).await;
    play.house.later(11 * MINUTE);
    play.played(2).await;
    let pages = ["/console", "/boite", "/grille"];
    for (cookie, own) in
        [(&play.runs, vec!["/console", "/grille"]), (&play.plays, vec!["/boite"]), (&play.watches, vec!["/grille"])]
    {
        for page in pages {
            let wanted = if own.contains(&page) { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(play.get(page, cookie).await.status, wanted, "{page}");
        }
        for page in ["/briefing", "/appel", "/debriefing", "/arret"] {
            play.page(page, cookie).await;
        }
    }
    // In the establishment, none of them exists.
    for page in ["/console", "/boite", "/boite/1", "/grille", "/briefing", "/appel", "/debriefing", "/arret", "/horloge"] {
        assert_eq!(play.house.get(page, &play.runs).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    // A player: no act of the others, no message of another team, none before its time.
    for (act, fields) in [
        ("jouer", vec![("stimulus", "3")]),
        ("horloge", vec![("geste", "suspendre")]),
        ("volee", vec![("channel", "sms"), ("title", "x"), ("text", "x"), ("from", "x")]),
        ("juger", vec![("criterion", "crise_ouverte"), ("grade", "met")]),
        ("remarque", vec![("tone", "positive"), ("text", "x")]),
        ("reaction", vec![("stimulus", "1"), ("grade", "met")]),
    ] {
        assert_eq!(play.act(act, &play.plays, &fields).await.status, StatusCode::NOT_FOUND, "{act}");
    }
    for key in ["2", "3", "99", "1bis"] {
        assert_eq!(play.get(&format!("/boite/{key}"), &play.plays).await.status, StatusCode::NOT_FOUND, "{key}");
    }
    assert_eq!(play.act("jouer", &play.watches, &[("stimulus", "3")]).await.status, StatusCode::NOT_FOUND);
    // The briefing: each their own part, and no name of whoever watches.
    let briefing = play.page("/briefing", &play.plays).await;
    assert!(briefing.shows("samedi, Hélios répond mal") && briefing.shows("N’appelez que l’animateur"), "{}", briefing.text);
    assert!(!briefing.shows("Secret de l’animateur") && !briefing.shows("Silence de l’observateur") && !briefing.shows("Moreau"));
    assert!(play.page("/briefing", &play.watches).await.shows("Silence de l’observateur"));
    assert!(play.page("/briefing", &play.runs).await.shows("Secret de l’animateur"));
}

#[tokio::test]
async fn players_do_not_see_who_watches_them() {
    let play = planned(House::founded(true)).await;
    play.clock("debut").await;
    let room = play.opens_a_crisis().await;
    let mut streams = Vec::new();
    for cookie in [&play.watches, &play.runs, &play.plays] {
        let direct = request(Method::GET, &format!("{}/direct", play.below), cookie).body(Body::empty()).unwrap();
        streams.push(play.house.raw(direct).await);
    }
    let seen = play.page(&room, &play.plays).await;
    assert!(seen.shows("1 connecté") && !seen.shows("Moreau") && !seen.shows("Marchand"), "{}", seen.text);
    drop(streams);
}

#[tokio::test]
async fn another_exercises_address_and_another_journal_lead_nowhere() {
    let play = planned(House::founded(true)).await;
    play.clock("debut").await;
    let stray = JournalId([5; 16]);
    for wrong in [format!("/exercice/{stray}/console"), format!("/exercice/{}/console", play.house.journal)] {
        assert_eq!(play.house.get(&wrong, &play.runs).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let branch = branch_of(&play.house);
    for wrong in [
        format!("{}/journaux/{}/exercice/horloge", play.below, play.house.journal),
        format!("{}/journaux/{stray}/exercice/horloge", play.below),
        format!("/journaux/{branch}/exercice/horloge"),
        format!("/journaux/{}/exercice/horloge", play.house.journal),
        format!("{}/journaux/{branch}/exercice/inconnu", play.below),
    ] {
        let answer = play.house.form(&wrong, &play.runs, &[("geste", "suspendre")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert!(play.page("/console", &play.runs).await.shows("en marche"), "nothing was done");
    // A form begun by somebody else is not theirs.
    let other = play.act("horloge", &play.runs, &[("geste", "suspendre"), ("author", &LENOIR.to_string())]).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_huge_paste_is_refused_and_given_back() {
    let play = planned(House::founded(true)).await;
    play.clock("debut").await;
    play.played(1).await;
    let before = play.entries().await;
    let huge = "é".repeat(5 * 1024 * 1024);
    let fly = [("channel", "mail"), ("from", "X"), ("title", "X"), ("text", huge.as_str())];
    for (act, cookie, fields) in [
        ("volee", &play.runs, &fly[..]),
        ("remarque", &play.watches, &[("tone", "negative"), ("text", huge.as_str()), ("retour", "grille")][..]),
        ("arret", &play.plays, &[("reason", huge.as_str())][..]),
        ("appel", &play.plays, &[("note", huge.as_str())][..]),
    ] {
        let refused = play.act(act, cookie, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
        assert!(refused.text.contains(&huge[..1_000]), "{act}: what was typed is given back");
        assert!(refused.shows("caractères"), "{act}: it says why");
    }
    assert_eq!(play.entries().await, before);
}

#[tokio::test]
async fn a_real_emergency_stops_the_exercise_before_everybodys_eyes() {
    let play = planned(House::founded(true)).await;
    play.clock("debut").await;
    play.played(1).await;
    let empty = play.act("arret", &play.plays, &[("reason", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Any participant may; twice is once.
    play.acts("arret", &play.plays, &[("reason", "arrêt cardiaque, chambre 12")]).await;
    play.acts("arret", &play.watches, &[("reason", "arrêt cardiaque")]).await;
    for (cookie, page) in [
        (&play.runs, "/console"),
        (&play.plays, "/boite"),
        (&play.plays, "/annuaire"),
        (&play.watches, "/grille"),
        (&play.plays, "/"),
    ] {
        let red = play.page(page, cookie).await;
        assert!(
            red.shows("URGENCE RÉELLE : EXERCICE ARRÊTÉ") && red.shows("arrêt cardiaque, chambre 12"),
            "{page}: {}",
            red.text
        );
        assert!(red.text.contains("data-home href=\"/crises/nouvelle\""), "the way to real life");
    }
    // Pages that follow learn it too, and nothing is played any more.
    let told = play.page("/horloge", &play.plays).await.json();
    assert_eq!(told["stopped"], true);
    assert!(told["band"].as_str().unwrap().contains("chambre 12"));
    play.house.later(25 * MINUTE);
    tokio::time::sleep(Duration::from_millis(700)).await;
    play.played(1).await;
    let dead = play.act("jouer", &play.runs, &[("stimulus", "3")]).await;
    assert!(dead.shows("L’exercice est terminé"), "{}", dead.text);
    close(&play.house, &play.runs).await;
    assert!(play.house.ledger.view().state.exercises.all.get(&EXERCISE).unwrap().closed.as_ref().unwrap().what.results.stopped);
}

#[tokio::test]
async fn a_crisis_of_the_establishment_is_told_on_every_page_of_the_exercise() {
    let play = planned(House::new()).await;
    let room = play.house.room();
    for (cookie, page) in [(&play.runs, "/console"), (&play.plays, "/boite"), (&play.watches, "/annuaire")] {
        let seen = play.page(page, cookie).await;
        assert!(seen.shows("CRISE EN COURS HORS DE L’EXERCICE") && seen.shows("Rançongiciel"), "{page}: {}", seen.text);
        assert!(seen.text.contains(&format!("data-home href=\"{room}\"")), "the way to it stays out of the exercise");
    }
    // In the establishment, its own crisis comes first.
    let home = play.house.get("/", &play.plays).await.words();
    assert!(home.find("Rançongiciel").unwrap() < home.find("Exercice ouvert").unwrap());
}

#[tokio::test]
async fn a_restart_in_the_middle_resumes_on_time() {
    let play = planned(House::founded(true)).await;
    play.clock("debut").await;
    play.played(1).await;
    play.house.later(4 * MINUTE);
    play.clock("suspendre").await;
    let Play { house, below, .. } = play;
    let House { dir, ledger, app, clock, .. } = house;
    drop((ledger, app));
    tokio::time::sleep(Duration::from_millis(300)).await;
    clock.fetch_add(60 * MINUTE, std::sync::atomic::Ordering::SeqCst);
    let house = House::open(dir, clock, true);
    let (runs, plays, watches) = (house.enter(MARCHAND).await, house.enter(LENOIR).await, house.enter(MOREAU).await);
    let play = Play { house, below, runs, plays, watches };
    // Held while it was away, and still held.
    let console = play.page("/console", &play.runs).await;
    assert!(console.shows("T+00:04:00") && console.shows("suspendu"), "{}", console.text);
    play.clock("reprendre").await;
    play.house.later(5 * MINUTE);
    tokio::time::sleep(Duration::from_millis(700)).await;
    play.played(1).await;
    play.house.later(MINUTE);
    play.played(2).await;
    assert!(play.page("/console", &play.runs).await.shows("T+00:10:00"));
    assert!(play.house.clock.load(std::sync::atomic::Ordering::SeqCst) > NOW);
}
