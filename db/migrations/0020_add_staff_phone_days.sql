-- Who works at doors and in stairwells signs in on the own phone once a week, not every hour.
alter table identity_setting add column staff_phone_days integer not null default 7;
alter table identity_setting add constraint identity_setting_phone_check check (staff_phone_days between 0 and 30);
comment on column identity_setting.staff_phone_days is 'Days that a member of staff without a seat stays signed in on a phone; 0 treats phones like desks.';
