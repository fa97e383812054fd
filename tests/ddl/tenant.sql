DO $tenantry$
BEGIN
IF pg_catalog.to_regnamespace('"acme"') IS NULL THEN

CREATE SCHEMA "acme";

END IF;
END
$tenantry$;
GRANT USAGE ON SCHEMA "acme" TO "app";
GRANT USAGE ON SCHEMA "acme" TO "reports";

DO $tenantry$
BEGIN
IF pg_catalog.to_regnamespace('"acme.reporting"') IS NULL THEN

CREATE SCHEMA "acme.reporting";

END IF;
END
$tenantry$;
GRANT USAGE ON SCHEMA "acme.reporting" TO "app";
GRANT USAGE ON SCHEMA "acme.reporting" TO "reports";

-- Account
DO $tenantry2$
BEGIN
IF pg_catalog.to_regclass('"acme"."account"') IS NULL THEN

CREATE TABLE "acme"."account" (
    "id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    "email" text NOT NULL,
    "lower_email" text NOT NULL GENERATED ALWAYS AS (lower(email)) STORED,
    "credit" numeric(12, 2) NOT NULL DEFAULT 0,
    "number" smallint,
    "opened" timestamptz,
    "closed" timestamptz,
    "plan" varchar(20) NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "deleted" timestamptz,
    CONSTRAINT "account_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "account_email_key" UNIQUE ("email"),
    CONSTRAINT "account_email_check" CHECK (email <> ''),
    CONSTRAINT "account_email_check1" CHECK (length(email) < 200),
    CONSTRAINT "account_check" CHECK (opened < closed),
    CONSTRAINT "account_check1" CHECK (number <> 13),
    CONSTRAINT "account_plan_fkey" FOREIGN KEY ("plan") REFERENCES "catalog"."plan" ("code")
);
CREATE INDEX "account_lower_email_idx" ON "acme"."account" ("lower_email");
CREATE INDEX "account_plan_idx" ON "acme"."account" ("plan");
COMMENT ON TABLE "acme"."account" IS 'Who pays.';
COMMENT ON COLUMN "acme"."account"."email" IS E'As it stands on "invoices".

It''s a text; with \\ and $tenantry$.';

END IF;
END
$tenantry2$;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "acme"."account" TO "app";
GRANT SELECT ON TABLE "acme"."account" TO "reports";

-- Summary
DO $tenantry$
BEGIN
IF pg_catalog.to_regclass('"acme.reporting"."summary"') IS NULL THEN

CREATE TABLE "acme.reporting"."summary" (
    "account_id" bigint NOT NULL,
    "text" text NOT NULL,
    CONSTRAINT "summary_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "acme"."account" ("id") ON DELETE CASCADE
);
CREATE INDEX "summary_account_id_idx" ON "acme.reporting"."summary" ("account_id");

END IF;
END
$tenantry$;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "acme.reporting"."summary" TO "app";
GRANT SELECT ON TABLE "acme.reporting"."summary" TO "reports";

-- Order
DO $tenantry$
BEGIN
IF pg_catalog.to_regclass('"acme"."order"') IS NULL THEN

CREATE TABLE "acme"."order" (
    "account_id" bigint NOT NULL,
    "number" integer NOT NULL,
    "payer_id" bigint,
    "what" text NOT NULL,
    "when" timestamptz NOT NULL DEFAULT now(),
    "seller_id" bigint NOT NULL,
    CONSTRAINT "order_pkey" PRIMARY KEY ("account_id", "number"),
    CONSTRAINT "order_payer_id_what_key" UNIQUE ("payer_id", "what"),
    CONSTRAINT "order_payer_id_fkey" FOREIGN KEY ("payer_id") REFERENCES "acme"."account" ("id") ON DELETE SET NULL,
    CONSTRAINT "order_seller_id_fkey" FOREIGN KEY ("seller_id") REFERENCES "acme"."account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "order_what_when_idx" ON "acme"."order" ("what", "when");
CREATE INDEX "order_seller_id_idx" ON "acme"."order" ("seller_id");

END IF;
END
$tenantry$;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "acme"."order" TO "app";
GRANT SELECT ON TABLE "acme"."order" TO "reports";
