-- How far a recording has been heard while a machine writes down what is said in it; in milliseconds.
ALTER TABLE recordings ADD COLUMN heard_to INTEGER NOT NULL DEFAULT 0 CHECK (heard_to >= 0);
