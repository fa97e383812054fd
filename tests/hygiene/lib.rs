//! The derive among other people's code: without the prelude, under another name of the crate, with
//! names that clash, in macros and functions, and under strict lints.
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(missing_docs, unused, unreachable_pub, missing_debug_implementations, deprecated, clippy::pedantic)]

/// Everything that the derive could mistake for its own is taken.
mod clashes {
    #![allow(dead_code, missing_docs, missing_debug_implementations, reason = "these exist for their names alone")]

    pub(crate) struct Option;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct Result;
    pub(crate) struct String;
    pub(crate) struct Vec;
    pub(crate) struct Repository;
    pub(crate) struct Table;
    pub(crate) struct Statement;
    pub(crate) struct Value;
    pub(crate) struct Clone;
    pub(crate) struct Default;
    pub(crate) trait Iterator {}
    pub(crate) trait FnOnce {}
    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod tenantry {}
}

#[allow(unused_imports, reason = "these exist for their names alone")]
use clashes::*;

/// A table with a field for each name that the generated methods use.
#[derive(::std::fmt::Debug, ::renamed::TenantTable)]
#[tenant_table(name = "select", crate = ::renamed)]
pub struct Order {
    /// A raw identifier.
    #[tenant_table(primary_key, generated)]
    pub r#type: ::core::primitive::i64,
    /// Named as a method's argument.
    #[tenant_table(unique)]
    pub keys: ::std::string::String,
    /// Another.
    #[tenant_table(unique = "and_this", unique)]
    pub condition: ::core::primitive::i32,
    /// Named as a parameter of the reader.
    #[tenant_table(unique = "and_this")]
    pub row: ::core::option::Option<::core::primitive::i32>,
    /// Named as what collects values.
    #[tenant_table(default = "7", check = "values > 0", index)]
    pub values: ::core::primitive::i16,
    /// Named as what collects assignments.
    pub assignments: ::core::primitive::i16,
    /// Named as a closure's argument.
    pub value: ::core::primitive::i16,
    /// Named as an argument of updates.
    pub changes: ::core::primitive::i16,
    /// Named as an argument of inserts.
    #[tenant_table(column = "New")]
    pub new: ::core::primitive::bool,
}

/// Named as a generic parameter, with fields of types and names that could clash.
#[derive(::std::fmt::Debug, ::renamed::TenantTable)]
#[tenant_table(name = "s", crate = ::renamed)]
#[allow(dead_code, non_snake_case, reason = "columns can be named so")]
pub struct S {
    /// Named as an argument.
    #[tenant_table(primary_key)]
    pub changes: K,
    /// Named as the other argument.
    #[tenant_table(primary_key)]
    pub new_value: K,
    /// Named as a function of the generated struct.
    pub default: ::core::primitive::i32,
    /// In upper case, and private.
    SKU: ::core::option::Option<Private>,
}

/// Named as a generic parameter.
pub type K = ::core::primitive::i64;

/// Seen here alone.
type Private = ::core::primitive::i64;

macro_rules! table {
    ($name:ident, $field:ident: $type:ty) => {
        /// Written by a macro.
        #[derive(::renamed::TenantTable, ::std::fmt::Debug)]
        #[tenant_table(name = "made", crate = ::renamed, tenant_column(tenant: i64))]
        pub struct $name {
            /// A field.
            #[tenant_table(primary_key)]
            pub $field: $type,
        }
    };
}

table!(Made, key: ::core::primitive::i64);

