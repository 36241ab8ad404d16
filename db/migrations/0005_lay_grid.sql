-- Grid: who and where. Everything that changes with time has an interval, and history is a query.

CREATE TABLE division (
  code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  level text NOT NULL,
  parent text COLLATE "C",
  valid_from date NOT NULL,
  valid_until date,
  valid_during daterange NOT NULL GENERATED ALWAYS AS (daterange(valid_from, valid_until)) STORED,
  CONSTRAINT division_pkey PRIMARY KEY (code, valid_from),
  CONSTRAINT division_level_check CHECK (level IN ('province', 'city', 'county', 'town', 'village')),
  CONSTRAINT division_code_format CHECK (code ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'),
  CONSTRAINT division_one_version_excl EXCLUDE USING gist (code WITH =, valid_during WITH &&)
);
CREATE INDEX division_parent ON division (parent, code);
COMMENT ON TABLE division IS 'Official divisions (GB/T 2260, GB/T 10114, statistical 12 digits), each version with the days on which it holds.';
SELECT reference_table('division');
GRANT INSERT, UPDATE ON division TO tongxin_app;

CREATE TABLE area (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  overlay text NOT NULL,
  path text COLLATE "C" NOT NULL,
  parent_path text COLLATE "C" NOT NULL,
  depth integer NOT NULL,
  schematic boolean NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_until timestamptz,
  valid_during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(valid_from, valid_until)) STORED,
  CONSTRAINT area_pkey PRIMARY KEY (county, id, version),
  CONSTRAINT area_version_positive CHECK (version >= 1),
  CONSTRAINT area_kind_check CHECK (kind IN ('county', 'town', 'village', 'community', 'estate', 'grid', 'microGrid', 'dedicatedGrid',
    'largeArea', 'partyGrid', 'policeGrid', 'businessGrid', 'other')),
  CONSTRAINT area_overlay_check CHECK (overlay IN ('base', 'party', 'police', 'business')),
  CONSTRAINT area_code_format CHECK (code ~ '^[A-Za-z0-9_-]{1,24}$'),
  CONSTRAINT area_path_fits CHECK (path = code AND parent_path = '' OR path = parent_path || '/' || code),
  CONSTRAINT area_one_version_excl EXCLUDE USING gist (county WITH =, id WITH =, valid_during WITH &&),
  CONSTRAINT area_path_excl EXCLUDE USING gist (county WITH =, path WITH =, valid_during WITH &&),
  CONSTRAINT area_number_excl EXCLUDE USING gist (county WITH =, number WITH =, valid_during WITH &&)
);
CREATE INDEX area_path ON area (county, path, valid_from);
CREATE INDEX area_parent ON area (county, parent_path, code);
COMMENT ON TABLE area IS 'Every version of every area. A rename, move or change of kind closes one version and opens the next under the same id.';
COMMENT ON COLUMN area.code IS 'The last part of the path, unique among its siblings: a division code, or a local one such as G001.';
COMMENT ON COLUMN area.number IS 'The official number, unique in the county: the division code, below it with the local codes added.';
COMMENT ON COLUMN area.overlay IS 'The net it belongs to: base grids, Party groups, police grids, business grids; all over the same ground.';
COMMENT ON COLUMN area.schematic IS 'Laid for a demonstration, not surveyed.';
SELECT tenant_table('area');
REVOKE DELETE ON area FROM tongxin_app;

CREATE TABLE area_gram (
  county text NOT NULL,
  gram text COLLATE "C" NOT NULL,
  area_id uuid NOT NULL,
  CONSTRAINT area_gram_pkey PRIMARY KEY (county, gram, area_id)
);
CREATE INDEX area_gram_area ON area_gram (county, area_id);
COMMENT ON TABLE area_gram IS 'Two-character pieces of the present names, made by the application, asked with = (the only search that row-level security leaves an index to).';
SELECT tenant_table('area_gram');

