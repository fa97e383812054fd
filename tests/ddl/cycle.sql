DO $tenantry$
BEGIN
IF pg_catalog.to_regnamespace('"farm"') IS NULL THEN

CREATE SCHEMA "farm";

END IF;
END
$tenantry$;

-- Hen
DO $tenantry$
BEGIN
IF pg_catalog.to_regclass('"farm"."hen"') IS NULL THEN

CREATE TABLE "farm"."hen" (
    "tenant_id" integer NOT NULL,
    "egg_id" bigint NOT NULL,
    CONSTRAINT "hen_pkey" PRIMARY KEY ("tenant_id", "egg_id")
);

END IF;
END
$tenantry$;

-- Egg
DO $tenantry$
BEGIN
IF pg_catalog.to_regclass('"farm"."egg"') IS NULL THEN

CREATE TABLE "farm"."egg" (
    "tenant_id" integer NOT NULL,
    "id" bigint NOT NULL,
    "hen_id" bigint,
    CONSTRAINT "egg_pkey" PRIMARY KEY ("tenant_id", "id"),
    CONSTRAINT "egg_hen_id_fkey" FOREIGN KEY ("tenant_id", "hen_id") REFERENCES "farm"."hen" ("tenant_id", "egg_id")
);
CREATE INDEX "egg_hen_id_idx" ON "farm"."egg" ("tenant_id", "hen_id");

END IF;
END
$tenantry$;

DO $tenantry$
BEGIN
IF NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint
    WHERE conrelid = '"farm"."hen"'::pg_catalog.regclass AND conname = 'hen_egg_id_fkey'
) THEN

ALTER TABLE "farm"."hen" ADD CONSTRAINT "hen_egg_id_fkey" FOREIGN KEY ("tenant_id", "egg_id") REFERENCES "farm"."egg" ("tenant_id", "id");

END IF;
END
$tenantry$;
