//! The text of every statement that a repository makes, and what holds for any filter. No server is needed.
#![expect(clippy::unwrap_used, reason = "tests")]

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tenantry::{AcrossTenants, Cursor, Filter, Select, Slug, TenantId, count_rows, exists, row_number};
use tenantry_tests::shop::{Product, TurnoverSelection};
use tenantry_tests::*;

fn check(actual: &[String], expected: &Expect) {
    expected.assert_eq(&(actual.join("\n") + "\n"));
}

/// Both isolations make the same list: only the scope differs.
macro_rules! every_statement {
    ($customers:expr, $lines:expr, $new:expr, $changes:expr, $new_line:expr, $key:ident, $line_key:ident) => {{
        let (customers, lines) = ($customers, $lines);
        [
            customers.find(1).sql(),
            customers.find_many([1, 2]).sql(),
            customers.find_by_email("ada@example.com").sql(),
            customers.all().sql(),
            customers.filter(|c| c.name.eq("Ada")).sql(),
            customers.filter(|c| c.name.eq("Ada") | c.name.eq("Bob")).filter(|c| c.phone.is_null()).sql(),
            customers.all().order_by(|c| [c.name.asc().nulls_first(), c.id.desc()]).limit(10).offset(20).sql(),
            customers.filter(|c| c.credit.gt(0)).count().sql(),
            customers.all().limit(10).count().sql(),
            customers.filter(|c| c.credit.gt(0)).order_by(|c| c.id.asc()).exists().sql(),
            customers.insert($new(Some(1))).sql(),
            customers.insert($new(None)).sql(),
            customers.insert($new(None)).on_conflict($key::Email).do_nothing().sql(),
            customers.insert($new(None)).on_conflict($key::Email).update_all().sql(),
            customers.insert($new(Some(1))).on_conflict($key::Email).update_all().sql(),
            customers.insert($new(Some(1))).on_conflict($key::Email).update(|c| c.phone).sql(),
            customers.insert_many([$new(Some(1)), $new(Some(2))]).sql(),
            customers.insert_many([$new(None), $new(None)]).sql(),
            customers.insert_many([$new(Some(1)), $new(None)]).sql(),
            customers.insert_many([$new(None)]).on_conflict($key::Email).do_nothing().sql(),
            customers.insert_many([$new(None)]).on_conflict($key::Email).update_all().sql(),
            customers.insert_many([$new(Some(1)), $new(None)]).on_conflict($key::Email).update_all().sql(),
            customers.insert_many([$new(Some(1))]).on_conflict($key::Email).update(|c| (c.name, c.phone)).sql(),
            customers.update(1, $changes().name("Ada").phone(None)).sql(),
            customers.update_many($changes().credit(0)).filter(|c| c.credit.lt(0) | c.id.eq(1)).sql(),
            customers.update_many($changes().credit(0)).all_rows().sql(),
            customers.delete(1).sql(),
            customers.delete_many().filter(|c| c.name.eq(c.email)).filter_if(Some(3), |c, id| c.id.eq(id)).sql(),
            customers.delete_many().all_rows().sql(),
            lines.find(1, 2).sql(),
            lines.find_many([(1, 2), (3, 4)]).sql(),
            lines.find_by_product_of_customer("tea", 1).sql(),
            lines.insert($new_line()).sql(),
            lines.insert($new_line()).on_conflict($line_key::PrimaryKey).update_all().sql(),
            lines.insert_many([$new_line()]).on_conflict($line_key::ProductOfCustomer).update_all().sql(),
            lines.delete(1, 2).sql(),
        ]
    }};
}

fn new(credit: Option<i32>) -> NewCustomer {
    NewCustomer { email: String::new(), name: String::new(), phone: None, credit }
}

fn row_new(credit: Option<i32>) -> NewRowCustomer {
    NewRowCustomer { email: String::new(), name: String::new(), phone: None, credit }
}

#[test]
fn what_a_batch_runs_is_the_statement_as_it_is_read() {
    let customers = Customer::repository().for_tenant(&Tenants::new().acme);
    let page = customers.filter(|c| c.credit.gt(0)).limit(10);
    for sql in [page.to_fetch_one().sql(), page.to_fetch_optional().sql(), page.to_fetch_all().sql()] {
        assert_eq!(sql, page.sql());
    }
    assert_eq!(page.count().to_fetch_one().sql(), page.count().sql());
    let delete = customers.delete_many().filter(|c| c.id.eq(1));
    assert_eq!(delete.to_fetch_all().sql(), delete.sql());
    let (with_rows, counted) = (delete.sql(), delete.to_execute().sql());
    assert_eq!(with_rows.split_once(" RETURNING ").map(|(change, _)| change), Some(&*counted));
    assert_eq!(
        format!("{:?}", customers.delete(7).to_execute()),
        r#"Batched("DELETE FROM \"acme\".\"customer\" WHERE \"id\" = $1")"#
    );
}

#[test]
fn isolated_by_schema_each_statement_names_the_tenants_schema() {
    let tenants = Tenants::new();
    let customers = Customer::repository().for_tenant(&tenants.acme);
    let lines = OrderLine::repository().for_tenant(&tenants.acme);
    let new_line =
        || NewOrderLine { order_id: 1, line: 2, product: String::new(), customer_id: 3, note: String::new() };
    let statements =
        every_statement!(customers, lines, new, CustomerChanges::default, new_line, CustomerKey, OrderLineKey);
    check(
        &statements,
        &expect![[r#"
        SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer" WHERE "id" = $1
        SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer" WHERE "id" = ANY($1)
        SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer" WHERE "email" = $1
        SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer"
        SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer" WHERE ("name" = $1)
        SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer" WHERE ("name" = $1 OR "name" = $2) AND ("phone" IS NULL)
        SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer" ORDER BY "name" ASC NULLS FIRST, "id" DESC LIMIT $1 OFFSET $2
        SELECT count(*) FROM "acme"."customer" WHERE ("credit" > $1)
        SELECT count(*) FROM (SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer" LIMIT $1) AS page
        SELECT EXISTS (SELECT 1 FROM "acme"."customer" WHERE ("credit" > $1))
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, $4) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, DEFAULT) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, DEFAULT) ON CONFLICT ("email") DO NOTHING RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, DEFAULT) ON CONFLICT ("email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, $4) ON CONFLICT ("email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone", "credit" = EXCLUDED."credit" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, $4) ON CONFLICT ("email") DO UPDATE SET "phone" = EXCLUDED."phone" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone") SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, $4), ($5, $6, $7, DEFAULT) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone") SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3) ON CONFLICT ("email") DO NOTHING RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone") SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3) ON CONFLICT ("email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, $4), ($5, $6, $7, DEFAULT) ON CONFLICT ("email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone", "credit" = EXCLUDED."credit" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4) ON CONFLICT ("email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone" RETURNING "id", "email", "name", "phone", "credit"
        UPDATE "acme"."customer" SET "name" = $1, "phone" = $2 WHERE "id" = $3 RETURNING "id", "email", "name", "phone", "credit"
        UPDATE "acme"."customer" SET "credit" = $1 WHERE ("credit" < $2 OR "id" = $3) RETURNING "id", "email", "name", "phone", "credit"
        UPDATE "acme"."customer" SET "credit" = $1 RETURNING "id", "email", "name", "phone", "credit"
        DELETE FROM "acme"."customer" WHERE "id" = $1 RETURNING "id", "email", "name", "phone", "credit"
        DELETE FROM "acme"."customer" WHERE ("name" = "email") AND ("id" = $1) RETURNING "id", "email", "name", "phone", "credit"
        DELETE FROM "acme"."customer" RETURNING "id", "email", "name", "phone", "credit"
        SELECT "order_id", "line", "product", "customer_id", "note" FROM "acme"."order_line" WHERE "order_id" = $1 AND "line" = $2
        SELECT "order_id", "line", "product", "customer_id", "note" FROM "acme"."order_line" WHERE ("order_id", "line") IN (($1, $2), ($3, $4))
        SELECT "order_id", "line", "product", "customer_id", "note" FROM "acme"."order_line" WHERE "product" = $1 AND "customer_id" = $2
        INSERT INTO "acme"."order_line" ("order_id", "line", "product", "customer_id", "note") VALUES ($1, $2, $3, $4, $5) RETURNING "order_id", "line", "product", "customer_id", "note"
        INSERT INTO "acme"."order_line" ("order_id", "line", "product", "customer_id", "note") VALUES ($1, $2, $3, $4, $5) ON CONFLICT ("order_id", "line") DO UPDATE SET "product" = EXCLUDED."product", "customer_id" = EXCLUDED."customer_id", "note" = EXCLUDED."note" RETURNING "order_id", "line", "product", "customer_id", "note"
        INSERT INTO "acme"."order_line" ("order_id", "line", "product", "customer_id", "note") SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5) ON CONFLICT ("product", "customer_id") DO UPDATE SET "note" = EXCLUDED."note" RETURNING "order_id", "line", "product", "customer_id", "note"
        DELETE FROM "acme"."order_line" WHERE "order_id" = $1 AND "line" = $2 RETURNING "order_id", "line", "product", "customer_id", "note"
    "#]],
    );
}

