//! Typed columns.

use std::fmt;
use std::marker::PhantomData;

use crate::Error;
use crate::filter::{Filter, Node};
use crate::operand::{IntoValue, Operand, Side};
use crate::order::Order;
use crate::row::Row;
use crate::value::{Codec, Value};

/// A column of table `T` whose values are of type `V`.
///
/// `N` says whether the column can be NULL: [`NotNull`], or [`Nullable`] for a field of type
/// `Option<V>`. The columns of a table come to hand in the closures of `filter` and `order_by`.
///
/// A column of a composite type is read and written, but cannot be compared with a value: PostgreSQL
/// compares it as an anonymous record, and the statement fails with an error that says so.
pub struct Column<T, V: 'static, N = NotNull> {
    /// As it stands in SQL, with its quotes.
    name: &'static str,
    codec: &'static Codec<V>,
    marker: PhantomData<fn() -> (T, N)>,
}

/// A column that holds a value in every row.
#[derive(Debug, Clone, Copy)]
pub enum NotNull {}

/// A column that may be NULL.
#[derive(Debug, Clone, Copy)]
pub enum Nullable {}

/// [`NotNull`] or [`Nullable`]. This trait is sealed.
pub trait Nullability: sealed::Sealed {
    /// The type of the struct's field.
    type Field<V>;

    #[doc(hidden)]
    fn bind<V>(codec: &Codec<V>, value: Self::Field<V>) -> Value;

    #[doc(hidden)]
    fn decode<V>(codec: &Codec<V>, row: &Row<'_>, index: usize) -> Result<Self::Field<V>, Error>;
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

    fn bind<V>(codec: &Codec<V>, value: V) -> Value {
        codec.bind(value)
    }

    fn decode<V>(codec: &Codec<V>, row: &Row<'_>, index: usize) -> Result<V, Error> {
        codec.decode(row, index)
    }
}

impl Nullability for Nullable {
    type Field<V> = Option<V>;

    fn bind<V>(codec: &Codec<V>, value: Option<V>) -> Value {
        codec.bind_nullable(value)
    }

    fn decode<V>(codec: &Codec<V>, row: &Row<'_>, index: usize) -> Result<Option<V>, Error> {
        codec.decode_nullable(row, index)
    }
}

impl<T, V, N> Column<T, V, N> {
    pub(crate) const fn new(name: &'static str, codec: &'static Codec<V>) -> Self {
        Self { name, codec, marker: PhantomData }
    }

    fn compare(self, operator: &'static str, right: impl Operand<T, V>) -> Filter<T> {
        Filter::new(Node::Compare { column: self.name, operator, right: right.operand(self.codec) })
    }

    fn test(self, test: &'static str) -> Filter<T> {
        Filter::new(Node::Test { column: self.name, test })
    }

    fn matches(self, operator: &'static str, pattern: String) -> Filter<T> {
        Filter::new(Node::Compare { column: self.name, operator, right: Side::Value(Value::new(pattern)) })
    }

    /// `column = value`. Rows in which the column is NULL do not match.
    pub fn eq(self, value: impl Operand<T, V>) -> Filter<T> {
        self.compare("=", value)
    }

    /// `column <> value`. Rows in which the column is NULL do not match; see
    /// [`is_distinct_from`](Column::is_distinct_from).
    pub fn ne(self, value: impl Operand<T, V>) -> Filter<T> {
        self.compare("<>", value)
    }

    /// `column < value`
    pub fn lt(self, value: impl Operand<T, V>) -> Filter<T> {
        self.compare("<", value)
    }

    /// `column <= value`
    pub fn le(self, value: impl Operand<T, V>) -> Filter<T> {
        self.compare("<=", value)
    }

    /// `column > value`
    pub fn gt(self, value: impl Operand<T, V>) -> Filter<T> {
        self.compare(">", value)
    }

    /// `column >= value`
    pub fn ge(self, value: impl Operand<T, V>) -> Filter<T> {
        self.compare(">=", value)
    }

    /// `column BETWEEN low AND high`, both included.
    pub fn between(self, low: impl Operand<T, V>, high: impl Operand<T, V>) -> Filter<T> {
        let (low, high) = (low.operand(self.codec), high.operand(self.codec));
        Filter::new(Node::Between { column: self.name, low, high })
    }

    /// `column = ANY(values)`: one of the values. Nothing matches an empty list. Not for columns that are
    /// arrays themselves.
    pub fn in_(self, values: impl IntoIterator<Item = impl IntoValue<V>>) -> Filter<T> {
        self.any("= ANY", values)
    }

    /// `column <> ALL(values)`: none of the values. Everything that is not NULL matches an empty list.
    pub fn not_in(self, values: impl IntoIterator<Item = impl IntoValue<V>>) -> Filter<T> {
        self.any("<> ALL", values)
    }

