//! From the fields of a form to a description. What a form does not speak of stays as it was.

use super::{Value, needs};
use crate::answer::Fault;
use crate::cartography::acts::mtpd;
use crate::cartography::thing::words::chosen;
use crate::crisis::scene::wrong;
use crate::form::Fields;
use domain::State;
use domain::cartography::event::{ActivitySet, AssetSet};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::Need;
use journal::SubjectId;

struct Form<'a> {
    fields: &'a Fields,
    state: &'a State,
}

impl Form<'_> {
    fn sent(&self, name: &str) -> Option<&str> {
        self.fields.texts.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Browsers send line ends as CRLF; the journal keeps one form.
    fn text(&self, name: &str, known: &str) -> String {
        self.sent(name).map_or_else(|| known.to_owned(), |text| text.replace("\r\n", "\n"))
    }

    fn maybe(&self, name: &str, known: Option<&String>) -> Option<String> {
        match self.sent(name) {
            Some(text) => Some(text.to_owned()).filter(|text| !text.is_empty()),
            None => known.cloned(),
        }
    }

    fn delay(&self, name: &str, known: Option<u32>) -> Result<Option<u32>, Fault> {
        match self.sent(name) {
            Some(text) => mtpd(Some(text.to_owned()).filter(|text| !text.is_empty()), name),
            None => Ok(known),
        }
    }

    /// A record of the register, chosen in a list.
    fn record(&self, name: &str, known: Option<SubjectId>) -> Result<Option<SubjectId>, Fault> {
        match self.sent(name) {
            Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| wrong(name, "Choisissez dans la liste.")),
            None => Ok(known),
        }
    }

    /// An element of the map, by its name.
    fn element(&self, name: &str, known: Option<SubjectId>) -> Result<Option<SubjectId>, Fault> {
        match self.sent(name) {
            Some("") => Ok(None),
            Some(text) => chosen(&self.state.cartography, text).map(Some).map_err(|sentence| wrong(name, sentence)),
            None => Ok(known),
        }
    }

    /// A box: a form that is whole and does not send it leaves it empty.
    fn ticked(&self, name: &str, known: bool) -> bool {
        if self.fields.get("complet") == "1" { self.sent(name) == Some("1") } else { known }
    }

    fn needs(&self, known: &[Need]) -> Result<Vec<Need>, Fault> {
        let rows = needs::typed(self.fields);
        rows.map_or_else(|| Ok(known.to_vec()), |rows| needs::read(&rows, &self.state.cartography))
    }

    fn lines(&self, name: &str, known: &[String]) -> Vec<String> {
        let Some(text) = self.sent(name) else { return known.to_vec() };
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

/// The description that a form makes of what was known.
///
/// # Errors
/// The first field that is not understood.
pub(super) fn value(fields: &Fields, known: &Value, state: &State) -> Result<Value, Fault> {
    let form = Form { fields, state };
    match known {
        Value::Activity(known) => activity(&form, known).map(Value::Activity),
        Value::Asset(known) => asset(&form, known).map(Value::Asset),
    }
}

fn activity(form: &Form<'_>, known: &ActivitySet) -> Result<ActivitySet, Fault> {
    let priority = form.text("priority", &known.priority.to_string());
    Ok(ActivitySet {
        name: form.text("name", &known.name),
        priority: priority.parse().map_err(|_| wrong("priority", "Choisissez une priorité de 1 à 5."))?,
        mtpd_minutes: form.delay("mtpd", known.mtpd_minutes)?,
        rto_minutes: form.delay("rto", known.rto_minutes)?,
        rpo_minutes: form.delay("rpo", known.rpo_minutes)?,
        unit: form.record("unit", known.unit)?,
        owner: form.maybe("owner", known.owner.as_ref()),
        description: form.text("description", &known.description),
        external: form.lines("external", &known.external),
        needs: form.needs(&known.needs)?,
        origin: known.origin.clone(),
        supersedes: known.supersedes.clone(),
    })
}

fn asset(form: &Form<'_>, known: &AssetSet) -> Result<AssetSet, Fault> {
    let kind = form.text("kind", known.kind.name());
    let survives = match form.sent("survives") {
        Some("oui") => Some(true),
        Some("non") => Some(false),
        Some("") => None,
        Some(_) => return Err(wrong("survives", "Choisissez dans la liste.")),
        None => known.survives,
    };
    Ok(AssetSet {
        name: form.text("name", &known.name),
        kind: AssetKind::from_name(&kind).ok_or_else(|| wrong("kind", "Choisissez un genre dans la liste."))?,
        description: form.text("description", &known.description),
        owner: form.maybe("owner", known.owner.as_ref()),
        provider: form.record("provider", known.provider)?,
        managed_by: form.element("managed_by", known.managed_by)?,
        unit: form.record("unit", known.unit)?,
        zone: form.text("zone", &known.zone),
        survives,
        survives_why: form.text("survives_why", &known.survives_why),
        essential: form.ticked("essential", known.essential),
        mtpd_minutes: form.delay("mtpd", known.mtpd_minutes)?,
        rto_minutes: form.delay("rto", known.rto_minutes)?,
        rpo_minutes: form.delay("rpo", known.rpo_minutes)?,
        needs: form.needs(&known.needs)?,
        external: form.lines("external", &known.external),
        origin: known.origin.clone(),
        supersedes: known.supersedes.clone(),
    })
}
