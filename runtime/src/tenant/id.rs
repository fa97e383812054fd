use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};

use super::literal::literal;
use super::{KeyValue, SchemaName, Slug, TenantKey, TenantSchemas};

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
/// same number.) The same holds for the schemas that a tenant has besides, by [`LogicalSchemas`](crate::LogicalSchemas).
/// Cloning copies a pointer. There is no `Default`, no `Deref` and no `From<&str>`.
pub struct TenantId<K = Slug>(Arc<Inner<K>>);

/// A tenant whose kind of key does not matter any more: its key is bound as a value.
pub(crate) trait AnyTenant: ToSql + Send + Sync {
    /// The schema in which the tenant has the tables of a logical schema, or its own.
    fn schema_of(&self, logical: Option<&'static str>) -> Result<SchemaName, InvalidTenantId>;
    /// The key's value as it stands in SQL, with its quotes, for a statement that takes no parameters.
    fn literal(&self) -> String;
}

impl<K: TenantKey> AnyTenant for Inner<K> {
    fn schema_of(&self, logical: Option<&'static str>) -> Result<SchemaName, InvalidTenantId> {
        match logical {
            None => Ok(self.schemas.own().clone()),
            Some(logical) => self.schemas.of(&K::SCHEMAS, logical),
        }
    }

    fn literal(&self) -> String {
        literal(&self.key.value().to_string())
    }
}

struct Inner<K> {
    key: K,
    schemas: TenantSchemas,
    /// A schema was named by hand, and does not follow from the key.
    #[cfg_attr(not(feature = "serde"), expect(dead_code, reason = "only serde asks"))]
    existing: bool,
}

impl<K: TenantKey> TenantId<K> {
    /// The tenant with this key.
    ///
    /// # Errors
    ///
    /// When the key cannot be a tenant's: the nil UUID, or a slug that is a reserved name. When one of the schemas that
    /// [`TenantKey::SCHEMAS`] names would have too long a name, a reserved one, or another tenant's.
    pub fn new(key: K) -> Result<Self, InvalidTenantId> {
        let schema = key.value().schema_name();
        Self::from_parts(key, &schema, [], false)
    }

    /// The tenant with this key whose schema exists already under a name of its own, like `"Acme Ltd"`.
    ///
    /// The name may hold any character but NUL; it is 1 to 63 bytes, and not `public`,
    /// `information_schema`, a name of Citus, or `pg_*` in any case. That no two tenants are given one
    /// schema is here the caller's to see to. For tables isolated by row the schema has no meaning. Logical schemas are
    /// named after this name, by the rule of the key.
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
        Self::from_parts(key, schema, [], true)
    }

    /// The tenant with this key whose schemas exist already under names of their own: its own schema, and logical ones.
    ///
    /// What holds for [`with_existing_schema`](Self::with_existing_schema) holds for each of the names. A logical schema
    /// that is not given follows the rule of the key.
    ///
    /// # Errors
    ///
    /// When the key or a name is not valid, and when a logical schema is given twice or is none of this kind of tenant's.
    ///
    /// ```
    /// use tenantry::{Slug, TenantId};
    ///
    /// let acme = "acme".parse::<Slug>()?;
    /// let acme = TenantId::with_existing_schemas(acme, "Acme Ltd", [("reporting", "Acme Reports")])?;
    /// assert_eq!(acme.schema_of("reporting")?, "Acme Reports");
    /// assert_eq!(acme.schema_of("archive")?, "Acme Ltd.archive");
    /// # Ok::<(), tenantry::InvalidTenantId>(())
    /// ```
    pub fn with_existing_schemas<'s>(
        key: K,
        schema: &str,
        logical: impl IntoIterator<Item = (&'s str, &'s str)>,
    ) -> Result<Self, InvalidTenantId> {
        Self::from_parts(key, schema, logical, true)
    }

    fn from_parts<'s>(
        key: K,
        schema: &str,
        logical: impl IntoIterator<Item = (&'s str, &'s str)>,
        existing: bool,
    ) -> Result<Self, InvalidTenantId> {
        let schemas = TenantSchemas::new(&K::SCHEMAS, SchemaName::new(schema)?, logical)?;
        key.value().check()?;
        Ok(Self(Arc::new(Inner { key, schemas, existing })))
    }

    /// The tenant's key.
    #[must_use]
    pub fn key(&self) -> &K {
        &self.0.key
    }

    /// The name of the tenant's schema, without quotes.
    #[must_use]
    pub fn schema(&self) -> &str {
        self.0.schemas.own().name()
    }

    /// The name of the schema that holds the tables of a logical schema, without quotes: what an application creates
    /// when it takes a tenant on.
    ///
    /// # Errors
    ///
    /// When the kind of tenant names its logical schemas and this is none of them, or when the name would be longer than
    /// PostgreSQL keeps.
    ///
    /// ```
    /// # use tenantry::TenantId;
    /// let acme: TenantId = "acme".parse()?;
    /// assert_eq!(acme.schema_of("reporting")?, "acme.reporting");
    /// # Ok::<(), tenantry::InvalidTenantId>(())
    /// ```
    pub fn schema_of(&self, logical: &str) -> Result<String, InvalidTenantId> {
        self.0.schemas.name_of(&K::SCHEMAS, logical)
    }

    /// Whichever kind of key it has.
    pub(crate) fn to_any(&self) -> Arc<dyn AnyTenant> {
        Arc::clone(&self.0) as Arc<dyn AnyTenant>
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
        self.0.key.value() == other.0.key.value() && self.0.schemas == other.0.schemas
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
    /// The name belongs to PostgreSQL, to Citus, to tenants of another kind, or to a logical schema of another tenant.
    Reserved,
    /// The tenant has no such logical schema: [`TenantKey::SCHEMAS`] names others.
    UnknownSchema,
    /// A logical schema is given twice.
    RepeatedSchema,
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
                write!(formatter, "a schema would have a name of {bytes} bytes, and PostgreSQL keeps 63")
            }
            Self::Nul => formatter.write_str("it holds the character NUL"),
            Self::Character { position } => {
                write!(formatter, "byte {position} is none of a-z, 0-9, `_` and `-`")
            }
            Self::Reserved => formatter.write_str("the name is reserved"),
            Self::UnknownSchema => formatter.write_str("its kind of tenant has no such logical schema"),
            Self::RepeatedSchema => formatter.write_str("a logical schema is given twice"),
            Self::NotANumber => formatter.write_str("it is not a whole number in range"),
            Self::NotAUuid => formatter.write_str("it is not a UUID"),
            Self::NilUuid => formatter.write_str("it is the nil UUID"),
            Self::Custom(rule) => formatter.write_str(rule),
        }
    }
}

impl std::error::Error for InvalidTenantId {}
