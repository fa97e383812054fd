//! The bodies of the generated repositories' methods. Those that not every table has are named differently
//! here: the compiler would propose them where they are missing.

use std::marker::PhantomData;
use std::{fmt, iter};

use crate::change_many::ChangeMany;
use crate::filter::Filter;
use crate::scope::{Scope, SharedWrites, TenantKeyOf, Unscoped, WriteScope};
use crate::select::Select;
use crate::sql::Sql;
use crate::statement::{Impossible, Query, RowsOf, Statement};
use crate::table::{
    Assignments, Changes, Derived, FixedQuery, KeyedTable, NewRow, NewValues, SharedTable, Table, TenantTable,
};
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

impl<T: SharedTable> Repository<T> {
    /// The repository that may write the rows that all tenants see.
    #[must_use]
    pub const fn for_shared_writes(&self) -> Repository<T, SharedWrites> {
        Repository { scope: SharedWrites::new(), table: PhantomData }
    }
}

impl<T: Table, S> Repository<T, S> {
    /// A query on all rows of the scope.
    pub fn all(&self) -> Select<T>
    where
        S: Scope<T>,
    {
        Select::new(self.scope.binding())
    }

    /// A query on the rows that match.
    pub fn filter(&self, condition: impl FnOnce(T::Columns) -> Filter<T>) -> Select<T>
    where
        S: Scope<T>,
    {
        self.all().filter(condition)
    }

    /// The row with this primary key.
    pub fn select_by_key<const N: usize>(&self, key: [Value; N]) -> Statement<T>
    where
        T: KeyedTable,
        S: Scope<T>,
    {
        self.select_by(&T::BY_KEY.find, key)
    }

    /// The row with these values of a unique key, by its fixed statement.
    pub fn select_by<const N: usize>(&self, query: &'static FixedQuery<T>, key: [Value; N]) -> Statement<T>
    where
        S: Scope<T>,
    {
        Statement::new(Query::fixed::<T>(&query.text, self.scope.binding(), key), T::decode)
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
        let mut sql = Sql::begin(T::SQL.texts.select, &self.scope.binding());
        let mut condition = sql.begin_where(T::SQL.texts.tenant);
        let condition = condition.and();
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
        Statement::new(Query::built::<T>(sql, "").once(), T::decode)
    }

    /// Inserts one row.
    pub fn insert(&self, new: T::New) -> Statement<T>
    where
        S: WriteScope<T>,
    {
        let mut values = NewValues::default();
        new.values(&mut values);
        let query = match values.complete() {
            Ok(values) => Query::fixed::<T>(&T::SQL.insert_one, self.scope.binding(), values),
            Err(values) => Query::built::<T>(self.rows_to_insert([values]), T::SQL.texts.returning),
        };
        Statement::new(query, T::decode)
    }

    /// Inserts rows, all or none.
    pub fn insert_many(&self, news: impl IntoIterator<Item = T::New>) -> Statement<T>
    where
        S: WriteScope<T>,
    {
        let rows: Vec<_> = news
            .into_iter()
            .map(|new| {
                let mut values = NewValues::default();
                new.values(&mut values);
                values
            })
            .collect();
        if rows.is_empty() {
            return Statement::new(Query::nothing::<T>(), T::decode);
        }
        let rows_of = rows.iter().all(NewValues::is_complete).then(|| RowsOf {
            one: &T::SQL.insert_one,
            common: usize::from(!T::SQL.texts.tenant.is_empty()),
            of_each: rows.first().map_or(0, |row| row.0.len()),
        });
        let query = Query::built::<T>(self.rows_to_insert(rows), T::SQL.texts.returning).of_rows(rows_of);
        Statement::new(query, T::decode)
    }

    fn rows_to_insert(&self, rows: impl IntoIterator<Item = NewValues>) -> Sql
    where
        S: WriteScope<T>,
    {
        let mut sql = Sql::begin(T::SQL.texts.insert, &self.scope.binding());
        sql.list(rows, |sql, row| {
            sql.push(if T::SQL.texts.tenant.is_empty() { "(" } else { "($1, " });
            sql.list(row.0, |sql, value| {
                match value {
                    Some(value) => sql.bind(value),
                    None => sql.push("DEFAULT"),
                };
            });
            sql.push(")");
        });
        sql
    }

    /// Updates the row with this primary key.
    pub fn update_by_key<const N: usize>(&self, key: [Value; N], changes: T::Changes) -> Statement<T>
    where
        T: KeyedTable,
        S: WriteScope<T>,
    {
        let query = match self.update_head(changes) {
            Ok(mut sql) => {
                let mut condition = sql.begin_where(T::SQL.texts.tenant);
                for (column, value) in iter::zip(T::BY_KEY.columns, key) {
                    condition.and().push(column).push(" = ").bind(value);
                }
                Query::built::<T>(sql, T::SQL.texts.returning)
            }
            Err(reason) => Query::impossible::<T>(reason),
        };
        Statement::new(query, T::decode)
    }

    /// Updates rows that are still to be chosen.
    pub fn update_many(&self, changes: T::Changes) -> ChangeMany<T>
    where
        S: WriteScope<T>,
    {
        ChangeMany::new(self.update_head(changes))
    }

    fn update_head(&self, changes: T::Changes) -> Result<Sql, Impossible>
    where
        S: WriteScope<T>,
    {
        let mut assignments = Assignments::default();
        changes.assignments(&mut assignments);
        if assignments.0.is_empty() {
            return Err(Impossible::NoChanges);
        }
        let mut sql = Sql::begin(T::SQL.texts.update, &self.scope.binding());
        sql.list(assignments.0, |sql, (column, value)| {
            sql.push(column).push(" = ").bind(value);
        });
        Ok(sql)
    }

    /// Deletes the row with this primary key.
    pub fn delete_by_key<const N: usize>(&self, key: [Value; N]) -> Statement<T>
    where
        T: KeyedTable,
        S: WriteScope<T>,
    {
        Statement::new(Query::fixed::<T>(&T::BY_KEY.delete, self.scope.binding(), key), T::decode)
    }

    /// Deletes rows that are still to be chosen.
    pub fn delete_many(&self) -> ChangeMany<T>
    where
        S: WriteScope<T>,
    {
        ChangeMany::new(Ok(Sql::begin(T::SQL.texts.delete, &self.scope.binding())))
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
