//! A small file of Mercator's shape: what it becomes, again, and back.

use crate::house::{count, faults, house};
use domain::cartography::network::Net;
use formats::plan::Change;
use formats::{export, mercator};

const FILE: &[u8] = include_bytes!("../files/mercator.json");

#[test]
fn its_tables_become_activities_elements_links_and_interfaces() {
    let house = house();
    let source = mercator::read(FILE, "mercator.json").unwrap();
    let plan = house.import(&source);
    assert_eq!(house.needs("Urgences"), ["Admission (dégradé)", "Dossier"]);
    assert_eq!(house.needs("Dossier"), ["DOSSIERS", "SRV-APP"]);
    assert_eq!(house.needs("SRV-APP"), ["HOPITAL", "SERVEURS"]);
    assert_eq!(house.needs("GRAPPE"), ["1/HÔTE|HÔTE (n° 2)"]);
    assert_eq!(house.needs("HÔTE"), ["Baie 1", "COMMUT"]);
    assert_eq!(house.needs("COMMUT"), ["ROUTEUR", "Site"]);
    let state = house.state();
    let urgences = state.cartography.by_priority()[0].now().clone();
    assert_eq!(
        (urgences.name.as_str(), urgences.priority, urgences.mtpd_minutes, urgences.rpo_minutes),
        ("Urgences", 1, Some(240), Some(30))
    );
    assert_eq!(urgences.description, "Accueil & soins\njour et nuit\nMacro-processus : Soigner");
    let names: Vec<&str> = state.cartography.exchanges().iter().map(|one| one.now().name.as_str()).collect();
    assert_eq!(names, ["Résultats", "Résultats (n° 2)"]);
    let refused = faults(&plan);
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused.iter().any(|(row, why)| *row == 4 && why.contains("n° 99 de la table « applications »")));
    assert!(refused.iter().any(|(row, why)| *row == 3 && why.contains("source ou la cible")));
    assert!(source.ignored.contains(&("documents".to_owned(), 1)));
    assert_eq!(state.cartography.by_priority().len(), 3, "what is in the bin stays there");
}

#[test]
fn losing_the_directory_stops_what_its_servers_carry_and_nothing_else() {
    let house = house();
    house.import(&mercator::read(FILE, "mercator.json").unwrap());
    let state = house.state();
    let map = &state.cartography;
    let lost = |name: &str| map.assets().iter().find(|asset| asset.now().name == name).map(|asset| asset.id).unwrap();
    let net = Net::of(map);
    let stopped = |name: &str| {
        let outcome = net.what_if(&[lost(name)]);
        let mut names: Vec<String> = net.fates(map, &outcome).iter().map(|fate| fate.activity.now().name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(stopped("HOPITAL"), ["Laboratoire", "Urgences"]);
    assert_eq!(stopped("FORET"), ["Laboratoire", "Urgences"]);
    assert_eq!(stopped("HÔTE (n° 2)"), Vec::<String>::new(), "the other machine carries the cluster");
    assert_eq!(stopped("Salle 1"), ["Urgences"]);
}

#[test]
fn the_same_file_again_changes_nothing_and_a_lost_row_is_only_listed() {
    let house = house();
    let source = mercator::read(FILE, "mercator.json").unwrap();
    house.import(&source);
    let again = house.plan(&source);
    assert_eq!((again.lines.len(), count(&again, Change::Same)), (0, again.planned.len()));
    assert_eq!((again.kept.len(), again.absent.len()), (0, 0));
    let renamed = String::from_utf8_lossy(FILE).replace("\"Analyses\"", "\"Analyses 2\"").replace("\"SRV-PAIE\"", "\"SRV-RH\"");
    let renamed = renamed
        .replace("\"id\": 3, \"name\": \"Paie\", \"description\": \"\"", "\"id\": 4, \"name\": \"Paye\", \"description\": \"\"");
    let next = house.import(&mercator::read(renamed.as_bytes(), "mercator.json").unwrap());
    assert_eq!((count(&next, Change::Created), count(&next, Change::Changed)), (1, 2));
    assert_eq!(next.absent.len(), 1, "the old activity is told, and stays");
    assert_eq!(house.state().cartography.by_priority().len(), 4);
}

#[test]
fn what_leaves_in_mercators_layout_comes_back_as_it_is() {
    let house = house();
    house.import(&mercator::read(FILE, "mercator.json").unwrap());
    let written = export::mercator(&house.state());
    let back = house.plan(&mercator::read(written.as_bytes(), "retour.json").unwrap());
    assert_eq!(
        (faults(&back), back.lines.len()),
        (Vec::new(), 0),
        "{:?}",
        back.planned.iter().filter(|one| one.change != Change::Same).collect::<Vec<_>>()
    );
    // Elsewhere too, but for what its tables cannot hold: addresses are no column of our map.
    let other = crate::house::house();
    other.import(&mercator::read(written.as_bytes(), "retour.json").unwrap());
    assert_eq!(other.needs("Dossier"), house.needs("Dossier"));
    assert_eq!(other.needs("GRAPPE"), house.needs("GRAPPE"));
    assert_eq!(other.needs("HÔTE"), house.needs("HÔTE"));
    assert_eq!(other.state().cartography.exchanges().len(), 2);
    assert!(export::mercator_left_out(&house.state()).iter().any(|what| what.contains("SRV-APP")));
}

#[test]
fn what_is_no_export_of_mercator_is_refused_in_a_sentence() {
    for bytes in ["", "[]", "{}", "{\"a\": 1}", "{\"applications\": 3}", "Nom;Type\nA;B\n", "{\"documents\": []}"] {
        assert!(mercator::read(bytes.as_bytes(), "x").is_err_and(|why| why.contains("Mercator")), "{bytes}");
    }
    let source =
        mercator::read(br#"{"applications": [3, {"name": "sans id"}, {"id": 1}, {"id": "2", "name": "Bien"}]}"#, "x").unwrap();
    assert_eq!((source.records.len(), source.faults.len()), (1, 3));
}
