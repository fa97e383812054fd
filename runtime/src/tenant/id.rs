use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};

use super::{KeyValue, SchemaName, Slug, TenantKey};

/// A tenant: a valid, non-empty key, and the name of the schema that follows from it.
///
/// Made by parsing or by [`TenantId::new`], and checked there once; whoever holds one may name this
/// tenant in a statement. **Where a program makes its `TenantId`s is the place to audit**: at its edge,
/// from an authenticated request.
///
/// ```
/// use tenantry::TenantId;
///
/// let acme: TenantId = "acme".parse()?;
/// let number = TenantId::new(42_i64)?;
///
/// assert_eq!(acme.schema(), "acme");
/// assert_eq!(number.schema(), "id_42");
/// assert!("".parse::<TenantId>().is_err());
/// # Ok::<(), tenantry::InvalidTenantId>(())
/// ```
///
/// Two tenants never get one schema: a slug is its schema's name, and the schemas of tenants keyed by
/// number or UUID begin with `id_`, which no slug does. (`i32` and `i64` name the same schema by the
/// same number.) Cloning copies a pointer. There is no `Default`, no `Deref` and no `From<&str>`.
pub struct TenantId<K = Slug>(Arc<Inner<K>>);

struct Inner<K> {
    key: K,
    schema: SchemaName,
    /// The schema was named by hand, and does not follow from the key.
    #[cfg_attr(not(feature = "serde"), expect(dead_code, reason = "only serde asks"))]
    existing: bool,
}

impl<K: TenantKey> TenantId<K> {
    /// The tenant with this key.
    ///
    /// # Errors
    ///
    /// When the key cannot be a tenant's: the nil UUID, or a slug that is a reserved name.
    pub fn new(key: K) -> Result<Self, InvalidTenantId> {
        let schema = SchemaName::new(&key.value().schema_name())?;
        Self::from_parts(key, schema, false)
    }

    /// The tenant with this key whose schema exists already under a name of its own, like `"Acme Ltd"`.
    ///
    /// The name may hold any character but NUL; it is 1 to 63 bytes, and not `public`,
    /// `information_schema`, a name of Citus, or `pg_*` in any case. That no two tenants are given one
    /// schema is here the caller's to see to. For tables isolated by row the schema has no meaning.
    ///
    /// # Errors
    ///
    /// When the key or the name is not valid.
    ///
    /// ```
    /// use tenantry::{Slug, TenantId};
    ///
    /// let acme = TenantId::with_existing_schema("acme".parse::<Slug>()?, "Acme Ltd")?;
    /// assert_eq!(acme.schema(), "Acme Ltd");
    /// # Ok::<(), tenantry::InvalidTenantId>(())
    /// ```
    pub fn with_existing_schema(key: K, schema: &str) -> Result<Self, InvalidTenantId> {
        let schema = SchemaName::new(schema)?;
        Self::from_parts(key, schema, true)
    }

    fn from_parts(key: K, schema: SchemaName, existing: bool) -> Result<Self, InvalidTenantId> {
        key.value().check()?;
        Ok(Self(Arc::new(Inner { key, schema, existing })))
    }

    /// The tenant's key.
    #[must_use]
    pub fn key(&self) -> &K {
        &self.0.key
    }

    /// The name of the tenant's schema, without quotes.
    #[must_use]
    pub fn schema(&self) -> &str {
        self.0.schema.name()
    }

    pub(crate) fn schema_name(&self) -> &SchemaName {
        &self.0.schema
    }

    /// The key's value, to be bound.
    pub(crate) fn to_parameter(&self) -> Arc<dyn ToSql + Send + Sync> {
        Arc::clone(&self.0) as Arc<dyn ToSql + Send + Sync>
    }
}

impl<K: TenantKey> FromStr for TenantId<K> {
    type Err = InvalidTenantId;

