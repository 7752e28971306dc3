//! The names and addresses of this machine, as other devices on its network may call it.

use crate::failure::Failure;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use web::Names;

const NAME_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;

/// What whoever started the server asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// Names and addresses beyond those this machine knows of itself.
    pub(crate) names: Vec<String>,
    /// The only addresses to answer at; all when there is none.
    pub(crate) listen: Vec<IpAddr>,
}

/// What this machine is called now: loopback, host name, IPv4 addresses of its networks (the one it would reach others
/// by first), and what was asked for. IPv6 addresses change by the day on many networks and nobody types them: only
/// those asked for are taken.
pub(crate) fn names(asked: &Asked) -> Names {
    let everywhere = asked.listen.is_empty();
    let near = everywhere || asked.listen.iter().any(IpAddr::is_loopback);
    let mut names = if near { Names::loopback() } else { Names::default() };
    asked.names.iter().for_each(|name| names.insert(name));
    asked.listen.iter().for_each(|address| names.insert(&address.to_string()));
    if let Some(host) = host() {
        names.insert(&host);
        if !host.contains('.') {
            // How phones find a neighbour without any server (multicast DNS).
            names.insert(&format!("{host}.local"));
        }
    }
    if everywhere {
        main_address().into_iter().chain(addresses()).for_each(|address| names.insert(&address.to_string()));
    }
    names
}

/// The host name, if it can stand in a certificate.
pub(crate) fn host() -> Option<String> {
    let name = gethostname::gethostname().to_string_lossy().to_lowercase();
    checked(&name).ok().filter(|name| name.parse::<IpAddr>().is_err())
}

fn addresses() -> impl Iterator<Item = IpAddr> {
    let all = if_addrs::get_if_addrs().unwrap_or_default().into_iter().map(|interface| interface.ip());
    all.filter(|address| address.is_ipv4() && !address.is_loopback() && !address.is_unspecified())
}

/// The address towards the outside. Nothing is sent: the system only chooses a way.
fn main_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address kept for documentation (RFC 5737): the default way leads there.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|address| !address.is_unspecified() && !address.is_loopback())
}

/// A name or an address as it may stand in a certificate, in lower case.
pub(crate) fn checked(name: &str) -> Result<String, Failure> {
    let label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if name.parse::<IpAddr>().is_ok() || name.len() <= NAME_BYTES_MAX && name.split('.').all(label) {
        return Ok(name.to_lowercase());
    }
    Err(Failure::new(format!(
        "« {name} » n’est ni un nom de machine ni une adresse IP : écrivez par exemple --name crise.hopital.example"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_stand_in_a_certificate_are_refused() {
        for name in ["poste-dsi", "Crise.Hopital.example", "192.168.1.20", "fd00::20"] {
            assert!(checked(name).is_ok(), "{name}");
        }
        for name in ["", "https://crise", "poste dsi", "crise..fr", "-crise", "hôpital", "a:8443", &"x".repeat(64)] {
            assert!(checked(name).is_err(), "{name}");
        }
    }

    #[test]
    fn this_machine_answers_to_what_was_asked_for() {
        let asked = Asked { names: vec!["crise.hopital.example".to_owned()], listen: Vec::new() };
        assert!(names(&asked).answer_to("localhost:1") && names(&asked).answer_to("crise.hopital.example"));
        let only = Asked { listen: vec![IpAddr::from([192, 168, 1, 20])], ..asked };
        assert!(names(&only).answer_to("192.168.1.20:1") && !names(&only).answer_to("localhost:1"));
    }
}
