//! The espeak-ng program as a child process: phonemes, and the voice of last resort. Never linked.
