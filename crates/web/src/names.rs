//! The names and addresses under which a server answers.

use std::net::IpAddr;

const LOCALHOST: &str = "localhost";

/// The names and addresses under which a server answers, the ones to tell people first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    hosts: Vec<String>,
    addresses: Vec<IpAddr>,
}

impl Names {
    /// A machine as it calls itself: all that plain HTTP answers to.
    pub fn loopback() -> Self {
        let addresses = vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        Self { hosts: vec![LOCALHOST.to_owned()], addresses }
    }

    /// Adds a host name or an IP address, unless it is there.
    pub fn insert(&mut self, name: &str) {
        match name.parse() {
            Ok(address) if !self.addresses.contains(&address) => self.addresses.push(address),
            Err(_) if !self.hosts.contains(&name.to_lowercase()) => self.hosts.push(name.to_lowercase()),
            _ => {}
        }
    }

    /// Each as text: host names, then addresses.
    pub fn all(&self) -> impl Iterator<Item = String> {
        self.hosts.iter().cloned().chain(self.addresses.iter().map(IpAddr::to_string))
    }

    /// Each as it stands in an address: of the network, then of this machine alone.
    pub fn in_addresses(&self) -> Vec<String> {
        let addresses = self.addresses.iter().map(|a| (if a.is_loopback() { 3 } else { 0 }, literal(*a)));
        let hosts = self.hosts.iter().map(|host| (if host == LOCALHOST { 2 } else { 1 }, host.clone()));
        let mut all: Vec<(u8, String)> = addresses.chain(hosts).collect();
        all.sort_by_key(|(rank, _)| *rank);
        all.into_iter().map(|(_, name)| name).collect()
    }

    /// The first one that another device may use.
    pub fn beyond_this_machine(&self) -> Option<String> {
        let address = self.addresses.iter().find(|a| !a.is_loopback()).map(|a| literal(*a));
        address.or_else(|| self.hosts.iter().find(|host| *host != LOCALHOST).cloned())
    }

    /// Whether a `Host` header (name or address, with a port or none) names this server.
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
                Err(_) => self.hosts.iter().any(|host| host.eq_ignore_ascii_case(name)),
            },
        }
    }
}

/// An IP address as it stands in the address of a page.
fn literal(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_names_are_answered() {
        let loopback = Names::loopback();
        for host in ["localhost", "LocalHost:8080", "127.0.0.1:8443", "[::1]:8080", "[::1]"] {
            assert!(loopback.answer_to(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "localhost:80:80",
            "::1",
            "[::2]:80",
            "[::1",
            "192.168.1.20",
        ] {
            assert!(!loopback.answer_to(host), "{host}");
        }
        let mut names = Names::loopback();
        for name in ["Poste-DSI", "192.168.1.20", "fd00::20", "192.168.1.20"] {
            names.insert(name);
        }
        for host in ["poste-dsi:8443", "POSTE-DSI", "192.168.1.20:8443", "[fd00::20]:8443", "[fd00:0::20]", "localhost"] {
            assert!(names.answer_to(host), "{host}");
        }
        assert!(!names.answer_to("192.168.1.21:8443"));
        assert_eq!(names.in_addresses(), ["192.168.1.20", "[fd00::20]", "poste-dsi", "localhost", "127.0.0.1", "[::1]"]);
    }
}
