//! The authority of a data folder: made at the first start, it signs the certificate of this server and nothing else.
//!
//! Phones are asked to trust it: should its key be stolen, it must not be able to imitate the rest of the Internet. So
//! its certificate names the local domains and private networks it is good for (RFC 5280, 4.2.1.10), and the names this
//! machine had when it was made.

use super::calendar::{self, DAY_S};
use crate::failure::Failure;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use store::platform::write_private;
use web::Names;

/// Ten years, with the leap days.
const AUTHORITY_DAYS: i64 = 3_653;
/// Well under the 397 days that browsers bear.
const SERVER_DAYS: i64 = 390;
/// A certificate begins this long before it is made: clocks differ.
const BACKDATED_DAYS: i64 = 2;
/// A certificate this close to its end is made again.
const RENEWED_BEFORE_DAYS: i64 = 30;

/// Domains for local use: RFC 6761, RFC 6762, RFC 8375, and what routers and ICANN set apart.
const LOCAL_DOMAINS: &[&str] = &["localhost", "local", "lan", "internal", "home.arpa"];
/// Private and link-local networks, and loopback: RFC 1918, 3927, 6598, 4193, 4291.
const LOCAL_NETWORKS: &[(&str, u8)] = &[
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("169.254.0.0", 16),
    ("100.64.0.0", 10),
    ("127.0.0.0", 8),
    ("fc00::", 7),
    ("fe80::", 10),
    ("::1", 128),
];

/// A key and its certificate, in PEM, with what has to be known of it without reading X.509. Times are seconds since 1970.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Of an authority, what it calls itself; of a server, the SHA-256 of the authority that signed it.
    name: String,
    certificate: String,
    key: String,
    not_before_s: i64,
    not_after_s: i64,
    /// For an authority, what it may sign beyond the local domains and networks; for a server, what it is called.
    names: Vec<String>,
}

/// The authority of a data folder.
pub(crate) struct Authority {
    kept: Kept,
    certificate: CertificateDer<'static>,
    server: PathBuf,
}

/// The certificate of this server, and its key.
pub(crate) struct Server {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

impl Authority {
    /// The authority whose key is in `keys`, made if there is none yet.
    ///
    /// # Errors
    /// A damaged file, or what the system says.
    pub(crate) fn open(keys: &Path, names: &Names, now_s: i64) -> Result<Self, Failure> {
        let path = keys.join("authority.json");
        if !path.exists() {
            keep(&path, &found(names, now_s).map_err(unmade)?)?;
        }
        let kept: Kept = read(&path)?.ok_or_else(|| damaged(&path))?;
        let certificate = CertificateDer::from_pem_slice(kept.certificate.as_bytes()).map_err(|_| damaged(&path))?;
        Ok(Self { kept, certificate, server: keys.join("server.json") })
    }

    pub(crate) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// A sentence when dates cannot be right.
    pub(crate) fn doubt(&self, now_s: i64) -> Option<String> {
        let today = calendar::words(now_s);
        if calendar::is_absurd(now_s) {
            return Some(format!(
                "l’horloge de ce poste dit « {today} », ce qui est faux : corrigez-la et relancez ; d’ici là on peut entrer, \
                mais les navigateurs peuvent avertir que le certificat n’est pas à sa date"
            ));
        }
        (now_s > self.kept.not_after_s).then(|| {
            format!(
                "l’horloge de ce poste dit « {today} », et l’autorité de ce dossier finit le {} ; si l’horloge est fausse, corrigez-la et \
                relancez ; sinon, supprimez keys/authority.json et relancez, puis chaque appareil refera confiance ; d’ici là on \
                peut entrer malgré l’avertissement du navigateur",
                calendar::words(self.kept.not_after_s)
            )
        })
    }

    /// Those of these names that this authority may not sign for.
    pub(crate) fn beyond(&self, names: &Names) -> Vec<String> {
        names.all().filter(|name| !is_local(name) && !self.kept.names.iter().any(|known| is_under(name, known))).collect()
    }

    /// The certificate of this server: the one kept, or another when its names or its dates no longer do.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn server(&self, names: &Names, now_s: i64) -> Result<Server, Failure> {
        let beyond = self.beyond(names);
        let wanted: Vec<String> = names.all().filter(|name| !beyond.contains(name)).collect();
        let today = calendar::plausible(now_s);
        let does = |kept: &Kept| {
            let named = wanted.iter().all(|name| kept.names.contains(name));
            let dated = (kept.not_before_s..kept.not_after_s - RENEWED_BEFORE_DAYS * DAY_S).contains(&today);
            // A folder may have been given another authority.
            named && dated && kept.name == self.fingerprint()
        };
        // One that cannot be read is made again: nobody but this program relies on it.
        if let Some(server) = read::<Kept>(&self.server).ok().flatten().filter(does).and_then(|kept| usable(&kept)) {
            return Ok(server);
        }
        let kept = self.issue(wanted, today).map_err(unmade)?;
        if self.server.exists() {
            std::fs::remove_file(&self.server).map_err(Failure::file(&self.server))?;
        }
        keep(&self.server, &kept)?;
        usable(&kept).ok_or_else(|| damaged(&self.server))
    }

    fn fingerprint(&self) -> String {
        journal::entry::sha256(&self.certificate).to_string()
    }

