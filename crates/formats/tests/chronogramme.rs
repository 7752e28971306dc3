//! Chronogrammes from the files people have: heads anywhere, times in every writing, and every wrong row named.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use domain::crisis::event::Attachment;
use domain::exercise::event::scenario::{Channel, Inject, Item, Level, Phase, Scenario, Team};
use formats::chronogramme::{Book, Choices, Field, Known, Layout, Plan, TeamChoice, csv, letters, read, told, xlsx};
use journal::Hash;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::collections::BTreeMap;
use std::io::Write;

fn scenario() -> Scenario {
    let team = |key: &str, name: &str| Team { key: key.to_owned(), name: name.to_owned(), who: String::new() };
    Scenario {
        title: "Nuit blanche".to_owned(),
        minutes: 120,
        teams: vec![team("direction", "Cellule décisionnelle"), team("si", "Cellule SI"), team("soins", "Soins et plateau")],
        objectives: vec![Item { key: "alerter".to_owned(), text: "Alerter en moins de 30 minutes.".to_owned() }],
        ..Scenario::default()
    }
}

fn planned_with(book: &Book, layout: &Layout, known: &BTreeMap<String, Inject>, choices: &Choices) -> Result<Plan, String> {
    book.plan(layout, Known { scenario: &scenario(), injects: known }, choices)
}

fn planned(bytes: &[u8]) -> Plan {
    let book = read(bytes, "chronogramme.csv").unwrap();
    planned_with(&book, &book.layout(None), &BTreeMap::new(), &Choices::default()).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    let book = match read(bytes, "chronogramme.csv") {
        Ok(book) => book,
        Err(why) => return why,
    };
    planned_with(&book, &book.layout(None), &BTreeMap::new(), &Choices::default()).err().unwrap_or_default()
}

fn errors(plan: &Plan) -> Vec<String> {
    plan.errors.iter().map(told).collect()
}

fn minutes(plan: &Plan) -> Vec<Option<u32>> {
    plan.injects.iter().map(|inject| inject.at).collect()
}

const ANS: &str = "N°;Phase;Heure;Émetteur;Destinataire(s);Moyen;Titre;Contenu;Réaction attendue;Commentaire animateur;Objectif\n\
    007;Alerte;08:30;Cadre de nuit;Cellule décisionnelle;Appel téléphonique;Écrans noirs;Plus rien ne s’affiche.;L’appel est noté.;Ton inquiet.;Alerter en moins de 30 minutes.\n\
    8;Alerte;8h45;Support;Cellule SI et cellule décisionnelle;Courriel;Chiffrement;Des fichiers changent de nom.;;;\n\
    R1;;réserve;Presse;tous;Presse;Un journaliste appelle;« Êtes-vous attaqués ? »;;;\n";

#[test]
fn the_columns_of_a_french_chronogramme_are_taken_as_they_are() {
    let plan = planned(ANS.as_bytes());
    assert_eq!((errors(&plan), plan.warnings.len(), plan.debex), (Vec::new(), 0, Some(510)));
    let first = &plan.injects[0];
    assert_eq!((first.key.as_str(), first.at, first.channel), ("007", Some(0), Channel::Phone));
    assert_eq!(
        (first.from.as_str(), first.to.as_slice(), first.objective.as_str()),
        ("Cadre de nuit", ["direction".to_owned()].as_slice(), "alerter")
    );
    assert_eq!(
        (first.title.as_str(), first.expected.as_str(), first.guidance.as_str()),
        ("Écrans noirs", "L’appel est noté.", "Ton inquiet.")
    );
    assert_eq!(
        (plan.injects[1].at, plan.injects[1].to.as_slice()),
        (Some(15), ["si".to_owned(), "direction".to_owned()].as_slice())
    );
    assert_eq!((plan.injects[2].at, plan.injects[2].to.len(), plan.injects[2].channel), (None, 0, Channel::Media));
    assert_eq!(plan.phases, [Phase { name: "Alerte".to_owned(), at: 0 }]);
}

