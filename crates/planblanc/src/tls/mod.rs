//! TLS with an authority of one's own, made at the first start: no purchase, no Internet, no administrator.

pub(crate) mod authority;
mod calendar;
pub(crate) mod doors;
pub(crate) mod machine;
mod plain;

use crate::environment;
use crate::failure::Failure;
use authority::{Authority, Server};
use machine::Asked;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use web::{Names, Trust};

/// How often the addresses of this machine and the dates of its certificate are looked at again: a laptop changes
/// networks while it serves.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// The identity of this server on the network, kept up to date.
pub(crate) struct Identity {
    authority: Authority,
    asked: Asked,
    names: watch::Sender<Names>,
    current: Current,
}

/// The certificate shown to those who connect now.
#[derive(Debug, Clone)]
struct Current(Arc<RwLock<Arc<CertifiedKey>>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Identity {
    /// Reads or makes the authority in `keys`, and a certificate for what this machine is called.
    ///
    /// # Errors
    /// A damaged key, or what the system says.
    pub(crate) fn open(keys: &Path, asked: Asked) -> Result<Self, Failure> {
        let (names, now_s) = (machine::names(&asked), now_s());
        let authority = Authority::open(keys, &names, now_s)?;
        let current = Current(Arc::new(RwLock::new(certified(authority.server(&names, now_s)?)?)));
        Ok(Self { authority, asked, names: watch::Sender::new(names), current })
    }

    /// What speaks TLS in this name.
    ///
    /// # Errors
    /// Never in practice: the library knows its own protocol versions.
    pub(crate) fn acceptor(&self) -> Result<TlsAcceptor, Failure> {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(|error| broken(&error))?;
        let mut config = builder.with_no_client_auth().with_cert_resolver(Arc::new(self.current.clone()));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// What pages say of it.
    pub(crate) fn trust(&self, port: u16) -> Trust {
        Trust { certificate: Arc::from(self.authority.certificate().as_ref()), names: self.names.subscribe(), port }
    }

    /// Sentences for whoever reads the terminal: names the authority cannot sign for, a clock that cannot be right.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let beyond = self.authority.beyond(&self.names.borrow());
        let names = (!beyond.is_empty()).then(|| {
            format!(
                "l’autorité de ce dossier n’a pas été faite pour {} : le navigateur avertira à cette adresse ; pour la couvrir, \
                supprimez keys/authority.json et relancez, puis chaque appareil refera confiance",
                beyond.join(", ")
            )
        });
        self.authority.doubt(now_s()).into_iter().chain(names).collect()
    }

    /// Follows this machine from network to network for as long as it serves.
    pub(crate) async fn keep_up(self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Err(failure) = self.look_again() {
                tracing::warn!(error = failure.sentence, "the certificate stays as it is");
            }
        }
    }

    fn look_again(&self) -> Result<(), Failure> {
        let names = machine::names(&self.asked);
        let server = certified(self.authority.server(&names, now_s())?)?;
        *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = server;
        self.names.send_if_modified(|known| {
            let changed = *known != names;
            *known = names;
            changed
        });
        Ok(())
    }
}

fn certified(server: Server) -> Result<Arc<CertifiedKey>, Failure> {
    let certified = CertifiedKey::from_der(server.chain, server.key, &ring::default_provider());
    certified.map(Arc::new).map_err(|error| broken(&error))
}

fn broken(error: &rustls::Error) -> Failure {
    Failure::new(format!("le chiffrement ne peut pas commencer : {error}"))
}

fn now_s() -> i64 {
    environment::now_ms().div_euclid(1_000)
}
