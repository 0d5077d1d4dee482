-- Counts the changes of what the public sees, so that whoever keeps it in memory knows in one look whether it is still
-- right, whichever process changed it. A table that pages or manifests are made of belongs here.
CREATE TABLE public_changes (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL
) STRICT;
INSERT INTO public_changes (id, count) VALUES (1, 0);

CREATE TRIGGER collections_come AFTER INSERT ON collections BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER collections_change AFTER UPDATE ON collections BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER collections_go AFTER DELETE ON collections BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER sites_come AFTER INSERT ON sites BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER sites_change AFTER UPDATE ON sites BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER sites_go AFTER DELETE ON sites BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER stops_come AFTER INSERT ON stops BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER stops_change AFTER UPDATE ON stops BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER stops_go AFTER DELETE ON stops BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER guides_come AFTER INSERT ON current_editions BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER guides_change AFTER UPDATE ON current_editions BEGIN UPDATE public_changes SET count = count + 1; END;
CREATE TRIGGER guides_go AFTER DELETE ON current_editions BEGIN UPDATE public_changes SET count = count + 1; END;
