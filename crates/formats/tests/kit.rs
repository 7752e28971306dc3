//! Kits as files: what leaves, what never leaves, and what is refused.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use domain::crisis::event::Attachment;
use domain::exercise::event::scenario::{Inject, Parameter, Scenario, Team};
use formats::kit::{Kit, open};
use formats::signed;
use journal::certificate::Certificate;
use journal::{Hash, PublicKey, SigningKey};

fn keys() -> (Certificate, SigningKey) {
    let (root, device) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    let public = PublicKey(device.verifying_key().to_bytes());
    (Certificate::issue(&root, public, "poste de garde", 1_700_000_000_000, true), device)
}

fn scenario() -> Scenario {
    let parameter = Parameter {
        key: "rssi".to_owned(),
        label: "RSSI".to_owned(),
        from: "function:rssi".to_owned(),
        otherwise: "le responsable de la sécurité".to_owned(),
        value: "Mme Secrète".to_owned(),
    };
    Scenario {
        title: "Nuit « blanche » à l’été".to_owned(),
        minutes: 120,
        planned_at: Some(1_800_000_000_000),
        teams: vec![Team { key: "si".to_owned(), name: "Cellule SI".to_owned(), who: "garde informatique".to_owned() }],
        parameters: vec![parameter],
        ..Scenario::default()
    }
}

fn inject() -> Inject {
    Inject {
        key: "1".to_owned(),
        at: Some(0),
        title: "Écrans noirs".to_owned(),
        text: "Appelez {rssi}.".to_owned(),
        attachments: vec![Attachment { hash: Hash([1; 32]), len: 1, name: "a.pdf".to_owned() }],
        ..Inject::default()
    }
}

fn sealed(kit: &Kit) -> Vec<u8> {
    let (certificate, key) = keys();
    kit.seal("CH d’Essai", &certificate, &key)
}

#[test]
fn names_and_dates_of_the_establishment_stay_there() {
    let kit = Kit::of(&scenario(), &[&inject()], vec!["ch".to_owned()]);
    let file = sealed(&kit);
    assert!(!String::from_utf8_lossy(&file).contains("Secrète"));
    let opened = open(&file).unwrap();
    assert_eq!((opened.signed_by.as_str(), opened.root, opened.kit.kinds.len()), ("CH d’Essai", keys().0.root, 1));
    let scenario = &opened.kit.scenario;
    assert_eq!((scenario.planned_at, scenario.parameters[0].value.as_str()), (None, ""));
    assert_eq!(scenario.parameters[0].otherwise, "le responsable de la sécurité");
    assert_eq!((opened.kit.injects[0].text.as_str(), opened.kit.injects[0].attachments.len()), ("Appelez {rssi}.", 0));
    assert_eq!(kit.file_name(), "nuit-blanche-a-l-ete.planblanc-kit");
}

#[test]
fn what_was_changed_cut_or_cannot_be_played_is_refused() {
    let file = sealed(&Kit::of(&scenario(), &[&inject()], Vec::new()));
    let mut changed = file.clone();
    let at = changed.len() - 20;
    changed[at] ^= 1;
    assert!(open(&changed).unwrap_err().contains("modifié"));
    assert!(open(&file[..file.len() - 1]).unwrap_err().contains("incomplet"));
    assert!(open(b"PK\x03\x04").unwrap_err().contains("signé par Plan Blanc"));
    let (certificate, key) = keys();
    let seal = |payload: &str| signed::seal("kit", payload.as_bytes(), "CH d’Essai", &certificate, &key);
    assert!(open(&seal("{}")).unwrap_err().contains("ne peut pas être lu"));
    assert!(open(&seal("{\"format\":\"planblanc-kit-2\"}")).unwrap_err().contains("plus récente"));
    assert!(open(&signed::seal("results", b"{}", "x", &certificate, &key)).unwrap_err().contains("autre chose"));
    let lost = Inject { to: vec!["ailleurs".to_owned()], ..inject() };
    assert!(open(&sealed(&Kit::of(&scenario(), &[&lost], Vec::new()))).unwrap_err().contains("ne peut pas être joué"));
    let nobody = Kit::of(&scenario(), &[&inject()], Vec::new()).seal("  ", &certificate, &key);
    assert!(open(&nobody).unwrap_err().contains("qui l’a signé"));
}
