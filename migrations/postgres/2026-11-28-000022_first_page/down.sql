DROP INDEX changes_public;
DROP INDEX agreements_anniversary;
