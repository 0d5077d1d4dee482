-- What a museum looks after, what it says, and what was made of it.
-- Times are milliseconds since 1970-01-01T00:00:00Z. Hashes are SHA-256 in 64 lower-case hexadecimal digits.
-- Columns of JSON hold the serde form of the domain's types.

CREATE TABLE collections (
    slug            TEXT    NOT NULL PRIMARY KEY,
    names           TEXT    NOT NULL,
    source_language TEXT    NOT NULL,
    guide_languages TEXT    NOT NULL,
    policy          TEXT    NOT NULL,
    changed_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
    key        TEXT    NOT NULL PRIMARY KEY,
    value      TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- The hash of each item as the last import read it, so that an import never undoes what staff wrote after it.
CREATE TABLE imports (
    item        TEXT    NOT NULL PRIMARY KEY,
    hash        TEXT    NOT NULL,
    imported_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sites (
    id         INTEGER NOT NULL PRIMARY KEY,
    slug       TEXT    NOT NULL UNIQUE,
    names      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    period     TEXT,
    place      TEXT,
    themes     TEXT    NOT NULL,
    sources    TEXT    NOT NULL,
    summary    TEXT    NOT NULL,
    cover      TEXT,
    position   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE relics (
    id         INTEGER NOT NULL PRIMARY KEY,
    site       INTEGER NOT NULL REFERENCES sites (id),
    slug       TEXT    NOT NULL,
    names      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    period     TEXT,
    material   TEXT,
    changed_at INTEGER NOT NULL,
    UNIQUE (site, slug)
) STRICT;

CREATE TABLE stops (
    id         INTEGER NOT NULL PRIMARY KEY,
    site       INTEGER NOT NULL REFERENCES sites (id),
    relic      INTEGER REFERENCES relics (id),
    slug       TEXT    NOT NULL UNIQUE,
    code       TEXT    NOT NULL UNIQUE,
    names      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    period     TEXT,
    place      TEXT,
    themes     TEXT    NOT NULL,
    sources    TEXT    NOT NULL,
    cover      TEXT,
    position   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX stops_of_site ON stops (site, position);

CREATE TABLE texts (
    id         INTEGER NOT NULL PRIMARY KEY,
    stop       INTEGER NOT NULL REFERENCES stops (id),
    language   TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    author     TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('draft', 'approved')),
    made_from  TEXT,
    changed_at INTEGER NOT NULL,
    UNIQUE (stop, language)
) STRICT;

CREATE TABLE sentences (
    id        INTEGER NOT NULL PRIMARY KEY,
    text      INTEGER NOT NULL REFERENCES texts (id),
    ordinal   INTEGER NOT NULL,
    paragraph INTEGER NOT NULL,
    content   TEXT    NOT NULL,
    UNIQUE (text, ordinal)
) STRICT;

-- Translation memory: the key covers everything that made the target.
CREATE TABLE translations (
    key             TEXT    NOT NULL PRIMARY KEY,
    source_language TEXT    NOT NULL,
    target_language TEXT    NOT NULL,
    source          TEXT    NOT NULL,
    target          TEXT    NOT NULL,
    engine          TEXT    NOT NULL,
    made_at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Spoken sentences: the key covers everything that made the sound; blob names the WAV.
CREATE TABLE clips (
    key     TEXT    NOT NULL PRIMARY KEY,
    blob    TEXT    NOT NULL,
    rate    INTEGER NOT NULL CHECK (rate > 0),
    samples INTEGER NOT NULL CHECK (samples >= 0),
    mark    TEXT    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE editions (
    id           INTEGER NOT NULL PRIMARY KEY,
    stop         INTEGER NOT NULL REFERENCES stops (id),
    language     TEXT    NOT NULL,
    number       INTEGER NOT NULL CHECK (number > 0),
    hash         TEXT    NOT NULL,
    frozen       TEXT    NOT NULL,
    made_at      INTEGER NOT NULL,
    withdrawn_at INTEGER,
    UNIQUE (stop, language, number),
    UNIQUE (stop, language, hash)
) STRICT;

CREATE TABLE edition_files (
    edition INTEGER NOT NULL REFERENCES editions (id),
    hash    TEXT    NOT NULL,
    kind    TEXT    NOT NULL CHECK (kind IN ('mp3', 'opus', 'captions', 'master')),
    PRIMARY KEY (edition, kind, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX edition_files_by_hash ON edition_files (hash);

-- The pointer that publishing moves: at most one edition of a stop and language is the current one.
CREATE TABLE current_editions (
    stop               INTEGER NOT NULL REFERENCES stops (id),
    language           TEXT    NOT NULL,
    edition            INTEGER NOT NULL UNIQUE REFERENCES editions (id),
    title              TEXT    NOT NULL,
    duration           INTEGER NOT NULL,
    synthetic          INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
    last_resort        INTEGER NOT NULL CHECK (last_resort IN (0, 1)),
    machine_translated INTEGER NOT NULL CHECK (machine_translated IN (0, 1)),
    published_at       INTEGER NOT NULL,
    PRIMARY KEY (stop, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE glossary (
    term       TEXT    NOT NULL PRIMARY KEY,
    place      INTEGER NOT NULL,
    forms      TEXT    NOT NULL,
    renderings TEXT    NOT NULL,
    note       TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE lexicon (
    language TEXT    NOT NULL,
    grapheme TEXT    NOT NULL,
    place    INTEGER NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('alias', 'ipa')),
    said     TEXT    NOT NULL,
    PRIMARY KEY (language, grapheme)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    id            INTEGER NOT NULL PRIMARY KEY,
    unique_key    TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    attempts      INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts  INTEGER NOT NULL CHECK (max_attempts > 0),
    priority      INTEGER NOT NULL,
    fencing_token INTEGER NOT NULL DEFAULT 0,
    not_before    INTEGER NOT NULL,
    lease_until   INTEGER,
    worker        TEXT,
    last_error    TEXT,
    enqueued_at   INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX jobs_waiting_once ON jobs (unique_key) WHERE state = 'waiting';
CREATE INDEX jobs_to_claim ON jobs (state, priority, id);
CREATE INDEX jobs_running ON jobs (unique_key) WHERE state = 'running';