#[test]
fn it_compiles_and_says_the_same_sql() {
    use ::core::result::Result::Ok;

    let Ok(tenant) = ::core::str::FromStr::from_str("acme") else { ::core::panic!() };
    let tenant: ::renamed::TenantId = tenant;
    let orders = Order::repository().for_tenant(&tenant);
    ::core::assert_eq!(
        orders.find(1).sql(),
        r#"SELECT "type", "keys", "condition", "row", "values", "assignments", "value", "changes", "New" FROM "acme"."select" WHERE "type" = $1"#
    );
    let by_unique = orders.find_by_and_this(1, 2).sql();
    ::core::assert!(by_unique.ends_with(r#"WHERE "condition" = $1 AND "row" = $2"#), "{by_unique}");
    let new = || NewOrder {
        keys: ::std::string::String::new(),
        condition: 1,
        row: ::core::option::Option::Some(2),
        values: ::core::option::Option::None,
        assignments: 3,
        value: 4,
        changes: 5,
        new: true,
    };
    let upsert = orders.insert(new()).on_conflict(OrderKey::AndThis).update(|o| (o.new, o.changes)).sql();
    ::core::assert!(
        upsert.contains(
            r#"ON CONFLICT ("condition", "row") DO UPDATE SET "New" = EXCLUDED."New", "changes" = EXCLUDED."changes""#
        ),
        "{upsert}"
    );
    let returning = orders.insert(new()).returning(|o| (o.r#type, o.new)).sql();
    ::core::assert!(
        returning.ends_with(r#"($1, $2, $3, DEFAULT, $4, $5, $6, $7) RETURNING "type", "New""#),
        "{returning}"
    );
    let insert_from = orders.insert_from(
        |o| (o.keys, o.row),
        |orders: ::renamed::Select<Order, _, _>| orders.filter(|o| o.new.eq(true)).select(|o| (o.keys, o.row)),
    );
    ::core::assert!(
        insert_from.sql().starts_with(
            r#"INSERT INTO "acme"."select" ("keys", "row") SELECT "keys", "row" FROM "acme"."select" WHERE ("New" = $1)"#
        ),
        "{}",
        insert_from.sql()
    );
    ::core::assert_eq!(
        orders.copy_in([new()]).sql(),
        r#"COPY "acme"."select" ("keys", "condition", "row", "values", "assignments", "value", "changes", "New") FROM STDIN (FORMAT binary)"#
    );
    ::core::assert_eq!(
        orders.copy_out().sql(),
        r#"COPY (SELECT "type", "keys", "condition", "row", "values", "assignments", "value", "changes", "New" FROM "acme"."select") TO STDOUT (FORMAT binary)"#
    );
    let update = orders.update(1, <OrderChanges as ::core::default::Default>::default().row(2).values(1)).sql();
    ::core::assert!(update.contains(r#"SET "row" = $1, "values" = $2 WHERE "type" = $3"#), "{update}");
}

#[test]
fn names_of_arguments_and_parameters_are_free() {
    use ::core::result::Result::Ok;

    let Ok(tenant) = ::core::str::FromStr::from_str("acme") else { ::core::panic!() };
    let tenant: ::renamed::TenantId = tenant;
    let changes = SChanges { default: ::core::option::Option::Some(1), ..::core::default::Default::default() };
    let update = S::repository().for_tenant(&tenant).update(1, 2, changes.SKU(3)).sql();
    ::core::assert!(update.contains(r#"SET "default" = $1, "SKU" = $2 WHERE "changes" = $3"#), "{update}");
}

#[test]
fn tables_can_be_made_by_macros_and_in_functions() {
    use ::core::result::Result::Ok;

    #[derive(::renamed::TenantTable)]
    #[tenant_table(name = "inner", shared, schema = "s", crate = ::renamed)]
    struct Inner {
        #[tenant_table(primary_key)]
        _key: ::core::primitive::i64,
    }

    let Ok(tenant) = ::renamed::TenantId::new(1_i64) else { ::core::panic!() };
    ::core::assert_eq!(
        Made::repository().for_tenant(&tenant).find(1).sql(),
        r#"SELECT "key" FROM "public"."made" WHERE "tenant" = $1 AND "key" = $2"#
    );
    ::core::assert_eq!(Inner::repository().find(1).sql(), r#"SELECT "_key" FROM "s"."inner" WHERE "_key" = $1"#);
}
