-- Promises that can be proven: letters as a county words them, seals and who may use them, campaigns, one envelope for each
-- recipient with its signers, and the chain of what happened to it.

CREATE TABLE signing_letter (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  hash text NOT NULL,
  template jsonb NOT NULL,
  state text NOT NULL,
  shipped boolean NOT NULL,
  based_on uuid,
  by_account uuid,
  by_label text NOT NULL,
  approved_by uuid,
  approved_label text,
  approved_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT signing_letter_pkey PRIMARY KEY (county, id),
  CONSTRAINT signing_letter_version_positive CHECK (version >= 1),
  CONSTRAINT signing_letter_state_check CHECK (state IN ('draft', 'approved', 'retired')),
  CONSTRAINT signing_letter_hash_format CHECK (hash ~ '^[0-9a-f]{64}$')
);
CREATE UNIQUE INDEX signing_letter_hash ON signing_letter (county, hash) WHERE state <> 'draft';
CREATE INDEX signing_letter_code ON signing_letter (county, code, id);
COMMENT ON TABLE signing_letter IS 'A letter as this county words it. Approved, it never changes again: a change begins a new one.';
COMMENT ON COLUMN signing_letter.hash IS 'SHA-256 of the template''s canonical JSON: the version that somebody signed.';
COMMENT ON COLUMN signing_letter.based_on IS 'The letter from which this one was begun.';
SELECT tenant_table('signing_letter');

CREATE TABLE signing_seal (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  organisation_id uuid,
  area_path text COLLATE "C" NOT NULL,
  state text NOT NULL,
  certificate text NOT NULL,
  valid_until timestamptz NOT NULL,
  picture bytea,
  by_account uuid,
  by_label text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT signing_seal_pkey PRIMARY KEY (county, id),
  CONSTRAINT signing_seal_version_positive CHECK (version >= 1),
  CONSTRAINT signing_seal_state_check CHECK (state IN ('active', 'retired'))
);
CREATE INDEX signing_seal_area ON signing_seal (county, area_path, id);
COMMENT ON TABLE signing_seal IS 'An organisation''s electronic seal; whoever holds signing.seal at its place decides on each use.';
COMMENT ON COLUMN signing_seal.certificate IS 'PEM; its key lies sealed in DATA_DIR/secrets, by the seal''s id.';
COMMENT ON COLUMN signing_seal.picture IS 'PNG of the impression; null draws one from the name.';
SELECT tenant_table('signing_seal');

CREATE TABLE signing_campaign (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  title text NOT NULL,
  letter_id uuid NOT NULL,
  letter_hash text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  organiser text NOT NULL,
  identity_level text NOT NULL,
  signing_order text NOT NULL,
  minor_allowed boolean NOT NULL,
  fixed jsonb NOT NULL,
  deadline timestamptz NOT NULL,
  reminders integer[] NOT NULL,
  state text NOT NULL,
  source text NOT NULL,
  seal_id uuid,
  seal_state text NOT NULL,
  seal_by uuid,
  seal_label text,
  seal_at timestamptz,
  by_account uuid NOT NULL,
  by_label text NOT NULL,
  created_at timestamptz NOT NULL,
  checked_at timestamptz,
  started_at timestamptz,
  closed_at timestamptz,
  CONSTRAINT signing_campaign_pkey PRIMARY KEY (county, id),
  CONSTRAINT signing_campaign_letter_fkey FOREIGN KEY (county, letter_id) REFERENCES signing_letter (county, id),
  CONSTRAINT signing_campaign_seal_fkey FOREIGN KEY (county, seal_id) REFERENCES signing_seal (county, id),
  CONSTRAINT signing_campaign_version_positive CHECK (version >= 1),
  CONSTRAINT signing_campaign_identity_check CHECK (identity_level IN ('phone', 'registry', 'face')),
  CONSTRAINT signing_campaign_order_check CHECK (signing_order IN ('sequence', 'parallel')),
  CONSTRAINT signing_campaign_state_check CHECK (state IN ('draft', 'checked', 'running', 'paused', 'closed')),
  CONSTRAINT signing_campaign_seal_state_check CHECK (seal_state IN ('none', 'asked', 'approved', 'refused'))
);
CREATE INDEX signing_campaign_area ON signing_campaign (county, area_path, id);
CREATE INDEX signing_campaign_live ON signing_campaign (county, id) WHERE state = 'running';
CREATE INDEX signing_campaign_seal ON signing_campaign (county, seal_id, id) WHERE seal_state = 'asked';
COMMENT ON TABLE signing_campaign IS 'One letter sent to many: who asks, how signers show who they are, until when.';
COMMENT ON COLUMN signing_campaign.fixed IS 'Values that the sender gives for every recipient, by variable.';
COMMENT ON COLUMN signing_campaign.reminders IS 'Days after the first message on which whoever has not signed is reminded.';
COMMENT ON COLUMN signing_campaign.seal_state IS 'Whether whoever keeps the seal agreed to its use in this campaign.';
SELECT tenant_table('signing_campaign');
REVOKE DELETE ON signing_campaign FROM tongxin_app;

