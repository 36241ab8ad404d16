-- What lets a role look behind masks, supervise or decide about posts takes effect only when security has agreed.
create table role_change (
  county text not null,
  id uuid not null,
  role text collate "C" not null,
  name_zh text not null,
  name_en text not null,
  grants jsonb not null,
  sensitive jsonb not null,
  rung integer,
  role_version integer not null,
  state text not null,
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  version integer not null,
  constraint role_change_pkey primary key (county, id),
  constraint role_change_role_format check (role ~ '^[a-z][A-Za-z0-9]{1,40}$'),
  constraint role_change_state_check check (state in ('pending', 'approved', 'refused', 'withdrawn', 'expired')),
  constraint role_change_decided_check check ((state = 'pending') = (decided_at is null)),
  constraint role_change_own_check check (state not in ('approved', 'refused') or decided_by <> proposed_by)
);
comment on table role_change is 'A wish to give a role something sensitive: in force only when the security administrator approves it, void after a week. The role stays as it is until then.';
comment on column role_change.grants is '[{action, purpose}] the role would have.';
comment on column role_change.sensitive is '[{action, purpose}] of these, what the role had not when it was wished for and security answers for.';
comment on column role_change.role_version is 'The version of the role that the wish was made on; 0 while the shipped default holds. A newer one makes it stale.';
create unique index role_change_pending_key on role_change (county, role) where state = 'pending';
create index role_change_expires_idx on role_change (county, expires_at) where state = 'pending';
select tenant_table('role_change');
