//! Sheets: what people bring, right and wrong; what leaves comes back.

use crate::house::{count, faults, house, sheet};
use domain::Event;
use domain::cartography::event::AssetSet;
use domain::cartography::kind::AssetKind;
use formats::export::{self, Part};
use formats::plan::Change;
use formats::sheet::{book, read, source, whole};
use journal::SubjectId;
use std::io::{Cursor, Write};

const MAP: &str = "Nom;Sorte;Priorité;DMIA;A besoin de;Hébergé sur;Survit à l'attaque\n\
    Urgences;activité;1;4 h;Dossier;;\n\
    Dossier;application;;2 h;;SRV1;\n\
    SRV1;serveur logique;;;;;non\n";

#[test]
fn a_sheet_becomes_a_map_and_again_changes_nothing() {
    let house = house();
    let plan = house.import(&sheet(MAP));
    assert_eq!((count(&plan, Change::Created), plan.faults.len()), (3, 0));
    assert_eq!((house.needs("Urgences"), house.needs("Dossier")), (vec!["Dossier".to_owned()], vec!["SRV1".to_owned()]));
    let again = house.plan(&sheet(MAP));
    assert_eq!((again.lines.len(), count(&again, Change::Same)), (0, 3));
    let later = house.import(&sheet(&MAP.replace("2 h", "1 h")));
    let changed: Vec<_> = later.planned.iter().filter(|one| one.change == Change::Changed).collect();
    assert_eq!((changed.len(), changed[0].differs.as_slice()), (1, ["DMIA 2 h → 1 h".to_owned()].as_slice()));
}

#[test]
fn good_rows_can_be_taken_while_the_three_bad_ones_are_listed() {
    let mut text = "Nom;Sorte;RTO\n".to_owned();
    for nth in 1..=10_000 {
        text += &match nth {
            17 => ";serveur logique;\n".to_owned(),
            4_000 => "SRV-4000;truc;\n".to_owned(),
            9_999 => "SRV-9999;serveur logique;bientôt\n".to_owned(),
            _ => format!("SRV-{nth};serveur logique;4 h\n"),
        };
    }
    let house = house();
    let plan = house.import(&sheet(&text));
    assert_eq!(count(&plan, Change::Created), 9_997);
    let rows: Vec<u64> = faults(&plan).iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [18, 4_001, 10_000]);
    assert_eq!(house.state().cartography.assets().len(), 9_997);
}

#[test]
fn each_wrong_link_is_named_with_its_row() {
    let links = "Source;Cible;Groupe;Au moins;Tient sans\n\
        Urgences;Dossier;;;\n\
        Urgences;Fantôme;;;\n\
        Dossier;Dossier;;;\n\
        Dossier;SRV1;a;3;\n\
        SRV1;Dossier;;;toujours\n\
        ;Dossier;;;\n";
    let house = house();
    house.import(&sheet(MAP));
    let plan = house.import(&sheet(links));
    let told = faults(&plan);
    let of = |row: u64| told.iter().find(|(at, _)| *at == row).map(|(_, why)| why.as_str()).unwrap_or_default();
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(of(3).contains("Fantôme"));
    assert!(of(4).contains("lui-même"));
    assert!(of(5).contains("« Au moins 3 » parmi 1"));
    assert!(of(6).contains("durée"));
    assert!(of(7).contains("manque"));
    assert_eq!(house.needs("Dossier"), ["SRV1"], "what the map has stays");
}

#[test]
fn names_twice_ids_twice_and_values_out_of_bounds_are_refused_row_by_row() {
    let long = "x".repeat(1_001);
    let text = format!(
        "Nom;Sorte;Identifiant externe;Priorité;DMIA;Description\n\
        A;application;x/1;;;\n\
        a ;application;;;;\n\
        A;base de données;;;;\n\
        B;application;x/1;;;\n\
        C;activité;;9;;\n\
        D;activité;;2;400 j;\n\
        E;application;;;;{long}\n\
        {};application;;;;\n",
        "n".repeat(121)
    );
    let house = house();
    let plan = house.import(&sheet(&text));
    let rows: Vec<u64> = faults(&plan).iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [3, 5, 6, 7, 8, 9], "{:?}", plan.faults);
    assert_eq!(count(&plan, Change::Created), 2, "one name may be borne by things of different sorts");
    // A name on the map that the file gives to another thing.
    let taken = house.plan(&sheet("Nom;Sorte;Identifiant externe\nA;application;autre/7\nA2;application;x/1\n"));
    assert_eq!(faults(&taken).len(), 1, "{:?}", taken.faults);
}

#[test]
fn a_missing_column_and_a_separator_unseen_are_told_once() {
    let missing = sheet("Sorte;Responsable\napplication;X\n");
    assert_eq!((missing.records.len(), missing.faults.len()), (0, 1));
    assert!(missing.faults[0].sentence.contains("« Nom » manque"));
    // Bars are no separator: one column, whose head is none that is known.
    let bars = whole(b"Nom|Sorte\nA|application\n", "barres.csv").unwrap();
    assert_eq!((bars.records.len(), bars.faults.len(), bars.ignored.len()), (0, 1, 1));
    assert!(bars.faults[0].sentence.contains("« Nom » manque"));
}

