//! Trusting this server: the certificate of its own authority, its fingerprint, and how each system takes it.

use crate::answer::{Fault, bare};
use crate::names::Names;
use crate::typography::fr;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use journal::EntryId;
use journal::entry::sha256;
use journal::id::to_hex;
use journal::words::words;
use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;
use std::sync::Arc;
use tokio::sync::watch;

/// Where the page is; nobody needs to be signed in to read it.
pub const TRUST_PATH: &str = "/confiance";
const CERTIFICATE_PATH: &str = "/confiance/autorite.crt";
/// Empty modules around a code (ISO/IEC 18004).
const QUIET_MODULES: i32 = 4;
/// Side of one module on the page, in pixels.
const MODULE_PX: i32 = 5;

/// The authority that signs this server's certificate, and the names it answers to now.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The authority's certificate (DER).
    pub certificate: Arc<[u8]>,
    /// Changes when the addresses of this machine do.
    pub names: watch::Receiver<Names>,
    /// Port it answers on.
    pub port: u16,
}

impl Trust {
    /// The certificate's SHA-256 as eight words, for people who compare them.
    pub fn words(&self) -> String {
        words(&EntryId(sha256(&self.certificate).0)).join(" ")
    }

    /// The same SHA-256 as systems show it: pairs of hexadecimal digits.
    fn fingerprint(&self) -> String {
        let hex = to_hex(&sha256(&self.certificate).0).to_uppercase();
        let pairs: Vec<&str> = (0..hex.len()).step_by(2).filter_map(|at| hex.get(at..at + 2)).collect();
        pairs.join(":")
    }

    /// Addresses of this server that a browser takes, best first.
    pub fn addresses(&self) -> Vec<String> {
        self.names.borrow().in_addresses().iter().map(|name| format!("https://{name}:{}", self.port)).collect()
    }

    /// The page's address for another device: as this one was reached, unless that is a name every machine calls itself.
    fn address_for(&self, headers: &HeaderMap) -> Option<String> {
        let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
        let asked = (!host.is_empty() && !Names::loopback().answer_to(host)).then(|| format!("https://{host}"));
        let elsewhere = || self.names.borrow().beyond_this_machine().map(|name| format!("https://{name}:{}", self.port));
        asked.or_else(elsewhere).map(|address| address + TRUST_PATH)
    }
}

/// The page and the certificate, for a server that has an authority or does without.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(trust: Option<Trust>) -> Router<S> {
    Router::new().route(TRUST_PATH, get(show)).route(CERTIFICATE_PATH, get(certificate)).with_state(trust)
}

async fn certificate(State(trust): State<Option<Trust>>) -> Response {
    let Some(trust) = trust else { return Fault::not_found().into_response() };
    let headers = [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"planblanc-autorite.crt\""),
    ];
    (headers, trust.certificate.to_vec()).into_response()
}

async fn show(State(trust): State<Option<Trust>>, headers: HeaderMap) -> Markup {
    let title = "Faire confiance à ce serveur";
    match trust {
        Some(trust) => bare(title, &page(&trust, trust.address_for(&headers).as_deref())),
        None => bare(title, &nothing()),
    }
}

fn nothing() -> Markup {
    html! {
        p.lead { (fr("Il n’y a rien à installer : ce serveur ne répond qu’à ce poste, sans passer par le réseau.")) }
        p { (fr("Pour l’ouvrir à d’autres postes et aux téléphones, relancez-le sans l’option ")) code { "--local" } "." }
        p { a href="/" { "Revenir à Plan Blanc" } }
    }
}

fn page(trust: &Trust, address: Option<&str>) -> Markup {
    html! {
        div.trust {
            p.lead { (fr("Votre navigateur avertit qu’il ne connaît pas ce serveur ? Installez une fois son certificat : \
                l’avertissement disparaît, et ne revient que si un autre serveur se fait passer pour lui.")) }
            h2 { "1. Comparez les mots" }
            p.words { b { (trust.words()) } }
            p { "Ce sont ceux qu’affiche le terminal où Plan Blanc a démarré. " b { (fr("S’ils diffèrent, n’installez rien")) }
                (fr(" et prévenez l’équipe informatique : un autre serveur se fait passer pour celui-ci.")) }
            p.small.muted { (fr("Empreinte SHA-256 : ")) code.hash { (trust.fingerprint()) } }
            h2 { "2. Téléchargez le certificat" }
            p { a.btn href=(CERTIFICATE_PATH) { "Télécharger le certificat" } }
            h2 { "3. Installez-le" }
            (systems())
            @if let Some(address) = address { (elsewhere(address)) }
            h2 { "Bon à savoir" }
            ul {
                li { (fr("Sans ce certificat, on peut entrer quand même (« Paramètres avancés », puis « Continuer ») : les échanges \
                    sont chiffrés, mais rien ne prouve que ce serveur est le bon.")) }
                li { "L’appareil doit être à la bonne date, sinon le certificat lui paraît périmé ou trop récent." }
                li { "Ce certificat ne vaut que pour ce serveur et les réseaux locaux. Il ne permet à personne de lire vos autres échanges." }
            }
            p { a href="/" { "Revenir à Plan Blanc" } }
        }
    }
}

