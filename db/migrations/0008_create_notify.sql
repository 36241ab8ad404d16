-- Notify: what people are told, on which way, and whether it arrived.
-- Phones, codes and texts are sealed by the application; *_blind columns are keyed indexes for equality look-up.

create table inbox_message (
  county text not null,
  id uuid not null,
  account_id uuid not null,
  topic text not null,
  title_zh text not null,
  body_zh text not null,
  title_en text not null,
  body_en text not null,
  subject_kind text,
  subject_id uuid,
  entry_id uuid,
  created_at timestamptz not null,
  read_at timestamptz,
  constraint inbox_message_pkey primary key (county, id)
);
comment on table inbox_message is 'What one account was told inside the product. The wording is kept as it was given; a message once shown is only ever marked read, and deleted a year later.';
comment on column inbox_message.entry_id is 'The ledger entry that caused it; the id is made from entry, account and topic, so that nobody is told twice.';
create index inbox_message_account_idx on inbox_message (county, account_id, created_at desc, id desc);
create index inbox_message_unread_idx on inbox_message (county, account_id) where read_at is null;
create index inbox_message_created_idx on inbox_message (county, created_at);
select tenant_table('inbox_message');

create table sms_message (
  county text not null,
  id uuid not null,
  template text not null,
  locale text not null,
  urgent boolean not null,
  account_id uuid,
  entry_id uuid,
  phone_sealed bytea,
  phone_blind bytea not null,
  phone_masked text not null,
  params_sealed bytea,
  text_sealed bytea,
  text_masked text not null,
  state text not null,
  attempts integer not null,
  asks integer not null,
  next_at timestamptz,
  provider text,
  provider_id text,
  refusal text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  sent_at timestamptz,
  settled_at timestamptz,
  constraint sms_message_pkey primary key (county, id),
  constraint sms_message_state_check check (state in ('queued', 'sending', 'accepted', 'delivered', 'failed', 'unknown')),
  constraint sms_message_settled_check check ((state in ('delivered', 'failed')) <= (next_at is null)),
  constraint sms_message_counts_check check (attempts >= 0 and asks >= 0)
);
comment on table sms_message is 'The SMS outbox: written in the command that wants a message sent, worked off by the senders. What was being sent when a process died is unknown, and its receipt is asked for before anything is repeated.';
comment on column sms_message.next_at is 'When the sender looks at it next: to send, to take over from a dead sender, or to ask for the receipt. Null: nothing more to do.';
comment on column sms_message.text_masked is 'The text with codes masked; kept after phone, parameters and text were deleted.';
create index sms_message_due_idx on sms_message (county, next_at) where next_at is not null;
create index sms_message_created_idx on sms_message (county, created_at desc, id desc);
create index sms_message_phone_idx on sms_message (county, phone_blind, created_at);
select tenant_table('sms_message');

create table sms_throttle (
  county text not null,
  kind text not null,
  subject bytea not null,
  window_seconds integer not null,
  window_at timestamptz not null,
  taken integer not null,
  constraint sms_throttle_pkey primary key (county, kind, subject, window_seconds, window_at),
  constraint sms_throttle_kind_check check (kind in ('phone', 'device', 'address')),
  constraint sms_throttle_taken_check check (taken > 0)
);
comment on table sms_throttle is 'How many messages a phone, a device or a network address (keyed hashes) has caused in a window of time; the row itself decides who gets the last one.';
create index sms_throttle_window_idx on sms_throttle (county, window_at);
select tenant_table('sms_throttle');

create table message_wording (
  county text not null,
  name text not null,
  title_zh text not null,
  body_zh text not null,
  title_en text not null,
  body_en text not null,
  channels text[] not null,
  provider_codes jsonb not null,
  version integer not null,
  updated_at timestamptz not null,
  constraint message_wording_pkey primary key (county, name),
  constraint message_wording_channels_check check (channels <@ array['inbox', 'sms', 'push', 'robot'])
);
comment on table message_wording is 'A county''s own wording, channels and provider template codes of a message; without a row the built-in text holds.';
select tenant_table('message_wording');

create table notify_setting (
  county text not null,
  sms_sign_name text,
  version integer not null,
  updated_at timestamptz not null,
  constraint notify_setting_pkey primary key (county)
);
comment on table notify_setting is 'One row a county: the approved signature of its messages, where it has one of its own.';
select tenant_table('notify_setting');

create table push_subscription (
  county text not null,
  id uuid not null,
  account_id uuid not null,
  endpoint_sealed bytea not null,
  endpoint_hash bytea not null,
  p256dh text not null,
  auth_sealed bytea not null,
  locale text not null,
  created_at timestamptz not null,
  constraint push_subscription_pkey primary key (county, id),
  constraint push_subscription_endpoint_key unique (county, endpoint_hash)
);
comment on table push_subscription is 'A browser that may be woken (RFC 8030). It belongs to whoever subscribed last on it; gone from the browser, gone from here.';
create index push_subscription_account_idx on push_subscription (county, account_id);
select tenant_table('push_subscription');

create table robot (
  county text not null,
  id uuid not null,
  kind text not null,
  name text not null,
  area_path text collate "C" not null,
  url_sealed bytea not null,
  secret_sealed bytea,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint robot_pkey primary key (county, id),
  constraint robot_kind_check check (kind in ('dingTalk', 'weCom'))
);
comment on table robot is 'A group robot of DingTalk or WeCom that hears of its area. Address and secret are as good as a password, sealed and never shown again.';
create index robot_area_idx on robot (county, area_path) where active;
select tenant_table('robot');

create table webhook_endpoint (
  county text not null,
  id uuid not null,
  url text not null,
  description text not null,
  events text[] not null,
  secret_sealed bytea not null,
  old_secret_sealed bytea,
  old_secret_until timestamptz,
  active boolean not null,
  disabled_reason text,
  failures integer not null,
  failing_since timestamptz,
  created_by uuid,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint webhook_endpoint_pkey primary key (county, id),
  constraint webhook_endpoint_url_key unique (county, url),
  constraint webhook_endpoint_events_check check (cardinality(events) > 0),
  constraint webhook_endpoint_failures_check check ((failures = 0) = (failing_since is null))
);
comment on table webhook_endpoint is 'Another system that is told of ledger entries (Standard Webhooks). Switched off by itself when it has failed for days.';
select tenant_table('webhook_endpoint');

create table delivery (
  county text not null,
  id uuid not null,
  channel text not null,
  target_id uuid not null,
  topic text not null,
  payload jsonb not null,
  state text not null,
  attempts integer not null,
  next_at timestamptz,
  last_code text,
  created_at timestamptz not null,
  settled_at timestamptz,
  constraint delivery_pkey primary key (county, id),
  constraint delivery_channel_check check (channel in ('push', 'robot', 'webhook')),
  constraint delivery_state_check check (state in ('queued', 'sending', 'delivered', 'failed', 'unknown')),
  constraint delivery_settled_check check ((state in ('delivered', 'failed', 'unknown')) = (next_at is null))
);
comment on table delivery is 'One message to one browser, robot or system. The id is made from ledger entry and target and is the webhook-id: a receiver that sees it twice has already had it.';
comment on column delivery.payload is 'What is sent; ids, codes and wording without personal data.';
create index delivery_due_idx on delivery (county, next_at) where next_at is not null;
create index delivery_target_idx on delivery (county, target_id, created_at desc, id desc);
create index delivery_created_idx on delivery (county, created_at);
select tenant_table('delivery');
