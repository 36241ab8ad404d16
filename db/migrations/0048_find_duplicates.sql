-- Who may be registered twice: pairs kept up by what changes, decided by people, and merges that can be taken back.

CREATE INDEX person_name_born ON person (county, name, born_on) WHERE born_on IS NOT NULL AND state IN ('present', 'away');

CREATE TABLE duplicate_due (
  county text NOT NULL,
  person_id uuid NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT duplicate_due_pkey PRIMARY KEY (county, person_id)
);
CREATE INDEX duplicate_due_at ON duplicate_due (county, at, person_id);
COMMENT ON TABLE duplicate_due IS 'People who are new or changed and not yet compared with others; emptied in batches by registry.find_duplicates.';
SELECT tenant_table('duplicate_due');

CREATE TABLE duplicate_pair (
  county text NOT NULL,
  one_id uuid NOT NULL,
  other_id uuid NOT NULL,
  shared_path text COLLATE "C" NOT NULL,
  grade integer NOT NULL,
  reasons text[] NOT NULL,
  state text NOT NULL,
  found_at timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by uuid,
  decided_label text,
  reason text,
  CONSTRAINT duplicate_pair_pkey PRIMARY KEY (county, one_id, other_id),
  CONSTRAINT duplicate_pair_ordered CHECK (one_id < other_id),
  CONSTRAINT duplicate_pair_grade_check CHECK (grade BETWEEN 1 AND 3),
  CONSTRAINT duplicate_pair_state_check CHECK (state IN ('open', 'different', 'merged')),
  CONSTRAINT duplicate_pair_decided_whole CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX duplicate_pair_open ON duplicate_pair (county, grade, shared_path, one_id, other_id) WHERE state = 'open';
CREATE INDEX duplicate_pair_other ON duplicate_pair (county, other_id);
COMMENT ON TABLE duplicate_pair IS 'Two records that may be one person: open, or decided. What was found to be two people stays so and is not asked again.';
COMMENT ON COLUMN duplicate_pair.shared_path IS 'The smallest area that holds both: whoever may look there may see both.';
COMMENT ON COLUMN duplicate_pair.grade IS '1 sure (same ID number), 2 likely, 3 possible.';
SELECT tenant_table('duplicate_pair');

CREATE TABLE person_merge (
  county text NOT NULL,
  id uuid NOT NULL,
  kept_id uuid NOT NULL,
  dropped_id uuid NOT NULL,
  kept_version integer NOT NULL,
  dropped_version integer NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  snapshot_sealed bytea,
  taken text[] NOT NULL,
  copied_ids uuid[] NOT NULL,
  reason text NOT NULL,
  by_account uuid,
  by_label text NOT NULL,
  at timestamptz NOT NULL,
  undone_at timestamptz,
  undone_by uuid,
  undone_label text,
  undone_how text,
  undo_reason text,
  CONSTRAINT person_merge_pkey PRIMARY KEY (county, id),
  CONSTRAINT person_merge_undone_whole CHECK ((undone_at IS NULL) = (undone_how IS NULL)),
  CONSTRAINT person_merge_undone_check CHECK (undone_how IN ('restored', 'split'))
);
CREATE UNIQUE INDEX person_merge_dropped ON person_merge (county, dropped_id) WHERE undone_at IS NULL;
CREATE INDEX person_merge_area ON person_merge (county, area_path, id);
CREATE INDEX person_merge_at ON person_merge (county, at, id) WHERE snapshot_sealed IS NOT NULL;
COMMENT ON TABLE person_merge IS 'Two records that became one, and how to take it back: both as they were, sealed, for a year.';
COMMENT ON COLUMN person_merge.kept_version IS 'Of the kept record right after the merge: as long as it is that, undoing restores both exactly.';
COMMENT ON COLUMN person_merge.copied_ids IS 'Residence rows that the kept record got from the other; they go when the merge is taken back.';
SELECT tenant_table('person_merge');
