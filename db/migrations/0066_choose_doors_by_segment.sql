-- A campaign may take its doors from a saved question: those that fitted when it was opened.

CREATE TABLE visit_campaign_door (
  county text NOT NULL,
  campaign_id uuid NOT NULL,
  premises_id uuid NOT NULL,
  CONSTRAINT visit_campaign_door_pkey PRIMARY KEY (county, campaign_id, premises_id),
  CONSTRAINT visit_campaign_door_campaign_fkey FOREIGN KEY (county, campaign_id) REFERENCES visit_campaign (county, id)
);
COMMENT ON TABLE visit_campaign_door IS 'Doors of a campaign whose who names a segment, as it was answered when the campaign was opened.';
SELECT tenant_table('visit_campaign_door');
