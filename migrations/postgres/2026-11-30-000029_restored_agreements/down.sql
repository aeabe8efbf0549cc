-- What was mended stays so.
SELECT 1;
