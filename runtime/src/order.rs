use std::fmt;
use std::marker::PhantomData;

use crate::column::Nullability;
use crate::expression::{Expr, Grouped};
use crate::sql::Sql;

/// A column or an expression to order by, and its direction; made by [`Column::asc`](crate::Column::asc) and
/// [`Column::desc`](crate::Column::desc).
pub struct Order<Q> {
    term: Term,
    query: PhantomData<fn() -> Q>,
}

/// One part of an order, without the type of its query.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) by: Expr,
    pub(crate) descending: bool,
    /// Where NULL stands, if it was said.
    pub(crate) nulls_first: Option<bool>,
    pub(crate) can_be_null: bool,
}

impl<Q> Order<Q> {
    pub(crate) fn new<N: Nullability>(by: Expr, descending: bool) -> Self {
        Self { term: Term { by, descending, nulls_first: None, can_be_null: N::CAN_BE_NULL }, query: PhantomData }
    }

    /// `NULLS FIRST`
    #[must_use]
    pub fn nulls_first(self) -> Self {
        Self { term: Term { nulls_first: Some(true), ..self.term }, ..self }
    }

    /// `NULLS LAST`
    #[must_use]
    pub fn nulls_last(self) -> Self {
        Self { term: Term { nulls_first: Some(false), ..self.term }, ..self }
    }

    /// What is written, part by part.
    pub(crate) fn into_parts(self) -> [Expr; 3] {
        let (direction, nulls) = self.term.keywords();
        [self.term.by, Expr::Text(direction), Expr::Text(nulls)]
    }
}

impl Term {
    /// Where NULL stands, said or not: PostgreSQL takes it for greater than all else.
    pub(crate) fn has_nulls_first(&self) -> bool {
        self.nulls_first.unwrap_or(self.descending)
    }

    /// The opposite direction.
    pub(crate) fn reversed(self) -> Self {
        Self { descending: !self.descending, nulls_first: self.nulls_first.map(|first| !first), ..self }
    }

    fn keywords(&self) -> (&'static str, &'static str) {
        let nulls = match self.nulls_first {
            None => "",
            Some(true) => " NULLS FIRST",
            Some(false) => " NULLS LAST",
        };
        (if self.descending { " DESC" } else { " ASC" }, nulls)
    }

    pub(crate) fn write(&self, sql: &mut Sql) {
        let (direction, nulls) = self.keywords();
        self.by.write(sql);
        sql.push(direction);
        if !nulls.is_empty() {
            sql.push(nulls);
        }
    }
}

impl<Q> Clone for Order<Q> {
    fn clone(&self) -> Self {
        Self { term: self.term.clone(), query: PhantomData }
    }
}

/// One or several columns to order by: an [`Order`], an array or a `Vec` of them.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no order of `{Q}`",
    label = "write `.asc()` or `.desc()` on a column of `{Q}`, or several of them in an array"
)]
pub trait OrderBy<Q>: sealed::Sealed {
    #[doc(hidden)]
    fn append_to(self, order: &mut Vec<Order<Q>>);
}

#[diagnostic::do_not_recommend]
impl<Q> OrderBy<Q> for Order<Q> {
    fn append_to(self, order: &mut Vec<Self>) {
        order.push(self);
    }
}

/// By an aggregate.
#[diagnostic::do_not_recommend]
impl<Q> OrderBy<Q> for Order<Grouped<Q>> {
    fn append_to(self, order: &mut Vec<Order<Q>>) {
        order.push(Order { term: self.term, query: PhantomData });
    }
}

#[diagnostic::do_not_recommend]
impl<Q, const N: usize> OrderBy<Q> for [Order<Q>; N] {
    fn append_to(self, order: &mut Vec<Order<Q>>) {
        order.extend(self);
    }
}

#[diagnostic::do_not_recommend]
impl<Q> OrderBy<Q> for Vec<Order<Q>> {
    fn append_to(self, order: &mut Self) {
        order.extend(self);
    }
}

/// The terms of an order, without its type.
pub(crate) fn terms<Q>(order: impl OrderBy<Q>) -> impl Iterator<Item = Term> {
    let mut orders = Vec::new();
    order.append_to(&mut orders);
    orders.into_iter().map(|order| order.term)
}

mod sealed {
    pub trait Sealed {}
    impl<Q> Sealed for super::Order<Q> {}
    impl<Q, const N: usize> Sealed for [super::Order<Q>; N] {}
    impl<Q> Sealed for Vec<super::Order<Q>> {}
}

impl<Q> fmt::Debug for Order<Q> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (direction, nulls) = self.term.keywords();
        write!(formatter, "Order({:?}{direction}{nulls})", self.term.by)
    }
}
