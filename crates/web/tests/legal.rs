//! The legal side of a crisis and its lists of gestures, as pages.

mod common;

use axum::http::StatusCode;
use common::{Answer, CRISIS, House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW};
use domain::legal::event::Outcome;
use journal::SubjectId;

async fn send(house: &House, cookie: &str, page: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    let shown = house.get(page, cookie).await;
    let (request, author) = (shown.field("request"), shown.field("author"));
    let mut all = vec![("request", request.as_str()), ("author", author.as_str())];
    all.extend(fields);
    house.form(act, cookie, &all).await
}

/// A crisis that follows the shipped obligations.
async fn with_clocks() -> (House, String) {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let page = format!("{}/echeances", house.room());
    let adopted = send(&house, &cookie, &page, &format!("{page}/reprendre"), &[]).await;
    assert_eq!(adopted.status, StatusCode::SEE_OTHER, "{}", adopted.text);
    (house, cookie)
}

#[tokio::test]
async fn shipped_obligations_are_taken_over_once_and_shown_by_urgency() {
    let (house, cookie) = with_clocks().await;
    let page = house.get(&format!("{}/echeances", house.room()), &cookie).await;
    assert!(
        page.shows("Signalement au CERT Santé")
            && page.shows("sans délai")
            && !page.text.contains("Reprendre les échéances livrées")
    );
    // Known at 06:32: the 72 hours end on 24 November.
    assert!(page.shows("64 h 00") && page.shows("avant 24/11 06:32"), "{}", page.words());
    let cert = page.text.find("CERT Santé").unwrap();
    assert!(cert < page.text.find("Notification à la CNIL").unwrap(), "what is late comes first");
    let legal = house.ledger.view().state.legal[&CRISIS].clone();
    assert!(legal.clocks.values().all(|clock| !clock.words().source.is_empty()));
    house.later(73 * 60 * MINUTE);
    let cookie = house.enter(LENOIR).await;
    assert!(house.get(&format!("{}/echeances", house.room()), &cookie).await.shows("dépassé depuis 9 h 00"));
}

