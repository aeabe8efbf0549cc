DROP INDEX agreements_day;
