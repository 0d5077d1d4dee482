-- Screens in buses and halls: what they show, what goes before it, and what they say they showed.

-- `plan` is JSON as the domain writes it. A retired screen is kept, for its plays, and shows nothing new.
CREATE TABLE screens (
    code       TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    plan       TEXT    NOT NULL,
    added_at   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;

-- Without a screen a notice is for all of them.
CREATE TABLE screen_notices (
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    screen   TEXT    REFERENCES screens (code),
    text     TEXT    NOT NULL,
    until    INTEGER NOT NULL,
    given_by TEXT    NOT NULL,
    given_at INTEGER NOT NULL
) STRICT;

-- `stop` is a name and no reference: what was shown stays true when a stop goes.
CREATE TABLE screen_plays (
    screen       TEXT    NOT NULL REFERENCES screens (code),
    id           TEXT    NOT NULL,
    stop         TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    began_at     INTEGER NOT NULL,
    times        INTEGER NOT NULL CHECK (times > 0),
    shown_millis INTEGER NOT NULL CHECK (shown_millis >= 0),
    received_at  INTEGER NOT NULL,
    PRIMARY KEY (screen, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX screen_plays_by_arrival ON screen_plays (screen, received_at);
