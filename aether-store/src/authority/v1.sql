-- What was asked, decided and granted. Rows are only ever added.
CREATE TABLE audit_rows (
    row INTEGER PRIMARY KEY,
    payload TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    event_hash BLOB NOT NULL,
    record_hmac BLOB NOT NULL,
    key_id TEXT NOT NULL,
    -- Taken from the payload, which the chain covers: a column of its own could be changed to hide a row.
    at TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(payload) THEN payload ->> '$.at' END) VIRTUAL
) STRICT;
CREATE INDEX audit_by_time ON audit_rows (at);
CREATE TRIGGER audit_rows_stay BEFORE UPDATE ON audit_rows BEGIN
    SELECT RAISE (ABORT, 'rows of the audit log are never changed');
END;
CREATE TRIGGER audit_rows_are_kept BEFORE DELETE ON audit_rows BEGIN
    SELECT RAISE (ABORT, 'rows of the audit log are never removed');
END;
-- REPLACE removes a row without a trigger of its own, unless recursive triggers are on.
CREATE TRIGGER audit_rows_follow BEFORE INSERT ON audit_rows
WHEN EXISTS (SELECT 1 FROM audit_rows WHERE row >= NEW.row) BEGIN
    SELECT RAISE (ABORT, 'rows of the audit log are only added at its end');
END;

-- Where the log ends, under a seal.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 0),
    seq INTEGER NOT NULL,
    event_hash BLOB NOT NULL,
    key_id TEXT NOT NULL,
    hmac BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq BEGIN
    SELECT RAISE (ABORT, 'the head of the audit log never goes back');
END;
CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head BEGIN
    SELECT RAISE (ABORT, 'the head of the audit log is never removed');
END;
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head) BEGIN
    SELECT RAISE (ABORT, 'the audit log has one head');
END;

-- What somebody allowed, in the order of issue. `body` is as it was issued; what became of it stands beside.
CREATE TABLE grants (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    actor TEXT NOT NULL,
    capability TEXT NOT NULL,
    duration TEXT NOT NULL CHECK (duration IN ('once', 'task', 'session', 'persistent')),
    scope TEXT,
    expires_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'used', 'revoked')),
    ended_at INTEGER,
    reason TEXT,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX grants_by_actor ON grants (actor, capability);
CREATE INDEX grants_active_by_actor ON grants (actor, capability, expires_at) WHERE state = 'active';
CREATE INDEX grants_active ON grants (capability) WHERE state = 'active';

-- Requests that wait for an answer, or had one, in the order of asking.
CREATE TABLE tickets (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL,
    is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
    body TEXT NOT NULL
) STRICT;
CREATE INDEX tickets_open ON tickets (expires_at) WHERE is_closed = 0;

-- Each request that cost something. Amounts are 64 bits without a sign, kept as the signed number of the same bits.
CREATE TABLE cost_requests (
    request TEXT PRIMARY KEY,
    task TEXT,
    day INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    micros INTEGER NOT NULL,
    is_settled INTEGER NOT NULL CHECK (is_settled IN (0, 1))
) STRICT, WITHOUT ROWID;
-- The sums, by `task` and its name, by `no_task`, and by `day` and its number.
CREATE TABLE cost_sums (
    kind TEXT NOT NULL CHECK (kind IN ('task', 'no_task', 'day')),
    name TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    micros INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
