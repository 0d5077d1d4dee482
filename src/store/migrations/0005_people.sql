-- Who works in the house, how they sign in, and the record of what was done.
-- Secrets of which only the possession counts (sessions, links, recovery codes) are held as SHA-256 and never themselves.

CREATE TABLE people (
    id            INTEGER NOT NULL PRIMARY KEY,
    login         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    language      TEXT    NOT NULL,
    -- Argon2id in PHC form.
    password      TEXT    NOT NULL,
    -- The shared secret of RFC 6238; `totp_offered` is one that was shown and not yet confirmed.
    totp_secret   BLOB,
    totp_offered  BLOB,
    -- The last time step whose code was accepted: none is accepted twice.
    totp_step     INTEGER NOT NULL DEFAULT 0,
    disabled      INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_at    INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    signed_in_at  INTEGER
) STRICT;

-- `site` is NULL for the whole house.
CREATE TABLE roles (
    person   INTEGER NOT NULL REFERENCES people (id),
    site     INTEGER REFERENCES sites (id) ON DELETE CASCADE,
    role     TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'reviewer', 'publisher', 'administrator')),
    given_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX roles_of_person ON roles (person, IFNULL(site, 0));

CREATE TABLE sessions (
    id         INTEGER NOT NULL PRIMARY KEY,
    token      TEXT    NOT NULL UNIQUE,
    person     INTEGER NOT NULL REFERENCES people (id),
    made_at    INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    -- What the browser called itself, and where it was, for the list in which a person looks for strangers.
    agent      TEXT    NOT NULL,
    address    TEXT    NOT NULL
) STRICT;
CREATE INDEX sessions_of_person ON sessions (person);

-- A right password that waits for its second factor.
CREATE TABLE challenges (
    token   TEXT    NOT NULL PRIMARY KEY,
    person  INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
    person INTEGER NOT NULL REFERENCES people (id),
    code   TEXT    NOT NULL,
    PRIMARY KEY (person, code)
) STRICT;

-- `site` is NULL for the whole house. `invited_by` is NULL for the link that makes the first administrator.
CREATE TABLE invitations (
    id         INTEGER NOT NULL PRIMARY KEY,
    token      TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    site       INTEGER REFERENCES sites (id) ON DELETE CASCADE,
    role       TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'reviewer', 'publisher', 'administrator')),
    invited_by INTEGER REFERENCES people (id),
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'used', 'withdrawn')),
    used_by    INTEGER REFERENCES people (id)
) STRICT;

-- Tries to sign in that failed or are under way. `subject` is `login:NAME` or `from:NETWORK`.
CREATE TABLE attempts (
    id      INTEGER NOT NULL PRIMARY KEY,
    try     TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_of_subject ON attempts (subject, at);
CREATE INDEX attempts_of_try ON attempts (try);
CREATE INDEX attempts_by_age ON attempts (at);

-- Each row holds the hash of the one before it, so that none can be changed or taken out without all after it changing.
CREATE TABLE audit (
    id       INTEGER NOT NULL PRIMARY KEY,
    at       INTEGER NOT NULL,
    -- NULL where nobody was signed in: the shell, or a stranger.
    person   INTEGER,
    actor    TEXT    NOT NULL,
    address  TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    site     INTEGER,
    detail   TEXT    NOT NULL,
    previous TEXT    NOT NULL,
    hash     TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_of_person ON audit (person, id);

-- These keep the program from a mistake; whoever writes the file by hand can drop them, and the chain shows it.
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is never shortened'); END;
