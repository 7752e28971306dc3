//! The log side of a crisis: opening, decision tree, framing, lifting, paper, hand-over, printed pages.

mod common;

use axum::http::{StatusCode, header};
use common::{Answer, CRISIS, House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW};
use domain::Event;
use domain::crisis::event::{EntryType, Level, Logged, Reframed};

/// Sends a page's form: its stamps, then these fields.
async fn send(house: &House, cookie: &str, page: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    let shown = house.get(page, cookie).await;
    let (request, author) = (shown.field("request"), shown.field("author"));
    let mut all = vec![("request", request.as_str()), ("author", author.as_str())];
    let seen = shown.text.contains("name=\"supersedes\"").then(|| shown.field("supersedes"));
    all.extend(
        seen.iter().map(|ids| ("supersedes", ids.as_str())).filter(|_| fields.iter().all(|(name, _)| *name != "supersedes")),
    );
    all.extend(fields);
    house.form(act, cookie, &all).await
}

#[tokio::test]
async fn the_tree_leads_from_questions_to_an_open_crisis() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let first = house.get("/crises/panne-ou-attaque", &cookie).await;
    assert!(
        first.shows("Panne ou attaque ?") && first.shows("Je ne sais pas") && !first.text.contains("<form class=\"stacked\"")
    );
    let links = |page: &Answer| -> Vec<String> {
        page.text
            .split("href=\"")
            .skip(1)
            .filter_map(|s| s.split('"').next())
            .filter(|l| l.contains("?r="))
            .map(str::to_owned)
            .collect()
    };
    let mut page = first;
    let mut steps = 0;
    while !page.text.contains("name=\"reponses\"") {
        let unsure = links(&page).into_iter().find(|l| l.ends_with(".inconnu")).expect("an answer");
        page = house.get(&unsure.replace("&amp;", "&"), &cookie).await;
        steps += 1;
        assert!(steps < 20);
    }
    assert!(steps > 1 && page.shows("Vos réponses") && page.shows("Tout de suite"));
    let (request, journal, answers) = (page.field("request"), page.field("journal"), page.field("reponses"));
    let fields =
        [("request", &*request), ("journal", &*journal), ("reponses", &*answers), ("level", "alert"), ("title", "Écrans noirs")];
    for _ in 0..2 {
        assert_eq!(house.form("/crises/nouvelle", &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    }
    let view = house.ledger.view();
    assert_eq!(view.state.crises.len(), 1, "one crisis, however often it is sent");
    let crisis = view.state.latest_crisis().unwrap();
    assert!(crisis.log[0].words().unwrap().contains("Je ne sais pas."));
    let legal = &view.state.legal[&crisis.id];
    assert!(legal.clocks.contains_key("cert_sante") && legal.clocks.contains_key("cnil"));
    assert!(legal.clocks.values().all(|clock| clock.adopted.all().count() == 1), "one set of clocks");
    assert!(view.state.checklists[&crisis.id].lists.values().any(|list| list.words().function == "directeur_crise"));
}

#[tokio::test]
async fn an_observer_opens_nothing_and_a_tampered_address_asks_again() {
    let house = House::founded(true);
    let cookie = house.enter(MOREAU).await;
    let page = house.get("/crises/panne-ou-attaque?r=%3Cscript%3E.oui,x", &cookie).await;
    assert!(page.status.is_success() && page.shows("Question 1") && !page.text.contains("<script>.oui"));
    let journal = house.journal.to_string();
    let fields = [("journal", journal.as_str()), ("level", "crisis"), ("title", "Moi")];
    assert_eq!(house.form("/crises/nouvelle", &cookie, &fields).await.status, StatusCode::FORBIDDEN);
    assert!(house.ledger.view().state.crises.is_empty());
}

#[tokio::test]
async fn times_that_contradict_each_other_come_back_beside_their_field() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let fields =
        [("level", "doubt"), ("title", "=cmd|'x'"), ("occurred_at", "13:00"), ("known_at", "12:00"), ("detected_at", "13:30")];
    let journal = house.journal.to_string();
    let refused = house.form("/crises/nouvelle", &cookie, &[&fields[..], &[("journal", &journal)]].concat()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.shows("avant d’avoir commencé")
            && refused.text.contains("value=\"13:30\"")
            && refused.text.contains("value=\"12:00\"")
    );
}

