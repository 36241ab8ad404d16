-- Door to door: a campaign says who is to be visited, targets are the doors that it concerns as the registry has them, a visit is
-- recorded once by whoever of the three forces was there and fills every campaign that wants the door.

CREATE TABLE visit_campaign (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  who jsonb NOT NULL,
  questions jsonb NOT NULL,
  from_on date NOT NULL,
  until_on date NOT NULL,
  state text NOT NULL,
  by_account uuid NOT NULL,
  by_label text NOT NULL,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  filled_at timestamptz,
  walk_area text COLLATE "C" NOT NULL,
  walk_key text COLLATE "C" NOT NULL,
  walk_id uuid,
  followed_at timestamptz NOT NULL,
  CONSTRAINT visit_campaign_pkey PRIMARY KEY (county, id),
  CONSTRAINT visit_campaign_version_positive CHECK (version >= 1),
  CONSTRAINT visit_campaign_state_check CHECK (state IN ('open', 'paused', 'closed')),
  CONSTRAINT visit_campaign_days CHECK (until_on >= from_on),
  CONSTRAINT visit_campaign_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX visit_campaign_live ON visit_campaign (county, id) WHERE state <> 'closed';
CREATE INDEX visit_campaign_opened ON visit_campaign (county, opened_at, id);
COMMENT ON TABLE visit_campaign IS 'A door-to-door campaign (敲门行动): whom to visit, what to ask, from which day to which.';
COMMENT ON COLUMN visit_campaign.who IS 'Whom it concerns: {uses, tags, ageFrom, ageUntil, kinds}; empty lists mean all.';
COMMENT ON COLUMN visit_campaign.filled_at IS 'When every door of its areas had been looked at once.';
COMMENT ON COLUMN visit_campaign.walk_area IS 'How far the round that keeps targets up to the registry has come; begins anew at the end.';
COMMENT ON COLUMN visit_campaign.followed_at IS 'Changes of the registry up to here are taken in.';
SELECT tenant_table('visit_campaign');
REVOKE DELETE ON visit_campaign FROM tongxin_app;

CREATE TABLE visit_campaign_area (
  county text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  campaign_id uuid NOT NULL,
  CONSTRAINT visit_campaign_area_pkey PRIMARY KEY (county, area_path, campaign_id),
  CONSTRAINT visit_campaign_area_campaign_fkey FOREIGN KEY (county, campaign_id) REFERENCES visit_campaign (county, id)
);
CREATE INDEX visit_campaign_area_campaign ON visit_campaign_area (county, campaign_id);
COMMENT ON TABLE visit_campaign_area IS 'The subtrees over which a campaign goes; none lies in another of the same campaign.';
SELECT tenant_table('visit_campaign_area');

CREATE TABLE visit_target (
  county text NOT NULL,
  campaign_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  premises_id uuid NOT NULL,
  household_id uuid,
  building_id uuid NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  wanted boolean NOT NULL,
  result text,
  answered boolean NOT NULL,
  persons integer NOT NULL,
  missing integer NOT NULL,
  tries integer NOT NULL,
  visit_id uuid,
  visited_at timestamptz,
  next_on date,
  added_at timestamptz NOT NULL,
  CONSTRAINT visit_target_pkey PRIMARY KEY (county, campaign_id, subject_id),
  CONSTRAINT visit_target_campaign_fkey FOREIGN KEY (county, campaign_id) REFERENCES visit_campaign (county, id),
  CONSTRAINT visit_target_result_check CHECK (result IN ('visited', 'nobodyHome', 'refused')),
  CONSTRAINT visit_target_missing_part CHECK (missing >= 0 AND missing <= persons),
  CONSTRAINT visit_target_visited CHECK ((result IS NULL) = (visit_id IS NULL))
);
CREATE INDEX visit_target_area ON visit_target (county, campaign_id, area_path, sort_key, subject_id) WHERE wanted;
CREATE INDEX visit_target_premises ON visit_target (county, premises_id);
CREATE INDEX visit_target_building ON visit_target (county, campaign_id, building_id) WHERE wanted;
COMMENT ON TABLE visit_target IS 'A door that a campaign concerns: a household, or premises without one. Coverage is a count of these rows.';
COMMENT ON COLUMN visit_target.subject_id IS 'The household; the premises where nobody lives in a household.';
COMMENT ON COLUMN visit_target.wanted IS 'False once the registry says that it is no door of this campaign any more.';
COMMENT ON COLUMN visit_target.result IS 'The best that came of it so far: visited stays visited.';
COMMENT ON COLUMN visit_target.missing IS 'Persons of visit_target_person of whom nobody knows yet; kept with them.';
SELECT tenant_table('visit_target');

CREATE TABLE visit_target_person (
  county text NOT NULL,
  campaign_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  person_id uuid NOT NULL,
  fate text,
  visit_id uuid,
  at timestamptz,
  CONSTRAINT visit_target_person_pkey PRIMARY KEY (county, campaign_id, subject_id, person_id),
  CONSTRAINT visit_target_person_fate_check CHECK (fate IN ('met', 'vouched', 'away', 'left'))
);
COMMENT ON TABLE visit_target_person IS 'Who should be found behind a door of a campaign; without a fate nobody has met or heard of them yet.';
COMMENT ON COLUMN visit_target_person.fate IS 'met in person, vouched for by the family, away for a time, left for good.';
SELECT tenant_table('visit_target_person');

CREATE TABLE visit (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  subject_id uuid NOT NULL,
  premises_id uuid NOT NULL,
  household_id uuid,
  area_path text COLLATE "C" NOT NULL,
  result text NOT NULL,
  force text NOT NULL,
  duties text[] NOT NULL,
  by_account uuid NOT NULL,
  by_label text NOT NULL,
  met_at timestamptz NOT NULL,
  written_at timestamptz NOT NULL,
  next_on date,
  words_sealed bytea,
  salt bytea,
  photos integer NOT NULL,
  campaigns integer NOT NULL,
  corrections integer NOT NULL,
  conflicts integer NOT NULL,
  matter_id uuid,
  CONSTRAINT visit_pkey PRIMARY KEY (county, id),
  CONSTRAINT visit_version_positive CHECK (version >= 1),
  CONSTRAINT visit_result_check CHECK (result IN ('visited', 'nobodyHome', 'refused')),
  CONSTRAINT visit_force_check CHECK (force IN ('grid', 'police', 'party'))
);
CREATE INDEX visit_subject ON visit (county, subject_id, met_at, id);
CREATE INDEX visit_premises ON visit (county, premises_id, met_at, id);
CREATE INDEX visit_area ON visit (county, area_path, met_at, id);
CREATE INDEX visit_by ON visit (county, by_account, met_at, id);
CREATE INDEX visit_kept ON visit (county, written_at, id) WHERE words_sealed IS NOT NULL;
COMMENT ON TABLE visit IS 'One visit at one door, recorded once by police, micro-grid head or home branch; kept as a fact when its words are gone.';
COMMENT ON COLUMN visit.duties IS 'What was done there, of the eight joint duties (八联), by code.';
COMMENT ON COLUMN visit.words_sealed IS 'Sealed JSON {text, people, answers, corrections}; null once the time for keeping it is over.';
SELECT tenant_table('visit');
REVOKE DELETE ON visit FROM tongxin_app;

CREATE TABLE visit_conflict (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  visit_id uuid NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  premises_id uuid NOT NULL,
  record_id uuid NOT NULL,
  kind text NOT NULL,
  reason text NOT NULL,
  proposed_sealed bytea,
  based_on integer NOT NULL,
  found integer NOT NULL,
  state text NOT NULL,
  by_account uuid NOT NULL,
  made_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  CONSTRAINT visit_conflict_pkey PRIMARY KEY (county, id),
  CONSTRAINT visit_conflict_visit_fkey FOREIGN KEY (county, visit_id) REFERENCES visit (county, id),
  CONSTRAINT visit_conflict_kind_check CHECK (kind IN ('phone', 'left', 'joined', 'use')),
  CONSTRAINT visit_conflict_reason_check CHECK (reason IN ('changed', 'gone', 'known', 'noRight')),
  CONSTRAINT visit_conflict_state_check CHECK (state IN ('open', 'taken', 'dropped')),
  CONSTRAINT visit_conflict_decided CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX visit_conflict_open ON visit_conflict (county, area_path, made_at, id) WHERE state = 'open';
CREATE INDEX visit_conflict_visit ON visit_conflict (county, visit_id);
COMMENT ON TABLE visit_conflict IS 'A correction made at the door that the registry could not take by itself; a person decides, nothing is overwritten.';
COMMENT ON COLUMN visit_conflict.record_id IS 'The person or premises whose record it is about; for a new person the id that the phone proposed.';
SELECT tenant_table('visit_conflict');
REVOKE DELETE ON visit_conflict FROM tongxin_app;

CREATE TABLE steward_household (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  household_id uuid NOT NULL,
  account_id uuid NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  from_on date NOT NULL,
  until_on date,
  by_account uuid NOT NULL,
  CONSTRAINT steward_household_pkey PRIMARY KEY (county, id),
  CONSTRAINT steward_household_household_fkey FOREIGN KEY (county, household_id) REFERENCES household (county, id),
  CONSTRAINT steward_household_interval CHECK (until_on IS NULL OR until_on >= from_on)
);
CREATE UNIQUE INDEX steward_household_one ON steward_household (county, household_id) WHERE until_on IS NULL;
CREATE INDEX steward_household_account ON steward_household (county, account_id) WHERE until_on IS NULL;
CREATE INDEX steward_household_area ON steward_household (county, area_path, id) WHERE until_on IS NULL;
COMMENT ON TABLE steward_household IS 'Good-governance steward (善治管家): who looks after this household, from a day to a day.';
SELECT tenant_table('steward_household');