#[test]
fn an_english_msel_is_recognised() {
    let text = "Event #,Time,From,To,Method,Event description,Expected action,Objective,Controller notes\n\
        1,0830,Night nurse,all players,Phone call,No screen works.,The call is logged.,Alert,Be brief.\n\
        2,0845,Help desk,Cellule SI,Email,Files are renamed.,,,\n";
    let plan = planned(text.as_bytes());
    assert_eq!(errors(&plan), Vec::<String>::new());
    assert_eq!(minutes(&plan), [Some(0), Some(15)]);
    let first = &plan.injects[0];
    assert_eq!(
        (first.text.as_str(), first.title.as_str(), first.expected.as_str()),
        ("No screen works.", "No screen works.", "The call is logged.")
    );
    assert_eq!((first.channel, first.objective.as_str(), first.guidance.as_str()), (Channel::Phone, "Alert", "Be brief."));
}

/// A workbook as people make them: a title merged over the width, a head on two lines with merged cells, a heading between rows,
/// times as fractions, dates, numbers and texts.
fn hand_made() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Page de garde").unwrap().write_string(3, 1, "Exercice cyber 2026").unwrap();
    let page = book.add_worksheet();
    page.set_name("Chrono").unwrap();
    let bold = Format::new().set_bold();
    page.merge_range(0, 0, 0, 6, "CHRONOGRAMME – CH d’Essai", &bold).unwrap();
    page.merge_range(2, 0, 3, 0, "N°", &bold).unwrap();
    page.merge_range(2, 1, 2, 2, "Horaire", &bold).unwrap();
    page.write_string(3, 1, "Heure réelle").unwrap();
    page.write_string(3, 2, "T+").unwrap();
    page.merge_range(2, 3, 2, 4, "Stimulus", &bold).unwrap();
    page.write_string(3, 3, "Moyen").unwrap();
    page.write_string(3, 4, "Contenu (lu aux joueurs)").unwrap();
    page.merge_range(2, 5, 3, 5, "Destinataires", &bold).unwrap();
    let time = Format::new().set_num_format("hh:mm");
    let rows: [(&str, f64, Option<&str>, &str); 3] =
        [("1", 8.5 / 24.0, None, "SMS"), ("2", 9.0 / 24.0, Some("T+40"), "Mail"), ("3", 9.25 / 24.0, None, "Mail")];
    for (line, (key, at, offset, means)) in (4_u32..).zip(rows) {
        let line = if line > 5 { line + 1 } else { line };
        page.write_string(line, 0, key).unwrap();
        page.write_number_with_format(line, 1, at, &time).unwrap();
        if let Some(offset) = offset {
            page.write_string(line, 2, offset).unwrap();
        }
        page.write_string(line, 3, means).unwrap();
        page.write_string(line, 4, format!("Texte {key}")).unwrap();
        page.write_string(line, 5, "Cellule SI").unwrap();
    }
    page.merge_range(6, 0, 6, 5, "Phase 2 – Mobilisation", &bold).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_head_on_two_lines_with_merged_cells_below_a_title_on_another_sheet() {
    let book = read(&hand_made(), "chrono.xlsx").unwrap();
    assert_eq!(book.sheets(), ["Page de garde", "Chrono"]);
    let layout = book.layout(None);
    assert_eq!((layout.sheet, layout.head_line), (1, 4));
    let fields = [Field::Key, Field::At, Field::Offset, Field::Channel, Field::Text, Field::To].map(Some);
    assert_eq!(layout.columns.get(..6), Some(fields.as_slice()), "{:?}", layout.heads);
    let plan = planned_with(&book, &layout, &BTreeMap::new(), &Choices::default()).unwrap();
    assert_eq!(errors(&plan), Vec::<String>::new());
    // « T+ » wins over the hour; the hour of the first row is zero.
    assert_eq!(minutes(&plan), [Some(0), Some(40), Some(45)]);
    assert_eq!(plan.injects[0].channel, Channel::Sms);
    assert!(
        plan.warnings.iter().any(|one| told(one).contains("ligne 7 : « Phase 2 – Mobilisation » est pris pour un intertitre"))
    );
    assert_eq!(plan.phases, [Phase { name: "Phase 2 – Mobilisation".to_owned(), at: 45 }]);
}

