//! Values as they go over the wire, kept without being understood.

use std::fmt;

use bytes::{Bytes, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};

use crate::fingerprint::Fingerprint;

type Failure = Box<dyn std::error::Error + Sync + Send>;

/// A value of any type in its binary form, bound only to a parameter of the type that it was read with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawValue<B = Bytes> {
    pub(crate) ty: TypeMark,
    pub(crate) bytes: B,
}

/// Tells a type from others, in every database. It is never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TypeMark(pub(crate) u32);

impl TypeMark {
    /// The server's own types have the same number everywhere, below this. Types of a database's own, such as enums,
    /// have another one in each schema; they are told by their names.
    const OWN: u32 = 1 << 31;

    fn of(ty: &Type) -> Self {
        Self(match *ty {
            // These have no comparison of their own: a parameter beside them is of the other type.
            Type::VARCHAR => Type::TEXT.oid(),
            Type::CIDR => Type::INET.oid(),
            _ if Type::from_oid(ty.oid()).is_some() => ty.oid(),
            // Half of the hash.
            _ => Self::OWN | Fingerprint::new().text(ty.name()).number() as u32,
        })
    }
}

impl<'a> FromSql<'a> for RawValue<&'a [u8]> {
    fn from_sql(ty: &Type, bytes: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self { ty: TypeMark::of(ty), bytes })
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl ToSql for RawValue {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match *ty {
            // Text may go as a literal, which is written as its binary form is.
            Type::UNKNOWN if self.ty == TypeMark::of(&Type::TEXT) => {}
            // What is compared with a composite, as the server has it; it refuses every value.
            Type::RECORD => {}
            _ if self.ty == TypeMark::of(ty) => {}
            _ => return Err(Box::new(OtherType)),
        }
        out.extend_from_slice(&self.bytes);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.to_sql(ty, out)
    }
}

impl<B> fmt::Debug for RawValue<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("_")
    }
}

/// The parameter has another type than the value was read with: its bytes could mean something else there.
#[derive(Debug)]
pub(crate) struct OtherType;

impl fmt::Display for OtherType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value was read with another type than it is bound with")
    }
}

impl std::error::Error for OtherType {}

#[cfg(test)]
mod tests {
    use tokio_postgres::types::Kind;

    use super::*;

    fn own(name: &str, oid: u32, schema: &str) -> Type {
        Type::new(name.to_owned(), oid, Kind::Enum(Vec::new()), schema.to_owned())
    }

    #[test]
    fn a_value_is_bound_with_the_type_that_it_was_read_with_alone() {
        let mood = own("mood", 20_000, "acme");
        let fits = [
            (Type::INT8, Type::INT8),
            (Type::VARCHAR, Type::TEXT),
            (Type::TEXT, Type::UNKNOWN),
            (Type::CIDR, Type::INET),
            (mood.clone(), own("mood", 30_000, "globex")),
        ];
        let misfits = [
            (Type::INT8, Type::FLOAT8),
            (Type::INT8, Type::UNKNOWN),
            (Type::TIMESTAMP, Type::TIMESTAMPTZ),
            (Type::TEXT, Type::BYTEA),
            (mood.clone(), Type::UNKNOWN),
            (mood.clone(), Type::TEXT),
            (mood, own("size", 20_000, "acme")),
        ];
        for (read, bound, expected) in fits
            .into_iter()
            .map(|(read, bound)| (read, bound, true))
            .chain(misfits.into_iter().map(|(read, bound)| (read, bound, false)))
        {
            let value = RawValue { ty: TypeMark::of(&read), bytes: Bytes::from_static(b"12345678") };
            let mut out = BytesMut::new();
            assert_eq!(value.to_sql_checked(&bound, &mut out).is_ok(), expected, "{read} as {bound}");
            assert_eq!(&out[..], if expected { &b"12345678"[..] } else { b"" });
        }
    }
}
