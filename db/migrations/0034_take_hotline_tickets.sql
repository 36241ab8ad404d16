-- Tickets of the 12345 hotline that came in by a sheet: each becomes one matter, however often its sheet is handed in.

CREATE TABLE hotline_ticket (
  county text NOT NULL,
  ticket text NOT NULL,
  matter_id uuid NOT NULL,
  taken_at timestamptz NOT NULL,
  CONSTRAINT hotline_ticket_pkey PRIMARY KEY (county, ticket),
  CONSTRAINT hotline_ticket_matter_fkey FOREIGN KEY (county, matter_id) REFERENCES matter (county, id),
  CONSTRAINT hotline_ticket_length CHECK (char_length(ticket) BETWEEN 1 AND 40)
);
COMMENT ON TABLE hotline_ticket IS 'Which matter a ticket of the 12345 hotline became.';
COMMENT ON COLUMN hotline_ticket.ticket IS 'The hotline''s own number, in half width and capitals.';
SELECT tenant_table('hotline_ticket');
