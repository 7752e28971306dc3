//! What can go wrong with storage, in sentences that say what to do.

use std::path::PathBuf;

/// A storage error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder holds no journal.
    #[error(
        "le dossier {0} ne contient pas de journal Plan Blanc : vérifiez le chemin, ou créez-en un avec « planblanc demo --data DOSSIER »"
    )]
    NoJournal(PathBuf),
    /// The folder holds one already.
    #[error("le dossier {0} contient déjà un journal : choisissez un dossier vide")]
    AlreadyThere(PathBuf),
    /// Another program writes here.
    #[error(
        "le dossier {0} est déjà ouvert par un autre programme Plan Blanc : fermez-le d’abord, il n’y a qu’un écrivain par dossier"
    )]
    Locked(PathBuf),
    /// A newer program made it.
    #[error(
        "ce journal a été écrit par une version plus récente de Plan Blanc (format {found}, celle-ci connaît {known}) : installez la version récente, rien n’a été modifié"
    )]
    Newer {
        /// Format found.
        found: i64,
        /// Newest format known.
        known: i64,
    },
    /// The disk has no room left.
    #[error(
        "le disque est plein : rien n’a été enregistré, libérez de la place et recommencez ; la lecture et la sauvegarde restent possibles"
    )]
    Full,
    /// The disk failed; nothing more is acknowledged.
    #[error(
        "le disque a refusé une opération ({0}) : par prudence plus rien n’est enregistré ; libérez de la place s’il est plein, redémarrez le programme, puis lancez « planblanc verify »"
    )]
    Failed(String),
    /// Opened for reading only.
    #[error("le journal est ouvert en lecture seule : {0}")]
    ReadOnly(String),
    /// The database file is empty, cut or damaged.
    #[error(
        "la base de données est abîmée ({0}) : gardez ce dossier en l’état, lancez « planblanc verify », puis restaurez une sauvegarde"
    )]
    Damaged(String),
    /// A key file is missing or damaged.
    #[error("la clé {0} est absente ou abîmée : restaurez-la depuis une sauvegarde")]
    Key(PathBuf),
    /// The login or the pseudonym is taken.
    #[error("le compte « {0} » existe déjà : choisissez un autre identifiant")]
    AccountExists(String),
    /// Too many requests wait.
    #[error("trop de saisies en attente : réessayez dans quelques secondes, votre texte est conservé")]
    Busy,
    /// A moment before the first entry was asked for.
    #[error("à ce moment, rien n’était encore écrit dans ce journal : choisissez un moment plus tardif")]
    BeforeAll,
    /// The file system says no.
    #[error("{path} : {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite says no.
    #[error("base de données : {0}")]
    Sqlite(rusqlite::Error),
}

impl StoreError {
    /// An I/O error with its path.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| {
            if source.kind() == std::io::ErrorKind::StorageFull { Self::Full } else { Self::Io { path, source } }
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(rusqlite::ErrorCode::SystemIoFailure | rusqlite::ErrorCode::CannotOpen) => Self::Failed(error.to_string()),
            // Our statements are sound: a table or a column is missing.
            Some(rusqlite::ErrorCode::Unknown) => Self::Damaged(error.to_string()),
            _ => Self::Sqlite(error),
        }
    }
}
