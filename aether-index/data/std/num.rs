//! Signature stubs: std::num and integer, float and bool methods (shared integer methods on i32, float methods on f64).
pub mod num {
    impl i32 {
        pub const MIN: Self;
        pub const MAX: Self;
        pub const BITS: u32;
        pub const fn count_ones(self) -> u32;
        pub const fn count_zeros(self) -> u32;
        pub const fn leading_zeros(self) -> u32;
        pub const fn trailing_zeros(self) -> u32;
        pub const fn leading_ones(self) -> u32;
        pub const fn trailing_ones(self) -> u32;
        pub const fn rotate_left(self, n: u32) -> Self;
        pub const fn rotate_right(self, n: u32) -> Self;
        pub const fn swap_bytes(self) -> Self;
        pub const fn reverse_bits(self) -> Self;
        pub const fn to_be(self) -> Self;
        pub const fn to_le(self) -> Self;
        pub const fn from_be(x: Self) -> Self;
        pub const fn from_le(x: Self) -> Self;
        pub fn from_str_radix(src: &str, radix: u32) -> Result<Self, ParseIntError>;
        pub const fn checked_add(self, rhs: Self) -> Option<Self>;
        pub const fn checked_sub(self, rhs: Self) -> Option<Self>;
        pub const fn checked_mul(self, rhs: Self) -> Option<Self>;
        pub const fn checked_div(self, rhs: Self) -> Option<Self>;
        pub const fn checked_rem(self, rhs: Self) -> Option<Self>;
        pub const fn checked_div_euclid(self, rhs: Self) -> Option<Self>;
        pub const fn checked_rem_euclid(self, rhs: Self) -> Option<Self>;
        pub const fn checked_next_multiple_of(self, rhs: Self) -> Option<Self>;
        pub const fn checked_neg(self) -> Option<Self>;
        pub const fn checked_abs(self) -> Option<Self>;
        pub const fn checked_isqrt(self) -> Option<Self>;
        pub const fn checked_next_power_of_two(self) -> Option<Self>;
        pub const fn checked_shl(self, rhs: u32) -> Option<Self>;
        pub const fn checked_shr(self, rhs: u32) -> Option<Self>;
        pub const fn checked_pow(self, exp: u32) -> Option<Self>;
        pub const fn checked_ilog(self, base: Self) -> Option<u32>;
        pub const fn checked_ilog2(self) -> Option<u32>;
        pub const fn checked_ilog10(self) -> Option<u32>;
        pub const fn checked_add_signed(self, rhs: isize) -> Option<Self>;
        pub const fn checked_add_unsigned(self, rhs: usize) -> Option<Self>;
        pub const fn checked_sub_unsigned(self, rhs: usize) -> Option<Self>;
        pub const fn checked_sub_signed(self, rhs: isize) -> Option<Self>;
        pub const fn checked_signed_diff(self, rhs: Self) -> Option<isize>;
        pub const fn saturating_add(self, rhs: Self) -> Self;
        pub const fn saturating_sub(self, rhs: Self) -> Self;
        pub const fn saturating_mul(self, rhs: Self) -> Self;
        pub const fn saturating_div(self, rhs: Self) -> Self;
        pub const fn saturating_neg(self) -> Self;
        pub const fn saturating_abs(self) -> Self;
        pub const fn saturating_pow(self, exp: u32) -> Self;
        pub const fn saturating_add_signed(self, rhs: isize) -> Self;
        pub const fn saturating_add_unsigned(self, rhs: usize) -> Self;
        pub const fn saturating_sub_unsigned(self, rhs: usize) -> Self;
        pub const fn saturating_sub_signed(self, rhs: isize) -> Self;
        pub const fn wrapping_add(self, rhs: Self) -> Self;
        pub const fn wrapping_sub(self, rhs: Self) -> Self;
        pub const fn wrapping_mul(self, rhs: Self) -> Self;
        pub const fn wrapping_div(self, rhs: Self) -> Self;
        pub const fn wrapping_rem(self, rhs: Self) -> Self;
        pub const fn wrapping_div_euclid(self, rhs: Self) -> Self;
        pub const fn wrapping_rem_euclid(self, rhs: Self) -> Self;
        pub const fn wrapping_neg(self) -> Self;
        pub const fn wrapping_abs(self) -> Self;
        pub const fn wrapping_shl(self, rhs: u32) -> Self;
        pub const fn wrapping_shr(self, rhs: u32) -> Self;
        pub const fn unbounded_shl(self, rhs: u32) -> Self;
        pub const fn unbounded_shr(self, rhs: u32) -> Self;
        pub const fn wrapping_pow(self, exp: u32) -> Self;
        pub const fn wrapping_add_signed(self, rhs: isize) -> Self;
        pub const fn wrapping_add_unsigned(self, rhs: usize) -> Self;
        pub const fn wrapping_sub_unsigned(self, rhs: usize) -> Self;
        pub const fn wrapping_sub_signed(self, rhs: isize) -> Self;
        pub const fn overflowing_add(self, rhs: Self) -> (Self, bool);
        pub const fn overflowing_sub(self, rhs: Self) -> (Self, bool);
        pub const fn overflowing_mul(self, rhs: Self) -> (Self, bool);
        pub const fn overflowing_div(self, rhs: Self) -> (Self, bool);
        pub const fn overflowing_rem(self, rhs: Self) -> (Self, bool);
        pub const fn overflowing_div_euclid(self, rhs: Self) -> (Self, bool);
        pub const fn overflowing_rem_euclid(self, rhs: Self) -> (Self, bool);
        pub const fn overflowing_neg(self) -> (Self, bool);
        pub const fn overflowing_abs(self) -> (Self, bool);
        pub const fn overflowing_shl(self, rhs: u32) -> (Self, bool);
        pub const fn overflowing_shr(self, rhs: u32) -> (Self, bool);
        pub const fn overflowing_pow(self, exp: u32) -> (Self, bool);
        pub const fn overflowing_add_signed(self, rhs: isize) -> (Self, bool);
        pub const fn overflowing_add_unsigned(self, rhs: usize) -> (Self, bool);
        pub const fn overflowing_sub_unsigned(self, rhs: usize) -> (Self, bool);
        pub const fn overflowing_sub_signed(self, rhs: isize) -> (Self, bool);
        pub const unsafe fn unchecked_add(self, rhs: Self) -> Self;
        pub const unsafe fn unchecked_sub(self, rhs: Self) -> Self;
        pub const unsafe fn unchecked_mul(self, rhs: Self) -> Self;
        pub const fn strict_add(self, rhs: Self) -> Self;
        pub const fn strict_sub(self, rhs: Self) -> Self;
        pub const fn strict_mul(self, rhs: Self) -> Self;
        pub const fn strict_div(self, rhs: Self) -> Self;
        pub const fn strict_rem(self, rhs: Self) -> Self;
        pub const fn strict_div_euclid(self, rhs: Self) -> Self;
        pub const fn strict_rem_euclid(self, rhs: Self) -> Self;
        pub const fn strict_neg(self) -> Self;
        pub const fn strict_abs(self) -> Self;
        pub const fn strict_pow(self, exp: u32) -> Self;
        pub const fn strict_shl(self, rhs: u32) -> Self;
        pub const fn strict_shr(self, rhs: u32) -> Self;
        pub const fn strict_add_signed(self, rhs: isize) -> Self;
        pub const fn strict_sub_signed(self, rhs: isize) -> Self;
        pub const fn strict_add_unsigned(self, rhs: usize) -> Self;
        pub const fn strict_sub_unsigned(self, rhs: usize) -> Self;
        pub const fn carrying_mul(self, rhs: Self, carry: Self) -> (Self, Self);
        pub const fn carrying_mul_add(self, rhs: Self, carry: Self, add: Self) -> (Self, Self);
        pub const fn carrying_add(self, rhs: Self, carry: bool) -> (Self, bool);
        pub const fn borrowing_sub(self, rhs: Self, borrow: bool) -> (Self, bool);
        pub const fn pow(self, exp: u32) -> Self;
        pub const fn isqrt(self) -> Self;
        pub const fn div_euclid(self, rhs: Self) -> Self;
        pub const fn rem_euclid(self, rhs: Self) -> Self;
        pub const fn div_ceil(self, rhs: Self) -> Self;
        pub const fn next_multiple_of(self, rhs: Self) -> Self;
        pub const fn midpoint(self, rhs: Self) -> Self;
        pub const fn is_multiple_of(self, rhs: Self) -> bool;
        pub const fn ilog(self, base: Self) -> u32;
        pub const fn ilog2(self) -> u32;
        pub const fn ilog10(self) -> u32;
        pub const fn abs(self) -> Self;
        pub const fn signum(self) -> Self;
        pub const fn is_positive(self) -> bool;
        pub const fn is_negative(self) -> bool;
        pub const fn is_power_of_two(self) -> bool;
        pub const fn next_power_of_two(self) -> Self;
        pub const fn min_value() -> Self;
        pub const fn max_value() -> Self;
    }
    impl i8 {
        pub const fn unsigned_abs(self) -> u8;
        pub const fn cast_unsigned(self) -> u8;
        pub const fn abs_diff(self, other: Self) -> u8;
        pub const fn to_be_bytes(self) -> [u8; 1];
        pub const fn to_le_bytes(self) -> [u8; 1];
        pub const fn to_ne_bytes(self) -> [u8; 1];
        pub const fn from_be_bytes(bytes: [u8; 1]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 1]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 1]) -> Self;
    }
    impl u8 {
        pub const fn abs_diff(self, other: Self) -> Self;
        pub const fn cast_signed(self) -> i8;
        pub const fn to_be_bytes(self) -> [u8; 1];
        pub const fn to_le_bytes(self) -> [u8; 1];
        pub const fn to_ne_bytes(self) -> [u8; 1];
        pub const fn from_be_bytes(bytes: [u8; 1]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 1]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 1]) -> Self;
    }
    impl i16 {
        pub const fn unsigned_abs(self) -> u16;
        pub const fn cast_unsigned(self) -> u16;
        pub const fn abs_diff(self, other: Self) -> u16;
        pub const fn to_be_bytes(self) -> [u8; 2];
        pub const fn to_le_bytes(self) -> [u8; 2];
        pub const fn to_ne_bytes(self) -> [u8; 2];
        pub const fn from_be_bytes(bytes: [u8; 2]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 2]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 2]) -> Self;
    }
    impl u16 {
        pub const fn abs_diff(self, other: Self) -> Self;
        pub const fn cast_signed(self) -> i16;
        pub const fn to_be_bytes(self) -> [u8; 2];
        pub const fn to_le_bytes(self) -> [u8; 2];
        pub const fn to_ne_bytes(self) -> [u8; 2];
        pub const fn from_be_bytes(bytes: [u8; 2]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 2]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 2]) -> Self;
    }
    impl i32 {
        pub const fn unsigned_abs(self) -> u32;
        pub const fn cast_unsigned(self) -> u32;
        pub const fn abs_diff(self, other: Self) -> u32;
        pub const fn to_be_bytes(self) -> [u8; 4];
        pub const fn to_le_bytes(self) -> [u8; 4];
        pub const fn to_ne_bytes(self) -> [u8; 4];
        pub const fn from_be_bytes(bytes: [u8; 4]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 4]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 4]) -> Self;
    }
    impl u32 {
        pub const fn abs_diff(self, other: Self) -> Self;
        pub const fn cast_signed(self) -> i32;
        pub const fn to_be_bytes(self) -> [u8; 4];
        pub const fn to_le_bytes(self) -> [u8; 4];
        pub const fn to_ne_bytes(self) -> [u8; 4];
        pub const fn from_be_bytes(bytes: [u8; 4]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 4]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 4]) -> Self;
    }
    impl i64 {
        pub const fn unsigned_abs(self) -> u64;
        pub const fn cast_unsigned(self) -> u64;
        pub const fn abs_diff(self, other: Self) -> u64;
        pub const fn to_be_bytes(self) -> [u8; 8];
        pub const fn to_le_bytes(self) -> [u8; 8];
        pub const fn to_ne_bytes(self) -> [u8; 8];
        pub const fn from_be_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 8]) -> Self;
    }
    impl u64 {
        pub const fn abs_diff(self, other: Self) -> Self;
        pub const fn cast_signed(self) -> i64;
        pub const fn to_be_bytes(self) -> [u8; 8];
        pub const fn to_le_bytes(self) -> [u8; 8];
        pub const fn to_ne_bytes(self) -> [u8; 8];
        pub const fn from_be_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 8]) -> Self;
    }
    impl i128 {
        pub const fn unsigned_abs(self) -> u128;
        pub const fn cast_unsigned(self) -> u128;
        pub const fn abs_diff(self, other: Self) -> u128;
        pub const fn to_be_bytes(self) -> [u8; 16];
        pub const fn to_le_bytes(self) -> [u8; 16];
        pub const fn to_ne_bytes(self) -> [u8; 16];
        pub const fn from_be_bytes(bytes: [u8; 16]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 16]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 16]) -> Self;
    }
    impl u128 {
        pub const fn abs_diff(self, other: Self) -> Self;
        pub const fn cast_signed(self) -> i128;
        pub const fn to_be_bytes(self) -> [u8; 16];
        pub const fn to_le_bytes(self) -> [u8; 16];
        pub const fn to_ne_bytes(self) -> [u8; 16];
        pub const fn from_be_bytes(bytes: [u8; 16]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 16]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 16]) -> Self;
    }
    impl isize {
        pub const fn unsigned_abs(self) -> usize;
        pub const fn cast_unsigned(self) -> usize;
        pub const fn abs_diff(self, other: Self) -> usize;
        pub const fn to_be_bytes(self) -> [u8; 8];
        pub const fn to_le_bytes(self) -> [u8; 8];
        pub const fn to_ne_bytes(self) -> [u8; 8];
        pub const fn from_be_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 8]) -> Self;
    }
    impl usize {
        pub const fn abs_diff(self, other: Self) -> Self;
        pub const fn cast_signed(self) -> isize;
        pub const fn to_be_bytes(self) -> [u8; 8];
        pub const fn to_le_bytes(self) -> [u8; 8];
        pub const fn to_ne_bytes(self) -> [u8; 8];
        pub const fn from_be_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 8]) -> Self;
    }
    impl u8 {
        pub const fn is_ascii(&self) -> bool;
        pub const fn to_ascii_uppercase(&self) -> u8;
        pub const fn to_ascii_lowercase(&self) -> u8;
        pub const fn eq_ignore_ascii_case(&self, other: &u8) -> bool;
        pub const fn make_ascii_uppercase(&mut self);
        pub const fn make_ascii_lowercase(&mut self);
        pub fn escape_ascii(self) -> crate::ascii::EscapeDefault;
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
    impl f64 {
        pub const RADIX: u32;
        pub const MANTISSA_DIGITS: u32;
        pub const DIGITS: u32;
        pub const EPSILON: Self;
        pub const MIN: Self;
        pub const MIN_POSITIVE: Self;
        pub const MAX: Self;
        pub const MIN_EXP: i32;
        pub const MAX_EXP: i32;
        pub const NAN: Self;
        pub const INFINITY: Self;
        pub const NEG_INFINITY: Self;
        pub fn floor(self) -> Self;
        pub fn ceil(self) -> Self;
        pub fn round(self) -> Self;
        pub fn round_ties_even(self) -> Self;
        pub fn trunc(self) -> Self;
        pub fn fract(self) -> Self;
        pub fn abs(self) -> Self;
        pub fn signum(self) -> Self;
        pub fn sqrt(self) -> Self;
        pub fn exp(self) -> Self;
        pub fn exp2(self) -> Self;
        pub fn ln(self) -> Self;
        pub fn log2(self) -> Self;
        pub fn log10(self) -> Self;
        pub fn cbrt(self) -> Self;
        pub fn sin(self) -> Self;
        pub fn cos(self) -> Self;
        pub fn tan(self) -> Self;
        pub fn asin(self) -> Self;
        pub fn acos(self) -> Self;
        pub fn atan(self) -> Self;
        pub fn exp_m1(self) -> Self;
        pub fn ln_1p(self) -> Self;
        pub fn sinh(self) -> Self;
        pub fn cosh(self) -> Self;
        pub fn tanh(self) -> Self;
        pub fn asinh(self) -> Self;
        pub fn acosh(self) -> Self;
        pub fn atanh(self) -> Self;
        pub fn recip(self) -> Self;
        pub fn to_degrees(self) -> Self;
        pub fn to_radians(self) -> Self;
        pub fn next_up(self) -> Self;
        pub fn next_down(self) -> Self;
        pub fn copysign(self, other: Self) -> Self;
        pub fn div_euclid(self, other: Self) -> Self;
        pub fn rem_euclid(self, other: Self) -> Self;
        pub fn powf(self, other: Self) -> Self;
        pub fn log(self, other: Self) -> Self;
        pub fn hypot(self, other: Self) -> Self;
        pub fn atan2(self, other: Self) -> Self;
        pub fn abs_sub(self, other: Self) -> Self;
        pub fn max(self, other: Self) -> Self;
        pub fn min(self, other: Self) -> Self;
        pub fn midpoint(self, other: Self) -> Self;
        pub fn mul_add(self, a: Self, b: Self) -> Self;
        pub fn powi(self, n: i32) -> Self;
        pub fn sin_cos(self) -> (Self, Self);
        pub fn clamp(self, min: Self, max: Self) -> Self;
        pub fn total_cmp(&self, other: &Self) -> crate::cmp::Ordering;
        pub fn classify(self) -> FpCategory;
        pub const fn is_nan(self) -> bool;
        pub const fn is_infinite(self) -> bool;
        pub const fn is_finite(self) -> bool;
        pub const fn is_subnormal(self) -> bool;
        pub const fn is_normal(self) -> bool;
        pub const fn is_sign_positive(self) -> bool;
        pub const fn is_sign_negative(self) -> bool;
        pub unsafe fn to_int_unchecked<Int>(self) -> Int;
    }
    impl f32 {
        pub const fn to_bits(self) -> u32;
        pub const fn from_bits(v: u32) -> Self;
        pub const fn to_be_bytes(self) -> [u8; 4];
        pub const fn to_le_bytes(self) -> [u8; 4];
        pub const fn to_ne_bytes(self) -> [u8; 4];
        pub const fn from_be_bytes(bytes: [u8; 4]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 4]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 4]) -> Self;
    }
    impl f64 {
        pub const fn to_bits(self) -> u64;
        pub const fn from_bits(v: u64) -> Self;
        pub const fn to_be_bytes(self) -> [u8; 8];
        pub const fn to_le_bytes(self) -> [u8; 8];
        pub const fn to_ne_bytes(self) -> [u8; 8];
        pub const fn from_be_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_le_bytes(bytes: [u8; 8]) -> Self;
        pub const fn from_ne_bytes(bytes: [u8; 8]) -> Self;
    }
    impl bool {
        pub fn then_some<T>(self, t: T) -> Option<T>;
        pub fn then<T, F: FnOnce() -> T>(self, f: F) -> Option<T>;
    }
    pub struct NonZero<T>;
    impl<T> NonZero<T> {
        pub const MIN: Self;
        pub const MAX: Self;
        pub const BITS: u32;
        pub const fn new(n: T) -> Option<Self>;
        pub const unsafe fn new_unchecked(n: T) -> Self;
        pub const fn get(self) -> T;
        pub const fn leading_zeros(self) -> u32;
        pub const fn trailing_zeros(self) -> u32;
        pub const fn count_ones(self) -> NonZero<u32>;
        pub const fn checked_add(self, other: T) -> Option<Self>;
        pub const fn saturating_add(self, other: T) -> Self;
        pub const fn checked_mul(self, other: Self) -> Option<Self>;
        pub const fn saturating_mul(self, other: Self) -> Self;
        pub const fn checked_pow(self, other: u32) -> Option<Self>;
        pub const fn saturating_pow(self, other: u32) -> Self;
        pub const fn checked_next_power_of_two(self) -> Option<Self>;
        pub const fn is_power_of_two(self) -> bool;
        pub const fn ilog2(self) -> u32;
        pub const fn ilog10(self) -> u32;
        pub const fn isqrt(self) -> Self;
        pub const fn checked_abs(self) -> Option<Self>;
        pub const fn checked_neg(self) -> Option<Self>;
        pub const fn saturating_abs(self) -> Self;
        pub const fn wrapping_abs(self) -> Self;
        pub const fn wrapping_neg(self) -> Self;
        pub const fn saturating_neg(self) -> Self;
        pub const fn midpoint(self, rhs: Self) -> Self;
        pub const fn div_ceil(self, rhs: Self) -> Self;
        pub const fn abs(self) -> Self;
        pub const fn is_positive(self) -> bool;
        pub const fn is_negative(self) -> bool;
    }
    impl<T> crate::str::FromStr for NonZero<T> { type Err = ParseIntError; fn from_str(src: &str) -> Result<Self, ParseIntError>; }
    pub type NonZeroU8 = NonZero<u8>;
    impl TryFrom<u8> for NonZero<u8> { type Error = TryFromIntError; fn try_from(value: u8) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<u8>> for u8 { fn from(n: NonZero<u8>) -> Self; }
    pub type NonZeroI8 = NonZero<i8>;
    impl TryFrom<i8> for NonZero<i8> { type Error = TryFromIntError; fn try_from(value: i8) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<i8>> for i8 { fn from(n: NonZero<i8>) -> Self; }
    pub type NonZeroU16 = NonZero<u16>;
    impl TryFrom<u16> for NonZero<u16> { type Error = TryFromIntError; fn try_from(value: u16) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<u16>> for u16 { fn from(n: NonZero<u16>) -> Self; }
    pub type NonZeroI16 = NonZero<i16>;
    impl TryFrom<i16> for NonZero<i16> { type Error = TryFromIntError; fn try_from(value: i16) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<i16>> for i16 { fn from(n: NonZero<i16>) -> Self; }
    pub type NonZeroU32 = NonZero<u32>;
    impl TryFrom<u32> for NonZero<u32> { type Error = TryFromIntError; fn try_from(value: u32) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<u32>> for u32 { fn from(n: NonZero<u32>) -> Self; }
    pub type NonZeroI32 = NonZero<i32>;
    impl TryFrom<i32> for NonZero<i32> { type Error = TryFromIntError; fn try_from(value: i32) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<i32>> for i32 { fn from(n: NonZero<i32>) -> Self; }
    pub type NonZeroU64 = NonZero<u64>;
    impl TryFrom<u64> for NonZero<u64> { type Error = TryFromIntError; fn try_from(value: u64) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<u64>> for u64 { fn from(n: NonZero<u64>) -> Self; }
    pub type NonZeroI64 = NonZero<i64>;
    impl TryFrom<i64> for NonZero<i64> { type Error = TryFromIntError; fn try_from(value: i64) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<i64>> for i64 { fn from(n: NonZero<i64>) -> Self; }
    pub type NonZeroU128 = NonZero<u128>;
    impl TryFrom<u128> for NonZero<u128> { type Error = TryFromIntError; fn try_from(value: u128) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<u128>> for u128 { fn from(n: NonZero<u128>) -> Self; }
    pub type NonZeroI128 = NonZero<i128>;
    impl TryFrom<i128> for NonZero<i128> { type Error = TryFromIntError; fn try_from(value: i128) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<i128>> for i128 { fn from(n: NonZero<i128>) -> Self; }
    pub type NonZeroUsize = NonZero<usize>;
    impl TryFrom<usize> for NonZero<usize> { type Error = TryFromIntError; fn try_from(value: usize) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<usize>> for usize { fn from(n: NonZero<usize>) -> Self; }
    pub type NonZeroIsize = NonZero<isize>;
    impl TryFrom<isize> for NonZero<isize> { type Error = TryFromIntError; fn try_from(value: isize) -> Result<Self, TryFromIntError>; }
    impl From<NonZero<isize>> for isize { fn from(n: NonZero<isize>) -> Self; }
    pub struct Wrapping<T>(pub T);
    impl<T> crate::ops::Add<Wrapping<T>> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T> crate::ops::Sub<Wrapping<T>> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T> crate::ops::Mul<Wrapping<T>> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T> crate::ops::Div<Wrapping<T>> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T> crate::ops::Rem<Wrapping<T>> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T> crate::ops::BitAnd<Wrapping<T>> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T> crate::ops::BitOr<Wrapping<T>> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T> crate::ops::BitXor<Wrapping<T>> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: Default> Default for Wrapping<T> { fn default() -> Wrapping<T>; }
    pub struct Saturating<T>(pub T);
    impl<T> crate::ops::Add<Saturating<T>> for Saturating<T> { type Output = Saturating<T>; }
    impl<T> crate::ops::Sub<Saturating<T>> for Saturating<T> { type Output = Saturating<T>; }
    impl<T> crate::ops::Mul<Saturating<T>> for Saturating<T> { type Output = Saturating<T>; }
    impl<T> crate::ops::Div<Saturating<T>> for Saturating<T> { type Output = Saturating<T>; }
    impl<T> crate::ops::Rem<Saturating<T>> for Saturating<T> { type Output = Saturating<T>; }
    impl<T> crate::ops::BitAnd<Saturating<T>> for Saturating<T> { type Output = Saturating<T>; }
    impl<T> crate::ops::BitOr<Saturating<T>> for Saturating<T> { type Output = Saturating<T>; }
    impl<T> crate::ops::BitXor<Saturating<T>> for Saturating<T> { type Output = Saturating<T>; }
    impl<T> Saturating<T> { pub const fn count_ones(self) -> u32; pub const fn leading_zeros(self) -> u32; pub const fn trailing_zeros(self) -> u32; pub fn pow(self, exp: u32) -> Self; }
    impl<T: Default> Default for Saturating<T> { fn default() -> Saturating<T>; }
    pub enum FpCategory { Nan, Infinite, Zero, Subnormal, Normal }
    pub struct ParseIntError;
    impl ParseIntError { pub const fn kind(&self) -> &IntErrorKind; }
    impl crate::error::Error for ParseIntError {}
    pub enum IntErrorKind { Empty, InvalidDigit, PosOverflow, NegOverflow, Zero }
    pub struct ParseFloatError;
    impl crate::error::Error for ParseFloatError {}
    pub struct TryFromIntError;
    impl crate::error::Error for TryFromIntError {}
    impl From<crate::convert::Infallible> for TryFromIntError { fn from(x: crate::convert::Infallible) -> TryFromIntError; }
}
pub mod f32 {
    pub const EPSILON: f32;
    pub const MIN: f32;
    pub const MAX: f32;
    pub const NAN: f32;
    pub const INFINITY: f32;
    pub const NEG_INFINITY: f32;
    pub mod consts { pub const PI: f32; pub const TAU: f32; pub const E: f32; pub const SQRT_2: f32; pub const LN_2: f32; pub const LN_10: f32; pub const LOG2_E: f32; pub const LOG10_E: f32; pub const FRAC_PI_2: f32; pub const FRAC_PI_3: f32; pub const FRAC_PI_4: f32; pub const FRAC_PI_6: f32; pub const FRAC_PI_8: f32; pub const FRAC_1_PI: f32; pub const FRAC_2_PI: f32; pub const FRAC_1_SQRT_2: f32; }
}
pub mod f64 {
    pub const EPSILON: f64;
    pub const MIN: f64;
    pub const MAX: f64;
    pub const NAN: f64;
    pub const INFINITY: f64;
    pub const NEG_INFINITY: f64;
    pub mod consts { pub const PI: f64; pub const TAU: f64; pub const E: f64; pub const SQRT_2: f64; pub const LN_2: f64; pub const LN_10: f64; pub const LOG2_E: f64; pub const LOG10_E: f64; pub const FRAC_PI_2: f64; pub const FRAC_PI_3: f64; pub const FRAC_PI_4: f64; pub const FRAC_PI_6: f64; pub const FRAC_PI_8: f64; pub const FRAC_1_PI: f64; pub const FRAC_2_PI: f64; pub const FRAC_1_SQRT_2: f64; }
}
pub mod u8 { pub const MIN: u8; pub const MAX: u8; }
pub mod u16 { pub const MIN: u16; pub const MAX: u16; }
pub mod u32 { pub const MIN: u32; pub const MAX: u32; }
pub mod u64 { pub const MIN: u64; pub const MAX: u64; }
pub mod usize { pub const MIN: usize; pub const MAX: usize; }
pub mod i8 { pub const MIN: i8; pub const MAX: i8; }
pub mod i16 { pub const MIN: i16; pub const MAX: i16; }
pub mod i32 { pub const MIN: i32; pub const MAX: i32; }
pub mod i64 { pub const MIN: i64; pub const MAX: i64; }
pub mod isize { pub const MIN: isize; pub const MAX: isize; }
