DROP TABLE activity_agreements;
DROP TABLE activity_participants;
DROP TABLE activities;
