-- The registry: who lives and works where, collected once. ID numbers, phones and whatever describes a person are sealed; what is
-- searched stands in search_token; every change is a row of registry_change beside its ledger entry, which carries codes only.

CREATE TABLE building (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  estate text NOT NULL,
  street text NOT NULL,
  house_number text NOT NULL,
  name text NOT NULL,
  address text NOT NULL,
  address_key text COLLATE "C" NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  longitude double precision,
  latitude double precision,
  position_source text,
  floors integer,
  closed_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT building_pkey PRIMARY KEY (county, id),
  CONSTRAINT building_version_positive CHECK (version >= 1),
  CONSTRAINT building_kind_check CHECK (kind IN ('estateBlock', 'villageHouse', 'shopRow', 'plant', 'dormitory', 'office', 'other')),
  CONSTRAINT building_position_whole CHECK ((longitude IS NULL) = (latitude IS NULL))
);
CREATE UNIQUE INDEX building_address ON building (county, address_key) WHERE closed_at IS NULL;
CREATE INDEX building_area ON building (county, area_path, sort_key, id);
COMMENT ON TABLE building IS 'A standard address down to the building or yard: estate (小区), street and number, block (幢).';
COMMENT ON COLUMN building.address_key IS 'The address as it is compared: half width, no blanks, one spelling of 幢/栋/号楼.';
COMMENT ON COLUMN building.sort_key IS 'Natural order: digits padded, so that 2幢 stands before 10幢.';
SELECT tenant_table('building');

CREATE TABLE premises (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  building_id uuid NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  unit text NOT NULL,
  floor integer,
  room text NOT NULL,
  address text NOT NULL,
  address_key text COLLATE "C" NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  use text NOT NULL,
  plan_sealed bytea,
  plan_review_on date,
  source text NOT NULL,
  checked_at timestamptz NOT NULL,
  checked_by uuid,
  closed_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT premises_pkey PRIMARY KEY (county, id),
  CONSTRAINT premises_building_fkey FOREIGN KEY (county, building_id) REFERENCES building (county, id),
  CONSTRAINT premises_version_positive CHECK (version >= 1),
  CONSTRAINT premises_use_check CHECK (use IN ('ownerOccupied', 'let', 'vacant', 'enterprise', 'merchant', 'public', 'unknown'))
);
CREATE UNIQUE INDEX premises_address ON premises (county, address_key) WHERE closed_at IS NULL;
CREATE INDEX premises_building ON premises (county, building_id, sort_key);
CREATE INDEX premises_area ON premises (county, area_path, sort_key, id);
CREATE INDEX premises_review ON premises (county, plan_review_on, id) WHERE plan_review_on IS NOT NULL;
COMMENT ON TABLE premises IS 'Actual premises (实有房屋): a flat, a village house, a shop, a plant; the last part of a standard address.';
COMMENT ON COLUMN premises.sort_key IS 'Natural order inside the county: building, unit, floor and room, digits padded.';
COMMENT ON COLUMN premises.plan_sealed IS 'Sealed JSON: one plan per house (一房一策): class, risks, measures, who looks after it.';
COMMENT ON COLUMN premises.checked_at IS 'When somebody last saw that it is so: freshness.';
SELECT tenant_table('premises');

CREATE TABLE household (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  premises_id uuid NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  number text,
  head_id uuid,
  members integer NOT NULL,
  dossier_sealed bytea,
  source text NOT NULL,
  checked_at timestamptz NOT NULL,
  checked_by uuid,
  closed_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT household_pkey PRIMARY KEY (county, id),
  CONSTRAINT household_premises_fkey FOREIGN KEY (county, premises_id) REFERENCES premises (county, id),
  CONSTRAINT household_version_positive CHECK (version >= 1),
  CONSTRAINT household_members_count CHECK (members >= 0),
  CONSTRAINT household_kind_check CHECK (kind IN ('registered', 'floating', 'collective'))
);
CREATE INDEX household_premises ON household (county, premises_id) WHERE closed_at IS NULL;
CREATE INDEX household_area ON household (county, area_path, id) WHERE closed_at IS NULL;
COMMENT ON TABLE household IS 'People who live together at one premises; several may live in one house.';
COMMENT ON COLUMN household.dossier_sealed IS 'Sealed JSON: the situation file of 一户两档; the other one, what was done for them, is what visits and matters say.';
COMMENT ON COLUMN household.members IS 'Live residence rows of it with lives_here; kept with each change of them.';
SELECT tenant_table('household');

