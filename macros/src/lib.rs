//! The derive of [tenantry](https://docs.rs/tenantry), which re-exports it and documents its use.
//!
//! Data flows one way: attributes -> model -> statements -> tokens. Reading can fail, and then reports
//! every mistake at once; writing cannot.

mod attributes;
mod errors;
mod model;
mod names;
mod row;
mod statements;
mod tokens;

use proc_macro::TokenStream;

/// Writes the typed repository of a table: see the guide in the documentation of `tenantry`.
///
/// On the struct, `#[tenant_table(..)]` takes
///
/// | key | meaning |
/// | --- | --- |
/// | `name = "customer"` | the table's name; always needed |
/// | `tenant = Uuid` | isolation by schema: the type of the tenants' keys, where it is not `Slug` |
/// | `tenant_column(tenant_id: Uuid)` | isolation by row: the column that holds the tenant, and its type |
/// | `shared` | the same rows for all tenants, in the schema that `schema` names |
/// | `schema = "app"` | the schema of a table isolated by row (`public` where it is not given) or shared |
/// | `schema = "reporting"` | isolation by schema: which of the tenant's schemas, where it has several |
/// | `keyless` | the table has no primary key, and its repository no method by key |
/// | `rls`, `rls = "app.tenant"` | isolation by row: row-level security as well, which knows the tenant by this setting |
/// | `check = "starts < ends"` | DDL: what is true of each row; any number of them |
/// | `crate = path::to::tenantry` | where this crate is, when it is not `::tenantry` |
///
/// and on a field
///
/// | key | meaning |
/// | --- | --- |
/// | `primary_key` | the primary key, or one of its columns |
/// | `generated` | the database makes the value: the field is absent from inserts and updates |
/// | `generated = "lower(email)"` | the same, from other columns: `GENERATED ALWAYS AS (lower(email)) STORED` |
/// | `default` | the database has a default: the field is optional in inserts |
/// | `default = "now()"` | the same, and what it is: `DEFAULT now()` |
/// | `unique` | a unique key of this column: `find_by_email` |
/// | `unique = "name"` | a column of the unique key with this name: `find_by_name` |
/// | `index`, `index = "name"` | DDL: an index of this column; of all fields of that name |
/// | `check = "credit >= 0"` | DDL: what is true of each value; any number of them |
/// | `sql_type = "numeric(12, 2)"` | DDL: the column's type, where it is not that of the field's type |
/// | `column = "e-mail"` | the column's name, where it is not the field's |
/// | `references = Account` | the column holds the key of a row of that table: the relation `account`, by the field's name without `_id` |
/// | `relation = "payer"` | another name for that relation |
/// | `on_delete = "cascade"` | DDL: what becomes of the row when that one is deleted; or `"restrict"` or `"set null"` |
/// | `version` | the column counts the changes of its row: the library writes it, and `update` asks for it |
/// | `soft_delete` | the column holds when its row was deleted: `delete` sets it, and queries leave such rows out |
///
/// A field of type `Option<..>` is a column that can be NULL.
#[proc_macro_derive(TenantTable, attributes(tenant_table))]
pub fn derive_tenant_table(input: TokenStream) -> TokenStream {
    expand(input.into()).into()
}

/// Writes the selection of a struct whose fields are expressions of a query, for `select`.
///
/// For `struct Summary` it is `SummarySelection`, with the same fields, each of which takes a column or an expression that
/// gives the field's type:
///
/// ```ignore
/// #[derive(TenantRow)]
/// struct Summary { name: String, orders: i64 }
///
/// customers.all().join::<Order>(|c, o| o.customer_id.eq(c.id)).group_by(|(c, _)| c.name)
///     .select(|(c, o)| SummarySelection { name: c.name, orders: o.id.count() })
/// ```
///
/// On the struct, `#[tenant_row(crate = path::to::tenantry)]` says where this crate is, when it is not `::tenantry`.
#[proc_macro_derive(TenantRow, attributes(tenant_row))]
pub fn derive_tenant_row(input: TokenStream) -> TokenStream {
    let input = match syn::parse(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error().into(),
    };
    row::expand(&input).into()
}

fn expand(input: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let input = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let (model, errors) = model::Model::read(&input);
    // A model with mistakes is expanded as well as it can be, so that its uses report nothing more.
    let mut tokens = model.as_ref().map(tokens::expand).unwrap_or_default();
    tokens.extend(errors.into_compile_errors());
    tokens
}

#[cfg(test)]
mod tests;
