DROP INDEX agreements_terminating;
