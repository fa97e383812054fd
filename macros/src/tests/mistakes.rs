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
