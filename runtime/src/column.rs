//! Typed columns.

use std::fmt;
use std::marker::PhantomData;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, Type};

use crate::Error;
use crate::change::{Assignment, FitsIn};
use crate::expression::{Expr, Expression, Grouped, has_a_value};
use crate::filter::{Filter, Node};
use crate::number::{AveragesTo, Number, SumsTo};
use crate::operand::{IntoValue, Operand};
use crate::order::Order;
use crate::row::Row;
use crate::source::{Joined, Source};
use crate::sql::Relation;
use crate::table::Table;
use crate::value::{Codec, ColumnType, Encoded, Value};

/// A column whose values are of type `V`, in query `Q`: a table, or the tuple of the tables that are joined.
///
/// `N` says whether the column can be NULL: [`NotNull`], or [`Nullable`] for a field of type
/// `Option<V>` and for every column of a left-joined table. The columns of a query come to hand in the closures of
/// `filter`, `order_by`, `select` and others.
///
/// A column of a composite type is read and written, but cannot be compared with a value: PostgreSQL
/// compares it as an anonymous record, and the statement fails with an error that says so.
pub struct Column<Q, V: 'static, N = NotNull> {
    /// As it stands in SQL, with its quotes.
    name: &'static str,
    codec: &'static Codec<V>,
    relation: Relation,
    marker: PhantomData<fn() -> (Q, N)>,
}

/// A column that holds a value in every row.
#[derive(Debug, Clone, Copy)]
pub enum NotNull {}

/// A column that may be NULL.
#[derive(Debug, Clone, Copy)]
pub enum Nullable {}

/// [`NotNull`] or [`Nullable`]. This trait is sealed.
pub trait Nullability: sealed::Sealed + 'static {
    /// The type of the struct's field.
    type Field<V>;
    /// Of a value that is computed from this and another one.
    type Or<N: Nullability>: Nullability;

    #[doc(hidden)]
    const CAN_BE_NULL: bool;

    #[doc(hidden)]
    fn bind<V>(codec: &Codec<V>, value: Self::Field<V>) -> Value;

    #[doc(hidden)]
    fn encode<V>(codec: &Codec<V>, value: &Self::Field<V>, ty: &Type, out: &mut BytesMut) -> Encoded;

    #[doc(hidden)]
    fn decode<V>(codec: &Codec<V>, row: &Row<'_>, index: usize) -> Result<Self::Field<V>, Error>;

    #[doc(hidden)]
    fn take<V: ColumnType>(row: &mut Row<'_>) -> Result<Self::Field<V>, Error>;

    #[doc(hidden)]
    fn take_table<T: Table>(row: &mut Row<'_>) -> Result<Self::Field<T>, Error>;
}

/// [`Nullable`], as the methods that ask for NULL want it.
#[diagnostic::on_unimplemented(
    message = "this column is never NULL",
    label = "only the column of an `Option<..>` field can be asked for NULL"
)]
pub trait CanBeNull: sealed::Sealed {}

impl CanBeNull for Nullable {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NotNull {}
    impl Sealed for super::Nullable {}
}

impl Nullability for NotNull {
    type Field<V> = V;
    type Or<N: Nullability> = N;

    const CAN_BE_NULL: bool = false;

    fn bind<V>(codec: &Codec<V>, value: V) -> Value {
        codec.bind(value)
    }

    fn encode<V>(codec: &Codec<V>, value: &V, ty: &Type, out: &mut BytesMut) -> Encoded {
        codec.encode(value, ty, out)
    }

    fn decode<V>(codec: &Codec<V>, row: &Row<'_>, index: usize) -> Result<V, Error> {
        codec.decode(row, index)
    }

    fn take<V: ColumnType>(row: &mut Row<'_>) -> Result<V, Error> {
        row.take_value()
    }

    fn take_table<T: Table>(row: &mut Row<'_>) -> Result<T, Error> {
        row.take(T::SQL, <T as Joined>::decode)
    }
}

