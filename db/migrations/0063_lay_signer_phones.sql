-- The signer's phone: what one browser has done so far with one letter, until it has signed.

CREATE TABLE signing_session (
  county text NOT NULL,
  envelope_id uuid NOT NULL,
  position integer NOT NULL,
  device_hash bytea NOT NULL,
  consent_hash text NOT NULL,
  consented_at timestamptz NOT NULL,
  code_blind bytea,
  code_until timestamptz,
  code_wrong integer NOT NULL,
  phone_at timestamptz,
  registry_at timestamptz,
  face_at timestamptz,
  witness_at timestamptz,
  witness_account uuid,
  witness_label text,
  identified_at timestamptz,
  challenge bytea,
  challenge_moves text,
  challenge_document text,
  challenge_until timestamptz,
  transaction_sealed bytea,
  drafted text,
  kept_sealed bytea,
  ended_at timestamptz,
  CONSTRAINT signing_session_pkey PRIMARY KEY (county, envelope_id, position, device_hash),
  CONSTRAINT signing_session_signer_fkey FOREIGN KEY (county, envelope_id, position)
    REFERENCES signing_signer (county, envelope_id, position),
  CONSTRAINT signing_session_device_length CHECK (octet_length(device_hash) = 32),
  CONSTRAINT signing_session_witness_known CHECK ((witness_at IS NULL) = (witness_account IS NULL))
);
COMMENT ON TABLE signing_session IS 'How far one browser has come with one letter; whatever it proved counts for this browser alone.';
COMMENT ON COLUMN signing_session.device_hash IS 'SHA-256 of the browser''s own secret; the link on another phone begins anew.';
COMMENT ON COLUMN signing_session.identified_at IS 'When all that the letter asks was proved: only then is the letter shown.';
COMMENT ON COLUMN signing_session.challenge IS 'SHA-256 of the one-time number of the liveness check; null once it was used.';
COMMENT ON COLUMN signing_session.challenge_document IS 'SHA-256 of the words to be signed: an answer to another text is none.';
COMMENT ON COLUMN signing_session.transaction_sealed IS 'Sealed: the verifier''s transaction, where a provider compares the face with the person.';
COMMENT ON COLUMN signing_session.drafted IS 'SHA-256 of the document that this browser was shown last.';
COMMENT ON COLUMN signing_session.kept_sealed IS 'Sealed JSON: strokes with time and pressure, the guardian''s and the witness''s names.';
SELECT tenant_table('signing_session');

CREATE TABLE signing_try (
  county text NOT NULL,
  envelope_id uuid NOT NULL,
  position integer NOT NULL,
  kind text NOT NULL,
  day date NOT NULL,
  count integer NOT NULL,
  CONSTRAINT signing_try_pkey PRIMARY KEY (county, envelope_id, position, kind, day),
  CONSTRAINT signing_try_kind_check CHECK (kind IN ('code', 'registry', 'face', 'draft', 'help'))
);
COMMENT ON TABLE signing_try IS 'How often each thing was tried on one day for one signer, over all browsers.';
SELECT tenant_table('signing_try');
