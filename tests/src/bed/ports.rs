//! Ports for a cluster: a run of them that no other bed of this machine has.
//!
//! KWOK's own choice counts down from the same number in every process, so clusters that start side by side take the same.

use std::fs::{self, File};
use std::net::TcpListener;

use super::{BedError, folder};

/// Ports of a cluster's own programs: etcd (two), API server, KWOK, controller manager, scheduler.
pub(super) const CLUSTER: u16 = 6;
/// Ports of an istiod: HTTP, monitoring, gRPC, secure gRPC, HTTPS, `ControlZ`.
pub(super) const ISTIOD: u16 = 6;
/// Istiods a cluster has room for.
pub(super) const ISTIODS: u16 = 4;

const SIZE: u16 = CLUSTER + ISTIOD * ISTIODS;
/// Below the ports that the kernel hands out by itself (32768 and up).
const FIRST: u16 = 20_000;
const SLOTS: u16 = 400;

/// A run of ports, ours until it is dropped.
#[derive(Debug)]
pub(super) struct Ports {
    first: u16,
    _lock: File,
}

impl Ports {
    /// Takes a run of ports that are all free.
    pub(super) fn take() -> Result<Self, BedError> {
        let folder = folder::root()?.join("ports");
        fs::create_dir_all(&folder)?;
        for slot in 0..SLOTS {
            let first = FIRST + slot * SIZE;
            let lock = File::create(folder.join(first.to_string()))?;
            if lock.try_lock().is_ok() && (first..first + SIZE).all(is_free) {
                return Ok(Self { first, _lock: lock });
            }
        }
        Err(format!("no {SIZE} free ports in a row between {FIRST} and {}", FIRST + SLOTS * SIZE).into())
    }

    /// The port with that number in the run.
    pub(super) fn at(&self, number: u16) -> u16 {
        self.first + number
    }

    /// The first port of the istiod with that number.
    pub(super) fn istiod(&self, number: u16) -> u16 {
        self.first + CLUSTER + number * ISTIOD
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}