CREATE TABLE person (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  sex text,
  born_on date,
  citizen_id_sealed bytea,
  citizen_id_blind bytea,
  phone_sealed bytea,
  phone_blind bytea,
  details_sealed bytea,
  registration text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  premises_id uuid,
  household_id uuid,
  head_relation text,
  state text NOT NULL,
  merged_into uuid,
  source text NOT NULL,
  checked_at timestamptz NOT NULL,
  checked_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT person_pkey PRIMARY KEY (county, id),
  CONSTRAINT person_version_positive CHECK (version >= 1),
  CONSTRAINT person_sex_check CHECK (sex IN ('male', 'female')),
  CONSTRAINT person_registration_check CHECK (registration IN ('registered', 'elsewhere', 'floating', 'foreign', 'unknown')),
  CONSTRAINT person_state_check CHECK (state IN ('present', 'away', 'left', 'deceased', 'merged')),
  CONSTRAINT person_merged_check CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
  CONSTRAINT person_citizen_id_whole CHECK ((citizen_id_sealed IS NULL) = (citizen_id_blind IS NULL)),
  CONSTRAINT person_phone_whole CHECK ((phone_sealed IS NULL) = (phone_blind IS NULL))
);
CREATE INDEX person_area ON person (county, area_path, id) WHERE state IN ('present', 'away');
CREATE INDEX person_gone ON person (county, area_path, id) WHERE state IN ('left', 'deceased');
CREATE INDEX person_forgetting ON person (county, updated_at, id) WHERE state IN ('left', 'deceased') AND details_sealed IS NOT NULL;
CREATE INDEX person_born ON person (county, born_on, id) WHERE state IN ('present', 'away') AND born_on IS NOT NULL;
CREATE INDEX person_citizen_id ON person (county, citizen_id_blind) WHERE citizen_id_blind IS NOT NULL;
CREATE INDEX person_phone ON person (county, phone_blind) WHERE phone_blind IS NOT NULL;
CREATE INDEX person_premises ON person (county, premises_id) WHERE premises_id IS NOT NULL;
COMMENT ON TABLE person IS 'Actual population (实有人口): one row a person, whoever collected it. Scoped by where they live or, living elsewhere, by what they own or rent here.';
COMMENT ON COLUMN person.registration IS 'registered 本地户籍, elsewhere 人户分离, floating 流动人口 (新居民), foreign 境外, unknown.';
COMMENT ON COLUMN person.details_sealed IS 'Sealed JSON by field group: ethnicity, employer, education, marriage, origin, contact, remark.';
COMMENT ON COLUMN person.area_path IS 'Of the main relation: where they live; else the first place they own, rent or work at.';
COMMENT ON COLUMN person.merged_into IS 'The record that this one turned out to be the same as; undone by registry_merge.';
SELECT tenant_table('person');

CREATE TABLE residence (
  county text NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  premises_id uuid NOT NULL,
  household_id uuid,
  area_path text COLLATE "C" NOT NULL,
  relation text NOT NULL,
  lives_here boolean NOT NULL,
  head_relation text,
  from_on date NOT NULL,
  until_on date,
  source text NOT NULL,
  by_account uuid,
  at timestamptz NOT NULL,
  CONSTRAINT residence_pkey PRIMARY KEY (county, id),
  CONSTRAINT residence_person_fkey FOREIGN KEY (county, person_id) REFERENCES person (county, id),
  CONSTRAINT residence_premises_fkey FOREIGN KEY (county, premises_id) REFERENCES premises (county, id),
  CONSTRAINT residence_relation_check CHECK (relation IN ('owner', 'tenant', 'family', 'lodger', 'employee', 'registeredOnly')),
  CONSTRAINT residence_interval_check CHECK (until_on IS NULL OR until_on >= from_on)
);
CREATE INDEX residence_premises ON residence (county, premises_id, until_on);
CREATE INDEX residence_person ON residence (county, person_id, until_on);
COMMENT ON TABLE residence IS 'What a person has to do with premises, from a day to a day: owns, rents, belongs to the family, lodges, works there, is only registered there.';
COMMENT ON COLUMN residence.until_on IS 'The last day; null while it lasts.';
COMMENT ON COLUMN residence.lives_here IS 'False for an owner or registered person who lives elsewhere.';
SELECT tenant_table('residence');

CREATE TABLE person_tag (
  county text NOT NULL,
  tag text COLLATE "C" NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  person_id uuid NOT NULL,
  derived boolean NOT NULL,
  since_on date NOT NULL,
  until_on date,
  source text NOT NULL,
  by_account uuid,
  at timestamptz NOT NULL,
  CONSTRAINT person_tag_pkey PRIMARY KEY (county, tag, area_path, person_id),
  CONSTRAINT person_tag_person_fkey FOREIGN KEY (county, person_id) REFERENCES person (county, id)
);
CREATE INDEX person_tag_person ON person_tag (county, person_id);
CREATE INDEX person_tag_until ON person_tag (county, until_on, tag, person_id) WHERE until_on IS NOT NULL;
COMMENT ON TABLE person_tag IS 'Who is over 60, pregnant, a Party member, a landlord elsewhere …: set by hand or derived by rule; the code list is in src/registry/tags.';
COMMENT ON COLUMN person_tag.area_path IS 'The person’s, kept with it: a list of one tag in one place is one range.';
SELECT tenant_table('person_tag');

