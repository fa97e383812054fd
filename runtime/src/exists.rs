//! Sub-queries in filters.

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::beside::Beside;
use crate::column::NotNull;
use crate::filter::{Filter, Node};
use crate::source::Source;
use crate::sql::Relation;
use crate::table::Table;

/// Asks whether there is a row in table `T`, for a filter of a query on other tables: go on with
/// [`matching`](Exists::matching).
///
/// ```
/// # use tenantry::{TenantId, TenantTable, exists};
/// # #[derive(TenantTable)]
/// # #[tenant_table(name = "customer")]
/// # struct Customer { #[tenant_table(primary_key)] id: i64 }
/// # #[derive(TenantTable)]
/// # #[tenant_table(name = "order")]
/// # struct Order { #[tenant_table(primary_key)] id: i64, customer_id: i64, total: i64 }
/// # fn example(acme: &TenantId) {
/// let customers = Customer::repository().for_tenant(acme);
/// let good = customers.filter(|c| exists::<Order>().matching(|o| o.customer_id.eq(c.id) & o.total.gt(100)));
/// let idle = customers.filter(|c| !exists::<Order>().matching(|o| o.customer_id.eq(c.id)));
/// # assert!(good.sql().contains(r#"WHERE (EXISTS (SELECT 1 FROM "acme"."order" AS t1 WHERE (t1."customer_id" = t0."id" AND "#));
/// # assert!(idle.sql().contains(r#"WHERE (NOT EXISTS (SELECT 1 FROM "#));
/// # }
/// # example(&"acme".parse().unwrap());
/// ```
#[must_use]
pub const fn exists<T: Table>() -> Exists<T> {
    Exists(PhantomData)
}

/// The question whether there is a row in table `T`; made by [`exists`].
pub struct Exists<T>(PhantomData<fn() -> T>);

impl<T: Table> Exists<T> {
    /// `EXISTS (SELECT 1 FROM table AS t1 WHERE (condition))`, the table scoped as it would be by itself. The condition is
    /// given the table's columns, and may hold those of the query around it. Its opposite is written by `!`.
    pub fn matching<Q: Source>(self, condition: impl FnOnce(T::Columns<Q, NotNull>) -> Filter<Q>) -> Filter<Q>
    where
        T: Beside<Q::Root>,
    {
        let relation = another_relation();
        let condition = Box::new(condition(T::columns(relation)).into_node());
        Filter::new(Node::Exists { table: &T::SQL.texts, relation, condition })
    }
}

/// A number that no other relation of the statement has: the tables of a query count from 0, and are few.
fn another_relation() -> Relation {
    const FIRST: Relation = 1 << 16;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    FIRST + NEXT.fetch_add(1, Ordering::Relaxed) % (Relation::MAX - FIRST)
}

impl<T> Clone for Exists<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Exists<T> {}

impl<T> fmt::Debug for Exists<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Exists")
    }
}
