//! Which column is what: recognised by the heads, or chosen by a person.

use super::{Field, Sheet, sort_of};
use crate::source::Sort;
use crate::words::fold;
use domain::cartography::kind::AssetKind;

/// What the rows of a sheet are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// One activity or element a row.
    #[default]
    Records,
    /// One link a row.
    Links,
    /// One interface a row.
    Exchanges,
}

impl Shape {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Records, Self::Links, Self::Exchanges];

    /// The name in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Links => "links",
            Self::Exchanges => "exchanges",
        }
    }

    /// The words on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Records => "une activité ou un élément",
            Self::Links => "un lien",
            Self::Exchanges => "une interface",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.name() == name)
    }

    /// The columns that mean something there.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        use Field::{
            AtLeast, BothWays, Critical, Degrades, External, Fallback, Group, Holds, Name, Protocol, Relation, Source,
            SourceKind, Target, TargetKind, Via, Why,
        };
        let links = [Source, SourceKind, Target, TargetKind, Relation, Group, AtLeast, Holds, Degrades, Why];
        let ends = [Name, External, Source, SourceKind, Target, TargetKind];
        let exchanges = [Protocol, Critical, BothWays, Via, Fallback];
        let only = move |field: &Field| links.contains(field) || exchanges.contains(field);
        Field::ALL.iter().copied().filter(move |field| match self {
            Self::Records => !only(field),
            Self::Links => links.contains(field),
            Self::Exchanges => ends.contains(field) || exchanges.contains(field),
        })
    }
}

/// Which column is what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// What its rows are.
    pub shape: Shape,
    /// What each column is, in the order of the heads; `None`: left aside.
    pub columns: Vec<Option<Field>>,
    /// What every record is, when no column says so.
    pub sort: Option<Sort>,
}

impl Mapping {
    /// Where a field is found.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| *column == Some(field))
    }

    /// Whether a field is found.
    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    /// Why rows cannot be taken so, in words that say what to do; none when they can.
    pub fn objection(&self) -> Option<String> {
        let missing = |field: Field| {
            (!self.has(field)).then(|| {
                let head = field.label();
                format!("La colonne « {head} » manque : dites laquelle c’est, ou ajoutez-la au fichier.")
            })
        };
        let twice = || {
            let again = |(at, field): (usize, &Option<Field>)| field.filter(|field| self.column(*field) != Some(at));
            let field = self.columns.iter().enumerate().find_map(again)?;
            Some(format!("Deux colonnes sont prises pour « {} » : n’en gardez qu’une.", field.label()))
        };
        let ends = match self.shape {
            Shape::Records => missing(Field::Name).or_else(|| {
                let unsaid = self.sort.is_none() && !self.has(Field::Kind);
                unsaid.then(|| "La colonne « Sorte » manque : dites laquelle c’est, ou ce que sont toutes ces lignes.".to_owned())
            }),
            Shape::Links | Shape::Exchanges => missing(Field::Source).or_else(|| missing(Field::Target)),
        };
        ends.or_else(twice)
    }
}

/// A head without the unit it tells: « RTO (h) », « DMIA en minutes ».
fn without_unit(head: &str) -> &str {
    let units = [" en heures", " en minutes", " en jours", " heures", " minutes", " jours", " min", " h", " j"];
    units.into_iter().find_map(|unit| head.strip_suffix(unit)).unwrap_or(head)
}

