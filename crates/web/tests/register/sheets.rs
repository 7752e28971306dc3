//! Sheets in and out of the register, and what is typed anywhere.

use super::*;

#[tokio::test]
async fn a_thousand_units_with_three_bad_rows_import_nothing_until_somebody_chooses() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let mut rows = vec![vec!["TÉLEPHONE".to_owned(), "nom".to_owned(), "LITS".to_owned(), "Inconnue".to_owned()]];
    rows.extend(
        (1..=1_000).map(|n| {
            vec![format!("01 00 00 {n:04}"), format!("Unité {n:04} {}", "é".repeat(79)), "10".to_owned(), "x".to_owned()]
        }),
    );
    rows[10][2] = "douze".to_owned();
    rows[500][1] = String::new();
    rows[999][0] = "standard".to_owned();
    let before = house.ledger.view().entries;
    let offered = upload(&house, &cookie, "unites", "unités.xlsx", &xlsx(&rows)).await;
    assert_eq!(offered.status, StatusCode::OK, "{}", offered.words());
    assert!(offered.shows("997 à ajouter") && offered.shows("3 lignes en erreur"), "{}", offered.words());
    for words in [
        "ligne 11",
        "« douze » n’est pas un nombre entier",
        "ligne 501",
        "ligne 1000",
        "Ce n’est pas un numéro",
        "Importer les 997 bonnes lignes",
    ] {
        assert!(offered.shows(words), "{words}");
    }
    assert_eq!(house.ledger.view().entries, before, "nothing is recorded before somebody says yes");
    let unforced = offered.text.split("action=\"").find(|rest| rest.contains("/import/")).unwrap().split('"').next().unwrap();
    let digest = offered.field("digest");
    let refused = house.form(unforced, &cookie, &[("digest", &digest)]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("Des lignes sont en erreur"));
    let other = house.enter(MARCHAND).await;
    let stolen = house.enter(LENOIR).await;
    assert_eq!(house.form(unforced, &stolen, &[("digest", &digest), ("bonnes", "1")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(confirm(&house, &other, &offered).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.ledger.view().entries, before + 997);
    assert_eq!(confirm(&house, &cookie, &offered).await.status, StatusCode::SEE_OTHER, "yes, said twice");
    assert_eq!(house.ledger.view().entries, before + 997);
    let again = upload(&house, &cookie, "unites", "unités.xlsx", &xlsx(&rows)).await;
    assert!(
        again.shows("0 à ajouter, 0 à changer, 997 inchangées") && !again.text.contains("name=\"digest\""),
        "{}",
        again.words()
    );
    let page = house.get("/annuaire/unites?q=UNITE+0997&tri=beds", &cookie).await;
    assert!(page.shows("1 sur 997") && page.shows("Unité 0997"), "{}", page.words());
    assert!(house.get("/annuaire/unites?page=9999&tri=-nom", &cookie).await.shows("Page 10 sur 10"));
}

#[tokio::test]
async fn an_import_shows_before_and_after_and_is_looked_at_again_when_the_register_changed() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let unit =
        |name: &str, beds: u32| Unit { name: name.into(), beds, phone: "01".into(), pole: "Urgences".into(), ..Unit::default() };
    put(&house, &[(Event::UnitSet(Set::new(unit("SAU", 10))), id(2)), (Event::UnitSet(Set::new(unit("UHCD", 6))), id(3))]);
    let sheet = "Nom;Lits;Téléphone\nsau;12;\nUHCD;6;01\nNeuve;4;0102030405\n";
    let offered = upload(&house, &cookie, "unites", "u.csv", sheet.as_bytes()).await;
    assert!(offered.shows("1 à ajouter, 1 à changer, 1 inchangée, 0 ligne en erreur"), "{}", offered.words());
    assert!(offered.shows("Lits : 10 → 12"), "{}", offered.words());
    let seen = register(&house).units.record(&id(2)).unwrap().seen();
    put(&house, &[(Event::UnitSet(Set { value: Some(unit("SAU", 11)), supersedes: seen }), id(2))]);
    let stale = confirm(&house, &cookie, &offered).await;
    assert!(
        stale.status == StatusCode::UNPROCESSABLE_ENTITY
            && stale.shows("L’annuaire a changé depuis")
            && stale.shows("Lits : 11 → 12")
    );
    assert_eq!(confirm(&house, &cookie, &stale).await.status, StatusCode::SEE_OTHER);
    let now = register(&house);
    let sau = now.units.get(&id(2)).unwrap();
    assert_eq!(
        (sau.name.as_str(), sau.beds, sau.phone.as_str(), sau.pole.as_str()),
        ("sau", 12, "01", "Urgences"),
        "an empty cell changes nothing"
    );
    assert_eq!((now.units.count(), now.conflicts()), (3, 0));
    let late = upload(&house, &cookie, "unites", "u.csv", b"Nom\nTard\n").await;
    house.later(31 * MINUTE);
    let cookie = house.enter(MARCHAND).await;
    let gone = confirm(&house, &cookie, &late).await;
    assert!(gone.status == StatusCode::UNPROCESSABLE_ENTITY && gone.shows("n’est plus gardé"), "{}", gone.words());
}

/// Every kind of record, with what a spreadsheet would compute in every text.
#[allow(clippy::too_many_lines, reason = "one record of each kind, every field")]
fn everything(text: &str) -> Vec<(Event, SubjectId)> {
    let t = || text.to_owned();
    let place = Place {
        level: PlaceLevel::Site,
        name: t(),
        code: t(),
        address: t(),
        finess: "010000001".into(),
        phone: "+33 1 02".into(),
        ..Place::default()
    };
    let unit = Unit {
        name: t(),
        code: t(),
        site: Some(id(11)),
        pole: t(),
        beds: 3,
        phone: "01 02".into(),
        open_at_night: Some(true),
        ..Unit::default()
    };
    let card = Card {
        name: t(),
        code: t(),
        function: t(),
        phone: "01 02".into(),
        mobile: "+33 6".into(),
        email: format!("{text}@x"),
        unit: Some(id(12)),
        notes: t(),
    };
    let function = Function {
        key: t(),
        label: t(),
        mission: t(),
        holder: Some(ActorId([13; 16])),
        mandatory: true,
        in_alert_chain: true,
        rank: 1,
        ..Function::default()
    };
    let turn = Turn {
        list: t(),
        name: t(),
        person: Some(ActorId([13; 16])),
        from: NOW,
        until: NOW + 60 * MINUTE,
        phone: "01 02".into(),
    };
    let partner = Partner {
        name: t(),
        code: t(),
        kind: t(),
        why: t(),
        when_to_call: t(),
        phone: "01 02".into(),
        phone_2: "15".into(),
        email: t(),
        hours: t(),
        notes: t(),
    };
    let provider = Provider {
        name: t(),
        code: t(),
        what_for: t(),
        applications: t(),
        contract: t(),
        vehicle: t(),
        phone: "01 02".into(),
        email: t(),
        hours: t(),
        ends_on: "2027-01-31".parse().ok(),
        hosts_data: Some(false),
        notifies_within_hours: Some(24),
    };
    vec![
        (Event::PlaceSet(Set::new(place)), id(11)),
        (Event::UnitSet(Set::new(unit)), id(12)),
        (Event::PersonSet(Set::new(card)), id(13)),
        (Event::FunctionSet(Set::new(function)), function_id(text)),
        (Event::TurnSet(Set::new(turn)), id(15)),
        (Event::PartnerSet(Set::new(partner)), id(16)),
        (Event::ProviderSet(Set::new(provider)), id(17)),
    ]
}

#[tokio::test]
async fn what_is_typed_anywhere_is_shown_as_words_and_comes_back_from_a_sheet_unchanged() {
    for text in [&SCRIPT[..50], "=cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "'=x", "'Hôpital", "a;b,c \"d\"\ne"] {
        let house = House::founded(true);
        put(&house, &everything(text));
        let cookie = house.enter(MARCHAND).await;
        let mut pages = vec!["/annuaire".to_owned(), "/annuaire/chaine-alerte".to_owned()];
        for (slug, n) in SLUGS.iter().zip([11, 12, 13, 0, 15, 16, 17]) {
            let one = if n == 0 { function_id(text) } else { id(n) };
            pages.extend([
                format!("/annuaire/{slug}"),
                format!("/annuaire/{slug}/{one}"),
                format!("/annuaire/{slug}/{one}/modifier"),
            ]);
        }
        for path in pages {
            let page = house.get(&path, &cookie).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(!page.text.contains("<script>alert") && !page.text.contains("<img src=x"), "{path}");
        }
        for slug in SLUGS {
            for extension in ["csv", "xlsx"] {
                let file = bytes(&house, &format!("/annuaire/{slug}/export/{slug}.{extension}"), &cookie).await;
                if extension == "csv" {
                    let sheet = String::from_utf8(file.clone()).unwrap();
                    let cells = sheet.lines().flat_map(|line| line.split(';')).map(|cell| cell.trim_matches('"'));
                    let computed: Vec<&str> = cells.filter(|cell| cell.starts_with(['=', '+', '-', '@'])).collect();
                    assert!(computed.is_empty(), "{slug}: {computed:?}");
                } else {
                    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&file)).unwrap();
                    let name = book.sheet_names()[0].clone();
                    assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{slug}: a cell would be computed");
                }
                let back = upload(&house, &cookie, slug, "export", &file).await;
                assert_eq!(back.status, StatusCode::OK, "{slug}.{extension}: {}", back.words());
                assert!(
                    back.shows("0 ligne en erreur") && back.shows("0 à ajouter, 0 à changer"),
                    "{text} {slug}.{extension}: {}",
                    back.words()
                );
            }
        }
    }
}

