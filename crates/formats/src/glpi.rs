//! GLPI: its lists, exported as CSV with French heads, one file for each type of item.
//!
//! A computer of a domain needs it, and what stands in a place is hosted there: nothing else is read as a link.

use crate::sheet::{self, Sheet, need, sort_of};
use crate::source::{End, Link, Record, Sort, Source, Spot, Tie};
use crate::words::{cut, fold};
use domain::cartography::kind::AssetKind;
use domain::cartography::names::folded;
use domain::cartography::need::Relation;
use domain::register::check::NOTES_CHARS_MAX;
use std::collections::{BTreeMap, BTreeSet};

/// What GLPI is called in the journal.
pub const SYSTEM: &str = "glpi";

/// Item types: words of the file's name, GLPI's name, what its items are.
const TYPES: &[(&[&str], &str, AssetKind)] = &[
    (&["logiciel", "software"], "Software", AssetKind::Application),
    (&["applicatif", "appliance"], "Appliance", AssetKind::Application),
    (&["imprimante", "printer"], "Printer", AssetKind::Peripheral),
    (&["peripherique", "peripheral"], "Peripheral", AssetKind::Peripheral),
    (&["telephone", "phone"], "Phone", AssetKind::Phone),
    (&["reseau", "network", "switch", "commutateur"], "NetworkEquipment", AssetKind::Switch),
    (&["cluster", "grappe"], "Cluster", AssetKind::Cluster),
    (&["base", "database"], "DatabaseInstance", AssetKind::Database),
    // After the others: « serveurs » and « machines virtuelles » are computers too.
    (&["serveur", "server"], "Computer", AssetKind::PhysicalServer),
    (&["virtuel", "virtual", "vm"], "Computer", AssetKind::LogicalServer),
    (&["ordinateur", "computer", "poste", "pc"], "Computer", AssetKind::Workstation),
];

/// States in which an item serves no more, folded.
const OUT_OF_USE: [&str; 8] = ["reforme", "rebut", "au rebut", "hors service", "hs", "en stock", "stock", "perdu"];

