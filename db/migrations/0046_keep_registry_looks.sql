-- What is kept around the registry's records: who looked at what is masked, what was done for a household, the chat groups of
-- the business grid, and how far the daily work has come.

CREATE TABLE registry_unmasking (
  county text NOT NULL,
  id uuid NOT NULL,
  subject_kind text NOT NULL,
  subject_id uuid NOT NULL,
  by_account uuid NOT NULL,
  by_label text NOT NULL,
  fields text[] NOT NULL,
  purpose text NOT NULL,
  reason text NOT NULL,
  salt bytea NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT registry_unmasking_pkey PRIMARY KEY (county, id),
  CONSTRAINT registry_unmasking_kind_check CHECK (subject_kind IN ('household', 'person', 'organisation', 'premises'))
);
CREATE INDEX registry_unmasking_subject ON registry_unmasking (county, subject_id, at DESC, id);
COMMENT ON TABLE registry_unmasking IS 'Each look behind a mask: who, what for, at which fields. The person it is about reads it.';
COMMENT ON COLUMN registry_unmasking.reason IS 'What the member of staff wrote; the ledger entry holds a salted commitment to it.';
SELECT append_only_table('registry_unmasking');

CREATE TABLE household_service (
  county text NOT NULL,
  household_id uuid NOT NULL,
  at timestamptz NOT NULL,
  id uuid NOT NULL,
  person_id uuid,
  kind text NOT NULL,
  ref_id uuid NOT NULL,
  by_label text NOT NULL,
  summary_sealed bytea,
  CONSTRAINT household_service_pkey PRIMARY KEY (county, household_id, at, id)
);
CREATE UNIQUE INDEX household_service_ref ON household_service (county, ref_id, household_id);
COMMENT ON TABLE household_service IS 'The service file of 一户两档: what was done for a household, added by visits and matters; newest first.';
COMMENT ON COLUMN household_service.ref_id IS 'The visit or matter; told again, it stays one line.';
SELECT tenant_table('household_service');

CREATE TABLE chat_group (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  channel text NOT NULL,
  audience text NOT NULL,
  members integer,
  owner_label text NOT NULL,
  checked_at timestamptz NOT NULL,
  closed_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT chat_group_pkey PRIMARY KEY (county, id),
  CONSTRAINT chat_group_kind_check CHECK (kind IN ('residents', 'gridWork')),
  CONSTRAINT chat_group_channel_check CHECK (channel IN ('wechat', 'qq', 'dingtalk', 'other')),
  CONSTRAINT chat_group_members_count CHECK (members IS NULL OR members >= 0)
);
CREATE INDEX chat_group_area ON chat_group (county, area_path, id) WHERE closed_at IS NULL;
COMMENT ON TABLE chat_group IS 'A group of the business grid (业格): residents'' exchange or grid work, by people or trade; who is in it is not kept.';
SELECT tenant_table('chat_group');

CREATE TABLE registry_progress (
  county text NOT NULL,
  work text NOT NULL,
  done_on date NOT NULL,
  CONSTRAINT registry_progress_pkey PRIMARY KEY (county, work)
);
COMMENT ON TABLE registry_progress IS 'The last day up to which daily work on the registry is done, so that a day without a running house is made up for.';
SELECT tenant_table('registry_progress');
