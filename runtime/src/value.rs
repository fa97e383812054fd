//! What is bound to a statement's parameters.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use bytes::BytesMut;
use smallvec::SmallVec;
use tokio_postgres::types::{Format, FromSql, FromSqlOwned, IsNull, ToSql, Type, to_sql_checked};

use crate::error::Error;
use crate::row::Row;

/// The values of a statement. The few of a query by key need no allocation.
pub(crate) type Parameters = SmallVec<[Value; 3]>;

/// A bound value, cheap to clone. Its `Debug` is silent, because the driver can be told to log parameters.
#[derive(Clone)]
pub struct Value(Content);

/// The usual keys need no allocation. What is compared is never NULL: `= NULL` is never true in SQL, and always a
/// mistake here.
#[derive(Clone)]
enum Content {
    Int8(i64),
    Int4(i32),
    Other { value: Arc<dyn ToSql + Send + Sync>, never_null: bool },
}

impl Value {
    pub(crate) fn new(value: impl ToSql + Send + Sync + 'static) -> Self {
        if let Some(number) = (&value as &dyn Any).downcast_ref() {
            return Self(Content::Int8(*number));
        }
        if let Some(number) = (&value as &dyn Any).downcast_ref() {
            return Self(Content::Int4(*number));
        }
        Self(Content::Other { value: Arc::new(value), never_null: false })
    }

    /// Text that the server reads as a value of whatever type it takes there.
    pub(crate) fn text(text: String) -> Self {
        Self(Content::Other { value: Arc::new(TextForm(text)), never_null: true })
    }

    pub(crate) fn tenant(value: Arc<dyn ToSql + Send + Sync>) -> Self {
        Self(Content::Other { value, never_null: true })
    }

    /// Writes it as the binary format has it.
    pub(crate) fn encode(&self, ty: &Type, out: &mut BytesMut) -> Encoded {
        encode(self, ty, out)
    }

    /// Whether it can go as a literal: as text, whose type the server infers as it does in SQL.
    pub(crate) fn is_literal(&self) -> bool {
        self.content().to_sql_checked(&Type::UNKNOWN, &mut BytesMut::new()).is_ok()
    }

    fn content(&self) -> &(dyn ToSql + Send + Sync) {
        match &self.0 {
            Content::Int8(number) => number,
            Content::Int4(number) => number,
            Content::Other { value, .. } => &**value,
        }
    }

    /// For the right side of a comparison.
    fn compared(self) -> Self {
        Self(match self.0 {
            Content::Other { value, .. } => Content::Other { value, never_null: true },
            number => number,
        })
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("_")
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql_checked(ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.content().to_sql_checked(ty, out)? {
            IsNull::Yes if matches!(self.0, Content::Other { never_null: true, .. }) => Err(Box::new(NullCompared)),
            is_null => Ok(is_null),
        }
    }

    fn encode_format(&self, ty: &Type) -> Format {
        match *ty {
            Type::UNKNOWN => Format::Text,
            _ => self.content().encode_format(ty),
        }
    }
}

/// An element of a list to compare with: a NULL in it would make `<> ALL` true of nothing.
#[derive(Debug)]
struct NeverNull<V>(V);

impl<V: ToSql> ToSql for NeverNull<V> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0.to_sql(ty, out)? {
            IsNull::Yes => Err(Box::new(NullCompared)),
            IsNull::No => Ok(IsNull::No),
        }
    }

    fn accepts(ty: &Type) -> bool {
        V::accepts(ty)
    }

    fn encode_format(&self, ty: &Type) -> Format {
        self.0.encode_format(ty)
    }

    to_sql_checked!();
}

/// A value in its text form.
#[derive(Debug)]
struct TextForm(String);

impl ToSql for TextForm {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// A value that turned out to be NULL stands where SQL would answer neither yes nor no.
#[derive(Debug)]
pub(crate) struct NullCompared;

impl fmt::Display for NullCompared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "a comparison was given NULL, which nothing equals: ask with `is_null()` or `is_not_distinct_from(..)`",
        )
    }
}

