-- Most agreements have no title of their own; those that have one are found by it.
CREATE INDEX agreements_titled ON agreements (id) WHERE title <> '{}';
