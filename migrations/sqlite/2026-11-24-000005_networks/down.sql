DROP TABLE status_periods;
DROP TABLE lifecycle_events;
DROP TABLE memberships;
DROP TABLE networks;
