//! Blocks and CPU kernels that several networks share. Kernels are chosen at run time.

pub mod conv;
mod conv_kernel;
pub mod int8;
mod int8_avx2;
mod int8_portable;
#[cfg(test)]
mod int8_tests;
pub mod lstm;
pub mod program;
pub mod rows;
pub mod signal;
