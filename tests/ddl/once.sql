DO $tenantry$
BEGIN
IF pg_catalog.to_regnamespace('"app"') IS NULL THEN

CREATE SCHEMA "app";

END IF;
END
$tenantry$;
GRANT USAGE ON SCHEMA "app" TO "app";
GRANT USAGE ON SCHEMA "app" TO "reports";

DO $tenantry$
BEGIN
IF pg_catalog.to_regnamespace('"public"') IS NULL THEN

CREATE SCHEMA "public";

END IF;
END
$tenantry$;
GRANT USAGE ON SCHEMA "public" TO "app";
GRANT USAGE ON SCHEMA "public" TO "reports";

DO $tenantry$
BEGIN
IF pg_catalog.to_regnamespace('"catalog"') IS NULL THEN

CREATE SCHEMA "catalog";

END IF;
END
$tenantry$;
GRANT USAGE ON SCHEMA "catalog" TO "app";
GRANT USAGE ON SCHEMA "catalog" TO "reports";
GRANT USAGE ON SCHEMA "catalog" TO "editor";

-- Customer
DO $tenantry$
BEGIN
IF pg_catalog.to_regclass('"app"."customer"') IS NULL THEN

CREATE TABLE "app"."customer" (
    "tenant_id" uuid NOT NULL,
    "id" uuid NOT NULL DEFAULT gen_random_uuid(),
    "email" text NOT NULL,
    "name" text NOT NULL,
    "friend_id" uuid,
    CONSTRAINT "customer_pkey" PRIMARY KEY ("tenant_id", "id"),
    CONSTRAINT "customer_email_key" UNIQUE ("tenant_id", "email"),
    CONSTRAINT "customer_friend_id_fkey" FOREIGN KEY ("tenant_id", "friend_id") REFERENCES "app"."customer" ("tenant_id", "id") ON DELETE SET NULL ("friend_id")
);
CREATE INDEX "customer_name_idx" ON "app"."customer" ("tenant_id", "name");
CREATE INDEX "customer_friend_id_idx" ON "app"."customer" ("tenant_id", "friend_id");
COMMENT ON TABLE "app"."customer" IS 'A customer of a tenant.';
ALTER TABLE "app"."customer" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "app"."customer" FORCE ROW LEVEL SECURITY;
CREATE POLICY "customer_tenant" ON "app"."customer" AS RESTRICTIVE FOR ALL TO PUBLIC
    USING ("tenant_id" = NULLIF(current_setting('tenantry.tenant', true), '')::uuid)
    WITH CHECK ("tenant_id" = NULLIF(current_setting('tenantry.tenant', true), '')::uuid);
CREATE POLICY "customer_rows" ON "app"."customer" AS PERMISSIVE FOR ALL TO PUBLIC
    USING (true)
    WITH CHECK (true);

END IF;
END
$tenantry$;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "app"."customer" TO "app";
GRANT SELECT ON TABLE "app"."customer" TO "reports";

-- Note
DO $tenantry$
BEGIN
IF pg_catalog.to_regclass('"public"."note"') IS NULL THEN

CREATE TABLE "public"."note" (
    "tenant_id" text NOT NULL,
    "text" text NOT NULL,
    CONSTRAINT "note_tenant_id_check" CHECK ("tenant_id" <> '')
);
ALTER TABLE "public"."note" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "public"."note" FORCE ROW LEVEL SECURITY;
CREATE POLICY "note_tenant" ON "public"."note" AS RESTRICTIVE FOR ALL TO PUBLIC
    USING ("tenant_id" = NULLIF(current_setting('tenantry.tenant', true), '')::text)
    WITH CHECK ("tenant_id" = NULLIF(current_setting('tenantry.tenant', true), '')::text);
CREATE POLICY "note_rows" ON "public"."note" AS PERMISSIVE FOR ALL TO PUBLIC
    USING (true)
    WITH CHECK (true);

END IF;
END
$tenantry$;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "public"."note" TO "app";
GRANT SELECT ON TABLE "public"."note" TO "reports";

-- Plan
DO $tenantry$
BEGIN
IF pg_catalog.to_regclass('"catalog"."plan"') IS NULL THEN

CREATE TABLE "catalog"."plan" (
    "code" varchar(20) NOT NULL,
    "price" integer NOT NULL,
    CONSTRAINT "plan_pkey" PRIMARY KEY ("code"),
    CONSTRAINT "plan_price_check" CHECK (price >= 0)
);

END IF;
END
$tenantry$;
GRANT SELECT ON TABLE "catalog"."plan" TO "app";
GRANT SELECT ON TABLE "catalog"."plan" TO "reports";
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "catalog"."plan" TO "editor";

-- Invoice
DO $tenantry$
BEGIN
IF pg_catalog.to_regclass('"public"."invoice"') IS NULL THEN

CREATE TABLE "public"."invoice" (
    "owner" uuid NOT NULL,
    "id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    "customer_id" uuid NOT NULL,
    "plan" varchar(20) NOT NULL,
    CONSTRAINT "invoice_pkey" PRIMARY KEY ("owner", "id"),
    CONSTRAINT "invoice_customer_id_fkey" FOREIGN KEY ("owner", "customer_id") REFERENCES "app"."customer" ("tenant_id", "id") ON DELETE CASCADE,
    CONSTRAINT "invoice_plan_fkey" FOREIGN KEY ("plan") REFERENCES "catalog"."plan" ("code")
);
CREATE INDEX "invoice_customer_id_idx" ON "public"."invoice" ("owner", "customer_id");
CREATE INDEX "invoice_plan_idx" ON "public"."invoice" ("owner", "plan");
ALTER TABLE "public"."invoice" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "public"."invoice" FORCE ROW LEVEL SECURITY;
CREATE POLICY "invoice_tenant" ON "public"."invoice" AS RESTRICTIVE FOR ALL TO PUBLIC
    USING ("owner" = NULLIF(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK ("owner" = NULLIF(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY "invoice_rows" ON "public"."invoice" AS PERMISSIVE FOR ALL TO PUBLIC
    USING (true)
    WITH CHECK (true);

END IF;
END
$tenantry$;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "public"."invoice" TO "app";
GRANT SELECT ON TABLE "public"."invoice" TO "reports";