#[test]
fn isolated_by_row_each_statement_binds_the_tenant_once() {
    let tenants = Tenants::new();
    let customers = RowCustomer::repository().for_tenant(&tenants.row_acme);
    let lines = RowOrderLine::repository().for_tenant(&tenants.row_acme);
    let new_line =
        || NewRowOrderLine { order_id: 1, line: 2, product: String::new(), customer_id: 3, note: String::new() };
    let statements = every_statement!(
        customers,
        lines,
        row_new,
        RowCustomerChanges::default,
        new_line,
        RowCustomerKey,
        RowOrderLineKey
    );
    for statement in &statements {
        let in_many_rows = if statement.contains("($1, $2") && statement.contains("), (") { 2 } else { 1 };
        let bound = statement.split(|c: char| !c.is_alphanumeric() && c != '$').filter(|sign| *sign == "$1").count();
        assert_eq!(bound, in_many_rows, "{statement}");
    }
    check(
        &statements,
        &expect![[r#"
        SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = $1 AND "id" = $2
        SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = $1 AND "id" = ANY($2)
        SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = $1 AND "email" = $2
        SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = $1
        SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = $1 AND ("name" = $2)
        SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = $1 AND ("name" = $2 OR "name" = $3) AND ("phone" IS NULL)
        SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = $1 ORDER BY "name" ASC NULLS FIRST, "id" DESC LIMIT $2 OFFSET $3
        SELECT count(*) FROM "app"."customer" WHERE "tenant_id" = $1 AND ("credit" > $2)
        SELECT count(*) FROM (SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = $1 LIMIT $2) AS page
        SELECT EXISTS (SELECT 1 FROM "app"."customer" WHERE "tenant_id" = $1 AND ("credit" > $2))
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") VALUES ($1, $2, $3, $4, $5) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") VALUES ($1, $2, $3, $4, DEFAULT) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") VALUES ($1, $2, $3, $4, DEFAULT) ON CONFLICT ("tenant_id", "email") DO NOTHING RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") VALUES ($1, $2, $3, $4, DEFAULT) ON CONFLICT ("tenant_id", "email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") VALUES ($1, $2, $3, $4, $5) ON CONFLICT ("tenant_id", "email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone", "credit" = EXCLUDED."credit" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") VALUES ($1, $2, $3, $4, $5) ON CONFLICT ("tenant_id", "email") DO UPDATE SET "phone" = EXCLUDED."phone" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone") SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") VALUES ($1, $2, $3, $4, $5), ($1, $6, $7, $8, DEFAULT) RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone") SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4) ON CONFLICT ("tenant_id", "email") DO NOTHING RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone") SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4) ON CONFLICT ("tenant_id", "email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") VALUES ($1, $2, $3, $4, $5), ($1, $6, $7, $8, DEFAULT) ON CONFLICT ("tenant_id", "email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone", "credit" = EXCLUDED."credit" RETURNING "id", "email", "name", "phone", "credit"
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5) ON CONFLICT ("tenant_id", "email") DO UPDATE SET "name" = EXCLUDED."name", "phone" = EXCLUDED."phone" RETURNING "id", "email", "name", "phone", "credit"
        UPDATE "app"."customer" SET "name" = $2, "phone" = $3 WHERE "tenant_id" = $1 AND "id" = $4 RETURNING "id", "email", "name", "phone", "credit"
        UPDATE "app"."customer" SET "credit" = $2 WHERE "tenant_id" = $1 AND ("credit" < $3 OR "id" = $4) RETURNING "id", "email", "name", "phone", "credit"
        UPDATE "app"."customer" SET "credit" = $2 WHERE "tenant_id" = $1 RETURNING "id", "email", "name", "phone", "credit"
        DELETE FROM "app"."customer" WHERE "tenant_id" = $1 AND "id" = $2 RETURNING "id", "email", "name", "phone", "credit"
        DELETE FROM "app"."customer" WHERE "tenant_id" = $1 AND ("name" = "email") AND ("id" = $2) RETURNING "id", "email", "name", "phone", "credit"
        DELETE FROM "app"."customer" WHERE "tenant_id" = $1 RETURNING "id", "email", "name", "phone", "credit"
        SELECT "order_id", "line", "product", "customer_id", "note" FROM "app"."order_line" WHERE "tenant_id" = $1 AND "order_id" = $2 AND "line" = $3
        SELECT "order_id", "line", "product", "customer_id", "note" FROM "app"."order_line" WHERE "tenant_id" = $1 AND ("order_id", "line") IN (($2, $3), ($4, $5))
        SELECT "order_id", "line", "product", "customer_id", "note" FROM "app"."order_line" WHERE "tenant_id" = $1 AND "product" = $2 AND "customer_id" = $3
        INSERT INTO "app"."order_line" ("tenant_id", "order_id", "line", "product", "customer_id", "note") VALUES ($1, $2, $3, $4, $5, $6) RETURNING "order_id", "line", "product", "customer_id", "note"
        INSERT INTO "app"."order_line" ("tenant_id", "order_id", "line", "product", "customer_id", "note") VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ("tenant_id", "order_id", "line") DO UPDATE SET "product" = EXCLUDED."product", "customer_id" = EXCLUDED."customer_id", "note" = EXCLUDED."note" RETURNING "order_id", "line", "product", "customer_id", "note"
        INSERT INTO "app"."order_line" ("tenant_id", "order_id", "line", "product", "customer_id", "note") SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($6) ON CONFLICT ("tenant_id", "product", "customer_id") DO UPDATE SET "note" = EXCLUDED."note" RETURNING "order_id", "line", "product", "customer_id", "note"
        DELETE FROM "app"."order_line" WHERE "tenant_id" = $1 AND "order_id" = $2 AND "line" = $3 RETURNING "order_id", "line", "product", "customer_id", "note"
    "#]],
    );
}