#[tokio::test]
async fn zeros_in_front_survive_a_spreadsheet() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, head) in (0_u16..).zip(["Niveau", "Nom", "FINESS", "Téléphone", "Rattaché à"]) {
        page.write_string(0, column, head).unwrap();
    }
    page.write_string(1, 0, "site").unwrap();
    page.write_string(1, 1, "Site").unwrap();
    page.write_number(1, 2, 10_000_017).unwrap();
    page.write_number(1, 3, 102_030_405).unwrap();
    page.write_string(1, 4, "Entité").unwrap();
    page.write_string(2, 0, "Entité juridique").unwrap();
    page.write_string(2, 1, "Entité").unwrap();
    let offered = upload(&house, &cookie, "lieux", "l.xlsx", &book.save_to_buffer().unwrap()).await;
    assert!(offered.shows("2 à ajouter"), "a parent may stand below: {}", offered.words());
    assert_eq!(confirm(&house, &cookie, &offered).await.status, StatusCode::SEE_OTHER);
    let now = register(&house);
    let tree = now.tree();
    assert_eq!(tree.iter().map(|b| (b.place.name.as_str(), b.depth)).collect::<Vec<_>>(), [("Entité", 0), ("Site", 1)]);
    assert_eq!((tree[1].place.finess.as_str(), tree[1].place.phone.as_str()), ("010000017", "0102030405"));
}

