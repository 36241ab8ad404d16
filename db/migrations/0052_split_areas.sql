-- Areas are split and merged; Party organisations of any depth and industrial zones are areas; a post says what its duties are.
alter table area drop constraint area_kind_check;
alter table area add constraint area_kind_check check (kind in (
  'county', 'town', 'village', 'community', 'industrialZone', 'estate', 'grid', 'microGrid', 'dedicatedGrid', 'largeArea',
  'partyCommittee', 'partyAlliance', 'partyBranch', 'homeBranch', 'floatingBranch', 'partyGrid', 'policeGrid', 'businessGrid',
  'other'));

alter table post add column duties text[] not null default '{}';
alter table post add constraint post_duties_count check (cardinality(duties) <= 20);
comment on column post.duties is 'What the post is there for, a line each; no personal data. Earlier lists are in the ledger as their hash.';

create table area_change (
  county text not null,
  id uuid not null,
  kind text not null,
  at timestamptz not null,
  from_paths text[] not null,
  to_paths text[] not null,
  sharing jsonb,
  again_until timestamptz,
  constraint area_change_pkey primary key (county, id),
  constraint area_change_kind_check check (kind in ('split', 'merge', 'move', 'close')),
  constraint area_change_sharing_check check ((kind = 'split') = (sharing is not null))
);
comment on table area_change is 'What became of an area whose ground or place in the tree changed, and where what lay in it went.';
comment on column area_change.sharing is 'Of a split: the shape of each new part, what was chosen for things without a position, and where the rest stays.';
comment on column area_change.again_until is 'Until then what was begun before the change and written after it is looked for and re-homed too; null when that is over.';
create index area_change_again on area_change (county, again_until) where again_until is not null;
select tenant_table('area_change');

create table area_origin (
  county text not null,
  area_id uuid not null,
  from_id uuid not null,
  at timestamptz not null,
  constraint area_origin_pkey primary key (county, area_id, from_id),
  constraint area_origin_self_check check (area_id <> from_id)
);
comment on table area_origin is 'From which area a new one was split off: who asks about a day before that is answered with the area it was then.';
select tenant_table('area_origin');

create table building_past (
  county text not null,
  building_id uuid not null,
  until_at timestamptz not null,
  area_id uuid not null,
  constraint building_past_pkey primary key (county, building_id, until_at),
  constraint building_past_building_fkey foreign key (county, building_id) references building (county, id)
);
comment on table building_past is 'In which area a building lay until then, where splitting or merging moved it; moves of the area itself are in its own history.';
select tenant_table('building_past');
