//! The commands, as scripts and people run them.

mod support;

use rusqlite::Connection;
use support::{Place, text};

/// Changes one byte in the text of one entry, as somebody with an editor on the database would. Returns its id.
fn alter_one_byte(place: &Place) -> String {
    let connection = Connection::open(place.data().join("journal.db")).expect("opens");
    connection.execute_batch("DROP TRIGGER body_never_updated").expect("no guard");
    let (n, id): (i64, Vec<u8>) = connection
        .query_row("SELECT n, id FROM entry WHERE kind = 'crisis.entry_logged' ORDER BY n LIMIT 1 OFFSET 20", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .expect("an entry");
    let changed = connection
        .execute("UPDATE body SET body = CAST(replace(CAST(body AS TEXT), 'a', 'e') AS BLOB) WHERE n = ?1", [n])
        .expect("altered");
    assert_eq!(changed, 1);
    journal::id::to_hex(&id)
}

#[test]
fn a_fresh_demonstration_is_whole_and_an_altered_one_is_named() {
    let place = Place::new();
    let server = place.demo(0);
    let beside = place.on_data(&["verify"]);
    assert_eq!(beside.status.code(), Some(0), "{}", text(&beside.stdout));
    assert!(text(&beside.stdout).contains("Entier"));
    server.kill();
    let id = alter_one_byte(&place);
    let altered = place.on_data(&["verify", "--json"]);
    assert_eq!(altered.status.code(), Some(1));
    assert!(text(&altered.stdout).contains(&id), "names the entry: {}", text(&altered.stdout));
    let said = place.on_data(&["verify"]);
    assert!(text(&said.stdout).contains("ALTÉRÉ"));
    assert!(text(&said.stdout).contains(&id[..8]));
}

#[test]
fn a_demonstration_has_three_doors_that_know_each_other() {
    let place = Place::new();
    let server = place.demo(0);
    let door = http_get(&server.address, "/connexion");
    let others: Vec<&str> = door.split("href=\"").filter_map(|rest| rest.split_once('"')).map(|(to, _)| to).collect();
    let others: Vec<&str> = others.into_iter().filter(|to| to.starts_with("http://127.0.0.1:")).collect();
    assert_eq!(others.len(), 2, "{door}");
    for (other, name) in others.iter().zip(["SMR Les Tilleuls", "EHPAD Le Verger de Sorvanne"]) {
        let theirs = http_get(other.trim_end_matches('/'), "/connexion");
        assert!(theirs.contains(name), "{theirs}");
        assert!(theirs.contains(&server.address), "the way back");
    }
    server.kill();
    for folder in ["data-tilleuls", "data-verger"] {
        let folder = place.path(folder);
        let verified = place.run(&["verify", "--data", folder.to_str().expect("plain path")]);
        assert_eq!(verified.status.code(), Some(0), "{}", text(&verified.stdout));
    }
}

#[test]
fn an_altered_journal_opens_for_reading_only() {
    let place = Place::new();
    place.demo(0).kill();
    alter_one_byte(&place);
    let server = place.demo(0);
    let answer = http_get(&server.address, "/healthz");
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
}

/// One plain request; enough for what has no session.
fn http_get(address: &str, path: &str) -> String {
    use std::io::{Read, Write};
    let host = address.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(host).expect("connects");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("asks");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answers");
    answer
}

#[test]
fn what_cannot_be_read_is_another_exit_code() {
    let place = Place::new();
    let nowhere = place.on_data(&["verify"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).contains("ne contient pas de journal"));
    std::fs::create_dir_all(place.data()).expect("folder");
    std::fs::write(place.data().join("journal.db"), b"this is not a database at all, but somebody's letter").expect("file");
    assert_eq!(place.on_data(&["verify"]).status.code(), Some(2));
    assert_eq!(place.on_data(&["serve"]).status.code(), Some(1));
}

#[test]
fn a_store_made_by_a_newer_program_is_refused_with_a_sentence() {
    let place = Place::new();
    place.demo(0).kill();
    let connection = Connection::open(place.data().join("journal.db")).expect("opens");
    connection.pragma_update(None, "user_version", 99).expect("from the future");
    drop(connection);
    let refused = place.on_data(&["serve", "--port", "0"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("version plus récente"), "{}", text(&refused.stderr));
}

#[test]
fn a_second_writer_is_refused() {
    let place = Place::new();
    let _server = place.demo(0);
    let second = place.on_data(&["serve", "--port", "0"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(text(&second.stderr).contains("un autre programme"), "{}", text(&second.stderr));
}

#[test]
fn a_backup_of_a_live_server_restores_into_a_new_chain() {
    let place = Place::new();
    let server = place.demo(0);
    let (backup, restored) = (place.path("sauvegarde"), place.path("restaure"));
    let (backup, restored) = (backup.to_str().expect("path"), restored.to_str().expect("path"));
    let saved = place.on_data(&["backup", "--out", backup]);
    assert_eq!(saved.status.code(), Some(0), "{}", text(&saved.stderr));
    server.kill();
    let back = place.run(&["restore", "--from", backup, "--data", restored]);
    assert_eq!(back.status.code(), Some(0), "{}", text(&back.stderr));
    let chains = |dir: &str| -> i64 {
        let connection = Connection::open(format!("{dir}/journal.db")).expect("opens");
        connection.query_row("SELECT count(DISTINCT chain) FROM entry", [], |r| r.get(0)).expect("counts")
    };
    assert_eq!(chains(restored), 1);
    drop(support::Server::start(&place, std::path::Path::new(restored), 0));
    assert_eq!(chains(restored), 2, "a restored journal never continues the old chain");
    let verified = place.run(&["verify", "--data", restored, "--against", backup]);
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified.stdout));
}

#[test]
fn entries_travel_by_file_and_come_only_once() {
    let place = Place::new();
    place.demo(0).kill();
    let file = place.path("entrees.planblanc");
    let file = file.to_str().expect("path");
    assert_eq!(place.on_data(&["export", "--out", file]).status.code(), Some(0));
    let again = place.on_data(&["import", "journal", file, "--json"]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    assert!(text(&again.stdout).contains("\"accepted\":0"), "{}", text(&again.stdout));
    let other = Place::new();
    other.demo(0).kill();
    let foreign = other.on_data(&["import", "journal", file, "--dry-run", "--json"]);
    assert_eq!(foreign.status.code(), Some(1), "another establishment's entries are refused");
    assert!(text(&foreign.stdout).contains("autre journal"), "{}", text(&foreign.stdout));
}

#[test]
fn words_on_paper_and_a_sealed_file_expose_a_cut_tail() {
    let place = Place::new();
    place.demo(0).kill();
    let (sealed, paper) = (place.path("temoin.json"), place.path("mots.txt"));
    let told = place.on_data(&["witness", "--out", sealed.to_str().expect("path")]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let words = text(&told.stdout).lines().find_map(|l| l.strip_prefix("Mots : ").map(str::to_owned)).expect("words");
    std::fs::write(&paper, words).expect("copied");
    std::fs::remove_dir_all(place.path("guard")).expect("the insider removes this machine's own witness");
    let connection = Connection::open(place.data().join("journal.db")).expect("opens");
    let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'entry_never_deleted'";
    let trigger: String = connection.query_row(trigger, [], |r| r.get(0)).expect("a trigger");
    // The last lines of the log: requests of one entry, so that no half of a batch is left behind.
    let kept: i64 = connection.query_row("SELECT max(n) - 5 FROM entry", [], |r| r.get(0)).expect("entries");
    let cut = format!("DROP TRIGGER entry_never_deleted; DELETE FROM body WHERE n > {kept}; DELETE FROM entry WHERE n > {kept};");
    connection.execute_batch(&cut).expect("cut");
    connection.execute_batch(&trigger).expect("and leaves no trace");
    drop(connection);
    assert_eq!(place.on_data(&["verify"]).status.code(), Some(0), "a cut tail shows to nobody without a witness");
    for witness in [&sealed, &paper] {
        let exposed = place.on_data(&["verify", "--against", witness.to_str().expect("path")]);
        assert_eq!(exposed.status.code(), Some(1), "{}", text(&exposed.stdout));
        assert!(text(&exposed.stdout).contains("coupée ou réécrite"));
    }
}

#[test]
fn shipped_content_is_counted() {
    let place = Place::new();
    let lint = place.run(&["content", "lint", "--json"]);
    assert_eq!(lint.status.code(), Some(0), "{}", text(&lint.stdout));
    for key in ["\"kits\":", "\"frameworks\":", "\"sheets\":", "\"warnings\":0"] {
        assert!(text(&lint.stdout).contains(key), "{key}");
    }
}

#[test]
fn every_command_has_help_in_french() {
    let place = Place::new();
    for command in ["demo", "serve", "verify", "witness", "backup", "restore", "export", "import", "account", "content"] {
        let help = place.run(&[command, "--help"]);
        assert_eq!(help.status.code(), Some(0), "{command}");
        assert!(text(&help.stdout).len() > 80, "{command}");
    }
}

#[test]
fn the_map_comes_from_mercator_and_leaves_as_a_workbook() {
    let place = Place::new();
    place.demo(0).kill();
    let (tables, book) = (place.path("tables.json"), place.path("carte.xlsx"));
    std::fs::write(&tables, include_bytes!("../../formats/tests/files/mercator.json")).expect("written");
    let (tables, book) = (tables.to_str().expect("plain path"), book.to_str().expect("plain path"));
    let import = |more: &[&str]| place.on_data(&[&["import", "mercator", tables], more].concat());
    let said = |output: &std::process::Output| serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON");
    // Two rows are wrong: nothing is taken unless the good ones are asked for, in somebody's name.
    let stopped = import(&["--login", "marchand"]);
    assert_eq!(stopped.status.code(), Some(1));
    assert!(text(&stopped.stdout).contains("application_process, ligne 4"), "{}", text(&stopped.stdout));
    assert_eq!(import(&["--good-only"]).status.code(), Some(1), "nobody's");
    let taken = import(&["--good-only", "--login", "marchand", "--json"]);
    assert_eq!((taken.status.code(), said(&taken)["written"].as_bool()), (Some(0), Some(true)));
    let again = said(&import(&["--good-only", "--dry-run", "--json"]));
    assert_eq!((again["created"].as_u64(), again["changed"].as_u64()), (Some(0), Some(0)));
    assert_eq!(place.on_data(&["export", "map", "--out", book]).status.code(), Some(0));
    let back = said(&place.on_data(&["import", "tableur", book, "--dry-run", "--json"]));
    assert_eq!(
        (back["created"].as_u64(), back["changed"].as_u64(), back["faults"].as_array().map(Vec::len)),
        (Some(0), Some(0), Some(0)),
        "{back}"
    );
}
