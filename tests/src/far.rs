//! Clusters that are far away: a plain way to each, which delays every byte and looks into none, so that all programs speak as they
//! would, over TLS and HTTP/2 to its end.

use std::error::Error;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::bed::Bed;

/// Ways to all clusters of a bed.
pub struct Far {
    kubeconfig: PathBuf,
    /// Half a round trip, in milliseconds.
    half: Arc<AtomicU64>,
    _runtime: Runtime,
}

impl Far {
    /// Starts a way to each cluster; none is far yet.
    ///
    /// # Errors
    ///
    /// Where no port can be had, or the kubeconfig not written.
    pub fn of(bed: &Bed) -> Result<Self, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let half = Arc::new(AtomicU64::new(0));
        let mut config: Value = serde_json::from_slice(&fs::read(bed.kubeconfig())?)?;
        for cluster in config["clusters"].as_array_mut().into_iter().flatten() {
            let server = cluster["cluster"]["server"].as_str().unwrap_or_default();
            let server: SocketAddr = server.trim_start_matches("https://").parse()?;
            let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
            let address = listener.local_addr()?;
            cluster["cluster"]["server"] = Value::from(format!("https://{address}"));
            runtime.spawn(listen(listener, server, Arc::clone(&half)));
        }
        let kubeconfig = bed.folder().join("far.kubeconfig");
        fs::write(&kubeconfig, config.to_string())?;
        Ok(Self { kubeconfig, half, _runtime: runtime })
    }

    /// A kubeconfig that leads there.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// Moves the clusters to that many milliseconds away, there and back.
    pub fn round_trip(&self, milliseconds: u64) {
        self.half.store(milliseconds / 2, Ordering::Relaxed);
    }
}

async fn listen(listener: TcpListener, server: SocketAddr, half: Arc<AtomicU64>) {
    while let Ok((near, _)) = listener.accept().await {
        let half = Duration::from_millis(half.load(Ordering::Relaxed));
        tokio::spawn(async move {
            // The connection itself: asked for, and told of.
            tokio::time::sleep(half * 2).await;
            let Ok(far) = TcpStream::connect(server).await else { return };
            // What is small must not wait for more.
            if near.set_nodelay(true).is_err() || far.set_nodelay(true).is_err() {
                return;
            }
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::join!(carry(near_in, far_out, half), carry(far_in, near_out, half));
        });
    }
}

/// Carries bytes one way, each as late as the others.
async fn carry(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin, late: Duration) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async move {
        let mut piece = vec![0; 64 << 10];
        while let Ok(length @ 1..) = from.read(&mut piece).await {
            if sender.send((Instant::now() + late, piece[..length].to_vec())).is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((due, piece)) = receiver.recv().await {
            tokio::time::sleep_until(due).await;
            if to.write_all(&piece).await.is_err() {
                return;
            }
        }
        // Whoever is gone needs no goodbye.
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}
