-- The demo database: a blog, as Prisma would name it. Between them the tables
-- hold every scalar type of Prisma, an enum and a list, and both replica
-- identities one meets: "Post" sends whole rows when it changes, the others
-- their keys.

CREATE TYPE "Role" AS ENUM ('USER', 'EDITOR', 'ADMIN');

CREATE TABLE "User" (
    "id"        serial PRIMARY KEY,
    "email"     text NOT NULL UNIQUE,
    "name"      text,
    "role"      "Role" NOT NULL DEFAULT 'USER',
    "createdAt" timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE "Profile" (
    "id"       serial PRIMARY KEY,
    "userId"   integer NOT NULL UNIQUE REFERENCES "User" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
    "bio"      text,
    "avatar"   bytea,
    "settings" jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE "Post" (
    "id"          serial PRIMARY KEY,
    "authorId"    integer REFERENCES "User" ("id") ON UPDATE CASCADE ON DELETE SET NULL,
    "title"       text NOT NULL,
    "content"     text,
    "published"   boolean NOT NULL DEFAULT false,
    "publishedAt" timestamptz(3),
    "tags"        text[] NOT NULL DEFAULT '{}',
    "views"       bigint NOT NULL DEFAULT 0,
    "price"       numeric(10, 2),
    "rating"      double precision
);

ALTER TABLE "Post" REPLICA IDENTITY FULL;

INSERT INTO "User" ("email", "name", "role", "createdAt") VALUES
    ('ada@example.com', 'Ada', 'ADMIN', '2024-01-01T09:00:00Z'),
    ('grace@example.com', 'Grace', 'EDITOR', '2024-02-29T12:30:00Z'),
    ('linus@example.com', NULL, 'USER', '2024-12-31T23:59:59.999Z');

INSERT INTO "Profile" ("userId", "bio", "avatar", "settings") VALUES
    ((SELECT "id" FROM "User" WHERE "email" = 'ada@example.com'),
     'Wrote the first program.', '\x89504e470d0a1a0a', '{"theme": "dark", "languages": ["en", "fr"]}');

INSERT INTO "Post" ("authorId", "title", "content", "published", "publishedAt", "tags", "views", "price", "rating") VALUES
    ((SELECT "id" FROM "User" WHERE "email" = 'ada@example.com'),
     'Notes on an engine', 'It weaves algebraic patterns.', true, '2024-01-02T08:00:00Z', '{engines,history}', 9007199254740993, 12.30, 4.5),
    ((SELECT "id" FROM "User" WHERE "email" = 'ada@example.com'),
     'Draft', NULL, false, NULL, '{}', 0, NULL, NULL),
    ((SELECT "id" FROM "User" WHERE "email" = 'grace@example.com'),
     'Finding the first bug', 'It was a moth.', true, '2024-03-01T00:00:00Z', '{bugs}', 1947, 0.99, 5);
