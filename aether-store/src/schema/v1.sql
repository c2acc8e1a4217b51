CREATE TABLE state (
    id INTEGER PRIMARY KEY CHECK (id = 0),
    facts_version INTEGER NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    indexed_at INTEGER,
    next_symbol INTEGER NOT NULL DEFAULT 1,
    next_term INTEGER NOT NULL DEFAULT 0,
    files INTEGER NOT NULL DEFAULT 0,
    files_total INTEGER NOT NULL DEFAULT 0,
    files_with_diagnostics INTEGER NOT NULL DEFAULT 0,
    symbols INTEGER NOT NULL DEFAULT 0,
    edges INTEGER NOT NULL DEFAULT 0,
    calls INTEGER NOT NULL DEFAULT 0,
    calls_unresolved INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE files (
    file INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    module_path TEXT NOT NULL,
    diagnostics TEXT NOT NULL,
    symbols INTEGER NOT NULL DEFAULT 0,
    edges INTEGER NOT NULL DEFAULT 0,
    calls INTEGER NOT NULL DEFAULT 0,
    calls_unresolved INTEGER NOT NULL DEFAULT 0,
    dependencies BLOB NOT NULL DEFAULT x''
);
CREATE TABLE outlines (
    file INTEGER PRIMARY KEY,
    symbols BLOB NOT NULL,
    imports BLOB NOT NULL
);
CREATE TABLE facts (
    file INTEGER PRIMARY KEY,
    data BLOB NOT NULL
);
CREATE TABLE edges (
    file INTEGER PRIMARY KEY,
    data BLOB NOT NULL
);
CREATE TABLE symbols (
    symbol INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    file INTEGER NOT NULL,
    position INTEGER NOT NULL,
    parent INTEGER,
    kind NOT NULL,
    visibility INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    place BLOB NOT NULL,
    name TEXT NOT NULL,
    scope TEXT,
    signature TEXT NOT NULL,
    doc TEXT NOT NULL,
    attributes BLOB NOT NULL
);
CREATE TABLE ids (
    first BLOB PRIMARY KEY,
    data BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE packed (
    first INTEGER PRIMARY KEY,
    data BLOB NOT NULL
);
CREATE TABLE lineage (
    source BLOB NOT NULL,
    target BLOB NOT NULL,
    cause INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (source, target)
) WITHOUT ROWID;
CREATE INDEX lineage_by_target ON lineage (target);
CREATE TABLE terms (
    first TEXT PRIMARY KEY,
    data BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE file_terms (
    file INTEGER PRIMARY KEY,
    data BLOB NOT NULL
);
