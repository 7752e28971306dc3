//! Signed files: whole and as they were signed, or refused with a sentence of their own.

use formats::signed::{FILE_BYTES_MAX, PAYLOAD_BYTES_MAX, SignedError, fingerprint, open, seal};
use journal::certificate::Certificate;
use journal::{PublicKey, SigningKey};
use proptest::prelude::*;

fn keys(n: u8) -> (Certificate, SigningKey) {
    let (root, device) = (SigningKey::from_bytes(&[n; 32]), SigningKey::from_bytes(&[n + 100; 32]));
    let public = PublicKey(device.verifying_key().to_bytes());
    (Certificate::issue(&root, public, "poste de garde", 1_700_000_000_000, true), device)
}

fn sealed(payload: &[u8]) -> Vec<u8> {
    let (certificate, key) = keys(1);
    seal("kit", payload, "Centre hospitalier de Valmont", &certificate, &key)
}

#[test]
fn what_was_sealed_opens_with_who_signed_it() {
    let opened = open(&sealed(b"{\"a\":1}\n"), "kit").expect("a sound file");
    assert_eq!(opened.payload, b"{\"a\":1}\n");
    assert_eq!((opened.signed_by.as_str(), opened.device_name.as_str()), ("Centre hospitalier de Valmont", "poste de garde"));
    assert_eq!(opened.root, keys(1).0.root);
    assert_eq!(opened.device, keys(1).0.device);
}

#[test]
fn every_single_byte_that_changes_is_noticed() {
    let file = sealed(b"{\"titre\":\"Nuit blanche\"}");
    for at in 0..file.len() {
        for flip in [1_u8, 0x20, 0x80] {
            let mut changed = file.clone();
            changed[at] ^= flip;
            assert!(open(&changed, "kit").is_err(), "byte {at} of {}", file.len());
        }
    }
    let mut changed = file.clone();
    let last = changed.len() - 3;
    changed[last] ^= 1;
    assert_eq!(open(&changed, "kit"), Err(SignedError::Tampered));
    assert_eq!(open(&[file.as_slice(), b"x"].concat(), "kit"), Err(SignedError::Tampered));
}

#[test]
fn a_file_that_lost_its_end_says_so_wherever_it_was_cut() {
    let file = sealed(b"{\"titre\":\"Nuit blanche\"}");
    for end in 40..file.len() {
        assert_eq!(open(&file[..end], "kit"), Err(SignedError::Truncated), "cut at {end}");
    }
}

#[test]
fn what_is_none_of_ours_is_refused_in_its_own_words() {
    assert_eq!(open(b"", "kit"), Err(SignedError::Empty));
    for foreign in [&b"PK\x03\x04"[..], b"{}", b"{\"format\":\"autre\"}\n{}", b"\n", b"bonjour\n"] {
        assert_eq!(open(foreign, "kit"), Err(SignedError::Foreign));
    }
    assert_eq!(open(b"{\"format\":\"planblanc-signed-2\",\"neuf\":1}\n{}", "kit"), Err(SignedError::Newer));
    assert_eq!(open(&sealed(b"{}"), "results"), Err(SignedError::OtherKind));
    assert_eq!(open(&vec![b'x'; FILE_BYTES_MAX + 1], "kit"), Err(SignedError::TooBig));
    assert_eq!(open(&sealed(&vec![b' '; PAYLOAD_BYTES_MAX + 1]), "kit"), Err(SignedError::TooBig));
    assert!(open(&sealed(&vec![b' '; PAYLOAD_BYTES_MAX]), "kit").is_ok());
}

#[test]
fn each_error_has_its_own_sentence() {
    use SignedError::{Empty, Foreign, Newer, OtherKind, Tampered, TooBig, Truncated};
    let all = [Empty, Foreign, Newer, Truncated, Tampered, OtherKind, TooBig].map(SignedError::sentence);
    assert_eq!(all.into_iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
}

#[test]
fn nobody_signs_in_the_name_of_another() {
    let ((certificate, _), (_, other)) = (keys(1), keys(2));
    assert_eq!(open(&seal("kit", b"{}", "Valmont", &certificate, &other), "kit"), Err(SignedError::Tampered));
    // A certificate that its root never signed.
    let (mut forged, key) = keys(1);
    forged.root = keys(2).0.root;
    assert_eq!(open(&seal("kit", b"{}", "Valmont", &forged, &key), "kit"), Err(SignedError::Tampered));
    assert_ne!(fingerprint(&keys(1).0.root), fingerprint(&keys(2).0.root));
}

proptest! {
    #[test]
    fn any_bytes_come_back_and_any_bytes_are_survived(payload in prop::collection::vec(any::<u8>(), 0..400), by in ".{0,60}") {
        let (certificate, key) = keys(1);
        let opened = open(&seal("kit", &payload, &by, &certificate, &key), "kit");
        prop_assert_eq!(opened.map(|opened| opened.payload), Ok(payload.clone()));
        let _ = open(&payload, "kit");
    }
}
