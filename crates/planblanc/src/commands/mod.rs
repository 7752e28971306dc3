//! One file per subcommand.

pub(crate) mod account;
pub(crate) mod backup;
pub(crate) mod chronogramme;
pub(crate) mod content;
pub(crate) mod demo;
pub(crate) mod exchange;
pub(crate) mod map;
pub(crate) mod serve;
pub(crate) mod verify;
pub(crate) mod witness;
