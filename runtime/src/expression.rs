//! What can be computed from columns: the nodes, and the methods of everything that has a value.

use std::fmt;
use std::marker::PhantomData;

use crate::column::{NotNull, Nullability, Nullable};
use crate::filter::Node;
use crate::fingerprint::Fingerprint;
use crate::number::{AveragesTo, Number, SumsTo};
use crate::operand::Operand;
use crate::order::Order;
use crate::sql::{Relation, Sql, write_all};
use crate::value::{Codec, ColumnType, Value};

/// A value in a statement, as a tree. None of its texts is a user's.
#[derive(Debug, Clone)]
pub enum Expr {
    /// A column, and whose.
    Column {
        /// The relation in its query.
        relation: Relation,
        /// As it stands in SQL.
        name: &'static str,
    },
    /// A bound value.
    Value(Value),
    /// A part of a larger expression.
    Text(&'static str),
    /// One after another.
    Parts(Vec<Self>),
}

impl Expr {
    pub(crate) fn write(&self, sql: &mut Sql) {
        match self {
            Self::Column { relation, name } => _ = sql.push_column(*relation, name),
            Self::Value(value) => _ = sql.bind(value.clone()),
            Self::Text(text) => _ = sql.push(text),
            Self::Parts(parts) => write_all(sql, parts),
        }
    }

    /// `(first, second)`, or the one alone.
    pub(crate) fn row(mut values: Vec<Self>) -> Self {
        if values.len() == 1 {
            return values.remove(0);
        }
        let mut parts = Vec::with_capacity(2 * values.len() + 1);
        for (position, value) in values.into_iter().enumerate() {
            parts.extend([Self::Text(if position == 0 { "(" } else { ", " }), value]);
        }
        parts.push(Self::Text(")"));
        Self::Parts(parts)
    }

    pub(crate) fn is_same_column(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Column { relation, name }, Self::Column { relation: of, name: other }) => {
                relation == of && name == other
            }
            _ => false,
        }
    }

    /// Whose columns it is made of, as far as the first tells.
    pub(crate) fn relation(&self) -> Option<Relation> {
        match self {
            Self::Column { relation, .. } => Some(*relation),
            Self::Parts(parts) => parts.iter().find_map(Self::relation),
            Self::Value(_) | Self::Text(_) => None,
        }
    }

    /// How many values are bound in it.
    pub(crate) fn values(&self) -> usize {
        match self {
            Self::Value(_) => 1,
            Self::Parts(parts) => parts.iter().map(Self::values).sum(),
            Self::Column { .. } | Self::Text(_) => 0,
        }
    }

    /// Of all but the bound values.
    pub(crate) fn fingerprint(&self, before: Fingerprint) -> Fingerprint {
        match self {
            Self::Column { relation, name } => before.bytes(&[1]).bytes(&relation.to_be_bytes()).text(name),
            Self::Value(_) => before.bytes(&[2]),
            Self::Text(text) => before.bytes(&[3]).text(text),
            Self::Parts(parts) => {
                parts.iter().fold(before.bytes(&[4]), |before, part| part.fingerprint(before)).bytes(&[5])
            }
        }
    }

    /// `head argument)`
    pub(crate) fn call(head: &'static str, argument: Self, tail: &'static str) -> Self {
        Self::Parts(vec![Self::Text(head), argument, Self::Text(tail)])
    }

    /// `(left operator right)`
    pub(crate) fn infix(left: Self, operator: &'static str, right: Self) -> Self {
        Self::Parts(vec![Self::Text("("), left, Self::Text(operator), right, Self::Text(")")])
    }
}

/// A value of type `V` that the database computes from the columns of the query `Q`; made by the methods of
/// [`Column`](crate::Column) and by arithmetic with them.
///
/// `N` says whether it can be NULL, as for a column. An aggregate is an expression over [`Grouped`] rows.
pub struct Expression<Q, V: 'static, N = NotNull> {
    expr: Expr,
    codec: &'static Codec<V>,
    marker: PhantomData<fn() -> (Q, N)>,
}

/// The groups of the rows of query `Q`, of which aggregates are made: they stand in a selection, in `having` and in
/// an order, but in no filter of the rows themselves.
#[derive(Debug, Clone, Copy)]
pub struct Grouped<Q>(PhantomData<fn() -> Q>);

impl<Q, V, N> Expression<Q, V, N> {
    pub(crate) fn new(expr: Expr, codec: &'static Codec<V>) -> Self {
        Self { expr, codec, marker: PhantomData }
    }

