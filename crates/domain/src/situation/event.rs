//! What can happen to the situation of a crisis. The entry's subject is the crisis.

use crate::crisis::event::Attachment;
use journal::{EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an activity or an application works. What nobody declared is unknown, never normal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody knows.
    #[default]
    Unknown,
    /// As usual.
    Normal,
    /// In degraded mode.
    Degraded,
    /// Not at all.
    Stopped,
    /// Done elsewhere.
    Transferred,
    /// In a secure enclave (bulle), without interfaces.
    Enclave,
}

/// Somebody declared how an activity or an application works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusDeclared {
    /// The activity or application of the map.
    pub about: SubjectId,
    /// Its name then.
    pub name: String,
    /// How it works.
    pub status: Status,
    /// Since when, milliseconds since 1970; when absent, since it was declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    /// Until when care holds like this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds_until: Option<i64>,
    /// When to look again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_at: Option<i64>,
    /// Who says so, when not the person who typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Declarations its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// A unit said how many beds (places, posts) it keeps open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferDeclared {
    /// The unit of the register.
    pub unit: SubjectId,
    /// Its name then.
    pub name: String,
    /// Beds open.
    pub open: u32,
    /// Beds closed.
    pub closed: u32,
    /// Beds free among the open ones, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<u32>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Declarations its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// Patients moved or acts put off, as counts added to those before; never names. A negative count corrects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowsCounted {
    /// Patients transferred to another establishment.
    #[serde(default)]
    pub transfers: i32,
    /// Patients reoriented before they came in.
    #[serde(default)]
    pub reorientations: i32,
    /// Operations cancelled or put off.
    #[serde(default)]
    pub operations_cancelled: i32,
    /// Consultations and examinations cancelled or put off.
    #[serde(default)]
    pub consultations_cancelled: i32,
    /// In words: from where, to where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A point on the care offer was sent outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointSent {
    /// To whom: SAMU, ARS...
    pub to: String,
    /// By telephone, mail, courier...
    pub channel: String,
    /// When, milliseconds since 1970.
    pub sent_at: i64,
    /// By whom.
    pub sent_by: String,
    /// The words sent.
    pub text: String,
    /// Proof.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}
