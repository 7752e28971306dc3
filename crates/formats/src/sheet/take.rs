//! Rows of a sheet, as records, links or interfaces.

use super::columns::guess_sheet;
use super::{Field, Mapping, Shape, Sheet, book, sort_of};
use crate::source::{End, Fault, Link, Record, Sort, Source, Spot, Tie};
use crate::words::{minutes, unit_of_head, yes};
use domain::cartography::need::Relation;
use std::collections::BTreeMap;

/// What sheets are called in the journal.
pub const SYSTEM: &str = "tableur";
/// What names are separated by in one cell.
const SEPARATORS: [char; 2] = [';', '\n'];

/// What a sheet says, its columns being those.
pub fn source(sheet: &Sheet, mapping: &Mapping, name: &str) -> Source {
    let sha256 = Some(sheet.sha256);
    let mut source = Source { system: SYSTEM.to_owned(), name: name.to_owned(), sha256, ..Source::default() };
    if let Some(why) = mapping.objection() {
        source.faults.push(Fault::of(&Spot { table: sheet.name.clone(), row: 1 }, "", why));
        return source;
    }
    let mut kinds = BTreeMap::new();
    for (line, cells) in &sheet.rows {
        let spot = Spot { table: sheet.name.clone(), row: u64::from(*line) };
        let mut row = Row { sheet, mapping, cells, spot, faults: Vec::new(), kinds: &mut kinds };
        row.too_long(*line);
        row.take(&mut source);
    }
    source
}

/// What all sheets of a workbook say, their columns being recognised; sheets without any are told apart.
///
/// # Errors
/// What is wrong with the file and what to do.
pub fn whole(bytes: &[u8], name: &str) -> Result<Source, String> {
    let mut all = Source { system: SYSTEM.to_owned(), name: name.to_owned(), ..Source::default() };
    let mut nothing = None;
    for sheet in book(bytes, name)? {
        let mapping = guess_sheet(&sheet);
        if mapping.columns.iter().all(Option::is_none) {
            let spot = Spot { table: sheet.name.clone(), row: 1 };
            nothing = nothing.or_else(|| mapping.objection().map(|why| Fault::of(&spot, "", why)));
            all.ignored.push((sheet.name, sheet.rows.len()));
        } else {
            all = all.join(source(&sheet, &mapping, name));
        }
    }
    if all.records.is_empty() && all.links.is_empty() && all.faults.is_empty() {
        all.faults.extend(nothing);
    }
    Ok(all)
}

/// A row being read.
struct Row<'a> {
    sheet: &'a Sheet,
    mapping: &'a Mapping,
    cells: &'a [String],
    spot: Spot,
    faults: Vec<Fault>,
    /// Words for sorts already understood.
    kinds: &'a mut BTreeMap<String, Option<Sort>>,
}

