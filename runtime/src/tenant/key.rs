use std::fmt::{self, Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

use bytes::BytesMut;
use tokio_postgres::types::{FromSqlOwned, IsNull, ToSql, Type, to_sql_checked};

use crate::sql_type::SqlType;

use super::{InvalidTenantId, LogicalSchemas, schema};

/// The prefix of every schema whose tenant is keyed by a number or a UUID. A [`Slug`] may not begin
/// with it, so that no slug names the schema of another kind of tenant.
const DERIVED_PREFIX: &str = "id_";

/// A UUID as text.
const UUID_BYTES: usize = 36;

/// What a schema's name begins with, if that is the name of the schema of a number or a UUID: whatever comes after it,
/// it says whose it is.
pub(super) fn key_in(schema: &str) -> Option<&str> {
    let is_of_uuid = |(position, byte): (usize, u8)| match position {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let key = schema.strip_prefix(DERIVED_PREFIX)?;
    if let Some(uuid) = key.get(..UUID_BYTES).filter(|uuid| uuid.bytes().enumerate().all(is_of_uuid)) {
        return Some(uuid);
    }
    let number = key.strip_prefix('-').unwrap_or(key);
    let rest = number.trim_start_matches(|character: char| character.is_ascii_digit());
    if rest.len() == number.len() { None } else { key.strip_suffix(rest) }
}

/// A tenant's key in words: the usual sub-domain, and the name of the tenant's schema.
///
/// ASCII lower-case letters, digits, `_` and `-`; 1 to 63 bytes; not `public`,
/// `information_schema`, a name of Citus, nor anything that begins with `pg_` (PostgreSQL's own)
/// or `id_` (the schemas of tenants keyed by number or UUID).
///
/// ```
/// use tenantry::{Slug, TenantId};
///
/// let acme: TenantId = "acme".parse()?;           // `TenantId` is `TenantId<Slug>`
/// assert_eq!(acme.key().as_str(), "acme");
/// assert!("Acme".parse::<Slug>().is_err());
/// assert!("acme; drop schema other".parse::<Slug>().is_err());
/// # Ok::<(), tenantry::InvalidTenantId>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(Box<str>);

impl Slug {
    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = InvalidTenantId;

    fn from_str(text: &str) -> Result<Self, InvalidTenantId> {
        schema::check(text)?;
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
        if let Some(position) = text.bytes().position(|byte| !allowed(byte)) {
            return Err(InvalidTenantId::Character { position });
        }
        if text.starts_with(DERIVED_PREFIX) {
            return Err(InvalidTenantId::Reserved);
        }
        Ok(Self(text.into()))
    }
}

impl Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Debug for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Slug({:?})", &*self.0)
    }
}

impl ToSql for Slug {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        (&*self.0).to_sql(ty, out)
    }

    fn accepts(ty: &Type) -> bool {
        <&str as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}

/// What a tenant may be keyed by: [`Slug`], `i64`, `i32`, `uuid::Uuid` (feature `with-uuid-1`), or a
/// type of the application's own around one of them.
///
/// ```
/// use tenantry::{InvalidTenantId, TenantId, TenantKey};
///
/// struct AccountNumber(i64);
///
/// impl TenantKey for AccountNumber {
///     type Value = i64;
///
///     fn from_value(number: i64) -> Result<Self, InvalidTenantId> {
///         if number < 1 {
///             return Err(InvalidTenantId::custom("account numbers begin at 1"));
///         }
///         Ok(Self(number))
///     }
///
///     fn value(&self) -> &i64 {
///         &self.0
///     }
/// }
///
/// let account: TenantId<AccountNumber> = "42".parse()?;
/// assert_eq!(account.schema(), "id_42");
/// assert!("0".parse::<TenantId<AccountNumber>>().is_err());
/// # Ok::<(), InvalidTenantId>(())
/// ```
///
/// Two keys are the same tenant when their values are equal; the tenant's schema follows from the
/// value alone. How it names further schemas, where tables ask for them, is said by [`SCHEMAS`](Self::SCHEMAS).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tenant key",
    label = "a tenant key is `Slug`, `i64`, `i32`, `uuid::Uuid`, or a type that implements `TenantKey`",
    note = "a text is not a key by itself: parse it, `let tenant: TenantId = \"acme\".parse()?`",
    note = "`uuid::Uuid` needs tenantry's feature `with-uuid-1`"
)]
pub trait TenantKey: Sized + Send + Sync + 'static {
    /// What is bound as the tenant column's value, and what the schema's name is made of.
    type Value: KeyValue;

    /// How tenants of this kind name the logical schemas of their tables.
    const SCHEMAS: LogicalSchemas = LogicalSchemas::new();

    /// Makes the key from a value that is valid by itself; may refuse it by rules of its own.
    ///
    /// # Errors
    ///
    /// What the key's own rules say, by [`InvalidTenantId::custom`].
    fn from_value(value: Self::Value) -> Result<Self, InvalidTenantId>;

    /// The value inside.
    fn value(&self) -> &Self::Value;
}

