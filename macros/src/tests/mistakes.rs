//! What the derive says, without the compiler's frame around it; the compile-fail cases show that.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Model;

fn messages(input: TokenStream) -> Vec<String> {
    let (_, errors) = Model::read(&syn::parse2(input).unwrap());
    errors.messages()
}

#[test]
fn every_mistake_of_a_struct_is_reported_at_once() {
    let messages = messages(quote! {
        #[tenant_table(nmae = "customer", shared = true, tenant_column(tenant_id))]
        struct Customer {
            #[tenant_table(primary_key, primary_key)]
            id: Option<i64>,
            #[tenant_table(column = "", uniqe)]
            email: String,
        }
    });
    assert_eq!(
        messages,
        [
            "unknown key `nmae`: did you mean `name`?",
            "`shared` takes no value: write `shared` alone",
            "write the tenant column as `tenant_column(tenant_id: Uuid)`",
            "`primary_key` is given twice",
            "a primary key cannot be NULL: take the `Option` away",
            "unknown key `uniqe`: did you mean `unique`?",
            "the column's name cannot be empty",
            "a shared table names its schema: write `shared, schema = \"public\"`",
        ]
    );
}

#[test]
fn what_is_wrong_is_not_missing_as_well() {
    for attribute in [
        quote!(#[tenant_table]),
        quote!(#[tenant_table = "customer"]),
        quote!(#[tenant_table("customer")]),
        quote!(#[tenant_table(name)]),
        quote!(#[tenant_table(name = 7)]),
        quote!(#[tenant_table(nmae = "customer")]),
        quote!(#[tenant_table(name = "customer", tenant_column(tenant_id), schema = "app")]),
        quote!(#[tenant_table(name = "customer", shared = true, schema = "app")]),
        quote!(#[tenant_table(name = "customer", shared, shcema = "app")]),
    ] {
        let messages = messages(quote! {
            #attribute
            struct Customer { #[tenant_table(primary_key)] id: i64 }
        });
        assert_eq!(messages.len(), 1, "{attribute}: {messages:?}");
    }
    let messages = messages(quote! {
        #[tenant_table(name = "customer")]
        struct Customer { #[tenant_table(primry_key)] id: i64 }
    });
    assert_eq!(messages, ["unknown key `primry_key`: did you mean `primary_key`?"]);
}

#[test]
fn names_are_measured_in_bytes() {
    let name = "é".repeat(32);
    let messages = messages(quote! {
        #[tenant_table(name = #name)]
        struct Customer { #[tenant_table(primary_key)] id: i64 }
    });
    assert_eq!(messages, ["the table's name has 64 bytes, and PostgreSQL cuts names off after 63"]);
}

#[test]
fn a_name_of_63_bytes_and_any_other_characters_is_taken() {
    let name = format!("{}\";--", "x".repeat(59));
    let messages = messages(quote! {
        #[tenant_table(name = #name)]
        struct Customer { #[tenant_table(primary_key)] id: i64 }
    });
    assert_eq!(messages, <[&str; 0]>::default());
}

#[test]
fn types_with_commas_are_read_whole() {
    let messages = messages(quote! {
        #[tenant_table(name = "t", tenant = Key<Vec<u8>, 3>, keyless)]
        struct T { #[tenant_table(references = Other<A, B>)] id: i64 }
    });
    assert_eq!(messages, <[&str; 0]>::default());
}

#[test]
fn a_unique_key_that_makes_no_variant_of_its_own_is_named_differently() {
    let messages = messages(quote! {
        #[tenant_table(name = "customer")]
        struct Customer {
            #[tenant_table(primary_key, generated)]
            id: i64,
            #[tenant_table(unique = "primary_key")]
            a: i64,
            #[tenant_table(unique = "a_b")]
            b: i64,
            #[tenant_table(unique = "aB")]
            c: i64,
            #[tenant_table(unique = "self")]
            d: i64,
            #[tenant_table(unique = "_1")]
            e: i64,
            // No insert gives it, so that there is no variant to be named.
            #[tenant_table(unique = "primaryKey", generated)]
            f: i64,
        }
    });
    assert_eq!(
        messages,
        [
            "the unique key `primary_key` would be `CustomerKey::PrimaryKey`, which is the primary key's: name it differently",
            "the unique key `aB` would be `CustomerKey::AB`, which is the unique key `a_b`'s: name it differently",
            "the unique key `self` would be `CustomerKey::Self`, which is no name of a variant: name it differently",
            "the unique key `_1` would be `CustomerKey::1`, which is no name of a variant: name it differently",
        ]
    );
}

#[test]
fn a_logical_schema_is_a_tenants_own() {
    for (schema, expected) in [
        ("", "the logical schema's name cannot be empty"),
        ("a\0b", "the logical schema's name cannot hold the character NUL"),
        ("Public", "`Public` is no schema of a tenant's: leave `schema` out, or add `shared` or `tenant_column(..)`"),
        ("pg_temp", "`pg_temp` is no schema of a tenant's: leave `schema` out, or add `shared` or `tenant_column(..)`"),
    ] {
        let messages = messages(quote! {
            #[tenant_table(name = "report", schema = #schema, keyless)]
            struct Report { title: String }
        });
        assert_eq!(messages, [expected]);
    }
    let messages = messages(quote! {
        #[tenant_table(name = "report", tenant = i64, schema = "my reports.\"2\"", keyless)]
        struct Report { title: String }
    });
    assert_eq!(messages, <[&str; 0]>::default());
}