#[test]
fn times_of_a_spreadsheet_keep_their_minute() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let (hour, date, span) = (
        Format::new().set_num_format("hh:mm"),
        Format::new().set_num_format("dd/mm/yyyy hh:mm"),
        Format::new().set_num_format("[h]:mm"),
    );
    for (column, head) in (0_u16..).zip(["Heure", "T+", "Contenu", "Titre"]) {
        page.write_string(0, column, head).unwrap();
    }
    // Every minute of a day, as a fraction: none may slip to the one before.
    for minute in 0..480_u32 {
        page.write_number_with_format(minute + 1, 0, f64::from(minute * 3) / 1440.0, &hour).unwrap();
        page.write_string(minute + 1, 2, "x").unwrap();
        page.write_string(minute + 1, 3, "y").unwrap();
    }
    let fractions = book.save_to_buffer().unwrap();
    let expected: Vec<Option<u32>> = (0..480).map(|minute| Some(minute * 3)).collect();
    assert_eq!(minutes(&planned(&fractions)), expected);

    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, head) in (0_u16..).zip(["Heure", "T+", "Contenu", "Titre"]) {
        page.write_string(0, column, head).unwrap();
    }
    let day = |day: u8, hour: u16, minute: u8| ExcelDateTime::from_ymd(2026, 11, day).unwrap().and_hms(hour, minute, 0).unwrap();
    page.write_datetime_with_format(1, 0, day(21, 22, 10), &date).unwrap();
    page.write_datetime_with_format(2, 0, day(22, 6, 0), &date).unwrap();
    page.write_number_with_format(3, 1, 26.5 / 24.0, &span).unwrap();
    page.write_number(4, 1, 90).unwrap();
    page.write_number(5, 1, 0.03125).unwrap();
    page.write_string(6, 0, "J+2 H+3").unwrap();
    for line in 1..7 {
        page.write_string(line, 2, format!("texte {line}")).unwrap();
    }
    let plan = planned(&book.save_to_buffer().unwrap());
    assert_eq!(errors(&plan), Vec::<String>::new());
    assert_eq!(minutes(&plan), [Some(0), Some(470), Some(1590), Some(90), Some(45), Some(3060)]);
}

#[test]
fn unknown_teams_are_wrong_rows_until_somebody_decides() {
    let text = "N°;Heure;Destinataire;Contenu\n1;T+0;SOC, Cellule SI;a\n2;T+5;Cellule SI;b\n3;T+9;Communication;c\n";
    let book = read(text.as_bytes(), "c.csv").unwrap();
    let layout = book.layout(None);
    let plan = planned_with(&book, &layout, &BTreeMap::new(), &Choices::default()).unwrap();
    assert_eq!(plan.injects.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(), ["2"]);
    assert_eq!(plan.unknown, ["Communication", "SOC"]);
    let first = &errors(&plan)[0];
    assert!(first.starts_with("Feuille « c.csv », ligne 2, colonne « Destinataire » : L’équipe « SOC » n’existe pas"), "{first}");
    let teams = BTreeMap::from([
        ("soc".to_owned(), TeamChoice::Create),
        ("communication".to_owned(), TeamChoice::Use("direction".to_owned())),
    ]);
    let plan = planned_with(&book, &layout, &BTreeMap::new(), &Choices { teams, ..Choices::default() }).unwrap();
    assert_eq!((errors(&plan).len(), plan.teams.len(), plan.unknown.len()), (0, 1, 0));
    assert_eq!(plan.injects[0].to, ["soc", "si"]);
    assert_eq!(plan.injects[2].to, ["direction"]);
    assert_eq!(plan.frame(&scenario()).unwrap().teams.len(), 4);
    let all = Choices { create_teams: true, ..Choices::default() };
    assert_eq!(planned_with(&book, &layout, &BTreeMap::new(), &all).unwrap().teams.len(), 2);
}

#[test]
fn missing_columns_are_named_and_may_be_said() {
    assert_eq!(
        refused(b"Chose;Truc;Machin\n1;2;3\n"),
        "Il manque les colonnes « Heure » (ou « T+ ») et « Contenu » (ou « Titre ») : dites lesquelles ce sont, ou ajoutez-les au fichier."
    );
    assert!(refused("N°;Contenu\n1;a\n".as_bytes()).contains("Il manque la colonne « Heure »"));
    assert!(refused("N°;Heure;Moyen\n1;T+0;SMS\n".as_bytes()).contains("« Contenu » (ou « Titre »)"));
    assert!(refused("N°;Heure;Contenu\n".as_bytes()).contains("aucun stimulus"));
    let book = read("Chose;Truc\nT+0;a\nT+5;b\n".as_bytes(), "c.csv").unwrap();
    let mut layout = book.layout(None);
    layout.set("A", Some(Field::At)).unwrap();
    layout.set("2", Some(Field::Text)).unwrap();
    assert!(layout.set("Bidule", None).unwrap_err().contains("« Bidule »"));
    // Without a head, the first row is a row: its words are no time, and it says so.
    let plan = planned_with(&book, &layout, &BTreeMap::new(), &Choices::default()).unwrap();
    assert_eq!((plan.injects.len(), plan.errors.len(), plan.errors[0].spot.row), (2, 1, 1));
    assert_eq!([letters(0), letters(25), letters(26)], ["A", "Z", "AA"]);
    layout.columns = vec![Some(Field::At), Some(Field::At)];
    layout.set("B", Some(Field::Text)).unwrap();
    assert_eq!(layout.objection(), None);
}

