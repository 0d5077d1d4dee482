-- What people's texts said, version by version. A version is never changed.
CREATE TABLE text_versions (
    stop      INTEGER NOT NULL REFERENCES stops (id),
    language  TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    title     TEXT    NOT NULL,
    sentences TEXT    NOT NULL,
    author    TEXT    NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('draft', 'approved')),
    at        INTEGER NOT NULL,
    PRIMARY KEY (stop, language, number)
) STRICT, WITHOUT ROWID;