#[tokio::test]
async fn a_verification_comes_with_its_partner() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let sheet = "Nom;Téléphone;Vérifié le;Vérifié par\nCERT Santé;'+33 9 72;22/10/2026;C. Lenoir\nARS;01 02;01/01/2030;\n";
    let offered = upload(&house, &cookie, "partenaires", "p.csv", sheet.as_bytes()).await;
    assert!(offered.shows("1 à ajouter") && offered.shows("Ce jour n’est pas encore venu"), "{}", offered.words());
    assert_eq!(confirm(&house, &cookie, &offered).await.status, StatusCode::SEE_OTHER);
    assert!(house.get("/annuaire/partenaires", &cookie).await.shows("vérifié il y a 30 jours"));
    let again = upload(&house, &cookie, "partenaires", "p.csv", sheet.as_bytes()).await;
    assert!(again.shows("0 à ajouter, 0 à changer, 1 inchangée"), "{}", again.words());
}

#[tokio::test]
async fn files_that_are_no_sheet_or_a_trap_are_refused() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let good = xlsx(&[vec!["Nom".to_owned()], vec!["A".to_owned()]]);
    let mut cut = good.clone();
    cut.truncate(good.len() / 2);
    let mut spoilt = good.clone();
    spoilt.iter_mut().skip(60).step_by(7).for_each(|byte| *byte ^= 0x55);
    let bomb = {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let zeros = vec![0; 1024 * 1024];
        (0..80).for_each(|_| archive.write_all(&zeros).unwrap());
        archive.finish().unwrap().into_inner()
    };
    let far = {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.write_string(0, 0, "Nom").unwrap();
        page.write_string(1_048_575, 0, "au bout").unwrap();
        page.write_string(1_048_575, 16_383, "du monde").unwrap();
        book.save_to_buffer().unwrap()
    };
    let refusals: [(&str, Vec<u8>, &str); 8] = [
        ("vide", Vec::new(), "Choisissez d’abord"),
        ("coupé", cut, "abîmé"),
        ("gâté", spoilt, "abîmé"),
        ("bombe", bomb, "se déplie à plus de 64 Mio"),
        ("protégé", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(100), "mot de passe"),
        ("image", b"\x89PNG\r\n\x1a\n\0\0\0".to_vec(), "abîmé"),
        ("trop gros", vec![b'x'; 10 * 1024 * 1024 + 1], "10 Mio"),
        ("sans nom", b"Couleur;Taille\nvert;3\n".to_vec(), "La colonne « Nom » manque"),
    ];
    for (name, file, why) in refusals {
        let refused = upload(&house, &cookie, "unites", name, &file).await;
        assert!(refused.status.is_client_error(), "{name}: {}", refused.status);
        assert!(refused.shows(why), "{name}: {}", refused.words());
    }
    assert!(
        upload(&house, &cookie, "unites", "loin.xlsx", &far).await.shows("1 à ajouter"),
        "one far cell is no rectangle of billions"
    );
    let huge = upload(&house, &cookie, "unites", "énorme", &vec![b'x'; 12 * 1024 * 1024]).await;
    assert!(huge.status.is_client_error());
    let many = upload(&house, &cookie, "unites", "double.csv", "Nom;Code\nA;1\nA;1\nB;\nb;\n".as_bytes()).await;
    assert!(
        many.shows("2 à ajouter") && many.shows("2 lignes en erreur") && many.shows("même fiche que la ligne 2"),
        "{}",
        many.words()
    );
    assert!(units(&register(&house)).is_empty());
}