CREATE TABLE area_boundary (
  county text NOT NULL,
  id uuid NOT NULL,
  area_id uuid NOT NULL,
  shape jsonb NOT NULL,
  schematic boolean NOT NULL,
  source text NOT NULL,
  west double precision NOT NULL,
  south double precision NOT NULL,
  east double precision NOT NULL,
  north double precision NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_until timestamptz,
  valid_during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(valid_from, valid_until)) STORED,
  CONSTRAINT area_boundary_pkey PRIMARY KEY (county, id),
  CONSTRAINT area_boundary_shape_check CHECK (shape ->> 'type' IN ('Polygon', 'MultiPolygon')),
  CONSTRAINT area_boundary_bounds_check CHECK (west <= east AND south <= north),
  CONSTRAINT area_boundary_one_excl EXCLUDE USING gist (county WITH =, area_id WITH =, valid_during WITH &&)
);
CREATE INDEX area_boundary_area ON area_boundary (county, area_id, valid_from);
CREATE INDEX area_boundary_south ON area_boundary (county, south);
COMMENT ON TABLE area_boundary IS 'Where an area lies: GeoJSON in WGS-84 (CGCS2000 differs by centimetres), each version with its interval.';
COMMENT ON COLUMN area_boundary.schematic IS 'A drawing, not a survey; pages say so.';
SELECT tenant_table('area_boundary');
REVOKE DELETE ON area_boundary FROM tongxin_app;

CREATE TABLE area_cover (
  county text NOT NULL,
  id uuid NOT NULL,
  area_id uuid NOT NULL,
  covered_id uuid NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_until timestamptz,
  valid_during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(valid_from, valid_until)) STORED,
  CONSTRAINT area_cover_pkey PRIMARY KEY (county, id),
  CONSTRAINT area_cover_self_check CHECK (area_id <> covered_id),
  CONSTRAINT area_cover_one_excl EXCLUDE USING gist (county WITH =, area_id WITH =, covered_id WITH =, valid_during WITH &&)
);
CREATE INDEX area_cover_covered ON area_cover (county, covered_id);
CREATE INDEX area_cover_area ON area_cover (county, area_id);
COMMENT ON TABLE area_cover IS 'Which base areas an area of another net, or a large area (片), stands over: a police grid over one or two grids, a Party group over its micro-grids.';
SELECT tenant_table('area_cover');
REVOKE DELETE ON area_cover FROM tongxin_app;

CREATE TABLE post_role (
  county text NOT NULL,
  code text COLLATE "C" NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  grants jsonb NOT NULL,
  rung integer,
  version integer NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT post_role_pkey PRIMARY KEY (county, code),
  CONSTRAINT post_role_code_format CHECK (code ~ '^[a-z][A-Za-z0-9]{1,40}$'),
  CONSTRAINT post_role_version_positive CHECK (version >= 1)
);
COMMENT ON TABLE post_role IS 'What a role may do where a county decided otherwise than the shipped defaults, and roles of its own. Earlier versions are in the ledger.';
COMMENT ON COLUMN post_role.grants IS '[{action, purpose}]; the place comes from the post.';
COMMENT ON COLUMN post_role.rung IS 'Its step on the ladder of responsibility, lowest first; null stands outside it.';
SELECT tenant_table('post_role');

CREATE TABLE post (
  county text NOT NULL,
  id uuid NOT NULL,
  area_id uuid NOT NULL,
  role text COLLATE "C" NOT NULL,
  unit text COLLATE "C",
  name text NOT NULL,
  place integer NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_until timestamptz,
  valid_during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(valid_from, valid_until)) STORED,
  version integer NOT NULL,
  CONSTRAINT post_pkey PRIMARY KEY (county, id),
  CONSTRAINT post_place_check CHECK (place >= 1),
  CONSTRAINT post_unit_format CHECK (unit ~ '^[a-z][A-Za-z0-9]{1,40}$'),
  CONSTRAINT post_place_excl EXCLUDE USING gist (county WITH =, area_id WITH =, role WITH =, (coalesce(unit, '')) WITH =, place WITH =, valid_during WITH &&)
);
CREATE INDEX post_area ON post (county, area_id, role);
CREATE INDEX post_role_area ON post (county, role, area_id);
COMMENT ON TABLE post IS 'A chair: a role at an area, for a time. People come and go; what it may do follows the role.';
COMMENT ON COLUMN post.unit IS 'The department it belongs to (enforcement, cityCare …), where the role has several in one area.';
COMMENT ON COLUMN post.name IS 'What people call it, 王店镇平台调度; no personal data.';
COMMENT ON COLUMN post.place IS '1, 2, … where one area has several posts of the role; the first answers first.';
SELECT tenant_table('post');
REVOKE DELETE ON post FROM tongxin_app;

