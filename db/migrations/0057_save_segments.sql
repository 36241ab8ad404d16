-- Saved questions over the registry, asked anew each time they are used, within what the asker may see.

CREATE TABLE segment (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  name text NOT NULL,
  question jsonb NOT NULL,
  shared boolean NOT NULL,
  by_account uuid NOT NULL,
  by_label text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  closed_at timestamptz,
  CONSTRAINT segment_pkey PRIMARY KEY (county, id),
  CONSTRAINT segment_version_positive CHECK (version >= 1),
  CONSTRAINT segment_name_length CHECK (char_length(name) BETWEEN 1 AND 60)
);
CREATE INDEX segment_own ON segment (county, by_account, id) WHERE closed_at IS NULL;
CREATE INDEX segment_area ON segment (county, area_path, id) WHERE closed_at IS NULL AND shared;
COMMENT ON TABLE segment IS 'A saved question over the registry (人群筛选): the conditions, never the answer.';
COMMENT ON COLUMN segment.area_path IS 'Of the post by which it was saved; whoever answers for a place there may use a shared one.';
COMMENT ON COLUMN segment.question IS '{subject, area, all: [{any: [condition]}]}; read through its schema each time.';
SELECT tenant_table('segment');

-- Who owns or rents in a place and lives elsewhere is walked in the order of places.
CREATE INDEX residence_area ON residence (county, area_path, person_id) WHERE until_on IS NULL;
