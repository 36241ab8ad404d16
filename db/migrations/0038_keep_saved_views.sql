-- The desk of whoever works with matters: lists kept by name, and how each person's own list looks.

CREATE TABLE saved_view (
  county text NOT NULL,
  id uuid NOT NULL,
  owner_id uuid NOT NULL,
  name text NOT NULL,
  filter jsonb NOT NULL,
  shared_path text COLLATE "C",
  shared_role text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT saved_view_pkey PRIMARY KEY (county, id),
  CONSTRAINT saved_view_name_length CHECK (char_length(name) BETWEEN 1 AND 30),
  CONSTRAINT saved_view_version_positive CHECK (version >= 1)
);
CREATE INDEX saved_view_owner ON saved_view (county, owner_id, created_at);
CREATE INDEX saved_view_shared ON saved_view (county, shared_path, created_at) WHERE shared_path IS NOT NULL;
COMMENT ON TABLE saved_view IS 'A work list kept by name: filters only, no matters and no rights; whoever opens it sees what they may see.';
COMMENT ON COLUMN saved_view.filter IS 'WorkFilter of the loop''s contract, as it stands in the address of the list.';
COMMENT ON COLUMN saved_view.shared_path IS 'Offered to everybody with a post at this area or below; null: the owner''s own.';
COMMENT ON COLUMN saved_view.shared_role IS 'Only to posts of this role; empty: to all.';
SELECT tenant_table('saved_view');

CREATE TABLE work_desk (
  county text NOT NULL,
  account_id uuid NOT NULL,
  default_view uuid,
  columns text[] NOT NULL,
  density text NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT work_desk_pkey PRIMARY KEY (county, account_id),
  CONSTRAINT work_desk_density CHECK (density IN ('roomy', 'middle', 'dense'))
);
COMMENT ON TABLE work_desk IS 'How one person''s work list looks: columns, density, and the view that it begins with.';
COMMENT ON COLUMN work_desk.default_view IS 'A saved view that may be gone by now; then the list begins as usual.';
SELECT tenant_table('work_desk');

-- Matters lie in the order in which they came in, so a block index finds a span of days and costs a report next to nothing.
CREATE INDEX matter_reported ON matter USING brin (county, reported_at) WITH (pages_per_range = 32, autosummarize = on);
-- What was joined to a matter as the same; few matters are.
CREATE INDEX matter_duplicate ON matter (county, duplicate_of) WHERE duplicate_of IS NOT NULL;
