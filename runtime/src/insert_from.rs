//! Inserts of what a query of the same tenant selects.

use std::fmt;
use std::marker::PhantomData;

use crate::column::{Column, Nullability};
use crate::scope::Binding;
use crate::select::{InScope, Select};
use crate::source::Source;
use crate::sql::{Sql, WithDeleted};
use crate::statement::{Impossible, Query, Statement, verbs};
use crate::table::Table;

/// An insert of what a query selects; made by a repository's `insert_from(..)`.
#[must_use = "an insert does nothing until a verb runs it: `.execute(&db)`, .."]
pub struct InsertFrom<T> {
    query: Query,
    table: PhantomData<fn() -> T>,
}

/// A query whose rows are inserted, in the scope of the insert.
#[derive(Debug, Clone, Copy)]
pub enum ToInsert {}

/// Columns of table `T` to which the rows of a query are written: one, or a tuple of up to twelve.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no columns of `{T}`",
    label = "expected a column of `{T}`, or a tuple of up to twelve"
)]
pub trait Targets<T>: sealed::Sealed {
    /// The row that a query has to select for them.
    type Row;

    #[doc(hidden)]
    fn append_to(self, names: &mut Vec<&'static str>);
}

mod sealed {
    pub trait Sealed {}
}

impl<T, V, N> sealed::Sealed for Column<T, V, N> {}

#[diagnostic::do_not_recommend]
impl<T, V, N: Nullability> Targets<T> for Column<T, V, N> {
    type Row = N::Field<V>;

    fn append_to(self, names: &mut Vec<&'static str>) {
        names.push(self.name());
    }
}

macro_rules! tuple {
    ($($name:ident)+) => {
        impl<$($name: sealed::Sealed),+> sealed::Sealed for ($($name,)+) {}

        #[diagnostic::do_not_recommend]
        impl<T, $($name: Targets<T>),+> Targets<T> for ($($name,)+) {
            type Row = ($($name::Row,)+);

            fn append_to(self, names: &mut Vec<&'static str>) {
                #[expect(non_snake_case, reason = "named as its type")]
                let ($($name,)+) = self;
                $($name.append_to(names);)+
            }
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);
tuple!(A B C D E F G H I);
tuple!(A B C D E F G H I J);
tuple!(A B C D E F G H I J K);
tuple!(A B C D E F G H I J K L);

impl<T: Table> InsertFrom<T> {
    pub(crate) fn new<Q: Source, R>(
        binding: Binding,
        columns: Vec<&'static str>,
        select: Select<Q, R, ToInsert>,
    ) -> Self {
        let table = &T::SQL.texts;
        let select: Select<Q, R, InScope> = select.in_state();
        let mut sql = Sql::new(binding).with_deleted(WithDeleted::all(select.reads_deleted()));
        sql.bind_tenant_first(table);
        sql.push_scoped(table, table.insert_into);
        sql.list(table.with_tenant(columns.iter().copied()), |sql, column| _ = sql.push(column));
        sql.push(") ");
        // What the struct's insert cannot give is the database's to make.
        if columns.iter().any(|column| !table.inserted.contains(column)) {
            sql.fail(Impossible::GeneratedColumn);
        }
        if table.tenant.is_empty() {
            select.write_into(&mut sql);
        } else {
            // In a `SELECT DISTINCT` its type would not follow from the column that it is for.
            let cast = T::DEFINITION.tenant_cast();
            select.write_with(&mut sql, &|sql| _ = sql.push_tenant().push("::").push(cast));
        }
        let returning = sql.pieces.len();
        sql.push(table.returning);
        let query = Query::built::<T>(sql, Some(returning));
        Self { query: Query { slow: select.slow, ..query }, table: PhantomData }
    }

    /// Says that the insert may take long: see [`Statement::slow`].
    pub fn slow(mut self) -> Self {
        self.query.slow = true;
        self
    }

    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    #[must_use]
    pub fn sql(&self) -> String {
        self.clone().into_statement().sql()
    }

    fn into_statement(self) -> Statement<T> {
        Statement::new(self.query, <T as Source>::decode)
    }

    verbs!(T);
}

impl<T> Clone for InsertFrom<T> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), table: self.table }
    }
}

impl<T: Table> fmt::Debug for InsertFrom<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("InsertFrom").field(&self.sql()).finish()
    }
}