CREATE TABLE signing_collaborator (
  county text NOT NULL,
  campaign_id uuid NOT NULL,
  account_id uuid NOT NULL,
  part text NOT NULL,
  by_account uuid,
  at timestamptz NOT NULL,
  CONSTRAINT signing_collaborator_pkey PRIMARY KEY (county, campaign_id, account_id),
  CONSTRAINT signing_collaborator_campaign_fkey FOREIGN KEY (county, campaign_id) REFERENCES signing_campaign (county, id),
  CONSTRAINT signing_collaborator_part_check CHECK (part IN ('manage', 'follow'))
);
CREATE INDEX signing_collaborator_account ON signing_collaborator (county, account_id, campaign_id);
COMMENT ON TABLE signing_collaborator IS 'A and B of a campaign: who stands in for its author, to run it or only to follow it.';
SELECT tenant_table('signing_collaborator');

CREATE TABLE signing_envelope (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  campaign_id uuid NOT NULL,
  row_number integer NOT NULL,
  letter_id uuid NOT NULL,
  letter_hash text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  subject_kind text NOT NULL,
  subject_id uuid,
  recipient_sealed bytea NOT NULL,
  phone_blind bytea,
  name_blind bytea,
  variables_sealed bytea NOT NULL,
  problems jsonb NOT NULL,
  state text NOT NULL,
  verify_code text NOT NULL,
  signers integer NOT NULL,
  signed integer NOT NULL,
  chain_seq integer NOT NULL,
  chain_hash bytea NOT NULL,
  document_sha256 text,
  file_id uuid,
  address text NOT NULL,
  supersedes uuid,
  superseded_by uuid,
  reason_sealed bytea,
  trouble text,
  tries integer NOT NULL,
  try_at timestamptz,
  claimed_until timestamptz,
  valid_until timestamptz,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  remind_at timestamptz,
  reminded integer NOT NULL,
  expires_at timestamptz NOT NULL,
  opened_at timestamptz,
  signed_at timestamptz,
  sealed_at timestamptz,
  ended_at timestamptz,
  CONSTRAINT signing_envelope_pkey PRIMARY KEY (county, id),
  CONSTRAINT signing_envelope_campaign_fkey FOREIGN KEY (county, campaign_id) REFERENCES signing_campaign (county, id),
  CONSTRAINT signing_envelope_version_positive CHECK (version >= 1),
  CONSTRAINT signing_envelope_state_check CHECK (state IN ('draft', 'waiting', 'sent', 'opened', 'consented', 'identified',
    'signed', 'sealing', 'sealed', 'declined', 'expired', 'revoked', 'superseded')),
  CONSTRAINT signing_envelope_subject_check CHECK (subject_kind IN ('person', 'household', 'premises', 'organisation', 'none')),
  CONSTRAINT signing_envelope_sealed CHECK ((state = 'sealed') <= (document_sha256 IS NOT NULL AND file_id IS NOT NULL))
);
CREATE UNIQUE INDEX signing_envelope_row ON signing_envelope (county, campaign_id, row_number, id);
CREATE UNIQUE INDEX signing_envelope_code ON signing_envelope (county, verify_code);
CREATE INDEX signing_envelope_state ON signing_envelope (county, campaign_id, state, id);
CREATE INDEX signing_envelope_area ON signing_envelope (county, campaign_id, area_path, id);
CREATE INDEX signing_envelope_open ON signing_envelope (county, area_path, id)
  WHERE state IN ('sent', 'opened', 'consented', 'identified', 'signed');
