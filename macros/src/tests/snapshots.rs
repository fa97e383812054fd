//! Whole expansions, each headed by its input, and the text of every statement. Renewed by
//! `UPDATE_EXPECT=1 cargo test -p tenantry-macros`.

use expect_test::{ExpectFile, expect, expect_file};
use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Model;
use crate::statements::{Statement, Statements};

fn expansion(input: &TokenStream, expected: &ExpectFile) {
    let input_file = syn::parse2(input.clone()).unwrap();
    let output_file = syn::parse2(crate::expand(input.clone())).unwrap();
    let [input, output] = [input_file, output_file].map(|file| prettyplease::unparse(&file));
    let commented: String = input.lines().map(|line| format!("// {line}\n")).collect();
    expected.assert_eq(&format!("{commented}\n{output}"));
}

fn customer() -> TokenStream {
    quote! {
        /// A customer of a tenant.
        #[tenant_table(name = "customer")]
        pub struct Customer {
            #[tenant_table(primary_key, generated)]
            pub id: i64,
            /// Where invoices go.
            #[tenant_table(unique)]
            pub email: String,
            pub name: String,
            pub phone: Option<String>,
        }
    }
}

fn order_line() -> TokenStream {
    quote! {
        #[tenant_table(name = "order line", tenant_column(tenant_id: Uuid), schema = "shop", crate = crate::tenantry)]
        struct OrderLine {
            #[tenant_table(primary_key, references = Order)]
            order_id: i64,
            #[tenant_table(primary_key)]
            line: i32,
            #[tenant_table(unique = "sku", column = "SKU")]
            sku: String,
            #[tenant_table(unique = "sku")]
            r#type: i16,
            #[tenant_table(default)]
            created: Option<time::OffsetDateTime>,
        }
    }
}

fn plan() -> TokenStream {
    quote! {
        #[tenant_table(name = "plan", shared, schema = "catalog")]
        pub(crate) struct Plan {
            #[tenant_table(primary_key)]
            code: String,
        }
    }
}

fn event() -> TokenStream {
    quote! {
        #[tenant_table(name = "event", keyless, tenant = i64)]
        pub struct Event {
            pub what: String,
        }
    }
}

fn report() -> TokenStream {
    quote! {
        #[tenant_table(name = "report", tenant = i64, schema = "reporting", keyless)]
        struct Report {
            title: String,
        }
    }
}