#[test]
fn shared_each_statement_names_the_fixed_schema() {
    let plans = Plan::repository();
    let writes = plans.for_shared_writes();
    let plan = || NewPlan { code: String::new(), price: 1 };
    let statements = [
        plans.find("basic").sql(),
        plans.for_tenant(&Tenants::new().acme).filter(|c| c.price.le(3)).sql(),
        writes.insert(plan()).sql(),
        writes.insert_many([plan()]).sql(),
        writes.insert(plan()).on_conflict(PlanKey::PrimaryKey).update_all().sql(),
        writes.update("basic", PlanChanges::default().price(2)).sql(),
        writes.delete_many().all_rows().sql(),
    ];
    check(
        &statements,
        &expect![[r#"
        SELECT "code", "price" FROM "catalog"."plan" WHERE "code" = $1
        SELECT "code", "price" FROM "catalog"."plan" WHERE ("price" <= $1)
        INSERT INTO "catalog"."plan" ("code", "price") VALUES ($1, $2) RETURNING "code", "price"
        INSERT INTO "catalog"."plan" ("code", "price") SELECT pg_catalog.unnest($1), pg_catalog.unnest($2) RETURNING "code", "price"
        INSERT INTO "catalog"."plan" ("code", "price") VALUES ($1, $2) ON CONFLICT ("code") DO UPDATE SET "price" = EXCLUDED."price" RETURNING "code", "price"
        UPDATE "catalog"."plan" SET "price" = $1 WHERE "code" = $2 RETURNING "code", "price"
        DELETE FROM "catalog"."plan" RETURNING "code", "price"
    "#]],
    );
}

#[test]
fn across_tenants_each_tenants_query_is_its_own() {
    let (tenants, access) = (Tenants::new(), AcrossTenants::because("a test"));
    let by_schema = || Customer::repository().across(&access, [&tenants.acme, &tenants.globex]);
    let by_row = || RowCustomer::repository().across(&access, [&tenants.row_acme, &tenants.row_globex]);
    let every = || RowCustomer::repository().across_all(&access);
    let statements = [
        by_schema().sql(),
        by_schema().in_each_tenant(|all| all.filter(|c| c.credit.gt(1)).order_by(|c| c.id.asc()).limit(3)).sql(),
        by_row().sql(),
        by_row()
            .in_each_tenant(|all| all.filter(|c| c.credit.gt(1) | c.id.eq(2)).order_by(|c| c.id.asc()).limit(3))
            .sql(),
        by_row().in_each_tenant(|all| all.filter(|c| c.name.eq("Ada")).select(|_| count_rows())).sql(),
        by_row().in_each_tenant(|all| all.distinct_on(|c| c.name).order_by(|c| c.name.asc())).sql(),
        by_row().in_each_tenant(|all| all.left_join::<RowOrderLine>(|c, l| l.customer_id.eq(c.id))).sql(),
        by_row()
            .in_each_tenant(|all| {
                all.join::<RowOrderLine>(|c, l| l.customer_id.eq(c.id))
                    .group_by(|(c, _)| c.name)
                    .having(|_| count_rows().gt(1))
                    .select(|(c, l)| (c.name, l.line.max()))
            })
            .sql(),
        by_row()
            .in_each_tenant(|all| all.filter(|c| !exists::<RowOrderLine>().matching(|l| l.customer_id.eq(c.id))))
            .sql(),
        by_row().in_each_tenant(|all| all.join::<Plan>(|c, p| p.price.eq(c.credit))).sql(),
        every().in_each_tenant(|all| all.filter(|c| c.id.eq(1))).sql(),
        RowCustomer::repository().across(&access, [&tenants.row_acme; 0]).sql(),
    ];
    check(
        &statements,
        &expect![[r#"
        SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer"
        SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer" WHERE ("credit" > $1) ORDER BY "id" ASC LIMIT $2
        SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, ARRAY(SELECT nullif("tenant_id", "tenant_id") FROM "app"."customer" LIMIT 0))) WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL (SELECT t0."id", t0."email", t0."name", t0."phone", t0."credit" FROM "app"."customer" AS t0 WHERE t0."tenant_id" = tenant.key) AS of_tenant
        SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, ARRAY(SELECT nullif("tenant_id", "tenant_id") FROM "app"."customer" LIMIT 0))) WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL (SELECT t0."id", t0."email", t0."name", t0."phone", t0."credit" FROM "app"."customer" AS t0 WHERE t0."tenant_id" = tenant.key AND (t0."credit" > $2 OR t0."id" = $3) ORDER BY t0."id" ASC LIMIT $4) AS of_tenant
        SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, ARRAY(SELECT nullif("tenant_id", "tenant_id") FROM "app"."customer" LIMIT 0))) WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL (SELECT count(*) FROM "app"."customer" AS t0 WHERE t0."tenant_id" = tenant.key AND (t0."name" = $2)) AS of_tenant
        SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, ARRAY(SELECT nullif("tenant_id", "tenant_id") FROM "app"."customer" LIMIT 0))) WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL (SELECT DISTINCT ON (t0."name") t0."id", t0."email", t0."name", t0."phone", t0."credit" FROM "app"."customer" AS t0 WHERE t0."tenant_id" = tenant.key ORDER BY t0."name" ASC) AS of_tenant
        SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, ARRAY(SELECT nullif("tenant_id", "tenant_id") FROM "app"."customer" LIMIT 0))) WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL (SELECT t0."id", t0."email", t0."name", t0."phone", t0."credit", t1."order_id", t1."line", t1."product", t1."customer_id", t1."note" FROM "app"."customer" AS t0 LEFT JOIN "app"."order_line" AS t1 ON t1."tenant_id" = tenant.key AND (t1."customer_id" = t0."id") WHERE t0."tenant_id" = tenant.key) AS of_tenant
        SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, ARRAY(SELECT nullif("tenant_id", "tenant_id") FROM "app"."customer" LIMIT 0))) WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL (SELECT t0."name", max(t1."line") FROM "app"."customer" AS t0 JOIN "app"."order_line" AS t1 ON t1."tenant_id" = tenant.key AND (t1."customer_id" = t0."id") WHERE t0."tenant_id" = tenant.key GROUP BY t0."name" HAVING (count(*) > $2)) AS of_tenant
        SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, ARRAY(SELECT nullif("tenant_id", "tenant_id") FROM "app"."customer" LIMIT 0))) WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL (SELECT t0."id", t0."email", t0."name", t0."phone", t0."credit" FROM "app"."customer" AS t0 WHERE t0."tenant_id" = tenant.key AND (NOT EXISTS (SELECT 1 FROM "app"."order_line" AS t1 WHERE t1."tenant_id" = tenant.key AND (t1."customer_id" = t0."id")))) AS of_tenant
        SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, ARRAY(SELECT nullif("tenant_id", "tenant_id") FROM "app"."customer" LIMIT 0))) WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL (SELECT t0."id", t0."email", t0."name", t0."phone", t0."credit", t1."code", t1."price" FROM "app"."customer" AS t0 JOIN "catalog"."plan" AS t1 ON (t1."price" = t0."credit") WHERE t0."tenant_id" = tenant.key) AS of_tenant
        SELECT tenant.key, of_tenant.* FROM (SELECT DISTINCT "tenant_id" FROM "app"."customer" WHERE "tenant_id" IS NOT NULL) AS tenant(key) CROSS JOIN LATERAL (SELECT t0."id", t0."email", t0."name", t0."phone", t0."credit" FROM "app"."customer" AS t0 WHERE t0."tenant_id" = tenant.key AND (t0."id" = $1)) AS of_tenant

    "#]],
    );
}

