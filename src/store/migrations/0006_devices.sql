-- Devices that play guides without a network, and what they tell.

-- `code_hash` and `token_hash` are SHA-256: neither a code nor a token is kept. A device has a code until it enrols, and
-- then a token until it is revoked; `next_token_hash` is the one a device was given and has not used yet.
CREATE TABLE devices (
    id              INTEGER NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL UNIQUE,
    sites           TEXT    NOT NULL,
    languages       TEXT    NOT NULL,
    audio           TEXT    NOT NULL CHECK (audio IN ('mp3', 'opus')),
    code_hash       TEXT    UNIQUE,
    code_expires_at INTEGER,
    token_hash      TEXT    UNIQUE,
    next_token_hash TEXT    UNIQUE,
    token_given_at  INTEGER,
    added_at        INTEGER NOT NULL,
    enrolled_at     INTEGER,
    revoked_at      INTEGER,
    heartbeat       TEXT,
    seen_at         INTEGER,
    inventory       TEXT,
    inventory_at    INTEGER,
    CHECK (revoked_at IS NULL OR (code_hash IS NULL AND token_hash IS NULL AND next_token_hash IS NULL))
) STRICT;

-- The versions of each scope's manifest; `contents` is the hash of what it lists without version and times.
CREATE TABLE bundles (
    scope       TEXT    NOT NULL,
    version     INTEGER NOT NULL CHECK (version > 0),
    contents    TEXT    NOT NULL,
    issued_at   INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    PRIMARY KEY (scope, version)
) STRICT, WITHOUT ROWID;

-- Size and block hashes of files that bundles hold, so that each is read once for all manifests.
CREATE TABLE bundle_files (
    hash   TEXT    NOT NULL PRIMARY KEY,
    size   INTEGER NOT NULL CHECK (size >= 0),
    blocks TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- `id` is the device's own, so that what is sent twice counts once.
CREATE TABLE plays (
    device      INTEGER NOT NULL REFERENCES devices (id),
    id          TEXT    NOT NULL,
    stop        TEXT    NOT NULL,
    language    TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,
    seconds     INTEGER NOT NULL CHECK (seconds >= 0),
    received_at INTEGER NOT NULL,
    PRIMARY KEY (device, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE faults (
    device      INTEGER NOT NULL REFERENCES devices (id),
    id          TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (device, id)
) STRICT, WITHOUT ROWID;