/// The struct that newcomers see first.
fn quickstart() -> TokenStream {
    let example = syn::parse_file(include_str!("../../../examples/quickstart.rs")).unwrap();
    let mut structs = example.items.into_iter().filter_map(|item| match item {
        syn::Item::Struct(item) => Some(item),
        _ => None,
    });
    let mut customer = structs.find(|item| item.ident == "Customer").unwrap();
    customer.attrs.retain(|attribute| !attribute.path().is_ident("derive"));
    quote!(#customer)
}

#[test]
fn the_expansion_of_the_quickstarts_table() {
    expansion(&quickstart(), &expect_file!["../../snapshots/quickstart.rs"]);
}

#[test]
fn the_expansion_of_a_table_isolated_by_schema() {
    expansion(&customer(), &expect_file!["../../snapshots/schema.rs"]);
}

#[test]
fn the_expansion_of_a_table_isolated_by_row() {
    expansion(&order_line(), &expect_file!["../../snapshots/row.rs"]);
}

#[test]
fn the_expansion_of_a_shared_table() {
    expansion(&plan(), &expect_file!["../../snapshots/shared.rs"]);
}

#[test]
fn the_expansion_of_a_table_without_a_key() {
    expansion(&event(), &expect_file!["../../snapshots/keyless.rs"]);
}

#[test]
fn the_expansion_of_a_table_in_a_logical_schema() {
    expansion(&report(), &expect_file!["../../snapshots/logical.rs"]);
}

/// One line a statement; `..` is where the runtime goes on.
fn texts(input: TokenStream) -> String {
    let (model, errors) = Model::read(&syn::parse2(input).unwrap());
    assert_eq!(errors.messages(), <[String; 0]>::default());
    let statements = Statements::new(&model.unwrap());
    let whole = |statement: &Statement| format!("{}{}", statement.text.readable(), statement.returning);
    let mut lines = vec![
        format!("select: {} ..", statements.select.readable()),
        format!("relation: {}", statements.relation.readable()),
        format!("insert: {}", whole(&statements.insert_one)),
        format!("insert_many: {}", whole(&statements.insert_many)),
    ];
    if let Some(by_key) = &statements.by_key {
        lines.push(format!("find: {}", whole(&by_key.find)));
        lines.extend(by_key.find_many.iter().map(|find_many| format!("find_many: {}", whole(find_many))));
        lines.push(format!("delete: {}", whole(&by_key.delete)));
    }
    lines.extend(statements.by_unique.iter().map(|statement| format!("find_by: {}", whole(statement))));
    lines.push(format!("tenant: {}", statements.tenant));
    lines.join("\n") + "\n"
}

#[test]
fn every_text_of_a_table_isolated_by_schema() {
    expect![[r#"
        select: SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer" ..
        relation: "{tenant}"."customer"
        insert: INSERT INTO "{tenant}"."customer" ("email", "name", "phone") VALUES ($1, $2, $3) RETURNING "id", "email", "name", "phone"
        insert_many: INSERT INTO "{tenant}"."customer" ("email", "name", "phone") SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3) RETURNING "id", "email", "name", "phone"
        find: SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer" WHERE "id" = $1
        find_many: SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer" WHERE "id" = ANY($1)
        delete: DELETE FROM "{tenant}"."customer" WHERE "id" = $1 RETURNING "id", "email", "name", "phone"
        find_by: SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer" WHERE "email" = $1
        tenant: 
    "#]].assert_eq(&texts(customer()));
}

#[test]
fn every_text_of_a_table_isolated_by_row() {
    expect![[r#"
        select: SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" ..
        relation: "shop"."order line"
        insert: INSERT INTO "shop"."order line" ("tenant_id", "order_id", "line", "SKU", "type", "created") VALUES ($1, $2, $3, $4, $5, $6) RETURNING "order_id", "line", "SKU", "type", "created"
        insert_many: INSERT INTO "shop"."order line" ("tenant_id", "order_id", "line", "SKU", "type", "created") SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($6) RETURNING "order_id", "line", "SKU", "type", "created"
        find: SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = $1 AND "order_id" = $2 AND "line" = $3
        delete: DELETE FROM "shop"."order line" WHERE "tenant_id" = $1 AND "order_id" = $2 AND "line" = $3 RETURNING "order_id", "line", "SKU", "type", "created"
        find_by: SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = $1 AND "SKU" = $2 AND "type" = $3
        tenant: "tenant_id"
    "#]].assert_eq(&texts(order_line()));
}

#[test]
fn every_text_of_a_shared_table() {
    expect![[r#"
        select: SELECT "code" FROM "catalog"."plan" ..
        relation: "catalog"."plan"
        insert: INSERT INTO "catalog"."plan" ("code") VALUES ($1) RETURNING "code"
        insert_many: INSERT INTO "catalog"."plan" ("code") SELECT pg_catalog.unnest($1) RETURNING "code"
        find: SELECT "code" FROM "catalog"."plan" WHERE "code" = $1
        find_many: SELECT "code" FROM "catalog"."plan" WHERE "code" = ANY($1)
        delete: DELETE FROM "catalog"."plan" WHERE "code" = $1 RETURNING "code"
        tenant: 
    "#]]
    .assert_eq(&texts(plan()));
}

#[test]
fn every_text_of_a_table_without_a_key() {
    expect![[r#"
        select: SELECT "what" FROM "{tenant}"."event" ..
        relation: "{tenant}"."event"
        insert: INSERT INTO "{tenant}"."event" ("what") VALUES ($1) RETURNING "what"
        insert_many: INSERT INTO "{tenant}"."event" ("what") SELECT pg_catalog.unnest($1) RETURNING "what"
        tenant: 
    "#]]
    .assert_eq(&texts(event()));
}

#[test]
fn every_text_of_a_table_in_a_logical_schema() {
    expect![[r#"
        select: SELECT "title" FROM "{tenant's reporting}"."report" ..
        relation: "{tenant's reporting}"."report"
        insert: INSERT INTO "{tenant's reporting}"."report" ("title") VALUES ($1) RETURNING "title"
        insert_many: INSERT INTO "{tenant's reporting}"."report" ("title") SELECT pg_catalog.unnest($1) RETURNING "title"
        tenant: 
    "#]].assert_eq(&texts(report()));
}

#[test]
fn a_row_that_the_database_makes_whole_still_names_a_column() {
    let input = quote! {
        #[tenant_table(name = "ticket", tenant_column(tenant_id: i64))]
        struct Ticket { #[tenant_table(primary_key, generated)] id: i64 }
    };
    expect![[r#"
        select: SELECT "id" FROM "public"."ticket" ..
        relation: "public"."ticket"
        insert: INSERT INTO "public"."ticket" ("tenant_id", "id") VALUES ($1, $2) RETURNING "id"
        insert_many: INSERT INTO "public"."ticket" ("tenant_id", "id") SELECT $1, pg_catalog.unnest($2) RETURNING "id"
        find: SELECT "id" FROM "public"."ticket" WHERE "tenant_id" = $1 AND "id" = $2
        find_many: SELECT "id" FROM "public"."ticket" WHERE "tenant_id" = $1 AND "id" = ANY($2)
        delete: DELETE FROM "public"."ticket" WHERE "tenant_id" = $1 AND "id" = $2 RETURNING "id"
        tenant: "tenant_id"
    "#]]
    .assert_eq(&texts(input));
}