CREATE TABLE holding (
  county text NOT NULL,
  id uuid NOT NULL,
  post_id uuid NOT NULL,
  account_id uuid NOT NULL,
  slot text NOT NULL,
  held_from timestamptz NOT NULL,
  held_until timestamptz,
  held_during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(held_from, held_until)) STORED,
  CONSTRAINT holding_pkey PRIMARY KEY (county, id),
  CONSTRAINT holding_post_fkey FOREIGN KEY (county, post_id) REFERENCES post (county, id),
  CONSTRAINT holding_slot_check CHECK (slot IN ('A', 'B')),
  CONSTRAINT holding_one_holder_excl EXCLUDE USING gist (county WITH =, post_id WITH =, slot WITH =, held_during WITH &&),
  CONSTRAINT holding_one_slot_excl EXCLUDE USING gist (county WITH =, post_id WITH =, account_id WITH =, held_during WITH &&)
);
CREATE INDEX holding_post ON holding (county, post_id);
CREATE INDEX holding_account ON holding (county, account_id);
COMMENT ON TABLE holding IS 'Who holds a post and when, as A or as B (AB岗): one A and one B at a time, never one person as both.';
SELECT tenant_table('holding');
REVOKE DELETE ON holding FROM tongxin_app;

CREATE TABLE absence (
  county text NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  reason text NOT NULL,
  away_from timestamptz NOT NULL,
  away_until timestamptz,
  away_during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(away_from, away_until)) STORED,
  declared_by uuid,
  version integer NOT NULL,
  CONSTRAINT absence_pkey PRIMARY KEY (county, id),
  CONSTRAINT absence_reason_check CHECK (reason IN ('leave', 'trip', 'sick', 'training', 'rest', 'other')),
  CONSTRAINT absence_one_excl EXCLUDE USING gist (county WITH =, account_id WITH =, away_during WITH &&)
);
CREATE INDEX absence_account ON absence (county, account_id);
COMMENT ON TABLE absence IS 'When somebody is away, so that B acts for them; the reason is a word from a list, never a story.';
SELECT tenant_table('absence');
REVOKE DELETE ON absence FROM tongxin_app;

CREATE TABLE calendar_override (
  county text NOT NULL,
  day date NOT NULL,
  id uuid NOT NULL,
  works boolean NOT NULL,
  hours jsonb,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  removed boolean NOT NULL,
  version integer NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT calendar_override_pkey PRIMARY KEY (county, day),
  CONSTRAINT calendar_override_hours_check CHECK (hours IS NULL OR works)
);
COMMENT ON TABLE calendar_override IS 'Days on which the county works or rests otherwise than the State Council''s notice says; removed ones stay, so that the version counts on.';
SELECT tenant_table('calendar_override');
REVOKE DELETE ON calendar_override FROM tongxin_app;

CREATE TABLE county_setting (
  county text NOT NULL,
  key text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  value jsonb NOT NULL,
  version integer NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT county_setting_pkey PRIMARY KEY (county, key),
  CONSTRAINT county_setting_key_format CHECK (key ~ '^[a-z]+\.[a-zA-Z_]+$')
);
COMMENT ON TABLE county_setting IS 'What a county has set: office hours, texts. A key without a row has the shipped default.';
SELECT tenant_table('county_setting');
REVOKE DELETE ON county_setting FROM tongxin_app;

CREATE TABLE grid_version (
  county text NOT NULL,
  ground integer NOT NULL,
  duty integer NOT NULL,
  CONSTRAINT grid_version_pkey PRIMARY KEY (county)
);
COMMENT ON TABLE grid_version IS 'Raised by every change, so that each process knows when to read again what it keeps in memory.';
COMMENT ON COLUMN grid_version.ground IS 'Areas and boundaries: the index of the ground.';
COMMENT ON COLUMN grid_version.duty IS 'Areas, posts, holders, absences and roles: who is on duty.';
SELECT tenant_table('grid_version');