#[tokio::test]
async fn a_huge_paste_is_refused_and_given_back_and_400_names_are_listed() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let paste = "é".repeat(5 * 1024 * 1024);
    let refused = house.form(&write_path(&house, "personnes"), &cookie, &[("name", "A"), ("notes", &paste)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&paste) && refused.text.contains("Ce texte compte 5242880 caractères"));
    let person = |n: u16| {
        let mut id = [7; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        let name = format!("Personne {n:03} {}", "x".repeat(90));
        (Event::PersonSet(Set::new(Card { name, mobile: format!("06 {n:03}"), ..Card::default() })), SubjectId(id))
    };
    put(&house, &(0..400).map(person).collect::<Vec<_>>());
    let first = house.get("/annuaire/personnes?tri=nom", &cookie).await;
    assert!(first.shows("403 fiches") && first.shows("Page 1 sur 5"), "{}", &first.words()[..2_000]);
    assert!(house.get("/annuaire/personnes?q=personne+399", &cookie).await.shows("1 sur 403"));
    assert!(house.get("/annuaire/fonctions/nouveau", &cookie).await.text.matches("<option").count() > 400);
    let loops = Place { level: PlaceLevel::Site, name: "Soi".into(), ..Place::default() };
    put(&house, &[(Event::PlaceSet(Set::new(loops)), id(5))]);
    let seen = house.get(&format!("/annuaire/lieux/{}/modifier", id(5)), &cookie).await.field("supersedes");
    let typed = [("supersedes", &*seen), ("level", "site"), ("name", "Soi"), ("parent", "Soi")];
    let refused = house.form(&write_path(&house, &format!("lieux/{}", id(5))), &cookie, &typed).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("sous lui-même"), "{}", refused.words());
}

#[tokio::test]
async fn the_establishment_has_a_known_zone_and_a_finess_of_nine() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let page = house.get("/annuaire/etablissement", &cookie).await;
    let seen = page.field("supersedes");
    let post = async |zone: &str, finess: &str| {
        let typed = [("supersedes", &*seen), ("name", "CH d’Essai"), ("time_zone", zone), ("finess", finess), ("kind", "EHPAD")];
        house.form(&write_path(&house, "etablissement"), &cookie, &typed).await
    };
    assert!(post("Lune/Tranquillité", "").await.shows("n’est pas un fuseau connu"));
    assert!(post("Europe/Paris", "123").await.shows("neuf caractères"));
    assert_eq!(post("Indian/Reunion", "2A0000014").await.status, StatusCode::SEE_OTHER);
    let now = register(&house);
    assert_eq!(
        (now.time_zone.as_str(), now.finess.as_str(), now.kind.map(|k| k.name())),
        ("Indian/Reunion", "2A0000014", Some("ehpad"))
    );
}

#[tokio::test]
async fn a_form_typed_before_the_session_ended_is_given_back() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let author = MARCHAND.to_string();
    house.later(13 * 60 * MINUTE);
    let typed = [("author", &*author), ("name", "Réanimation")];
    let door = house.form(&write_path(&house, "unites"), &cookie, &typed).await;
    assert_eq!(door.status, StatusCode::UNAUTHORIZED);
    let vers = door.field("vers");
    let through = [("vers", &*vers), ("compte", &*author), ("garde.author", &*author), ("garde.name", "Réanimation")];
    let back = house.form("/connexion", "", &through).await;
    assert!(back.text.contains("value=\"Réanimation\"") && back.shows("Ajouter une unité"), "{}", back.words());
    assert!(units(&register(&house)).is_empty());
}