    fn issue(&self, names: Vec<String>, today_s: i64) -> Result<Kept, rcgen::Error> {
        let (not_before_s, not_after_s) = (today_s - BACKDATED_DAYS * DAY_S, today_s + SERVER_DAYS * DAY_S);
        let mut params = CertificateParams::default();
        date(&mut params, not_before_s, not_after_s);
        params.distinguished_name = distinguished("Plan Blanc");
        params.subject_alt_names = names.iter().map(|name| subject(name)).collect::<Result<_, _>>()?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let issuer = Issuer::new(authority_params(&self.kept.name), KeyPair::from_pem(&self.kept.key)?);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &issuer)?.pem();
        Ok(Kept { name: self.fingerprint(), certificate, key: key.serialize_pem(), not_before_s, not_after_s, names })
    }
}

/// What the authority's certificate and whatever it signs say alike of it.
fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = distinguished(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn found(names: &Names, now_s: i64) -> Result<Kept, rcgen::Error> {
    let name = super::machine::host()
        .map_or_else(|| "Plan Blanc, autorité locale".to_owned(), |host| format!("Plan Blanc, autorité locale de {host}"));
    let own: Vec<String> = names.all().filter(|name| !is_local(name)).collect();
    let domains = LOCAL_DOMAINS.iter().map(|domain| GeneralSubtree::DnsName((*domain).to_owned()));
    let networks = LOCAL_NETWORKS.iter().filter_map(|(start, bits)| Some((start.parse::<IpAddr>().ok()?, *bits)));
    let networks = networks.map(|(start, bits)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(start, bits)));
    let permitted_subtrees = domains.chain(networks).chain(own.iter().map(|name| subtree(name))).collect();
    let (not_before_s, not_after_s) = (calendar::EARLIEST_S, calendar::plausible(now_s) + AUTHORITY_DAYS * DAY_S);
    let mut params = authority_params(&name);
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    date(&mut params, not_before_s, not_after_s);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?.pem();
    Ok(Kept { name, certificate, key: key.serialize_pem(), not_before_s, not_after_s, names: own })
}

fn date(params: &mut CertificateParams, not_before_s: i64, not_after_s: i64) {
    let midnight = |at_s| {
        let (year, month, day) = calendar::year_month_day(at_s);
        rcgen::date_time_ymd(year, month, day)
    };
    (params.not_before, params.not_after) = (midnight(not_before_s), midnight(not_after_s));
}

fn distinguished(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn subject(name: &str) -> Result<SanType, rcgen::Error> {
    match name.parse() {
        Ok(address) => Ok(SanType::IpAddress(address)),
        Err(_) => Ok(SanType::DnsName(name.try_into()?)),
    }
}

fn subtree(name: &str) -> GeneralSubtree {
    match name.parse::<IpAddr>() {
        Ok(address) => GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, if address.is_ipv4() { 32 } else { 128 })),
        Err(_) => GeneralSubtree::DnsName(name.to_owned()),
    }
}

fn is_local(name: &str) -> bool {
    match name.parse::<IpAddr>() {
        Ok(address) => LOCAL_NETWORKS.iter().any(|(start, bits)| start.parse().is_ok_and(|start| is_in(address, start, *bits))),
        Err(_) => LOCAL_DOMAINS.iter().any(|domain| is_under(name, domain)),
    }
}

/// Whether a name is another or lies under it (RFC 5280: a constraint covers all that adds labels on its left).
fn is_under(name: &str, domain: &str) -> bool {
    let above = |rest: &str| rest.is_empty() || rest.ends_with('.') && name.parse::<IpAddr>().is_err();
    name.strip_suffix(domain).is_some_and(above)
}

fn is_in(address: IpAddr, start: IpAddr, bits: u8) -> bool {
    match (address, start) {
        (IpAddr::V4(address), IpAddr::V4(start)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            (address.to_bits() ^ start.to_bits()) & mask == 0
        }
        (IpAddr::V6(address), IpAddr::V6(start)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            (address.to_bits() ^ start.to_bits()) & mask == 0
        }
        _ => false,
    }
}

fn usable(kept: &Kept) -> Option<Server> {
    let certificate = CertificateDer::from_pem_slice(kept.certificate.as_bytes()).ok()?;
    Some(Server { chain: vec![certificate], key: PrivateKeyDer::from_pem_slice(kept.key.as_bytes()).ok()? })
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| damaged(path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file(path)(error)),
    }
}

fn keep(path: &Path, kept: &Kept) -> Result<(), Failure> {
    let text = serde_json::to_vec_pretty(kept).map_err(|error| Failure::new(error.to_string()))?;
    write_private(path, &text).map_err(Failure::file(path))
}

fn damaged(path: &Path) -> Failure {
    Failure::new(format!(
        "{} est abîmé : restaurez-le depuis une sauvegarde, ou supprimez-le et relancez (chaque appareil devra alors refaire confiance)",
        path.display()
    ))
}

#[allow(clippy::needless_pass_by_value, reason = "stands in map_err")]
fn unmade(error: rcgen::Error) -> Failure {
    Failure::new(format!("le certificat de ce serveur n’a pas pu être fait : {error}"))
}

#[cfg(test)]
#[path = "authority_tests.rs"]
mod authority_tests;
