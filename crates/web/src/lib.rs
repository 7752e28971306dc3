//! The rooms people enter: pages, live updates, JSON API, sessions.
//!
//! Every page works without JavaScript; a small script of our own makes it live. A handler parses, authorises, acts
//! and answers. `web::crisis` shows `domain::crisis`, and so on for every capability.

pub mod limits;
pub mod password;
pub mod typography;

mod answer;
mod api;
mod app;
mod assets;
mod attachments;
mod crisis;
mod form;
mod fragments;
mod guard;
mod health;
mod journal_merge;
mod journal_page;
mod live;
mod local;
mod record;
mod session;
mod shell;
mod sign_in;
mod throttle;
mod today;

pub use app::{App, Settings, router, serve};