impl std::error::Error for NullCompared {}

/// What became of a value that was to be written.
pub(crate) type Encoded = Result<IsNull, Box<dyn std::error::Error + Sync + Send>>;

fn encode(value: &dyn ToSql, ty: &Type, out: &mut BytesMut) -> Encoded {
    match value.encode_format(ty) {
        Format::Binary => value.to_sql_checked(ty, out),
        Format::Text => Err(Box::new(WrittenAsText)),
    }
}

/// A value whose type is written as text, where all has to be binary.
#[derive(Debug)]
pub(crate) struct WrittenAsText;

impl fmt::Display for WrittenAsText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("its type is written as text, and a COPY is binary")
    }
}

impl std::error::Error for WrittenAsText {}

/// A type that a column can have: it is written and read by postgres-types.
///
/// Implemented for every type with `ToSql` and `FromSql`; there is nothing to implement here.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a column",
    label = "this type has no `ToSql` and `FromSql` of postgres-types",
    note = "types of other crates come with tenantry's features, like `with-uuid-1`, `with-time-0_3` or `with-serde_json-1`",
    note = "a type of your own derives `postgres_types::ToSql` and `postgres_types::FromSql`"
)]
pub trait ColumnType: ToSql + FromSqlOwned + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<V: ToSql + FromSqlOwned + Send + Sync + 'static> ColumnType for V {}

/// How values of one type are bound and read: the one place where a column's type is judged, so that a
/// wrong one is reported once.
pub struct Codec<V: 'static> {
    bind: fn(V) -> Value,
    bind_nullable: fn(Option<V>) -> Value,
    bind_list: fn(Vec<V>) -> Value,
    encode: fn(&V, &Type, &mut BytesMut) -> Encoded,
    accepts: fn(&Type) -> bool,
    decode: fn(&Row<'_>, usize) -> Result<V, Error>,
    decode_nullable: fn(&Row<'_>, usize) -> Result<Option<V>, Error>,
}

impl<V> Codec<V> {
    /// The codec of a column type.
    #[must_use]
    pub const fn new() -> Self
    where
        V: ColumnType,
    {
        Self {
            bind: |value| Value::new(value),
            bind_nullable: |value| Value::new(value),
            bind_list: |values| Value::new(values.into_iter().map(NeverNull).collect::<Vec<_>>()),
            encode: |value, ty, out| encode(value, ty, out),
            accepts: |ty| <V as FromSql<'_>>::accepts(ty),
            decode: |row, index| row.get(index),
            decode_nullable: |row, index| row.get(index),
        }
    }

    pub(crate) fn bind(&self, value: V) -> Value {
        (self.bind)(value)
    }

    pub(crate) fn bind_nullable(&self, value: Option<V>) -> Value {
        (self.bind_nullable)(value)
    }

    pub(crate) fn compare(&self, value: V) -> Value {
        (self.bind)(value).compared()
    }

    pub(crate) fn compare_any(&self, values: Vec<V>) -> Value {
        (self.bind_list)(values).compared()
    }

    /// Whether values are read from a column of a type.
    #[must_use]
    pub const fn accepts(&self) -> fn(&Type) -> bool {
        self.accepts
    }

    /// Writes the value as the binary format has it.
    pub(crate) fn encode(&self, value: &V, ty: &Type, out: &mut BytesMut) -> Encoded {
        (self.encode)(value, ty, out)
    }

    pub(crate) fn decode(&self, row: &Row<'_>, index: usize) -> Result<V, Error> {
        (self.decode)(row, index)
    }

    pub(crate) fn decode_nullable(&self, row: &Row<'_>, index: usize) -> Result<Option<V>, Error> {
        (self.decode_nullable)(row, index)
    }
}

impl<V> fmt::Debug for Codec<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Codec")
    }
}
