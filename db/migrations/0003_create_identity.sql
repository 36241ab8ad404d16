-- Identity: who acts, how they prove it, and which sessions and tokens are open.
-- Names, phones and ID numbers are sealed by the application; *_blind columns are keyed indexes for equality look-up.

create table account (
  county text not null,
  id uuid not null,
  kind text not null,
  status text not null,
  login_name text collate "C",
  name_sealed bytea,
  phone_sealed bytea,
  phone_blind bytea,
  citizen_id_sealed bytea,
  citizen_id_blind bytea,
  locale text not null,
  elder_mode boolean not null,
  version integer not null,
  created_at timestamptz not null,
  last_signed_in_at timestamptz,
  disabled_at timestamptz,
  constraint account_pkey primary key (county, id),
  constraint account_kind_check check (kind in ('staff', 'resident', 'guest')),
  constraint account_status_check check (status in ('invited', 'active', 'disabled')),
  constraint account_locale_check check (locale in ('zh-CN', 'en')),
  constraint account_login_name_check check ((kind = 'staff') = (login_name is not null)),
  constraint account_phone_check check ((phone_sealed is null) = (phone_blind is null) and (kind = 'staff' or phone_blind is not null)),
  constraint account_citizen_id_check check ((citizen_id_sealed is null) = (citizen_id_blind is null))
);
comment on table account is 'Somebody who acts: staff by login name, residents and guests by a verified phone. A guest has proved a phone and nothing else; registering turns the same row into a resident.';
create unique index account_login_name_key on account (county, login_name);
create unique index account_staff_phone_key on account (county, phone_blind) where kind = 'staff';
create unique index account_resident_phone_key on account (county, phone_blind) where kind <> 'staff';
create unique index account_staff_citizen_id_key on account (county, citizen_id_blind) where kind = 'staff';
create unique index account_resident_citizen_id_key on account (county, citizen_id_blind) where kind <> 'staff';
select tenant_table('account');

create table password (
  county text not null,
  account_id uuid not null,
  hash text not null,
  changed_at timestamptz not null,
  constraint password_pkey primary key (county, account_id),
  constraint password_account_fkey foreign key (county, account_id) references account (county, id)
);
comment on table password is 'The argon2id hash of a staff password in PHC form, which names its own algorithm and parameters.';
select tenant_table('password');

create table totp_secret (
  county text not null,
  account_id uuid not null,
  secret_sealed bytea not null,
  algorithm text not null,
  confirmed_at timestamptz,
  last_step bigint not null,
  created_at timestamptz not null,
  constraint totp_secret_pkey primary key (county, account_id),
  constraint totp_secret_account_fkey foreign key (county, account_id) references account (county, id),
  constraint totp_secret_algorithm_check check (algorithm in ('SHA1', 'SHA256'))
);
comment on table totp_secret is 'The sealed TOTP secret; unconfirmed until its first code was shown. last_step is the newest 30-second step accepted, so that no code works twice.';
select tenant_table('totp_secret');

create table recovery_code (
  county text not null,
  account_id uuid not null,
  code_blind bytea not null,
  created_at timestamptz not null,
  used_at timestamptz,
  constraint recovery_code_pkey primary key (county, account_id, code_blind),
  constraint recovery_code_account_fkey foreign key (county, account_id) references account (county, id)
);
comment on table recovery_code is 'Keyed hashes of the ten recovery codes shown once at enrolment; each opens one sign-in when the phone is lost.';
select tenant_table('recovery_code');

create table device (
  county text not null,
  id uuid not null,
  account_id uuid not null,
  token_hash bytea not null,
  label text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  constraint device_pkey primary key (county, id),
  constraint device_account_fkey foreign key (county, account_id) references account (county, id),
  constraint device_token_key unique (county, account_id, token_hash)
);
comment on table device is 'A browser on which this account has signed in; a known one keeps its own count of wrong passwords, so that a stranger cannot lock its owner out.';
select tenant_table('device');

create table session (
  county text not null,
  id uuid not null,
  account_id uuid not null,
  device_id uuid,
  kind text not null,
  method text not null,
  token_hash bytea not null,
  second_factor_at timestamptz,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_seconds integer not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  constraint session_pkey primary key (county, id),
  constraint session_account_fkey foreign key (county, account_id) references account (county, id),
  constraint session_device_fkey foreign key (county, device_id) references device (county, id),
  constraint session_token_key unique (county, token_hash),
  constraint session_kind_check check (kind in ('staff', 'resident', 'guest')),
  constraint session_idle_check check (idle_seconds > 0),
  constraint session_end_check check ((ended_at is null) = (end_reason is null))
);
comment on table session is 'An open door: the SHA-256 of an opaque token, ended by sign-out, by an administrator, by idling (last_seen_at + idle_seconds) or at expires_at.';
create index session_account_idx on session (county, account_id) where ended_at is null;
create index session_expires_idx on session (county, expires_at);
select tenant_table('session');

