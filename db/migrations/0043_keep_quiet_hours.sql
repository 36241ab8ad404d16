-- When somebody's own phone or browser stays silent; what is urgent waits then too, the inbox never.
create table notify_preference (
  county text not null,
  account_id uuid not null,
  quiet_from text,
  quiet_until text,
  version integer not null,
  updated_at timestamptz not null,
  constraint notify_preference_pkey primary key (county, account_id),
  constraint notify_preference_quiet_check check (
    (quiet_from is null) = (quiet_until is null)
    and quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
  )
);
comment on table notify_preference is 'When an account''s browsers are not woken: from and until as hours of the day in Beijing, over midnight too. No row: never silent.';
select tenant_table('notify_preference');
