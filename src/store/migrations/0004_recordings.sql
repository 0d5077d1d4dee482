-- What people recorded, what was heard in it, and where a person's voice narrates.
-- Times within a recording are milliseconds from its beginning.

CREATE TABLE recordings (
    id         INTEGER NOT NULL PRIMARY KEY,
    original   TEXT    NOT NULL UNIQUE,
    media_type TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    bytes      INTEGER NOT NULL CHECK (bytes > 0),
    duration   INTEGER NOT NULL CHECK (duration > 0),
    language   TEXT    NOT NULL,
    speaker    TEXT    NOT NULL,
    note       TEXT,
    stop       INTEGER REFERENCES stops (id),
    state      TEXT    NOT NULL CHECK (state IN ('kept', 'transcribed', 'corrected')),
    heard_by   TEXT,
    made_at    INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    CHECK ((state = 'kept') = (heard_by IS NULL))
) STRICT;

CREATE TABLE recording_sentences (
    recording    INTEGER NOT NULL REFERENCES recordings (id),
    ordinal      INTEGER NOT NULL CHECK (ordinal >= 0),
    paragraph    INTEGER NOT NULL CHECK (paragraph >= 0),
    starts       INTEGER NOT NULL CHECK (starts >= 0),
    ends         INTEGER NOT NULL CHECK (ends > starts),
    heard        TEXT    NOT NULL,
    corrected    TEXT,
    corrected_by TEXT,
    PRIMARY KEY (recording, ordinal),
    CHECK ((corrected IS NULL) = (corrected_by IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE recording_passages (
    recording INTEGER NOT NULL REFERENCES recordings (id),
    ordinal   INTEGER NOT NULL CHECK (ordinal >= 0),
    starts    INTEGER NOT NULL CHECK (starts >= 0),
    ends      INTEGER NOT NULL CHECK (ends > starts),
    speaker   TEXT,
    title     TEXT,
    PRIMARY KEY (recording, ordinal)
) STRICT, WITHOUT ROWID;

-- While a row stands here, a person's voice narrates the stop in the language, and no synthetic one does.
CREATE TABLE narrations (
    stop      INTEGER NOT NULL REFERENCES stops (id),
    language  TEXT    NOT NULL,
    recording INTEGER NOT NULL REFERENCES recordings (id),
    chosen_by TEXT    NOT NULL,
    chosen_at INTEGER NOT NULL,
    PRIMARY KEY (stop, language)
) STRICT, WITHOUT ROWID;
