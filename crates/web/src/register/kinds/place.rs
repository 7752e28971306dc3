//! Places: région, groupement, entité juridique, site.

use super::among;
use crate::local;
use crate::register::look::{Look, Of, fold};
use crate::register::sheet::{Column, Input, Keys, Sheet, text};
use crate::shell::Page;
use crate::typography::fr;
use domain::Event;
use domain::register::Register;
use domain::register::event::{EstablishmentKind, Place, PlaceLevel, Set};
use domain::register::table::Record;
use journal::SubjectId;
use maud::{Markup, html};

fn levels() -> Vec<&'static str> {
    PlaceLevel::ALL.map(PlaceLevel::label).to_vec()
}

/// Labels of the kinds of establishment.
pub(in crate::register) fn kinds() -> Vec<&'static str> {
    EstablishmentKind::ALL.map(EstablishmentKind::label).to_vec()
}

/// The kind of establishment a text names.
pub(in crate::register) fn kind(text: &str) -> Result<Option<EstablishmentKind>, String> {
    among(text, &EstablishmentKind::ALL, |kind| [kind.label(), kind.name()])
}

/// A time zone must be one that this program knows: its clocks depend on it.
pub(in crate::register) fn zone(text: &str) -> Result<(), String> {
    if text.is_empty() || local::is_zone(text) {
        return Ok(());
    }
    Err(format!("« {text} » n’est pas un fuseau connu : écrivez par exemple Europe/Paris, Indian/Reunion ou America/Martinique."))
}

impl Sheet for Place {
    const SLUG: &'static str = "lieux";
    const ADD: &'static str = "Ajouter un lieu";
    const TITLE: &'static str = "Lieux";
    const EMPTY: &'static str =
        "Aucun lieu. Commencez par l’entité juridique, puis ses sites ; le groupement et la région s’ajoutent au-dessus.";
    const COLUMNS: &'static [Column<Self>] = &[
        Column {
            name: "level",
            head: "Niveau",
            also: &["type"],
            hint: "",
            input: Input::Choice(levels),
            show: |place, _| place.level.label().to_owned(),
            read: |place, text, _| {
                let level = among(text, &PlaceLevel::ALL, |level| [level.label(), level.name()])?;
                place.level = level.ok_or("Choisissez un niveau : région, groupement, entité juridique ou site.")?;
                Ok(())
            },
        },
        text!(name, "Nom", ["lieu", "site", "raison sociale", "libellé"], Input::Line, ""),
        text!(code, "Code", ["code interne", "identifiant"], Input::Line, "facultatif ; un import retrouve le lieu par lui"),
        Column {
            name: "parent",
            head: "Rattaché à",
            also: &["rattachement", "parent", "entité juridique", "groupement"],
            hint: "le lieu qui le contient",
            input: Input::Ref(Of::Place),
            show: |place, look| look.label(Of::Place, place.parent),
            read: |place, text, look| {
                place.parent = look.find(Of::Place, text)?;
                Ok(())
            },
        },
        text!(
            finess,
            "FINESS",
            ["n° finess", "numéro finess", "finess géographique", "finess juridique"],
            Input::Finess,
            "neuf caractères"
        ),
        Column {
            name: "kind",
            head: "Type d’établissement",
            also: &["type établissement", "catégorie"],
            hint: "",
            input: Input::Choice(kinds),
            show: |place, _| place.kind.map_or("", EstablishmentKind::label).to_owned(),
            read: |place, text, _| {
                place.kind = kind(text)?;
                Ok(())
            },
        },
        text!(address, "Adresse", ["adresse postale"], Input::Line, ""),
        text!(phone, "Téléphone", ["tel", "standard", "numéro"], Input::Phone, "le standard"),
        Column {
            name: "time_zone",
            head: "Fuseau horaire",
            also: &["fuseau"],
            hint: "seulement s’il diffère de celui de l’établissement : Indian/Reunion",
            input: Input::Line,
            show: |place, _| place.time_zone.clone(),
            read: |place, text, _| {
                zone(text)?;
                place.time_zone = text.to_owned();
                Ok(())
            },
        },
    ];
    const SHOWN: &'static [&'static str] = &["level", "finess", "kind", "phone"];

    fn record<'a>(register: &'a Register, id: &SubjectId) -> Option<&'a Record<Self>> {
        register.places.record(id)
    }

    fn all(register: &Register) -> Vec<(SubjectId, &Self)> {
        register.tree().into_iter().map(|branch| (branch.id, branch.place)).collect()
    }

    fn title(&self, _: &Look<'_>) -> String {
        self.name.clone()
    }

    fn keys(&self, _: &Look<'_>) -> Keys {
        let code = if self.code.is_empty() { &self.finess } else { &self.code };
        Keys { code: fold(code), name: fold(&self.name), more: self.level.name().to_owned() }
    }

    fn order(&self) -> u8 {
        PlaceLevel::ALL.iter().position(|level| *level == self.level).and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
    }

    fn announce(&self, id: SubjectId, look: &mut Look<'_>) {
        look.coming.push((id, self.clone()));
    }

    fn event(set: Set<Self>) -> Event {
        Event::PlaceSet(set)
    }

    fn status(&self, id: &SubjectId, look: &Look<'_>) -> Vec<(&'static str, String)> {
        let orphan = look.register.tree().into_iter().any(|branch| branch.id == *id && branch.orphan);
        if orphan {
            vec![("warn", "sans rattachement : celui qu’il nomme manque, ou tourne en rond".to_owned())]
        } else {
            Vec::new()
        }
    }

    fn intro(look: &Look<'_>, _: &Page<'_>) -> Markup {
        let register = look.register;
        let sites = register.places.iter().filter(|(_, place)| place.level == PlaceLevel::Site).count() as u64;
        html! {
            p.lead { (fr(&register.establishment)) (fr(" : ")) (crate::today::plural(sites, "site déclaré", "sites déclarés")) "." }
        }
    }
}
