//! Who calls. The port is open to all users of the computer, and the window belongs to one of them: only programs of that
//! user are served.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpStream};

/// The tables of the connections of this computer (proc_net_tcp).
const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// An error, unless the other end of the connection is a program of the user who runs this one.
pub(super) fn must_be_own(stream: &TcpStream) -> io::Result<()> {
    let (caller, here) = (stream.peer_addr()?, stream.local_addr()?);
    for table in TABLES {
        let lines = BufReader::new(File::open(table)?).lines();
        if owner(lines.map_while(Result::ok), caller, here) == Some(rustix::process::getuid().as_raw()) {
            return Ok(());
        }
    }
    Err(ErrorKind::PermissionDenied.into())
}

/// Whose socket has the one address and is connected with the other.
fn owner(mut lines: impl Iterator<Item = String>, caller: SocketAddr, here: SocketAddr) -> Option<u32> {
    // A program may call an address of IPv4 by IPv6.
    let ends = [[caller, here].map(written), [caller, here].map(|end| written(mapped(end)))];
    lines.find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_it = ends.iter().any(|[caller, here]| words.get(1..3) == Some(&[caller, here]));
        if is_it { words.get(7)?.parse().ok() } else { None }
    })
}

fn mapped(end: SocketAddr) -> SocketAddr {
    match end.ip() {
        IpAddr::V4(ip) => SocketAddr::new(ip.to_ipv6_mapped().into(), end.port()),
        IpAddr::V6(_) => end,
    }
}

/// As the tables have it: numbers of 32 bits in the order of this computer, and the port.
fn written(end: SocketAddr) -> String {
    let bytes = match end.ip() {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let (words, _) = bytes.as_chunks();
    let words: String = words.iter().map(|word| format!("{:08X}", u32::from_ne_bytes(*word))).collect();
    format!("{words}:{:04X}", end.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

    #[test]
    fn this_program_is_one_of_its_user() {
        for host in [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()] {
            let listener = TcpListener::bind((host, 0)).unwrap();
            let caller = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (stream, _) = listener.accept().unwrap();
            must_be_own(&stream).unwrap();
            drop(caller);
        }
    }

    #[test]
    fn connections_of_others_are_told_apart() {
        let line = |caller: &str, here: &str, user: u32| {
            format!("  1: {caller} {here} 01 00000000:00000000 00:00000000 00000000  {user}  0 77 1")
        };
        let (mapped, plain) = ("0000000000000000FFFF00000100007F", "0100007F");
        let ends = |ip: &str| [format!("{ip}:C001"), format!("{ip}:D2C0")];
        let table = |ip: &str| {
            let [caller, here] = ends(ip);
            [line(&here, &caller, 1000), line(&here, "00000000:0000", 1000), line(&caller, &here, 1001)]
        };
        let [caller, here] = [0xC001, 53952].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        for ip in [plain, mapped] {
            assert_eq!(owner(table(ip).into_iter(), caller, here), Some(1001));
        }
        let other = SocketAddr::from(([127, 0, 0, 1], 0xC002));
        assert_eq!(owner(table(plain).into_iter(), other, here), None);
    }
}
