-- The calendar: what was signed on these days of any year, where the day is known.
CREATE INDEX agreements_day ON agreements (SUBSTR(signed_on, 6, 5)) WHERE LENGTH(signed_on) = 10;
