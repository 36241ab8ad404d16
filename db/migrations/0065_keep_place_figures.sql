-- How much a place holds, kept area by area: a county of five million people is not counted while somebody waits for a page.

CREATE TABLE registry_figure (
  county text NOT NULL,
  area_path text COLLATE "C" NOT NULL,
  buildings integer NOT NULL,
  premises integer NOT NULL,
  let integer NOT NULL,
  vacant integer NOT NULL,
  households integer NOT NULL,
  residents integer NOT NULL,
  new_residents integer NOT NULL,
  organisations integer NOT NULL,
  chat_groups integer NOT NULL,
  counted_at timestamptz NOT NULL,
  CONSTRAINT registry_figure_pkey PRIMARY KEY (county, area_path)
);
COMMENT ON TABLE registry_figure IS 'How much lies at one area path itself, without what lies below it, as counted from the records at an instant.';
SELECT tenant_table('registry_figure');

CREATE TABLE registry_figure_walk (
  county text NOT NULL,
  walked_to text COLLATE "C" NOT NULL,
  followed_at timestamptz NOT NULL,
  filled_at timestamptz,
  CONSTRAINT registry_figure_walk_pkey PRIMARY KEY (county)
);
COMMENT ON TABLE registry_figure_walk IS 'How far the round over a county''s places has come; filled_at says when the first one ended.';
COMMENT ON COLUMN registry_figure_walk.followed_at IS 'Places with changes before this instant have been counted again.';
SELECT tenant_table('registry_figure_walk');