    fn from_str(text: &str) -> Result<Self, InvalidTenantId> {
        Self::new(K::from_value(K::Value::parse(text)?)?)
    }
}

impl<K> Clone for TenantId<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: TenantKey> PartialEq for TenantId<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0.key.value() == other.0.key.value() && self.0.schema == other.0.schema
    }
}

impl<K: TenantKey> Eq for TenantId<K> {}

impl<K: TenantKey> Hash for TenantId<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key.value().hash(state);
    }
}

impl<K: TenantKey> fmt::Display for TenantId<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.0.key.value(), formatter)
    }
}

impl<K: TenantKey> fmt::Debug for TenantId<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TenantId({})", self.0.key.value())
    }
}

impl<K: TenantKey> fmt::Debug for Inner<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.key.value(), formatter)
    }
}

impl<K: TenantKey> ToSql for Inner<K> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.key.value().to_sql(ty, out)
    }

    fn accepts(ty: &Type) -> bool {
        K::Value::accepts(ty)
    }

    tokio_postgres::types::to_sql_checked!();
}

/// The key's value: a text for a slug or a UUID, a number for a number. A tenant whose schema was named
/// by hand is not written: reading it back would silently name another schema.
#[cfg(feature = "serde")]
impl<K: TenantKey> serde::Serialize for TenantId<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.existing {
            return Err(serde::ser::Error::custom(
                "a tenant id whose schema was named by hand cannot be serialized: it would be read back with another schema",
            ));
        }
        KeyValue::serialize(self.0.key.value(), serializer)
    }
}

/// Validates as parsing does.
#[cfg(feature = "serde")]
impl<'de, K: TenantKey> serde::Deserialize<'de> for TenantId<K> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = <K::Value as KeyValue>::deserialize(deserializer)?;
        K::from_value(value).and_then(Self::new).map_err(serde::de::Error::custom)
    }
}

/// Why a text, a value or a name cannot be a tenant's. It never repeats the input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidTenantId {
    /// The text is empty.
    Empty,
    /// The name is longer than PostgreSQL keeps.
    #[non_exhaustive]
    TooLong {
        /// The length of the name in bytes.
        bytes: usize,
    },
    /// The name holds the character NUL.
    Nul,
    /// A slug holds something else than `a-z`, `0-9`, `_` and `-`.
    #[non_exhaustive]
    Character {
        /// The byte at which it stands, counted from 0.
        position: usize,
    },
    /// The name belongs to PostgreSQL, to Citus, or to tenants of another kind.
    Reserved,
    /// The text is not a whole number in the range of the key's type.
    NotANumber,
    /// The text is not a UUID.
    NotAUuid,
    /// The nil UUID, which is what a missing id looks like.
    NilUuid,
    /// A rule of the application's own key type, in its words.
    Custom(&'static str),
}

impl InvalidTenantId {
    /// Says, in an implementation of [`TenantKey`], which rule of its own a value breaks.
    #[must_use]
    pub const fn custom(rule: &'static str) -> Self {
        Self::Custom(rule)
    }
}

impl fmt::Display for InvalidTenantId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a tenant id: ")?;
        match self {
            Self::Empty => formatter.write_str("it is empty"),
            Self::TooLong { bytes } => {
                write!(formatter, "it has {bytes} bytes, and a schema's name holds 63")
            }
            Self::Nul => formatter.write_str("it holds the character NUL"),
            Self::Character { position } => {
                write!(formatter, "byte {position} is none of a-z, 0-9, `_` and `-`")
            }
            Self::Reserved => formatter.write_str("the name is reserved"),
            Self::NotANumber => formatter.write_str("it is not a whole number in range"),
            Self::NotAUuid => formatter.write_str("it is not a UUID"),
            Self::NilUuid => formatter.write_str("it is the nil UUID"),
            Self::Custom(rule) => formatter.write_str(rule),
        }
    }
}

impl std::error::Error for InvalidTenantId {}
