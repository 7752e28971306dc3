//! What is played: the frame of an exercise and its chronogramme. A kit is the same, without a date and without people.

use crate::crisis::event::Attachment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How hard it is. An inject is played from its level on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// « débutant »: the first exercise.
    #[default]
    Beginner,
    /// « intermédiaire ».
    Intermediate,
    /// « confirmé ».
    Advanced,
}

impl Level {
    /// All levels, easiest first.
    pub const ALL: [Self; 3] = [Self::Beginner, Self::Intermediate, Self::Advanced];

    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Beginner => "beginner",
            Self::Intermediate => "intermediate",
            Self::Advanced => "advanced",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Beginner => "débutant",
            Self::Intermediate => "intermédiaire",
            Self::Advanced => "confirmé",
        }
    }
}

/// By which means an inject reaches its players.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    #[default]
    Mail,
    /// A telephone call, played by a facilitator.
    Phone,
    /// A text message.
    Sms,
    /// Press, radio, social networks.
    Media,
    /// A sheet of paper, a runner.
    Paper,
    /// What a screen, a probe or a machine shows.
    System,
    /// Somebody comes into the room.
    Room,
}

impl Channel {
    /// All channels, in the order of the screen.
    pub const ALL: [Self; 7] = [Self::Mail, Self::Phone, Self::Sms, Self::Paper, Self::Media, Self::System, Self::Room];

    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::Sms => "sms",
            Self::Media => "media",
            Self::Paper => "paper",
            Self::System => "system",
            Self::Room => "room",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mail => "courriel",
            Self::Phone => "téléphone",
            Self::Sms => "SMS",
            Self::Media => "presse, réseaux",
            Self::Paper => "papier, coursier",
            Self::System => "système simulé",
            Self::Room => "en salle",
        }
    }
}

/// A title and a text: a section of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its title, or a word to explain.
    pub title: String,
    /// Its text; paragraphs are separated by an empty line, items of a list begin with « - ».
    pub text: String,
}

/// Something named by a key and said in one sentence: an objective, a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name, for ever.
    pub key: String,
    /// The sentence.
    pub text: String,
}

/// A team of players.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Its key.
    pub key: String,
    /// Its name on the screen.
    pub name: String,
    /// Who usually sits there, and what for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
}

/// A phase begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// Its first minute.
    pub at: u32,
}

/// A word of the scenario that each establishment fills with its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name between braces in the texts.
    pub key: String,
    /// What is asked, on the contextualisation page.
    pub label: String,
    /// Where its value is looked for: `establishment`, `unit:WORD`, `activity:WORD`, `asset:WORD`, `function:KEY`,
    /// `partner:KEY`, or `free`. Several words are separated by `|`; the first that matches wins.
    pub from: String,
    /// Words used where nothing was found or said.
    pub otherwise: String,
    /// What the establishment put there; empty: not filled.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// What a criterion asks of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Reached within so many minutes after DEBEX; later is late, never is missed.
    Within(u32),
    /// At least so many.
    AtLeast(u32),
    /// At most so many.
    AtMost(u32),
    /// It is so.
    True,
}

/// What is judged. Read off the journal when it names a fact; seen by observers in any case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its name, for ever: campaigns compare by it.
    pub key: String,
    /// What is expected, in a few words.
    pub title: String,
    /// The objective it serves.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub objective: String,
    /// The fact that tells it, read off the journal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fact: String,
    /// What the fact should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// What observers look at; empty: they are not asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub look: String,
    /// What to do when it was missed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub advice: String,
    /// The reference action that mends it, e.g. `rtx_02`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub action: String,
}

/// Where a scenario comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Key of the kit; empty for a scenario written here.
    #[serde(default)]
    pub kit: String,
    /// Its source, in words.
    pub source: String,
    /// Day of its edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// `vérifié` or `à confirmer`.
    pub status: String,
}

/// The frame of an exercise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name, e.g. « Nuit blanche ».
    pub title: String,
    /// What it is about, in one sentence.
    pub about: String,
    /// Where it comes from.
    pub origin: Origin,
    /// How long it lasts from DEBEX to FINEX, minutes.
    pub minutes: u32,
    /// How hard it is played.
    #[serde(default)]
    pub level: Level,
    /// When it is to be played, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_at: Option<i64>,
    /// What players are told before DEBEX.
    pub briefing: String,
    /// What it is for.
    pub objectives: Vec<Item>,
    /// Teams of players.
    pub teams: Vec<Team>,
    /// Phases, in order.
    pub phases: Vec<Phase>,
    /// Words to fill.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// What is judged.
    pub criteria: Vec<Criterion>,
    /// Questions of the hot debrief.
    pub debrief: Vec<Item>,
    /// Questions of the preparation meeting.
    #[serde(default)]
    pub preparation: Vec<Item>,
    /// Facilitator part: secret.
    pub facilitator: Vec<Section>,
    /// Player part: rules and memo.
    pub player: Vec<Section>,
    /// Glossary of the player part.
    #[serde(default)]
    pub glossary: Vec<Section>,
    /// Observer part.
    pub observer: Vec<Section>,
}

/// An inject of the chronogramme.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inject {
    /// Its number, unique in the exercise and as written on paper: letters, digits, dashes.
    pub key: String,
    /// Minute after DEBEX at which it is due; none: in reserve, fired by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u32>,
    /// By which means.
    pub channel: Channel,
    /// Who it seems to come from.
    pub from: String,
    /// Teams that receive it, by their keys; none: all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// What it is about, in a few words.
    pub title: String,
    /// The words that players read or hear, with `{parameters}`.
    pub text: String,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// What the facilitator should know: tone, variants, when to insist.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub guidance: String,
    /// The reaction that is hoped for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub expected: String,
    /// Within how many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
    /// The fact that shows the reaction in the journal, if one does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fact: String,
    /// The objective it serves.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub objective: String,
    /// Contingency: proposed when the reaction to the inject of this key is missing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contingency_for: String,
    /// Played from this level on.
    #[serde(default)]
    pub level: Level,
    /// Distracts, and asks for nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub noise: bool,
}
