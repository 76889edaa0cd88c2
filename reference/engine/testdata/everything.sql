-- Rows of the schema prismatest.Everything, for the tests of writes.
DELETE FROM "_Follow";
DELETE FROM "_Related posts";
DELETE FROM "_CategoryToPost";
DELETE FROM "like";
DELETE FROM "Profile";
DELETE FROM "Passport";
DELETE FROM "Post";
DELETE FROM "Category";
DELETE FROM "Line";
DELETE FROM "order";
DELETE FROM "Token";
DELETE FROM "Scalar";
DELETE FROM "Optional";
DELETE FROM "List";
DELETE FROM "SELECT";
DELETE FROM "users'; DROP TABLE users; --";
INSERT INTO "users'; DROP TABLE users; --" (id, email, "full name""; --", role, age, score, "createdAt", "updatedAt", manager_id) VALUES
	(1, 'ada@x', 'Ada', 'chief''s admin', 36, 12.50, '2024-01-01', '2024-01-01', NULL),
	(2, 'bob@x', 'Bob', 'USER', NULL, NULL, '2024-01-01', '2024-01-01', 1),
	(3, 'cyd@x', NULL, 'EDITOR', 20, NULL, '2024-01-01', '2024-01-01', 1),
	(4, 'dan@x', NULL, 'USER', NULL, NULL, '2024-01-01', '2024-01-01', NULL);
INSERT INTO "Profile" (id, bio, "userId") VALUES (1, 'one', 1), (2, NULL, 2);
INSERT INTO "Passport" (number, email) VALUES ('A1', 'ada@x'), ('B2', 'bob@x'), ('C3', NULL);
INSERT INTO "Post" (id, title, published, views, tags, moods, author, "reviewerId") VALUES
	('p1', 'First', true, 10, '{a,b}', '{HAPPY}', 1, 2),
	('p2', 'Second', false, 0, NULL, '{}', 1, NULL),
	('p3', 'Third', true, 5, '{}', '{so sad}', 2, 1),
	('p4', 'First', false, 1, '{}', '{}', 3, 1);
INSERT INTO "Category" (id, name, "parentId") VALUES (1, 'root', NULL), (2, 'math', 1), (3, 'music', 1), (4, 'lonely', NULL);
INSERT INTO "_CategoryToPost" ("A", "B") VALUES (1, 'p1'), (2, 'p1'), (2, 'p2'), (3, 'p4');
INSERT INTO "_Follow" ("A", "B") VALUES (1, 2), (1, 3), (3, 1);
INSERT INTO "like" ("userId", "postId", weight, at) VALUES (1, 'p1', 5, '2024-01-01'), (2, 'p1', NULL, '2024-01-01'), (1, 'p3', 1, '2024-01-01');
INSERT INTO "order" (shop, number, note, total, state) VALUES ('a', 1, NULL, 1.5, 'open'), ('a', 2, 'n', 0, 'closed'), ('b', 1, NULL, 0, 'open');
INSERT INTO "Line" (shop, number, position, sku, amount) VALUES ('a', 1, 1, 'x', 1), ('a', 1, 2, 'y', 2), ('a', 2, 1, 'x', 3);
INSERT INTO "Token" (value, short, long, expires) VALUES ('v1', 's', 'l', NULL);
INSERT INTO "Optional" (id, string, int) VALUES ('00000000-0000-4000-8000-000000000001', 'one', 1), ('00000000-0000-4000-8000-000000000002', NULL, NULL);
INSERT INTO "List" (id, strings, ints) VALUES (1, '{a}', '{1,2}'), (2, NULL, NULL);
INSERT INTO "Scalar" (id, "dateTime") VALUES (1, '2024-01-01');
INSERT INTO "SELECT" (id, "varChar", "smallInt", "numeric", "money") VALUES (1, 'v', 7, 1.5, 2);
SELECT setval(c.oid, 100) FROM pg_class c WHERE c.relkind = 'S' AND c.relnamespace = 'public'::regnamespace;
