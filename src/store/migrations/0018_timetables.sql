-- Timetables of buses, as staff put them in.

-- `timetable` is JSON as the domain writes it, read and checked once. `positions` is where vehicles tell where they are
-- (GTFS Realtime), where there is such a place.
CREATE TABLE timetables (
    name      TEXT    NOT NULL PRIMARY KEY,
    timetable TEXT    NOT NULL,
    routes    INTEGER NOT NULL,
    stops     INTEGER NOT NULL,
    trips     INTEGER NOT NULL,
    -- The last day on which anything runs, `2026-11-30`.
    ends      TEXT    NOT NULL,
    positions TEXT,
    kept_by   TEXT    NOT NULL,
    kept_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
