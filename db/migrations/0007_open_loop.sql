-- Matters from report to closure. History is the ledger; matter_step keeps what people wrote, which the ledger only commits to.

CREATE TABLE matter (
  county text NOT NULL,
  id uuid NOT NULL,
  number text NOT NULL,
  kind text NOT NULL,
  pack_version integer NOT NULL,
  category text NOT NULL,
  urgent boolean NOT NULL,
  text text NOT NULL,
  form jsonb NOT NULL,
  address text NOT NULL,
  longitude double precision,
  latitude double precision,
  accuracy_metres real,
  position_source text,
  area_path text COLLATE "C" NOT NULL,
  area_chosen boolean NOT NULL,
  channel text NOT NULL,
  reporter_kind text NOT NULL,
  reporter_id uuid,
  contact_sealed bytea,
  contact_blind bytea,
  state text NOT NULL,
  tone text NOT NULL,
  holder_role text NOT NULL,
  holder_unit text NOT NULL,
  holder_path text COLLATE "C" NOT NULL,
  holder_account uuid,
  handled_by uuid,
  state_entered_at timestamptz NOT NULL,
  due_at timestamptz,
  due_provisional boolean NOT NULL,
  clock jsonb NOT NULL,
  sweep_at timestamptz,
  overdue_level integer NOT NULL,
  progress_hash bytea NOT NULL,
  duplicate_of uuid,
  rating_score text,
  rating_comment text,
  rated_at timestamptz,
  version integer NOT NULL,
  moved_version integer NOT NULL,
  reported_at timestamptz NOT NULL,
  closed_at timestamptz,
  CONSTRAINT matter_pkey PRIMARY KEY (county, id),
  CONSTRAINT matter_duplicate_of_fkey FOREIGN KEY (county, duplicate_of) REFERENCES matter (county, id),
  CONSTRAINT matter_version_positive CHECK (version >= 1),
  CONSTRAINT matter_text_length CHECK (char_length(text) BETWEEN 1 AND 2000)
);
CREATE UNIQUE INDEX matter_number ON matter (county, number);
CREATE UNIQUE INDEX matter_progress ON matter (county, progress_hash);
CREATE INDEX matter_area ON matter (county, area_path, id);
CREATE INDEX matter_state ON matter (county, state, id);
CREATE INDEX matter_holder ON matter (county, holder_path, holder_role, holder_unit, due_at) WHERE closed_at IS NULL;
CREATE INDEX matter_due ON matter (county, due_at, id) WHERE closed_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX matter_sweep ON matter (county, sweep_at) WHERE sweep_at IS NOT NULL;
CREATE INDEX matter_reporter ON matter (county, reporter_id, id) WHERE reporter_id IS NOT NULL;
CREATE INDEX matter_contact ON matter (county, contact_blind, id) WHERE contact_blind IS NOT NULL;
CREATE INDEX matter_provisional ON matter (county, id) WHERE due_provisional AND closed_at IS NULL;
COMMENT ON TABLE matter IS 'One matter from report to closure; ends only by its own last step.';
COMMENT ON COLUMN matter.number IS '办件编号: county, day, running number; taken in blocks, so there are gaps.';
COMMENT ON COLUMN matter.area_chosen IS 'True when a person chose the area because the position was not certain to 50 m.';
COMMENT ON COLUMN matter.contact_sealed IS 'Sealed JSON {name, phone} of whom staff filed for; residents and guests stay in their account.';
COMMENT ON COLUMN matter.contact_blind IS 'Blind index of that phone.';
COMMENT ON COLUMN matter.holder_unit IS 'Department of the post (enforcement, cityCare …) where the role has several in one area; else empty.';
COMMENT ON COLUMN matter.clock IS 'What the deadline was counted from: {from, amount, unit, pauses[], extensions[]}.';
COMMENT ON COLUMN matter.moved_version IS 'Version of the last step that people must have seen before the next one; reminders and escalations do not raise it.';
COMMENT ON COLUMN matter.sweep_at IS 'When the sweep looks at it next: due, or the next escalation.';
COMMENT ON COLUMN matter.progress_hash IS 'SHA-256 of the progress code; the code stands only in the kept answer or the text message to the reporter, sealed, for 7 days.';
SELECT tenant_table('matter');
REVOKE DELETE ON matter FROM tongxin_app;

CREATE TABLE matter_step (
  county text NOT NULL,
  matter_id uuid NOT NULL,
  version integer NOT NULL,
  entry_id uuid NOT NULL,
  event text NOT NULL,
  move text,
  from_state text,
  to_state text NOT NULL,
  actor_id uuid,
  actor_label text NOT NULL,
  deputy_for uuid,
  form jsonb NOT NULL,
  file_ids uuid[] NOT NULL,
  holder_role text NOT NULL,
  holder_unit text NOT NULL,
  holder_path text COLLATE "C" NOT NULL,
  salt bytea NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT matter_step_pkey PRIMARY KEY (county, matter_id, version),
  CONSTRAINT matter_step_matter_fkey FOREIGN KEY (county, matter_id) REFERENCES matter (county, id)
);
CREATE INDEX matter_step_actor ON matter_step (county, actor_id, at) WHERE actor_id IS NOT NULL;
COMMENT ON TABLE matter_step IS 'What was written at each step; the ledger entry holds its salted commitment.';
COMMENT ON COLUMN matter_step.salt IS 'Salt of the commitment; clearing form and salt forgets the text without breaking the ledger.';
SELECT tenant_table('matter_step');
REVOKE DELETE ON matter_step FROM tongxin_app;

CREATE TABLE matter_number_block (
  county text NOT NULL,
  day date NOT NULL,
  next integer NOT NULL,
  CONSTRAINT matter_number_block_pkey PRIMARY KEY (county, day)
);
COMMENT ON TABLE matter_number_block IS 'The next free running number of each day; processes take blocks of 50.';
SELECT tenant_table('matter_number_block');

CREATE TABLE matter_unmasking (
  county text NOT NULL,
  id uuid NOT NULL,
  matter_id uuid NOT NULL,
  by_account uuid,
  purpose text NOT NULL,
  reason text NOT NULL,
  salt bytea NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT matter_unmasking_pkey PRIMARY KEY (county, id),
  CONSTRAINT matter_unmasking_matter_fkey FOREIGN KEY (county, matter_id) REFERENCES matter (county, id)
);
CREATE INDEX matter_unmasking_matter ON matter_unmasking (county, matter_id, at);
COMMENT ON TABLE matter_unmasking IS 'Who looked at a reporter''s name and number, and why; the ledger entry holds the salted commitment of the reason.';
SELECT append_only_table('matter_unmasking');
