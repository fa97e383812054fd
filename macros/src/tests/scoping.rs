//! For any table: each relation of each statement is scoped where it is named, and the tenant is bound once.

use proc_macro2::TokenStream;
use proptest::prelude::*;
use quote::{format_ident, quote};

use crate::model::Model;
use crate::statements::{Statements, Text};

/// Names that a careless text could trip over.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z_][a-zA-Z0-9_]{0,20}",
        Just("select".to_owned()),
        Just("FROM \"x\"".to_owned()),
        Just("a\" = $1 OR \"b".to_owned()),
        Just("t; DROP SCHEMA public".to_owned()),
        Just("{tenant}".to_owned()),
        "\\PC{1,15}",
    ]
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Isolation {
    Schema,
    LogicalSchema,
    Row,
    Shared,
}

impl Isolation {
    fn is_by_schema(self) -> bool {
        matches!(self, Self::Schema | Self::LogicalSchema)
    }
}

#[derive(Debug, Clone)]
struct Table {
    name: String,
    isolation: Isolation,
    /// Name, and whether it is in the key, generated, with a default, nullable, in a unique key.
    columns: Vec<(String, [bool; 5])>,
}

fn table() -> impl Strategy<Value = Table> {
    let isolation = prop_oneof![
        Just(Isolation::Schema),
        Just(Isolation::LogicalSchema),
        Just(Isolation::Row),
        Just(Isolation::Shared),
    ];
    let columns = prop::collection::btree_map(name(), any::<[bool; 5]>(), 1..8);
    (name(), isolation, columns).prop_map(|(name, isolation, columns)| Table {
        name,
        isolation,
        columns: columns.into_iter().filter(|(name, _)| name != "tenant").collect(),
    })
}

