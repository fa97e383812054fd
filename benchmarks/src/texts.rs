//! The statements, as they are written by hand.

use std::borrow::Cow;
use std::fmt::Write;

use crate::data::Tenant;
use crate::system::Way;

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Verb {
    /// One row by its key.
    Find,
    /// Rows by their credit.
    List,
    /// Sets the credit of one row.
    Update,
    /// One row by its key, slowly.
    FindSlow,
    /// So many rows.
    Insert(usize),
    /// Rows by a COPY.
    CopyIn,
    /// All rows by a COPY; by row those of this tenant.
    CopyOut,
}

/// Texts that do not change with the tenant are made once, as they would stand in a program.
#[derive(Debug)]
pub(crate) struct Texts {
    way: Way,
    find: &'static str,
    list: &'static str,
    update: &'static str,
    find_slow: &'static str,
    insert_one: &'static str,
}

impl Texts {
    pub(crate) fn new(way: Way) -> Self {
        // They live as long as the program, as literals do.
        let fixed = |verb| &*write(verb, way, "app").leak();
        Self {
            way,
            find: fixed(Verb::Find),
            list: fixed(Verb::List),
            update: fixed(Verb::Update),
            find_slow: fixed(Verb::FindSlow),
            insert_one: fixed(Verb::Insert(1)),
        }
    }

    /// The text for this tenant.
    pub(crate) fn get(&self, verb: Verb, tenant: &Tenant) -> Cow<'static, str> {
        if self.way == Way::QualifiedName {
            return Cow::Owned(write(verb, self.way, &tenant.schema));
        }
        Cow::Borrowed(match verb {
            Verb::Find => self.find,
            Verb::List => self.list,
            Verb::Update => self.update,
            Verb::FindSlow => self.find_slow,
            Verb::Insert(1) => self.insert_one,
            Verb::Insert(_) | Verb::CopyIn => return Cow::Owned(write(verb, self.way, "app")),
            // A COPY takes no values.
            Verb::CopyOut => {
                let rows = write(verb, self.way, "app");
                return Cow::Owned(format!("{rows} WHERE tenant_id = '{}') TO STDOUT BINARY", tenant.uuid));
            }
        })
    }
}

/// What sets the search path to this tenant.
pub(crate) fn set_search_path(tenant: &Tenant) -> String {
    format!("SET search_path TO \"{}\"", tenant.schema)
}

/// The table of this schema, by a name that the way asks for.
pub(crate) fn table(way: Way, schema: &str) -> Cow<'static, str> {
    match way {
        Way::TenantColumn => Cow::Borrowed("app.customer"),
        Way::RowSecurity => Cow::Borrowed("app.secured"),
        Way::QualifiedName => Cow::Owned(format!("\"{schema}\".customer")),
        Way::SearchPath => Cow::Borrowed("customer"),
    }
}

fn write(verb: Verb, way: Way, schema: &str) -> String {
    let table = table(way, schema);
    let columns = "id, email, name, phone, credit";
    match (verb, way) {
        (Verb::Find, Way::TenantColumn | Way::RowSecurity) => {
            format!("SELECT {columns} FROM {table} WHERE tenant_id = $1 AND id = $2")
        }
        (Verb::Find, _) => format!("SELECT {columns} FROM {table} WHERE id = $1"),
        (Verb::List, Way::TenantColumn | Way::RowSecurity) => {
            format!("SELECT {columns} FROM {table} WHERE tenant_id = $1 AND credit >= $2")
        }
        (Verb::List, _) => format!("SELECT {columns} FROM {table} WHERE credit >= $1"),
        (Verb::Update, Way::TenantColumn | Way::RowSecurity) => {
            format!("UPDATE {table} SET credit = $3 WHERE tenant_id = $1 AND id = $2")
        }
        (Verb::Update, _) => format!("UPDATE {table} SET credit = $2 WHERE id = $1"),
        (Verb::FindSlow, _) => {
            format!("SELECT {columns} FROM app.slow_customer WHERE tenant_id = $1 AND id = $2")
        }
        (Verb::Insert(rows), _) => insert(&table, way, rows),
        (Verb::CopyIn, Way::TenantColumn | Way::RowSecurity) => {
            format!("COPY {table} (tenant_id, email, name, phone) FROM STDIN BINARY")
        }
        (Verb::CopyIn, _) => format!("COPY {table} (email, name, phone) FROM STDIN BINARY"),
        (Verb::CopyOut, Way::TenantColumn | Way::RowSecurity) => format!("COPY (SELECT {columns} FROM {table}"),
        (Verb::CopyOut, _) => format!("COPY (SELECT {columns} FROM {table}) TO STDOUT BINARY"),
    }
}

fn insert(table: &str, way: Way, rows: usize) -> String {
    let (columns, tenant, first) = match way {
        Way::TenantColumn | Way::RowSecurity => ("tenant_id, email, name, phone", "$1, ", 2),
        Way::QualifiedName | Way::SearchPath => ("email, name, phone", "", 1),
    };
    let mut text = format!("INSERT INTO {table} ({columns}) VALUES ");
    for row in 0..rows {
        let separator = if row == 0 { "" } else { ", " };
        let number = first + 3 * row;
        let _ = write!(text, "{separator}({tenant}${number}, ${}, ${})", number + 1, number + 2);
    }
    text
}
