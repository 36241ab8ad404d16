-- Who is administrator is changed by two people of different seats: one proposes, the other confirms.
alter table account add column invited_by uuid;
comment on column account.invited_by is 'The administrator who made the account; null where the system itself did.';

create table seat_change (
  county text not null,
  id uuid not null,
  kind text not null,
  seat text not null,
  account_id uuid not null,
  seat_id uuid,
  state text not null,
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  version integer not null,
  constraint seat_change_pkey primary key (county, id),
  constraint seat_change_account_fkey foreign key (county, account_id) references account (county, id),
  constraint seat_change_seat_fkey foreign key (county, seat_id) references administrator_seat (county, id),
  constraint seat_change_kind_check check (kind in ('appoint', 'dismiss')),
  constraint seat_change_seat_check check (seat in ('system', 'security', 'audit')),
  constraint seat_change_seat_id_check check ((kind = 'dismiss') = (seat_id is not null)),
  constraint seat_change_state_check check (state in ('pending', 'confirmed', 'refused', 'withdrawn', 'expired')),
  constraint seat_change_decided_check check ((state = 'pending') = (decided_at is null)),
  constraint seat_change_self_check check (proposed_by <> account_id),
  constraint seat_change_own_check check (state not in ('confirmed', 'refused') or (decided_by <> proposed_by and decided_by <> account_id))
);
comment on table seat_change is 'A wish to give somebody an administrator''s seat or take it: proposed by one of the two other seats, in force only when the second of them confirms it, void after a week. Nobody decides what they proposed, nor what concerns themselves.';
comment on column seat_change.seat_id is 'The seat that ends; null for an appointment.';
create unique index seat_change_pending_key on seat_change (county, account_id) where state = 'pending';
create index seat_change_expires_idx on seat_change (county, expires_at) where state = 'pending';
select tenant_table('seat_change');
