DROP TABLE agreement_links;
DROP TABLE agreement_listing;
DROP TABLE agreement_parties;
DROP TABLE agreements;
