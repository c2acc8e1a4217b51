//! Signature stubs: std::os (fd, unix, linux).
pub mod os {
    pub mod raw {
        pub use crate::ffi::{c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint, c_ulong, c_ulonglong, c_ushort, c_void};
    }
    pub mod fd {
        pub type RawFd = i32;
        pub struct OwnedFd;
        impl OwnedFd { pub fn try_clone(&self) -> crate::io::Result<OwnedFd>; }
        pub struct BorrowedFd;
        impl BorrowedFd {
            pub const unsafe fn borrow_raw(fd: RawFd) -> BorrowedFd;
            pub fn try_clone_to_owned(&self) -> crate::io::Result<OwnedFd>;
        }
        pub trait AsRawFd { fn as_raw_fd(&self) -> RawFd; }
        pub trait FromRawFd { unsafe fn from_raw_fd(fd: RawFd) -> Self; }
        pub trait IntoRawFd { fn into_raw_fd(self) -> RawFd; }
        pub trait AsFd { fn as_fd(&self) -> BorrowedFd; }
        impl AsRawFd for i32 {}
        impl AsRawFd for crate::fs::File {}
        impl AsFd for crate::fs::File {}
        impl IntoRawFd for crate::fs::File {}
        impl FromRawFd for crate::fs::File {}
        impl From<OwnedFd> for crate::fs::File { fn from(fd: OwnedFd) -> crate::fs::File; }
        impl From<crate::fs::File> for OwnedFd { fn from(v: crate::fs::File) -> OwnedFd; }
        impl AsRawFd for crate::net::TcpStream {}
        impl AsFd for crate::net::TcpStream {}
        impl IntoRawFd for crate::net::TcpStream {}
        impl FromRawFd for crate::net::TcpStream {}
        impl From<OwnedFd> for crate::net::TcpStream { fn from(fd: OwnedFd) -> crate::net::TcpStream; }
        impl From<crate::net::TcpStream> for OwnedFd { fn from(v: crate::net::TcpStream) -> OwnedFd; }
        impl AsRawFd for crate::net::TcpListener {}
        impl AsFd for crate::net::TcpListener {}
        impl IntoRawFd for crate::net::TcpListener {}
        impl FromRawFd for crate::net::TcpListener {}
        impl From<OwnedFd> for crate::net::TcpListener { fn from(fd: OwnedFd) -> crate::net::TcpListener; }
        impl From<crate::net::TcpListener> for OwnedFd { fn from(v: crate::net::TcpListener) -> OwnedFd; }
        impl AsRawFd for crate::net::UdpSocket {}
        impl AsFd for crate::net::UdpSocket {}
        impl IntoRawFd for crate::net::UdpSocket {}
        impl FromRawFd for crate::net::UdpSocket {}
        impl From<OwnedFd> for crate::net::UdpSocket { fn from(fd: OwnedFd) -> crate::net::UdpSocket; }
        impl From<crate::net::UdpSocket> for OwnedFd { fn from(v: crate::net::UdpSocket) -> OwnedFd; }
        impl AsRawFd for crate::os::unix::net::UnixStream {}
        impl AsFd for crate::os::unix::net::UnixStream {}
        impl IntoRawFd for crate::os::unix::net::UnixStream {}
        impl FromRawFd for crate::os::unix::net::UnixStream {}
        impl From<OwnedFd> for crate::os::unix::net::UnixStream { fn from(fd: OwnedFd) -> crate::os::unix::net::UnixStream; }
        impl From<crate::os::unix::net::UnixStream> for OwnedFd { fn from(v: crate::os::unix::net::UnixStream) -> OwnedFd; }
        impl AsRawFd for crate::os::unix::net::UnixListener {}
        impl AsFd for crate::os::unix::net::UnixListener {}
        impl IntoRawFd for crate::os::unix::net::UnixListener {}
        impl FromRawFd for crate::os::unix::net::UnixListener {}
        impl From<OwnedFd> for crate::os::unix::net::UnixListener { fn from(fd: OwnedFd) -> crate::os::unix::net::UnixListener; }
        impl From<crate::os::unix::net::UnixListener> for OwnedFd { fn from(v: crate::os::unix::net::UnixListener) -> OwnedFd; }
        impl AsRawFd for crate::os::unix::net::UnixDatagram {}
        impl AsFd for crate::os::unix::net::UnixDatagram {}
        impl IntoRawFd for crate::os::unix::net::UnixDatagram {}
        impl FromRawFd for crate::os::unix::net::UnixDatagram {}
        impl From<OwnedFd> for crate::os::unix::net::UnixDatagram { fn from(fd: OwnedFd) -> crate::os::unix::net::UnixDatagram; }
        impl From<crate::os::unix::net::UnixDatagram> for OwnedFd { fn from(v: crate::os::unix::net::UnixDatagram) -> OwnedFd; }
        impl AsRawFd for crate::process::ChildStdin {}
        impl AsFd for crate::process::ChildStdin {}
        impl IntoRawFd for crate::process::ChildStdin {}
        impl FromRawFd for crate::process::ChildStdin {}
        impl From<OwnedFd> for crate::process::ChildStdin { fn from(fd: OwnedFd) -> crate::process::ChildStdin; }
        impl From<crate::process::ChildStdin> for OwnedFd { fn from(v: crate::process::ChildStdin) -> OwnedFd; }
        impl AsRawFd for crate::process::ChildStdout {}
        impl AsFd for crate::process::ChildStdout {}
        impl IntoRawFd for crate::process::ChildStdout {}
        impl FromRawFd for crate::process::ChildStdout {}
        impl From<OwnedFd> for crate::process::ChildStdout { fn from(fd: OwnedFd) -> crate::process::ChildStdout; }
        impl From<crate::process::ChildStdout> for OwnedFd { fn from(v: crate::process::ChildStdout) -> OwnedFd; }
        impl AsRawFd for crate::process::ChildStderr {}
        impl AsFd for crate::process::ChildStderr {}
        impl IntoRawFd for crate::process::ChildStderr {}
        impl FromRawFd for crate::process::ChildStderr {}
        impl From<OwnedFd> for crate::process::ChildStderr { fn from(fd: OwnedFd) -> crate::process::ChildStderr; }
        impl From<crate::process::ChildStderr> for OwnedFd { fn from(v: crate::process::ChildStderr) -> OwnedFd; }
        impl AsRawFd for crate::io::PipeReader {}
        impl AsFd for crate::io::PipeReader {}
        impl IntoRawFd for crate::io::PipeReader {}
        impl FromRawFd for crate::io::PipeReader {}
        impl From<OwnedFd> for crate::io::PipeReader { fn from(fd: OwnedFd) -> crate::io::PipeReader; }
        impl From<crate::io::PipeReader> for OwnedFd { fn from(v: crate::io::PipeReader) -> OwnedFd; }
        impl AsRawFd for crate::io::PipeWriter {}
        impl AsFd for crate::io::PipeWriter {}
        impl IntoRawFd for crate::io::PipeWriter {}
        impl FromRawFd for crate::io::PipeWriter {}
        impl From<OwnedFd> for crate::io::PipeWriter { fn from(fd: OwnedFd) -> crate::io::PipeWriter; }
        impl From<crate::io::PipeWriter> for OwnedFd { fn from(v: crate::io::PipeWriter) -> OwnedFd; }
        impl AsRawFd for OwnedFd {}
        impl AsFd for OwnedFd {}
        impl IntoRawFd for OwnedFd {}
        impl FromRawFd for OwnedFd {}
        impl AsRawFd for crate::io::Stdin {}
        impl AsFd for crate::io::Stdin {}
        impl AsRawFd for crate::io::Stdout {}
        impl AsFd for crate::io::Stdout {}
        impl AsRawFd for crate::io::Stderr {}
        impl AsFd for crate::io::Stderr {}
        impl AsRawFd for crate::io::StdinLock {}
        impl AsFd for crate::io::StdinLock {}
        impl AsRawFd for crate::io::StdoutLock {}
        impl AsFd for crate::io::StdoutLock {}
        impl AsRawFd for crate::io::StderrLock {}
        impl AsFd for crate::io::StderrLock {}
        impl AsRawFd for BorrowedFd {}
        impl AsFd for BorrowedFd {}
        impl<T: AsFd> AsFd for &T {}
        impl<T: AsFd> AsFd for &mut T {}
        impl<T: AsFd> AsFd for Box<T> {}
        impl<T: AsFd> AsFd for crate::rc::Rc<T> {}
        impl<T: AsFd> AsFd for crate::sync::Arc<T> {}
        impl<T: AsRawFd> AsRawFd for Box<T> {}
        impl<T: AsRawFd> AsRawFd for crate::rc::Rc<T> {}
        impl<T: AsRawFd> AsRawFd for crate::sync::Arc<T> {}
    }
    pub mod unix {
        pub mod prelude {
            pub use crate::os::unix::ffi::{OsStrExt, OsStringExt};
            pub use crate::os::unix::fs::{DirEntryExt, FileExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
            pub use crate::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
            pub use crate::os::unix::process::{CommandExt, ExitStatusExt};
            pub use crate::os::unix::thread::JoinHandleExt;
        }
        pub mod io { pub use crate::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd}; }
        pub mod ffi {
            pub trait OsStrExt { fn from_bytes(slice: &[u8]) -> &Self; fn as_bytes(&self) -> &[u8]; }
            impl OsStrExt for crate::ffi::OsStr {}
            pub trait OsStringExt { fn from_vec(vec: Vec<u8>) -> Self; fn into_vec(self) -> Vec<u8>; }
            impl OsStringExt for crate::ffi::OsString {}
        }
        pub mod fs {
            pub trait FileExt {
                fn read_at(&self, buf: &mut [u8], offset: u64) -> crate::io::Result<usize>;
                fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> crate::io::Result<()>;
                fn write_at(&self, buf: &[u8], offset: u64) -> crate::io::Result<usize>;
                fn write_all_at(&self, buf: &[u8], offset: u64) -> crate::io::Result<()>;
            }
            impl FileExt for crate::fs::File {}
            pub trait PermissionsExt { fn mode(&self) -> u32; fn set_mode(&mut self, mode: u32); fn from_mode(mode: u32) -> Self; }
            impl PermissionsExt for crate::fs::Permissions {}
            pub trait OpenOptionsExt { fn mode(&mut self, mode: u32) -> &mut Self; fn custom_flags(&mut self, flags: i32) -> &mut Self; }
            impl OpenOptionsExt for crate::fs::OpenOptions {}
            pub trait MetadataExt {
            fn dev(&self) -> u64;
            fn ino(&self) -> u64;
            fn mode(&self) -> u32;
            fn nlink(&self) -> u64;
            fn uid(&self) -> u32;
            fn gid(&self) -> u32;
            fn rdev(&self) -> u64;
            fn size(&self) -> u64;
            fn atime(&self) -> i64;
            fn atime_nsec(&self) -> i64;
            fn mtime(&self) -> i64;
            fn mtime_nsec(&self) -> i64;
            fn ctime(&self) -> i64;
            fn ctime_nsec(&self) -> i64;
            fn blksize(&self) -> u64;
            fn blocks(&self) -> u64;
            }
            impl MetadataExt for crate::fs::Metadata {}
            pub trait FileTypeExt {
                fn is_block_device(&self) -> bool;
                fn is_char_device(&self) -> bool;
                fn is_fifo(&self) -> bool;
                fn is_socket(&self) -> bool;
            }
            impl FileTypeExt for crate::fs::FileType {}
            pub trait DirEntryExt { fn ino(&self) -> u64; }
            impl DirEntryExt for crate::fs::DirEntry {}
            pub trait DirBuilderExt { fn mode(&mut self, mode: u32) -> &mut Self; }
            impl DirBuilderExt for crate::fs::DirBuilder {}
            pub fn symlink<P: AsRef<crate::path::Path>, Q: AsRef<crate::path::Path>>(original: P, link: Q) -> crate::io::Result<()>;
            pub fn chown<P: AsRef<crate::path::Path>>(dir: P, uid: Option<u32>, gid: Option<u32>) -> crate::io::Result<()>;
            pub fn lchown<P: AsRef<crate::path::Path>>(dir: P, uid: Option<u32>, gid: Option<u32>) -> crate::io::Result<()>;
            pub fn fchown<F: crate::os::fd::AsFd>(fd: F, uid: Option<u32>, gid: Option<u32>) -> crate::io::Result<()>;
            pub fn chroot<P: AsRef<crate::path::Path>>(dir: P) -> crate::io::Result<()>;
            pub fn mkfifo<P: AsRef<crate::path::Path>>(path: P, permissions: crate::fs::Permissions) -> crate::io::Result<()>;
        }
        pub mod process {
            pub trait CommandExt {
                fn uid(&mut self, id: u32) -> &mut crate::process::Command;
                fn gid(&mut self, id: u32) -> &mut crate::process::Command;
                unsafe fn pre_exec<F: FnMut() -> crate::io::Result<()>>(&mut self, f: F) -> &mut crate::process::Command;
                fn before_exec<F: FnMut() -> crate::io::Result<()>>(&mut self, f: F) -> &mut crate::process::Command;
                fn exec(&mut self) -> crate::io::Error;
                fn arg0<S: AsRef<crate::ffi::OsStr>>(&mut self, arg: S) -> &mut crate::process::Command;
                fn process_group(&mut self, pgroup: i32) -> &mut crate::process::Command;
            }
            impl CommandExt for crate::process::Command {}
            pub trait ExitStatusExt {
                fn from_raw(raw: i32) -> Self;
                fn signal(&self) -> Option<i32>;
                fn core_dumped(&self) -> bool;
                fn stopped_signal(&self) -> Option<i32>;
                fn continued(&self) -> bool;
                fn into_raw(self) -> i32;
            }
            impl ExitStatusExt for crate::process::ExitStatus {}
            pub fn parent_id() -> u32;
        }
        pub mod thread {
            pub type RawPthread = u64;
            pub trait JoinHandleExt { fn as_pthread_t(&self) -> RawPthread; fn into_pthread_t(self) -> RawPthread; }
            impl<T> JoinHandleExt for crate::thread::JoinHandle<T> {}
        }
        pub mod net {
            pub struct SocketAddr;
            impl SocketAddr {
                pub fn from_pathname<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<SocketAddr>;
                pub fn is_unnamed(&self) -> bool;
                pub fn as_pathname(&self) -> Option<&crate::path::Path>;
            }
            pub struct UnixStream;
            impl UnixStream {
                pub fn connect<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<UnixStream>;
                pub fn connect_addr(socket_addr: &SocketAddr) -> crate::io::Result<UnixStream>;
                pub fn pair() -> crate::io::Result<(UnixStream, UnixStream)>;
                pub fn try_clone(&self) -> crate::io::Result<UnixStream>;
                pub fn set_read_timeout(&self, timeout: Option<crate::time::Duration>) -> crate::io::Result<()>;
                pub fn set_write_timeout(&self, timeout: Option<crate::time::Duration>) -> crate::io::Result<()>;
                pub fn read_timeout(&self) -> crate::io::Result<Option<crate::time::Duration>>;
                pub fn write_timeout(&self) -> crate::io::Result<Option<crate::time::Duration>>;
                pub fn set_nonblocking(&self, nonblocking: bool) -> crate::io::Result<()>;
                pub fn take_error(&self) -> crate::io::Result<Option<crate::io::Error>>;
                pub fn shutdown(&self, how: crate::net::Shutdown) -> crate::io::Result<()>;
                pub fn local_addr(&self) -> crate::io::Result<SocketAddr>;
                pub fn peer_addr(&self) -> crate::io::Result<SocketAddr>;
            }
            impl crate::io::Read for UnixStream {}
            impl crate::io::Read for &UnixStream {}
            impl crate::io::Write for UnixStream {}
            impl crate::io::Write for &UnixStream {}
            pub struct UnixListener;
            impl UnixListener {
                pub fn bind<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<UnixListener>;
                pub fn bind_addr(socket_addr: &SocketAddr) -> crate::io::Result<UnixListener>;
                pub fn accept(&self) -> crate::io::Result<(UnixStream, SocketAddr)>;
                pub fn try_clone(&self) -> crate::io::Result<UnixListener>;
                pub fn local_addr(&self) -> crate::io::Result<SocketAddr>;
                pub fn set_nonblocking(&self, nonblocking: bool) -> crate::io::Result<()>;
                pub fn take_error(&self) -> crate::io::Result<Option<crate::io::Error>>;
                pub fn incoming(&self) -> Incoming;
            }
            impl IntoIterator for &UnixListener { type Item = crate::io::Result<UnixStream>; type IntoIter = Incoming; }
            pub struct Incoming;
            impl Iterator for Incoming { type Item = crate::io::Result<UnixStream>; }
            pub struct UnixDatagram;
            impl UnixDatagram {
                pub fn bind<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<UnixDatagram>;
                pub fn bind_addr(socket_addr: &SocketAddr) -> crate::io::Result<UnixDatagram>;
                pub fn unbound() -> crate::io::Result<UnixDatagram>;
                pub fn pair() -> crate::io::Result<(UnixDatagram, UnixDatagram)>;
                pub fn connect<P: AsRef<crate::path::Path>>(&self, path: P) -> crate::io::Result<()>;
                pub fn connect_addr(&self, socket_addr: &SocketAddr) -> crate::io::Result<()>;
                pub fn try_clone(&self) -> crate::io::Result<UnixDatagram>;
                pub fn recv_from(&self, buf: &mut [u8]) -> crate::io::Result<(usize, SocketAddr)>;
                pub fn recv(&self, buf: &mut [u8]) -> crate::io::Result<usize>;
                pub fn send_to<P: AsRef<crate::path::Path>>(&self, buf: &[u8], path: P) -> crate::io::Result<usize>;
                pub fn send_to_addr(&self, buf: &[u8], socket_addr: &SocketAddr) -> crate::io::Result<usize>;
                pub fn send(&self, buf: &[u8]) -> crate::io::Result<usize>;
                pub fn set_read_timeout(&self, timeout: Option<crate::time::Duration>) -> crate::io::Result<()>;
                pub fn set_write_timeout(&self, timeout: Option<crate::time::Duration>) -> crate::io::Result<()>;
                pub fn read_timeout(&self) -> crate::io::Result<Option<crate::time::Duration>>;
                pub fn write_timeout(&self) -> crate::io::Result<Option<crate::time::Duration>>;
                pub fn set_nonblocking(&self, nonblocking: bool) -> crate::io::Result<()>;
                pub fn take_error(&self) -> crate::io::Result<Option<crate::io::Error>>;
                pub fn shutdown(&self, how: crate::net::Shutdown) -> crate::io::Result<()>;
                pub fn local_addr(&self) -> crate::io::Result<SocketAddr>;
                pub fn peer_addr(&self) -> crate::io::Result<SocketAddr>;
            }
        }
    }
    pub mod linux {
        pub mod fs {
            pub trait MetadataExt {
            fn st_dev(&self) -> u64;
            fn st_ino(&self) -> u64;
            fn st_mode(&self) -> u32;
            fn st_nlink(&self) -> u64;
            fn st_uid(&self) -> u32;
            fn st_gid(&self) -> u32;
            fn st_rdev(&self) -> u64;
            fn st_size(&self) -> u64;
            fn st_atime(&self) -> i64;
            fn st_atime_nsec(&self) -> i64;
            fn st_mtime(&self) -> i64;
            fn st_mtime_nsec(&self) -> i64;
            fn st_ctime(&self) -> i64;
            fn st_ctime_nsec(&self) -> i64;
            fn st_blksize(&self) -> u64;
            fn st_blocks(&self) -> u64;
            }
            impl MetadataExt for crate::fs::Metadata {}
        }
    }
}
