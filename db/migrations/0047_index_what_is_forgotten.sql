-- What is deleted on schedule is found oldest first, without looking at what stays.

CREATE INDEX person_nameless ON person (county, updated_at, id) WHERE state IN ('left', 'deceased') AND name <> '';
CREATE INDEX household_forgetting ON household (county, closed_at, id)
  WHERE closed_at IS NOT NULL AND dossier_sealed IS NOT NULL;
COMMENT ON COLUMN person.name IS 'Empty once the time for keeping it after the person has left or died is over.';
