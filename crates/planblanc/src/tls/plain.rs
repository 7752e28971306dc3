//! Somebody typed `http://` at a door that only speaks TLS: they are sent to the right address, and nothing else is
//! ever said without encryption.

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use web::Names;

const HEAD_BYTES_MAX: usize = 8 * 1_024;

/// Reads the head of a request and says where to go.
pub(super) async fn answer(mut stream: TcpStream, names: &watch::Receiver<Names>, port: u16) -> io::Result<()> {
    let mut head = Vec::new();
    let mut chunk = [0; 1_024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < HEAD_BYTES_MAX {
        match stream.read(&mut chunk).await? {
            0 => break,
            read => head.extend_from_slice(chunk.get(..read).unwrap_or_default()),
        }
    }
    let target = redirection(&String::from_utf8_lossy(&head), &names.borrow(), port);
    stream.write_all(response(target.as_deref()).as_bytes()).await?;
    stream.shutdown().await
}

fn response(target: Option<&str>) -> String {
    let body = match target {
        Some(target) => format!("Plan Blanc répond en https : {target}\n"),
        None => {
            "Plan Blanc répond en https : remplacez http:// par https:// dans l’adresse. Rien n’a été enregistré.\n".to_owned()
        }
    };
    let (status, location) = match target {
        Some(target) => ("307 Temporary Redirect", format!("Location: {target}\r\n")),
        None => ("400 Bad Request", String::new()),
    };
    let len = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{location}Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len}\r\n\
        Cache-Control: no-store\r\nConnection: close\r\n\r\n{body}"
    )
}

/// The same page under `https`, for who only reads and names this server; a form must not be sent on as it is.
fn redirection(head: &str, names: &Names, port: u16) -> Option<String> {
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let host = lines.find_map(|line| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("host")))?.1.trim();
    let plain = path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic());
    if !matches!(method, "GET" | "HEAD") || !plain || !names.answer_to(host) {
        return None;
    }
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    Some(if has_port { format!("https://{host}{path}") } else { format!("https://{host}:{port}{path}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_are_sent_on_and_writers_are_told() {
        let mut names = Names::loopback();
        names.insert("192.168.1.20");
        names.insert("fd00::20");
        let to = |request: &str| redirection(&request.replace('\n', "\r\n"), &names, 8443);
        assert_eq!(to("GET /a?b=c HTTP/1.1\nHost: 192.168.1.20:8443\n\n").as_deref(), Some("https://192.168.1.20:8443/a?b=c"));
        assert_eq!(to("GET / HTTP/1.1\nhost: localhost\n\n").as_deref(), Some("https://localhost:8443/"));
        assert_eq!(to("GET / HTTP/1.1\nHost: [fd00::20]:9\n\n").as_deref(), Some("https://[fd00::20]:9/"));
        assert_eq!(to("GET / HTTP/1.1\nHost: [fd00::20]\n\n").as_deref(), Some("https://[fd00::20]:8443/"));
        for refused in [
            "POST /connexion HTTP/1.1\nHost: localhost\n\n",
            "GET / HTTP/1.1\nHost: evil.example\n\n",
            "GET //evil.example HTTP/1.1\n\n",
            "GET http://evil.example/ HTTP/1.1\nHost: localhost\n\n",
            "GET",
            "",
            "\u{1}\u{2}",
        ] {
            assert_eq!(to(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn the_answer_is_whole() {
        for target in [None, Some("https://localhost:8443/")] {
            let text = response(target);
            let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
            assert!(head.contains(&format!("Content-Length: {}", body.len())) && body.contains("https"), "{text}");
        }
    }
}
