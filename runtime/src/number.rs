//! The types that can be calculated with.

use crate::value::ColumnType;

/// A number: its columns can be added, and there are their sum and their average.
///
/// Implemented for the numbers of Rust that PostgreSQL has, and with the feature `with-rust_decimal-1` for `Decimal`;
/// a type of your own around one of them can be one too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    label = "only a column of numbers can be calculated with",
    note = "a type of your own that is a number in the database can say so: `impl tenantry::Number for ..`",
    note = "`rust_decimal::Decimal` needs tenantry's feature `with-rust_decimal-1`"
)]
pub trait Number: ColumnType {
    /// What `sum` gives, so that it holds the sum of many.
    type Sum: ColumnType;
    /// What `avg` gives.
    type Average: ColumnType;

    /// How `sum(column` goes on, so that the database gives a `Sum`: `)` or `)::int8`.
    const SUM_TAIL: &'static str = ")";
    /// How `avg(column` goes on, so that the database gives an `Average`.
    const AVERAGE_TAIL: &'static str = ")";
}

/// A number whose sum is an `S`: [`Number::Sum`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    label = "only a column of numbers has a sum",
    note = "a type of your own that is a number in the database can say so: `impl tenantry::Number for ..`",
    note = "`rust_decimal::Decimal` needs tenantry's feature `with-rust_decimal-1`"
)]
pub trait SumsTo<S> {
    #[doc(hidden)]
    const TAIL: &'static str;
}

#[diagnostic::do_not_recommend]
impl<V: Number> SumsTo<V::Sum> for V {
    const TAIL: &'static str = V::SUM_TAIL;
}

/// A number whose average is an `A`: [`Number::Average`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    label = "only a column of numbers has an average",
    note = "a type of your own that is a number in the database can say so: `impl tenantry::Number for ..`",
    note = "`rust_decimal::Decimal` needs tenantry's feature `with-rust_decimal-1`"
)]
pub trait AveragesTo<A> {
    #[doc(hidden)]
    const TAIL: &'static str;
}

#[diagnostic::do_not_recommend]
impl<V: Number> AveragesTo<V::Average> for V {
    const TAIL: &'static str = V::AVERAGE_TAIL;
}

macro_rules! whole_number {
    ($($type:ty),*) => {$(
        impl Number for $type {
            type Sum = i64;
            type Average = f64;

            const SUM_TAIL: &'static str = ")::int8";
            const AVERAGE_TAIL: &'static str = ")::float8";
        }
    )*};
}

whole_number!(i16, i32, i64);

impl Number for f32 {
    type Sum = Self;
    type Average = f64;
}

impl Number for f64 {
    type Sum = Self;
    type Average = Self;
}

#[cfg(feature = "with-rust_decimal-1")]
impl Number for rust_decimal::Decimal {
    type Sum = Self;
    type Average = Self;
}