/// The values that keys are made of: [`Slug`], `i64`, `i32` and `uuid::Uuid`.
///
/// This trait is sealed: the name of a schema follows from the value here, injectively, and nowhere else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a tenant key",
    label = "a tenant key is made of a `Slug`, an `i64`, an `i32` or a `uuid::Uuid`"
)]
pub trait KeyValue: sealed::Sealed + ToSql + Clone + Eq + Hash + Debug + Display + Send + Sync + 'static {
    /// The least length of its schema's name, in bytes.
    #[doc(hidden)]
    const SHORTEST_SCHEMA: usize = DERIVED_PREFIX.len() + 1;

    #[doc(hidden)]
    fn parse(text: &str) -> Result<Self, InvalidTenantId>;

    /// The type of a tenant column, as it stands in SQL.
    #[doc(hidden)]
    const SQL_TYPE: &'static str;

    /// What is read from a tenant column.
    #[doc(hidden)]
    type InColumn: FromSqlOwned;

    #[doc(hidden)]
    fn from_column(value: Self::InColumn) -> Result<Self, InvalidTenantId>;

    #[doc(hidden)]
    fn check(&self) -> Result<(), InvalidTenantId> {
        Ok(())
    }

    #[doc(hidden)]
    fn schema_name(&self) -> String {
        format!("{DERIVED_PREFIX}{self}")
    }

    #[cfg(feature = "serde")]
    #[doc(hidden)]
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }

    #[cfg(feature = "serde")]
    #[doc(hidden)]
    fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A key that is its own value.
macro_rules! its_own_key {
    ($value:ty) => {
        impl sealed::Sealed for $value {}

        #[diagnostic::do_not_recommend]
        impl TenantKey for $value {
            type Value = $value;

            fn from_value(value: $value) -> Result<Self, InvalidTenantId> {
                Ok(value)
            }

            fn value(&self) -> &$value {
                self
            }
        }
    };
}

its_own_key!(Slug);

#[diagnostic::do_not_recommend]
impl KeyValue for Slug {
    const SQL_TYPE: &'static str = "text";
    const SHORTEST_SCHEMA: usize = 1;
    type InColumn = String;

    fn parse(text: &str) -> Result<Self, InvalidTenantId> {
        text.parse()
    }

    fn from_column(value: String) -> Result<Self, InvalidTenantId> {
        value.parse()
    }

    fn schema_name(&self) -> String {
        self.as_str().to_owned()
    }
}

macro_rules! integer_key {
    ($integer:ty) => {
        its_own_key!($integer);

        #[diagnostic::do_not_recommend]
        impl KeyValue for $integer {
            const SQL_TYPE: &'static str = <$integer as SqlType>::SQL_TYPE;
            type InColumn = Self;

            fn parse(text: &str) -> Result<Self, InvalidTenantId> {
                text.parse().map_err(|_| InvalidTenantId::NotANumber)
            }

            fn from_column(value: Self) -> Result<Self, InvalidTenantId> {
                Ok(value)
            }

            #[cfg(feature = "serde")]
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(self, serializer)
            }

            #[cfg(feature = "serde")]
            fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                serde::Deserialize::deserialize(deserializer)
            }
        }
    };
}

integer_key!(i64);
integer_key!(i32);

#[cfg(feature = "with-uuid-1")]
its_own_key!(uuid::Uuid);

#[cfg(feature = "with-uuid-1")]
#[diagnostic::do_not_recommend]
impl KeyValue for uuid::Uuid {
    const SQL_TYPE: &'static str = "uuid";
    const SHORTEST_SCHEMA: usize = DERIVED_PREFIX.len() + UUID_BYTES;
    type InColumn = Self;

    fn from_column(value: Self) -> Result<Self, InvalidTenantId> {
        Ok(value)
    }

    fn parse(text: &str) -> Result<Self, InvalidTenantId> {
        Self::parse_str(text).map_err(|_| InvalidTenantId::NotAUuid)
    }

    /// The nil UUID is what a missing id looks like.
    fn check(&self) -> Result<(), InvalidTenantId> {
        if self.is_nil() { Err(InvalidTenantId::NilUuid) } else { Ok(()) }
    }
}
