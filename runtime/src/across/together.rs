//! One statement for all tenants, where a column names them.

use std::collections::{HashMap, HashSet};

use super::Tenants;
use crate::error::Error;
use crate::executor::Target;
use crate::row::Row;
use crate::run;
use crate::select::{InEachTenant, Select};
use crate::source::Source;
use crate::statement::{Decode, Impossible, Query};
use crate::tenant::{InvalidTenantId, KeyValue, TenantId, TenantKey};
use crate::value::Value;

/// Whose the rows are: it stands first in each of them.
pub(crate) struct Owners<K: TenantKey> {
    table: &'static str,
    tenants: Vec<TenantId<K>>,
    /// The positions by key, where the rows tell which tenants there are; else they hold the position.
    #[expect(clippy::box_collection, reason = "a key need not be `Unpin`")]
    found: Option<Box<HashMap<K::Value, usize>>>,
}

/// Whose a row is.
pub(crate) struct Owner<K> {
    pub(crate) position: usize,
    pub(crate) tenant: TenantId<K>,
}

/// The statement, if no table that it reads stands in a tenant's schema.
///
/// The query of each tenant is a relation beside the tenants, so that all it says is said of one tenant.
pub(crate) fn statement<K: TenantKey, Q: Source, R>(
    select: &Select<Q, R, InEachTenant>,
    tenants: &Tenants<K>,
) -> Option<(Query, Owners<K>)> {
    let table = Select::<Q, R, InEachTenant>::table();
    if table.is_by_schema() {
        return None;
    }
    let mut sql = select.begin_sql();
    sql.for_each_tenant();
    let owners = match tenants {
        Tenants::Listed(tenants) => {
            let owners = Owners::listed(table.table, tenants);
            let keys: Vec<_> = owners.known().map(|tenant| tenant.key().value().clone()).collect();
            // The list is never NULL: what stands beside it gives it the type with which the column is compared.
            sql.push("SELECT tenant.position, of_tenant.* FROM unnest(coalesce(").bind(Value::new(keys));
            sql.push(", ARRAY(SELECT nullif(").push(table.tenant).push(", ").push(table.tenant).push(") FROM ");
            sql.push_scoped(table, table.relation);
            sql.push(" LIMIT 0))) WITH ORDINALITY AS tenant(key, position)");
            owners
        }
        Tenants::All => {
            sql.push("SELECT tenant.key, of_tenant.* FROM (SELECT DISTINCT ").push(table.tenant).push(" FROM ");
            sql.push_scoped(table, table.relation).push(" WHERE ").push(table.tenant);
            sql.push(" IS NOT NULL) AS tenant(key)");
            Owners::to_be_found(table.table)
        }
    };
    sql.push(" CROSS JOIN LATERAL (");
    select.write_into(&mut sql);
    sql.push(") AS of_tenant");
    // A table in a schema has no name that is the same for all tenants.
    if matches!(sql.impossible, Some(Impossible::NoTenant)) {
        return None;
    }
    Some((Query { slow: select.slow, ..Query::built::<Q::Root>(sql, None) }, owners))
}

/// All rows, those of one tenant after those of another.
pub(crate) async fn read<K: TenantKey, R: Send + 'static>(
    query: Query,
    mut owners: Owners<K>,
    decode: Decode<R>,
    target: Target<'_>,
) -> Result<Vec<(Owner<K>, R)>, Error> {
    let mut rows = run::fetch_all_by(query, move |row| owners.read(row, decode), target).await?;
    // Their order is the server's choice, but for that of the rows of one tenant, which stays.
    rows.sort_by_key(|(owner, _)| owner.position);
    Ok(rows)
}

impl<K: TenantKey> Owners<K> {
    /// For a column a tenant is its key, in whichever schema it has other tables.
    fn listed(table: &'static str, tenants: &[TenantId<K>]) -> Self {
        let mut seen = HashSet::new();
        let tenants = tenants.iter().filter(|tenant| seen.insert(tenant.key().value())).cloned().collect();
        Self { table, tenants, found: None }
    }

    fn to_be_found(table: &'static str) -> Self {
        Self { table, tenants: Vec::new(), found: Some(Box::default()) }
    }

    /// The tenants that are known without any row.
    pub(crate) fn known(&self) -> impl Iterator<Item = &TenantId<K>> {
        self.tenants.iter()
    }

    /// Reads a row, and whose it is.
    pub(crate) fn read<R>(&mut self, row: &Row<'_>, decode: Decode<R>) -> Result<(Owner<K>, R), Error> {
        let mut row = row.clone();
        let owner = self.owner(&mut row)?;
        match decode(&row) {
            Ok(read) => Ok((owner, read)),
            Err(error) => Err(error.of_tenant(&owner.tenant)),
        }
    }

    fn owner(&mut self, row: &mut Row<'_>) -> Result<Owner<K>, Error> {
        let invalid = |reason| Error::invalid_tenant(self.table, reason);
        let position = match &mut self.found {
            // The server counts from 1.
            None => usize::try_from(row.take_value::<i64>()? - 1).unwrap_or(usize::MAX),
            Some(found) => {
                let key = K::Value::from_column(row.take_value()?).map_err(invalid)?;
                match found.get(&key) {
                    Some(position) => *position,
                    None => {
                        let position = self.tenants.len();
                        self.tenants.push(K::from_value(key.clone()).and_then(TenantId::new).map_err(invalid)?);
                        found.insert(key, position);
                        position
                    }
                }
            }
        };
        let tenant = self.tenants.get(position).cloned().ok_or(InvalidTenantId::Empty).map_err(invalid)?;
        Ok(Owner { position, tenant })
    }
}
