-- What a signed document was before it was finished: a copy from on the way is told from the finished one by its hash alone.

CREATE TABLE signing_revision (
  county text NOT NULL,
  sha256 text NOT NULL,
  envelope_id uuid NOT NULL,
  signatures integer NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT signing_revision_pkey PRIMARY KEY (county, sha256),
  CONSTRAINT signing_revision_hash_format CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE signing_revision IS 'SHA-256 of a letter after each signature, before its seal; nothing else of it is kept.';
COMMENT ON COLUMN signing_revision.signatures IS 'How many signatures it carried then.';
SELECT append_only_table('signing_revision');
