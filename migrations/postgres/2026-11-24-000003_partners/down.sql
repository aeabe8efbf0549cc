DROP TABLE partner_relations;
DROP TABLE partners;