#[test]
fn latin_1_commas_and_tabs_are_read_like_the_rest() {
    let text = "Nom,Sorte,Priorité\nRéanimation,activité,1\n";
    let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    for bytes in [latin, text.replace(',', "\t").into_bytes(), text.as_bytes().to_vec()] {
        let source = whole(&bytes, "essai.csv").unwrap();
        assert_eq!(
            (source.records.len(), source.records[0].name.as_str(), source.records[0].priority),
            (1, "Réanimation", Some(1))
        );
    }
}

#[test]
fn formulas_are_words_and_leave_guarded() {
    let house = house();
    house.import(&sheet("Nom;Sorte;Description\n\"=HYPERLINK(\"\"http://x\"\")\";application;@SUM(A1)\n'+33;application;-1\n"));
    let csv = String::from_utf8(export::csv(&house.state(), Part::Assets)).unwrap();
    for cell in csv.split([';', '\n']).map(|cell| cell.trim_matches(['"', '\u{feff}'])) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    let back = house.plan(&whole(csv.as_bytes(), "retour.csv").unwrap());
    assert_eq!((back.lines.len(), back.faults.len(), count(&back, Change::Same)), (0, 0, 2));
}

#[test]
fn a_cell_of_a_million_bytes_costs_its_row_and_no_other() {
    let text = format!("Nom;Sorte;Description\nA;application;{}\nB;application;court\n", "x".repeat(1_000_000));
    let source = sheet(&text);
    assert_eq!((source.records.len(), source.faults.len()), (1, 1));
    assert!(source.faults[0].sentence.contains("1000000 octets") && source.faults[0].spot.row == 2);
}

fn packed(entries: &[(&str, usize)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let zeros = vec![0_u8; 1024 * 1024];
    for (name, mib) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..*mib {
            archive.write_all(&zeros).unwrap();
        }
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read() {
    let bomb = packed(&[("xl/workbook.xml", 300)]);
    assert!(bomb.len() < 1024 * 1024);
    assert!(read(&bomb, "bombe.xlsx").is_err_and(|why| why.contains("déplie")));
    let many: Vec<(String, usize)> = (0..2_001).map(|nth| (format!("f{nth}"), 0)).collect();
    let many: Vec<(&str, usize)> = many.iter().map(|(name, size)| (name.as_str(), *size)).collect();
    assert!(read(&packed(&many), "bombe.xlsx").is_err_and(|why| why.contains("abîmé")));
}

#[test]
fn what_somebody_wrote_on_the_map_stays_when_the_file_does_not_say_it() {
    let house = house();
    house.import(&sheet(MAP));
    let id = house.state().cartography.applications()[0].id;
    let known = house.state().cartography.applications()[0].clone();
    let set = AssetSet {
        owner: Some("M. Essai".to_owned()),
        zone: "DMZ".to_owned(),
        supersedes: known.described.seen(),
        ..known.now().clone()
    };
    house.say(&Event::AssetSet(set), id);
    assert_eq!(house.plan(&sheet(MAP)).lines.len(), 0);
}

#[test]
fn the_whole_map_leaves_as_a_workbook_and_comes_back_the_same_elsewhere() {
    let here = house();
    here.import(&formats::mercator::read(include_bytes!("../files/mercator.json"), "m.json").unwrap());
    let id = SubjectId([9; 16]);
    let odd = AssetSet {
        name: "'cité; \"guillemets\"\nligne".to_owned(),
        kind: AssetKind::Biomedical,
        survives: Some(true),
        survives_why: "isolé".to_owned(),
        essential: true,
        ..AssetSet::default()
    };
    here.say(&Event::AssetSet(odd), id);
    let written = export::xlsx(&here.state()).unwrap();
    let there = house();
    let plan = there.import(&whole(&written, "carte.xlsx").unwrap());
    assert_eq!(faults(&plan), Vec::new());
    assert_eq!(there.told(), here.told());
    assert_eq!(there.plan(&whole(&written, "carte.xlsx").unwrap()).lines.len(), 0);
    // The same as CSV, part by part.
    let apart = house();
    for part in Part::ALL {
        let plan = apart.import(&whole(&export::csv(&here.state(), part), &format!("{}.csv", part.name())).unwrap());
        assert_eq!(faults(&plan), Vec::new());
    }
    assert_eq!(apart.told(), here.told());
    let json: serde_json::Value = serde_json::from_str(&export::json(&here.state())).unwrap();
    assert_eq!(json["assets"].as_object().map(|all| all.len()), Some(here.state().cartography.assets().len()));
}

#[test]
fn a_chosen_column_counts_as_much_as_a_recognised_one() {
    let sheets = book("Appli;Machine\nDossier;SRV1\n".as_bytes(), "inventaire.csv").unwrap();
    let mut mapping = formats::sheet::guess(&sheets[0].heads);
    assert_eq!(mapping.columns, [None, None]);
    mapping.columns = vec![Some(formats::sheet::Field::Name), Some(formats::sheet::Field::HostedOn)];
    mapping.sort = formats::sheet::sort_of("application");
    let source = source(&sheets[0], &mapping, "inventaire.csv");
    assert_eq!((source.records.len(), source.links.len(), source.faults.len()), (1, 1, 0));
}
