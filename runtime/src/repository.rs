//! The bodies of the generated repositories' methods. Those that not every table has are named differently
//! here: the compiler would propose them where they are missing.

use std::marker::PhantomData;
use std::{fmt, iter};

use crate::across::{Across, AcrossTenants};
use crate::beside::Beside;
use crate::change::{ChangeChosen, ChangeMany};
use crate::column::NotNull;
use crate::copy::{CopyIn, CopyOut, RowSource};
use crate::filter::Filter;
use crate::find::Find;
use crate::insert::Insert;
use crate::insert_from::{InsertFrom, Targets, ToInsert};
use crate::named::AnyColumn;
use crate::relation::{ToMany, ToOne};
use crate::scope::{Scope, SharedWrites, TenantKeyOf, Unscoped, WriteScope};
use crate::select::Select;
use crate::source::Source;
use crate::sql::Sql;
use crate::statement::{Query, Statement};
use crate::table::{Derived, FixedQuery, KeyedTable, SharedTable, Table, TenantTable};
use crate::tenant::TenantId;
use crate::value::Value;

/// A repository of table `T` in scope `S`: what each generated repository wraps.
pub struct Repository<T, S = Unscoped> {
    scope: S,
    table: PhantomData<fn() -> T>,
}

impl<T> Repository<T, Unscoped> {
    /// The repository that names no tenant yet.
    #[must_use]
    pub const fn unscoped() -> Self {
        Self { scope: Unscoped, table: PhantomData }
    }
}

impl<T: TenantTable> Repository<T> {
    /// The repository of one tenant's rows.
    #[must_use]
    pub fn for_tenant<K: TenantKeyOf<T>>(&self, tenant: &TenantId<K>) -> Repository<T, TenantId<T::TenantKey>> {
        Repository { scope: K::only_the_derive_implements_this(tenant, Derived).clone(), table: PhantomData }
    }
}

impl<T: TenantTable> Repository<T> {
    /// Reads the rows of each of these tenants.
    pub fn of_tenants<'t, K: TenantKeyOf<T> + 't>(
        &self,
        access: &AcrossTenants,
        tenants: impl IntoIterator<Item = &'t TenantId<K>>,
    ) -> Across<T::TenantKey, T> {
        let tenants = tenants.into_iter().map(|tenant| K::only_the_derive_implements_this(tenant, Derived));
        Across::listed(access, tenants)
    }

    /// Reads the rows of every tenant that has rows in the table.
    pub fn of_all_tenants(&self, access: &AcrossTenants) -> Across<T::TenantKey, T> {
        Across::all(access)
    }
}

impl<T: SharedTable> Repository<T> {
    /// The repository that may write the rows that all tenants see.
    #[must_use]
    pub const fn for_shared_writes(&self) -> Repository<T, SharedWrites> {
        Repository { scope: SharedWrites::new(), table: PhantomData }
    }
}

impl<T: Table, S> Repository<T, S> {
    /// The column of a field, by the field's name.
    pub fn column(&self, field: &str) -> Option<AnyColumn<T>> {
        AnyColumn::find(field)
    }

    /// A query on all rows of the scope.
    pub fn all(&self) -> Select<T>
    where
        S: Scope<T>,
    {
        Select::new(self.scope.binding())
    }

    /// A query on the rows that match.
    pub fn filter(&self, condition: impl FnOnce(T::Columns<T, NotNull>) -> Filter<T>) -> Select<T>
    where
        S: Scope<T>,
    {
        self.all().filter(condition)
    }

    /// The row with this primary key.
    pub fn select_by_key<const N: usize>(&self, key: [Value; N]) -> Find<T>
    where
        T: KeyedTable,
        S: Scope<T>,
    {
        Find(self.select_by(&T::BY_KEY.find, key))
    }