create table sign_in_ticket (
  county text not null,
  id uuid not null,
  account_id uuid not null,
  stage text not null,
  method text not null,
  token_hash bytea not null,
  wrong_count integer not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint sign_in_ticket_pkey primary key (county, id),
  constraint sign_in_ticket_account_fkey foreign key (county, account_id) references account (county, id),
  constraint sign_in_ticket_token_key unique (county, token_hash),
  constraint sign_in_ticket_stage_check check (stage in ('totp', 'enrolTotp'))
);
comment on table sign_in_ticket is 'The first factor was right and the second is awaited; lives five minutes and opens one session.';
create index sign_in_ticket_expires_idx on sign_in_ticket (county, expires_at);
select tenant_table('sign_in_ticket');

create table one_time_link (
  county text not null,
  id uuid not null,
  account_id uuid not null,
  kind text not null,
  token_hash bytea not null,
  drops_totp boolean not null,
  issued_by uuid,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  withdrawn_at timestamptz,
  constraint one_time_link_pkey primary key (county, id),
  constraint one_time_link_account_fkey foreign key (county, account_id) references account (county, id),
  constraint one_time_link_token_key unique (county, token_hash),
  constraint one_time_link_kind_check check (kind in ('invite', 'reset')),
  constraint one_time_link_self_check check (issued_by <> account_id)
);
comment on table one_time_link is 'A link by which a new member of staff sets the first password, or somebody who lost password or phone a new one. Nobody can issue one for themselves.';
create index one_time_link_account_idx on one_time_link (county, account_id);
select tenant_table('one_time_link');

create table phone_code (
  county text not null,
  id uuid not null,
  phone_sealed bytea not null,
  phone_blind bytea not null,
  code_blind bytea not null,
  device_hash bytea,
  wrong_count integer not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint phone_code_pkey primary key (county, id),
  constraint phone_code_wrong_check check (wrong_count between 0 and 5)
);
comment on table phone_code is 'A six-digit code sent by SMS, kept as a keyed hash, good for five minutes, five guesses and one use.';
create index phone_code_phone_idx on phone_code (county, phone_blind, created_at);
create index phone_code_expires_idx on phone_code (county, expires_at);
select tenant_table('phone_code');

create table throttle (
  county text not null,
  kind text not null,
  subject bytea not null,
  window_at timestamptz not null,
  ends_at timestamptz not null,
  taken integer not null,
  constraint throttle_pkey primary key (county, kind, subject, window_at),
  constraint throttle_taken_check check (taken >= 0)
);
comment on table throttle is 'How often something was tried in a window of time, per keyed hash of a login name, phone, device or network address.';
create index throttle_ends_idx on throttle (county, ends_at);
select tenant_table('throttle');

create table sign_in_attempt (
  county text not null,
  id uuid not null,
  at timestamptz not null,
  method text not null,
  outcome text not null,
  account_id uuid,
  subject_blind bytea,
  address_sealed bytea,
  device_label text not null,
  constraint sign_in_attempt_pkey primary key (county, id)
);
comment on table sign_in_attempt is 'Every attempt to sign in, kept at least six months (Cybersecurity Law art. 21), read by the audit administrator, then deleted.';
create index sign_in_attempt_at_idx on sign_in_attempt (county, at, id);
create index sign_in_attempt_account_idx on sign_in_attempt (county, account_id, at);
select tenant_table('sign_in_attempt');

create table administrator_seat (
  county text not null,
  id uuid not null,
  account_id uuid not null,
  seat text not null,
  held_from timestamptz not null,
  held_until timestamptz,
  held_during tstzrange not null generated always as (tstzrange(held_from, held_until)) stored,
  appointed_by uuid,
  dismissed_by uuid,
  version integer not null,
  constraint administrator_seat_pkey primary key (county, id),
  constraint administrator_seat_account_fkey foreign key (county, account_id) references account (county, id),
  constraint administrator_seat_seat_check check (seat in ('system', 'security', 'audit')),
  constraint administrator_seat_self_check check (appointed_by <> account_id),
  constraint administrator_seat_one_excl exclude using gist (county with =, account_id with =, held_during with &&)
);
comment on table administrator_seat is 'Who is system, security or audit administrator and when. One person never holds two seats at once, and nobody appoints themselves: both are constraints.';
create index administrator_seat_seat_idx on administrator_seat (county, seat) where held_until is null;
select tenant_table('administrator_seat');

