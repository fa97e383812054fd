//! What a query brings instead of whole rows: expressions, one or in a tuple, or a struct of them.

use std::fmt;
use std::marker::PhantomData;

use crate::column::{Column, NotNull, Nullability, Nullable};
use crate::error::Error;
use crate::expression::{Expr, Expression, Grouped};
use crate::row::Row;
use crate::sql::Relation;
use crate::table::Table;
use crate::value::ColumnType;

/// What a query selects: a column, an expression, an aggregate, all columns of a table, a tuple of these, or the selection
/// that `#[derive(TenantRow)]` writes for a struct.
///
/// This trait is implemented by the library and by that derive.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected from `{Q}`",
    label = "expected columns or expressions of `{Q}`: one, a tuple of up to twelve, or a `#[derive(TenantRow)]` selection"
)]
pub trait Projection<Q> {
    /// What a row is read as.
    type Row;

    #[doc(hidden)]
    fn append_to(self, list: &mut Vec<Expr>);
    #[doc(hidden)]
    fn decode(row: &mut Row<'_>) -> Result<Self::Row, Error>;
}

/// An expression whose value in query `Q` is a `V`: what a field of a `#[derive(TenantRow)]` struct takes.
///
/// One that is never NULL also fits a field of type `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not give a `{V}`",
    label = "expected a column or an expression of type `{V}`",
    note = "what can be NULL gives an `Option`; `.or(..)` gives a value where it is NULL"
)]
pub trait Gives<Q, V> {
    #[doc(hidden)]
    fn append_to(self, list: &mut Vec<Expr>);
    #[doc(hidden)]
    fn decode(row: &mut Row<'_>) -> Result<V, Error>;
}

macro_rules! selectable {
    ($name:ident of $query:ty) => {
        #[diagnostic::do_not_recommend]
        impl<Q, V: ColumnType, N: Nullability> Projection<Q> for $name<$query, V, N> {
            type Row = N::Field<V>;

            fn append_to(self, list: &mut Vec<Expr>) {
                list.push(self.into_parts().0);
            }

            fn decode(row: &mut Row<'_>) -> Result<N::Field<V>, Error> {
                N::take(row)
            }
        }

        selectable!(@gives $name of $query, V, NotNull);
        selectable!(@gives $name of $query, Option<V>, NotNull);
        selectable!(@gives $name of $query, Option<V>, Nullable);
    };
    (@gives $name:ident of $query:ty, $value:ty, $nullability:ty) => {
        #[diagnostic::do_not_recommend]
        impl<Q, V: ColumnType> Gives<Q, $value> for $name<$query, V, $nullability> {
            fn append_to(self, list: &mut Vec<Expr>) {
                list.push(self.into_parts().0);
            }

            fn decode(row: &mut Row<'_>) -> Result<$value, Error> {
                row.take_value()
            }
        }
    };
}

selectable!(Column of Q);
selectable!(Expression of Q);
selectable!(Expression of Grouped<Q>);

/// Tuples: flat, so that their bounds cost the compiler little.
macro_rules! tuple {
    ($($name:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<Q, $($name: Projection<Q>),+> Projection<Q> for ($($name,)+) {
            type Row = ($($name::Row,)+);

            fn append_to(self, list: &mut Vec<Expr>) {
                #[expect(non_snake_case, reason = "named as its type")]
                let ($($name,)+) = self;
                $($name.append_to(list);)+
            }

            fn decode(row: &mut Row<'_>) -> Result<Self::Row, Error> {
                Ok(($($name::decode(row)?,)+))
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

/// A table's place in query `Q`, by which all its columns are selected.
pub struct TableIn<Q, N> {
    relation: Relation,
    query: PhantomData<fn() -> (Q, N)>,
}

impl<Q, N> TableIn<Q, N> {
    pub(crate) const fn new(relation: Relation) -> Self {
        Self { relation, query: PhantomData }
    }

    /// Which relation it is.
    #[must_use]
    pub const fn relation(self) -> Relation {
        self.relation
    }

    /// All columns of table `T`.
    pub fn append_to<T: Table>(self, list: &mut Vec<Expr>) {
        let Self { relation, .. } = self;
        list.extend(T::SQL.texts.columns.iter().map(|name| Expr::Column { relation, name }));
    }
}

impl<Q, N> Clone for TableIn<Q, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, N> Copy for TableIn<Q, N> {}

impl<Q, N> fmt::Debug for TableIn<Q, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TableIn({})", self.relation)
    }
}
