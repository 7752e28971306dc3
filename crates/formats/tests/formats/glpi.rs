//! GLPI's lists, as its interface exports them.

use crate::house::{count, faults, house};
use formats::glpi;
use formats::plan::Change;

fn files() -> Vec<(String, Vec<u8>)> {
    let computers = "\"Nom\";\"Entité\";\"Statut\";\"Fabricant\";\"Numéro de série\";\"Type\";\"Modèle\";\"Systèmes d'exploitation\";\"Lieu\";\"Domaines\";\"ID\";\n\
        \"PC-01\";\"CH > Site A\";\"En service\";\"M\";\"S1\";\"Portable\";\"X\";\"Windows\";\"Bâtiment A\";\"hopital.example\";\"12\";\n\
        \"PC-01\";\"CH\";\"En service\";\"\";\"S2\";\"\";\"\";\"\";\"Bâtiment A\";\"hopital.example\";\"13\";\n\
        \"SRV-AD\";\"CH\";\"En service\";\"\";\"\";\"Serveur\";\"\";\"\";\"\";\"\";\"14\";\n\
        \"PC-99\";\"CH\";\"Réformé\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"15\";\n";
    let software = "\"Nom\";\"Éditeur\";\"ID\";\n\"Dossier\";\"Éditeur A\";\"3\";\n";
    vec![("glpi ordinateurs.csv".to_owned(), computers.into()), ("logiciels.csv".to_owned(), software.into())]
}

#[test]
fn lists_become_elements_of_their_domain_and_place() {
    let house = house();
    let source = glpi::read(&files()).unwrap();
    let plan = house.import(&source);
    assert_eq!((count(&plan, Change::Created), faults(&plan).len()), (6, 0), "{plan:?}");
    assert_eq!(house.needs("PC-01"), ["Bâtiment A", "hopital.example"]);
    assert_eq!(house.needs("PC-01 (n° 13)"), ["Bâtiment A", "hopital.example"]);
    let state = house.state();
    let kinds: Vec<_> =
        state.cartography.assets().iter().map(|one| format!("{} {}", one.now().kind.name(), one.now().name)).collect();
    assert!(
        kinds.contains(&"logical_server SRV-AD".to_owned()) && kinds.contains(&"application Dossier".to_owned()),
        "{kinds:?}"
    );
    assert!(source.ignored.iter().any(|(what, rows)| what.contains("réformés") && *rows == 1));
    assert_eq!(house.plan(&source).lines.len(), 0);
    // Only the lists that were brought say what is absent.
    let mut fewer = files();
    fewer.remove(0);
    assert_eq!(house.plan(&glpi::read(&fewer).unwrap()).absent.len(), 0);
    let shorter =
        String::from_utf8_lossy(&files()[0].1).replace("\"SRV-AD\";\"CH\";\"En service\"", "\"SRV-AD\";\"CH\";\"Réformé\"");
    assert_eq!(house.plan(&glpi::read(&[("ordinateurs.csv".to_owned(), shorter.into_bytes())]).unwrap()).absent.len(), 1);
}

#[test]
fn files_of_no_known_list_are_refused_in_a_sentence() {
    let refused = |name: &str, text: &str| glpi::read(&[(name.to_owned(), text.as_bytes().to_vec())]).err().unwrap_or_default();
    assert!(refused("liste.csv", "Nom\nA\n").contains("de quoi c’est la liste"));
    assert!(refused("ordinateurs.csv", "Statut\nA\n").contains("« Nom » manque"));
    assert!(refused("ordinateurs.csv", "").contains("ordinateurs.csv"));
    assert!(glpi::read(&[]).is_err());
}
