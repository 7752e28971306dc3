//! A list of what a column may be: its variant, its name in forms, the head it is exported under, and the other heads it is
//! recognised by.

macro_rules! fields {
    ($($variant:ident, $name:literal, $label:literal, [$($also:literal),* $(,)?];)+) => {
        /// What a column is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field {
            $(#[doc = concat!("« ", $label, " ».")] $variant),+
        }

        impl Field {
            /// All of them, in the order in which they are offered and exported.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in forms and commands.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The head under which it is exported, and the words on the screen.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// Other heads it is recognised by, folded, likeliest first.
            pub(super) fn also(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($also),*]),+ }
            }
        }
    };
}

pub(crate) use fields;