#[test]
fn every_filter_of_a_column() {
    let customers = Customer::repository().for_tenant(&Tenants::new().acme);
    let filter = |condition: fn(CustomerColumns) -> Filter<Customer>| {
        let sql = customers.filter(condition).sql();
        sql.split_once(" WHERE ").unwrap().1.to_owned()
    };
    let filters = [
        filter(|c| c.name.eq("Ada")),
        filter(|c| c.name.ne("Ada")),
        filter(|c| c.credit.lt(1)),
        filter(|c| c.credit.le(1)),
        filter(|c| c.credit.gt(1)),
        filter(|c| c.credit.ge(1)),
        filter(|c| c.credit.between(1, 2)),
        filter(|c| c.id.in_([1, 2])),
        filter(|c| c.id.not_in([1, 2])),
        filter(|c| c.name.starts_with("A")),
        filter(|c| c.name.ends_with("a")),
        filter(|c| c.name.contains("d")),
        filter(|c| c.name.contains_ignoring_case("D")),
        filter(|c| c.name.like("A%")),
        filter(|c| c.name.ilike("a%")),
        filter(|c| c.phone.is_null()),
        filter(|c| c.phone.is_not_null()),
        filter(|c| c.phone.is_not_distinct_from(Some("1"))),
        filter(|c| c.phone.is_distinct_from(None::<String>)),
        filter(|c| c.name.eq(c.email)),
        filter(|c| !c.name.eq("Ada")),
        filter(|c| c.id.eq(1) & c.id.eq(2) & (c.id.eq(3) | c.id.eq(4)) & !(c.id.eq(5) | c.id.eq(6))),
        filter(|_| Filter::all([])),
        filter(|_| Filter::any([])),
    ];
    check(
        &filters,
        &expect![[r#"
        ("name" = $1)
        ("name" <> $1)
        ("credit" < $1)
        ("credit" <= $1)
        ("credit" > $1)
        ("credit" >= $1)
        ("credit" BETWEEN $1 AND $2)
        ("id" = ANY($1))
        ("id" <> ALL($1))
        ("name" LIKE $1)
        ("name" LIKE $1)
        ("name" LIKE $1)
        ("name" ILIKE $1)
        ("name" LIKE $1)
        ("name" ILIKE $1)
        ("phone" IS NULL)
        ("phone" IS NOT NULL)
        ("phone" IS NOT DISTINCT FROM $1)
        ("phone" IS DISTINCT FROM $1)
        ("name" = "email")
        (NOT "name" = $1)
        ("id" = $1 AND "id" = $2 AND ("id" = $3 OR "id" = $4) AND (NOT ("id" = $5 OR "id" = $6)))
        (TRUE)
        (FALSE)
    "#]],
    );
}

/// Which rows a cursor leads to, as it says so.
#[derive(Debug, Clone, Copy)]
enum Part {
    After = 0,
    From = 1,
    Before = 2,
    UpTo = 3,
}

/// A cursor of customers, or of one table, in an order of these columns: descending, with NULL first. The values are of
/// one byte, where they are not NULL.
fn cursor(table: &[&str], part: Part, order: &[(&str, bool, bool)], nulls: &[bool]) -> Cursor {
    let mut content = vec![1, part as u8];
    content.extend(fingerprint(table, order).to_be_bytes());
    for is_null in nulls {
        content.extend(if *is_null { &[0, 0, 0, 0][..] } else { &[0, 0, 0, 25, 0, 0, 0, 1, b'a'] });
    }
    forged(&content).unwrap()
}

#[test]
fn every_page() {
    let tenants = Tenants::new();
    let (customers, lines) =
        (Customer::repository().for_tenant(&tenants.acme), OrderLine::repository().for_tenant(&tenants.acme));
    let by_row = RowCustomer::repository().for_tenant(&tenants.row_acme);
    let (table, line_table) = (["", ".\"customer\""], ["", ".\"order_line\""]);
    let (name, phone, id) = ("\"name\"", "\"phone\"", "\"id\"");
    let all = || customers.all();

    let by_name = || all().order_by(|c| c.name.asc()).page(10);
    let at_name = |part| cursor(&table, part, &[(name, false, false), (id, false, false)], &[false, false]);
    let by_phone = || all().order_by(|c| [c.phone.desc(), c.name.asc()]).page(10);
    let at_phone = |part, is_null| {
        cursor(&table, part, &[(phone, true, true), (name, false, false), (id, false, false)], &[is_null, false, false])
    };
    let by_phone_last = || all().order_by(|c| c.phone.asc()).page(10);
    let at_phone_last =
        |part, is_null| cursor(&table, part, &[(phone, false, false), (id, false, false)], &[is_null, false]);
    let at_row = cursor(&["\"app\".\"customer\""], Part::After, &[(id, false, false)], &[false]);
    let of_lines = [("\"line\"", true, true), ("\"order_id\"", true, true)];
    let statements = [
        all().page(10).sql(),
        by_name().sql(),
        by_name().at(Some(&at_name(Part::After))).sql(),
        by_name().at(Some(&at_name(Part::From))).sql(),
        by_name().at(Some(&at_name(Part::Before))).sql(),
        by_name().at(Some(&at_name(Part::UpTo))).sql(),
        by_phone().at(Some(&at_phone(Part::After, false))).sql(),
        by_phone().at(Some(&at_phone(Part::After, true))).sql(),
        by_phone().at(Some(&at_phone(Part::UpTo, false))).sql(),
        by_phone().at(Some(&at_phone(Part::Before, true))).sql(),
        by_phone_last().at(Some(&at_phone_last(Part::After, false))).sql(),
        by_phone_last().at(Some(&at_phone_last(Part::After, true))).sql(),
        by_row.filter(|c| c.name.eq("Ada") | c.id.gt(3)).page(10).at(Some(&at_row)).sql(),
        all().order_by(|c| c.name.asc()).select(|c| c.email).page(10).sql(),
        all().order_by(|c| (c.credit * 2).desc()).page(10).sql(),
        lines.all().order_by(|l| l.line.desc()).page(10).sql(),
        lines
            .all()
            .order_by(|l| l.line.desc())
            .page(10)
            .at(Some(&cursor(&line_table, Part::After, &of_lines, &[false; 2])))
            .sql(),
        all().left_join::<OrderLine>(|c, l| l.customer_id.eq(c.id)).order_by(|(_, l)| l.note.asc()).page(10).sql(),
    ];
    let statements = statements.map(|sql| {
        sql.replace(r#""id", "email", "name", "phone", "credit""#, "..").replace(r#" FROM "acme"."#, " FROM ")
    });
    check(
        &statements,
        &expect![[r#"
        SELECT .. FROM "customer" ORDER BY "id" ASC LIMIT $1
        SELECT .. FROM "customer" ORDER BY "name" ASC, "id" ASC LIMIT $1
        SELECT .. FROM "customer" WHERE (("name", "id") > ($1, $2)) ORDER BY "name" ASC, "id" ASC LIMIT $3
        SELECT .. FROM "customer" WHERE (("name", "id") >= ($1, $2)) ORDER BY "name" ASC, "id" ASC LIMIT $3
        SELECT .. FROM "customer" WHERE (("name", "id") < ($1, $2)) ORDER BY "name" DESC, "id" DESC LIMIT $3
        SELECT .. FROM "customer" WHERE (("name", "id") <= ($1, $2)) ORDER BY "name" DESC, "id" DESC LIMIT $3
        SELECT .. FROM "customer" WHERE ("phone" <= $1 AND ("phone" < $2 OR ("name", "id") > ($3, $4))) ORDER BY "phone" DESC, "name" ASC, "id" ASC LIMIT $5
        SELECT .. FROM "customer" WHERE ("phone" IS NOT NULL OR ("name", "id") > ($1, $2)) ORDER BY "phone" DESC, "name" ASC, "id" ASC LIMIT $3
        SELECT .. FROM "customer" WHERE ("phone" > $1 OR "phone" IS NULL OR ("phone" = $2 AND ("name", "id") <= ($3, $4))) ORDER BY "phone" ASC, "name" DESC, "id" DESC LIMIT $5
        SELECT .. FROM "customer" WHERE ("phone" IS NULL AND ("name", "id") < ($1, $2)) ORDER BY "phone" ASC, "name" DESC, "id" DESC LIMIT $3
        SELECT .. FROM "customer" WHERE ("phone" > $1 OR "phone" IS NULL OR ("phone" = $2 AND "id" > $3)) ORDER BY "phone" ASC, "id" ASC LIMIT $4
        SELECT .. FROM "customer" WHERE ("phone" IS NULL AND "id" > $1) ORDER BY "phone" ASC, "id" ASC LIMIT $2
        SELECT .. FROM "app"."customer" WHERE "tenant_id" = $1 AND ("name" = $2 OR "id" > $3) AND ("id" > $4) ORDER BY "id" ASC LIMIT $5
        SELECT "email", "name", "id" FROM "customer" ORDER BY "name" ASC, "id" ASC LIMIT $1
        SELECT .., ("credit" * $1) FROM "customer" ORDER BY ("credit" * $2) DESC, "id" DESC LIMIT $3
        SELECT "order_id", "line", "product", "customer_id", "note" FROM "order_line" ORDER BY "line" DESC, "order_id" DESC LIMIT $1
        SELECT "order_id", "line", "product", "customer_id", "note" FROM "order_line" WHERE (("line", "order_id") < ($1, $2)) ORDER BY "line" DESC, "order_id" DESC LIMIT $3
        SELECT t0."id", t0."email", t0."name", t0."phone", t0."credit", t1."order_id", t1."line", t1."product", t1."customer_id", t1."note" FROM "customer" AS t0 LEFT JOIN "acme"."order_line" AS t1 ON (t1."customer_id" = t0."id") ORDER BY t1."note" ASC, t0."id" ASC, t1."order_id" ASC, t1."line" ASC LIMIT $1
    "#]],
    );
}

/// A filter of any shape.
#[derive(Debug, Clone)]
enum Shape {
    Eq,
    In,
    Between,
    Null,
    Columns,
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf =
        prop_oneof![Just(Shape::Eq), Just(Shape::In), Just(Shape::Between), Just(Shape::Null), Just(Shape::Columns)];
    leaf.prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Shape::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Shape::Any),
            inner.prop_map(|shape| Shape::Not(Box::new(shape))),
        ]
    })
}

fn filter(shape: &Shape, c: RowCustomerColumns) -> Filter<RowCustomer> {
    match shape {
        Shape::Eq => c.name.eq("' OR true --"),
        Shape::In => c.id.in_([1, 2]),
        Shape::Between => c.credit.between(1, c.credit),
        Shape::Null => c.phone.is_null(),
        Shape::Columns => c.name.eq(c.email),
        Shape::All(shapes) => Filter::all(shapes.iter().map(|shape| filter(shape, c))),
        Shape::Any(shapes) => Filter::any(shapes.iter().map(|shape| filter(shape, c))),
        Shape::Not(shape) => !filter(shape, c),
    }
}

/// Whether the text is one expression in parentheses: none of it is beside the tenant's condition.
fn is_in_parentheses(text: &str) -> bool {
    let mut depth = 0_usize;
    for (position, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return position == text.len() - 1;
        }
    }
    false
}

