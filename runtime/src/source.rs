//! What a query reads from: a table, or several that are joined.

use crate::column::{NotNull, Nullable};
use crate::error::Error;
use crate::keyset::Keys;
use crate::row::Row;
use crate::sql::Relation;
use crate::table::{KeyedTable, Table, TableTexts};

/// What a query reads from, and the type of its rows: a table's struct, or the tuple of the tables that are joined, in
/// which one that is left-joined is an `Option`.
///
/// This trait is sealed: a tuple comes from `join` and `left_join`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that a query reads from",
    label = "a query reads a table, or the tuple of the tables that `join` and `left_join` made"
)]
pub trait Source: Sized + Send + 'static {
    /// The typed columns, given to closures.
    type Columns: Copy;
    /// The table that the query begins with.
    type Root: Table;

    #[doc(hidden)]
    fn columns() -> Self::Columns;
    #[doc(hidden)]
    fn decode(row: &Row<'_>) -> Result<Self, Error>;
    #[doc(hidden)]
    fn each_table(visit: &mut dyn FnMut(Relation, &'static TableTexts));
}

/// A query each of whose tables has a primary key, so that its rows can be told apart: one that has pages.
///
/// This trait is sealed: it follows from the tables.
#[diagnostic::on_unimplemented(
    message = "a query on `{Self}` has no pages",
    label = "the order of pages ends by the primary keys, and a table here is `keyless`",
    note = "`.limit(..)` and `.offset(..)` take a part of any query's rows"
)]
pub trait KeyedSource: Source {
    #[doc(hidden)]
    fn append_keys(keys: &mut Keys<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: KeyedTable> KeyedSource for T {
    fn append_keys(keys: &mut Keys<'_>) {
        keys.push(0, T::BY_KEY.columns, false);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Table> Source for T {
    type Columns = T::Columns<T, NotNull>;
    type Root = T;

    fn columns() -> Self::Columns {
        T::columns(0)
    }

    fn decode(row: &Row<'_>) -> Result<Self, Error> {
        <T as Table>::decode(row)
    }

    fn each_table(visit: &mut dyn FnMut(Relation, &'static TableTexts)) {
        visit(0, &T::SQL.texts);
    }
}

/// One of the joined tables: the table's struct, or an `Option` of it where it is left-joined.
///
/// This trait is sealed.
pub trait Joined: Sized + Send + 'static {
    /// The table.
    type Table: Table;
    /// Its columns in query `Q`.
    type Columns<Q>: Copy;

    #[doc(hidden)]
    const OPTIONAL: bool;
    #[doc(hidden)]
    fn columns<Q>(relation: Relation) -> Self::Columns<Q>;
    #[doc(hidden)]
    fn decode(row: &Row<'_>) -> Result<Self, Error>;
}

#[diagnostic::do_not_recommend]
impl<T: Table> Joined for T {
    type Table = T;
    type Columns<Q> = T::Columns<Q, NotNull>;

    const OPTIONAL: bool = false;

    fn columns<Q>(relation: Relation) -> Self::Columns<Q> {
        T::columns(relation)
    }

    fn decode(row: &Row<'_>) -> Result<Self, Error> {
        <T as Table>::decode(row)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Table> Joined for Option<T> {
    type Table = T;
    type Columns<Q> = T::Columns<Q, Nullable>;

    const OPTIONAL: bool = true;

    fn columns<Q>(relation: Relation) -> Self::Columns<Q> {
        T::columns(relation)
    }

    /// A row that was not found is NULL in every column.
    fn decode(row: &Row<'_>) -> Result<Self, Error> {
        if row.is_null(T::SQL.texts.columns.len())? {
            return Ok(None);
        }
        <T as Table>::decode(row).map(Some)
    }
}

/// A query to which one more table can be joined.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "no more tables can be joined to `{Self}`",
    label = "a query joins up to eight tables"
)]
pub trait Join<J: Joined>: Source {
    /// The query with the table.
    type Output: Source<Root = Self::Root>;
    /// The columns of the earlier tables in it.
    type Before: Copy;

    #[doc(hidden)]
    const RELATION: Relation;
    #[doc(hidden)]
    fn columns() -> (Self::Before, J::Columns<Self::Output>);
}

#[diagnostic::do_not_recommend]
impl<T: Table, J: Joined> Join<J> for T {
    type Output = (T, J);
    type Before = T::Columns<(T, J), NotNull>;

    const RELATION: Relation = 1;

    fn columns() -> (Self::Before, J::Columns<(T, J)>) {
        (T::columns(0), J::columns(1))
    }
}

/// Queries of several tables: flat, so that their bounds cost the compiler little.
macro_rules! joined_tables {
    ($($position:literal $name:ident),+) => {
        #[diagnostic::do_not_recommend]
        impl<A: Table, $($name: Joined),+> Source for (A, $($name),+) {
            type Columns = (A::Columns<Self, NotNull>, $($name::Columns<Self>),+);
            type Root = A;

            fn columns() -> Self::Columns {
                (A::columns(0), $($name::columns($position)),+)
            }

            fn decode(row: &Row<'_>) -> Result<Self, Error> {
                let mut row = row.clone();
                Ok((row.take(A::SQL, <A as Table>::decode)?, $(row.take($name::Table::SQL, $name::decode)?),+))
            }

            fn each_table(visit: &mut dyn FnMut(Relation, &'static TableTexts)) {
                visit(0, &A::SQL.texts);
                $(visit($position, &$name::Table::SQL.texts);)+
            }
        }

        #[diagnostic::do_not_recommend]
        impl<A: KeyedTable, $($name: Joined<Table: KeyedTable>),+> KeyedSource for (A, $($name),+) {
            fn append_keys(keys: &mut Keys<'_>) {
                keys.push(0, A::BY_KEY.columns, false);
                $(keys.push($position, $name::Table::BY_KEY.columns, $name::OPTIONAL);)+
            }
        }
    };
}

/// That one more table can be joined.
macro_rules! one_more_table {
    ($($position:literal $name:ident),+; $next:literal) => {
        #[diagnostic::do_not_recommend]
        impl<A: Table, $($name: Joined,)+ J: Joined> Join<J> for (A, $($name),+) {
            type Output = (A, $($name,)+ J);
            type Before = (A::Columns<Self::Output, NotNull>, $($name::Columns<Self::Output>),+);

            const RELATION: Relation = $next;

            fn columns() -> (Self::Before, J::Columns<Self::Output>) {
                ((A::columns(0), $($name::columns($position)),+), J::columns($next))
            }
        }
    };
}

joined_tables!(1 B);
joined_tables!(1 B, 2 C);
joined_tables!(1 B, 2 C, 3 D);
joined_tables!(1 B, 2 C, 3 D, 4 E);
joined_tables!(1 B, 2 C, 3 D, 4 E, 5 F);
joined_tables!(1 B, 2 C, 3 D, 4 E, 5 F, 6 G);
joined_tables!(1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H);

one_more_table!(1 B; 2);
one_more_table!(1 B, 2 C; 3);
one_more_table!(1 B, 2 C, 3 D; 4);
one_more_table!(1 B, 2 C, 3 D, 4 E; 5);
one_more_table!(1 B, 2 C, 3 D, 4 E, 5 F; 6);
one_more_table!(1 B, 2 C, 3 D, 4 E, 5 F, 6 G; 7);
