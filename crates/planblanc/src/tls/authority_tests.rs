use super::*;

const NOW_S: i64 = 1_795_267_920;
const TEN_YEARS_S: i64 = 3_653 * DAY_S;

fn names(all: &[&str]) -> Names {
    let mut names = Names::loopback();
    all.iter().for_each(|name| names.insert(name));
    names
}

fn kept(dir: &Path) -> Kept {
    read(&dir.join("server.json")).expect("readable").expect("there")
}

/// Whether a browser at that moment takes the server's certificate for that name.
fn is_trusted(authority: &Authority, server: &Server, name: &str, at_s: i64) -> bool {
    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier;
    use rustls::pki_types::{ServerName, UnixTime};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.certificate().clone()).expect("an authority");
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build().expect("a verifier");
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::try_from(at_s).expect("after 1970")));
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    verifier.verify_server_cert(&server.chain[0], &[], &name, &[], at).is_ok()
}

#[test]
fn a_browser_that_trusts_the_authority_trusts_the_server_under_its_names_only() {
    let dir = tempfile::tempdir().expect("folder");
    let names = names(&["poste-dsi", "192.168.1.20", "crise.hopital.example", "203.0.113.7"]);
    let authority = Authority::open(dir.path(), &names, NOW_S).expect("made");
    let server = authority.server(&names, NOW_S).expect("made");
    for name in ["localhost", "127.0.0.1", "::1", "poste-dsi", "192.168.1.20", "crise.hopital.example", "203.0.113.7"] {
        assert!(is_trusted(&authority, &server, name, NOW_S), "{name}");
    }
    assert!(!is_trusted(&authority, &server, "192.168.1.21", NOW_S));
    assert!(authority.beyond(&names).is_empty());
}

#[test]
fn a_stolen_authority_cannot_imitate_the_rest_of_the_world() {
    let dir = tempfile::tempdir().expect("folder");
    let authority = Authority::open(dir.path(), &names(&["poste-dsi"]), NOW_S).expect("made");
    assert_eq!(
        authority.beyond(&names(&["poste-dsi", "banque.example", "203.0.113.7", "10.1.2.3"])),
        ["banque.example", "203.0.113.7"]
    );
    for name in ["banque.example", "203.0.113.7"] {
        let kept = authority.issue(vec![name.to_owned()], NOW_S).expect("signed all the same");
        assert!(!is_trusted(&authority, &usable(&kept).expect("whole"), name, NOW_S), "{name}");
    }
    let kept = authority.issue(vec!["10.1.2.3".to_owned()], NOW_S).expect("signed");
    assert!(is_trusted(&authority, &usable(&kept).expect("whole"), "10.1.2.3", NOW_S));
}

#[test]
fn a_certificate_is_kept_until_names_or_dates_no_longer_do() {
    let dir = tempfile::tempdir().expect("folder");
    let (one, two) = (names(&["poste-dsi"]), names(&["poste-dsi", "192.168.1.20"]));
    let authority = Authority::open(dir.path(), &one, NOW_S).expect("made");
    let certificate = |names: &Names, now_s| {
        authority.server(names, now_s).expect("made");
        kept(dir.path()).certificate
    };
    let first = certificate(&one, NOW_S);
    assert_eq!(certificate(&one, NOW_S + 300 * DAY_S), first);
    let second = certificate(&two, NOW_S);
    assert_ne!(second, first);
    // Fewer names need nothing new.
    assert_eq!(certificate(&one, NOW_S), second);
    let third = certificate(&two, NOW_S + 370 * DAY_S);
    assert_ne!(third, second);
    // The clock was set back: the last one is not valid yet.
    assert_ne!(certificate(&two, NOW_S), third);
    let kept = kept(dir.path());
    assert!(kept.not_after_s - kept.not_before_s <= 397 * DAY_S);
    std::fs::write(dir.path().join("server.json"), b"{").expect("spoilt");
    assert!(authority.server(&two, NOW_S).is_ok());
}

#[test]
fn the_authority_stays_the_same_and_a_damaged_one_is_named() {
    let dir = tempfile::tempdir().expect("folder");
    let open = || Authority::open(dir.path(), &names(&[]), NOW_S);
    let first = open().expect("made").certificate().clone();
    assert_eq!(open().expect("read").certificate(), &first);
    std::fs::write(dir.path().join("authority.json"), b"{}").expect("spoilt");
    let failure = open().err().expect("refused");
    assert!(failure.sentence.contains("authority.json") && failure.sentence.contains("abîmé"), "{}", failure.sentence);
}

#[test]
fn a_clock_ten_years_off_says_so_and_locks_nobody_out() {
    let names = names(&["poste-dsi"]);
    for wrong in [NOW_S - TEN_YEARS_S, NOW_S + TEN_YEARS_S] {
        let dir = tempfile::tempdir().expect("folder");
        let authority = Authority::open(dir.path(), &names, wrong).expect("made");
        authority.server(&names, wrong).expect("made");
        // Once the clock is right, the same authority is trusted.
        let server = authority.server(&names, NOW_S).expect("made");
        assert!(is_trusted(&authority, &server, "poste-dsi", NOW_S));
        assert_eq!(authority.doubt(NOW_S), None);
    }
    let dir = tempfile::tempdir().expect("folder");
    let authority = Authority::open(dir.path(), &names, NOW_S).expect("made");
    for (wrong, words) in
        [(NOW_S - TEN_YEARS_S, "2016"), (NOW_S + TEN_YEARS_S + DAY_S, "2036"), (0, "1970"), (i64::MAX / 2, "horloge")]
    {
        assert!(authority.server(&names, wrong).is_ok());
        assert!(authority.doubt(wrong).is_some_and(|sentence| sentence.contains(words)), "{wrong}");
    }
    // A server that began by a late clock is trusted by devices that are at the right date, for the year this program knows of.
    let server = authority.server(&names, NOW_S - TEN_YEARS_S).expect("made");
    assert!(is_trusted(&authority, &server, "poste-dsi", NOW_S));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("folder");
    let authority = Authority::open(dir.path(), &names(&[]), NOW_S).expect("made");
    authority.server(&names(&[]), NOW_S).expect("made");
    for file in ["authority.json", "server.json"] {
        let mode = std::fs::metadata(dir.path().join(file)).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file}");
    }
}
