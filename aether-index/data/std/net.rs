//! Signature stubs: std::net.
pub mod net {
    pub enum Shutdown { Read, Write, Both }
    pub struct AddrParseError;
    impl crate::error::Error for AddrParseError {}
    pub trait ToSocketAddrs {
        type Iter: Iterator<Item = SocketAddr>;
        fn to_socket_addrs(&self) -> crate::io::Result<Self::Iter>;
    }
    impl ToSocketAddrs for SocketAddr { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for SocketAddrV4 { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for SocketAddrV6 { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for (IpAddr, u16) { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for (Ipv4Addr, u16) { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for (Ipv6Addr, u16) { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for (&str, u16) { type Iter = crate::vec::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for (String, u16) { type Iter = crate::vec::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for str { type Iter = crate::vec::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for String { type Iter = crate::vec::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for &[SocketAddr] { type Iter = crate::iter::Cloned<crate::slice::Iter<SocketAddr>>; }
    impl<T: ToSocketAddrs> ToSocketAddrs for &T { type Iter = T::Iter; }
    pub enum IpAddr { V4(Ipv4Addr), V6(Ipv6Addr) }
    impl IpAddr {
        pub const fn is_unspecified(&self) -> bool;
        pub const fn is_loopback(&self) -> bool;
        pub const fn is_multicast(&self) -> bool;
        pub const fn is_ipv4(&self) -> bool;
        pub const fn is_ipv6(&self) -> bool;
        pub const fn to_canonical(&self) -> IpAddr;
    }
    impl From<Ipv4Addr> for IpAddr { fn from(ipv4: Ipv4Addr) -> IpAddr; }
    impl From<Ipv6Addr> for IpAddr { fn from(ipv6: Ipv6Addr) -> IpAddr; }
    impl From<[u8; 4]> for IpAddr { fn from(octets: [u8; 4]) -> IpAddr; }
    impl From<[u8; 16]> for IpAddr { fn from(octets: [u8; 16]) -> IpAddr; }
    impl From<[u16; 8]> for IpAddr { fn from(segments: [u16; 8]) -> IpAddr; }
    impl crate::fmt::Display for IpAddr {}
    pub struct Ipv4Addr;
    impl Ipv4Addr {
        pub const BITS: u32;
        pub const LOCALHOST: Ipv4Addr;
        pub const UNSPECIFIED: Ipv4Addr;
        pub const BROADCAST: Ipv4Addr;
        pub const fn new(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr;
        pub const fn to_bits(self) -> u32;
        pub const fn from_bits(bits: u32) -> Ipv4Addr;
        pub const fn from_octets(octets: [u8; 4]) -> Ipv4Addr;
        pub const fn octets(&self) -> [u8; 4];
        pub const fn is_unspecified(&self) -> bool;
        pub const fn is_loopback(&self) -> bool;
        pub const fn is_private(&self) -> bool;
        pub const fn is_link_local(&self) -> bool;
        pub const fn is_multicast(&self) -> bool;
        pub const fn is_broadcast(&self) -> bool;
        pub const fn is_documentation(&self) -> bool;
        pub const fn to_ipv6_compatible(&self) -> Ipv6Addr;
        pub const fn to_ipv6_mapped(&self) -> Ipv6Addr;
    }
    impl From<u32> for Ipv4Addr { fn from(ip: u32) -> Ipv4Addr; }
    impl From<[u8; 4]> for Ipv4Addr { fn from(octets: [u8; 4]) -> Ipv4Addr; }
    impl From<Ipv4Addr> for u32 { fn from(ip: Ipv4Addr) -> u32; }
    impl crate::fmt::Display for Ipv4Addr {}
    pub struct Ipv6Addr;
    impl Ipv6Addr {
        pub const BITS: u32;
        pub const LOCALHOST: Ipv6Addr;
        pub const UNSPECIFIED: Ipv6Addr;
        pub const fn new(a: u16, b: u16, c: u16, d: u16, e: u16, f: u16, g: u16, h: u16) -> Ipv6Addr;
        pub const fn to_bits(self) -> u128;
        pub const fn from_bits(bits: u128) -> Ipv6Addr;
        pub const fn from_segments(segments: [u16; 8]) -> Ipv6Addr;
        pub const fn from_octets(octets: [u8; 16]) -> Ipv6Addr;
        pub const fn segments(&self) -> [u16; 8];
        pub const fn octets(&self) -> [u8; 16];
        pub const fn is_unspecified(&self) -> bool;
        pub const fn is_loopback(&self) -> bool;
        pub const fn is_unique_local(&self) -> bool;
        pub const fn is_unicast_link_local(&self) -> bool;
        pub const fn is_multicast(&self) -> bool;
        pub const fn to_ipv4_mapped(&self) -> Option<Ipv4Addr>;
        pub const fn to_ipv4(&self) -> Option<Ipv4Addr>;
        pub const fn to_canonical(&self) -> IpAddr;
    }
    impl From<u128> for Ipv6Addr { fn from(ip: u128) -> Ipv6Addr; }
    impl From<[u8; 16]> for Ipv6Addr { fn from(octets: [u8; 16]) -> Ipv6Addr; }
    impl From<[u16; 8]> for Ipv6Addr { fn from(segments: [u16; 8]) -> Ipv6Addr; }
    impl crate::fmt::Display for Ipv6Addr {}
    pub enum SocketAddr { V4(SocketAddrV4), V6(SocketAddrV6) }
    impl SocketAddr {
        pub const fn new(ip: IpAddr, port: u16) -> SocketAddr;
        pub const fn ip(&self) -> IpAddr;
        pub fn set_ip(&mut self, new_ip: IpAddr);
        pub const fn port(&self) -> u16;
        pub fn set_port(&mut self, new_port: u16);
        pub const fn is_ipv4(&self) -> bool;
        pub const fn is_ipv6(&self) -> bool;
    }
    impl From<SocketAddrV4> for SocketAddr { fn from(sock4: SocketAddrV4) -> SocketAddr; }
    impl From<SocketAddrV6> for SocketAddr { fn from(sock6: SocketAddrV6) -> SocketAddr; }
    impl<I: Into<IpAddr>> From<(I, u16)> for SocketAddr { fn from(pieces: (I, u16)) -> SocketAddr; }
    impl crate::fmt::Display for SocketAddr {}
    pub struct SocketAddrV4;
    impl SocketAddrV4 {
        pub const fn new(ip: Ipv4Addr, port: u16) -> SocketAddrV4;
        pub const fn ip(&self) -> &Ipv4Addr;
        pub fn set_ip(&mut self, new_ip: Ipv4Addr);
        pub const fn port(&self) -> u16;
        pub fn set_port(&mut self, new_port: u16);
    }
    impl crate::fmt::Display for SocketAddrV4 {}
    pub struct SocketAddrV6;
    impl SocketAddrV6 {
        pub const fn new(ip: Ipv6Addr, port: u16, flowinfo: u32, scope_id: u32) -> SocketAddrV6;
        pub const fn ip(&self) -> &Ipv6Addr;
        pub fn set_ip(&mut self, new_ip: Ipv6Addr);
        pub const fn port(&self) -> u16;
        pub fn set_port(&mut self, new_port: u16);
        pub const fn flowinfo(&self) -> u32;
        pub const fn scope_id(&self) -> u32;
        pub fn set_flowinfo(&mut self, new_flowinfo: u32);
        pub fn set_scope_id(&mut self, new_scope_id: u32);
    }
    impl crate::fmt::Display for SocketAddrV6 {}
    pub struct TcpStream;
    impl TcpStream {
        pub fn connect<A: ToSocketAddrs>(addr: A) -> crate::io::Result<TcpStream>;
        pub fn connect_timeout(addr: &SocketAddr, timeout: crate::time::Duration) -> crate::io::Result<TcpStream>;
        pub fn peer_addr(&self) -> crate::io::Result<SocketAddr>;
        pub fn local_addr(&self) -> crate::io::Result<SocketAddr>;
        pub fn shutdown(&self, how: Shutdown) -> crate::io::Result<()>;
        pub fn try_clone(&self) -> crate::io::Result<TcpStream>;
        pub fn set_read_timeout(&self, dur: Option<crate::time::Duration>) -> crate::io::Result<()>;
        pub fn set_write_timeout(&self, dur: Option<crate::time::Duration>) -> crate::io::Result<()>;
        pub fn read_timeout(&self) -> crate::io::Result<Option<crate::time::Duration>>;
        pub fn write_timeout(&self) -> crate::io::Result<Option<crate::time::Duration>>;
        pub fn peek(&self, buf: &mut [u8]) -> crate::io::Result<usize>;
        pub fn set_nodelay(&self, nodelay: bool) -> crate::io::Result<()>;
        pub fn nodelay(&self) -> crate::io::Result<bool>;
        pub fn set_ttl(&self, ttl: u32) -> crate::io::Result<()>;
        pub fn ttl(&self) -> crate::io::Result<u32>;
        pub fn take_error(&self) -> crate::io::Result<Option<crate::io::Error>>;
        pub fn set_nonblocking(&self, nonblocking: bool) -> crate::io::Result<()>;
    }
    impl crate::io::Read for TcpStream {}
    impl crate::io::Read for &TcpStream {}
    impl crate::io::Write for TcpStream {}
    impl crate::io::Write for &TcpStream {}
    pub struct TcpListener;
    impl TcpListener {
        pub fn bind<A: ToSocketAddrs>(addr: A) -> crate::io::Result<TcpListener>;
        pub fn local_addr(&self) -> crate::io::Result<SocketAddr>;
        pub fn try_clone(&self) -> crate::io::Result<TcpListener>;
        pub fn accept(&self) -> crate::io::Result<(TcpStream, SocketAddr)>;
        pub fn incoming(&self) -> Incoming;
        pub fn set_ttl(&self, ttl: u32) -> crate::io::Result<()>;
        pub fn ttl(&self) -> crate::io::Result<u32>;
        pub fn take_error(&self) -> crate::io::Result<Option<crate::io::Error>>;
        pub fn set_nonblocking(&self, nonblocking: bool) -> crate::io::Result<()>;
    }
    pub struct Incoming;
    impl Iterator for Incoming { type Item = crate::io::Result<TcpStream>; }
    pub struct UdpSocket;
    impl UdpSocket {
        pub fn bind<A: ToSocketAddrs>(addr: A) -> crate::io::Result<UdpSocket>;
        pub fn recv_from(&self, buf: &mut [u8]) -> crate::io::Result<(usize, SocketAddr)>;
        pub fn peek_from(&self, buf: &mut [u8]) -> crate::io::Result<(usize, SocketAddr)>;
        pub fn send_to<A: ToSocketAddrs>(&self, buf: &[u8], addr: A) -> crate::io::Result<usize>;
        pub fn peer_addr(&self) -> crate::io::Result<SocketAddr>;
        pub fn local_addr(&self) -> crate::io::Result<SocketAddr>;
        pub fn try_clone(&self) -> crate::io::Result<UdpSocket>;
        pub fn set_read_timeout(&self, dur: Option<crate::time::Duration>) -> crate::io::Result<()>;
        pub fn set_write_timeout(&self, dur: Option<crate::time::Duration>) -> crate::io::Result<()>;
        pub fn read_timeout(&self) -> crate::io::Result<Option<crate::time::Duration>>;
        pub fn write_timeout(&self) -> crate::io::Result<Option<crate::time::Duration>>;
        pub fn set_broadcast(&self, broadcast: bool) -> crate::io::Result<()>;
        pub fn broadcast(&self) -> crate::io::Result<bool>;
        pub fn set_ttl(&self, ttl: u32) -> crate::io::Result<()>;
        pub fn ttl(&self) -> crate::io::Result<u32>;
        pub fn set_multicast_loop_v4(&self, multicast_loop_v4: bool) -> crate::io::Result<()>;
        pub fn set_multicast_ttl_v4(&self, multicast_ttl_v4: u32) -> crate::io::Result<()>;
        pub fn multicast_loop_v4(&self) -> crate::io::Result<bool>;
        pub fn multicast_ttl_v4(&self) -> crate::io::Result<u32>;
        pub fn set_multicast_loop_v6(&self, multicast_loop_v6: bool) -> crate::io::Result<()>;
        pub fn multicast_loop_v6(&self) -> crate::io::Result<bool>;
        pub fn join_multicast_v4(&self, multiaddr: &Ipv4Addr, interface: &Ipv4Addr) -> crate::io::Result<()>;
        pub fn join_multicast_v6(&self, multiaddr: &Ipv6Addr, interface: u32) -> crate::io::Result<()>;
        pub fn leave_multicast_v4(&self, multiaddr: &Ipv4Addr, interface: &Ipv4Addr) -> crate::io::Result<()>;
        pub fn leave_multicast_v6(&self, multiaddr: &Ipv6Addr, interface: u32) -> crate::io::Result<()>;
        pub fn take_error(&self) -> crate::io::Result<Option<crate::io::Error>>;
        pub fn connect<A: ToSocketAddrs>(&self, addr: A) -> crate::io::Result<()>;
        pub fn send(&self, buf: &[u8]) -> crate::io::Result<usize>;
        pub fn recv(&self, buf: &mut [u8]) -> crate::io::Result<usize>;
        pub fn peek(&self, buf: &mut [u8]) -> crate::io::Result<usize>;
        pub fn set_nonblocking(&self, nonblocking: bool) -> crate::io::Result<()>;
    }
}
