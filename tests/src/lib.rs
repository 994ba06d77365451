//! What the tests of this repository share: the test bed, the whole job done in it and what must be true afterwards, and the
//! comparison with golden bundles; and ways to the bed that are long, or can be disturbed.
//!
//! The bed is real where it matters: Kubernetes' own API server, controller manager, scheduler and etcd, and Istio's own
//! istiod, as processes of this machine. Pods, nodes and load balancers are simulated by KWOK.

pub mod bed;
pub mod dump;
pub mod far;
pub mod fuzz;
pub mod golden;
pub mod ground;
pub mod job;
pub mod journey;
pub mod judge;
pub mod operator;
pub mod process;
pub mod proxy;
pub mod replay;
