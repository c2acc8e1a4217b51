//! Rules as data: each with a stable id and what it asks for.

macro_rules! rules {
    ($(#[$meta:meta])* $type:ident { $($name:ident = $id:literal: $doc:literal;)* }) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, serde::Serialize, serde::Deserialize,
        )]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum $type {
            $(#[doc = $doc] #[serde(rename = $id)] $name,)*
        }

        impl $type {
            /// Every rule, in the order in which they are judged.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable id.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// What the rule asks for.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $doc,)*
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.id())
            }
        }
    };
}
pub(super) use rules;
