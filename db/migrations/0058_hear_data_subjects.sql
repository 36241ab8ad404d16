-- The data subject's side: who has shown that a record is theirs, what they asked, what they agreed to.

CREATE TABLE own_confirmation (
  county text NOT NULL,
  session_id uuid NOT NULL,
  account_id uuid NOT NULL,
  person_id uuid NOT NULL,
  how text NOT NULL,
  by_account uuid,
  at timestamptz NOT NULL,
  CONSTRAINT own_confirmation_pkey PRIMARY KEY (county, session_id),
  CONSTRAINT own_confirmation_how_check CHECK (how IN ('idTail', 'staff')),
  CONSTRAINT own_confirmation_staff_named CHECK ((how = 'staff') = (by_account IS NOT NULL))
);
CREATE INDEX own_confirmation_account ON own_confirmation (county, account_id, at);
COMMENT ON TABLE own_confirmation IS 'In this session somebody showed that a record is their own; a new sign-in shows it anew, for a phone number may have got another owner.';
SELECT tenant_table('own_confirmation');

CREATE TABLE own_attempt (
  county text NOT NULL,
  account_id uuid NOT NULL,
  on_day date NOT NULL,
  tries integer NOT NULL,
  CONSTRAINT own_attempt_pkey PRIMARY KEY (county, account_id, on_day)
);
CREATE INDEX own_attempt_day ON own_attempt (county, on_day);
COMMENT ON TABLE own_attempt IS 'How often somebody tried to show that a record is theirs, by day; kept for a month.';
SELECT tenant_table('own_attempt');

CREATE TABLE own_request (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  kind text NOT NULL,
  account_id uuid NOT NULL,
  session_id uuid,
  person_id uuid,
  area_path text COLLATE "C" NOT NULL,
  field text,
  sealed bytea,
  salt bytea,
  state text NOT NULL,
  asked_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  due_provisional boolean NOT NULL,
  told_at timestamptz,
  answer_sealed bytea,
  answered_by uuid,
  answered_at timestamptz,
  CONSTRAINT own_request_pkey PRIMARY KEY (county, id),
  CONSTRAINT own_request_version_positive CHECK (version >= 1),
  CONSTRAINT own_request_kind_check CHECK (kind IN ('claim', 'correct', 'object', 'erase')),
  CONSTRAINT own_request_state_check CHECK (state IN ('open', 'accepted', 'refused', 'withdrawn')),
  CONSTRAINT own_request_person_known CHECK (kind = 'claim' OR person_id IS NOT NULL),
  CONSTRAINT own_request_answered CHECK ((state IN ('accepted', 'refused')) = (answered_at IS NOT NULL))
);
CREATE INDEX own_request_open ON own_request (county, area_path, due_at, id) WHERE state = 'open';
CREATE INDEX own_request_due ON own_request (county, due_at, id) WHERE state = 'open' AND told_at IS NULL;
CREATE INDEX own_request_account ON own_request (county, account_id, id);
CREATE INDEX own_request_person ON own_request (county, person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX own_request_answered_at ON own_request (county, answered_at, id) WHERE sealed IS NOT NULL AND answered_at IS NOT NULL;
COMMENT ON TABLE own_request IS 'What a data subject asked: to have something corrected or deleted, an objection, or that a record be opened to them.';
COMMENT ON COLUMN own_request.sealed IS 'Sealed JSON: the wish in words; forgotten three years after the answer.';
COMMENT ON COLUMN own_request.told_at IS 'When those who answer were reminded that the day is near.';
SELECT tenant_table('own_request');

CREATE TABLE consent (
  county text NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  purpose text NOT NULL,
  text_version integer NOT NULL,
  text_hash bytea NOT NULL,
  given_at timestamptz NOT NULL,
  given_by uuid NOT NULL,
  withdrawn_at timestamptz,
  CONSTRAINT consent_pkey PRIMARY KEY (county, id),
  CONSTRAINT consent_person_fkey FOREIGN KEY (county, person_id) REFERENCES person (county, id),
  CONSTRAINT consent_text_hash_length CHECK (octet_length(text_hash) = 32)
);
CREATE UNIQUE INDEX consent_lasting ON consent (county, person_id, purpose) WHERE withdrawn_at IS NULL;
COMMENT ON TABLE consent IS 'What a person agreed to, for which purpose, in which words, from when until when.';
COMMENT ON COLUMN consent.text_hash IS 'SHA-256 of the words agreed to, as src/registry/own/consent.ts has them in that version.';
SELECT tenant_table('consent');