/// The numbers of the parameters, in the order of the text.
fn parameters(text: &str) -> Vec<usize> {
    text.split('$')
        .skip(1)
        .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap())
        .collect()
}

proptest! {
    #[test]
    fn no_filter_stands_beside_the_tenant_without_parentheses(shapes in prop::collection::vec(shape(), 1..4)) {
        let customers = RowCustomer::repository().for_tenant(&Tenants::new().row_acme);
        let query = shapes.iter().fold(customers.all(), |query: Select<_>, shape| query.filter(|c| filter(shape, c)));
        let sql = query.sql();

        let head = r#"SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = $1 AND "#;
        let mut rest = sql.strip_prefix(head).unwrap().to_owned();
        for position in (0..shapes.len()).rev() {
            let start = match position {
                0 => 0,
                _ => rest.match_indices(" AND ").map(|(start, and)| start + and.len()).find(|start| is_in_parentheses(&rest[*start..])).unwrap(),
            };
            prop_assert!(is_in_parentheses(&rest[start..]), "{sql}");
            rest.truncate(start.saturating_sub(" AND ".len()));
        }
        prop_assert_eq!(rest, "");

        let numbers = parameters(&sql);
        prop_assert_eq!(numbers, (1..=parameters(&sql).len()).collect::<Vec<_>>());
    }
}

/// Every form of query and change over the shop, in one isolation.
macro_rules! every_form {
    ($acme:expr) => {{
        let accounts = Account::repository().for_tenant($acme);
        let orders = Order::repository().for_tenant($acme);
        let account = Account { id: 1, name: String::new(), city: None, balance: 0, version: 1, deleted_at: None };
        let changes = || AccountChanges::default().city("Paris");
        [
            accounts.find(1).sql(),
            accounts.find(1).for_update().skip_locked().sql(),
            accounts.all().with_deleted().sql(),
            accounts.update(1, changes(), 7).sql(),
            accounts.update_many(changes()).set(|a| a.balance.set(a.balance + 5)).filter(|a| a.city.is_null()).sql(),
            accounts.delete(1).sql(),
            accounts.delete_many().filter(|a| a.balance.eq(0)).sql(),
            accounts.restore(1).sql(),
            accounts.purge_many().all_rows().sql(),
            orders.of_account(&account).sql(),
            orders.all().join::<Account>(|o, a| Order::account().on(o, a)).sql(),
            accounts
                .all()
                .left_join::<Order>(|a, o| Order::of_account().on(a, o))
                .left_join::<Product>(|(_, o), p| p.code.eq(o.product))
                .left_join::<Payment>(|(_, o, _), p| p.order_id.eq(o.id))
                .filter(|(a, o, _, p)| a.name.eq("Ada") & o.id.is_null() & p.id.is_null())
                .order_by(|(a, o, ..)| [a.name.asc(), o.id.desc()])
                .limit(3)
                .for_update()
                .no_wait()
                .sql(),
            accounts
                .filter(|a| {
                    exists::<Order>().matching(|o| {
                        Order::account().on(o, a) & !exists::<Payment>().matching(|p| p.order_id.eq(o.id))
                    })
                })
                .count()
                .sql(),
            accounts
                .all()
                .join::<Order>(|a, o| o.account_id.eq(a.id))
                .group_by(|(a, _)| (a.id, a.name))
                .having(|(_, o)| o.total.sum().gt(100))
                .order_by(|(_, o)| o.total.sum().desc())
                .select(|(a, o)| TurnoverSelection { account: a.name, orders: o.id.count(), total: o.total.sum() })
                .sql(),
            orders.all().select(|o| (o.total.avg(), o.total.min(), o.note.count_distinct(), count_rows())).sql(),
            orders.all().select(|o| o.note.or("").lower()).distinct().sql(),
            orders.all().distinct_on(|o| o.account_id).order_by(|o| [o.account_id.asc(), o.id.desc()]).sql(),
            orders.all().select(|o| (o, row_number(o.account_id, o.id.asc()))).sql(),
            orders
                .update_many(OrderChanges::default())
                .join::<Account>(|o, a| Order::account().on(o, a))
                .set(|(o, a)| [o.total.set(o.total + a.balance), o.note.set(a.city), o.referred_by.set_null()])
                .returning(|(o, a)| (o.id, a.name))
                .sql(),
            orders
                .delete_many()
                .join::<Account>(|o, a| Order::account().on(o, a))
                .filter(|(_, a)| a.name.eq("Ada"))
                .sql(),
            orders.delete_many().filter(|o| !exists::<Account>().matching(|a| Order::account().on(o, a))).sql(),
        ]
    }};
}