    pub(crate) fn into_parts(self) -> (Expr, &'static Codec<V>) {
        (self.expr, self.codec)
    }
}

impl<Q, V, N> Clone for Expression<Q, V, N> {
    fn clone(&self) -> Self {
        Self::new(self.expr.clone(), self.codec)
    }
}

impl<Q, V, N> fmt::Debug for Expression<Q, V, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Expression({:?})", self.expr)
    }
}

/// The methods of everything that has a value: a column, an expression.
macro_rules! has_a_value {
    ($type:ident) => {
        impl<Q, V: 'static, N> $type<Q, V, N> {
            fn compare(self, operator: &'static str, right: impl Operand<Q, V>) -> Filter<Q> {
                let (left, codec) = self.into_parts();
                Filter::new(Node::Compare { left, operator, right: right.operand(codec) })
            }

            fn test(self, test: &'static str) -> Filter<Q> {
                Filter::new(Node::Test { left: self.into_parts().0, test })
            }

            fn matches(self, operator: &'static str, pattern: String) -> Filter<Q> {
                let right = Expr::Value(Value::new(pattern));
                Filter::new(Node::Compare { left: self.into_parts().0, operator, right })
            }

            /// `column = value`. Rows in which the column is NULL do not match.
            pub fn eq(self, value: impl Operand<Q, V>) -> Filter<Q> {
                self.compare("=", value)
            }

            /// `column <> value`. Rows in which the column is NULL do not match; see
            /// [`is_distinct_from`](Self::is_distinct_from).
            pub fn ne(self, value: impl Operand<Q, V>) -> Filter<Q> {
                self.compare("<>", value)
            }

            /// `column < value`
            pub fn lt(self, value: impl Operand<Q, V>) -> Filter<Q> {
                self.compare("<", value)
            }

            /// `column <= value`
            pub fn le(self, value: impl Operand<Q, V>) -> Filter<Q> {
                self.compare("<=", value)
            }

            /// `column > value`
            pub fn gt(self, value: impl Operand<Q, V>) -> Filter<Q> {
                self.compare(">", value)
            }

            /// `column >= value`
            pub fn ge(self, value: impl Operand<Q, V>) -> Filter<Q> {
                self.compare(">=", value)
            }

            /// `column BETWEEN low AND high`, both included.
            pub fn between(self, low: impl Operand<Q, V>, high: impl Operand<Q, V>) -> Filter<Q> {
                let (left, codec) = self.into_parts();
                Filter::new(Node::Between { left, low: low.operand(codec), high: high.operand(codec) })
            }

            /// `column = ANY(values)`: one of the values. Nothing matches an empty list. Not for columns that are
            /// arrays themselves.
            pub fn in_(self, values: impl IntoIterator<Item = impl IntoValue<V>>) -> Filter<Q> {
                self.any("= ANY", values)
            }

            /// `column <> ALL(values)`: none of the values. Everything that is not NULL matches an empty list.
            pub fn not_in(self, values: impl IntoIterator<Item = impl IntoValue<V>>) -> Filter<Q> {
                self.any("<> ALL", values)
            }

            fn any(
                self,
                operator: &'static str,
                values: impl IntoIterator<Item = impl IntoValue<V>>,
            ) -> Filter<Q> {
                let values = values.into_iter().map(IntoValue::into_value).collect();
                let (left, codec) = self.into_parts();
                Filter::new(Node::List { left, operator, values: codec.compare_any(values) })
            }

            /// Text that begins with exactly this: `column LIKE 'prefix%'`, with `%`, `_` and `\` in the text escaped.
            pub fn starts_with(self, text: impl AsRef<str>) -> Filter<Q>
            where
                V: Text,
            {
                self.matches("LIKE", format!("{}%", escape_pattern(text.as_ref())))
            }

            /// Text that ends with exactly this: `column LIKE '%suffix'`, with `%`, `_` and `\` in the text escaped.
            pub fn ends_with(self, text: impl AsRef<str>) -> Filter<Q>
            where
                V: Text,
            {
                self.matches("LIKE", format!("%{}", escape_pattern(text.as_ref())))
            }

            /// Text that holds exactly this: `column LIKE '%text%'`, with `%`, `_` and `\` in the text escaped.
            pub fn contains(self, text: impl AsRef<str>) -> Filter<Q>
            where
                V: Text,
            {
                self.matches("LIKE", format!("%{}%", escape_pattern(text.as_ref())))
            }

            /// Text that holds this in any case: `column ILIKE '%text%'`, with `%`, `_` and `\` in the text escaped.
            pub fn contains_ignoring_case(self, text: impl AsRef<str>) -> Filter<Q>
            where
                V: Text,
            {
                self.matches("ILIKE", format!("%{}%", escape_pattern(text.as_ref())))
            }

            /// `column LIKE pattern`, where `%` and `_` in the pattern stand for other text.
            pub fn like(self, pattern: impl Into<String>) -> Filter<Q>
            where
                V: Text,
            {
                self.matches("LIKE", pattern.into())
            }

            /// `column ILIKE pattern`: as [`like`](Self::like), in any case.
            pub fn ilike(self, pattern: impl Into<String>) -> Filter<Q>
            where
                V: Text,
            {
                self.matches("ILIKE", pattern.into())
            }

            /// `column IS NULL`
            #[must_use]
            pub fn is_null(self) -> Filter<Q>
            where
                N: CanBeNull,
            {
                self.test("IS NULL")
            }

            /// `column IS NOT NULL`
            #[must_use]
            pub fn is_not_null(self) -> Filter<Q>
            where
                N: CanBeNull,
            {
                self.test("IS NOT NULL")
            }

            /// `column IS NOT DISTINCT FROM value`: equality for which NULL equals NULL, given as `None`.
            #[must_use]
            pub fn is_not_distinct_from(self, value: Option<impl IntoValue<V>>) -> Filter<Q>
            where
                N: CanBeNull,
            {
                self.distinct("IS NOT DISTINCT FROM", value)
            }

            /// `column IS DISTINCT FROM value`: inequality that NULL takes part in, given as `None`.
            #[must_use]
            pub fn is_distinct_from(self, value: Option<impl IntoValue<V>>) -> Filter<Q>
            where
                N: CanBeNull,
            {
                self.distinct("IS DISTINCT FROM", value)
            }

            fn distinct(self, operator: &'static str, value: Option<impl IntoValue<V>>) -> Filter<Q> {
                let (left, codec) = self.into_parts();
                let right = Expr::Value(codec.bind_nullable(value.map(IntoValue::into_value)));
                Filter::new(Node::Compare { left, operator, right })
            }

            /// `column ASC`: the smallest first, NULL last.
            #[must_use]
            pub fn asc(self) -> Order<Q>
            where
                N: Nullability,
            {
                Order::new::<N>(self.into_parts().0, false)
            }

            /// `column DESC`: the greatest first, NULL before them.
            #[must_use]
            pub fn desc(self) -> Order<Q>
            where
                N: Nullability,
            {
                Order::new::<N>(self.into_parts().0, true)
            }

            /// `lower(column)`
            #[must_use]
            pub fn lower(self) -> Expression<Q, V, N>
            where
                V: Text,
            {
                let (argument, codec) = self.into_parts();
                Expression::new(Expr::call("lower(", argument, ")"), codec)
            }

            /// `upper(column)`
            #[must_use]
            pub fn upper(self) -> Expression<Q, V, N>
            where
                V: Text,
            {
                let (argument, codec) = self.into_parts();
                Expression::new(Expr::call("upper(", argument, ")"), codec)
            }

            /// `coalesce(column, otherwise)`: the value, or another where it is NULL. It can be NULL where the other can.
            pub fn or<E: Operand<Q, V>>(self, otherwise: E) -> Expression<Q, V, E::Nullability>
            where
                N: CanBeNull,
            {
                let (value, codec) = self.into_parts();
                let parts = vec![
                    Expr::Text("coalesce("),
                    value,
                    Expr::Text(", "),
                    otherwise.operand(codec),
                    Expr::Text(")"),
                ];
                Expression::new(Expr::Parts(parts), codec)
            }
        }

        /// Aggregates: of the rows of a group, or of all rows.
        impl<Q, V: 'static, N> $type<Q, V, N> {
            /// `count(column)`: the rows in which it is not NULL.
            #[must_use]
            pub fn count(self) -> Expression<Grouped<Q>, i64> {
                Expression::new(Expr::call("count(", self.into_parts().0, ")"), &const { Codec::new() })
            }

            /// `count(DISTINCT column)`: how many different values.
            #[must_use]
            pub fn count_distinct(self) -> Expression<Grouped<Q>, i64> {
                Expression::new(Expr::call("count(DISTINCT ", self.into_parts().0, ")"), &const { Codec::new() })
            }

            /// `min(column)`: the smallest value; NULL where there is none.
            #[must_use]
            pub fn min(self) -> Expression<Grouped<Q>, V, Nullable> {
                let (argument, codec) = self.into_parts();
                Expression::new(Expr::call("min(", argument, ")"), codec)
            }

            /// `max(column)`: the greatest value; NULL where there is none.
            #[must_use]
            pub fn max(self) -> Expression<Grouped<Q>, V, Nullable> {
                let (argument, codec) = self.into_parts();
                Expression::new(Expr::call("max(", argument, ")"), codec)
            }

            /// `sum(column)`: of whole numbers an `i64`, or an error of the database where it does not hold the sum;
            /// NULL where there is no value.
            #[must_use]
            pub fn sum<S>(self) -> Expression<Grouped<Q>, S, Nullable>
            where
                S: ColumnType,
                V: SumsTo<S>,
            {
                Expression::new(Expr::call("sum(", self.into_parts().0, V::TAIL), &const { Codec::<S>::new() })
            }

            /// `avg(column)`: of whole numbers an `f64`; NULL where there is no value.
            #[must_use]
            pub fn avg<A>(self) -> Expression<Grouped<Q>, A, Nullable>
            where
                A: ColumnType,
                V: AveragesTo<A>,
            {
                Expression::new(Expr::call("avg(", self.into_parts().0, V::TAIL), &const { Codec::<A>::new() })
            }
        }

        has_a_value!(@operator $type, Add, add, " + ");
        has_a_value!(@operator $type, Sub, sub, " - ");
        has_a_value!(@operator $type, Mul, mul, " * ");
        has_a_value!(@operator $type, Div, div, " / ");
    };
    (@operator $type:ident, $trait:ident, $method:ident, $operator:literal) => {
        impl<Q, V: Number, N: Nullability, R: Operand<Q, V>> std::ops::$trait<R> for $type<Q, V, N> {
            type Output = Expression<Q, V, N::Or<R::Nullability>>;

            fn $method(self, right: R) -> Self::Output {
                let (left, codec) = self.into_parts();
                Expression::new(Expr::infix(left, $operator, right.operand(codec)), codec)
            }
        }
    };
}
pub(crate) use has_a_value;

