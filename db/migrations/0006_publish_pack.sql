-- Packs as they were published. A matter keeps the version that it began with, so nothing here is ever changed.

CREATE TABLE pack_version (
  county text NOT NULL,
  pack text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  sha256 bytea NOT NULL,
  content jsonb NOT NULL,
  own boolean NOT NULL,
  published_by uuid,
  published_at timestamptz NOT NULL,
  CONSTRAINT pack_version_pkey PRIMARY KEY (county, pack, version),
  CONSTRAINT pack_version_content UNIQUE (county, pack, sha256),
  CONSTRAINT pack_version_positive CHECK (version >= 1),
  CONSTRAINT pack_version_name CHECK (pack ~ '^[a-z][A-Za-z0-9]{0,39}$')
);
COMMENT ON TABLE pack_version IS 'Published versions of packs: immutable; a county numbers its own.';
COMMENT ON COLUMN pack_version.sha256 IS 'SHA-256 of the JCS bytes of content.';
COMMENT ON COLUMN pack_version.own IS 'The county''s own edited copy; false: as it came with the release.';
COMMENT ON COLUMN pack_version.published_by IS 'Account; null when the release itself brought it.';
SELECT append_only_table('pack_version');

CREATE TABLE kind_current (
  county text NOT NULL,
  kind text COLLATE "C" NOT NULL,
  pack text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT kind_current_pkey PRIMARY KEY (county, kind),
  CONSTRAINT kind_current_pack_fkey FOREIGN KEY (county, pack, version) REFERENCES pack_version (county, pack, version)
);
CREATE INDEX kind_current_pack ON kind_current (county, pack, version);
COMMENT ON TABLE kind_current IS 'Which version new matters of a kind begin with. A kind belongs to one pack of the county for good.';
SELECT tenant_table('kind_current');
REVOKE DELETE ON kind_current FROM tongxin_app;