    fn any(self, operator: &'static str, values: impl IntoIterator<Item = impl IntoValue<V>>) -> Filter<T> {
        let values = values.into_iter().map(IntoValue::into_value).collect();
        Filter::new(Node::List { column: self.name, operator, values: self.codec.compare_any(values) })
    }

    /// Text that begins with exactly this: `column LIKE 'prefix%'`, with `%`, `_` and `\` in the text escaped.
    pub fn starts_with(self, text: impl AsRef<str>) -> Filter<T>
    where
        V: Text,
    {
        self.matches("LIKE", format!("{}%", escape_pattern(text.as_ref())))
    }

    /// Text that ends with exactly this: `column LIKE '%suffix'`, with `%`, `_` and `\` in the text escaped.
    pub fn ends_with(self, text: impl AsRef<str>) -> Filter<T>
    where
        V: Text,
    {
        self.matches("LIKE", format!("%{}", escape_pattern(text.as_ref())))
    }

    /// Text that holds exactly this: `column LIKE '%text%'`, with `%`, `_` and `\` in the text escaped.
    pub fn contains(self, text: impl AsRef<str>) -> Filter<T>
    where
        V: Text,
    {
        self.matches("LIKE", format!("%{}%", escape_pattern(text.as_ref())))
    }

    /// Text that holds this in any case: `column ILIKE '%text%'`, with `%`, `_` and `\` in the text escaped.
    pub fn contains_ignoring_case(self, text: impl AsRef<str>) -> Filter<T>
    where
        V: Text,
    {
        self.matches("ILIKE", format!("%{}%", escape_pattern(text.as_ref())))
    }

    /// `column LIKE pattern`, where `%` and `_` in the pattern stand for other text.
    pub fn like(self, pattern: impl Into<String>) -> Filter<T>
    where
        V: Text,
    {
        self.matches("LIKE", pattern.into())
    }

    /// `column ILIKE pattern`: as [`like`](Column::like), in any case.
    pub fn ilike(self, pattern: impl Into<String>) -> Filter<T>
    where
        V: Text,
    {
        self.matches("ILIKE", pattern.into())
    }

    /// `column ASC`: the smallest first, NULL last.
    #[must_use]
    pub fn asc(self) -> Order<T> {
        Order::new(self.name, " ASC")
    }

    /// `column DESC`: the greatest first, NULL before them.
    #[must_use]
    pub fn desc(self) -> Order<T> {
        Order::new(self.name, " DESC")
    }

    /// The name as it stands in SQL, with its quotes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
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

impl<T, V, N: Nullability> Column<T, V, N> {
    #[doc(hidden)]
    #[must_use]
    pub fn bind(self, value: N::Field<V>) -> Value {
        N::bind(self.codec, value)
    }

    #[doc(hidden)]
    pub fn decode(self, row: &Row<'_>, index: usize) -> Result<N::Field<V>, Error> {
        N::decode(self.codec, row, index)
    }
}

impl<T, V, N> Column<T, V, N> {
    /// `column IS NULL`
    #[must_use]
    pub fn is_null(self) -> Filter<T>
    where
        N: CanBeNull,
    {
        self.test("IS NULL")
    }

    /// `column IS NOT NULL`
    #[must_use]
    pub fn is_not_null(self) -> Filter<T>
    where
        N: CanBeNull,
    {
        self.test("IS NOT NULL")
    }

    /// `column IS NOT DISTINCT FROM value`: equality for which NULL equals NULL, given as `None`.
    #[must_use]
    pub fn is_not_distinct_from(self, value: Option<impl IntoValue<V>>) -> Filter<T>
    where
        N: CanBeNull,
    {
        self.distinct("IS NOT DISTINCT FROM", value)
    }

    /// `column IS DISTINCT FROM value`: inequality that NULL takes part in, given as `None`.
    #[must_use]
    pub fn is_distinct_from(self, value: Option<impl IntoValue<V>>) -> Filter<T>
    where
        N: CanBeNull,
    {
        self.distinct("IS DISTINCT FROM", value)
    }

    fn distinct(self, operator: &'static str, value: Option<impl IntoValue<V>>) -> Filter<T> {
        let value = self.codec.bind_nullable(value.map(IntoValue::into_value));
        Filter::new(Node::Compare { column: self.name, operator, right: Side::Value(value) })
    }
}

impl<T, V, N> Clone for Column<T, V, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, V, N> Copy for Column<T, V, N> {}

impl<T, V, N> fmt::Debug for Column<T, V, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Column({})", self.name)
    }
}

/// `%`, `_` and the escape itself, so that they stand for themselves.
fn escape_pattern(text: &str) -> String {
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
