//! Every table of a program.

use crate::definition::TableDefinition;

/// A table as the derive registers it.
#[derive(Debug)]
pub struct Registered(pub(crate) &'static TableDefinition);

impl Registered {
    /// For the derive.
    #[must_use]
    pub const fn new(table: &'static TableDefinition) -> Self {
        Self(table)
    }
}

inventory::collect!(Registered);

/// Every table of this program that has a struct, with the feature `inventory`: what [`Ddl::of`](crate::Ddl::of) takes, when
/// no table is to be forgotten. Tables of crates that are linked to the program are among them.
///
/// In the order of their schemas and names; where several structs describe one table, all of them are here.
///
/// ```standalone_crate
/// use tenantry::{Ddl, TenantTable};
///
/// #[derive(TenantTable)]
/// #[tenant_table(name = "customer")]
/// struct Customer {
///     #[tenant_table(primary_key)]
///     id: i64,
/// }
///
/// let tables = tenantry::all_tables();
/// assert_eq!(tables[0].name(), "customer");
/// let ddl = Ddl::of(&tables)?;
/// # Ok::<(), tenantry::Error>(())
/// ```
#[must_use]
pub fn all_tables() -> Vec<&'static TableDefinition> {
    let mut tables: Vec<_> = inventory::iter::<Registered>().map(|registered| registered.0).collect();
    tables.sort_by_key(|table| (table.schema(), table.name(), table.rust_name()));
    tables
}