fn systems() -> Markup {
    let steps: [(&str, &[&str]); 4] = [
        (
            "Android",
            &[
                "Ouvrez Paramètres, puis Sécurité (ou « Sécurité et confidentialité »), puis « Autres paramètres de sécurité ».",
                "Choisissez « Chiffrement et identifiants », « Installer un certificat », puis « Certificat CA ».",
                "Acceptez l’avertissement, et choisissez le fichier planblanc-autorite.crt dans les téléchargements.",
            ],
        ),
        (
            "iPhone et iPad",
            &[
                "Téléchargez le certificat avec Safari, et acceptez le profil.",
                "Ouvrez Réglages : touchez « Profil téléchargé », en haut, puis « Installer ».",
                "Dans Réglages, Général, Informations, « Réglages des certificats », activez Plan Blanc.",
            ],
        ),
        (
            "Windows, avec Edge ou Chrome",
            &[
                "Ouvrez le fichier téléchargé, puis « Installer un certificat ».",
                "Choisissez « Utilisateur actuel » : il n’y a pas besoin d’être administrateur.",
                "Choisissez « Placer tous les certificats dans le magasin suivant », puis « Autorités de certification racines de confiance ».",
                "Acceptez, et relancez le navigateur.",
            ],
        ),
        (
            "Firefox, sous Linux ou Windows",
            &[
                "Ouvrez Paramètres, « Vie privée et sécurité », puis « Afficher les certificats ».",
                "Dans l’onglet « Autorités », choisissez « Importer » et le fichier téléchargé.",
                "Cochez « Confirmer cette AC pour identifier des sites web ».",
            ],
        ),
    ];
    html! {
        @for (system, acts) in steps {
            h3 { (system) }
            ol { @for act in acts { li { (fr(act)) } } }
        }
        p.small.muted { "D’une version à l’autre, ces noms changent un peu. Chrome sous Linux suit le même chemin que Firefox." }
    }
}

fn elsewhere(address: &str) -> Markup {
    html! {
        h2 { "Depuis un autre appareil" }
        div.scan {
            @if let Some(code) = qr(address) { (code) }
            p { "Visez ce code avec le téléphone, ou tapez cette adresse" (fr(" :")) br; a.hash href=(address) { (address) } }
        }
    }
}

/// An address as a picture to be scanned: dark on light whatever the page's colours, as scanners expect.
fn qr(address: &str) -> Option<Markup> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET_MODULES;
    let mut dark = String::new();
    for (x, y) in (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y)) {
        // Writing to a string never fails.
        let _ = write!(dark, "M{} {}h1v1h-1z", x + QUIET_MODULES, y + QUIET_MODULES);
    }
    let pixels = side * MODULE_PX;
    Some(html! {
        svg.qr viewBox={ "0 0 " (side) " " (side) } width=(pixels) height=(pixels) role="img" aria-label={ "Code à viser : " (address) } {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(dark) fill="#000" shape-rendering="crispEdges" {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_holds_one_square_for_each_dark_module() {
        let address = "https://192.168.1.20:8443/confiance";
        let code = QrCode::encode_text(address, QrCodeEcc::Medium).unwrap();
        let dark =
            (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y)).count();
        let picture = qr(address).unwrap().into_string();
        assert_eq!(picture.matches("h1v1h-1z").count(), dark);
        assert!(!picture.contains("style="));
    }

    #[test]
    fn another_device_is_never_sent_to_itself() {
        let mut names = Names::loopback();
        let (sender, receiver) = watch::channel(names.clone());
        let trust = Trust { certificate: Arc::from([1, 2, 3]), names: receiver, port: 8443 };
        let from = |host: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, header::HeaderValue::from_static(host));
            trust.address_for(&headers)
        };
        assert_eq!(from("localhost:8443"), None);
        names.insert("poste-dsi");
        names.insert("192.168.1.20");
        sender.send_replace(names);
        assert_eq!(from("localhost:8443").as_deref(), Some("https://192.168.1.20:8443/confiance"));
        assert_eq!(from("poste-dsi:443").as_deref(), Some("https://poste-dsi:443/confiance"));
        assert_eq!(trust.fingerprint().len(), 32 * 3 - 1);
        assert_eq!(trust.words().split(' ').count(), 8);
    }
}
