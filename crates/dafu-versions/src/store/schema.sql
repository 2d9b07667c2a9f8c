-- Version 1 of the schema. A released file is never edited: the next one is another file, see schema.rs.

CREATE TABLE items (
    item INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    id   TEXT NOT NULL,
    UNIQUE (kind, id)
) STRICT;

CREATE TABLE versions (
    version          INTEGER PRIMARY KEY,
    author           TEXT NOT NULL,
    message          TEXT NOT NULL,
    time             INTEGER NOT NULL,
    base             INTEGER NOT NULL,
    content_hash     BLOB NOT NULL,
    entries          INTEGER NOT NULL,
    standard_answers INTEGER NOT NULL,
    templates        INTEGER NOT NULL,
    settings         INTEGER NOT NULL,
    phrasings        INTEGER NOT NULL
) STRICT;
CREATE INDEX versions_by_time ON versions (time);

CREATE TABLE revisions (
    revision  INTEGER PRIMARY KEY,
    item      INTEGER NOT NULL REFERENCES items,
    since     INTEGER NOT NULL REFERENCES versions,
    until     INTEGER REFERENCES versions,
    phrasings INTEGER NOT NULL,
    hash      BLOB NOT NULL,
    body      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX revisions_of_item ON revisions (item, since);
CREATE INDEX revisions_since ON revisions (since);
CREATE INDEX revisions_until ON revisions (until) WHERE until IS NOT NULL;
-- With what the content hash of a version is made of.
CREATE UNIQUE INDEX revisions_newest ON revisions (item, hash) WHERE until IS NULL;

CREATE TABLE links (
    target   INTEGER NOT NULL REFERENCES items,
    revision INTEGER NOT NULL REFERENCES revisions,
    PRIMARY KEY (target, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE drafts (
    draft  INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    author TEXT NOT NULL,
    time   INTEGER NOT NULL,
    base   INTEGER NOT NULL
) STRICT;

CREATE TABLE operations (
    draft     INTEGER NOT NULL REFERENCES drafts ON DELETE CASCADE,
    operation INTEGER NOT NULL,
    what      TEXT NOT NULL,
    PRIMARY KEY (draft, operation)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    draft     INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    item      INTEGER NOT NULL REFERENCES items,
    body      TEXT,
    FOREIGN KEY (draft, operation) REFERENCES operations ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX changes_of_item ON changes (draft, item, operation);
CREATE INDEX changes_of_operation ON changes (draft, operation);

CREATE TABLE resolutions (
    draft      INTEGER NOT NULL REFERENCES drafts ON DELETE CASCADE,
    item       INTEGER NOT NULL REFERENCES items,
    field      TEXT NOT NULL,
    conflict   TEXT NOT NULL,
    resolution TEXT NOT NULL,
    PRIMARY KEY (draft, item, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE labels (
    name    TEXT PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES versions
) STRICT, WITHOUT ROWID;

CREATE TABLE test_questions (
    question TEXT PRIMARY KEY,
    entry    TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    number  INTEGER PRIMARY KEY,
    time    INTEGER NOT NULL,
    who     TEXT NOT NULL,
    what    TEXT NOT NULL,
    details TEXT NOT NULL
) STRICT;

CREATE TABLE publications (
    number     INTEGER PRIMARY KEY,
    folder     TEXT NOT NULL,
    channel    TEXT NOT NULL,
    generation TEXT NOT NULL,
    version    INTEGER NOT NULL,
    who        TEXT NOT NULL,
    time       INTEGER NOT NULL,
    switch     INTEGER,
    state      TEXT NOT NULL CHECK (state IN ('begun', 'done', 'abandoned'))
) STRICT;

-- What must never change, however a program goes wrong.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER revisions_are_not_changed BEFORE UPDATE OF item, since, phrasings, hash, body ON revisions
BEGIN SELECT RAISE(ABORT, 'a committed revision is never changed'); END;
CREATE TRIGGER revisions_end_once BEFORE UPDATE OF until ON revisions WHEN old.until IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a committed revision ends once'); END;
CREATE TRIGGER revisions_are_kept BEFORE DELETE ON revisions
BEGIN SELECT RAISE(ABORT, 'a committed revision is never removed'); END;
-- The hash is empty only within the transaction that makes the version.
CREATE TRIGGER versions_are_not_changed BEFORE UPDATE ON versions WHEN length(old.content_hash) > 0
BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;
CREATE TRIGGER versions_are_kept BEFORE DELETE ON versions
BEGIN SELECT RAISE(ABORT, 'a version is never removed'); END;