CREATE INDEX signing_envelope_waiting ON signing_envelope (county, campaign_id, id) WHERE state = 'waiting';
CREATE INDEX signing_envelope_sealing ON signing_envelope (county, try_at, id) WHERE state = 'sealing';
CREATE INDEX signing_envelope_due ON signing_envelope (county, expires_at, id)
  WHERE state IN ('waiting', 'sent', 'opened', 'consented', 'identified', 'signed');
CREATE INDEX signing_envelope_remind ON signing_envelope (county, remind_at, id) WHERE remind_at IS NOT NULL;
CREATE INDEX signing_envelope_document ON signing_envelope (county, document_sha256) WHERE document_sha256 IS NOT NULL;
CREATE INDEX signing_envelope_subject ON signing_envelope (county, subject_id, id) WHERE subject_id IS NOT NULL;
COMMENT ON TABLE signing_envelope IS 'One letter for one recipient, from the first check to the sealed document.';
COMMENT ON COLUMN signing_envelope.recipient_sealed IS 'Sealed JSON {name, phone, citizenId} of whom it is for.';
COMMENT ON COLUMN signing_envelope.variables_sealed IS 'Sealed JSON: the letter''s values by variable, the signer''s own answers among them.';
COMMENT ON COLUMN signing_envelope.problems IS 'What the check before sending found: [{code, variable, params}]; such a row is never sent.';
COMMENT ON COLUMN signing_envelope.chain_hash IS 'Hash of the last event in signing_evidence.';
COMMENT ON COLUMN signing_envelope.trouble IS 'Why it is not sealed yet: a code that staff read in words.';
COMMENT ON COLUMN signing_envelope.verify_code IS 'Stands on the paper and in its QR: county and random characters.';
SELECT tenant_table('signing_envelope');

CREATE TABLE signing_signer (
  county text NOT NULL,
  envelope_id uuid NOT NULL,
  position integer NOT NULL,
  role text NOT NULL,
  who_sealed bytea NOT NULL,
  phone_blind bytea,
  person_id uuid,
  state text NOT NULL,
  identified_by text,
  consent_hash text,
  key_spki bytea,
  certificate bytea,
  signature bytea,
  mark_sealed bytea,
  helper text,
  sent_at timestamptz,
  opened_at timestamptz,
  signed_at timestamptz,
  CONSTRAINT signing_signer_pkey PRIMARY KEY (county, envelope_id, position),
  CONSTRAINT signing_signer_envelope_fkey FOREIGN KEY (county, envelope_id) REFERENCES signing_envelope (county, id),
  CONSTRAINT signing_signer_state_check CHECK (state IN ('waiting', 'sent', 'opened', 'consented', 'identified', 'signed', 'declined'))
);
CREATE INDEX signing_signer_phone ON signing_signer (county, phone_blind, envelope_id) WHERE phone_blind IS NOT NULL;
COMMENT ON TABLE signing_signer IS 'Who has to sign an envelope, in which order, and how far each has come.';
COMMENT ON COLUMN signing_signer.who_sealed IS 'Sealed JSON {name, phone, citizenId}.';
COMMENT ON COLUMN signing_signer.mark_sealed IS 'Sealed JSON {strokes, typed}: what was drawn; deleted with the envelope.';
COMMENT ON COLUMN signing_signer.helper IS 'Who helped at the door or the counter, as a post.';
SELECT tenant_table('signing_signer');

