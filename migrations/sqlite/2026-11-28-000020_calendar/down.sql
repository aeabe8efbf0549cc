DROP INDEX agreements_ending;
