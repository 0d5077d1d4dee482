//! Blocks and CPU kernels that several networks share. Kernels are chosen at run time.

pub mod conv;
mod conv_kernel;
pub mod dynamic;
pub mod float;
pub mod int8;
mod int8_avx2;
mod int8_panels;
mod int8_portable;
#[cfg(test)]
mod int8_tests;
mod int8_vnni;
pub mod lanes;
pub mod lstm;
pub mod pieces;
pub mod program;
pub mod resample;
pub mod rows;
pub mod signal;
pub mod wrap;
