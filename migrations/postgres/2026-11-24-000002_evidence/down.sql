DROP TABLE citations;
DROP TABLE sources;
DROP TABLE identifiers;
DROP TABLE names;