CREATE TABLE signing_link (
  county text NOT NULL,
  token_hash bytea NOT NULL,
  envelope_id uuid NOT NULL,
  position integer NOT NULL,
  made_at timestamptz NOT NULL,
  CONSTRAINT signing_link_pkey PRIMARY KEY (county, token_hash),
  CONSTRAINT signing_link_signer_fkey FOREIGN KEY (county, envelope_id, position) REFERENCES signing_signer (county, envelope_id, position)
);
CREATE INDEX signing_link_signer ON signing_link (county, envelope_id, position);
COMMENT ON TABLE signing_link IS 'The links by which a signer''s phone comes in: SHA-256 of their tokens, nothing more.';
SELECT append_only_table('signing_link');

CREATE TABLE signing_message (
  county text NOT NULL,
  envelope_id uuid NOT NULL,
  position integer NOT NULL,
  step text NOT NULL,
  sms_id uuid NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT signing_message_pkey PRIMARY KEY (county, envelope_id, position, step)
);
COMMENT ON TABLE signing_message IS 'Each message to a recipient, once per step: whatever crashes, nobody is told twice.';
SELECT append_only_table('signing_message');

CREATE TABLE signing_document (
  county text NOT NULL,
  envelope_id uuid NOT NULL,
  position integer NOT NULL,
  pdf bytea NOT NULL,
  attributes bytea,
  certificate bytea,
  key_spki bytea,
  based_on integer NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT signing_document_pkey PRIMARY KEY (county, envelope_id, position)
);
COMMENT ON TABLE signing_document IS 'Documents on their way: position 0 as signed so far, else the draft that a signer''s phone signs. Gone once sealed.';
COMMENT ON COLUMN signing_document.based_on IS 'How many signatures the draft builds on; another one meanwhile makes it stale.';
SELECT tenant_table('signing_document');

CREATE TABLE signing_evidence (
  county text NOT NULL,
  envelope_id uuid NOT NULL,
  seq integer NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  by_label text NOT NULL,
  body jsonb NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT signing_evidence_pkey PRIMARY KEY (county, envelope_id, seq)
);
COMMENT ON TABLE signing_evidence IS 'What happened to an envelope, each event bound to the one before: SHA-256 of the canonical JSON of {envelope, seq, kind, at, by, body, previous}.';
COMMENT ON COLUMN signing_evidence.body IS 'Codes, hashes and numbers; no personal data.';
SELECT append_only_table('signing_evidence');

CREATE TABLE signing_tally (
  county text NOT NULL,
  campaign_id uuid NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  faulty integer NOT NULL,
  waiting integer NOT NULL,
  sent integer NOT NULL,
  opened integer NOT NULL,
  signed integer NOT NULL,
  sealed integer NOT NULL,
  declined integer NOT NULL,
  ended integer NOT NULL,
  CONSTRAINT signing_tally_pkey PRIMARY KEY (county, campaign_id, area_path)
);
COMMENT ON TABLE signing_tally IS 'How many envelopes of a campaign stand where, by micro-grid; kept by whoever moves one.';
SELECT tenant_table('signing_tally');

CREATE TABLE signing_hour (
  county text NOT NULL,
  campaign_id uuid NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  hour timestamptz NOT NULL,
  signed integer NOT NULL,
  CONSTRAINT signing_hour_pkey PRIMARY KEY (county, campaign_id, area_path, hour)
);
COMMENT ON TABLE signing_hour IS 'How many signed in each hour, by micro-grid: the live curve.';
SELECT tenant_table('signing_hour');
