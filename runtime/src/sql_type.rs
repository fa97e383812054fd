//! The SQL type of a Rust type.

use std::net::IpAddr;
use std::time::SystemTime;

use crate::value::ColumnType;

/// A Rust type whose columns are made with one SQL type: what DDL writes for a field of it.
///
/// Implemented for the types that PostgreSQL has itself, and for those of other crates with tenantry's features. A type of your own
/// says it once, with its schema, because no `search_path` finds it:
///
/// ```
/// # use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};
/// # #[derive(Debug)]
/// # enum Mood { Happy }
/// # impl<'a> FromSql<'a> for Mood {
/// #     fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> { Ok(Self::Happy) }
/// #     fn accepts(_: &Type) -> bool { true }
/// # }
/// # impl ToSql for Mood {
/// #     fn to_sql(&self, _: &Type, _: &mut bytes::BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> { Ok(IsNull::Yes) }
/// #     fn accepts(_: &Type) -> bool { true }
/// #     tokio_postgres::types::to_sql_checked!();
/// # }
/// impl tenantry::SqlType for Mood {
///     const SQL_TYPE: &'static str = "app.mood";
/// }
/// ```
///
/// One column alone has its type by `#[tenant_table(sql_type = "numeric(12, 2)")]`.
pub trait SqlType: ColumnType {
    /// As it stands in SQL: `bigint`, `app.mood`.
    const SQL_TYPE: &'static str;

    /// How the database makes a value for a column that is `generated`: `GENERATED ALWAYS AS IDENTITY` for whole numbers,
    /// `DEFAULT gen_random_uuid()` for UUIDs, `DEFAULT now()` for times.
    const GENERATED: Option<&'static str> = None;
}

macro_rules! sql_types {
    ($($(#[$attribute:meta])* $rust:ty: $sql:literal $(, $generated:literal)?;)*) => {
        $(
            $(#[$attribute])*
            impl SqlType for $rust {
                const SQL_TYPE: &'static str = $sql;
                $(const GENERATED: Option<&'static str> = Some($generated);)?
            }
        )*
    };
}

sql_types! {
    bool: "boolean";
    i8: "\"char\"";
    i16: "smallint", "GENERATED ALWAYS AS IDENTITY";
    i32: "integer", "GENERATED ALWAYS AS IDENTITY";
    i64: "bigint", "GENERATED ALWAYS AS IDENTITY";
    u32: "oid";
    f32: "real";
    f64: "double precision";
    String: "text";
    Box<str>: "text";
    Vec<u8>: "bytea";
    IpAddr: "inet";
    SystemTime: "timestamptz", "DEFAULT now()";
    #[cfg(feature = "with-uuid-1")]
    uuid::Uuid: "uuid", "DEFAULT gen_random_uuid()";
    #[cfg(feature = "with-rust_decimal-1")]
    rust_decimal::Decimal: "numeric";
    #[cfg(feature = "with-serde_json-1")]
    serde_json::Value: "jsonb";
    #[cfg(feature = "with-time-0_3")]
    time::OffsetDateTime: "timestamptz", "DEFAULT now()";
    #[cfg(feature = "with-time-0_3")]
    time::PrimitiveDateTime: "timestamp";
    #[cfg(feature = "with-time-0_3")]
    time::Date: "date";
    #[cfg(feature = "with-time-0_3")]
    time::Time: "time";
    #[cfg(feature = "with-chrono-0_4")]
    chrono::DateTime<chrono::Utc>: "timestamptz", "DEFAULT now()";
    #[cfg(feature = "with-chrono-0_4")]
    chrono::DateTime<chrono::FixedOffset>: "timestamptz", "DEFAULT now()";
    #[cfg(feature = "with-chrono-0_4")]
    chrono::NaiveDateTime: "timestamp";
    #[cfg(feature = "with-chrono-0_4")]
    chrono::NaiveDate: "date";
    #[cfg(feature = "with-chrono-0_4")]
    chrono::NaiveTime: "time";
    #[cfg(feature = "with-jiff-0_2")]
    jiff::Timestamp: "timestamptz", "DEFAULT now()";
    #[cfg(feature = "with-jiff-0_2")]
    jiff::civil::DateTime: "timestamp";
    #[cfg(feature = "with-jiff-0_2")]
    jiff::civil::Date: "date";
    #[cfg(feature = "with-jiff-0_2")]
    jiff::civil::Time: "time";
}

/// An array of these.
impl<V: SqlType> SqlType for Vec<V>
where
    Self: ColumnType,
{
    const SQL_TYPE: &'static str = Array::<V>::SQL_TYPE;
}

/// `[]` after a type's name, which is longer than anybody's.
struct Array<V>(V);

const LONGEST: usize = 256;

impl<V: SqlType> Array<V> {
    const LENGTH: usize = V::SQL_TYPE.len() + 2;

    #[expect(clippy::indexing_slicing, reason = "it would stop the build")]
    const BYTES: [u8; LONGEST] = {
        let (mut bytes, name) = ([0; LONGEST], V::SQL_TYPE.as_bytes());
        assert!(Self::LENGTH <= LONGEST, "the name of an SQL type is longer than any");
        let mut position = 0;
        while position < name.len() {
            bytes[position] = name[position];
            position += 1;
        }
        bytes[position] = b'[';
        bytes[position + 1] = b']';
        bytes
    };

    const SQL_TYPE: &'static str = match str::from_utf8(Self::BYTES.split_at(Self::LENGTH).0) {
        Ok(name) => name,
        Err(_) => "",
    };
}

/// Asks of any type whether it has an SQL type: the constants of the type itself go before those of a trait.
#[derive(Debug)]
pub struct SqlTypeOf<V>(V);

impl<V: SqlType> SqlTypeOf<V> {
    /// The type's name.
    pub const SQL_TYPE: Option<&'static str> = Some(V::SQL_TYPE);
    /// How the database makes a value.
    pub const GENERATED: Option<&'static str> = V::GENERATED;
}

/// What is true of all other types.
pub trait NoSqlType {
    /// The type's name.
    const SQL_TYPE: Option<&'static str> = None;
    /// How the database makes a value.
    const GENERATED: Option<&'static str> = None;
}

impl<V> NoSqlType for SqlTypeOf<V> {}
