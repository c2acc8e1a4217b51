//! Signature stubs: std::process and std::time.
pub mod process {
    pub fn exit(code: i32) -> !;
    pub fn abort() -> !;
    pub fn id() -> u32;
    pub trait Termination { fn report(self) -> ExitCode; }
    pub struct Command;
    impl Command {
        pub fn new<S: AsRef<crate::ffi::OsStr>>(program: S) -> Command;
        pub fn arg<S: AsRef<crate::ffi::OsStr>>(&mut self, arg: S) -> &mut Command;
        pub fn args<I: IntoIterator<Item = S>, S: AsRef<crate::ffi::OsStr>>(&mut self, args: I) -> &mut Command;
        pub fn env<K: AsRef<crate::ffi::OsStr>, V: AsRef<crate::ffi::OsStr>>(&mut self, key: K, val: V) -> &mut Command;
        pub fn envs<I: IntoIterator<Item = (K, V)>, K: AsRef<crate::ffi::OsStr>, V: AsRef<crate::ffi::OsStr>>(&mut self, vars: I) -> &mut Command;
        pub fn env_remove<K: AsRef<crate::ffi::OsStr>>(&mut self, key: K) -> &mut Command;
        pub fn env_clear(&mut self) -> &mut Command;
        pub fn current_dir<P: AsRef<crate::path::Path>>(&mut self, dir: P) -> &mut Command;
        pub fn stdin<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Command;
        pub fn stdout<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Command;
        pub fn stderr<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Command;
        pub fn spawn(&mut self) -> crate::io::Result<Child>;
        pub fn output(&mut self) -> crate::io::Result<Output>;
        pub fn status(&mut self) -> crate::io::Result<ExitStatus>;
        pub fn get_program(&self) -> &crate::ffi::OsStr;
        pub fn get_args(&self) -> CommandArgs;
        pub fn get_envs(&self) -> CommandEnvs;
        pub fn get_current_dir(&self) -> Option<&crate::path::Path>;
    }
    pub struct CommandArgs;
    impl Iterator for CommandArgs { type Item = &crate::ffi::OsStr; }
    impl crate::iter::ExactSizeIterator for CommandArgs {}
    pub struct CommandEnvs;
    impl Iterator for CommandEnvs { type Item = (&crate::ffi::OsStr, Option<&crate::ffi::OsStr>); }
    impl crate::iter::ExactSizeIterator for CommandEnvs {}
    pub struct Child { pub stdin: Option<ChildStdin>, pub stdout: Option<ChildStdout>, pub stderr: Option<ChildStderr> }
    impl Child {
        pub fn kill(&mut self) -> crate::io::Result<()>;
        pub fn id(&self) -> u32;
        pub fn wait(&mut self) -> crate::io::Result<ExitStatus>;
        pub fn try_wait(&mut self) -> crate::io::Result<Option<ExitStatus>>;
        pub fn wait_with_output(self) -> crate::io::Result<Output>;
    }
    pub struct ChildStdin;
    impl crate::io::Write for ChildStdin {}
    impl crate::io::Write for &ChildStdin {}
    pub struct ChildStdout;
    impl crate::io::Read for ChildStdout {}
    pub struct ChildStderr;
    impl crate::io::Read for ChildStderr {}
    pub struct Output { pub status: ExitStatus, pub stdout: Vec<u8>, pub stderr: Vec<u8> }
    pub struct Stdio;
    impl Stdio {
        pub fn piped() -> Stdio;
        pub fn inherit() -> Stdio;
        pub fn null() -> Stdio;
    }
    impl From<crate::fs::File> for Stdio { fn from(file: crate::fs::File) -> Stdio; }
    impl From<ChildStdin> for Stdio { fn from(child: ChildStdin) -> Stdio; }
    impl From<ChildStdout> for Stdio { fn from(child: ChildStdout) -> Stdio; }
    impl From<ChildStderr> for Stdio { fn from(child: ChildStderr) -> Stdio; }
    impl From<crate::io::Stdout> for Stdio { fn from(inherit: crate::io::Stdout) -> Stdio; }
    impl From<crate::io::Stderr> for Stdio { fn from(inherit: crate::io::Stderr) -> Stdio; }
    impl From<crate::io::PipeReader> for Stdio { fn from(pipe: crate::io::PipeReader) -> Stdio; }
    impl From<crate::io::PipeWriter> for Stdio { fn from(pipe: crate::io::PipeWriter) -> Stdio; }
    impl From<crate::os::fd::OwnedFd> for Stdio { fn from(fd: crate::os::fd::OwnedFd) -> Stdio; }
    pub struct ExitStatus;
    impl ExitStatus {
        pub fn success(&self) -> bool;
        pub fn code(&self) -> Option<i32>;
    }
    impl Default for ExitStatus { fn default() -> ExitStatus; }
    impl crate::fmt::Display for ExitStatus {}
    pub struct ExitCode;
    impl ExitCode {
        pub const SUCCESS: ExitCode;
        pub const FAILURE: ExitCode;
    }
    impl From<u8> for ExitCode { fn from(code: u8) -> ExitCode; }
    impl Termination for () {}
    impl Termination for ExitCode {}
    impl<T: Termination, E: crate::fmt::Debug> Termination for Result<T, E> {}
}
pub mod time {
    pub struct Duration;
    impl Duration {
        pub const ZERO: Duration;
        pub const MAX: Duration;
        pub const fn new(secs: u64, nanos: u32) -> Duration;
        pub const fn from_secs(secs: u64) -> Duration;
        pub const fn from_millis(millis: u64) -> Duration;
        pub const fn from_micros(micros: u64) -> Duration;
        pub const fn from_nanos(nanos: u64) -> Duration;
        pub const fn from_nanos_u128(nanos: u128) -> Duration;
        pub const fn from_mins(mins: u64) -> Duration;
        pub const fn from_hours(hours: u64) -> Duration;
        pub const fn is_zero(&self) -> bool;
        pub const fn as_secs(&self) -> u64;
        pub const fn subsec_millis(&self) -> u32;
        pub const fn subsec_micros(&self) -> u32;
        pub const fn subsec_nanos(&self) -> u32;
        pub const fn as_millis(&self) -> u128;
        pub const fn as_micros(&self) -> u128;
        pub const fn as_nanos(&self) -> u128;
        pub const fn abs_diff(self, other: Duration) -> Duration;
        pub const fn checked_add(self, rhs: Duration) -> Option<Duration>;
        pub const fn saturating_add(self, rhs: Duration) -> Duration;
        pub const fn checked_sub(self, rhs: Duration) -> Option<Duration>;
        pub const fn saturating_sub(self, rhs: Duration) -> Duration;
        pub const fn checked_mul(self, rhs: u32) -> Option<Duration>;
        pub const fn saturating_mul(self, rhs: u32) -> Duration;
        pub const fn checked_div(self, rhs: u32) -> Option<Duration>;
        pub const fn as_secs_f64(&self) -> f64;
        pub const fn as_secs_f32(&self) -> f32;
        pub fn from_secs_f64(secs: f64) -> Duration;
        pub fn from_secs_f32(secs: f32) -> Duration;
        pub fn try_from_secs_f64(secs: f64) -> Result<Duration, TryFromFloatSecsError>;
        pub fn try_from_secs_f32(secs: f32) -> Result<Duration, TryFromFloatSecsError>;
        pub fn mul_f64(self, rhs: f64) -> Duration;
        pub fn mul_f32(self, rhs: f32) -> Duration;
        pub fn div_f64(self, rhs: f64) -> Duration;
        pub fn div_f32(self, rhs: f32) -> Duration;
        pub const fn div_duration_f64(self, rhs: Duration) -> f64;
        pub const fn div_duration_f32(self, rhs: Duration) -> f32;
    }
    impl Default for Duration { fn default() -> Duration; }
    impl crate::ops::Add<Duration> for Duration { type Output = Duration; }
    impl crate::ops::AddAssign<Duration> for Duration {}
    impl crate::ops::Sub<Duration> for Duration { type Output = Duration; }
    impl crate::ops::SubAssign<Duration> for Duration {}
    impl crate::ops::Mul<u32> for Duration { type Output = Duration; }
    impl crate::ops::Mul<Duration> for u32 { type Output = Duration; }
    impl crate::ops::MulAssign<u32> for Duration {}
    impl crate::ops::Div<u32> for Duration { type Output = Duration; }
    impl crate::ops::DivAssign<u32> for Duration {}
    pub struct TryFromFloatSecsError;
    impl crate::error::Error for TryFromFloatSecsError {}
    pub struct Instant;
    impl Instant {
        pub fn now() -> Instant;
        pub fn duration_since(&self, earlier: Instant) -> Duration;
        pub fn checked_duration_since(&self, earlier: Instant) -> Option<Duration>;
        pub fn saturating_duration_since(&self, earlier: Instant) -> Duration;
        pub fn elapsed(&self) -> Duration;
        pub fn checked_add(&self, duration: Duration) -> Option<Instant>;
        pub fn checked_sub(&self, duration: Duration) -> Option<Instant>;
    }
    impl crate::ops::Add<Duration> for Instant { type Output = Instant; }
    impl crate::ops::AddAssign<Duration> for Instant {}
    impl crate::ops::Sub<Duration> for Instant { type Output = Instant; }
    impl crate::ops::SubAssign<Duration> for Instant {}
    impl crate::ops::Sub<Instant> for Instant { type Output = Duration; }
    pub struct SystemTime;
    impl SystemTime {
        pub const UNIX_EPOCH: SystemTime;
        pub fn now() -> SystemTime;
        pub fn duration_since(&self, earlier: SystemTime) -> Result<Duration, SystemTimeError>;
        pub fn elapsed(&self) -> Result<Duration, SystemTimeError>;
        pub fn checked_add(&self, duration: Duration) -> Option<SystemTime>;
        pub fn checked_sub(&self, duration: Duration) -> Option<SystemTime>;
    }
    impl crate::ops::Add<Duration> for SystemTime { type Output = SystemTime; }
    impl crate::ops::AddAssign<Duration> for SystemTime {}
    impl crate::ops::Sub<Duration> for SystemTime { type Output = SystemTime; }
    impl crate::ops::SubAssign<Duration> for SystemTime {}
    pub const UNIX_EPOCH: SystemTime;
    pub struct SystemTimeError;
    impl SystemTimeError { pub fn duration(&self) -> Duration; }
    impl crate::error::Error for SystemTimeError {}
}