#[tokio::test]
async fn the_level_is_raised_with_a_reason_and_the_history_stays() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let page = format!("{}/cadre", house.room());
    let fields = [("level", "alert"), ("title", "Rançongiciel"), ("occurred_at", "05:32"), ("known_at", "06:00"), ("reason", "")];
    let refused = send(&house, &cookie, &page, &page, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"06:00\"") && refused.text.contains("e-reason"));
    let mut right = fields;
    right[4].1 = "<script>alert(1)</script>";
    let stale = house.get(&page, &cookie).await.field("supersedes");
    assert_eq!(send(&house, &cookie, &page, &page, &right).await.status, StatusCode::SEE_OTHER);
    let shown = house.get(&page, &cookie).await;
    assert!(shown.text.contains("&lt;script&gt;") && !shown.text.contains("<script>alert") && shown.shows("ouverture"));
    let frame = house.ledger.view().state.crises[&CRISIS].frame().clone();
    assert_eq!((frame.level, frame.known_at), (Level::Alert, NOW - (8 * 60 + 32) * MINUTE));
    // Somebody else had the old frame before their eyes.
    let other = Reframed {
        title: "Rançongiciel".into(),
        level: Level::Doubt,
        occurred_at: frame.occurred_at,
        known_at: frame.known_at,
        reason: "Doute.".into(),
        supersedes: stale.split(',').map(|id| id.parse().unwrap()).collect(),
        ..Reframed::default()
    };
    house.write(MARCHAND, vec![Event::CrisisReframed(other)]);
    assert!(house.get(&page, &cookie).await.shows("conflit (2)"));
}

#[tokio::test]
async fn only_the_direction_lifts_and_the_log_goes_on() {
    let house = House::new();
    house.log(EntryType::Action, "Ressaisir les dossiers");
    let page = format!("{}/levee", house.room());
    let fields = [("reason", "Soins revenus."), ("remains", "Ressaisie."), ("decided_by", "J. Marchand")];
    let secretary = house.enter(LENOIR).await;
    assert!(house.get(&page, &secretary).await.shows("Seule la direction"));
    assert_eq!(house.form(&page, &secretary, &fields).await.status, StatusCode::FORBIDDEN);
    let direction = house.enter(MARCHAND).await;
    let summary = house.get(&page, &direction).await;
    assert!(summary.shows("Ressaisir les dossiers"), "what remains is listed before confirming");
    let empty = send(&house, &direction, &page, &page, &[("reason", "Fini."), ("remains", ""), ("decided_by", "M")]).await;
    assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.text.contains("Fini."));
    assert_eq!(send(&house, &direction, &page, &page, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(house.get("/", &direction).await.status.is_success());
    let entrees = format!("{}/entrees", house.room());
    assert_eq!(house.form(&entrees, &secretary, &[("text", "Encore une note")]).await.status, StatusCode::SEE_OTHER);
    assert!(house.get(&house.room(), &secretary).await.shows("après la levée"));
    let again = house.form(&page, &direction, &fields).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.shows("déjà levée"));
    let reopened = send(&house, &direction, &page, &format!("{}/rouvrir", house.room()), &[("reason", "Rechute.")]).await;
    assert_eq!(reopened.status, StatusCode::SEE_OTHER);
    assert!(house.ledger.view().state.crises[&CRISIS].lifted().is_none());
}

#[tokio::test]
async fn an_act_done_before_approval_is_confirmed_by_the_direction() {
    let house = House::new();
    let secretary = house.enter(LENOIR).await;
    let entrees = format!("{}/entrees", house.room());
    house.form(&entrees, &secretary, &[("text", "/c Internet coupé par l’astreinte")]).await;
    assert!(house.get(&house.room(), &secretary).await.shows("à confirmer"));
    let line = house.lines()[0].clone();
    assert_eq!((line.to_confirm, line.words()), (true, Some("Internet coupé par l’astreinte")));
    let confirm = format!("{entrees}/{}/confirmer", line.id);
    assert_eq!(house.form(&confirm, &secretary, &[]).await.status, StatusCode::FORBIDDEN);
    let direction = house.enter(MARCHAND).await;
    for _ in 0..2 {
        assert_eq!(house.form(&confirm, &direction, &[("from", "room")]).await.status, StatusCode::SEE_OTHER, "twice is once");
    }
    assert!(house.get(&house.room(), &secretary).await.shows("confirmé à"));
}

