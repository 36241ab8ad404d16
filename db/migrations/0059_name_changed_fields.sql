-- Which fields a change touched, by name, so that it can be counted how often the same is asked of the same people.

ALTER TABLE registry_change ADD COLUMN fields text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN registry_change.fields IS 'Names of the fields that changed, without their values; a tag is only "tag", details are named by their group.';
CREATE INDEX registry_change_asked ON registry_change (county, at, area_path);
CREATE INDEX visit_met ON visit (county, met_at, area_path);
