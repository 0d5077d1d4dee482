//! Blocks and CPU kernels that several networks share. Kernels are chosen at run time.

pub mod conv;
mod conv_kernel;
pub mod lstm;
pub mod program;
pub mod rows;
pub mod signal;