create table api_token (
  county text not null,
  id uuid not null,
  label text not null,
  token_hash bytea not null,
  created_by uuid not null,
  created_at timestamptz not null,
  approved_by uuid,
  approved_at timestamptz,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz,
  version integer not null,
  constraint api_token_pkey primary key (county, id),
  constraint api_token_token_key unique (county, token_hash),
  constraint api_token_created_by_fkey foreign key (county, created_by) references account (county, id),
  constraint api_token_approved_check check ((approved_by is null) = (approved_at is null)),
  constraint api_token_two_people_check check (approved_by <> created_by)
);
comment on table api_token is 'The key of another system. Made by the system administrator, shown once, dead until the security administrator has approved what it may do.';
select tenant_table('api_token');

create table api_token_grant (
  county text not null,
  token_id uuid not null,
  action text not null,
  path text collate "C" not null,
  purpose text not null,
  constraint api_token_grant_pkey primary key (county, token_id, action, path, purpose),
  constraint api_token_grant_token_fkey foreign key (county, token_id) references api_token (county, id)
);
comment on table api_token_grant is 'What an API token may do, where, and for which purpose.';
select tenant_table('api_token_grant');

create table oidc_identity (
  county text not null,
  account_id uuid not null,
  issuer text not null,
  subject_blind bytea not null,
  linked_at timestamptz not null,
  constraint oidc_identity_pkey primary key (county, issuer, subject_blind),
  constraint oidc_identity_account_key unique (county, account_id, issuer),
  constraint oidc_identity_account_fkey foreign key (county, account_id) references account (county, id)
);
comment on table oidc_identity is 'Which person at the OpenID provider is which account; linked by the person from inside their own session.';
select tenant_table('oidc_identity');

create table oidc_flow (
  county text not null,
  id uuid not null,
  state_hash bytea not null,
  verifier_sealed bytea not null,
  nonce text not null,
  device_hash bytea not null,
  account_id uuid,
  return_to text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint oidc_flow_pkey primary key (county, id),
  constraint oidc_flow_state_key unique (county, state_hash)
);
comment on table oidc_flow is 'A visit to the OpenID provider under way: PKCE verifier, nonce, the browser it belongs to; account_id is set when an account is being linked.';
create index oidc_flow_expires_idx on oidc_flow (county, expires_at);
select tenant_table('oidc_flow');

create table identity_setting (
  county text not null,
  totp_required_of text not null,
  totp_for_unmasking boolean not null,
  staff_idle_minutes integer not null,
  staff_hours integer not null,
  resident_days integer not null,
  codes_per_hour integer not null,
  version integer not null,
  constraint identity_setting_pkey primary key (county),
  constraint identity_setting_totp_check check (totp_required_of in ('nobody', 'administrators', 'everyone')),
  constraint identity_setting_idle_check check (staff_idle_minutes between 5 and 720),
  constraint identity_setting_staff_check check (staff_hours between 1 and 168),
  constraint identity_setting_resident_check check (resident_days between 1 and 365),
  constraint identity_setting_codes_check check (codes_per_hour between 10 and 100000)
);
comment on table identity_setting is 'How a county signs people in; a county without a row has the defaults of identity/settings.';
select tenant_table('identity_setting');

create table unmasking (
  county text not null,
  id uuid not null,
  account_id uuid not null,
  by_account_id uuid,
  fields text[] not null,
  purpose text not null,
  reason text not null,
  salt bytea not null,
  at timestamptz not null,
  constraint unmasking_pkey primary key (county, id),
  constraint unmasking_account_fkey foreign key (county, account_id) references account (county, id)
);
comment on table unmasking is 'Who looked at a person''s name, phone or ID number in the clear, and why. The ledger holds a salted commitment to the reason.';
create index unmasking_account_idx on unmasking (county, account_id, at);
select append_only_table('unmasking');

create table phone_claim (
  phone_hash bytea not null,
  county text not null,
  claimed_at timestamptz not null,
  constraint phone_claim_pkey primary key (phone_hash, county)
);
comment on table phone_claim is 'In which counties a phone has an account: the one table across counties, keyed and spread by the phone''s keyed hash; a row is read only by somebody who has just proved the phone.';
grant select, insert, delete on phone_claim to tongxin_app;
