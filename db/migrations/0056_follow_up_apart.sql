-- Restricted follow-up of persons under a lawful measure. Everything about the person stands sealed in these tables and nowhere
-- else; no other table refers to them and they refer to none, so that whatever is asked of the registry answers the same without them.

CREATE TABLE follow_up (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  basis text NOT NULL,
  sealed bytea NOT NULL,
  salt bytea NOT NULL,
  state text NOT NULL,
  opened_by uuid NOT NULL,
  opened_at timestamptz NOT NULL,
  ends_on date NOT NULL,
  next_on date,
  next_told_at timestamptz,
  end_told_at timestamptz,
  ended_at timestamptz,
  delete_at timestamptz,
  CONSTRAINT follow_up_pkey PRIMARY KEY (county, id),
  CONSTRAINT follow_up_version_positive CHECK (version >= 1),
  CONSTRAINT follow_up_state_check CHECK (state IN ('open', 'ended')),
  CONSTRAINT follow_up_ended_whole CHECK ((state = 'ended') = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (delete_at IS NULL))
);
CREATE INDEX follow_up_area ON follow_up (county, area_path, id);
CREATE INDEX follow_up_next ON follow_up (county, next_on, id) WHERE next_told_at IS NULL AND state = 'open' AND next_on IS NOT NULL;
CREATE INDEX follow_up_ends ON follow_up (county, ends_on, id) WHERE state = 'open';
CREATE INDEX follow_up_delete ON follow_up (county, delete_at, id) WHERE delete_at IS NOT NULL;
COMMENT ON TABLE follow_up IS 'A follow-up that a law orders: seen by named staff alone, ended on its day, then deleted.';
COMMENT ON COLUMN follow_up.sealed IS 'Sealed JSON: who it is, the words of the legal basis, the registry record where there is one.';
COMMENT ON COLUMN follow_up.basis IS 'Code of the legal basis; it says nothing about whom.';
SELECT tenant_table('follow_up');

CREATE TABLE follow_up_staff (
  county text NOT NULL,
  follow_up_id uuid NOT NULL,
  account_id uuid NOT NULL,
  post_id uuid NOT NULL,
  named_by uuid,
  named_at timestamptz NOT NULL,
  CONSTRAINT follow_up_staff_pkey PRIMARY KEY (county, follow_up_id, account_id),
  CONSTRAINT follow_up_staff_follow_up_fkey FOREIGN KEY (county, follow_up_id) REFERENCES follow_up (county, id)
);
CREATE INDEX follow_up_staff_account ON follow_up_staff (county, account_id, follow_up_id);
COMMENT ON TABLE follow_up_staff IS 'The only people who may see a follow-up, each as long as they hold the post by which they were named.';
SELECT tenant_table('follow_up_staff');

CREATE TABLE follow_up_note (
  county text NOT NULL,
  id uuid NOT NULL,
  follow_up_id uuid NOT NULL,
  kind text NOT NULL,
  way text,
  met_on date,
  sealed bytea NOT NULL,
  salt bytea NOT NULL,
  by_account uuid NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT follow_up_note_pkey PRIMARY KEY (county, id),
  CONSTRAINT follow_up_note_follow_up_fkey FOREIGN KEY (county, follow_up_id) REFERENCES follow_up (county, id),
  CONSTRAINT follow_up_note_kind_check CHECK (kind IN ('contact', 'look'))
);
CREATE INDEX follow_up_note_follow_up ON follow_up_note (county, follow_up_id, at, id);
COMMENT ON TABLE follow_up_note IS 'What was written at a contact, and why somebody looked; deleted with the follow-up.';
SELECT tenant_table('follow_up_note');

CREATE TABLE follow_up_look (
  county text NOT NULL,
  id uuid NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  by_account uuid NOT NULL,
  purpose text NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT follow_up_look_pkey PRIMARY KEY (county, id)
);
CREATE INDEX follow_up_look_at ON follow_up_look (county, at, id);
COMMENT ON TABLE follow_up_look IS 'That somebody looked, when and what for; at whom, only the note of the same id says, which is deleted with the follow-up.';
SELECT append_only_table('follow_up_look');

CREATE TABLE follow_up_extension (
  county text NOT NULL,
  id uuid NOT NULL,
  follow_up_id uuid NOT NULL,
  basis text NOT NULL,
  sealed bytea NOT NULL,
  salt bytea NOT NULL,
  ends_on date NOT NULL,
  asked_by uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  approver uuid NOT NULL,
  decision text,
  decided_at timestamptz,
  CONSTRAINT follow_up_extension_pkey PRIMARY KEY (county, id),
  CONSTRAINT follow_up_extension_follow_up_fkey FOREIGN KEY (county, follow_up_id) REFERENCES follow_up (county, id),
  CONSTRAINT follow_up_extension_two_people CHECK (approver <> asked_by),
  CONSTRAINT follow_up_extension_decision_check CHECK (decision IN ('approved', 'refused'))
);
CREATE UNIQUE INDEX follow_up_extension_open ON follow_up_extension (county, follow_up_id) WHERE decision IS NULL;
CREATE INDEX follow_up_extension_approver ON follow_up_extension (county, approver, id) WHERE decision IS NULL;
COMMENT ON TABLE follow_up_extension IS 'A later end: a new legal basis, and somebody else who agrees to it.';
COMMENT ON COLUMN follow_up_extension.sealed IS 'Sealed JSON: the words of the new basis; no word about whom.';
SELECT tenant_table('follow_up_extension');