use crate::column::{CanBeNull, Text, escape_pattern};
use crate::filter::Filter;
use crate::operand::IntoValue;

has_a_value!(Expression);

/// `count(*)`: how many rows, in a selection.
///
/// ```
/// # use tenantry::{TenantId, TenantTable};
/// # #[derive(TenantTable)]
/// # #[tenant_table(name = "customer")]
/// # struct Customer { #[tenant_table(primary_key)] id: i64, city: String }
/// # fn example(acme: &TenantId) {
/// let customers = Customer::repository().for_tenant(acme);
/// let by_city = customers.all().group_by(|c| c.city).select(|c| (c.city, tenantry::count_rows()));
/// assert_eq!(by_city.sql(), r#"SELECT "city", count(*) FROM "acme"."customer" GROUP BY "city""#);
/// # }
/// # example(&"acme".parse().unwrap());
/// ```
#[must_use]
pub fn count_rows<Q>() -> Expression<Grouped<Q>, i64> {
    Expression::new(Expr::Text("count(*)"), &const { Codec::new() })
}

/// `row_number() OVER (PARTITION BY .. ORDER BY ..)`: the number of a row among those that are equal in the columns of
/// `partition`, in an order; in a selection.
#[must_use]
pub fn row_number<Q>(
    partition: impl crate::projection::Projection<Q>,
    order: impl crate::order::OrderBy<Q>,
) -> Expression<Q, i64> {
    let mut parts = vec![Expr::Text("row_number() OVER (")];
    let mut columns = Vec::new();
    partition.append_to(&mut columns);
    let mut keyword = "PARTITION BY ";
    for column in columns {
        parts.extend([Expr::Text(keyword), column]);
        keyword = ", ";
    }
    let mut orders = Vec::new();
    order.append_to(&mut orders);
    let mut keyword = if parts.len() > 1 { " ORDER BY " } else { "ORDER BY " };
    for order in orders {
        parts.push(Expr::Text(keyword));
        parts.extend(order.into_parts());
        keyword = ", ";
    }
    parts.push(Expr::Text(")"));
    Expression::new(Expr::Parts(parts), &const { Codec::new() })
}
