//! Settings, floor 1: `thuyetminh.toml`, overridden by `THUYETMINH_*`. Only `app` reads them.
