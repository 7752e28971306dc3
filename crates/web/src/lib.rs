//! The rooms people enter: pages, live updates, JSON API, sessions.
//!
//! Every page works without JavaScript; a small script of our own makes it live. A handler parses, authorises, acts
//! and answers. `web::crisis` shows `domain::crisis`, and so on for every capability.

pub mod limits;
pub mod password;
pub mod typography;

mod access;
mod actions;
mod answer;
mod api;
mod app;
mod assets;
mod attachments;
mod campaign;
mod cartography;
mod cells;
mod checklist;
mod crisis;
mod days;
mod exercise;
mod fields;
mod form;
mod fragments;
mod guard;
mod health;
mod history;
mod journal_merge;
mod journal_page;
mod legal;
mod live;
mod local;
mod markup;
mod names;
mod pending;
mod record;
mod register;
mod replay;
mod search;
mod session;
mod setup;
mod shell;
mod sign_in;
mod situation;
mod throttle;
mod today;
mod trust;
mod urgence;

pub use access::secrets;
pub use app::{App, Neighbour, Settings, router, serve};
pub use axum::serve::Listener;
pub use names::Names;
pub use setup::{Ended, SETUP_PATH, Setup, Stage, finished};
pub use trust::{TRUST_PATH, Trust};