/// Recognises columns by their heads, whatever their order, case and accents.
pub fn guess(heads: &[String]) -> Mapping {
    let folded: Vec<String> = heads.iter().map(|head| without_unit(&fold(head)).to_owned()).collect();
    let named = |field: Field| fold(field.label());
    let has = |field: Field| folded.iter().any(|head| *head == named(field) || field.also().contains(&head.as_str()));
    let exchanges = [Field::Protocol, Field::Critical, Field::BothWays, Field::Via, Field::Fallback];
    let shape = match has(Field::Source) && has(Field::Target) {
        true if exchanges.into_iter().any(has) => Shape::Exchanges,
        true => Shape::Links,
        false => Shape::Records,
    };
    let mut columns: Vec<Option<Field>> = vec![None; heads.len()];
    let mut take = |field: Field, fits: &dyn Fn(&str) -> bool| {
        if columns.contains(&Some(field)) {
            return;
        }
        let free = |(at, head): &(usize, &String)| columns[*at].is_none() && fits(head);
        if let Some((at, _)) = folded.iter().enumerate().find(free) {
            columns[at] = Some(field);
        }
    };
    // Exact heads first: « Application » is a name only where no column is called « Nom ».
    shape.fields().for_each(|field| take(field, &|head| *head == named(field)));
    for field in shape.fields() {
        field.also().iter().for_each(|also| take(field, &|head| head == *also));
    }
    let sort = (shape == Shape::Records && !columns.contains(&Some(Field::Kind))).then(|| sort_of_heads(&folded)).flatten();
    Mapping { shape, columns, sort }
}

/// What all rows are, by the head of their names: « Application », « Activité ».
fn sort_of_heads(folded: &[String]) -> Option<Sort> {
    let known = |head: &String| match head.as_str() {
        "activite" => Some(Sort::Activity),
        "application" | "logiciel" => Some(Sort::Asset(AssetKind::Application)),
        "serveur" => Some(Sort::Asset(AssetKind::LogicalServer)),
        _ => None,
    };
    folded.iter().find_map(known)
}

/// The same for a sheet, whose name may say what all its rows are: « Applications ».
pub fn guess_sheet(sheet: &Sheet) -> Mapping {
    let mut mapping = guess(&sheet.heads);
    if mapping.shape == Shape::Records && mapping.sort.is_none() && !mapping.has(Field::Kind) {
        let stem = sheet.name.rsplit_once('.').map_or(sheet.name.as_str(), |(stem, _)| stem);
        mapping.sort = sort_of(stem);
    }
    mapping
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(line: &str) -> Vec<String> {
        line.split(';').map(str::to_owned).collect()
    }

    #[test]
    fn columns_are_recognised_by_french_and_english_heads() {
        let mapping = guess(&heads("Application;Éditeur;RTO (h);Dépend de;Couleur"));
        assert_eq!(mapping.columns, [Some(Field::Name), Some(Field::Provider), Some(Field::Rto), Some(Field::Needs), None]);
        assert_eq!(mapping.sort, Some(Sort::Asset(AssetKind::Application)));
        assert_eq!(guess(&heads("source;target;why")).shape, Shape::Links);
        assert_eq!(guess(&heads("Source;Cible;Protocole")).shape, Shape::Exchanges);
        // Two columns that could be the name: the exact head wins, whatever the order.
        assert_eq!(guess(&heads("Application;Nom;Sorte")).columns, [None, Some(Field::Name), Some(Field::Kind)]);
    }

    #[test]
    fn every_exported_head_is_recognised_as_itself() {
        for shape in Shape::ALL {
            let fields: Vec<Field> = shape.fields().collect();
            let labels: Vec<String> = fields.iter().map(|field| field.label().to_owned()).collect();
            let mapping = guess(&labels);
            assert_eq!(mapping.shape, shape);
            assert_eq!(mapping.columns, fields.into_iter().map(Some).collect::<Vec<_>>());
            assert_eq!(mapping.objection(), None);
        }
    }

    #[test]
    fn a_missing_column_is_named() {
        assert!(guess(&heads("Sorte;Responsable")).objection().unwrap_or_default().contains("« Nom » manque"));
        assert!(guess(&heads("Nom;Responsable")).objection().unwrap_or_default().contains("« Sorte » manque"));
        let twice = Mapping {
            shape: Shape::Links,
            columns: vec![Some(Field::Source), Some(Field::Target), Some(Field::Source)],
            sort: None,
        };
        assert!(twice.objection().unwrap_or_default().contains("Deux colonnes"));
    }
}
