DROP INDEX agreements_titled;
