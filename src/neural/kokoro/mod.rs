//! Kokoro-82M in candle: text in phonemes to 24 kHz speech.