    /// The rows with these values, by a fixed statement.
    pub fn select_by<const N: usize>(&self, query: &'static FixedQuery<T>, key: [Value; N]) -> Statement<T>
    where
        S: Scope<T>,
    {
        Statement::new(Query::fixed::<T>(&query.text, &self.scope.binding(), key), T::decode)
    }

    /// The row with these values of a unique key.
    pub fn select_one_by<const N: usize>(&self, query: &'static FixedQuery<T>, key: [Value; N]) -> Find<T>
    where
        S: Scope<T>,
    {
        Find(self.select_by(query, key))
    }

    /// The rows whose primary key, of several columns, is among these.
    pub fn select_by_keys<const N: usize>(&self, keys: Vec<[Value; N]>) -> Statement<T>
    where
        T: KeyedTable,
        S: Scope<T>,
    {
        if keys.is_empty() {
            return Statement::new(Query::nothing::<T>(), T::decode);
        }
        let table = &T::SQL.texts;
        let mut sql = Sql::new(self.scope.binding());
        sql.bind_tenant_first(table);
        sql.push_scoped(table, table.select);
        let mut conditions = sql.begin_where(0, table);
        let condition = conditions.and();
        condition.push("(").list(T::BY_KEY.columns, |sql, column| {
            sql.push(column);
        });
        condition.push(") IN (").list(keys, |sql, key| {
            sql.push("(").list(key, |sql, value| {
                sql.bind(value);
            });
            sql.push(")");
        });
        condition.push(")");
        Statement::new(Query::built::<T>(sql, None).once(), T::decode)
    }

    /// The row to which this one refers.
    pub fn parent_of<P>(&self, relation: ToOne<T, P>, row: &T) -> Select<P>
    where
        S: Scope<T>,
    {
        relation.parent_of(row, self.scope.binding())
    }

    /// The rows that refer to this one.
    pub fn children_of<P>(&self, relation: ToMany<P, T>, row: &P) -> Select<T>
    where
        S: Scope<T>,
    {
        relation.children_of(row, self.scope.binding())
    }

    /// Inserts one row.
    pub fn insert(&self, new: T::New) -> Insert<T>
    where
        S: WriteScope<T>,
    {
        Insert::one(self.scope.binding(), new)
    }

    /// Inserts rows, all or none.
    pub fn insert_many(&self, news: impl IntoIterator<Item = T::New>) -> Insert<T>
    where
        S: WriteScope<T>,
    {
        Insert::many(self.scope.binding(), news)
    }

    /// Inserts what a query of table `U`, in the same scope, selects.
    pub fn insert_from<U, C, Q>(
        &self,
        columns: impl FnOnce(T::Columns<T, NotNull>) -> C,
        rows: impl FnOnce(Select<U, U, ToInsert>) -> Select<Q, C::Row, ToInsert>,
    ) -> InsertFrom<T>
    where
        S: WriteScope<T>,
        U: Table + Beside<T>,
        C: Targets<T>,
        Q: Source,
    {
        let mut names = Vec::new();
        columns(T::columns(0)).append_to(&mut names);
        InsertFrom::new(self.scope.binding(), names, rows(Select::new(self.scope.binding())))
    }

    /// Copies rows in, all or none.
    pub fn copy_in<R, Kind>(&self, rows: R) -> CopyIn<T, R::Rows>
    where
        R: RowSource<T::New, Kind>,
        S: WriteScope<T>,
    {
        CopyIn::new(self.scope.binding(), rows.into_rows())
    }

    /// Copies all rows of the scope out.
    pub fn copy_out(&self) -> CopyOut<T>
    where
        S: Scope<T>,
    {
        CopyOut::new(self.scope.binding())
    }

    /// Updates the row with this primary key.
    pub fn update_by_key<const N: usize>(&self, key: [Value; N], changes: T::Changes) -> ChangeChosen<T>
    where
        T: KeyedTable,
        S: WriteScope<T>,
    {
        self.update_many(changes).row(iter::zip(T::BY_KEY.columns.iter().copied(), key))
    }

    /// Updates the row with this primary key, if it has this version.
    pub fn update_version<const N: usize>(
        &self,
        key: [Value; N],
        changes: T::Changes,
        version: Value,
    ) -> ChangeChosen<T>
    where
        T: KeyedTable,
        S: WriteScope<T>,
    {
        self.update_by_key(key, changes).versioned(version)
    }

    /// Updates rows that are still to be chosen.
    pub fn update_many(&self, changes: T::Changes) -> ChangeMany<T>
    where
        S: WriteScope<T>,
    {
        ChangeMany::update(self.scope.binding(), changes)
    }

    /// Deletes the row with this primary key.
    pub fn delete_by_key<const N: usize>(&self, key: [Value; N]) -> Statement<T>
    where
        T: KeyedTable,
        S: WriteScope<T>,
    {
        Statement::new(Query::fixed::<T>(&T::BY_KEY.delete, &self.scope.binding(), key), T::decode)
    }

    /// Deletes rows that are still to be chosen.
    pub fn delete_many(&self) -> ChangeMany<T>
    where
        S: WriteScope<T>,
    {
        ChangeMany::delete(self.scope.binding())
    }

    /// Takes the soft deletion of the row with this primary key back.
    pub fn restore_by_key<const N: usize>(&self, key: [Value; N]) -> ChangeChosen<T>
    where
        T: KeyedTable,
        S: WriteScope<T>,
    {
        ChangeMany::restore(self.scope.binding()).row(iter::zip(T::BY_KEY.columns.iter().copied(), key))
    }

    /// Removes rows for good that are still to be chosen, deleted softly or not.
    pub fn purge_rows(&self) -> ChangeMany<T>
    where
        S: WriteScope<T>,
    {
        ChangeMany::purge(self.scope.binding())
    }
}

impl<T, S: Clone> Clone for Repository<T, S> {
    fn clone(&self) -> Self {
        Self { scope: self.scope.clone(), table: PhantomData }
    }
}

impl<T, S: fmt::Debug> fmt::Debug for Repository<T, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Repository").field(&self.scope).finish()
    }
}
