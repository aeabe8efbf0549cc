//! `twincity healthcheck`: for the container, which has no curl.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use super::{CliError, line};
use crate::config::listener;

/// Longer than a server that can work takes to say so.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    /// Address and port the server listens on
    #[arg(long, env = "TWINCITY_BIND", default_value = "127.0.0.1:8080", value_parser = listener)]
    bind: SocketAddr,
}

impl Healthcheck {
    pub(super) fn run(self) -> Result<(), CliError> {
        let address = reachable(self.bind);
        let answer = ask(address)
            .map_err(|error| CliError::failed(format!("{address} does not answer: {error}")))?;
        match answer.split(' ').nth(1) {
            Some("200") => line("ready"),
            Some(status) => Err(CliError::failed(format!(
                "{address} is not ready: status {status}"
            ))),
            None => Err(CliError::failed(format!("{address} does not speak HTTP"))),
        }
    }
}

/// Where a server that listens on every address is reached from this machine.
fn reachable(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}

/// The first line of the answer.
fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request =
        format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn every_address_means_this_machine() {
        for (bind, expected) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:80", "[::1]:80"),
            ("10.0.0.7:80", "10.0.0.7:80"),
        ] {
            assert_eq!(reachable(bind.parse().unwrap()).to_string(), expected);
        }
    }
}
