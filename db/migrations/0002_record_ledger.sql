-- The ledger: what can be proven. Order of evidence is leaf_index alone, never an id or a clock.
-- No foreign key points at ledger_entry: each check would lock, and so rewrite, a row that must never change.
-- `tongxin verify` compares the tables instead, and names the row that does not fit.

CREATE TABLE ledger_entry (
  county text NOT NULL,
  id uuid NOT NULL,
  event text NOT NULL,
  subject_id uuid NOT NULL,
  subject_version integer NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  actor_label text NOT NULL,
  purpose text NOT NULL,
  bytes bytea NOT NULL,
  CONSTRAINT ledger_entry_pkey PRIMARY KEY (county, id),
  CONSTRAINT ledger_entry_subject_key UNIQUE (county, subject_id, subject_version),
  CONSTRAINT ledger_entry_version_positive CHECK (subject_version >= 1)
);
COMMENT ON TABLE ledger_entry IS 'What happened, written in the transaction that did it. Append-only: a mistake is corrected by another entry.';
COMMENT ON COLUMN ledger_entry.bytes IS 'The leaf: exact RFC 8785 (JCS) bytes. The other columns repeat it for reading; no personal data in either.';
COMMENT ON COLUMN ledger_entry.subject_version IS 'Unique per subject, so two writers of one version cannot both record.';
COMMENT ON COLUMN ledger_entry.actor_label IS 'A post or a role, never a name.';
SELECT append_only_table('ledger_entry');