impl Nullability for Nullable {
    type Field<V> = Option<V>;
    type Or<N: Nullability> = Self;

    const CAN_BE_NULL: bool = true;

    fn bind<V>(codec: &Codec<V>, value: Option<V>) -> Value {
        codec.bind_nullable(value)
    }

    fn encode<V>(codec: &Codec<V>, value: &Option<V>, ty: &Type, out: &mut BytesMut) -> Encoded {
        value.as_ref().map_or(Ok(IsNull::Yes), |value| codec.encode(value, ty, out))
    }

    fn decode<V>(codec: &Codec<V>, row: &Row<'_>, index: usize) -> Result<Option<V>, Error> {
        codec.decode_nullable(row, index)
    }

    fn take<V: ColumnType>(row: &mut Row<'_>) -> Result<Option<V>, Error> {
        row.take_value()
    }

    fn take_table<T: Table>(row: &mut Row<'_>) -> Result<Option<T>, Error> {
        row.take(T::SQL, <Option<T> as Joined>::decode)
    }
}

impl<Q, V, N> Column<Q, V, N> {
    pub(crate) const fn new(name: &'static str, codec: &'static Codec<V>, relation: Relation) -> Self {
        Self { name, codec, relation, marker: PhantomData }
    }

    pub(crate) fn into_parts(self) -> (Expr, &'static Codec<V>) {
        (Expr::Column { relation: self.relation, name: self.name }, self.codec)
    }

    /// The name as it stands in SQL, with its quotes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn codec(self) -> &'static Codec<V> {
        self.codec
    }

    #[doc(hidden)]
    #[must_use]
    pub fn compared(self, value: impl IntoValue<V>) -> Value {
        self.codec.compare(value.into_value())
    }

    #[doc(hidden)]
    #[must_use]
    pub fn compared_with_any(self, values: impl IntoIterator<Item = impl IntoValue<V>>) -> Value {
        self.codec.compare_any(values.into_iter().map(IntoValue::into_value).collect())
    }
}

impl<Q, V, N: Nullability> Column<Q, V, N> {
    #[doc(hidden)]
    #[must_use]
    pub fn bind(self, value: N::Field<V>) -> Value {
        N::bind(self.codec, value)
    }

    pub(crate) fn encode(self, value: &N::Field<V>, ty: &Type, out: &mut BytesMut) -> Encoded {
        N::encode(self.codec, value, ty, out)
    }

    #[doc(hidden)]
    pub fn decode(self, row: &Row<'_>, index: usize) -> Result<N::Field<V>, Error> {
        N::decode(self.codec, row, index)
    }
}

/// Changes of a row, in an update's `set`.
impl<T: Table, Q: Source<Root = T>, V, N: Nullability> Column<Q, V, N> {
    /// `column = value`, where the value may be computed from columns: `c.credit.set(c.credit + 5)`.
    pub fn set<E>(self, value: E) -> Assignment<Q>
    where
        E: Operand<Q, V>,
        E::Nullability: FitsIn<N>,
    {
        Assignment::new(self.relation, self.name, value.operand(self.codec))
    }
}

has_a_value!(Column);

impl<Q, V, N> Clone for Column<Q, V, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, V, N> Copy for Column<Q, V, N> {}

impl<Q, V, N> fmt::Debug for Column<Q, V, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Column({})", self.name)
    }
}

/// `%`, `_` and the escape itself, so that they stand for themselves.
pub(crate) fn escape_pattern(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A type whose column holds text, so that it can be matched against patterns.
///
/// `String` has it; give it to a type of your own around text by an empty `impl`.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` holds no text to match",
    label = "only a text column can be matched against a pattern",
    note = "a type of your own that is text in the database can say so: `impl tenantry::Text for .. {{}}`"
)]
pub trait Text {}

#[diagnostic::do_not_recommend]
impl Text for String {}
#[diagnostic::do_not_recommend]
impl Text for Box<str> {}