#[tokio::test]
async fn a_decision_shows_its_actions_and_its_review() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let entrees = format!("{}/entrees", house.room());
    house.form(&entrees, &cookie, &[("text", "/d Laboratoire en urgences seules"), ("review_at", "18:00")]).await;
    let decision = house.lines()[0].id;
    let page = format!("{entrees}/{decision}");
    assert!(house.get(&page, &cookie).await.shows("Aucune. Une action dit qui fait quoi"));
    let fields = [
        ("entry_type", "action"),
        ("carries_out", &*decision.to_string()),
        ("text", "Coursiers"),
        ("owner", "N. Aubry"),
        ("due_at", "+2h"),
    ];
    assert_eq!(house.form(&entrees, &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.shows("à revoir à 18:00") && room.shows("pour la décision de 14:32"), "{}", room.words());
    assert!(house.get(&page, &cookie).await.shows("Coursiers"));
    let misplaced = house.form(&entrees, &cookie, &[("text", "Un fait"), ("review_at", "18:00")]).await;
    assert!(misplaced.status == StatusCode::UNPROCESSABLE_ENTITY && misplaced.shows("Seule une décision se revoit"));
}

#[tokio::test]
async fn an_observer_calls_no_decision_and_another_journal_is_not_found_and_gives_the_text_back() {
    let house = House::new();
    let observer = house.enter(MOREAU).await;
    let entrees = format!("{}/entrees", house.room());
    let refused = house.form(&entrees, &observer, &[("text", "/d Tout couper")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let cookie = house.enter(LENOIR).await;
    let exercise = format!("/journaux/{}/crises/{CRISIS}/entrees", "0".repeat(32));
    let stale = house.form(&exercise, &cookie, &[("text", "<b>Ma note d’exercice</b>")]).await;
    assert_eq!(stale.status, StatusCode::NOT_FOUND);
    assert!(stale.text.contains("&lt;b&gt;Ma note d’exercice&lt;/b&gt;"), "the words are given back: {}", stale.text);
    let other = format!("/journaux/{}/crises/{}/papier", house.journal, "1".repeat(32));
    let lost = house.form(&other, &cookie, &[("text", "05:20 Page papier")]).await;
    assert!(lost.status == StatusCode::NOT_FOUND && lost.text.contains("05:20 Page papier"));
    for page in
        ["cadre", "levee", "papier", "releve", "point", "main-courante", "main-courante.csv", "echeances", "plainte", "gestes"]
    {
        let wrong = format!("/journaux/{}/crises/{CRISIS}/{page}", "0".repeat(32));
        assert_eq!(house.get(&wrong, &cookie).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    assert!(house.lines().is_empty());
}

#[tokio::test]
async fn two_hours_across_the_clock_change_are_two_hours() {
    // Sunday 28 March 2027, 01:30 in Paris: an hour later it is 03:30. Sunday 31 October 2027, 02:30 summer time: it is 02:30 twice.
    for (start, shown) in [(1_806_193_800_000, "04:30"), (1_824_942_600_000, "03:30")] {
        let house = House::new();
        house.later(start - NOW);
        let cookie = house.enter(LENOIR).await;
        house.form(&format!("{}/entrees", house.room()), &cookie, &[("text", "/a Relancer @lenoir +2h")]).await;
        assert_eq!(house.lines()[0].assigned().due_at, Some(start + 120 * MINUTE));
        assert!(house.get(&house.room(), &cookie).await.shows(&format!("avant {shown}")));
    }
}

#[tokio::test]
async fn a_paper_log_is_read_again_before_it_is_recorded() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let page = format!("{}/papier", house.room());
    let paper = "23:50 <script>x</script> écrans noirs @Perrin\n23:58 [d] Couper internet\n00:10 =cmd() relevé\nsans heure";
    let fields = [("day", "20/11"), ("writer", "L. Perrin"), ("text", paper)];
    let first = send(&house, &cookie, &page, &page, &fields).await;
    assert!(first.status.is_success() && first.shows("L’heure manque") && first.shows("21/11 à 00:10"));
    assert!(first.text.contains("sans heure") && !first.text.contains("<script>x"));
    let forced = send(&house, &cookie, &page, &page, &[&fields[..], &[("step", "record")]].concat()).await;
    assert!(
        forced.status == StatusCode::UNPROCESSABLE_ENTITY && forced.text.contains("23:58 [d] Couper internet"),
        "nothing is lost"
    );
    assert!(house.lines().is_empty(), "nor half-done");
    let good = paper.replace("\nsans heure", "");
    let shown = house.get(&page, &cookie).await;
    let request = shown.field("request");
    let record = [("request", &*request), ("day", "20/11"), ("writer", "L. Perrin"), ("text", &*good), ("step", "record")];
    for _ in 0..2 {
        assert_eq!(house.form(&page, &cookie, &record).await.status, StatusCode::SEE_OTHER);
    }
    let lines = house.lines();
    assert_eq!(lines.len(), 3, "sent twice, recorded once");
    assert!(
        lines
            .iter()
            .all(|line| line.from_paper && line.speaker.as_deref() == Some("Perrin")
                || line.speaker.as_deref() == Some("L. Perrin"))
    );
    assert!(house.get(&house.room(), &cookie).await.shows("repris du papier"));
}

#[tokio::test]
async fn ten_megabytes_of_paper_are_refused_with_a_sentence_and_given_back() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let page = format!("{}/papier", house.room());
    let paper = "05:20 Une ligne de papier assez longue pour peser\n".repeat(200_000);
    let refused = house.form(&page, &cookie, &[("day", "21/11"), ("text", &paper), ("step", "record")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.shows("Plus de 250 lignes") && refused.text.len() > paper.len());
    assert!(house.lines().is_empty());
}

#[tokio::test]
async fn the_log_is_filtered_by_words_incomplete_and_since_the_hand_over() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    house.log(EntryType::Fact, "Biologie arrêtée.");
    let releve = format!("{}/releve", house.room());
    let handed = [("to", "L. Perrin"), ("summary", "Biologie arrêtée <b>.")];
    assert_eq!(send(&house, &cookie, &releve, &releve, &handed).await.status, StatusCode::SEE_OTHER);
    house.log(EntryType::Action, "Prévenir le SAMU");
    let lines =
        async |query: &str| house.get(&format!("{}?{query}", house.room()), &cookie).await.text.matches("<li class=\"e").count();
    assert_eq!(lines("").await, 2);
    assert_eq!(lines("texte=BIOLOGIE").await, 1);
    assert_eq!(lines("completer=1").await, 1);
    assert_eq!(lines("depuis=1").await, 1);
    assert_eq!(lines("texte=%3Cscript%3E").await, 0);
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.text.contains("?depuis=1") && room.shows("Depuis ma dernière relève"));
    let page = house.get(&releve, &cookie).await;
    assert!(
        page.shows("C. Lenoir → L. Perrin") && page.text.contains("Biologie arrêtée &lt;b&gt;") && page.shows("Mots du journal")
    );
    assert!(page.shows("Prévenir le SAMU"));
}

#[tokio::test]
async fn the_whole_log_leaves_as_a_page_and_a_sheet_that_computes_nothing() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    for chunk in 0..3 {
        let entries = (0..100).map(|n| Logged::new(EntryType::Fact, format!("fait {}", chunk * 100 + n)).into_event());
        house.write(MARCHAND, entries.collect());
    }
    house.log(EntryType::Fact, "=HYPERLINK(\"http://x\")");
    let page = house.get(&format!("{}/main-courante", house.room()), &cookie).await;
    assert_eq!(page.text.matches("<li class=\"e").count(), 301);
    assert!(page.shows("Établi le samedi 21 novembre 2026 à 14:32 par C. Lenoir"));
    let sheet = house.get(&format!("{}/main-courante.csv", house.room()), &cookie).await;
    assert!(sheet.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    assert_eq!(sheet.text.lines().count(), 302);
    assert!(sheet.text.contains("'=HYPERLINK") && !sheet.text.contains(";=HYPERLINK") && !sheet.text.contains(";\"=HYPERLINK"));
}

#[tokio::test]
async fn the_point_is_one_page_that_says_exercise() {
    let house = House::new();
    let cookie = house.enter(MOREAU).await;
    house.log(EntryType::Decision, "Couper internet.");
    let page = house.get(&format!("{}/point", house.room()), &cookie).await;
    for words in ["Point de situation", "Couper internet.", "T+09:00", "Mots du journal", "Établi le"] {
        assert!(page.shows(words), "{words}");
    }
    assert!(page.text.contains("<body class=\"exercise\"") && page.text.contains("EXERCICE"));
}
