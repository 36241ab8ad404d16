-- What the wall shows: counts that follow the ledger. Nothing here is a truth of its own; all of it can be dropped and counted anew.

CREATE TABLE insight_state (
  county text NOT NULL,
  next_index bigint NOT NULL,
  build_after uuid,
  built_at timestamptz,
  due_until timestamptz NOT NULL,
  stands_at timestamptz NOT NULL,
  CONSTRAINT insight_state_pkey PRIMARY KEY (county)
) WITH (fillfactor = 50);
COMMENT ON TABLE insight_state IS 'How far a county has been counted. Its row lock makes one counter per county.';
COMMENT ON COLUMN insight_state.next_index IS 'The first leaf of the ledger that is not counted yet.';
COMMENT ON COLUMN insight_state.build_after IS 'While the county is counted for the first time: the last matter taken; null before the first.';
COMMENT ON COLUMN insight_state.built_at IS 'When every matter had been counted once; null until then.';
COMMENT ON COLUMN insight_state.due_until IS 'Open matters due before this instant stand as overdue in the counts, those of the 24 hours after it as due soon; a reader adds what fell due since.';
COMMENT ON COLUMN insight_state.stands_at IS 'When the counts last held everything that was sealed.';
SELECT tenant_table('insight_state');

CREATE TABLE insight_matter (
  county text NOT NULL,
  id uuid NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  category text NOT NULL,
  state text NOT NULL,
  tone text NOT NULL,
  due_at timestamptz,
  due_provisional boolean NOT NULL,
  reported_at timestamptz NOT NULL,
  closed_at timestamptz,
  score text,
  rated_at timestamptz,
  CONSTRAINT insight_matter_pkey PRIMARY KEY (county, id)
) WITH (fillfactor = 85);
CREATE INDEX insight_matter_area ON insight_matter (county, area_path, closed_at, id);
CREATE INDEX insight_matter_due ON insight_matter (county, due_at, id) INCLUDE (area_path) WHERE closed_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX insight_matter_provisional ON insight_matter (county, id) WHERE due_provisional AND closed_at IS NULL;
COMMENT ON TABLE insight_matter IS 'Each matter as it was last counted: what a change is measured against, and what is counted where an area is small.';
SELECT tenant_table('insight_matter');

CREATE TABLE insight_area (
  county text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  open integer NOT NULL,
  overdue integer NOT NULL,
  due_soon integer NOT NULL,
  CONSTRAINT insight_area_pkey PRIMARY KEY (county, area_path)
) WITH (fillfactor = 50);
COMMENT ON TABLE insight_area IS 'Open matters of county, towns and villages; below a village the matters themselves are counted.';
SELECT tenant_table('insight_area');

CREATE TABLE insight_open (
  county text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  category text NOT NULL,
  state text NOT NULL,
  tone text NOT NULL,
  open integer NOT NULL,
  CONSTRAINT insight_open_pkey PRIMARY KEY (county, area_path, kind, category, state, tone)
) WITH (fillfactor = 50);
COMMENT ON TABLE insight_open IS 'The open matters of an area by what they are about and how far they are.';
SELECT tenant_table('insight_open');

CREATE TABLE insight_day (
  county text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  day date NOT NULL,
  opened integer NOT NULL,
  closed integer NOT NULL,
  voided integer NOT NULL,
  satisfied integer NOT NULL,
  fair integer NOT NULL,
  unsatisfied integer NOT NULL,
  close_hours double precision NOT NULL,
  close_histogram integer[] NOT NULL,
  CONSTRAINT insight_day_pkey PRIMARY KEY (county, area_path, day)
) WITH (fillfactor = 70);
COMMENT ON TABLE insight_day IS 'What was reported, closed and rated in an area on a day (Beijing time).';
COMMENT ON COLUMN insight_day.close_hours IS 'Hours from report to closure, added up over the closed.';
COMMENT ON COLUMN insight_day.close_histogram IS 'The closed by hours taken, in steps of 15 %: percentiles of any span of days come from adding these.';
SELECT tenant_table('insight_day');
