//! The map as a network, numbered once per state of the map.

use crate::app::Inner;
use crate::session::Visitor;
use domain::cartography::Cartography;
use domain::cartography::network::Net;
use std::sync::{Arc, Mutex, PoisonError};

/// The network of the latest map asked for, with that map.
#[derive(Debug, Default)]
pub(crate) struct Nets(Mutex<Option<(Cartography, Arc<Net>)>>);

/// Whether two states have the very same map: their tables share their structure as long as nothing wrote to them.
fn same(one: &Cartography, other: &Cartography) -> bool {
    one.activities.ptr_eq(&other.activities) && one.assets.ptr_eq(&other.assets) && one.exchanges.ptr_eq(&other.exchanges)
}

/// The network of the map as this visitor sees it. The past is numbered anew: it is rarely asked for.
pub(crate) fn net(shared: &Inner, visitor: &Visitor) -> Arc<Net> {
    let map = &visitor.view.state.cartography;
    if visitor.replayed.is_some() {
        return Arc::new(Net::of(map));
    }
    let mut known = shared.nets.0.lock().unwrap_or_else(PoisonError::into_inner);
    match &*known {
        Some((of, net)) if same(of, map) => net.clone(),
        _ => {
            let net = Arc::new(Net::of(map));
            *known = Some((map.clone(), net.clone()));
            net
        }
    }
}
