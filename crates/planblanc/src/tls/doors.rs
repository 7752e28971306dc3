//! The doors of a server on the network: every connection is TLS before anybody listens to it.
//!
//! Handshakes run apart from one another, so that a silent client keeps nobody waiting; each has a time limit, and the
//! number of connections is bounded, in all and for each address.

use super::plain;
use crate::failure::Failure;
use socket2::{Domain, Protocol, Socket, Type};
use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use web::{Listener, Names};

/// Most connections at once: below the 1,024 files a Linux process may open by default.
const CONNECTIONS_MAX: usize = 900;
/// Most connections at once from one address: a whole ward behind one router fits in it.
const ADDRESS_CONNECTIONS_MAX: usize = 256;
/// A client that has not finished its handshake by then is shown out.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// A connection on which nothing came nor went for this long is closed; live streams say something more often.
const IDLE_WITHIN: Duration = Duration::from_secs(120);
/// Connections that may wait for the server to look at them.
const READY_MAX: usize = 64;
/// Pause after the system refused a connection (too many open files): it may be better then.
const RETRY_AFTER: Duration = Duration::from_secs(1);
const BACKLOG: i32 = 1_024;

/// What happens behind every door.
#[derive(Clone)]
pub(crate) struct Hall {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) names: tokio::sync::watch::Receiver<Names>,
    pub(crate) port: u16,
}

/// Doors, and those who came through them.
pub(crate) struct Doors {
    local: SocketAddr,
    ready: mpsc::Receiver<(Connection, SocketAddr)>,
    /// Dropped with the doors: nobody is let in any more.
    _accepting: JoinSet<()>,
}

/// Listens on these addresses, or on all of this machine when none is named. The first one with port 0 chooses the
/// port of all.
///
/// # Errors
/// A sentence: the port is not free, or the address is not this machine's.
pub(crate) fn bind(addresses: &[IpAddr], port: u16) -> Result<Vec<TcpListener>, Failure> {
    let everywhere = [IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)];
    let wanted = if addresses.is_empty() { &everywhere[..] } else { addresses };
    let mut port = port;
    let mut listeners: Vec<TcpListener> = Vec::new();
    for address in wanted {
        match bind_one(SocketAddr::new(*address, port)) {
            Ok(listener) => {
                port = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?.port();
                listeners.push(listener);
            }
            // A machine without IPv6 still has all its addresses.
            Err(_) if addresses.is_empty() && !listeners.is_empty() => {}
            Err(error) => return Err(not_free(*address, port, &error)),
        }
    }
    Ok(listeners)
}

fn not_free(address: IpAddr, port: u16, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::AddrNotAvailable {
        return Failure::new(format!("{address} n’est pas une adresse de ce poste ({error}) : vérifiez --listen"));
    }
    Failure::new(format!("le port {port} n’est pas libre ({error}) : choisissez-en un autre avec --port"))
}

fn bind_one(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // A restart must not wait for old connections to fade; on Windows the option means something else.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

impl Doors {
    /// Lets people in through these listeners.
    pub(crate) fn open(listeners: Vec<TcpListener>, hall: &Hall) -> io::Result<Self> {
        let local = listeners.first().ok_or(io::ErrorKind::AddrNotAvailable)?.local_addr()?;
        let (sender, ready) = mpsc::channel(READY_MAX);
        let seats = Seats { free: Arc::new(Semaphore::new(CONNECTIONS_MAX)), taken: Arc::default() };
        let mut accepting = JoinSet::new();
        for listener in listeners {
            accepting.spawn(accept(listener, hall.clone(), seats.clone(), sender.clone()));
        }
        Ok(Self { local, ready, _accepting: accepting })
    }
}

impl Listener for Doors {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The doors never close before the server does.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.local)
    }
}

async fn accept(listener: TcpListener, hall: Hall, seats: Seats, ready: mpsc::Sender<(Connection, SocketAddr)>) {
    let mut greetings = JoinSet::new();
    loop {
        while greetings.try_join_next().is_some() {}
        let Ok(free) = seats.free.clone().acquire_owned().await else { return };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(RETRY_AFTER).await;
                continue;
            }
        };
        let Some(seat) = seats.take(peer.ip(), free) else {
            tracing::debug!(%peer, "too many connections from one address");
            continue;
        };
        let (hall, ready) = (hall.clone(), ready.clone());
        greetings.spawn(async move {
            match tokio::time::timeout(HANDSHAKE_WITHIN, greet(stream, &hall)).await {
                Ok(Ok(Some(stream))) => {
                    // Nobody is there to take it once the server stops.
                    let _ = ready.send((Connection::new(stream, seat), peer)).await;
                }
                Ok(Ok(None)) => {}
                Ok(Err(error)) => tracing::debug!(%peer, %error, "no handshake"),
                Err(_) => tracing::debug!(%peer, "too slow a handshake"),
            }
        });
    }
}

/// First byte of a TLS record that begins a handshake.
const TLS_HANDSHAKE: u8 = 22;

async fn greet(stream: TcpStream, hall: &Hall) -> io::Result<Option<TlsStream<TcpStream>>> {
    stream.set_nodelay(true)?;
    let mut first = [0];
    if stream.peek(&mut first).await? == 1 && first[0] != TLS_HANDSHAKE {
        plain::answer(stream, &hall.names, hall.port).await?;
        return Ok(None);
    }
    hall.acceptor.accept(stream).await.map(Some)
}

/// Who is in, so that there is room for others.
#[derive(Clone)]
struct Seats {
    free: Arc<Semaphore>,
    taken: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

impl Seats {
    fn take(&self, address: IpAddr, free: OwnedSemaphorePermit) -> Option<Seat> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(address).or_default();
        if *count >= ADDRESS_CONNECTIONS_MAX {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Seat { address, taken: self.taken.clone(), _free: free })
    }
}

/// One connection's place.
struct Seat {
    address: IpAddr,
    taken: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
    _free: OwnedSemaphorePermit,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

/// An encrypted connection and its place.
pub(crate) struct Connection {
    stream: TlsStream<TcpStream>,
    idle: Pin<Box<Sleep>>,
    _seat: Seat,
}

impl Connection {
    fn new(stream: TlsStream<TcpStream>, seat: Seat) -> Self {
        Self { stream, idle: Box::pin(tokio::time::sleep(IDLE_WITHIN)), _seat: seat }
    }

    fn alive(&mut self) {
        self.idle.as_mut().reset(Instant::now() + IDLE_WITHIN);
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending => self.idle.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into())),
            ready => {
                self.alive();
                ready
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if written.is_ready() {
            self.alive();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_address_never_takes_every_seat_and_gives_back_its_own() {
        let seats = Seats { free: Arc::new(Semaphore::new(CONNECTIONS_MAX)), taken: Arc::default() };
        let take = |last: u8| {
            let free = seats.free.clone().try_acquire_owned().expect("free");
            seats.take(IpAddr::from([192, 168, 1, last]), free)
        };
        let held: Vec<_> = (0..ADDRESS_CONNECTIONS_MAX).map(|_| take(1)).collect();
        assert!(held.iter().all(Option::is_some));
        assert!(take(1).is_none());
        assert!(take(2).is_some());
        drop(held);
        assert!(take(1).is_some());
        assert!(seats.taken.lock().expect("whole").is_empty());
        assert_eq!(seats.free.available_permits(), CONNECTIONS_MAX);
    }
}
