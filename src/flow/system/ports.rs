//! Who listens on this computer.

use super::System;
use std::path::Path;

/// The state of a socket that listens (Linux, include/net/tcp_states.h).
const LISTENS: &str = "0A";

impl System {
    /// The program that listens on a port; its name is unknown if it is another user's. `None` if nobody does.
    pub(crate) fn listener(&self, port: u16) -> Option<Option<String>> {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| self.text(Path::new(table)));
        let socket = tables.iter().flat_map(|table| table.lines()).find_map(|line| socket(line, port))?;
        let mut processes = self.root.entries("/proc").into_iter();
        let owner = processes.find(|process| {
            let mut files = self.root.entries(process.join("fd")).into_iter();
            files.any(|file| self.root.link(&file).is_some_and(|link| link == Path::new(&socket)))
        });
        Some(owner.map(|process| self.text(&process.join("comm")).trim().to_owned()))
    }
}

/// What a link to the socket in this line says, if it listens on the port (proc_net_tcp).
fn socket(line: &str, port: u16) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (address, state, node) = (words.get(1)?, words.get(3)?, words.get(9)?);
    let (_, number) = address.rsplit_once(':')?;
    let is_it = *state == LISTENS && u16::from_str_radix(number, 16) == Ok(port);
    is_it.then(|| format!("socket:[{node}]"))
}

#[cfg(test)]
mod tests {
    use super::super::furnished::Furnished;
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn who_listens() {
        let heading = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
        let line = |port: &str, state: &str, node: u32| {
            format!(
                "   0: 0100007F:{port} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000  1000        0 {node} 1\n"
            )
        };
        let table =
            [heading, &line("D2C1", "0A", 1), &line("D2C0", "01", 2), &line("D2C0", "0A", 77)].concat();
        let place =
            Furnished::new(&[("proc/net/tcp", &table), ("proc/7/comm", "biss\n"), ("proc/7/fd/0", "")]);
        let system = System::new(place.path(), []);
        assert_eq!(system.listener(53952), Some(None));
        symlink("socket:[77]", place.path().join("proc/7/fd/3")).unwrap();
        assert_eq!(system.listener(53952), Some(Some("biss".to_owned())));
        assert_eq!(system.listener(53951), None);
    }
}
