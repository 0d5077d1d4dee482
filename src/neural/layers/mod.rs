//! Blocks and CPU kernels that several networks share. Kernels are chosen at run time.

pub mod program;