impl<'a> Row<'a> {
    fn cell(&self, field: Field) -> &'a str {
        self.mapping.column(field).map_or("", |column| self.sheet.cell(self.cells, column))
    }

    fn said(&self, field: Field) -> Option<String> {
        let cell = self.cell(field);
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    fn fault(&mut self, field: Field, sentence: impl Into<String>) {
        let head = self.mapping.column(field).and_then(|at| self.sheet.heads.get(at)).map_or(field.label(), String::as_str);
        self.faults.push(Fault::of(&self.spot, head, sentence));
    }

    fn too_long(&mut self, line: u32) {
        // Kept in the order of the lines.
        let from = self.sheet.long.partition_point(|(at, ..)| *at < line);
        for (_, column, bytes) in self.sheet.long.iter().skip(from).take_while(|(at, ..)| *at == line) {
            let head = self.sheet.heads.get(*column).cloned().unwrap_or_default();
            let sentence =
                format!("Cette case compte {bytes} octets ; le maximum est {} : raccourcissez-la.", super::MAP.cell_bytes_max);
            self.faults.push(Fault { spot: self.spot.clone(), column: head, sentence });
        }
    }

    fn take(mut self, source: &mut Source) {
        let (mut records, mut links) = (Vec::new(), Vec::new());
        match self.mapping.shape {
            Shape::Records => self.record(&mut records, &mut links),
            Shape::Links => links.extend(self.link()),
            Shape::Exchanges => links.extend(self.exchange()),
        }
        if self.faults.is_empty() {
            source.records.extend(records);
            source.links.extend(links);
        } else {
            source.faults.extend(self.faults);
        }
    }

    fn sort(&mut self, field: Field) -> Option<Sort> {
        let cell = self.cell(field);
        if cell.is_empty() {
            return None;
        }
        let known = *self.kinds.entry(cell.to_owned()).or_insert_with(|| sort_of(cell));
        if known.is_none() {
            let short: String = cell.chars().take(60).collect();
            self.fault(
                field,
                format!("« {short} » n’est pas une sorte connue : par exemple activité, application, serveur logique."),
            );
        }
        known
    }

    fn minutes(&mut self, field: Field) -> Option<u32> {
        let cell = self.cell(field);
        if cell.is_empty() {
            return None;
        }
        let column = self.mapping.column(field);
        let unit = column.and_then(|at| self.sheet.heads.get(at)).and_then(|head| unit_of_head(head));
        let read = minutes(cell, unit);
        if read.is_none() {
            let short: String = cell.chars().take(60).collect();
            self.fault(field, format!("« {short} » n’est pas une durée comprise ici : écrivez par exemple 30 min, 4 h ou 3 j."));
        }
        read
    }

    fn yes(&mut self, field: Field) -> Option<bool> {
        let cell = self.cell(field);
        if cell.is_empty() {
            return None;
        }
        let read = yes(cell);
        if read.is_none() {
            self.fault(field, "Écrivez oui ou non, ou laissez vide.");
        }
        read
    }

    fn number(&mut self, field: Field) -> Option<u32> {
        let cell = self.cell(field);
        if cell.is_empty() {
            return None;
        }
        let read = cell.parse().ok();
        if read.is_none() {
            self.fault(field, "Écrivez un nombre entier.");
        }
        read
    }

    fn names(&self, field: Field) -> Vec<&'a str> {
        self.cell(field).split(SEPARATORS).map(str::trim).filter(|name| !name.is_empty()).collect()
    }

    fn record(&mut self, records: &mut Vec<Record>, links: &mut Vec<Link>) {
        let name = self.cell(Field::Name);
        if name.is_empty() {
            self.fault(Field::Name, "Le nom manque : écrivez-le, ou retirez cette ligne.");
        }
        let told = self.sort(Field::Kind);
        if told.is_none() && self.faults.is_empty() && self.mapping.sort.is_none() {
            self.fault(Field::Kind, "La sorte manque : par exemple activité, application, serveur logique.");
        }
        let Some(sort) = told.or(self.mapping.sort) else { return };
        let mut external = self.names(Field::External).into_iter().map(str::to_owned);
        let priority = self.number(Field::Priority).map(|number| u8::try_from(number).unwrap_or(u8::MAX));
        let record = Record {
            external: external.next().unwrap_or_default(),
            also: external.collect(),
            description: self.said(Field::Description),
            owner: self.said(Field::Owner),
            priority,
            mtpd_minutes: self.minutes(Field::Mtpd),
            rto_minutes: self.minutes(Field::Rto),
            rpo_minutes: self.minutes(Field::Rpo),
            zone: self.said(Field::Zone),
            survives: self.yes(Field::Survives),
            survives_why: self.said(Field::SurvivesWhy),
            essential: self.yes(Field::Essential),
            unit: self.said(Field::Unit),
            provider: self.said(Field::Provider),
            ..Record::named(self.spot.clone(), sort, name)
        };
        let from = End::Named(Some(sort), name.to_owned());
        for (field, relation) in [(Field::Needs, Relation::Needs), (Field::HostedOn, Relation::HostedOn)] {
            for to in self.names(field) {
                links.push(self.to(from.clone(), to, need(relation)));
            }
        }
        for to in self.names(Field::ManagedBy) {
            links.push(self.to(from.clone(), to, Tie::ManagedBy));
        }
        records.push(record);
    }

    fn to(&self, from: End, to: &str, tie: Tie) -> Link {
        Link { spot: self.spot.clone(), from, to: End::Named(None, to.to_owned()), tie }
    }

    fn end(&mut self, field: Field, kind: Field) -> Option<End> {
        let name = self.cell(field);
        if name.is_empty() {
            self.fault(field, "Ce bout du lien manque : écrivez le nom d’une activité ou d’un élément.");
            return None;
        }
        let sort = self.sort(kind);
        Some(End::Named(sort, name.to_owned()))
    }

    fn link(&mut self) -> Option<Link> {
        let from = self.end(Field::Source, Field::SourceKind);
        let to = self.end(Field::Target, Field::TargetKind);
        let tie = self.tie();
        Some(Link { spot: self.spot.clone(), from: from?, to: to?, tie })
    }

    fn tie(&mut self) -> Tie {
        let relation = match crate::words::fold(self.cell(Field::Relation)).as_str() {
            "" | "a besoin de" | "besoin" | "needs" | "depend de" => Relation::Needs,
            "est heberge sur" | "heberge sur" | "hosted on" => Relation::HostedOn,
            "gere par" | "est gere par" | "managed by" => return Tie::ManagedBy,
            _ => {
                self.fault(Field::Relation, "Écrivez « a besoin de », « est hébergé sur » ou « géré par ».");
                Relation::Needs
            }
        };
        Tie::Need {
            relation,
            group: self.cell(Field::Group).to_owned(),
            at_least: self.number(Field::AtLeast).unwrap_or(1),
            holds_minutes: self.minutes(Field::Holds),
            degrades: self.yes(Field::Degrades).unwrap_or_default(),
            why: self.cell(Field::Why).to_owned(),
        }
    }

    fn exchange(&mut self) -> Option<Link> {
        let from = self.end(Field::Source, Field::SourceKind);
        let to = self.end(Field::Target, Field::TargetKind);
        let name = match self.cell(Field::Name) {
            "" => format!("{} → {}", self.cell(Field::Source), self.cell(Field::Target)),
            name => name.to_owned(),
        };
        let tie = Tie::Exchange {
            external: self.cell(Field::External).to_owned(),
            name,
            protocol: self.cell(Field::Protocol).to_owned(),
            critical: self.yes(Field::Critical).unwrap_or_default(),
            both_ways: self.yes(Field::BothWays).unwrap_or_default(),
            via: self.said(Field::Via).map(|name| End::Named(None, name)),
            fallback: self.cell(Field::Fallback).to_owned(),
        };
        Some(Link { spot: self.spot.clone(), from: from?, to: to?, tie })
    }
}

/// A need of which nothing else is said.
pub(crate) fn need(relation: Relation) -> Tie {
    Tie::Need { relation, group: String::new(), at_least: 1, holds_minutes: None, degrades: false, why: String::new() }
}
