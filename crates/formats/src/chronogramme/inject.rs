//! One inject from one row; what the row does not say stays as the exercise has it.

use super::fields::Field;
use super::plan::{Planner, TeamChoice};
use super::rows::Row;
use super::terms;
use super::time::Due;
use crate::source::Fault;
use crate::words::{cut, fold, minutes, yes};
use domain::crisis::check::LABEL_CHARS_MAX;
use domain::exercise::check::{ITEMS_MAX, chronogramme};
use domain::exercise::event::scenario::{Channel, Inject, Team};

/// Characters of a title made from the beginning of a text.
const TITLE_CHARS: usize = 80;

impl Planner<'_> {
    /// The inject of a row, or why the row is not taken.
    pub(super) fn inject(&mut self, row: &Row, due: Due) -> Result<Inject, Fault> {
        let key = self.key(row)?;
        let mut inject = self.known.injects.get(&key).cloned().unwrap_or_default();
        inject.key.clone_from(&key);
        inject.at = self.at(row, due);
        self.words(row, &mut inject)?;
        if let Some(cell) = self.said(row, Field::Channel) {
            inject.channel = self.channel(row, cell);
        }
        if self.said(row, Field::To).is_some() || row.teams.is_some() {
            inject.to = self.to(row)?;
        }
        self.rest(row, &mut inject);
        chronogramme(&self.frame, std::slice::from_ref(&inject)).map_err(|refusal| {
            let column = refusal.field.and_then(column_of).map_or("", |field| self.layout.head(field));
            Fault::of(&row.spot, column, refusal.sentence)
        })?;
        self.used.insert(key);
        Ok(inject)
    }

    /// What a row says of a field: an empty cell says « nothing », a column that is not there says nothing at all.
    fn said<'a>(&self, row: &'a Row, field: Field) -> Option<&'a str> {
        (self.layout.has(field) || row.values.contains_key(&field)).then(|| row.get(field).trim())
    }

    fn key(&mut self, row: &Row) -> Result<String, Fault> {
        let cell = row.get(Field::Key).trim();
        let key = terms::inject_key(cell);
        if key.is_empty() {
            return Ok(self.free_key(row));
        }
        let head = self.layout.head(Field::Key).to_owned();
        if self.used.contains(&key) {
            let sentence = format!("Le numéro « {key} » figure deux fois : chaque stimulus a le sien.");
            return Err(Fault::of(&row.spot, &head, sentence));
        }
        if key != cell {
            self.warn(&row.spot, &head, format!("Le numéro « {} » devient « {key} ».", cut(cell, 40)));
        }
        Ok(key)
    }

    /// A number for a row that says none: that of the same inject in the exercise, else the next one.
    fn free_key(&self, row: &Row) -> String {
        let title = fold(row.get(Field::Title));
        let free = |key: &String| !self.used.contains(key) && !self.said.contains(key);
        let same =
            self.known.injects.values().find(|inject| !title.is_empty() && fold(&inject.title) == title && free(&inject.key));
        let next = || (1_u32..).map(|n| n.to_string()).find(|key| free(key) && !self.known.injects.contains_key(key));
        same.map(|inject| inject.key.clone()).or_else(next).unwrap_or_default()
    }

    fn at(&mut self, row: &Row, due: Due) -> Option<u32> {
        let head = if self.layout.has(Field::At) { Field::At } else { Field::Offset };
        let head = self.layout.head(head).to_owned();
        match due {
            Due::Minute(minute) => Some(minute),
            Due::Reserve => {
                if row.get(Field::At).is_empty() && row.get(Field::Offset).is_empty() && row.teams.is_none() {
                    self.warn(&row.spot, &head, "Pas d’heure : ce stimulus est mis en réserve, à jouer à la main.");
                }
                None
            }
            Due::Before(minutes) => {
                let sentence = format!(
                    "Ce stimulus tombe {} avant DEBEX : il est mis en réserve, à jouer à la main.",
                    crate::words::duration(u32::try_from(minutes).unwrap_or_default())
                );
                self.warn(&row.spot, &head, sentence);
                None
            }
        }
    }

    /// Title and text: one stands in for the other.
    fn words(&mut self, row: &Row, inject: &mut Inject) -> Result<(), Fault> {
        let (title, text) = (row.get(Field::Title).trim(), row.get(Field::Text).trim());
        if title.is_empty() && text.is_empty() {
            let sentence = "Ce stimulus n’a ni titre ni contenu : écrivez ce que les joueurs reçoivent.";
            return Err(Fault::of(&row.spot, self.layout.head(Field::Text), sentence));
        }
        let first = text.lines().next().unwrap_or_default();
        let title = if title.is_empty() { cut(first, TITLE_CHARS) } else { title.to_owned() };
        inject.title = self.label(row, Field::Title, &title);
        if !text.is_empty() {
            text.clone_into(&mut inject.text);
        } else if inject.text.is_empty() || self.layout.has(Field::Text) {
            inject.text = title;
        }
        Ok(())
    }

    /// A text of a few words, cut with a warning.
    fn label(&mut self, row: &Row, field: Field, text: &str) -> String {
        let short = cut(text, LABEL_CHARS_MAX);
        if short != text {
            let head = self.layout.head(field).to_owned();
            self.warn(&row.spot, &head, format!("Ce texte dépasse {LABEL_CHARS_MAX} caractères : il est coupé."));
        }
        short
    }

    fn channel(&mut self, row: &Row, cell: &str) -> Channel {
        if cell.is_empty() {
            return Channel::Mail;
        }
        terms::channel(cell).unwrap_or_else(|| {
            let head = self.layout.head(Field::Channel).to_owned();
            let all: Vec<&str> = Channel::ALL.iter().map(|one| one.label()).collect();
            let sentence = format!(
                "Le moyen « {} » n’est pas connu : c’est un courriel, à moins que vous n’écriviez l’un de ceux-ci : {}.",
                cut(cell, 40),
                all.join(" ; ")
            );
            self.warn(&row.spot, &head, sentence);
            Channel::Mail
        })
    }

    /// Keys of the teams of a row.
    fn to(&mut self, row: &Row) -> Result<Vec<String>, Fault> {
        let cell = row.get(Field::To).trim();
        let is_known = |name: &str| {
            terms::everybody(name) || terms::team(&self.frame, name).is_some() || self.choices.teams.contains_key(&fold(name))
        };
        let names = row.teams.clone().unwrap_or_else(|| terms::names(cell, &is_known));
        if names.iter().any(|name| terms::everybody(name)) {
            return Ok(Vec::new());
        }
        let (mut keys, mut unknown) = (Vec::new(), Vec::new());
        for name in names {
            match self.team(&name) {
                Some(key) if keys.contains(&key) => {}
                Some(key) => keys.push(key),
                None => unknown.push(name),
            }
        }
        let Some(first) = unknown.first() else { return Ok(keys) };
        let sentence =
            format!("L’équipe « {} » n’existe pas dans cet exercice : créez-la, ou dites laquelle c’est.", cut(first, 60));
        let fault = Fault::of(&row.spot, self.layout.head(Field::To), sentence);
        self.unknown.extend(unknown.into_iter().map(|name| (fold(&name), name)));
        Err(fault)
    }

    /// The key of a team, created if somebody said so.
    fn team(&mut self, name: &str) -> Option<String> {
        if let Some(team) = terms::team(&self.frame, name) {
            return Some(team.key.clone());
        }
        match self.choices.teams.get(&fold(name)) {
            Some(TeamChoice::Use(key)) => {
                return self.frame.teams.iter().find(|team| team.key == *key).map(|team| team.key.clone());
            }
            Some(TeamChoice::Create) => {}
            None if self.choices.create_teams => {}
            None => return None,
        }
        if self.frame.teams.len() >= ITEMS_MAX {
            return None;
        }
        let key = terms::team_key(name, &|key| self.frame.teams.iter().any(|team| team.key == key));
        let team = Team { key: key.clone(), name: cut(name.trim(), LABEL_CHARS_MAX), who: String::new() };
        self.frame.teams.push(team.clone());
        self.plan.teams.push(team);
        Some(key)
    }

    fn rest(&mut self, row: &Row, inject: &mut Inject) {
        if let Some(cell) = self.said(row, Field::From) {
            inject.from = self.label(row, Field::From, cell);
        }
        for (field, text) in [(Field::Guidance, &mut inject.guidance), (Field::Expected, &mut inject.expected)] {
            if let Some(cell) = self.said(row, field) {
                cell.clone_into(text);
            }
        }
        if let Some(cell) = self.said(row, Field::Within) {
            inject.within = minutes(cell, Some(1));
            if inject.within.is_none() && !cell.is_empty() {
                self.unread(row, Field::Within, cell, "écrivez des minutes, par exemple « 10 min »");
            }
        }
        if let Some(cell) = self.said(row, Field::Level) {
            inject.level = terms::level(cell).unwrap_or_default();
            if terms::level(cell).is_none() && !cell.is_empty() {
                self.unread(row, Field::Level, cell, "écrivez « débutant », « intermédiaire » ou « confirmé »");
            }
        }
        if let Some(cell) = self.said(row, Field::Noise) {
            inject.noise = yes(cell).unwrap_or_else(|| fold(cell).starts_with("bruit"));
        }
        if let Some(cell) = self.said(row, Field::Contingency) {
            inject.contingency_for = terms::inject_key(cell);
        }
        if let Some(cell) = self.said(row, Field::Fact) {
            inject.fact = self.label(row, Field::Fact, cell);
        }
        if let Some(cell) = self.said(row, Field::Objective) {
            inject.objective = self.objective(row, cell);
        }
    }

    fn unread(&mut self, row: &Row, field: Field, cell: &str, what: &str) {
        let head = self.layout.head(field).to_owned();
        self.warn(&row.spot, &head, format!("« {} » n’est pas compris et laissé de côté : {what}.", cut(cell, 40)));
    }

    /// The key of an objective of the exercise; the words themselves when it has none such.
    fn objective(&mut self, row: &Row, cell: &str) -> String {
        let folded = fold(cell);
        let all = &self.frame.objectives;
        let found = all.iter().find(|one| one.key == cell).or_else(|| all.iter().find(|one| fold(&one.text) == folded));
        match found {
            Some(objective) => objective.key.clone(),
            None => self.label(row, Field::Objective, cell),
        }
    }
}

/// The column that a refusal of the rules is about.
fn column_of(field: &'static str) -> Option<Field> {
    Some(match field {
        "key" => Field::Key,
        "at" => Field::At,
        "title" => Field::Title,
        "text" => Field::Text,
        "from" => Field::From,
        "guidance" => Field::Guidance,
        "expected" => Field::Expected,
        "fact" => Field::Fact,
        "objective" => Field::Objective,
        "contingency_for" => Field::Contingency,
        "to" => Field::To,
        _ => return None,
    })
}
