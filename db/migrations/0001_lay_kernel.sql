-- The rules that every table follows, as functions that the later migrations call.

-- Gives a tenant table its one policy (the county) and the application's rights.
CREATE FUNCTION tenant_table(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY %I ON %I USING (county = current_setting(''app.county'', true))', name || '_county', name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO tongxin_app', name);
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    EXECUTE format('SELECT create_distributed_table(%L, ''county'')', name);
  END IF;
END $$;
COMMENT ON FUNCTION tenant_table(text) IS 'Row-level security by county, forced; all rights but TRUNCATE for the application.';

-- A tenant table in which nothing is ever changed or removed.
CREATE FUNCTION append_only_table(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tenant_table(name);
  EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM tongxin_app', name);
END $$;
COMMENT ON FUNCTION append_only_table(text) IS 'A tenant table in which the application may read and insert, nothing else.';

-- A small table that every county shares.
CREATE FUNCTION reference_table(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT SELECT ON %I TO tongxin_app', name);
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    EXECUTE format('SELECT create_reference_table(%L)', name);
  END IF;
END $$;
COMMENT ON FUNCTION reference_table(text) IS 'A table shared by all counties; the application reads it.';

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE idempotency (
  county text NOT NULL,
  owner text NOT NULL,
  key text NOT NULL,
  route text NOT NULL,
  request_hash bytea NOT NULL,
  answer bytea NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT idempotency_pkey PRIMARY KEY (county, owner, key)
);
CREATE INDEX idempotency_at ON idempotency (county, at);
COMMENT ON TABLE idempotency IS 'The first answer to each repeatable request; rows live 7 days.';
COMMENT ON COLUMN idempotency.owner IS 'Account, guest or token id; or the kind of an actor without one.';
COMMENT ON COLUMN idempotency.answer IS 'Sealed JSON: an answer may hold a progress code or a name.';
COMMENT ON COLUMN idempotency.request_hash IS 'SHA-256 of method, address and body.';
SELECT tenant_table('idempotency');

CREATE TABLE county (
  code text NOT NULL,
  name text NOT NULL,
  demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  CONSTRAINT county_pkey PRIMARY KEY (code),
  CONSTRAINT county_code_format CHECK (code ~ '^[0-9]{6}$')
);
COMMENT ON TABLE county IS 'The tenants of this installation; made by start (demo), init or seed as the application.';
SELECT reference_table('county');
GRANT INSERT ON county TO tongxin_app;
