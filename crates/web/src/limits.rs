//! Named limits, unit last.

pub use store::blobs::ATTACHMENT_BYTES_MAX;

/// Most bytes of a JSON body (1 MiB).
pub const JSON_BYTES_MAX: usize = 1024 * 1024;
/// Most bytes of the texts of a form (16 MiB): a huge paste is read, refused by the rules, and given back.
pub const FORM_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most bytes of a form with its files (64 MiB).
pub const MULTIPART_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most bytes of another laptop's entries taken through a page (60 MiB); beyond it the command line takes them.
pub const MERGE_BYTES_MAX: usize = 60 * 1024 * 1024;
/// Most fields of a form: the longest describes an element with two hundred needs.
pub const FIELDS_MAX: usize = 2_000;
/// Most forms read at once: bounds the memory they take.
pub const FORMS_AT_ONCE_MAX: usize = 16;
/// Most requests about the past at once, waiting ones included; one past is folded at a time.
pub const REPLAYS_AT_ONCE_MAX: usize = 16;
/// Most live streams open at once.
pub const STREAMS_MAX: usize = 1_000;
/// Most lines of the log on one page.
pub const LOG_LINES_MAX: usize = 200;
/// Most rendered regions kept for the current state.
pub const REGIONS_KEPT_MAX: usize = 512;
/// Most entries in one answer of the API.
pub const API_ENTRIES_MAX: usize = 1_000;
/// Most characters of a password.
pub const PASSWORD_CHARS_MAX: usize = 1_000;
/// Most passwords checked at once: each takes 19 MiB.
pub const PASSWORDS_AT_ONCE_MAX: usize = 2;
/// Most sign-ins that wait for their turn.
pub const PASSWORDS_WAITING_MAX: usize = 64;