CREATE TABLE ledger_todo (
  county text NOT NULL,
  subject_id uuid NOT NULL,
  subject_version integer NOT NULL,
  entry uuid NOT NULL,
  leaf_hash bytea NOT NULL,
  CONSTRAINT ledger_todo_pkey PRIMARY KEY (county, subject_id, subject_version)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
COMMENT ON TABLE ledger_todo IS 'Entries that the sealer has not taken yet; its key is the order in which they are sealed.';
SELECT tenant_table('ledger_todo');

CREATE TABLE ledger_leaf (
  county text NOT NULL,
  leaf_index bigint NOT NULL,
  entry uuid NOT NULL,
  leaf_hash bytea NOT NULL,
  CONSTRAINT ledger_leaf_pkey PRIMARY KEY (county, leaf_index),
  CONSTRAINT ledger_leaf_entry_key UNIQUE (county, entry),
  CONSTRAINT ledger_leaf_index_positive CHECK (leaf_index >= 0),
  CONSTRAINT ledger_leaf_hash_length CHECK (octet_length(leaf_hash) = 32)
);
COMMENT ON TABLE ledger_leaf IS 'The one order of a county''s entries: leaves of its RFC 9162 Merkle tree, numbered from 0 without a gap.';
SELECT append_only_table('ledger_leaf');

CREATE TABLE ledger_node (
  county text NOT NULL,
  level integer NOT NULL,
  node_index bigint NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT ledger_node_pkey PRIMARY KEY (county, level, node_index),
  CONSTRAINT ledger_node_level_stored CHECK (level > 0 AND level % 4 = 0),
  CONSTRAINT ledger_node_hash_length CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE ledger_node IS 'Complete subtrees of every fourth level, so that a proof reads O(log n) rows.';
SELECT append_only_table('ledger_node');

CREATE TABLE ledger_log (
  county text NOT NULL,
  log_id text NOT NULL,
  size bigint NOT NULL,
  frontier bytea NOT NULL,
  root_hash bytea NOT NULL,
  sealed_at timestamptz NOT NULL,
  key_id text NOT NULL,
  signature bytea NOT NULL,
  CONSTRAINT ledger_log_pkey PRIMARY KEY (county),
  CONSTRAINT ledger_log_size_positive CHECK (size >= 0)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger_log IS 'The tree as it stands, its head signed with every batch. Its row lock makes one sealer per county.';
COMMENT ON COLUMN ledger_log.frontier IS 'Hashes of the largest complete subtrees, left to right, 32 bytes each.';
SELECT tenant_table('ledger_log');
REVOKE DELETE ON ledger_log FROM tongxin_app;

CREATE TABLE ledger_key (
  county text NOT NULL,
  key_id text NOT NULL,
  public_key bytea NOT NULL,
  since timestamptz NOT NULL,
  CONSTRAINT ledger_key_pkey PRIMARY KEY (county, key_id)
);
COMMENT ON TABLE ledger_key IS 'Public keys (Ed25519, SPKI) that have signed heads; every one is also an entry of the ledger. key_id is the SHA-256.';
SELECT append_only_table('ledger_key');

CREATE TABLE ledger_head (
  county text NOT NULL,
  tree_size bigint NOT NULL,
  root_hash bytea NOT NULL,
  at timestamptz NOT NULL,
  key_id text NOT NULL,
  signature bytea NOT NULL,
  CONSTRAINT ledger_head_pkey PRIMARY KEY (county, tree_size)
);
COMMENT ON TABLE ledger_head IS 'Signed heads kept for good: one a minute while the log grows.';
SELECT append_only_table('ledger_head');

CREATE TABLE ledger_stamp (
  county text NOT NULL,
  tree_size bigint NOT NULL,
  at timestamptz NOT NULL,
  token bytea NOT NULL,
  CONSTRAINT ledger_stamp_pkey PRIMARY KEY (county, tree_size)
);
COMMENT ON TABLE ledger_stamp IS 'RFC 3161 tokens over signed heads, from the time-stamping authority behind the port; empty without one.';
COMMENT ON COLUMN ledger_stamp.token IS 'DER; its imprint is the SHA-256 of the head''s signed text followed by the signature.';
SELECT append_only_table('ledger_stamp');

CREATE TABLE ledger_cursor (
  county text NOT NULL,
  consumer text NOT NULL,
  next_index bigint NOT NULL,
  CONSTRAINT ledger_cursor_pkey PRIMARY KEY (county, consumer)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger_cursor IS 'How far each consumer has followed the leaves; its row lock makes one relay per county.';
SELECT tenant_table('ledger_cursor');

CREATE TABLE ledger_job (
  county text NOT NULL,
  handler text NOT NULL,
  subject_id uuid NOT NULL,
  leaf_index bigint NOT NULL,
  entry uuid NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  failed_at timestamptz,
  error text,
  CONSTRAINT ledger_job_pkey PRIMARY KEY (county, handler, subject_id, leaf_index)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX ledger_job_due ON ledger_job (county, due_at) WHERE failed_at IS NULL;
CREATE INDEX ledger_job_failed ON ledger_job (county, failed_at) WHERE failed_at IS NOT NULL;
COMMENT ON TABLE ledger_job IS 'What handlers still have to do; a row goes when its effect is committed. failed_at: given up, shown to administrators.';
COMMENT ON COLUMN ledger_job.due_at IS 'Next attempt; while one runs, when it is taken for lost.';
COMMENT ON COLUMN ledger_job.error IS 'Fault code or SQLSTATE and the kind of error, never its text: that could hold personal data.';
SELECT tenant_table('ledger_job');

CREATE TABLE ledger_effect (
  county text NOT NULL,
  entry uuid NOT NULL,
  handler text NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT ledger_effect_pkey PRIMARY KEY (county, entry, handler)
);
COMMENT ON TABLE ledger_effect IS 'Which handler has answered which entry, written in the transaction of its effect: so the effect happens once.';
SELECT append_only_table('ledger_effect');

CREATE TABLE sweep (
  name text NOT NULL,
  ran_at timestamptz NOT NULL,
  busy_until timestamptz,
  error text,
  CONSTRAINT sweep_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE sweep IS 'When each scheduled sweep ran last in this installation, and which process-independent claim holds it now.';
SELECT reference_table('sweep');
GRANT INSERT, UPDATE ON sweep TO tongxin_app;
