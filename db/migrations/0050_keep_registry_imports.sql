-- Sheets of people and organisations that somebody hands in: looked at, mapped, tried dry, taken in batch by batch.

CREATE TABLE registry_import (
  county text NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  file_name text NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 text NOT NULL,
  object_key text,
  key_sealed bytea,
  look_sealed bytea,
  settings jsonb,
  rows_total integer,
  rows_done integer NOT NULL,
  batches integer NOT NULL,
  checked jsonb,
  taken jsonb,
  trouble text,
  claimed_by text,
  claimed_until timestamptz,
  by_account uuid,
  by_label text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  finished_at timestamptz,
  CONSTRAINT registry_import_pkey PRIMARY KEY (county, id),
  CONSTRAINT registry_import_kind_check CHECK (kind IN ('people', 'organisations')),
  CONSTRAINT registry_import_state_check CHECK (state IN ('reading', 'mapping', 'checking', 'checked', 'running', 'paused', 'done', 'failed', 'cancelled')),
  CONSTRAINT registry_import_rows_check CHECK (rows_done >= 0 AND batches >= 0)
);
CREATE INDEX registry_import_open ON registry_import (county, updated_at, id) WHERE state IN ('reading', 'checking', 'running');
CREATE INDEX registry_import_kept ON registry_import (county, finished_at, id) WHERE object_key IS NOT NULL;
CREATE INDEX registry_import_list ON registry_import (county, area_path, id);
COMMENT ON TABLE registry_import IS 'A sheet on its way into the registry. How far it is stands in rows_done and is moved in the transaction that writes the rows: whatever dies, nothing is taken in twice.';
COMMENT ON COLUMN registry_import.key_sealed IS 'Key of the stored file, which lies encrypted; forgetting it forgets the file.';
COMMENT ON COLUMN registry_import.look_sealed IS 'Sealed JSON: sheets with their headings and a few rows, for mapping.';
COMMENT ON COLUMN registry_import.settings IS 'Sheet, heading rows, column of each field, area and estate of rows that name none, day of the sheet.';
COMMENT ON COLUMN registry_import.rows_done IS 'Records of the sheet that are done with, in their order; of the dry run first, then of the run.';
COMMENT ON COLUMN registry_import.checked IS 'Counts of the dry run: fresh, known, changed, conflict, refused, repeated, homes.';
COMMENT ON COLUMN registry_import.trouble IS 'Code of the fault that ended it.';
SELECT tenant_table('registry_import');

CREATE TABLE registry_import_problem (
  county text NOT NULL,
  import_id uuid NOT NULL,
  row_number integer NOT NULL,
  outcome text NOT NULL,
  problems_sealed bytea NOT NULL,
  CONSTRAINT registry_import_problem_pkey PRIMARY KEY (county, import_id, row_number),
  CONSTRAINT registry_import_problem_import_fkey FOREIGN KEY (county, import_id) REFERENCES registry_import (county, id),
  CONSTRAINT registry_import_problem_outcome_check CHECK (outcome IN ('refused', 'conflict'))
);
COMMENT ON TABLE registry_import_problem IS 'A row that is not taken in: what is wrong in which cell, sealed; gone with the file.';
SELECT tenant_table('registry_import_problem');

CREATE TABLE registry_import_batch (
  county text NOT NULL,
  import_id uuid NOT NULL,
  number integer NOT NULL,
  first_row integer NOT NULL,
  last_row integer NOT NULL,
  row_count integer NOT NULL,
  record_batches uuid[] NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT registry_import_batch_pkey PRIMARY KEY (county, import_id, number),
  CONSTRAINT registry_import_batch_import_fkey FOREIGN KEY (county, import_id) REFERENCES registry_import (county, id)
);
COMMENT ON TABLE registry_import_batch IS 'Rows taken in by one transaction, and the batches of records (subjects of registry.batch_saved) whose Merkle roots the ledger holds.';
SELECT append_only_table('registry_import_batch');

CREATE TABLE registry_sheet_mapping (
  county text NOT NULL,
  kind text NOT NULL,
  fingerprint text NOT NULL,
  columns jsonb NOT NULL,
  by_account uuid,
  at timestamptz NOT NULL,
  CONSTRAINT registry_sheet_mapping_pkey PRIMARY KEY (county, kind, fingerprint)
);
COMMENT ON TABLE registry_sheet_mapping IS 'What the columns of sheets with the same headings hold, as somebody said once: {field: column from 0}.';
SELECT tenant_table('registry_sheet_mapping');

CREATE TABLE registry_export (
  county text NOT NULL,
  id uuid NOT NULL,
  list text NOT NULL,
  area_paths text[] NOT NULL,
  filters text[] NOT NULL,
  reason text NOT NULL,
  salt bytea NOT NULL,
  by_account uuid NOT NULL,
  by_label text NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT registry_export_pkey PRIMARY KEY (county, id)
);
CREATE INDEX registry_export_at ON registry_export (county, at, id);
COMMENT ON TABLE registry_export IS 'Each roster that left the house: who, which, what for; the ledger entry holds a salted commitment to the reason.';
SELECT append_only_table('registry_export');
