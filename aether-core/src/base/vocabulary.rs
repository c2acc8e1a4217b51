//! Words that stay open: texts of which this version names some.

macro_rules! open_vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$item_meta:meta])* $constant:ident = $text:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(std::borrow::Cow<'static, str>);

        impl $name {
            $($(#[$item_meta])* pub const $constant: Self = Self(std::borrow::Cow::Borrowed($text));)*

            /// The values that this version of the contracts names.
            pub const KNOWN: &'static [Self] = &[$(Self::$constant),*];

            /// A value by its text, known or not; a known one costs no allocation.
            #[must_use]
            pub fn new(text: &str) -> Self {
                match text {
                    $($text => Self::$constant,)*
                    other => Self(std::borrow::Cow::Owned(other.to_owned())),
                }
            }

            /// The text of this value.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}
pub(crate) use open_vocabulary;
