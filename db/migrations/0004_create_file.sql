-- Evidence: what people photograph, record and hand in. Bytes lie in the object store, addressed by county and SHA-256.

create table file_blob (
  county text not null,
  sha256 text not null,
  size_bytes bigint not null,
  state text not null,
  touched_at timestamptz not null,
  constraint file_blob_pkey primary key (county, sha256),
  constraint file_blob_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint file_blob_size_check check (size_bytes > 0),
  constraint file_blob_state_check check (state in ('loose', 'held'))
);
comment on table file_blob is 'One object in the store. Loose: perhaps nobody needs it; the sweep looks and deletes it a day later.';
create index file_blob_loose_idx on file_blob (county, touched_at) where state = 'loose';

create table file (
  county text not null,
  id uuid not null,
  owner_id uuid not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  role text not null,
  state text not null,
  refusal text,
  width integer,
  height integer,
  sealed_metadata bytea,
  attempts integer not null default 0,
  claimed_until timestamptz,
  created_at timestamptz not null,
  attached_at timestamptz,
  constraint file_pkey primary key (county, id),
  constraint file_blob_fkey foreign key (county, sha256) references file_blob (county, sha256),
  constraint file_state_check check (state in ('processing', 'ready', 'refused')),
  constraint file_role_check check (role in ('before', 'after', 'evidence', 'attachment')),
  constraint file_refusal_check check ((state = 'refused') = (refusal is not null))
);
comment on table file is 'A file handed in. The original is never changed; others see the variants made from it.';
comment on column file.owner_id is 'Account, guest or token that handed it in; may see and withdraw it until it is attached.';
comment on column file.sealed_metadata is 'Time, position and camera from EXIF, sealed; opened only for evidence, with a reason.';
comment on column file.claimed_until is 'A worker prepares it until then; after that another one may (the first has died).';
create index file_blob_idx on file (county, sha256);
create index file_processing_idx on file (county, created_at) where state = 'processing';
create index file_unattached_idx on file (county, created_at) where attached_at is null;
create index file_owner_idx on file (county, owner_id) where attached_at is null;

create table file_variant (
  county text not null,
  file_id uuid not null,
  kind text not null,
  sha256 text not null,
  media_type text not null,
  size_bytes bigint not null,
  width integer,
  height integer,
  constraint file_variant_pkey primary key (county, file_id, kind),
  constraint file_variant_file_fkey foreign key (county, file_id) references file (county, id),
  constraint file_variant_blob_fkey foreign key (county, sha256) references file_blob (county, sha256),
  constraint file_variant_kind_check check (kind in ('thumbnail', 'preview', 'clean'))
);
comment on table file_variant is 'What others see of a file: small pictures without EXIF, video without its position.';
create index file_variant_blob_idx on file_variant (county, sha256);

create table file_link (
  county text not null,
  subject_kind text not null,
  subject_id uuid not null,
  file_id uuid not null,
  area_path text collate "C" not null,
  role text not null,
  purpose text not null,
  attached_at timestamptz not null,
  constraint file_link_pkey primary key (county, subject_kind, subject_id, file_id),
  constraint file_link_file_fkey foreign key (county, file_id) references file (county, id),
  constraint file_link_role_check check (role in ('before', 'after', 'evidence', 'attachment'))
);
comment on table file_link is 'To what a file belongs, where that lies, and for which purpose it was handed in.';
create index file_link_file_idx on file_link (county, file_id);

create table file_upload (
  county text not null,
  id uuid not null,
  owner_id uuid not null,
  name text not null,
  role text not null,
  sha256 text,
  size_bytes bigint not null,
  received_bytes bigint not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint file_upload_pkey primary key (county, id),
  constraint file_upload_received_check check (received_bytes between 0 and size_bytes)
);
comment on table file_upload is 'A resumable upload under way; its pieces lie in the object store until it is finished or expires.';
create index file_upload_expiry_idx on file_upload (county, expires_at);

create table file_chunk (
  county text not null,
  upload_id uuid not null,
  object_key text not null,
  start_byte bigint not null,
  size_bytes bigint,
  constraint file_chunk_pkey primary key (county, upload_id, object_key),
  constraint file_chunk_upload_fkey foreign key (county, upload_id) references file_upload (county, id)
);
comment on table file_chunk is 'One piece of a resumable upload, announced before it is stored.';
comment on column file_chunk.size_bytes is 'Null until the piece is stored and taken into the upload.';

create table file_opening (
  county text not null,
  id uuid not null,
  file_id uuid not null,
  account_id uuid not null,
  post_id text not null,
  reason text not null,
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  constraint file_opening_pkey primary key (county, id),
  constraint file_opening_file_fkey foreign key (county, file_id) references file (county, id)
);
comment on table file_opening is 'Who looked at an original with its EXIF data, when and why. Never edited.';
create index file_opening_file_idx on file_opening (county, file_id);

select tenant_table('file_blob');
select tenant_table('file');
select tenant_table('file_variant');
select tenant_table('file_link');
select tenant_table('file_upload');
select tenant_table('file_chunk');
select append_only_table('file_opening');
