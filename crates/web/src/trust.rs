//! Trusting this server: the certificate of its own authority, its fingerprint, and how each system takes it.

use crate::answer::{Fault, bare};
use crate::typography::fr;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use journal::EntryId;
use journal::entry::sha256;
use journal::words::words;
use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::watch;

/// Where the page is; nobody needs to be signed in to read it.
pub const TRUST_PATH: &str = "/confiance";
const CERTIFICATE_PATH: &str = "/confiance/autorite.crt";
/// Empty modules around a code, as ISO/IEC 18004 asks.
const QUIET_MODULES: i32 = 4;

/// The names and addresses under which this server answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Host names, in lower case.
    pub hosts: BTreeSet<String>,
    /// IP addresses.
    pub addresses: BTreeSet<IpAddr>,
}

impl Names {
    /// This machine as it calls itself: all that plain HTTP answers to.
    pub fn loopback() -> Self {
        let addresses = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        Self { hosts: BTreeSet::from(["localhost".to_owned()]), addresses: BTreeSet::from(addresses) }
    }

    /// Adds a host name or an IP address.
    pub fn insert(&mut self, name: &str) {
        match name.parse() {
            Ok(address) => self.addresses.insert(address),
            Err(_) => self.hosts.insert(name.to_lowercase()),
        };
    }

    /// Whether a `Host` header (name or address, a port or none) names this server.
    pub fn answer_to(&self, host: &str) -> bool {
        let is_port = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
        let name = match host.rsplit_once(':') {
            Some((name, port)) if is_port(port) && !name.ends_with(':') => name,
            _ => host,
        };
        match name.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => inner.parse().is_ok_and(|address| self.addresses.contains(&IpAddr::V6(address))),
            None => match name.parse() {
                Ok(address) => self.addresses.contains(&IpAddr::V4(address)),
                Err(_) => self.hosts.contains(&name.to_lowercase()),
            },
        }
    }

    /// Each as it stands in an address, what another device can use first.
    pub fn in_addresses(&self) -> Vec<String> {
        let (near, far): (Vec<IpAddr>, Vec<IpAddr>) = self.addresses.iter().partition(|address| address.is_loopback());
        let (local, hosts): (Vec<&String>, Vec<&String>) = self.hosts.iter().partition(|host| *host == "localhost");
        let addresses = |all: Vec<IpAddr>| all.into_iter().map(literal).collect::<Vec<_>>();
        let hosts = |all: Vec<&String>| all.into_iter().cloned().collect::<Vec<_>>();
        [hosts(self::sorted(hosts_of(hosts.clone()))), addresses(far), self::Names::none(), hosts(local), addresses(near)].concat()
    }
}

/// The authority that signs this server's certificate, and the names it answers to now.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The authority's certificate (DER).
    pub certificate: Arc<[u8]>,
    /// Changes when the addresses of this machine do.
    pub names: watch::Receiver<Names>,
}
