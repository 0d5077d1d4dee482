//! Marian translation networks in candle, the Bergamot students first.
