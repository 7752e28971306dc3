//! A kit as one file that goes from one establishment to another: what is played, signed by who gives it.
//!
//! The names that the establishment filled in never leave: only the words between braces do, with what stands in for them.

use crate::signed::{self, SignedError};
use domain::exercise::check::{chronogramme, frame};
use domain::exercise::event::scenario::{Inject, Scenario};
use journal::certificate::Certificate;
use journal::{PublicKey, SigningKey};
use serde::{Deserialize, Serialize};

/// The word for a kit in a signed file.
pub const KIND: &str = "kit";
/// How its file is named.
pub const EXTENSION: &str = "planblanc-kit";
const FORMAT: &str = "planblanc-kit-1";
const FAMILY: &str = "planblanc-kit-";

/// What a kit's file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    format: String,
    /// What is played.
    pub scenario: Scenario,
    /// The chronogramme.
    pub injects: Vec<Inject>,
    /// Kinds of establishment it suits, as the content names them.
    pub kinds: Vec<String>,
}

/// A kit whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What it holds.
    pub kit: Kit,
    /// Who signed it, in their own words.
    pub signed_by: String,
    /// Root key of the establishment that signed it.
    pub root: PublicKey,
    /// What the device that signed is called there.
    pub device_name: String,
}

impl Kit {
    /// A kit of an exercise: without its date, without its people, without its files.
    pub fn of(scenario: &Scenario, injects: &[&Inject], kinds: Vec<String>) -> Self {
        let mut scenario = scenario.clone();
        scenario.planned_at = None;
        scenario.parameters.iter_mut().for_each(|parameter| parameter.value.clear());
        let injects = injects.iter().map(|inject| Inject { attachments: Vec::new(), ..(*inject).clone() }).collect();
        Self { format: FORMAT.to_owned(), scenario, injects, kinds }
    }

    /// The file, signed.
    pub fn seal(&self, signed_by: &str, certificate: &Certificate, key: &SigningKey) -> Vec<u8> {
        // Texts and numbers: writing them to memory cannot fail.
        let payload = serde_json::to_vec(self).unwrap_or_default();
        signed::seal(KIND, &payload, signed_by, certificate, key)
    }

    /// The name of its file, from its title.
    pub fn file_name(&self) -> String {
        let stem: String = crate::words::fold(&self.scenario.title).split(' ').collect::<Vec<_>>().join("-");
        let stem: String = stem.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect();
        format!("{}.{EXTENSION}", if stem.is_empty() { "kit" } else { &stem })
    }
}

/// Opens a kit's file.
///
/// # Errors
/// Why it cannot be believed, or played.
pub fn open(bytes: &[u8]) -> Result<Opened, String> {
    let signed::Opened { payload, signed_by, root, device_name, .. } =
        signed::open(bytes, KIND).map_err(|error: SignedError| error.sentence().to_owned())?;
    let newer = || SignedError::Newer.sentence().to_owned();
    let unreadable = || "Ce kit ne peut pas être lu : demandez à qui l’a signé de l’exporter de nouveau.".to_owned();
    let said: serde_json::Value = serde_json::from_slice(&payload).map_err(|_| unreadable())?;
    let format = said.get("format").and_then(serde_json::Value::as_str).unwrap_or_default();
    if format != FORMAT {
        return Err(if format.starts_with(FAMILY) { newer() } else { unreadable() });
    }
    let kit: Kit = serde_json::from_value(said).map_err(|_| unreadable())?;
    // Whatever the file says, nobody's names come in and no attachment is awaited.
    let injects: Vec<&Inject> = kit.injects.iter().collect();
    let kit = Kit::of(&kit.scenario, &injects, kit.kinds.clone());
    let sound = frame(&kit.scenario).and_then(|()| chronogramme(&kit.scenario, &kit.injects));
    sound.map_err(|refusal| format!("Ce kit ne peut pas être joué : {}", refusal.sentence))?;
    if signed_by.trim().is_empty() {
        return Err("Ce kit ne dit pas qui l’a signé : demandez à qui vous l’a remis de l’exporter de nouveau.".to_owned());
    }
    Ok(Opened { kit, signed_by, root, device_name })
}
