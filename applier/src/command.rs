//! The commands, one file each: settings in, events and results out.

pub(crate) mod apply;
pub(crate) mod certs;
pub(crate) mod check;
pub(crate) mod cleanup;
pub(crate) mod completion;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod inspect;
pub(crate) mod man;
pub(crate) mod rbac;
pub(crate) mod revoke;
pub(crate) mod rotate;
pub(crate) mod serve;
pub(crate) mod status;
pub(crate) mod validate;
pub(crate) mod verify;
