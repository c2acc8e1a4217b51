//! Signature stubs: From and TryFrom between primitive numbers.
pub mod num {
    impl From<u8> for u16 { fn from(v: u8) -> u16; }
    impl From<u8> for u32 { fn from(v: u8) -> u32; }
    impl From<u8> for u64 { fn from(v: u8) -> u64; }
    impl From<u8> for u128 { fn from(v: u8) -> u128; }
    impl From<u8> for usize { fn from(v: u8) -> usize; }
    impl From<u8> for i16 { fn from(v: u8) -> i16; }
    impl From<u8> for i32 { fn from(v: u8) -> i32; }
    impl From<u8> for i64 { fn from(v: u8) -> i64; }
    impl From<u8> for i128 { fn from(v: u8) -> i128; }
    impl From<u8> for isize { fn from(v: u8) -> isize; }
    impl From<u8> for f32 { fn from(v: u8) -> f32; }
    impl From<u8> for f64 { fn from(v: u8) -> f64; }
    impl From<u16> for u32 { fn from(v: u16) -> u32; }
    impl From<u16> for u64 { fn from(v: u16) -> u64; }
    impl From<u16> for u128 { fn from(v: u16) -> u128; }
    impl From<u16> for usize { fn from(v: u16) -> usize; }
    impl From<u16> for i32 { fn from(v: u16) -> i32; }
    impl From<u16> for i64 { fn from(v: u16) -> i64; }
    impl From<u16> for i128 { fn from(v: u16) -> i128; }
    impl From<u16> for f32 { fn from(v: u16) -> f32; }
    impl From<u16> for f64 { fn from(v: u16) -> f64; }
    impl From<u32> for u64 { fn from(v: u32) -> u64; }
    impl From<u32> for u128 { fn from(v: u32) -> u128; }
    impl From<u32> for i64 { fn from(v: u32) -> i64; }
    impl From<u32> for i128 { fn from(v: u32) -> i128; }
    impl From<u32> for f64 { fn from(v: u32) -> f64; }
    impl From<u64> for u128 { fn from(v: u64) -> u128; }
    impl From<u64> for i128 { fn from(v: u64) -> i128; }
    impl From<i8> for i16 { fn from(v: i8) -> i16; }
    impl From<i8> for i32 { fn from(v: i8) -> i32; }
    impl From<i8> for i64 { fn from(v: i8) -> i64; }
    impl From<i8> for i128 { fn from(v: i8) -> i128; }
    impl From<i8> for isize { fn from(v: i8) -> isize; }
    impl From<i8> for f32 { fn from(v: i8) -> f32; }
    impl From<i8> for f64 { fn from(v: i8) -> f64; }
    impl From<i16> for i32 { fn from(v: i16) -> i32; }
    impl From<i16> for i64 { fn from(v: i16) -> i64; }
    impl From<i16> for i128 { fn from(v: i16) -> i128; }
    impl From<i16> for isize { fn from(v: i16) -> isize; }
    impl From<i16> for f32 { fn from(v: i16) -> f32; }
    impl From<i16> for f64 { fn from(v: i16) -> f64; }
    impl From<i32> for i64 { fn from(v: i32) -> i64; }
    impl From<i32> for i128 { fn from(v: i32) -> i128; }
    impl From<i32> for f64 { fn from(v: i32) -> f64; }
    impl From<i64> for i128 { fn from(v: i64) -> i128; }
    impl From<f32> for f64 { fn from(v: f32) -> f64; }
    impl From<bool> for u8 { fn from(v: bool) -> u8; }
    impl From<bool> for u16 { fn from(v: bool) -> u16; }
    impl From<bool> for u32 { fn from(v: bool) -> u32; }
    impl From<bool> for u64 { fn from(v: bool) -> u64; }
    impl From<bool> for u128 { fn from(v: bool) -> u128; }
    impl From<bool> for usize { fn from(v: bool) -> usize; }
    impl From<bool> for i8 { fn from(v: bool) -> i8; }
    impl From<bool> for i16 { fn from(v: bool) -> i16; }
    impl From<bool> for i32 { fn from(v: bool) -> i32; }
    impl From<bool> for i64 { fn from(v: bool) -> i64; }
    impl From<bool> for i128 { fn from(v: bool) -> i128; }
    impl From<bool> for isize { fn from(v: bool) -> isize; }
    impl From<char> for u32 { fn from(v: char) -> u32; }
    impl From<char> for u64 { fn from(v: char) -> u64; }
    impl From<char> for u128 { fn from(v: char) -> u128; }
    impl TryFrom<u8> for i8 { type Error = TryFromIntError; fn try_from(v: u8) -> Result<i8, TryFromIntError>; }
    impl TryFrom<u16> for u8 { type Error = TryFromIntError; fn try_from(v: u16) -> Result<u8, TryFromIntError>; }
    impl TryFrom<u16> for i8 { type Error = TryFromIntError; fn try_from(v: u16) -> Result<i8, TryFromIntError>; }
    impl TryFrom<u16> for i16 { type Error = TryFromIntError; fn try_from(v: u16) -> Result<i16, TryFromIntError>; }
    impl TryFrom<u16> for isize { type Error = TryFromIntError; fn try_from(v: u16) -> Result<isize, TryFromIntError>; }
    impl TryFrom<u32> for u8 { type Error = TryFromIntError; fn try_from(v: u32) -> Result<u8, TryFromIntError>; }
    impl TryFrom<u32> for u16 { type Error = TryFromIntError; fn try_from(v: u32) -> Result<u16, TryFromIntError>; }
    impl TryFrom<u32> for usize { type Error = TryFromIntError; fn try_from(v: u32) -> Result<usize, TryFromIntError>; }
    impl TryFrom<u32> for i8 { type Error = TryFromIntError; fn try_from(v: u32) -> Result<i8, TryFromIntError>; }
    impl TryFrom<u32> for i16 { type Error = TryFromIntError; fn try_from(v: u32) -> Result<i16, TryFromIntError>; }
    impl TryFrom<u32> for i32 { type Error = TryFromIntError; fn try_from(v: u32) -> Result<i32, TryFromIntError>; }
    impl TryFrom<u32> for isize { type Error = TryFromIntError; fn try_from(v: u32) -> Result<isize, TryFromIntError>; }
    impl TryFrom<u64> for u8 { type Error = TryFromIntError; fn try_from(v: u64) -> Result<u8, TryFromIntError>; }
    impl TryFrom<u64> for u16 { type Error = TryFromIntError; fn try_from(v: u64) -> Result<u16, TryFromIntError>; }
    impl TryFrom<u64> for u32 { type Error = TryFromIntError; fn try_from(v: u64) -> Result<u32, TryFromIntError>; }
    impl TryFrom<u64> for usize { type Error = TryFromIntError; fn try_from(v: u64) -> Result<usize, TryFromIntError>; }
    impl TryFrom<u64> for i8 { type Error = TryFromIntError; fn try_from(v: u64) -> Result<i8, TryFromIntError>; }
    impl TryFrom<u64> for i16 { type Error = TryFromIntError; fn try_from(v: u64) -> Result<i16, TryFromIntError>; }
    impl TryFrom<u64> for i32 { type Error = TryFromIntError; fn try_from(v: u64) -> Result<i32, TryFromIntError>; }
    impl TryFrom<u64> for i64 { type Error = TryFromIntError; fn try_from(v: u64) -> Result<i64, TryFromIntError>; }
    impl TryFrom<u64> for isize { type Error = TryFromIntError; fn try_from(v: u64) -> Result<isize, TryFromIntError>; }
    impl TryFrom<u128> for u8 { type Error = TryFromIntError; fn try_from(v: u128) -> Result<u8, TryFromIntError>; }
    impl TryFrom<u128> for u16 { type Error = TryFromIntError; fn try_from(v: u128) -> Result<u16, TryFromIntError>; }
    impl TryFrom<u128> for u32 { type Error = TryFromIntError; fn try_from(v: u128) -> Result<u32, TryFromIntError>; }
    impl TryFrom<u128> for u64 { type Error = TryFromIntError; fn try_from(v: u128) -> Result<u64, TryFromIntError>; }
    impl TryFrom<u128> for usize { type Error = TryFromIntError; fn try_from(v: u128) -> Result<usize, TryFromIntError>; }
    impl TryFrom<u128> for i8 { type Error = TryFromIntError; fn try_from(v: u128) -> Result<i8, TryFromIntError>; }
    impl TryFrom<u128> for i16 { type Error = TryFromIntError; fn try_from(v: u128) -> Result<i16, TryFromIntError>; }
    impl TryFrom<u128> for i32 { type Error = TryFromIntError; fn try_from(v: u128) -> Result<i32, TryFromIntError>; }
    impl TryFrom<u128> for i64 { type Error = TryFromIntError; fn try_from(v: u128) -> Result<i64, TryFromIntError>; }
    impl TryFrom<u128> for i128 { type Error = TryFromIntError; fn try_from(v: u128) -> Result<i128, TryFromIntError>; }
    impl TryFrom<u128> for isize { type Error = TryFromIntError; fn try_from(v: u128) -> Result<isize, TryFromIntError>; }
    impl TryFrom<usize> for u8 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<u8, TryFromIntError>; }
    impl TryFrom<usize> for u16 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<u16, TryFromIntError>; }
    impl TryFrom<usize> for u32 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<u32, TryFromIntError>; }
    impl TryFrom<usize> for u64 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<u64, TryFromIntError>; }
    impl TryFrom<usize> for u128 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<u128, TryFromIntError>; }
    impl TryFrom<usize> for i8 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<i8, TryFromIntError>; }
    impl TryFrom<usize> for i16 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<i16, TryFromIntError>; }
    impl TryFrom<usize> for i32 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<i32, TryFromIntError>; }
    impl TryFrom<usize> for i64 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<i64, TryFromIntError>; }
    impl TryFrom<usize> for i128 { type Error = TryFromIntError; fn try_from(v: usize) -> Result<i128, TryFromIntError>; }
    impl TryFrom<usize> for isize { type Error = TryFromIntError; fn try_from(v: usize) -> Result<isize, TryFromIntError>; }
    impl TryFrom<i8> for u8 { type Error = TryFromIntError; fn try_from(v: i8) -> Result<u8, TryFromIntError>; }
    impl TryFrom<i8> for u16 { type Error = TryFromIntError; fn try_from(v: i8) -> Result<u16, TryFromIntError>; }
    impl TryFrom<i8> for u32 { type Error = TryFromIntError; fn try_from(v: i8) -> Result<u32, TryFromIntError>; }
    impl TryFrom<i8> for u64 { type Error = TryFromIntError; fn try_from(v: i8) -> Result<u64, TryFromIntError>; }
    impl TryFrom<i8> for u128 { type Error = TryFromIntError; fn try_from(v: i8) -> Result<u128, TryFromIntError>; }
    impl TryFrom<i8> for usize { type Error = TryFromIntError; fn try_from(v: i8) -> Result<usize, TryFromIntError>; }
    impl TryFrom<i16> for u8 { type Error = TryFromIntError; fn try_from(v: i16) -> Result<u8, TryFromIntError>; }
    impl TryFrom<i16> for u16 { type Error = TryFromIntError; fn try_from(v: i16) -> Result<u16, TryFromIntError>; }
    impl TryFrom<i16> for u32 { type Error = TryFromIntError; fn try_from(v: i16) -> Result<u32, TryFromIntError>; }
    impl TryFrom<i16> for u64 { type Error = TryFromIntError; fn try_from(v: i16) -> Result<u64, TryFromIntError>; }
    impl TryFrom<i16> for u128 { type Error = TryFromIntError; fn try_from(v: i16) -> Result<u128, TryFromIntError>; }
    impl TryFrom<i16> for usize { type Error = TryFromIntError; fn try_from(v: i16) -> Result<usize, TryFromIntError>; }
    impl TryFrom<i16> for i8 { type Error = TryFromIntError; fn try_from(v: i16) -> Result<i8, TryFromIntError>; }
    impl TryFrom<i32> for u8 { type Error = TryFromIntError; fn try_from(v: i32) -> Result<u8, TryFromIntError>; }
    impl TryFrom<i32> for u16 { type Error = TryFromIntError; fn try_from(v: i32) -> Result<u16, TryFromIntError>; }
    impl TryFrom<i32> for u32 { type Error = TryFromIntError; fn try_from(v: i32) -> Result<u32, TryFromIntError>; }
    impl TryFrom<i32> for u64 { type Error = TryFromIntError; fn try_from(v: i32) -> Result<u64, TryFromIntError>; }
    impl TryFrom<i32> for u128 { type Error = TryFromIntError; fn try_from(v: i32) -> Result<u128, TryFromIntError>; }
    impl TryFrom<i32> for usize { type Error = TryFromIntError; fn try_from(v: i32) -> Result<usize, TryFromIntError>; }
    impl TryFrom<i32> for i8 { type Error = TryFromIntError; fn try_from(v: i32) -> Result<i8, TryFromIntError>; }
    impl TryFrom<i32> for i16 { type Error = TryFromIntError; fn try_from(v: i32) -> Result<i16, TryFromIntError>; }
    impl TryFrom<i32> for isize { type Error = TryFromIntError; fn try_from(v: i32) -> Result<isize, TryFromIntError>; }
    impl TryFrom<i64> for u8 { type Error = TryFromIntError; fn try_from(v: i64) -> Result<u8, TryFromIntError>; }
    impl TryFrom<i64> for u16 { type Error = TryFromIntError; fn try_from(v: i64) -> Result<u16, TryFromIntError>; }
    impl TryFrom<i64> for u32 { type Error = TryFromIntError; fn try_from(v: i64) -> Result<u32, TryFromIntError>; }
    impl TryFrom<i64> for u64 { type Error = TryFromIntError; fn try_from(v: i64) -> Result<u64, TryFromIntError>; }
    impl TryFrom<i64> for u128 { type Error = TryFromIntError; fn try_from(v: i64) -> Result<u128, TryFromIntError>; }
    impl TryFrom<i64> for usize { type Error = TryFromIntError; fn try_from(v: i64) -> Result<usize, TryFromIntError>; }
    impl TryFrom<i64> for i8 { type Error = TryFromIntError; fn try_from(v: i64) -> Result<i8, TryFromIntError>; }
    impl TryFrom<i64> for i16 { type Error = TryFromIntError; fn try_from(v: i64) -> Result<i16, TryFromIntError>; }
    impl TryFrom<i64> for i32 { type Error = TryFromIntError; fn try_from(v: i64) -> Result<i32, TryFromIntError>; }
    impl TryFrom<i64> for isize { type Error = TryFromIntError; fn try_from(v: i64) -> Result<isize, TryFromIntError>; }
    impl TryFrom<i128> for u8 { type Error = TryFromIntError; fn try_from(v: i128) -> Result<u8, TryFromIntError>; }
    impl TryFrom<i128> for u16 { type Error = TryFromIntError; fn try_from(v: i128) -> Result<u16, TryFromIntError>; }
    impl TryFrom<i128> for u32 { type Error = TryFromIntError; fn try_from(v: i128) -> Result<u32, TryFromIntError>; }
    impl TryFrom<i128> for u64 { type Error = TryFromIntError; fn try_from(v: i128) -> Result<u64, TryFromIntError>; }
    impl TryFrom<i128> for u128 { type Error = TryFromIntError; fn try_from(v: i128) -> Result<u128, TryFromIntError>; }
    impl TryFrom<i128> for usize { type Error = TryFromIntError; fn try_from(v: i128) -> Result<usize, TryFromIntError>; }
    impl TryFrom<i128> for i8 { type Error = TryFromIntError; fn try_from(v: i128) -> Result<i8, TryFromIntError>; }
    impl TryFrom<i128> for i16 { type Error = TryFromIntError; fn try_from(v: i128) -> Result<i16, TryFromIntError>; }
    impl TryFrom<i128> for i32 { type Error = TryFromIntError; fn try_from(v: i128) -> Result<i32, TryFromIntError>; }
    impl TryFrom<i128> for i64 { type Error = TryFromIntError; fn try_from(v: i128) -> Result<i64, TryFromIntError>; }
    impl TryFrom<i128> for isize { type Error = TryFromIntError; fn try_from(v: i128) -> Result<isize, TryFromIntError>; }
    impl TryFrom<isize> for u8 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<u8, TryFromIntError>; }
    impl TryFrom<isize> for u16 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<u16, TryFromIntError>; }
    impl TryFrom<isize> for u32 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<u32, TryFromIntError>; }
    impl TryFrom<isize> for u64 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<u64, TryFromIntError>; }
    impl TryFrom<isize> for u128 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<u128, TryFromIntError>; }
    impl TryFrom<isize> for usize { type Error = TryFromIntError; fn try_from(v: isize) -> Result<usize, TryFromIntError>; }
    impl TryFrom<isize> for i8 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<i8, TryFromIntError>; }
    impl TryFrom<isize> for i16 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<i16, TryFromIntError>; }
    impl TryFrom<isize> for i32 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<i32, TryFromIntError>; }
    impl TryFrom<isize> for i64 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<i64, TryFromIntError>; }
    impl TryFrom<isize> for i128 { type Error = TryFromIntError; fn try_from(v: isize) -> Result<i128, TryFromIntError>; }
    impl TryFrom<char> for u8 { type Error = crate::char::TryFromCharError; fn try_from(c: char) -> Result<u8, crate::char::TryFromCharError>; }
    impl TryFrom<char> for u16 { type Error = crate::char::TryFromCharError; fn try_from(c: char) -> Result<u16, crate::char::TryFromCharError>; }
}