impl Table {
    fn to_tokens(&self) -> TokenStream {
        let name = &self.name;
        let isolation = match self.isolation {
            Isolation::Schema => quote!(),
            Isolation::LogicalSchema => quote!(, schema = "app"),
            Isolation::Row => quote!(, tenant_column(tenant: i64), schema = "app"),
            Isolation::Shared => quote!(, shared, schema = "app"),
        };
        let has_key = self.columns.iter().any(|(_, [key, ..])| *key);
        let keyless = (!has_key).then(|| quote!(, keyless));
        let fields =
            self.columns.iter().enumerate().map(|(position, (column, [key, generated, default, null, unique]))| {
                let field = format_ident!("field_{position}");
                let key_word = key.then(|| quote!(primary_key,));
                let generated_word = generated.then(|| quote!(generated,));
                let default_word = (*default && !*generated).then(|| quote!(default,));
                let unique_word = unique.then(|| quote!(unique = "together",));
                let field_type = if *null && !*key { quote!(Option<i64>) } else { quote!(i64) };
                quote! {
                    #[tenant_table(column = #column, #key_word #generated_word #default_word #unique_word)]
                    #field: #field_type
                }
            });
        quote!(#[tenant_table(name = #name #isolation #keyless)] struct T { #(#fields,)* })
    }
}

/// The words and signs of SQL that are not inside a quoted name; the tenant's schema is one sign, `~`.
fn signs(text: &Text) -> Vec<String> {
    let text = text.fragments().join("~");
    let mut signs = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(first) = rest.next() {
        let mut sign = first.to_string();
        if first == '"' {
            // A quoted name, with doubled quotes inside.
            while let Some(next) = rest.next() {
                sign.push(next);
                if next == '"' && rest.peek() != Some(&'"') {
                    break;
                } else if next == '"' {
                    sign.extend(rest.next());
                }
            }
        } else if first.is_alphanumeric() || first == '$' {
            while let Some(next) = rest.next_if(|next| next.is_alphanumeric()) {
                sign.push(next);
            }
        } else if first == ' ' {
            continue;
        }
        signs.push(sign);
    }
    signs
}

fn texts(statements: &Statements) -> Vec<(&'static str, &Text, bool)> {
    // The third says whether the text is whole, or goes on in the runtime with the tenant's condition.
    let mut texts = vec![
        ("select", &statements.select, false),
        ("insert", &statements.insert, false),
        ("insert_into", &statements.insert_into, false),
        ("insert_one", &statements.insert_one.text, true),
        ("insert_many", &statements.insert_many.text, true),
    ];
    if let Some(by_key) = &statements.by_key {
        texts.push(("find", &by_key.find.text, true));
        texts.push(("delete by key", &by_key.delete.text, true));
        texts.extend(by_key.find_many.iter().map(|find_many| ("find_many", &find_many.text, true)));
    }
    texts.extend(statements.by_unique.iter().map(|statement| ("find_by", &statement.text, true)));
    texts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn each_relation_is_scoped_and_the_tenant_is_bound_once(table in table()) {
        prop_assume!(!table.columns.is_empty());
        let (model, errors) = Model::read(&syn::parse2(table.to_tokens()).unwrap());
        prop_assert_eq!(errors.messages(), Vec::<String>::new());
        let statements = Statements::new(&model.unwrap());
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let schema = if table.isolation.is_by_schema() { "~".to_owned() } else { quoted("app") };

        for (name, text, whole) in texts(&statements) {
            let signs = signs(text);
            let relations: Vec<usize> = signs
                .iter()
                .enumerate()
                .filter(|(_, sign)| ["FROM", "INTO", "UPDATE", "COPY"].contains(&sign.as_str()))
                .map(|(position, _)| position)
                .collect();
            prop_assert_eq!(relations.len(), 1, "{}: one relation in {:?}", name, signs);
            for position in relations {
                let relation = signs[position + 1..position + 4].concat();
                prop_assert_eq!(relation, format!("{schema}.{}", quoted(&table.name)), "{}", name);
            }
            prop_assert_eq!(signs.iter().filter(|sign| *sign == "~").count(), usize::from(table.isolation.is_by_schema()));
            prop_assert!(!signs.contains(&"*".to_owned()), "{}: columns are named", name);

            let bound = signs.iter().filter(|sign| *sign == "$1").count();
            let tenant_first = signs.windows(3).any(|window| *window == ["\"tenant\"", "=", "$1"]);
            match (table.isolation, whole, name) {
                (Isolation::Row, true, "insert_one") => {
                    let columns = signs.iter().position(|sign| sign == "(").unwrap();
                    let values = signs.iter().rposition(|sign| sign == "(").unwrap();
                    prop_assert_eq!(&signs[columns + 1], "\"tenant\"");
                    prop_assert_eq!(&signs[values + 1], "$1");
                    prop_assert_eq!(bound, 1);
                }
                (Isolation::Row, true, "insert_many") => {
                    let columns = signs.iter().position(|sign| sign == "(").unwrap();
                    let values = signs.iter().position(|sign| sign == "SELECT").unwrap();
                    prop_assert_eq!(&signs[columns + 1], "\"tenant\"");
                    prop_assert_eq!(&signs[values + 1], "$1");
                    prop_assert_eq!(bound, 1);
                }
                (Isolation::Row, true, _) => {
                    let condition = signs.iter().position(|sign| sign == "WHERE").unwrap();
                    prop_assert_eq!(&signs[condition + 1..condition + 4], ["\"tenant\"", "=", "$1"]);
                    prop_assert_eq!(bound, 1);
                    prop_assert!(!signs.contains(&"OR".to_owned()));
                }
                _ => prop_assert!(!tenant_first || table.isolation == Isolation::Row),
            }
        }
        let tenant = if table.isolation == Isolation::Row { "\"tenant\"" } else { "" };
        prop_assert_eq!(statements.tenant, tenant);
        prop_assert!(statements.inserted.iter().chain(&statements.primary_key).all(|column| column != "\"tenant\""));
    }
}
