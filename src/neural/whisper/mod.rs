//! Speech recognition by whisper.cpp through whisper-rs.
