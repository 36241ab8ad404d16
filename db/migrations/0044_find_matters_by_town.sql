-- The newest of one state in a town, the list that is opened most, from one index whatever the planner knows of the town: with a
-- range of paths it had to weigh two indexes by statistics, which cost more than reading the page.
alter table matter add column town_path text collate "C" not null
  generated always as (split_part(area_path, '/', 1) || '/' || split_part(area_path, '/', 2)) stored;
comment on column matter.town_path is 'The first two codes of area_path: its town, by which lists of one state are found.';
create index matter_town on matter (county, town_path, state, id);