/// Reads the exports of several types together: files by name.
///
/// # Errors
/// What is wrong with the files and what to do.
pub fn read(files: &[(String, Vec<u8>)]) -> Result<Source, String> {
    let mut all = Source { system: SYSTEM.to_owned(), reading: true, ..Source::default() };
    all.name = cut(&files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "), 200);
    let mut inventory = Inventory { source: all, places: BTreeMap::new(), domains: BTreeMap::new(), names: BTreeSet::new() };
    for (name, bytes) in files {
        let sheet = sheet::read(bytes, name).map_err(|why| format!("{name} : {why}"))?;
        let (item, kind) = item_type(name).ok_or_else(|| {
            format!("{name} : dites de quoi c’est la liste dans le nom du fichier, par exemple ordinateurs.csv, logiciels.csv ou reseau.csv.")
        })?;
        inventory.list(&sheet, item, kind)?;
    }
    if files.is_empty() {
        return Err("Choisissez au moins un export CSV de GLPI, par exemple ordinateurs.csv.".to_owned());
    }
    inventory.source.sha256 =
        Some(journal::entry::sha256(&files.iter().flat_map(|(_, bytes)| journal::entry::sha256(bytes).0).collect::<Vec<u8>>()));
    inventory.source.covers.sort();
    inventory.source.covers.dedup();
    Ok(inventory.source)
}

/// What a file lists, by its name.
fn item_type(name: &str) -> Option<(&'static str, AssetKind)> {
    let folded = fold(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let says = |words: &[&str]| words.iter().any(|word| folded.split(' ').any(|one| one.starts_with(word)));
    TYPES.iter().find(|(words, ..)| says(words)).map(|(_, item, kind)| (*item, *kind))
}

/// What was read so far.
struct Inventory {
    source: Source,
    /// External names of places and domains, by folded name.
    places: BTreeMap<String, String>,
    domains: BTreeMap<String, String>,
    names: BTreeSet<(Sort, String)>,
}

/// A list, its columns found by their heads.
struct List<'s> {
    sheet: &'s Sheet,
    heads: Vec<String>,
}

impl<'s> List<'s> {
    /// The first of these heads that says something on a row.
    fn cell(&self, row: &'s [String], heads: &[&str]) -> Option<&'s str> {
        let at = |head: &&str| self.heads.iter().position(|one| one == *head);
        heads.iter().filter_map(at).map(|at| self.sheet.cell(row, at)).find(|cell| !cell.is_empty())
    }
}

impl Inventory {
    fn list(&mut self, sheet: &Sheet, item: &str, kind: AssetKind) -> Result<(), String> {
        let list = List { sheet, heads: sheet.heads.iter().map(|head| fold(head)).collect() };
        if !list.heads.iter().any(|head| head == "nom" || head == "name") {
            return Err(format!("{} : la colonne « Nom » manque ; exportez la liste de GLPI avec cette colonne.", sheet.name));
        }
        // A list of servers is a part of the computers: only the whole list says what is absent.
        if !matches!(kind, AssetKind::PhysicalServer | AssetKind::LogicalServer) {
            self.source.covers.push(format!("{SYSTEM}:{item}"));
        }
        let mut out_of_use = 0;
        for (line, row) in &sheet.rows {
            let state = list.cell(row, &["statut", "status", "etat"]).map(fold);
            if state.is_some_and(|state| OUT_OF_USE.contains(&state.as_str())) {
                out_of_use += 1;
                continue;
            }
            self.item(&list, *line, row, item, kind);
        }
        if out_of_use > 0 {
            self.source.ignored.push((format!("{} : réformés, perdus ou en stock", sheet.name), out_of_use));
        }
        Ok(())
    }

    fn item(&mut self, list: &List<'_>, line: u32, row: &[String], item: &str, kind: AssetKind) {
        let spot = Spot { table: list.sheet.name.clone(), row: u64::from(line) };
        let name = list.cell(row, &["nom", "name"]).unwrap_or_default();
        let number = list.cell(row, &["id", "identifiant"]).unwrap_or_default();
        // « Type » is the establishment's own word: read when it is one we know.
        let typed = list.cell(row, &["type", "types"]).and_then(sort_of).filter(|_| kind != AssetKind::Application);
        let sort = typed.filter(|sort| *sort != Sort::Activity).unwrap_or(Sort::Asset(kind));
        let mut record = Record::named(spot.clone(), sort, name);
        if !number.is_empty() {
            record.external = format!("{SYSTEM}:{item}/{number}");
            // GLPI tells items of one name apart by their number, so do we.
            if !self.names.insert((sort, folded(name))) {
                record.name = format!("{name} (n° {number})");
            }
        }
        let owner = ["groupe responsable", "groupe technique", "technicien responsable", "responsable technique", "utilisateur"];
        record.owner = list.cell(row, &owner).map(str::to_owned);
        record.zone = list.cell(row, &["reseau", "reseaux", "vlan"]).map(str::to_owned);
        record.provider = list.cell(row, &["editeur", "fournisseur"]).map(str::to_owned);
        record.description = description(list, row);
        let from = || match record.external.as_str() {
            "" => End::Named(Some(sort), record.name.clone()),
            external => End::External(external.to_owned()),
        };
        if let Some(domain) = list.cell(row, &["domaine", "domaines", "domaines nom", "domaine nom"]) {
            let to = End::External(self.shared(&spot, domain, AssetKind::Domain));
            self.source.links.push(Link { spot: spot.clone(), from: from(), to, tie: member() });
        }
        if let Some(place) = list.cell(row, &["lieu", "lieux", "location"]).filter(|_| kind != AssetKind::Application) {
            let to = End::External(self.shared(&spot, place, AssetKind::Building));
            self.source.links.push(Link { spot, from: from(), to, tie: need(Relation::HostedOn) });
        }
        self.source.records.push(record);
    }

    /// A place or a domain that items name: a record of its own, once.
    fn shared(&mut self, spot: &Spot, name: &str, kind: AssetKind) -> String {
        let (known, word) =
            if kind == AssetKind::Domain { (&mut self.domains, "Domain") } else { (&mut self.places, "Location") };
        if let Some(external) = known.get(&folded(name)) {
            return external.clone();
        }
        let external = format!("{SYSTEM}:{word}/{}", cut(&fold(name), 100));
        known.insert(folded(name), external.clone());
        self.source.records.push(Record { external: external.clone(), ..Record::named(spot.clone(), Sort::Asset(kind), name) });
        external
    }
}

fn member() -> Tie {
    Tie::Need {
        relation: Relation::Needs,
        group: String::new(),
        at_least: 1,
        holds_minutes: None,
        degrades: false,
        why: "membre de ce domaine".to_owned(),
    }
}

/// What helps to recognise an item.
fn description(list: &List<'_>, row: &[String]) -> Option<String> {
    const TOLD: [(&str, &[&str]); 7] = [
        ("", &["commentaires", "commentaire"]),
        (
            "Système",
            &["systemes d exploitation", "systeme d exploitation", "systemes d exploitation nom", "systeme d exploitation nom"],
        ),
        ("Modèle", &["modele"]),
        ("Fabricant", &["fabricant"]),
        ("Numéro de série", &["numero de serie"]),
        ("Entité", &["entite"]),
        ("Adresse", &["ip", "adresse ip", "reseau ip"]),
    ];
    let told = |(word, heads): &(&str, &[&str])| {
        let cell = list.cell(row, heads)?;
        Some(if word.is_empty() { cell.to_owned() } else { format!("{word} : {cell}") })
    };
    let words: Vec<String> = TOLD.iter().filter_map(told).collect();
    (!words.is_empty()).then(|| cut(&words.join("\n"), NOTES_CHARS_MAX))
}
