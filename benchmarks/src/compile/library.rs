//! The libraries, and a crate of tables for each.

use std::fmt;

use serde::Serialize;

use crate::system::Name;

/// A library that generates code for tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Library {
    /// `table!`, and derives for rows, inserts and changes.
    Diesel,
    /// `DeriveEntityModel`, with a relation.
    SeaOrm,
    /// This library.
    Tenantry,
}

impl Library {
    /// Of a system, if it generates code for tables.
    pub(crate) fn of(name: Name) -> Option<Self> {
        match name {
            Name::DieselAsync => Some(Self::Diesel),
            Name::SeaOrm => Some(Self::SeaOrm),
            Name::Tenantry => Some(Self::Tenantry),
            Name::ByHand | Name::ByHandPipelined | Name::Deadpool | Name::Sqlx => None,
        }
    }

    /// A crate that loads the library, and does nothing with it.
    pub(crate) fn empty(self) -> String {
        let krate = match self {
            Self::Diesel => "diesel",
            Self::SeaOrm => "sea_orm",
            Self::Tenantry => "tenantry",
        };
        format!("use {krate} as _;\n")
    }

    /// A crate with so many tables of ten columns: the first half by row, the others by schema. In each half every
    /// table refers to the next one, and the last to the first.
    pub(crate) fn tables(self, number: usize) -> String {
        let (by_row, by_schema) = self.templates();
        let mut source = self.head().to_owned();
        let half = number / 2;
        for (template, tables) in [(by_row, 0..half), (by_schema, half..number)] {
            for table in tables.clone() {
                let next = if table + 1 == tables.end { tables.start } else { table + 1 };
                let text = template.replace("NUMBER", &table.to_string()).replace("NEXT", &next.to_string());
                source = format!("{source}\n{text}");
            }
        }
        source
    }

    fn head(self) -> &'static str {
        match self {
            Self::Diesel => "use diesel::prelude::*;\nuse uuid::Uuid;\n",
            Self::SeaOrm => "",
            Self::Tenantry => "use tenantry::TenantTable;\nuse uuid::Uuid;\n",
        }
    }

    /// A table by row, and one by schema.
    fn templates(self) -> (&'static str, &'static str) {
        match self {
            Self::Diesel => (include_str!("templates/diesel_by_row.rs"), include_str!("templates/diesel_by_schema.rs")),
            Self::SeaOrm => {
                (include_str!("templates/sea_orm_by_row.rs"), include_str!("templates/sea_orm_by_schema.rs"))
            }
            Self::Tenantry => {
                (include_str!("templates/tenantry_by_row.rs"), include_str!("templates/tenantry_by_schema.rs"))
            }
        }
    }
}

impl fmt::Display for Library {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Diesel => "diesel",
            Self::SeaOrm => "sea-orm",
            Self::Tenantry => "tenantry",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_refer_to_the_next_of_their_half() {
        let source = Library::Tenantry.tables(7);
        let lines = source.lines().map(str::trim);
        let references: Vec<&str> =
            lines.filter_map(|line| line.strip_prefix("#[tenant_table(references = ")).collect();
        let expected = [1, 2, 0, 4, 5, 6, 3].map(|next| format!("Customer{next})]"));
        assert_eq!(references, expected);
        assert_eq!(source.matches("tenant_column").count(), 3);
    }
}
