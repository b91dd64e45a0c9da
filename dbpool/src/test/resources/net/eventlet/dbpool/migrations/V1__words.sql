CREATE TABLE word (text VARCHAR(20));
INSERT INTO word VALUES ('first');
