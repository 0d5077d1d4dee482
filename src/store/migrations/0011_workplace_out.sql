-- What leaves the house: labels on walls, guides as a person publishes them, and how often they are heard.

-- Each sheet that was drawn, a row a label.
CREATE TABLE labels (
    id         INTEGER NOT NULL PRIMARY KEY,
    site       INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    stop       INTEGER REFERENCES stops (id) ON DELETE SET NULL,
    code       TEXT    NOT NULL,
    -- The address that the code on it leads to.
    address    TEXT    NOT NULL,
    -- Centimetres it is read from.
    distance   INTEGER NOT NULL CHECK (distance > 0),
    printed_by TEXT    NOT NULL,
    printed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX labels_of_site ON labels (site, code, printed_at);

-- Codes that stand on walls and lead to no stop of their own any more. `retired_by` is empty where the stop was given
-- another code or went away.
CREATE TABLE retired_codes (
    code       TEXT    NOT NULL PRIMARY KEY,
    site       INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    stop       INTEGER REFERENCES stops (id) ON DELETE SET NULL,
    retired_by TEXT    NOT NULL,
    retired_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whoever gives a stop another code, and by whatever way, the one before is not forgotten; and a code that a stop
-- bears anew is retired no more.
CREATE TRIGGER codes_are_remembered AFTER UPDATE OF code ON stops WHEN OLD.code <> NEW.code
BEGIN
    DELETE FROM retired_codes WHERE code = NEW.code;
    INSERT OR REPLACE INTO retired_codes (code, site, stop, retired_by, retired_at)
        VALUES (OLD.code, NEW.site, NEW.id, '', NEW.changed_at);
END;
CREATE TRIGGER new_codes_are_in_use AFTER INSERT ON stops
BEGIN DELETE FROM retired_codes WHERE code = NEW.code; END;
CREATE TRIGGER codes_outlive_their_stops AFTER DELETE ON stops
BEGIN
    INSERT OR REPLACE INTO retired_codes (code, site, stop, retired_by, retired_at)
        SELECT OLD.code, OLD.site, NULL, '', CAST(unixepoch('subsec') * 1000 AS INTEGER)
        WHERE EXISTS (SELECT 1 FROM sites WHERE id = OLD.site);
END;

-- Guides that nothing but a person publishes: what is made of them waits. A guide that was taken back is one.
CREATE TABLE held_guides (
    stop     INTEGER NOT NULL REFERENCES stops (id) ON DELETE CASCADE,
    language TEXT    NOT NULL,
    -- The word of why: 'taken-back' or 'by-hand'.
    reason   TEXT    NOT NULL CHECK (reason IN ('taken-back', 'by-hand')),
    held_by  TEXT    NOT NULL,
    held_at  INTEGER NOT NULL,
    PRIMARY KEY (stop, language)
) STRICT, WITHOUT ROWID;

-- Sites all of whose guides wait for a person.
CREATE TABLE held_sites (
    site    INTEGER NOT NULL PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE,
    held_by TEXT    NOT NULL,
    held_at INTEGER NOT NULL
) STRICT;

-- Editions that become the current ones at a time; `person` answers for it in the record.
CREATE TABLE planned_editions (
    stop       INTEGER NOT NULL REFERENCES stops (id) ON DELETE CASCADE,
    language   TEXT    NOT NULL,
    edition    INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    person     INTEGER,
    planned_by TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    PRIMARY KEY (stop, language)
) STRICT, WITHOUT ROWID;
CREATE INDEX planned_editions_by_time ON planned_editions (at);

-- What was public when: a row each time a pointer moves. `by` is empty where the house did it by its policy.
CREATE TABLE publications (
    id       INTEGER NOT NULL PRIMARY KEY,
    stop     INTEGER NOT NULL REFERENCES stops (id) ON DELETE CASCADE,
    language TEXT    NOT NULL,
    -- NULL: taken back.
    edition  INTEGER REFERENCES editions (id) ON DELETE CASCADE,
    by       TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX publications_of_guide ON publications (stop, language, id);
INSERT INTO publications (stop, language, edition, by, at)
    SELECT stop, language, edition, '', published_at FROM current_editions ORDER BY published_at;

-- How often guides are heard: sums, and nothing of any one listener. `tenth` is -1 for a hearing that began, 0 to 9 for
-- one that stopped in that tenth of the guide, 10 for one that came to the end. Days and hours are those of Vietnam.
CREATE TABLE listens (
    stop     TEXT    NOT NULL,
    language TEXT    NOT NULL,
    source   TEXT    NOT NULL CHECK (source IN ('qr', 'kiosk', 'link')),
    day      TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    hour     INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    tenth    INTEGER NOT NULL CHECK (tenth BETWEEN -1 AND 10),
    count    INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (stop, day, language, source, hour, tenth)
) STRICT, WITHOUT ROWID;
