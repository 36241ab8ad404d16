-- The diary of people on duty (民情日记): what was seen and heard at a door. History is the ledger; diary_version keeps the words.

CREATE TABLE diary_entry (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  author_id uuid NOT NULL,
  author_label text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  area_chosen boolean NOT NULL,
  longitude double precision,
  latitude double precision,
  accuracy_metres real,
  position_source text,
  kind text NOT NULL,
  done boolean NOT NULL,
  photos integer NOT NULL,
  words_sealed bytea,
  met_at timestamptz NOT NULL,
  met_on date NOT NULL,
  written_at timestamptz NOT NULL,
  follow_up_on date,
  follow_up_told_at timestamptz,
  follows_id uuid,
  followed_by uuid,
  matter_id uuid,
  CONSTRAINT diary_entry_pkey PRIMARY KEY (county, id),
  CONSTRAINT diary_entry_follows_fkey FOREIGN KEY (county, follows_id) REFERENCES diary_entry (county, id),
  CONSTRAINT diary_entry_version_positive CHECK (version >= 1),
  CONSTRAINT diary_entry_photos_count CHECK (photos BETWEEN 0 AND 9)
);
CREATE INDEX diary_entry_author ON diary_entry (county, author_id, met_at, id);
CREATE INDEX diary_entry_author_day ON diary_entry (county, author_id, met_on, kind);
CREATE INDEX diary_entry_met ON diary_entry (county, met_at, id, area_path);
CREATE INDEX diary_entry_area_day ON diary_entry (county, met_on, area_path, kind);
CREATE UNIQUE INDEX diary_entry_matter ON diary_entry (county, matter_id) WHERE matter_id IS NOT NULL;
CREATE INDEX diary_entry_follow_up ON diary_entry (county, follow_up_on)
  WHERE follow_up_on IS NOT NULL AND follow_up_told_at IS NULL AND followed_by IS NULL;
CREATE INDEX diary_entry_kept ON diary_entry (county, written_at) WHERE words_sealed IS NOT NULL;
COMMENT ON TABLE diary_entry IS '民情日记: one visit, talk or round as it stands now; corrections are new rows of diary_version.';
COMMENT ON COLUMN diary_entry.author_label IS 'The post in which it was written, as people say it; the name follows the account.';
COMMENT ON COLUMN diary_entry.words_sealed IS 'Sealed JSON {text, visited, address}; null once the time for keeping it is over.';
COMMENT ON COLUMN diary_entry.done IS '小事当场办: settled on the spot, nothing else to do.';
COMMENT ON COLUMN diary_entry.met_on IS 'Day of met_at in Beijing time.';
COMMENT ON COLUMN diary_entry.follow_up_told_at IS 'When the author was reminded; null until then.';
COMMENT ON COLUMN diary_entry.followed_by IS 'The entry of the visit that followed.';
COMMENT ON COLUMN diary_entry.matter_id IS 'The matter that it became; at most one.';
SELECT tenant_table('diary_entry');
REVOKE DELETE ON diary_entry FROM tongxin_app;

CREATE TABLE diary_version (
  county text NOT NULL,
  diary_id uuid NOT NULL,
  version integer NOT NULL,
  kind text NOT NULL,
  done boolean NOT NULL,
  follow_up_on date,
  words_sealed bytea,
  salt bytea,
  by_account uuid NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT diary_version_pkey PRIMARY KEY (county, diary_id, version),
  CONSTRAINT diary_version_entry_fkey FOREIGN KEY (county, diary_id) REFERENCES diary_entry (county, id)
);
COMMENT ON TABLE diary_version IS 'What was written, and each correction; the ledger entry of that version holds the salted commitment.';
COMMENT ON COLUMN diary_version.words_sealed IS 'Sealed JSON {text, visited, address, reason}; null once the time for keeping it is over.';
COMMENT ON COLUMN diary_version.salt IS 'Salt of the commitment; it goes with the words, and the ledger stays valid.';
SELECT tenant_table('diary_version');
REVOKE DELETE ON diary_version FROM tongxin_app;

CREATE TABLE diary_unmasking (
  county text NOT NULL,
  id uuid NOT NULL,
  diary_id uuid NOT NULL,
  by_account uuid NOT NULL,
  purpose text NOT NULL,
  reason text NOT NULL,
  salt bytea NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT diary_unmasking_pkey PRIMARY KEY (county, id),
  CONSTRAINT diary_unmasking_entry_fkey FOREIGN KEY (county, diary_id) REFERENCES diary_entry (county, id)
);
CREATE INDEX diary_unmasking_entry ON diary_unmasking (county, diary_id, at);
COMMENT ON TABLE diary_unmasking IS 'Who looked behind the mask of a diary entry, and why; the ledger entry holds the salted commitment of the reason.';
SELECT append_only_table('diary_unmasking');
