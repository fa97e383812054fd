use std::fmt;
use std::marker::PhantomData;

use crate::sql::Sql;

/// A column to order by, and its direction; made by [`Column::asc`](crate::Column::asc) and
/// [`Column::desc`](crate::Column::desc).
pub struct Order<T> {
    column: &'static str,
    direction: &'static str,
    nulls: &'static str,
    table: PhantomData<fn() -> T>,
}

impl<T> Order<T> {
    pub(crate) fn new(column: &'static str, direction: &'static str) -> Self {
        Self { column, direction, nulls: "", table: PhantomData }
    }

    /// `NULLS FIRST`
    #[must_use]
    pub fn nulls_first(self) -> Self {
        Self { nulls: " NULLS FIRST", ..self }
    }

    /// `NULLS LAST`
    #[must_use]
    pub fn nulls_last(self) -> Self {
        Self { nulls: " NULLS LAST", ..self }
    }

    pub(crate) fn write(&self, sql: &mut Sql) {
        sql.push(self.column).push(self.direction);
        if !self.nulls.is_empty() {
            sql.push(self.nulls);
        }
    }
}

impl<T> Clone for Order<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Order<T> {}

/// One or several columns to order by: an [`Order`], an array or a `Vec` of them.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no order of `{T}`",
    label = "write `.asc()` or `.desc()` on a column of `{T}`, or several of them in an array"
)]
pub trait OrderBy<T>: sealed::Sealed {
    #[doc(hidden)]
    fn append_to(self, order: &mut Vec<Order<T>>);
}

#[diagnostic::do_not_recommend]
impl<T> OrderBy<T> for Order<T> {
    fn append_to(self, order: &mut Vec<Self>) {
        order.push(self);
    }
}

#[diagnostic::do_not_recommend]
impl<T, const N: usize> OrderBy<T> for [Order<T>; N] {
    fn append_to(self, order: &mut Vec<Order<T>>) {
        order.extend(self);
    }
}

#[diagnostic::do_not_recommend]
impl<T> OrderBy<T> for Vec<Order<T>> {
    fn append_to(self, order: &mut Self) {
        order.extend(self);
    }
}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for super::Order<T> {}
    impl<T, const N: usize> Sealed for [super::Order<T>; N] {}
    impl<T> Sealed for Vec<super::Order<T>> {}
}

impl<T> fmt::Debug for Order<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Order({}{}{})", self.column, self.direction, self.nulls)
    }
}