#[test]
fn every_wrong_row_says_where_and_what_and_the_others_are_taken() {
    let long = "x".repeat(10_001);
    let text = format!(
        "N°;Heure;Moyen;Titre;Contenu;Délai;Niveau\n1;bientôt;SMS;a;b;;\n2;T+5;pigeon;a;b;vite;énorme\n2;T+6;SMS;a;b;;\n3;T+7;SMS;;;;\n\
         numéro bien trop long;T+8;SMS;a;b;;\n4;T+9;SMS;a;{long};;\n5;;SMS;a;b;;\n6;T-20;SMS;a;b;;\n7;T+99999;SMS;a;b;;\n"
    );
    let plan = planned(text.as_bytes());
    let wrong = errors(&plan);
    assert!(wrong[0].contains("ligne 2, colonne « Heure » : « bientôt » n’est pas une heure"), "{wrong:?}");
    assert!(wrong[1].contains("ligne 4, colonne « N° » : Le numéro « 2 » figure deux fois"), "{wrong:?}");
    assert!(wrong[2].contains("ligne 5, colonne « Contenu » : Ce stimulus n’a ni titre ni contenu"), "{wrong:?}");
    assert!(wrong[3].contains("ligne 6, colonne « N° »"), "{wrong:?}");
    assert!(wrong[4].contains("ligne 7, colonne « Contenu » : Ce texte compte 10001 caractères"), "{wrong:?}");
    assert!(wrong[5].contains("ligne 10, colonne « Heure » : Ce stimulus tombe plus de 7 jours après DEBEX"), "{wrong:?}");
    assert_eq!(wrong.len(), 6);
    assert_eq!(
        plan.injects.iter().map(|one| (one.key.as_str(), one.at)).collect::<Vec<_>>(),
        [("2", Some(5)), ("5", None), ("6", None)]
    );
    let reserves: Vec<String> = plan.warnings.iter().map(told).collect();
    for words in [
        "Le moyen « pigeon » n’est pas connu",
        "« vite » n’est pas compris",
        "« énorme » n’est pas compris",
        "Pas d’heure",
        "20 min avant DEBEX",
    ] {
        assert!(reserves.iter().any(|one| one.contains(words)), "{words} in {reserves:?}");
    }
}

#[test]
fn what_is_no_chronogramme_is_refused_in_a_sentence() {
    assert!(refused(b"").contains("Choisissez"));
    assert!(refused(b"PK\x03\x04 garbage").contains("abîmé"));
    assert!(refused(b"%PDF-1.4\0\0").contains("abîmé"));
    assert!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").contains("mot de passe"));
    assert!(refused(b"{\"autre\":1}").contains("OpenAEV"));
    assert!(refused(b"{pas du json").contains("OpenAEV"));
    assert!(refused(&vec![b'x'; 11 * 1024 * 1024]).contains("10 Mio"));
    let rows = "T+1;x\n".repeat(501);
    assert!(refused(format!("Heure;Contenu\n{rows}").as_bytes()).contains("501 lignes"));
    assert!(refused(format!("Heure;Contenu\n{}", "T+1;x\n".repeat(6_000)).as_bytes()).contains("5000 lignes"));
    let long = "x".repeat(60_000);
    let plan = planned(format!("Heure;Titre;Contenu\nT+1;a;{long}\nT+2;b;c\n").as_bytes());
    assert!(errors(&plan)[0].contains("ligne 2, colonne « Contenu » : Cette cellule est trop longue"));
}

fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in files {
        archive.start_file(*name, options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_file_that_unpacks_to_fifty_megabytes_is_a_trap() {
    let zeros = vec![b' '; 50 * 1024 * 1024];
    let bomb = zip_of(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &zeros),
    ]);
    assert!(bomb.len() < 1024 * 1024);
    assert!(refused(&bomb).contains("se déplie à plus de 40 Mio"), "{}", refused(&bomb));
    let bomb = zip_of(&[("scenario.json", &zeros)]);
    assert!(refused(&bomb).contains("se déplie à plus de 40 Mio"), "{}", refused(&bomb));
    assert!(
        refused(&zip_of(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>")]))
            .contains(".ods")
    );
    assert!(refused(&zip_of(&[("lisez-moi.txt", b"rien")])).contains("abîmé"));
}

const OPENAEV: &str = r#"{"export_version":1,
 "scenario_information":{"scenario_name":"Rançongiciel"},
 "scenario_teams":[{"team_id":"t1","team_name":"Cellule SI"},{"team_id":"t2","team_name":"SOC"}],
 "scenario_objectives":[{"objective_title":"Alerter","objective_description":"<p>Vite</p>"}],
 "scenario_injects":[
  {"inject_title":"Second","inject_enabled":true,"inject_depends_duration":930,"inject_all_teams":true,"inject_teams":[],
   "inject_injector_contract":{"injector_contract_content":"{\"config\":{\"type\":\"openbas_ovh_sms\"}}"},"inject_content":{"message":"Rappelez"}},
  {"inject_title":"Premier","inject_description":"Parlez doucement","inject_depends_duration":0,"inject_teams":["t1","t2"],
   "inject_injector_contract":{"injector_contract_content":"{\"config\":{\"type\":\"openbas_email\"}}"},
   "inject_content":{"subject":"Écrans noirs","body":"<p>Bonjour,</p><p>Plus rien &amp; tout</p>","expectations":[{"expectation_name":"Appel noté","expectation_description":"en 10 min"}]}},
  {"inject_title":"Coupé","inject_enabled":false,"inject_depends_duration":60,"inject_content":{}}]}"#;

#[test]
fn a_scenario_of_openaev_comes_with_its_teams_and_its_words() {
    for bytes in [OPENAEV.as_bytes().to_vec(), zip_of(&[("Rançongiciel.json", OPENAEV.as_bytes()), ("piece.pdf", b"%PDF")])] {
        let book = read(&bytes, "scenario").unwrap();
        assert!(book.sheets().is_empty());
        let mut bare = scenario();
        bare.objectives.clear();
        let known = BTreeMap::new();
        let plan = book.plan(
            &book.layout(None),
            Known { scenario: &bare, injects: &known },
            &Choices { create_teams: true, ..Choices::default() },
        );
        let plan = plan.unwrap();
        assert_eq!(errors(&plan), Vec::<String>::new());
        assert_eq!(minutes(&plan), [Some(0), Some(16)]);
        let [first, second] = plan.injects.as_slice() else { panic!("two injects") };
        assert_eq!((first.title.as_str(), first.text.as_str()), ("Écrans noirs", "Bonjour,\nPlus rien & tout"));
        assert_eq!((first.guidance.as_str(), first.expected.as_str()), ("Premier\nParlez doucement", "Appel noté : en 10 min"));
        assert_eq!((first.to.as_slice(), first.channel), (["si".to_owned(), "soc".to_owned()].as_slice(), Channel::Mail));
        assert_eq!((second.to.len(), second.channel, second.text.as_str()), (0, Channel::Sms, "Rappelez"));
        assert_eq!(plan.objectives, [Item { key: "objectif_1".to_owned(), text: "Alerter : Vite".to_owned() }]);
        assert_eq!(plan.frame(&bare).unwrap().objectives.len(), 1);
    }
    let empty = r#"{"exercise_information":{"exercise_name":"x"},"exercise_teams":[]}"#;
    assert!(refused(empty.as_bytes()).contains("aucun stimulus"));
}

#[test]
fn the_spreadsheet_of_openaev_is_read_with_its_hours() {
    // The heads and the writings of its model.
    let text = "Tableau 1\n;Action to be taken;Timeline;Teams;Subject;Content;Comments;Expectation Description;Expectation Name\n\
        ;Launch;09:05;All;Start;Hello;Say exercise;Sent;Announcement\n;Planner / Prepare the exercise\n;Alert;T+2;Cellule SI;Alert;Look;;Started;Triage\n";
    let plan = planned(text.as_bytes());
    assert_eq!(errors(&plan), Vec::<String>::new());
    assert_eq!(minutes(&plan), [Some(0), Some(120)]);
    assert_eq!(
        (plan.injects[0].title.as_str(), plan.injects[0].text.as_str(), plan.injects[0].guidance.as_str()),
        ("Start", "Hello", "Say exercise")
    );
    assert_eq!(plan.injects[0].expected, "Sent");
}

#[test]
fn what_the_file_does_not_say_stays_as_it_was() {
    let attachment = Attachment { hash: Hash([7; 32]), len: 3, name: "note.pdf".to_owned() };
    let old = Inject {
        key: "1".to_owned(),
        at: Some(3),
        title: "Ancien".to_owned(),
        text: "Mots".to_owned(),
        guidance: "Ton calme".to_owned(),
        level: Level::Advanced,
        attachments: vec![attachment],
        ..Inject::default()
    };
    let known = BTreeMap::from([("1".to_owned(), old.clone())]);
    let book = read("N°;T+;Titre\n1;12;Ancien\n;20;Neuf\n".as_bytes(), "c.csv").unwrap();
    let plan = planned_with(&book, &book.layout(None), &known, &Choices::default()).unwrap();
    assert_eq!(plan.injects[0], Inject { at: Some(12), ..old.clone() });
    assert_eq!((plan.added(), plan.replaced.len(), plan.same, plan.injects[1].key.as_str()), (1, 1, 0, "2"));
    // The same file again changes nothing.
    let known = BTreeMap::from([("1".to_owned(), plan.injects[0].clone()), ("2".to_owned(), plan.injects[1].clone())]);
    let again = planned_with(&book, &book.layout(None), &known, &Choices::default()).unwrap();
    assert_eq!((again.injects.len(), again.same), (0, 2));
}

fn injects() -> impl Strategy<Value = Vec<Inject>> {
    let words = "[\\p{L}=+'@-][\\p{L}\\p{N} ,;:!?«»’'\"()&<>/+=@\n-]{0,60}[\\p{L}.]";
    let one = (
        (prop::option::of(0..10_080_u32), 0..7_usize, prop::collection::btree_set(0..3_usize, 0..3), words, words),
        ("([A-Za-z][A-Za-z ]{0,10}[a-z])?", prop::option::of(1..600_u32), any::<bool>(), 0..3_usize, any::<bool>()),
    );
    prop::collection::vec(one, 1..12).prop_map(|all| {
        let inject = |(n, ((at, channel, to, title, text), (from, within, noise, level, objective))): (usize, _)| {
            let to: std::collections::BTreeSet<usize> = to;
            let (title, text): (String, String) = (title, text);
            Inject {
                key: format!("{n:03}"),
                at,
                channel: Channel::ALL[channel],
                from,
                to: to.into_iter().map(|team| scenario().teams[team].key.clone()).collect(),
                title: title.replace('\n', " "),
                expected: text.clone(),
                text,
                within,
                noise,
                level: Level::ALL[level],
                objective: if objective { "alerter".to_owned() } else { String::new() },
                ..Inject::default()
            }
        };
        all.into_iter().enumerate().map(inject).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_exported_reads_back_as_it_was(injects in injects(), start in prop::option::of(0..1_440_u32)) {
        let all: Vec<&Inject> = injects.iter().collect();
        for bytes in [xlsx(&scenario(), &all, start).unwrap(), csv(&scenario(), &all, start)] {
            let plan = planned(&bytes);
            prop_assert_eq!(errors(&plan), Vec::<String>::new());
            prop_assert_eq!(&plan.injects, &injects);
        }
    }

    #[test]
    fn no_file_makes_it_stop(bytes in prop::collection::vec(any::<u8>(), 0..200), cells in prop::collection::vec("[ -~éà°+:\n;]{0,20}", 0..40)) {
        let _ = refused(&bytes);
        let text = format!("N°;Heure;T+;Jour;Destinataire;Contenu\n{}", cells.chunks(6).map(|row| row.join(";")).collect::<Vec<_>>().join("\n"));
        let _ = refused(text.as_bytes());
    }
}