#[test]
fn every_form_by_schema() {
    use tenantry_tests::shop::by_schema::*;
    check(
        &every_form!(&Tenants::new().acme),
        &expect![[r#"
            SELECT "id", "name", "city", "balance", "version", "deleted_at" FROM "acme"."account" WHERE "deleted_at" IS NULL AND "id" = $1
            SELECT "id", "name", "city", "balance", "version", "deleted_at" FROM "acme"."account" WHERE "deleted_at" IS NULL AND "id" = $1 FOR UPDATE SKIP LOCKED
            SELECT "id", "name", "city", "balance", "version", "deleted_at" FROM "acme"."account"
            UPDATE "acme"."account" SET "city" = $1, "version" = "version" + 1 WHERE "deleted_at" IS NULL AND "id" = $2 AND "version" = $3 RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            UPDATE "acme"."account" SET "city" = $1, "balance" = ("balance" + $2), "version" = "version" + 1 WHERE "deleted_at" IS NULL AND ("city" IS NULL) RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            UPDATE "acme"."account" SET "deleted_at" = now(), "version" = "version" + 1 WHERE "deleted_at" IS NULL AND "id" = $1 RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            UPDATE "acme"."account" SET "deleted_at" = now(), "version" = "version" + 1 WHERE "deleted_at" IS NULL AND ("balance" = $1) RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            UPDATE "acme"."account" SET "deleted_at" = NULL, "version" = "version" + 1 WHERE "id" = $1 RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            DELETE FROM "acme"."account" RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            SELECT "id", "account_id", "referred_by", "product", "total", "note" FROM "acme"."order" WHERE ("account_id" = $1)
            SELECT t0."id", t0."account_id", t0."referred_by", t0."product", t0."total", t0."note", t1."id", t1."name", t1."city", t1."balance", t1."version", t1."deleted_at" FROM "acme"."order" AS t0 JOIN "acme"."account" AS t1 ON t1."deleted_at" IS NULL AND (t0."account_id" = t1."id")
            SELECT t0."id", t0."name", t0."city", t0."balance", t0."version", t0."deleted_at", t1."id", t1."account_id", t1."referred_by", t1."product", t1."total", t1."note", t2."code", t2."price", t3."id", t3."order_id", t3."cents" FROM "acme"."account" AS t0 LEFT JOIN "acme"."order" AS t1 ON (t1."account_id" = t0."id") LEFT JOIN "catalog"."product" AS t2 ON (t2."code" = t1."product") LEFT JOIN "acme"."payment" AS t3 ON (t3."order_id" = t1."id") WHERE t0."deleted_at" IS NULL AND (t0."name" = $1 AND t1."id" IS NULL AND t3."id" IS NULL) ORDER BY t0."name" ASC, t1."id" DESC LIMIT $2 FOR UPDATE OF t0 NOWAIT
            SELECT count(*) FROM "acme"."account" AS t0 WHERE t0."deleted_at" IS NULL AND (EXISTS (SELECT 1 FROM "acme"."order" AS t1 WHERE (t1."account_id" = t0."id" AND (NOT EXISTS (SELECT 1 FROM "acme"."payment" AS t2 WHERE (t2."order_id" = t1."id"))))))
            SELECT t0."name", count(t1."id"), sum(t1."total")::int8 FROM "acme"."account" AS t0 JOIN "acme"."order" AS t1 ON (t1."account_id" = t0."id") WHERE t0."deleted_at" IS NULL GROUP BY t0."id", t0."name" HAVING (sum(t1."total")::int8 > $1) ORDER BY sum(t1."total")::int8 DESC
            SELECT avg("total")::float8, min("total"), count(DISTINCT "note"), count(*) FROM "acme"."order"
            SELECT DISTINCT lower(coalesce("note", $1)) FROM "acme"."order"
            SELECT DISTINCT ON ("account_id") "id", "account_id", "referred_by", "product", "total", "note" FROM "acme"."order" ORDER BY "account_id" ASC, "id" DESC
            SELECT "id", "account_id", "referred_by", "product", "total", "note", row_number() OVER (PARTITION BY "account_id" ORDER BY "id" ASC) FROM "acme"."order"
            UPDATE "acme"."order" AS t0 SET "total" = (t0."total" + t1."balance"), "note" = t1."city", "referred_by" = NULL FROM "acme"."account" AS t1 WHERE t1."deleted_at" IS NULL AND (t0."account_id" = t1."id") RETURNING t0."id", t1."name"
            DELETE FROM "acme"."order" AS t0 USING "acme"."account" AS t1 WHERE t1."deleted_at" IS NULL AND (t0."account_id" = t1."id") AND (t1."name" = $1) RETURNING t0."id", t0."account_id", t0."referred_by", t0."product", t0."total", t0."note"
            DELETE FROM "acme"."order" AS t0 WHERE (NOT EXISTS (SELECT 1 FROM "acme"."account" AS t1 WHERE t1."deleted_at" IS NULL AND (t0."account_id" = t1."id"))) RETURNING t0."id", t0."account_id", t0."referred_by", t0."product", t0."total", t0."note"
        "#]],
    );
}

#[test]
fn every_form_by_row() {
    use tenantry_tests::shop::by_row::*;
    check(
        &every_form!(&Tenants::new().row_acme),
        &expect![[r#"
            SELECT "id", "name", "city", "balance", "version", "deleted_at" FROM "app"."account" WHERE "tenant_id" = $1 AND "deleted_at" IS NULL AND "id" = $2
            SELECT "id", "name", "city", "balance", "version", "deleted_at" FROM "app"."account" WHERE "tenant_id" = $1 AND "deleted_at" IS NULL AND "id" = $2 FOR UPDATE SKIP LOCKED
            SELECT "id", "name", "city", "balance", "version", "deleted_at" FROM "app"."account" WHERE "tenant_id" = $1
            UPDATE "app"."account" SET "city" = $2, "version" = "version" + 1 WHERE "tenant_id" = $1 AND "deleted_at" IS NULL AND "id" = $3 AND "version" = $4 RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            UPDATE "app"."account" SET "city" = $2, "balance" = ("balance" + $3), "version" = "version" + 1 WHERE "tenant_id" = $1 AND "deleted_at" IS NULL AND ("city" IS NULL) RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            UPDATE "app"."account" SET "deleted_at" = now(), "version" = "version" + 1 WHERE "tenant_id" = $1 AND "deleted_at" IS NULL AND "id" = $2 RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            UPDATE "app"."account" SET "deleted_at" = now(), "version" = "version" + 1 WHERE "tenant_id" = $1 AND "deleted_at" IS NULL AND ("balance" = $2) RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            UPDATE "app"."account" SET "deleted_at" = NULL, "version" = "version" + 1 WHERE "tenant_id" = $1 AND "id" = $2 RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            DELETE FROM "app"."account" WHERE "tenant_id" = $1 RETURNING "id", "name", "city", "balance", "version", "deleted_at"
            SELECT "id", "account_id", "referred_by", "product", "total", "note" FROM "app"."order" WHERE "tenant_id" = $1 AND ("account_id" = $2)
            SELECT t0."id", t0."account_id", t0."referred_by", t0."product", t0."total", t0."note", t1."id", t1."name", t1."city", t1."balance", t1."version", t1."deleted_at" FROM "app"."order" AS t0 JOIN "app"."account" AS t1 ON t1."tenant_id" = $1 AND t1."deleted_at" IS NULL AND (t0."account_id" = t1."id") WHERE t0."tenant_id" = $1
            SELECT t0."id", t0."name", t0."city", t0."balance", t0."version", t0."deleted_at", t1."id", t1."account_id", t1."referred_by", t1."product", t1."total", t1."note", t2."code", t2."price", t3."id", t3."order_id", t3."cents" FROM "app"."account" AS t0 LEFT JOIN "app"."order" AS t1 ON t1."tenant_id" = $1 AND (t1."account_id" = t0."id") LEFT JOIN "catalog"."product" AS t2 ON (t2."code" = t1."product") LEFT JOIN "app"."payment" AS t3 ON t3."tenant_id" = $1 AND (t3."order_id" = t1."id") WHERE t0."tenant_id" = $1 AND t0."deleted_at" IS NULL AND (t0."name" = $2 AND t1."id" IS NULL AND t3."id" IS NULL) ORDER BY t0."name" ASC, t1."id" DESC LIMIT $3 FOR UPDATE OF t0 NOWAIT
            SELECT count(*) FROM "app"."account" AS t0 WHERE t0."tenant_id" = $1 AND t0."deleted_at" IS NULL AND (EXISTS (SELECT 1 FROM "app"."order" AS t1 WHERE t1."tenant_id" = $1 AND (t1."account_id" = t0."id" AND (NOT EXISTS (SELECT 1 FROM "app"."payment" AS t2 WHERE t2."tenant_id" = $1 AND (t2."order_id" = t1."id"))))))
            SELECT t0."name", count(t1."id"), sum(t1."total")::int8 FROM "app"."account" AS t0 JOIN "app"."order" AS t1 ON t1."tenant_id" = $1 AND (t1."account_id" = t0."id") WHERE t0."tenant_id" = $1 AND t0."deleted_at" IS NULL GROUP BY t0."id", t0."name" HAVING (sum(t1."total")::int8 > $2) ORDER BY sum(t1."total")::int8 DESC
            SELECT avg("total")::float8, min("total"), count(DISTINCT "note"), count(*) FROM "app"."order" WHERE "tenant_id" = $1
            SELECT DISTINCT lower(coalesce("note", $2)) FROM "app"."order" WHERE "tenant_id" = $1
            SELECT DISTINCT ON ("account_id") "id", "account_id", "referred_by", "product", "total", "note" FROM "app"."order" WHERE "tenant_id" = $1 ORDER BY "account_id" ASC, "id" DESC
            SELECT "id", "account_id", "referred_by", "product", "total", "note", row_number() OVER (PARTITION BY "account_id" ORDER BY "id" ASC) FROM "app"."order" WHERE "tenant_id" = $1
            UPDATE "app"."order" AS t0 SET "total" = (t0."total" + t1."balance"), "note" = t1."city", "referred_by" = NULL FROM "app"."account" AS t1 WHERE t0."tenant_id" = $1 AND t1."tenant_id" = $1 AND t1."deleted_at" IS NULL AND (t0."account_id" = t1."id") RETURNING t0."id", t1."name"
            DELETE FROM "app"."order" AS t0 USING "app"."account" AS t1 WHERE t0."tenant_id" = $1 AND t1."tenant_id" = $1 AND t1."deleted_at" IS NULL AND (t0."account_id" = t1."id") AND (t1."name" = $2) RETURNING t0."id", t0."account_id", t0."referred_by", t0."product", t0."total", t0."note"
            DELETE FROM "app"."order" AS t0 WHERE t0."tenant_id" = $1 AND (NOT EXISTS (SELECT 1 FROM "app"."account" AS t1 WHERE t1."tenant_id" = $1 AND t1."deleted_at" IS NULL AND (t0."account_id" = t1."id"))) RETURNING t0."id", t0."account_id", t0."referred_by", t0."product", t0."total", t0."note"
        "#]],
    );
}

/// Every form of statement over several schemas of one tenant.
macro_rules! every_form_over_schemas {
    ($tenant:expr) => {{
        let tenant = $tenant;
        let (customers, reports) = (Customer::repository().for_tenant(tenant), Report::repository().for_tenant(tenant));
        let entries = Entry::repository().for_tenant(tenant);
        let new = |pages| NewReport { customer_id: 1, title: String::new(), pages };
        let report = Report { id: 1, customer_id: 2, title: String::new(), pages: 3 };
        [
            customers.find(1).sql(),
            reports.find(1).sql(),
            reports.find_many([1, 2]).sql(),
            reports.find_by_title("sales").sql(),
            reports.filter(|r| r.pages.gt(1)).order_by(|r| r.id.asc()).sql(),
            reports.all().count().sql(),
            reports.insert(new(Some(1))).sql(),
            reports.insert(new(None)).sql(),
            reports.insert_many([new(Some(1)), new(None)]).sql(),
            reports.update(1, ReportChanges::default().pages(2)).sql(),
            reports.delete(1).sql(),
            entries.insert(NewEntry { what: String::new() }).sql(),
            reports.customer_of(&report).sql(),
            customers.find(1).for_update().sql(),
            reports
                .all()
                .join::<Customer>(|r, c| Report::customer().on(r, c))
                .left_join::<OldCustomer>(|(r, _), o| o.id.eq(r.customer_id))
                .join::<Entry>(|(_, c, _), e| e.what.eq(c.name))
                .select(|(r, c, o, e)| (r.title, c.name, o.name, e.what))
                .sql(),
            customers
                .filter(|c| exists::<Report>().matching(|r| Report::customer().on(r, c)))
                .filter(|c| !exists::<OldCustomer>().matching(|o| o.id.eq(c.id)))
                .exists()
                .sql(),
            reports
                .update_many(ReportChanges::default().pages(0))
                .join::<Customer>(|r, c| Report::customer().on(r, c))
                .filter(|(_, c)| c.name.eq("Ada"))
                .sql(),
            customers
                .delete_many()
                .join::<OldCustomer>(|c, o| o.id.eq(c.id))
                .filter(|(c, _)| !exists::<Report>().matching(|r| Report::customer().on(r, c)))
                .sql(),
        ]
    }};
}

#[test]
fn over_several_schemas_each_relation_names_its_own() {
    use tenantry_tests::reports::by_name::*;
    check(
        &every_form_over_schemas!(&Tenants::new().acme),
        &expect![[r#"
        SELECT "id", "name" FROM "acme"."customer" WHERE "id" = $1
        SELECT "id", "customer_id", "title", "pages" FROM "acme.reporting"."report" WHERE "id" = $1
        SELECT "id", "customer_id", "title", "pages" FROM "acme.reporting"."report" WHERE "id" = ANY($1)
        SELECT "id", "customer_id", "title", "pages" FROM "acme.reporting"."report" WHERE "title" = $1
        SELECT "id", "customer_id", "title", "pages" FROM "acme.reporting"."report" WHERE ("pages" > $1) ORDER BY "id" ASC
        SELECT count(*) FROM "acme.reporting"."report"
        INSERT INTO "acme.reporting"."report" ("customer_id", "title", "pages") VALUES ($1, $2, $3) RETURNING "id", "customer_id", "title", "pages"
        INSERT INTO "acme.reporting"."report" ("customer_id", "title", "pages") VALUES ($1, $2, DEFAULT) RETURNING "id", "customer_id", "title", "pages"
        INSERT INTO "acme.reporting"."report" ("customer_id", "title", "pages") VALUES ($1, $2, $3), ($4, $5, DEFAULT) RETURNING "id", "customer_id", "title", "pages"
        UPDATE "acme.reporting"."report" SET "pages" = $1 WHERE "id" = $2 RETURNING "id", "customer_id", "title", "pages"
        DELETE FROM "acme.reporting"."report" WHERE "id" = $1 RETURNING "id", "customer_id", "title", "pages"
        INSERT INTO "acme.audit"."entry" ("what") VALUES ($1) RETURNING "what"
        SELECT "id", "name" FROM "acme"."customer" WHERE ("id" = $1)
        SELECT "id", "name" FROM "acme"."customer" WHERE "id" = $1 FOR UPDATE
        SELECT t0."title", t1."name", t2."name", t3."what" FROM "acme.reporting"."report" AS t0 JOIN "acme"."customer" AS t1 ON (t0."customer_id" = t1."id") LEFT JOIN "acme.archive"."customer" AS t2 ON (t2."id" = t0."customer_id") JOIN "acme.audit"."entry" AS t3 ON (t3."what" = t1."name")
        SELECT EXISTS (SELECT 1 FROM "acme"."customer" AS t0 WHERE (EXISTS (SELECT 1 FROM "acme.reporting"."report" AS t1 WHERE (t1."customer_id" = t0."id"))) AND (NOT EXISTS (SELECT 1 FROM "acme.archive"."customer" AS t2 WHERE (t2."id" = t0."id"))))
        UPDATE "acme.reporting"."report" AS t0 SET "pages" = $1 FROM "acme"."customer" AS t1 WHERE (t0."customer_id" = t1."id") AND (t1."name" = $2) RETURNING t0."id", t0."customer_id", t0."title", t0."pages"
        DELETE FROM "acme"."customer" AS t0 USING "acme.archive"."customer" AS t1 WHERE (t1."id" = t0."id") AND (NOT EXISTS (SELECT 1 FROM "acme.reporting"."report" AS t2 WHERE (t2."customer_id" = t0."id"))) RETURNING t0."id", t0."name"
    "#]],
    );
}

#[test]
fn over_several_schemas_by_a_rule_each_relation_names_its_own() {
    use tenantry_tests::reports::by_rule::*;
    let acme: TenantId<Key> = "acme".parse().unwrap();
    check(
        &every_form_over_schemas!(&acme),
        &expect![[r#"
        SELECT "id", "name" FROM "acme"."customer" WHERE "id" = $1
        SELECT "id", "customer_id", "title", "pages" FROM "acme_rep"."report" WHERE "id" = $1
        SELECT "id", "customer_id", "title", "pages" FROM "acme_rep"."report" WHERE "id" = ANY($1)
        SELECT "id", "customer_id", "title", "pages" FROM "acme_rep"."report" WHERE "title" = $1
        SELECT "id", "customer_id", "title", "pages" FROM "acme_rep"."report" WHERE ("pages" > $1) ORDER BY "id" ASC
        SELECT count(*) FROM "acme_rep"."report"
        INSERT INTO "acme_rep"."report" ("customer_id", "title", "pages") VALUES ($1, $2, $3) RETURNING "id", "customer_id", "title", "pages"
        INSERT INTO "acme_rep"."report" ("customer_id", "title", "pages") VALUES ($1, $2, DEFAULT) RETURNING "id", "customer_id", "title", "pages"
        INSERT INTO "acme_rep"."report" ("customer_id", "title", "pages") VALUES ($1, $2, $3), ($4, $5, DEFAULT) RETURNING "id", "customer_id", "title", "pages"
        UPDATE "acme_rep"."report" SET "pages" = $1 WHERE "id" = $2 RETURNING "id", "customer_id", "title", "pages"
        DELETE FROM "acme_rep"."report" WHERE "id" = $1 RETURNING "id", "customer_id", "title", "pages"
        INSERT INTO "acme"."entry" ("what") VALUES ($1) RETURNING "what"
        SELECT "id", "name" FROM "acme"."customer" WHERE ("id" = $1)
        SELECT "id", "name" FROM "acme"."customer" WHERE "id" = $1 FOR UPDATE
        SELECT t0."title", t1."name", t2."name", t3."what" FROM "acme_rep"."report" AS t0 JOIN "acme"."customer" AS t1 ON (t0."customer_id" = t1."id") LEFT JOIN "acme_rep"."customer" AS t2 ON (t2."id" = t0."customer_id") JOIN "acme"."entry" AS t3 ON (t3."what" = t1."name")
        SELECT EXISTS (SELECT 1 FROM "acme"."customer" AS t0 WHERE (EXISTS (SELECT 1 FROM "acme_rep"."report" AS t1 WHERE (t1."customer_id" = t0."id"))) AND (NOT EXISTS (SELECT 1 FROM "acme_rep"."customer" AS t2 WHERE (t2."id" = t0."id"))))
        UPDATE "acme_rep"."report" AS t0 SET "pages" = $1 FROM "acme"."customer" AS t1 WHERE (t0."customer_id" = t1."id") AND (t1."name" = $2) RETURNING t0."id", t0."customer_id", t0."title", t0."pages"
        DELETE FROM "acme"."customer" AS t0 USING "acme_rep"."customer" AS t1 WHERE (t1."id" = t0."id") AND (NOT EXISTS (SELECT 1 FROM "acme_rep"."report" AS t2 WHERE (t2."customer_id" = t0."id"))) RETURNING t0."id", t0."name"
    "#]],
    );
}

/// One text, and in it the schemas of whichever tenant it is for.
#[test]
fn the_schemas_of_a_tenant_are_those_that_were_named_by_hand() {
    use tenantry_tests::reports::by_name::*;
    fn sql(tenant: &TenantId) -> String {
        let reports = Report::repository().for_tenant(tenant);
        let query = reports.all().join::<Customer>(|r, c| Report::customer().on(r, c));
        query.join::<OldCustomer>(|(r, _), o| o.id.eq(r.customer_id)).select(|(r, ..)| r.id).sql()
    }
    let acme: TenantId = "acme".parse().unwrap();
    let key = || acme.key().clone();
    let texts = [
        sql(&acme),
        sql(&TenantId::with_existing_schema(key(), "Acme \"Ltd\"").unwrap()),
        sql(&TenantId::with_existing_schemas(key(), "Acme", [("reporting", "Reports"), ("archive", "Old")]).unwrap()),
        sql(&TenantId::with_existing_schemas(key(), "Acme", [("reporting", "Acme"), ("archive", "Acme")]).unwrap()),
    ];
    check(
        &texts,
        &expect![[r#"
        SELECT t0."id" FROM "acme.reporting"."report" AS t0 JOIN "acme"."customer" AS t1 ON (t0."customer_id" = t1."id") JOIN "acme.archive"."customer" AS t2 ON (t2."id" = t0."customer_id")
        SELECT t0."id" FROM "Acme ""Ltd"".reporting"."report" AS t0 JOIN "Acme ""Ltd"""."customer" AS t1 ON (t0."customer_id" = t1."id") JOIN "Acme ""Ltd"".archive"."customer" AS t2 ON (t2."id" = t0."customer_id")
        SELECT t0."id" FROM "Reports"."report" AS t0 JOIN "Acme"."customer" AS t1 ON (t0."customer_id" = t1."id") JOIN "Old"."customer" AS t2 ON (t2."id" = t0."customer_id")
        SELECT t0."id" FROM "Acme"."report" AS t0 JOIN "Acme"."customer" AS t1 ON (t0."customer_id" = t1."id") JOIN "Acme"."customer" AS t2 ON (t2."id" = t0."customer_id")
    "#]],
    );
}

#[test]
fn a_copy_names_the_tenant_or_the_library_writes_it() {
    let tenants = Tenants::new();
    let customers = Customer::repository().for_tenant(&tenants.acme);
    let row_customers = RowCustomer::repository().for_tenant(&tenants.row_acme);
    let plans = Plan::repository();
    let hostile = TenantId::with_existing_schema("acme".parse::<Slug>().unwrap(), "a\".b'; --").unwrap();
    let events = Event::repository().for_tenant(&hostile);
    let statements = [
        customers.copy_in([new(None)]).sql(),
        customers.copy_out().sql(),
        row_customers.copy_in([row_new(None)]).sql(),
        row_customers.copy_out().sql(),
        plans.for_shared_writes().copy_in([NewPlan { code: String::new(), price: 1 }]).sql(),
        plans.copy_out().sql(),
        events.copy_in([NewEvent { what: String::new() }]).sql(),
        events.copy_out().sql(),
    ];
    check(
        &statements,
        &expect![[r#"
        COPY "acme"."customer" ("email", "name", "phone", "credit") FROM STDIN (FORMAT binary)
        COPY (SELECT "id", "email", "name", "phone", "credit" FROM "acme"."customer") TO STDOUT (FORMAT binary)
        COPY "app"."customer" ("tenant_id", "email", "name", "phone", "credit") FROM STDIN (FORMAT binary)
        COPY (SELECT "id", "email", "name", "phone", "credit" FROM "app"."customer" WHERE "tenant_id" = '00000000-0000-0000-0000-00000000ac3e') TO STDOUT (FORMAT binary)
        COPY "catalog"."plan" ("code", "price") FROM STDIN (FORMAT binary)
        COPY (SELECT "code", "price" FROM "catalog"."plan") TO STDOUT (FORMAT binary)
        COPY "a"".b'; --"."event" ("what") FROM STDIN (FORMAT binary)
        COPY (SELECT "what" FROM "a"".b'; --"."event") TO STDOUT (FORMAT binary)
    "#]],
    );
}
