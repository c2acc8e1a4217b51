//! Signature stubs: std::str, std::string and std::char.
pub mod str {
    pub mod pattern {
        pub trait Pattern { type Searcher; }
        impl Pattern for char { type Searcher = (); }
        impl Pattern for &str { type Searcher = (); }
        impl Pattern for &String { type Searcher = (); }
        impl Pattern for &&str { type Searcher = (); }
        impl Pattern for &[char] { type Searcher = (); }
        impl<const N: usize> Pattern for [char; N] { type Searcher = (); }
        impl<const N: usize> Pattern for &[char; N] { type Searcher = (); }
        impl<F: FnMut(char) -> bool> Pattern for F { type Searcher = (); }
    }
    impl str {
        pub const fn len(&self) -> usize;
        pub const fn is_empty(&self) -> bool;
        pub const fn from_utf8(v: &[u8]) -> Result<&str, Utf8Error>;
        pub const fn from_utf8_mut(v: &mut [u8]) -> Result<&mut str, Utf8Error>;
        pub const unsafe fn from_utf8_unchecked(v: &[u8]) -> &str;
        pub const unsafe fn from_utf8_unchecked_mut(v: &mut [u8]) -> &mut str;
        pub fn is_char_boundary(&self, index: usize) -> bool;
        pub fn floor_char_boundary(&self, index: usize) -> usize;
        pub fn ceil_char_boundary(&self, index: usize) -> usize;
        pub const fn as_bytes(&self) -> &[u8];
        pub unsafe fn as_bytes_mut(&mut self) -> &mut [u8];
        pub const fn as_ptr(&self) -> *const u8;
        pub fn as_mut_ptr(&mut self) -> *mut u8;
        pub fn get<I: crate::slice::SliceIndex<str>>(&self, i: I) -> Option<&I::Output>;
        pub fn get_mut<I: crate::slice::SliceIndex<str>>(&mut self, i: I) -> Option<&mut I::Output>;
        pub unsafe fn get_unchecked<I: crate::slice::SliceIndex<str>>(&self, i: I) -> &I::Output;
        pub unsafe fn get_unchecked_mut<I: crate::slice::SliceIndex<str>>(&mut self, i: I) -> &mut I::Output;
        pub fn split_at(&self, mid: usize) -> (&str, &str);
        pub fn split_at_mut(&mut self, mid: usize) -> (&mut str, &mut str);
        pub fn split_at_checked(&self, mid: usize) -> Option<(&str, &str)>;
        pub fn split_at_mut_checked(&mut self, mid: usize) -> Option<(&mut str, &mut str)>;
        pub fn chars(&self) -> Chars;
        pub fn char_indices(&self) -> CharIndices;
        pub fn bytes(&self) -> Bytes;
        pub fn split_whitespace(&self) -> SplitWhitespace;
        pub fn split_ascii_whitespace(&self) -> SplitAsciiWhitespace;
        pub fn lines(&self) -> Lines;
        pub fn encode_utf16(&self) -> EncodeUtf16;
        pub fn contains<P: crate::str::pattern::Pattern>(&self, pat: P) -> bool;
        pub fn starts_with<P: crate::str::pattern::Pattern>(&self, pat: P) -> bool;
        pub fn ends_with<P: crate::str::pattern::Pattern>(&self, pat: P) -> bool;
        pub fn find<P: crate::str::pattern::Pattern>(&self, pat: P) -> Option<usize>;
        pub fn rfind<P: crate::str::pattern::Pattern>(&self, pat: P) -> Option<usize>;
        pub fn split<P: crate::str::pattern::Pattern>(&self, pat: P) -> Split<P>;
        pub fn split_inclusive<P: crate::str::pattern::Pattern>(&self, pat: P) -> SplitInclusive<P>;
        pub fn rsplit<P: crate::str::pattern::Pattern>(&self, pat: P) -> RSplit<P>;
        pub fn split_terminator<P: crate::str::pattern::Pattern>(&self, pat: P) -> SplitTerminator<P>;
        pub fn rsplit_terminator<P: crate::str::pattern::Pattern>(&self, pat: P) -> RSplitTerminator<P>;
        pub fn splitn<P: crate::str::pattern::Pattern>(&self, n: usize, pat: P) -> SplitN<P>;
        pub fn rsplitn<P: crate::str::pattern::Pattern>(&self, n: usize, pat: P) -> RSplitN<P>;
        pub fn split_once<P: crate::str::pattern::Pattern>(&self, delimiter: P) -> Option<(&str, &str)>;
        pub fn rsplit_once<P: crate::str::pattern::Pattern>(&self, delimiter: P) -> Option<(&str, &str)>;
        pub fn matches<P: crate::str::pattern::Pattern>(&self, pat: P) -> Matches<P>;
        pub fn rmatches<P: crate::str::pattern::Pattern>(&self, pat: P) -> RMatches<P>;
        pub fn match_indices<P: crate::str::pattern::Pattern>(&self, pat: P) -> MatchIndices<P>;
        pub fn rmatch_indices<P: crate::str::pattern::Pattern>(&self, pat: P) -> RMatchIndices<P>;
        pub fn trim(&self) -> &str;
        pub fn trim_start(&self) -> &str;
        pub fn trim_end(&self) -> &str;
        pub fn trim_left(&self) -> &str;
        pub fn trim_right(&self) -> &str;
        pub fn trim_matches<P: crate::str::pattern::Pattern>(&self, pat: P) -> &str;
        pub fn trim_start_matches<P: crate::str::pattern::Pattern>(&self, pat: P) -> &str;
        pub fn trim_end_matches<P: crate::str::pattern::Pattern>(&self, pat: P) -> &str;
        pub fn trim_left_matches<P: crate::str::pattern::Pattern>(&self, pat: P) -> &str;
        pub fn trim_right_matches<P: crate::str::pattern::Pattern>(&self, pat: P) -> &str;
        pub fn strip_prefix<P: crate::str::pattern::Pattern>(&self, prefix: P) -> Option<&str>;
        pub fn strip_suffix<P: crate::str::pattern::Pattern>(&self, suffix: P) -> Option<&str>;
        pub fn parse<F: FromStr>(&self) -> Result<F, F::Err>;
        pub const fn is_ascii(&self) -> bool;
        pub fn eq_ignore_ascii_case(&self, other: &str) -> bool;
        pub fn make_ascii_uppercase(&mut self);
        pub fn make_ascii_lowercase(&mut self);
        pub const fn trim_ascii_start(&self) -> &str;
        pub const fn trim_ascii_end(&self) -> &str;
        pub const fn trim_ascii(&self) -> &str;
        pub fn escape_debug(&self) -> EscapeDebug;
        pub fn escape_default(&self) -> EscapeDefault;
        pub fn escape_unicode(&self) -> EscapeUnicode;
        pub fn into_boxed_bytes(self: Box<str>) -> Box<[u8]>;
        pub fn replace<P: crate::str::pattern::Pattern>(&self, from: P, to: &str) -> String;
        pub fn replacen<P: crate::str::pattern::Pattern>(&self, pat: P, to: &str, count: usize) -> String;
        pub fn to_lowercase(&self) -> String;
        pub fn to_uppercase(&self) -> String;
        pub fn into_string(self: Box<str>) -> String;
        pub fn repeat(&self, n: usize) -> String;
        pub fn to_ascii_uppercase(&self) -> String;
        pub fn to_ascii_lowercase(&self) -> String;
    }
    impl<I: crate::slice::SliceIndex<str>> crate::ops::Index<I> for str { type Output = I::Output; fn index(&self, index: I) -> &I::Output; }
    impl<I: crate::slice::SliceIndex<str>> crate::ops::IndexMut<I> for str { fn index_mut(&mut self, index: I) -> &mut I::Output; }
    impl AsRef<str> for str { fn as_ref(&self) -> &str; }
    impl AsRef<[u8]> for str { fn as_ref(&self) -> &[u8]; }
    impl AsRef<crate::ffi::OsStr> for str { fn as_ref(&self) -> &crate::ffi::OsStr; }
    impl AsRef<crate::path::Path> for str { fn as_ref(&self) -> &crate::path::Path; }
    impl AsMut<str> for str { fn as_mut(&mut self) -> &mut str; }
    impl Default for &str { fn default() -> Self; }
    pub struct Chars;
    impl Chars { pub fn as_str(&self) -> &str; }
    impl Iterator for Chars { type Item = char; }
    impl crate::iter::DoubleEndedIterator for Chars {}
    pub struct CharIndices;
    impl CharIndices { pub fn as_str(&self) -> &str; pub fn offset(&self) -> usize; }
    impl Iterator for CharIndices { type Item = (usize, char); }
    impl crate::iter::DoubleEndedIterator for CharIndices {}
    pub struct Bytes;
    impl Iterator for Bytes { type Item = u8; }
    impl crate::iter::DoubleEndedIterator for Bytes {}
    impl crate::iter::ExactSizeIterator for Bytes {}
    pub struct Lines;
    impl Iterator for Lines { type Item = &str; }
    impl crate::iter::DoubleEndedIterator for Lines {}
    pub struct SplitWhitespace;
    impl Iterator for SplitWhitespace { type Item = &str; }
    impl crate::iter::DoubleEndedIterator for SplitWhitespace {}
    pub struct SplitAsciiWhitespace;
    impl Iterator for SplitAsciiWhitespace { type Item = &str; }
    impl crate::iter::DoubleEndedIterator for SplitAsciiWhitespace {}
    pub struct EncodeUtf16;
    impl Iterator for EncodeUtf16 { type Item = u16; }
    pub struct EscapeDebug;
    impl Iterator for EscapeDebug { type Item = char; }
    pub struct EscapeDefault;
    impl Iterator for EscapeDefault { type Item = char; }
    pub struct EscapeUnicode;
    impl Iterator for EscapeUnicode { type Item = char; }
    pub struct Split<P>;
    impl<P> Iterator for Split<P> { type Item = &str; }
    impl<P> crate::iter::DoubleEndedIterator for Split<P> {}
    pub struct SplitInclusive<P>;
    impl<P> Iterator for SplitInclusive<P> { type Item = &str; }
    impl<P> crate::iter::DoubleEndedIterator for SplitInclusive<P> {}
    pub struct RSplit<P>;
    impl<P> Iterator for RSplit<P> { type Item = &str; }
    impl<P> crate::iter::DoubleEndedIterator for RSplit<P> {}
    pub struct SplitTerminator<P>;
    impl<P> Iterator for SplitTerminator<P> { type Item = &str; }
    impl<P> crate::iter::DoubleEndedIterator for SplitTerminator<P> {}
    pub struct RSplitTerminator<P>;
    impl<P> Iterator for RSplitTerminator<P> { type Item = &str; }
    impl<P> crate::iter::DoubleEndedIterator for RSplitTerminator<P> {}
    pub struct SplitN<P>;
    impl<P> Iterator for SplitN<P> { type Item = &str; }
    pub struct RSplitN<P>;
    impl<P> Iterator for RSplitN<P> { type Item = &str; }
    pub struct Matches<P>;
    impl<P> Iterator for Matches<P> { type Item = &str; }
    impl<P> crate::iter::DoubleEndedIterator for Matches<P> {}
    pub struct RMatches<P>;
    impl<P> Iterator for RMatches<P> { type Item = &str; }
    impl<P> crate::iter::DoubleEndedIterator for RMatches<P> {}
    pub struct MatchIndices<P>;
    impl<P> Iterator for MatchIndices<P> { type Item = (usize, &str); }
    impl<P> crate::iter::DoubleEndedIterator for MatchIndices<P> {}
    pub struct RMatchIndices<P>;
    impl<P> Iterator for RMatchIndices<P> { type Item = (usize, &str); }
    impl<P> crate::iter::DoubleEndedIterator for RMatchIndices<P> {}
    pub struct Utf8Chunks;
    impl Iterator for Utf8Chunks { type Item = Utf8Chunk; }
    pub struct Utf8Chunk;
    impl Utf8Chunk { pub fn valid(&self) -> &str; pub fn invalid(&self) -> &[u8]; }
    pub struct Utf8Error;
    impl Utf8Error { pub const fn valid_up_to(&self) -> usize; pub const fn error_len(&self) -> Option<usize>; }
    impl crate::error::Error for Utf8Error {}
    pub struct ParseBoolError;
    impl crate::error::Error for ParseBoolError {}
    pub trait FromStr {
        type Err;
        fn from_str(s: &str) -> Result<Self, Self::Err>;
    }
    impl FromStr for i32 { type Err = crate::num::ParseIntError; fn from_str(src: &str) -> Result<Self, crate::num::ParseIntError>; }
    impl FromStr for f64 { type Err = crate::num::ParseFloatError; fn from_str(src: &str) -> Result<Self, crate::num::ParseFloatError>; }
    impl FromStr for bool { type Err = ParseBoolError; fn from_str(s: &str) -> Result<bool, ParseBoolError>; }
    impl FromStr for char { type Err = crate::char::ParseCharError; fn from_str(s: &str) -> Result<char, crate::char::ParseCharError>; }
    impl FromStr for String { type Err = crate::convert::Infallible; fn from_str(s: &str) -> Result<String, crate::convert::Infallible>; }
    impl FromStr for crate::path::PathBuf { type Err = crate::convert::Infallible; fn from_str(s: &str) -> Result<crate::path::PathBuf, crate::convert::Infallible>; }
    impl FromStr for crate::ffi::OsString { type Err = crate::convert::Infallible; fn from_str(s: &str) -> Result<crate::ffi::OsString, crate::convert::Infallible>; }
    impl FromStr for crate::net::IpAddr { type Err = crate::net::AddrParseError; fn from_str(s: &str) -> Result<crate::net::IpAddr, crate::net::AddrParseError>; }
    impl FromStr for crate::net::Ipv4Addr { type Err = crate::net::AddrParseError; fn from_str(s: &str) -> Result<crate::net::Ipv4Addr, crate::net::AddrParseError>; }
    impl FromStr for crate::net::Ipv6Addr { type Err = crate::net::AddrParseError; fn from_str(s: &str) -> Result<crate::net::Ipv6Addr, crate::net::AddrParseError>; }
    impl FromStr for crate::net::SocketAddr { type Err = crate::net::AddrParseError; fn from_str(s: &str) -> Result<crate::net::SocketAddr, crate::net::AddrParseError>; }
    impl FromStr for crate::net::SocketAddrV4 { type Err = crate::net::AddrParseError; fn from_str(s: &str) -> Result<crate::net::SocketAddrV4, crate::net::AddrParseError>; }
    impl FromStr for crate::net::SocketAddrV6 { type Err = crate::net::AddrParseError; fn from_str(s: &str) -> Result<crate::net::SocketAddrV6, crate::net::AddrParseError>; }
    pub const fn from_utf8(v: &[u8]) -> Result<&str, Utf8Error>;
    pub const fn from_utf8_mut(v: &mut [u8]) -> Result<&mut str, Utf8Error>;
    pub const unsafe fn from_utf8_unchecked(v: &[u8]) -> &str;
    pub const unsafe fn from_utf8_unchecked_mut(v: &mut [u8]) -> &mut str;
    pub unsafe fn from_boxed_utf8_unchecked(v: Box<[u8]>) -> Box<str>;
}
pub mod string {
    pub struct String;
    impl String {
        pub const fn new() -> String;
        pub fn with_capacity(capacity: usize) -> String;
        pub fn from_utf8(vec: Vec<u8>) -> Result<String, FromUtf8Error>;
        pub fn from_utf8_lossy(v: &[u8]) -> crate::borrow::Cow<str>;
        pub fn from_utf16(v: &[u16]) -> Result<String, FromUtf16Error>;
        pub fn from_utf16_lossy(v: &[u16]) -> String;
        pub fn into_raw_parts(self) -> (*mut u8, usize, usize);
        pub unsafe fn from_raw_parts(buf: *mut u8, length: usize, capacity: usize) -> String;
        pub unsafe fn from_utf8_unchecked(bytes: Vec<u8>) -> String;
        pub fn into_bytes(self) -> Vec<u8>;
        pub fn as_str(&self) -> &str;
        pub fn as_mut_str(&mut self) -> &mut str;
        pub fn push_str(&mut self, string: &str);
        pub fn extend_from_within<R: crate::ops::RangeBounds<usize>>(&mut self, src: R);
        pub fn capacity(&self) -> usize;
        pub fn reserve(&mut self, additional: usize);
        pub fn reserve_exact(&mut self, additional: usize);
        pub fn try_reserve(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
        pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
        pub fn shrink_to_fit(&mut self);
        pub fn shrink_to(&mut self, min_capacity: usize);
        pub fn push(&mut self, ch: char);
        pub fn as_bytes(&self) -> &[u8];
        pub fn truncate(&mut self, new_len: usize);
        pub fn pop(&mut self) -> Option<char>;
        pub fn remove(&mut self, idx: usize) -> char;
        pub fn retain<F: FnMut(char) -> bool>(&mut self, f: F);
        pub fn insert(&mut self, idx: usize, ch: char);
        pub fn insert_str(&mut self, idx: usize, string: &str);
        pub unsafe fn as_mut_vec(&mut self) -> &mut Vec<u8>;
        pub fn len(&self) -> usize;
        pub fn is_empty(&self) -> bool;
        pub fn split_off(&mut self, at: usize) -> String;
        pub fn clear(&mut self);
        pub fn drain<R: crate::ops::RangeBounds<usize>>(&mut self, range: R) -> Drain;
        pub fn replace_range<R: crate::ops::RangeBounds<usize>>(&mut self, range: R, replace_with: &str);
        pub fn into_boxed_str(self) -> Box<str>;
        pub fn leak(self) -> &mut str;
    }
    impl crate::ops::Deref for String { type Target = str; fn deref(&self) -> &str; }
    impl crate::ops::DerefMut for String { fn deref_mut(&mut self) -> &mut str; }
    impl<I: crate::slice::SliceIndex<str>> crate::ops::Index<I> for String { type Output = I::Output; fn index(&self, index: I) -> &I::Output; }
    impl<I: crate::slice::SliceIndex<str>> crate::ops::IndexMut<I> for String { fn index_mut(&mut self, index: I) -> &mut I::Output; }
    impl Clone for String { fn clone(&self) -> Self; fn clone_from(&mut self, source: &Self); }
    impl Default for String { fn default() -> String; }
    impl crate::ops::Add<&str> for String { type Output = String; fn add(self, other: &str) -> String; }
    impl crate::ops::AddAssign<&str> for String { fn add_assign(&mut self, other: &str); }
    impl crate::fmt::Write for String {}
    impl AsRef<str> for String { fn as_ref(&self) -> &str; }
    impl AsRef<[u8]> for String { fn as_ref(&self) -> &[u8]; }
    impl AsRef<crate::ffi::OsStr> for String { fn as_ref(&self) -> &crate::ffi::OsStr; }
    impl AsRef<crate::path::Path> for String { fn as_ref(&self) -> &crate::path::Path; }
    impl AsMut<str> for String { fn as_mut(&mut self) -> &mut str; }
    impl crate::borrow::Borrow<str> for String { fn borrow(&self) -> &str; }
    impl crate::borrow::BorrowMut<str> for String { fn borrow_mut(&mut self) -> &mut str; }
    impl From<&str> for String { fn from(s: &str) -> String; }
    impl From<&mut str> for String { fn from(s: &mut str) -> String; }
    impl From<&String> for String { fn from(s: &String) -> String; }
    impl From<char> for String { fn from(c: char) -> String; }
    impl From<Box<str>> for String { fn from(s: Box<str>) -> String; }
    impl From<crate::borrow::Cow<str>> for String { fn from(s: crate::borrow::Cow<str>) -> String; }
    impl FromIterator<char> for String { fn from_iter<I: IntoIterator<Item = char>>(iter: I) -> String; }
    impl FromIterator<&char> for String { fn from_iter<I: IntoIterator<Item = &char>>(iter: I) -> String; }
    impl FromIterator<&str> for String { fn from_iter<I: IntoIterator<Item = &str>>(iter: I) -> String; }
    impl FromIterator<String> for String { fn from_iter<I: IntoIterator<Item = String>>(iter: I) -> String; }
    impl FromIterator<Box<str>> for String { fn from_iter<I: IntoIterator<Item = Box<str>>>(iter: I) -> String; }
    impl FromIterator<crate::borrow::Cow<str>> for String { fn from_iter<I: IntoIterator<Item = crate::borrow::Cow<str>>>(iter: I) -> String; }
    impl Extend<char> for String { fn extend<I: IntoIterator<Item = char>>(&mut self, iter: I); }
    impl Extend<&char> for String { fn extend<I: IntoIterator<Item = &char>>(&mut self, iter: I); }
    impl Extend<&str> for String { fn extend<I: IntoIterator<Item = &str>>(&mut self, iter: I); }
    impl Extend<String> for String { fn extend<I: IntoIterator<Item = String>>(&mut self, iter: I); }
    impl Extend<Box<str>> for String { fn extend<I: IntoIterator<Item = Box<str>>>(&mut self, iter: I); }
    impl Extend<crate::borrow::Cow<str>> for String { fn extend<I: IntoIterator<Item = crate::borrow::Cow<str>>>(&mut self, iter: I); }
    pub trait ToString { fn to_string(&self) -> String; }
    impl<T: crate::fmt::Display> ToString for T { fn to_string(&self) -> String; }
    pub struct Drain;
    impl Drain { pub fn as_str(&self) -> &str; }
    impl Iterator for Drain { type Item = char; }
    impl crate::iter::DoubleEndedIterator for Drain {}
    pub struct FromUtf8Error;
    impl FromUtf8Error {
        pub fn as_bytes(&self) -> &[u8];
        pub fn into_bytes(self) -> Vec<u8>;
        pub fn utf8_error(&self) -> crate::str::Utf8Error;
    }
    impl crate::error::Error for FromUtf8Error {}
    pub struct FromUtf16Error;
    impl crate::error::Error for FromUtf16Error {}
    pub type ParseError = crate::convert::Infallible;
}
pub mod char {
    impl char {
        pub const MIN: char;
        pub const MAX: char;
        pub const REPLACEMENT_CHARACTER: char;
        pub const UNICODE_VERSION: (u8, u8, u8);
        pub fn decode_utf16<I: IntoIterator<Item = u16>>(iter: I) -> DecodeUtf16<I::IntoIter>;
        pub const fn from_u32(i: u32) -> Option<char>;
        pub const unsafe fn from_u32_unchecked(i: u32) -> char;
        pub const fn from_digit(num: u32, radix: u32) -> Option<char>;
        pub const fn is_digit(self, radix: u32) -> bool;
        pub const fn to_digit(self, radix: u32) -> Option<u32>;
        pub fn escape_unicode(self) -> EscapeUnicode;
        pub fn escape_debug(self) -> EscapeDebug;
        pub fn escape_default(self) -> EscapeDefault;
        pub const fn len_utf8(self) -> usize;
        pub const fn len_utf16(self) -> usize;
        pub const fn encode_utf8(self, dst: &mut [u8]) -> &mut str;
        pub const fn encode_utf16(self, dst: &mut [u16]) -> &mut [u16];
        pub fn is_alphabetic(self) -> bool;
        pub fn is_lowercase(self) -> bool;
        pub fn is_uppercase(self) -> bool;
        pub fn is_whitespace(self) -> bool;
        pub fn is_alphanumeric(self) -> bool;
        pub fn is_control(self) -> bool;
        pub fn is_numeric(self) -> bool;
        pub fn to_lowercase(self) -> ToLowercase;
        pub fn to_uppercase(self) -> ToUppercase;
        pub const fn is_ascii(&self) -> bool;
        pub const fn to_ascii_uppercase(&self) -> char;
        pub const fn to_ascii_lowercase(&self) -> char;
        pub const fn eq_ignore_ascii_case(&self, other: &char) -> bool;
        pub const fn make_ascii_uppercase(&mut self);
        pub const fn make_ascii_lowercase(&mut self);
        pub const fn is_ascii_alphabetic(&self) -> bool;
        pub const fn is_ascii_uppercase(&self) -> bool;
        pub const fn is_ascii_lowercase(&self) -> bool;
        pub const fn is_ascii_alphanumeric(&self) -> bool;
        pub const fn is_ascii_digit(&self) -> bool;
        pub const fn is_ascii_hexdigit(&self) -> bool;
        pub const fn is_ascii_punctuation(&self) -> bool;
        pub const fn is_ascii_graphic(&self) -> bool;
        pub const fn is_ascii_whitespace(&self) -> bool;
        pub const fn is_ascii_control(&self) -> bool;
    }
    impl Default for char { fn default() -> char; }
    impl From<u8> for char { fn from(i: u8) -> char; }
    impl TryFrom<u32> for char { type Error = CharTryFromError; fn try_from(i: u32) -> Result<char, CharTryFromError>; }
    pub struct ToLowercase;
    impl Iterator for ToLowercase { type Item = char; }
    impl crate::iter::DoubleEndedIterator for ToLowercase {}
    impl crate::iter::ExactSizeIterator for ToLowercase {}
    pub struct ToUppercase;
    impl Iterator for ToUppercase { type Item = char; }
    impl crate::iter::DoubleEndedIterator for ToUppercase {}
    impl crate::iter::ExactSizeIterator for ToUppercase {}
    pub struct EscapeUnicode;
    impl Iterator for EscapeUnicode { type Item = char; }
    pub struct EscapeDebug;
    impl Iterator for EscapeDebug { type Item = char; }
    pub struct EscapeDefault;
    impl Iterator for EscapeDefault { type Item = char; }
    pub struct DecodeUtf16<I>;
    impl<I: Iterator<Item = u16>> Iterator for DecodeUtf16<I> { type Item = Result<char, DecodeUtf16Error>; }
    pub struct DecodeUtf16Error;
    impl DecodeUtf16Error { pub fn unpaired_surrogate(&self) -> u16; }
    impl crate::error::Error for DecodeUtf16Error {}
    pub struct ParseCharError;
    impl crate::error::Error for ParseCharError {}
    pub struct CharTryFromError;
    impl crate::error::Error for CharTryFromError {}
    pub struct TryFromCharError;
    impl crate::error::Error for TryFromCharError {}
    pub const MAX: char;
    pub const REPLACEMENT_CHARACTER: char;
    pub const fn from_u32(i: u32) -> Option<char>;
    pub const unsafe fn from_u32_unchecked(i: u32) -> char;
    pub const fn from_digit(num: u32, radix: u32) -> Option<char>;
    pub fn decode_utf16<I: IntoIterator<Item = u16>>(iter: I) -> DecodeUtf16<I::IntoIter>;
}
