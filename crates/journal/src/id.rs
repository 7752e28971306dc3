//! Identifiers: fixed-size bytes with a hexadecimal face.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The text is not the hexadecimal form of the expected number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("identifiant mal formé : {expected} caractères hexadécimaux attendus")]
pub struct BadId {
    /// Number of hexadecimal characters expected.
    pub expected: usize,
}

/// Lowercase hexadecimal text of bytes.
pub fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Bytes of a hexadecimal text; `None` when it is not one.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let nibble = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
    digits.chunks_exact(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect()
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// From a slice of exactly the right length.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// The bytes.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), &to_hex(&self.0)[..8])
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let bytes = from_hex(text).ok_or(BadId { expected: $len * 2 })?;
                Self::from_slice(&bytes).ok_or(BadId { expected: $len * 2 })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&to_hex(&self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": format!("^[0-9a-f]{{{}}}$", $len * 2) })
            }
        }
    };
}

identifier! {
    /// One journal: an establishment's own, or one exercise's branch. Derived from the root key, see [`crate::certificate`].
    JournalId, 16
}
identifier! {
    /// One run of entries written by one device; random.
    ChainId, 16
}
identifier! {
    /// A person's account, as a pseudonym; random.
    ActorId, 16
}
identifier! {
    /// What an entry is about (a crisis, a person...); random.
    SubjectId, 16
}
identifier! {
    /// Made by the client; the entries of one request are one atomic batch.
    RequestId, 16
}
identifier! {
    /// Random bytes that make each branch's id its own.
    Nonce, 16
}
identifier! {
    /// SHA-256 of an entry's header, see [`crate::entry`].
    EntryId, 32
}
identifier! {
    /// A SHA-256 digest.
    Hash, 32
}
identifier! {
    /// An Ed25519 public key.
    PublicKey, 32
}
identifier! {
    /// An Ed25519 signature.
    Signature, 64
}

impl EntryId {
    /// The first eight hexadecimal characters, for people.
    pub fn short(&self) -> String {
        to_hex(&self.0[..4])
    }
}
