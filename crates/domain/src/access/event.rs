//! What can happen to accounts. The subject is the person it happens to. Secrets are elsewhere: no password, no code and
//! no print of one is ever written here.

use journal::EntryId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody may sign in from now on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountOpened {
    /// What they type to enter.
    pub login: String,
}

/// Somebody may not sign in any more; what they wrote stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountBlocked {
    /// Why, for people.
    pub reason: String,
}

/// Somebody who was blocked may sign in again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountUnblocked {}

/// An administrator gave somebody a first password, to be changed at the next entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordGiven {}

/// Somebody chose their own password.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChanged {}

/// All sessions of somebody were ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionsEnded {}

/// A sheet of sealed emergency codes was made for somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodesIssued {
    /// Serial of the sheet.
    pub series: String,
    /// How many codes, numbered from 1.
    pub count: u8,
}

/// A sheet of codes opens nothing any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodesRevoked {
    /// Serial of the sheet.
    pub series: String,
    /// Why, for people.
    pub reason: String,
}

/// Somebody entered with a sealed emergency code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeUsed {
    /// Serial of the sheet.
    pub series: String,
    /// Which code of it.
    pub number: u8,
}

/// First of two people: vouches for somebody who cannot enter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryAsked {
    /// What happened, for people.
    pub reason: String,
}

/// Second of two people: the person may choose a new password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryGranted {
    /// The request it grants.
    pub asked: EntryId,
}

/// The person chose a new password with the words they were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryUsed {
    /// The request that two people granted.
    pub asked: EntryId,
}

/// Somebody who was signed in tried what their role does not allow; nothing was done. Only the program records it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptRefused {
    /// Kind of the entry they would have written.
    pub kind: String,
    /// Code of the refusal.
    pub code: String,
}
