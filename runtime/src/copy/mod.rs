//! COPY: streams of rows into a table and out of it, in PostgreSQL's binary format.
//!
//! It takes no parameters. Into a table the library writes the tenant's field of each row; out of it the tenant stands
//! in the text, as a literal that is made of the tenant's checked key.

mod decode;
mod encode;
mod into;
mod out;
mod sending;
mod session;
mod source;

use crate::scope::Binding;
use crate::sql::splice;
use crate::statement::Impossible;
use crate::table::TableTexts;
use crate::tenant::SchemaName;

pub(crate) use self::decode::CopiedRow;
pub(crate) use self::encode::Encoder;
pub use self::into::{CopyIn, CopyProgress};
pub use self::out::{CopyOut, CopyRows};
pub use self::source::RowSource;

/// What both directions begin with.
const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";

/// `COPY table ("tenant_id", columns) FROM STDIN (FORMAT binary)`
fn copy_in_text<'c>(
    texts: &'c TableTexts,
    schemas: &[SchemaName],
    columns: impl IntoIterator<Item = &'c str>,
) -> String {
    let mut text = String::from("COPY ");
    splice(&mut text, texts.relation, schemas);
    let tenant = Some(texts.tenant).filter(|column| !column.is_empty());
    let columns: Vec<_> = tenant.into_iter().chain(columns).collect();
    format!("{text} ({}) FROM STDIN (FORMAT binary)", columns.join(", "))
}

/// `SELECT columns FROM table WHERE "tenant_id" = 'acme'`: the form that reads views and partitioned tables as well.
fn select_text(texts: &TableTexts, binding: &Binding) -> Result<String, Impossible> {
    let (schemas, tenant) = binding.scope_of(texts)?;
    let mut text = String::new();
    splice(&mut text, texts.select, &schemas);
    let tenant = tenant.map(|tenant| format!("{} = {}", texts.tenant, tenant.literal()));
    let living = Some(texts.deleted).filter(|column| !column.is_empty()).map(|column| format!("{column} IS NULL"));
    for (position, condition) in tenant.into_iter().chain(living).enumerate() {
        text.push_str(if position == 0 { " WHERE " } else { " AND " });
        text.push_str(&condition);
    }
    Ok(text)
}

/// `COPY (SELECT ..) TO STDOUT (FORMAT binary)`
fn copy_out_text(select: &str) -> String {
    format!("COPY ({select}) TO STDOUT (FORMAT binary)")
}
