//! An exercise of the tests with its three people, conducted through its pages.

use super::exercise::{branch_of, inject, open, record, takes_part, wait_for};
use super::{Answer, House, LENOIR, MARCHAND, MOREAU};
use axum::http::StatusCode;
use domain::Event;
use domain::exercise::event::scenario::{Channel, Criterion, Inject, Item, Parameter, Scenario, Section, Target, Team};
use domain::exercise::event::{Part, Planned};

/// A served exercise with its three people: Marchand runs it, Lenoir plays, Moreau observes.
pub struct Play {
    pub house: House,
    pub below: String,
    pub runs: String,
    pub plays: String,
    pub watches: String,
}

fn scenario() -> Scenario {
    let team = |key: &str, name: &str| Team { key: key.to_owned(), name: name.to_owned(), who: String::new() };
    let section = |title: &str, text: &str| Section { title: title.to_owned(), text: text.to_owned() };
    let word = Parameter {
        key: "dossier".to_owned(),
        label: "Dossier".to_owned(),
        from: "free".to_owned(),
        otherwise: "le dossier patient".to_owned(),
        value: "Hélios".to_owned(),
    };
    Scenario {
        title: "Nuit blanche".to_owned(),
        about: "Un rançongiciel arrête {dossier}.".to_owned(),
        briefing: "Nous sommes samedi, {dossier} répond mal.".to_owned(),
        minutes: 60,
        teams: vec![team("direction", "Cellule décisionnelle"), team("si", "Cellule SI")],
        parameters: vec![word],
        criteria: vec![Criterion {
            key: "crise_ouverte".to_owned(),
            title: "Crise ouverte".to_owned(),
            objective: String::new(),
            fact: "exercise.minutes_to_crisis_opened".to_owned(),
            target: Some(Target::Within(10)),
            look: "Quelqu’un dit que {dossier} est arrêté.".to_owned(),
            advice: String::new(),
            action: String::new(),
        }],
        debrief: vec![Item { key: "tenu".to_owned(), text: "Qu’est-ce qui a tenu ?".to_owned() }],
        facilitator: vec![section("Conduite", "Secret de l’animateur.")],
        player: vec![section("Règles du jeu", "N’appelez que l’animateur.")],
        observer: vec![section("Votre posture", "Silence de l’observateur.")],
        ..Scenario::default()
    }
}

fn injects() -> Vec<Inject> {
    let call = Inject {
        channel: Channel::Phone,
        text: "{dossier} ne répond plus.".to_owned(),
        guidance: "Ton inquiet.".to_owned(),
        expected: "On ouvre la crise.".to_owned(),
        within: Some(5),
        fact: "exercise.minutes_to_crisis_opened".to_owned(),
        ..inject("1", 0)
    };
    let rescue = Inject { at: None, contingency_for: "1".to_owned(), ..inject("1bis", 0) };
    let other = Inject { to: vec!["si".to_owned()], ..inject("2", 10) };
    vec![call, rescue, other, inject("3", 20), inject("4", 40)]
}

pub async fn planned(house: House) -> Play {
    record(
        &house,
        MARCHAND,
        &Event::ExercisePlanned(Planned { scenario: scenario(), injects: injects(), campaign: String::new() }),
    );
    takes_part(&house, LENOIR, Part::Player);
    takes_part(&house, MOREAU, Part::Observer);
    let runs = house.enter(MARCHAND).await;
    let below = open(&house, &runs).await;
    let (plays, watches) = (house.enter(LENOIR).await, house.enter(MOREAU).await);
    Play { house, below, runs, plays, watches }
}

/// The name that a page gave to the request of a form.
pub fn stamp(page: &Answer, act: &str) -> String {
    let form = &page.text[page.text.find(&format!("/exercice/{act}\"")).unwrap()..];
    form.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

impl Play {
    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.house.get(&format!("{}{path}", self.below), cookie).await
    }

    /// A page that must be there.
    pub async fn page(&self, path: &str, cookie: &str) -> Answer {
        let answer = self.get(path, cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer
    }

    pub async fn act(&self, act: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let path = format!("{}/journaux/{}/exercice/{act}", self.below, branch_of(&self.house));
        self.house.form(&path, cookie, fields).await
    }

    /// An act that must be taken.
    pub async fn acts(&self, act: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.act(act, cookie, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{act}: {}", answer.text);
        answer
    }

    pub async fn clock(&self, gesture: &str) {
        self.acts("horloge", &self.runs, &[("geste", gesture), ("sur", "1")]).await;
    }

    pub async fn played(&self, count: usize) {
        wait_for(&self.house, &self.below, &self.runs, count).await;
    }

    /// Entries of the branch's journal.
    pub async fn entries(&self) -> usize {
        let path = format!("/api/v1/journals/{}/entries", branch_of(&self.house));
        self.page(&path, &self.runs).await.json()["entries"].as_array().unwrap().len()
    }

    pub async fn opens_a_crisis(&self) -> String {
        let journal = branch_of(&self.house).to_string();
        let fields = [("title", "Crise jouée"), ("level", "crisis"), ("journal", journal.as_str())];
        let opened = self.house.form(&format!("{}/crises/nouvelle", self.below), &self.plays, &fields).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        opened.location().strip_prefix(self.below.as_str()).unwrap().to_owned()
    }
}