CREATE TABLE organisation (
  county text NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  code text COLLATE "C",
  trade text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  premises_id uuid,
  address text NOT NULL,
  phone_sealed bytea,
  headcount integer,
  details_sealed bytea,
  source text NOT NULL,
  checked_at timestamptz NOT NULL,
  checked_by uuid,
  closed_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT organisation_pkey PRIMARY KEY (county, id),
  CONSTRAINT organisation_version_positive CHECK (version >= 1),
  CONSTRAINT organisation_kind_check CHECK (kind IN ('enterprise', 'merchant', 'partner', 'supplier', 'socialOrganisation', 'partyOrganisation', 'other'))
);
CREATE UNIQUE INDEX organisation_code ON organisation (county, code) WHERE code IS NOT NULL AND closed_at IS NULL;
CREATE INDEX organisation_area ON organisation (county, area_path, id) WHERE closed_at IS NULL;
CREATE INDEX organisation_premises ON organisation (county, premises_id) WHERE premises_id IS NOT NULL;
COMMENT ON TABLE organisation IS 'Actual units (实有单位): enterprises, merchants, partner units, suppliers, social and Party organisations.';
COMMENT ON COLUMN organisation.code IS 'GB 32100, 18 characters, check digit proved at the door; null where there is none.';
SELECT tenant_table('organisation');

CREATE TABLE organisation_officer (
  county text NOT NULL,
  id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  duty text NOT NULL,
  name text NOT NULL,
  phone_sealed bytea,
  person_id uuid,
  from_on date NOT NULL,
  until_on date,
  CONSTRAINT organisation_officer_pkey PRIMARY KEY (county, id),
  CONSTRAINT organisation_officer_organisation_fkey FOREIGN KEY (county, organisation_id) REFERENCES organisation (county, id)
);
CREATE INDEX organisation_officer_organisation ON organisation_officer (county, organisation_id, until_on);
COMMENT ON TABLE organisation_officer IS 'Who stands for an organisation: legal representative, safety officer, contact …, from a day to a day.';
SELECT tenant_table('organisation_officer');

CREATE TABLE search_token (
  county text NOT NULL,
  token text COLLATE "C" NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  subject_id uuid NOT NULL,
  CONSTRAINT search_token_pkey PRIMARY KEY (county, token, area_path, subject_id)
);
COMMENT ON TABLE search_token IS 'What a person, premises or organisation is found by, made by the application (src/registry/search/tokens.ts) and asked with = and a range of paths; the first letter says what it leads to. Old tokens are computed anew from the old row, so no index by subject is needed.';
SELECT tenant_table('search_token');

CREATE TABLE registry_change (
  county text NOT NULL,
  subject_id uuid NOT NULL,
  version integer NOT NULL,
  subject_kind text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  act text NOT NULL,
  source text NOT NULL,
  reason text NOT NULL,
  by_account uuid,
  by_label text NOT NULL,
  at timestamptz NOT NULL,
  changes_sealed bytea,
  salt bytea,
  batch_id uuid,
  batch_position integer,
  CONSTRAINT registry_change_pkey PRIMARY KEY (county, subject_id, version),
  CONSTRAINT registry_change_kind_check CHECK (subject_kind IN ('building', 'premises', 'household', 'person', 'organisation')),
  CONSTRAINT registry_change_batch_whole CHECK ((batch_id IS NULL) = (batch_position IS NULL))
);
CREATE INDEX registry_change_at ON registry_change (county, at, subject_id) WHERE changes_sealed IS NOT NULL;
CREATE INDEX registry_change_batch ON registry_change (county, batch_id, batch_position) WHERE batch_id IS NOT NULL;
CREATE INDEX registry_change_by ON registry_change (county, by_account, at) WHERE by_account IS NOT NULL;
COMMENT ON TABLE registry_change IS 'History of a record: who changed what, when, why, from which source.';
COMMENT ON COLUMN registry_change.changes_sealed IS 'Sealed JSON {field: [before, after]}; null once the time for keeping it is over.';
COMMENT ON COLUMN registry_change.batch_id IS 'Subject of the ledger entry registry.batch_saved whose Merkle root holds this row; null where the row has an entry of its own.';
COMMENT ON COLUMN registry_change.batch_position IS 'Which leaf of that root it is, from 0.';
COMMENT ON COLUMN registry_change.salt IS 'Salt of the commitment in the ledger entry; it goes with the words.';
SELECT tenant_table('registry_change');
