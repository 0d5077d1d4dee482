//! The database, floor 3: SQLite through sqlx, one file per family of tables.
