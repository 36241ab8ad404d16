-- A county may bring its own SMS provider; without a row the installation's settings hold.
CREATE TABLE sms_provider (
  county text NOT NULL,
  id uuid NOT NULL,
  provider text NOT NULL,
  settings_sealed bytea NOT NULL,
  version integer NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT sms_provider_pkey PRIMARY KEY (county),
  CONSTRAINT sms_provider_provider_check CHECK (provider IN ('outbox', 'aliyun', 'tencent'))
);
COMMENT ON TABLE sms_provider IS 'By whom a county sends its text messages. A county without a row uses what the installation was started with.';
COMMENT ON COLUMN sms_provider.settings_sealed IS 'Sealed JSON {accessKey, secret, signName, appId, region}: the secret is never shown again.';
SELECT tenant_table('sms_provider');
REVOKE DELETE ON sms_provider FROM tongxin_app;
