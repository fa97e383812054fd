//! The text of every statement that a repository makes, and what holds for any filter. No server is needed.
#![expect(clippy::unwrap_used, reason = "tests")]

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tenantry::{Filter, Select};
use tenantry_tests::*;

fn check(actual: &[String], expected: &Expect) {
    expected.assert_eq(&(actual.join("\n") + "\n"));
}

/// Both isolations make the same list: only the scope differs.
macro_rules! every_statement {
    ($customers:expr, $lines:expr, $new:expr, $changes:expr, $new_line:expr) => {{
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
            customers.insert_many([$new(Some(1)), $new(None)]).sql(),
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
fn isolated_by_schema_each_statement_names_the_tenants_schema() {
    let tenants = Tenants::new();
    let customers = Customer::repository().for_tenant(&tenants.acme);
    let lines = OrderLine::repository().for_tenant(&tenants.acme);
    let new_line =
        || NewOrderLine { order_id: 1, line: 2, product: String::new(), customer_id: 3, note: String::new() };
    let statements = every_statement!(customers, lines, new, CustomerChanges::default, new_line);
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
        INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, $4), ($5, $6, $7, DEFAULT) RETURNING "id", "email", "name", "phone", "credit"
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
    let statements = every_statement!(customers, lines, row_new, RowCustomerChanges::default, new_line);
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
        INSERT INTO "app"."customer" ("tenant_id", "email", "name", "phone", "credit") VALUES ($1, $2, $3, $4, $5), ($1, $6, $7, $8, DEFAULT) RETURNING "id", "email", "name", "phone", "credit"
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
        DELETE FROM "app"."order_line" WHERE "tenant_id" = $1 AND "order_id" = $2 AND "line" = $3 RETURNING "order_id", "line", "product", "customer_id", "note"
    "#]],
    );
}

#[test]
fn shared_each_statement_names_the_fixed_schema() {
    let plans = Plan::repository();
    let writes = plans.for_shared_writes();
    let statements = [
        plans.find("basic").sql(),
        plans.for_tenant(&Tenants::new().acme).filter(|c| c.price.le(3)).sql(),
        writes.insert(NewPlan { code: String::new(), price: 1 }).sql(),
        writes.update("basic", PlanChanges::default().price(2)).sql(),
        writes.delete_many().all_rows().sql(),
    ];
    check(
        &statements,
        &expect![[r#"
        SELECT "code", "price" FROM "catalog"."plan" WHERE "code" = $1
        SELECT "code", "price" FROM "catalog"."plan" WHERE ("price" <= $1)
        INSERT INTO "catalog"."plan" ("code", "price") VALUES ($1, $2) RETURNING "code", "price"
        UPDATE "catalog"."plan" SET "price" = $1 WHERE "code" = $2 RETURNING "code", "price"
        DELETE FROM "catalog"."plan" RETURNING "code", "price"
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