#[tokio::test]
async fn a_declaration_is_filled_in_sent_and_proved() {
    let (house, cookie) = with_clocks().await;
    let page = format!("{}/echeances/cert_sante", house.room());
    let shown = house.get(&page, &cookie).await;
    assert!(
        shown.text.contains("Établissement : CH d’Essai") && shown.text.contains("………") && shown.shows("à compléter à la main")
    );
    let act = format!("{page}/clore");
    let future = [("outcome", "sent"), ("at", "25/11 10:00"), ("reference", "2026-77"), ("text", "Mon texte <b>")];
    let refused = send(&house, &cookie, &page, &act, &future).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.shows("est à venir")
            && refused.text.contains("value=\"2026-77\"")
            && refused.text.contains("Mon texte &lt;b&gt;")
    );
    let request = house.get(&page, &cookie).await.field("request");
    let fields = [
        ("request", &*request),
        ("outcome", "sent"),
        ("at", "14:00"),
        ("reference", "=2026"),
        ("channel", "portail"),
        ("text", "Texte envoyé"),
    ];
    for _ in 0..2 {
        let sent = house.multipart(&act, &cookie, &fields, &[("recu.svg", b"<svg/>")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    }
    let clock = house.ledger.view().state.legal[&CRISIS].clocks["cert_sante"].clone();
    let end = clock.ending().unwrap();
    assert_eq!((end.value.outcome, end.value.at, end.value.attachments.len()), (Outcome::Sent, NOW - 32 * MINUTE, 1));
    assert_eq!(clock.endings.as_ref().unwrap().all().count(), 1, "sent twice, closed once");
    let proved = house.get(&page, &cookie).await;
    assert!(proved.shows("recu.svg") && proved.shows("SHA-256") && proved.shows("Texte envoyé"));
}

#[tokio::test]
async fn closed_by_two_people_the_second_is_told_and_keeps_its_words() {
    let (house, first) = with_clocks().await;
    let second = house.enter(MARCHAND).await;
    let page = format!("{}/echeances/cnil", house.room());
    let before = house.get(&page, &second).await.field("request");
    let fields = [("outcome", "sent"), ("reference", "A-1")];
    assert_eq!(send(&house, &first, &page, &format!("{page}/clore"), &fields).await.status, StatusCode::SEE_OTHER);
    let late =
        house.form(&format!("{page}/clore"), &second, &[("request", &before), ("outcome", "sent"), ("reference", "B-2")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.shows("Quelqu’un vient de clore"), "{}", late.words());
    assert_eq!(house.ledger.view().state.legal[&CRISIS].clocks["cnil"].ending().unwrap().value.reference, "A-1");
}

#[tokio::test]
async fn the_final_report_runs_from_the_notification() {
    let (house, cookie) = with_clocks().await;
    let list = format!("{}/echeances", house.room());
    assert!(house.get(&list, &cookie).await.shows("après : NIS2 : notification"));
    let page = format!("{list}/nis2_notification");
    send(&house, &cookie, &page, &format!("{page}/clore"), &[("outcome", "sent")]).await;
    assert!(house.get(&list, &cookie).await.shows("avant 21/12 14:32"));
}

#[tokio::test]
async fn a_local_date_is_set_and_an_obligation_of_ones_own_is_added() {
    let (house, cookie) = with_clocks().await;
    let page = format!("{}/echeances/assureur", house.room());
    let shown = house.get(&page, &cookie).await;
    assert!(shown.shows("date à fixer"));
    let seen = shown.field("supersedes");
    let wrong = send(&house, &cookie, &page, &format!("{page}/dater"), &[("supersedes", &seen), ("due_at", "bientôt")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("value=\"bientôt\""));
    let dated = send(&house, &cookie, &page, &format!("{page}/dater"), &[("supersedes", &seen), ("due_at", "23/11 12:00")]).await;
    assert_eq!(dated.status, StatusCode::SEE_OTHER, "{}", dated.text);
    assert!(house.get(&page, &cookie).await.shows("avant 23/11 12:00"));
    let list = format!("{}/echeances", house.room());
    let own = [("title", "Prévenir <script> le CHU"), ("due_at", "+2j"), ("whom", "CHU")];
    assert_eq!(send(&house, &cookie, &list, &format!("{list}/nouvelle"), &own).await.status, StatusCode::SEE_OTHER);
    let listed = house.get(&list, &cookie).await;
    assert!(listed.text.contains("Prévenir &lt;script&gt; le CHU") && !listed.text.contains("<script> le"));
}

#[tokio::test]
async fn the_complaint_file_grows_and_two_answers_are_shown() {
    let (house, cookie) = with_clocks().await;
    let page = format!("{}/plainte", house.room());
    let quoi = format!("{page}/quoi");
    assert_eq!(
        send(&house, &cookie, &page, &quoi, &[("answer", "Écrans <script>noirs</script>.")]).await.status,
        StatusCode::SEE_OTHER
    );
    let blind = send(&house, &house.enter(MARCHAND).await, &page, &quoi, &[("answer", "Une autre réponse.")]).await;
    assert_eq!(blind.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blind.text.contains("Une autre réponse."), "the words come back");
    let piece = [("label", "=Photo"), ("place", "Coffre"), ("held_by", "M. Tessier"), ("taken_at", "05:40")];
    let listed = house.multipart(&format!("{page}/pieces"), &cookie, &piece, &[("note.txt", b"payez")]).await;
    assert_eq!(listed.status, StatusCode::SEE_OTHER, "{}", listed.text);
    let shown = house.get(&page, &cookie).await;
    let hash = journal::entry::sha256(b"payez").to_string();
    assert!(shown.text.contains("Écrans &lt;script&gt;") && shown.shows(&hash) && shown.shows("1 réponses sur 9"));
    assert_eq!(house.form(&format!("{page}/inconnue"), &cookie, &[("answer", "x")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn claims_count_down_and_nobody_pays() {
    let (house, cookie) = with_clocks().await;
    let page = format!("{}/revendications", house.room());
    assert!(house.get(&page, &cookie).await.shows("Ne payez pas"));
    let claim = [("claimant", "Groupe X"), ("demand", "=cmd() Publier"), ("amount", "10 BTC"), ("deadline", "+2j")];
    assert_eq!(send(&house, &cookie, &page, &page, &claim).await.status, StatusCode::SEE_OTHER);
    let shown = house.get(&page, &cookie).await;
    assert!(shown.shows("Groupe X, 10 BTC") && shown.shows("48 h 00"), "{}", shown.words());
}

#[tokio::test]
async fn gestures_are_adopted_ticked_and_unticked_without_script() {
    let house = House::new();
    let cookie = house.enter(MARCHAND).await;
    let page = format!("{}/gestes", house.room());
    assert_eq!(send(&house, &cookie, &page, &format!("{page}/reprendre"), &[]).await.status, StatusCode::SEE_OTHER);
    let lists = house.ledger.view().state.checklists[&CRISIS].clone();
    let mine = lists.of("directeur_crise")[0].clone();
    let gesture = mine.words().gestures[0].clone();
    let tick = format!("{page}/{}/cocher", mine.id());
    for _ in 0..2 {
        let ticked = house.form(&tick, &cookie, &[("gesture", &gesture.key), ("done", "1")]).await;
        assert_eq!(ticked.status, StatusCode::SEE_OTHER, "clicked twice, ticked once");
    }
    let list = |id: SubjectId| house.ledger.view().state.checklists[&CRISIS].lists[&id].clone();
    assert_eq!(list(mine.id()).ticks[&gesture.key].all().count(), 1);
    assert!(house.get(&page, &cookie).await.shows("fait par J. Marchand à 14:32"));
    let observer = house.enter(MOREAU).await;
    assert_eq!(house.form(&tick, &observer, &[("gesture", &gesture.key), ("done", "0")]).await.status, StatusCode::FORBIDDEN);
    assert!(!house.get(&page, &observer).await.text.contains("/cocher"));
    let seen = list(mine.id()).ticks[&gesture.key].seen()[0].to_string();
    house.form(&tick, &cookie, &[("gesture", &gesture.key), ("done", "0"), ("supersedes", &seen)]).await;
    assert!(!list(mine.id()).is_done(&gesture.key));
    let own = [("title", "Accueil <script>"), ("function", "standard"), ("gestures", "=Un\nDeux\n\nTrois")];
    assert_eq!(send(&house, &cookie, &page, &format!("{page}/nouvelle"), &own).await.status, StatusCode::SEE_OTHER);
    let shown = house.get(&page, &cookie).await;
    assert!(shown.text.contains("Accueil &lt;script&gt;") && shown.shows("0 sur 3"));
}

#[tokio::test]
async fn every_page_keeps_the_house_rules() {
    let (house, cookie) = with_clocks().await;
    let room = house.room();
    let pages = [
        "cadre",
        "levee",
        "papier",
        "releve",
        "point",
        "main-courante",
        "echeances",
        "echeances/cnil",
        "plainte",
        "revendications",
        "gestes",
    ];
    for page in pages
        .map(|page| format!("{room}/{page}"))
        .into_iter()
        .chain(["/crises/nouvelle".into(), "/crises/panne-ou-attaque".into()])
    {
        let answer = house.get(&page, &cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(!answer.text.contains(" style=") && !answer.text.contains(" onclick="), "{page}: strict CSP");
        let primary = answer.text.matches("class=\"btn\"").count() + answer.text.matches("class=\"btn alarm\"").count();
        assert!(primary <= 1, "{page}: {primary} primary buttons");
        let words = answer.words();
        for bad in [" :", " ;", " !", " ?", " %", " »", "« ", "'"] {
            let at = words.find(bad);
            assert!(
                at.is_none(),
                "{page}: {bad:?} in {:?}",
                at.map(|a| words[..a + 2].chars().rev().take(60).collect::<String>().chars().rev().collect::<String>())
            );
        }
        let mut ids: Vec<&str> = answer.text.split(" id=\"").skip(1).filter_map(|s| s.split('"').next()).collect();
        ids.sort_unstable();
        let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{page}: {twice:?}");
    }
}
