-- The tables that the cases write and watch; fixture.prisma is their Prisma schema.
-- Each keeps another part of an old row in the write-ahead log: Entry all of it,
-- Ticket the column of an index, the others their primary key. Running this twice
-- changes nothing. Cases find their own rows by a name that each run makes anew, so
-- rows of other runs do no harm.

DO $$ BEGIN
    CREATE TYPE "Mood" AS ENUM ('HAPPY', 'SAD');
EXCEPTION WHEN duplicate_object THEN NULL; END $$;

DO $$ BEGIN
    CREATE TYPE "conformance_rank" AS ENUM ('first', 'last');
EXCEPTION WHEN duplicate_object THEN NULL; END $$;

CREATE TABLE IF NOT EXISTS "Account" (
    "id"     serial PRIMARY KEY,
    "email"  text NOT NULL UNIQUE,
    "name"   text,
    "score"  integer NOT NULL DEFAULT 0,
    "active" boolean NOT NULL DEFAULT true
);

CREATE TABLE IF NOT EXISTS "Entry" (
    "id"        serial PRIMARY KEY,
    "accountId" integer REFERENCES "Account" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
    "title"     text NOT NULL,
    "body"      text
);

ALTER TABLE "Entry" REPLICA IDENTITY FULL;

CREATE TABLE IF NOT EXISTS "Sample" (
    "id"       serial PRIMARY KEY,
    "label"    text NOT NULL UNIQUE,
    "int"      integer,
    "big"      bigint,
    "float"    double precision,
    "decimal"  numeric(65, 30),
    "boolean"  boolean,
    "dateTime" timestamptz(3),
    "bytes"    bytea,
    "json"     jsonb,
    "mood"     "Mood",
    "tags"     text[],
    "long"     text
);

-- What does not fit into a page is stored out of line, whatever it compresses to.
ALTER TABLE "Sample" ALTER COLUMN "long" SET STORAGE EXTERNAL;

CREATE TABLE IF NOT EXISTS "Pair" (
    "a"    integer NOT NULL,
    "b"    text NOT NULL,
    "note" text,
    PRIMARY KEY ("a", "b")
);

CREATE TABLE IF NOT EXISTS "Ticket" (
    "id"   serial PRIMARY KEY,
    "code" text NOT NULL,
    "note" text
);

CREATE UNIQUE INDEX IF NOT EXISTS "Ticket_code_key" ON "Ticket" ("code");

ALTER TABLE "Ticket" REPLICA IDENTITY USING INDEX "Ticket_code_key";

CREATE TABLE IF NOT EXISTS "conformance_renamed" (
    "renamed_id" serial PRIMARY KEY,
    "full_name"  text NOT NULL UNIQUE,
    "rank"       "conformance_rank"
);
