//! The array types of other types.

use std::collections::HashMap;
use std::sync::LazyLock;

use tokio_postgres::types::{Kind, Oid, Type};
use tokio_postgres::{Client, Error as DriverError};

use crate::new_rows::NewRows;

/// The types that every server has are numbered below this.
const FIRST_OF_A_DATABASE: Oid = 10_000;

/// So many of the databases' own types are remembered.
const CAPACITY: usize = 4_096;

/// The arrays of the types that every server has, by their elements.
static BUILT_IN: LazyLock<HashMap<Oid, Type>> = LazyLock::new(|| {
    let types = (1..FIRST_OF_A_DATABASE).filter_map(Type::from_oid);
    let element_and_array = |array: Type| match array.kind() {
        // `int2vector` and `oidvector` are arrays as well.
        Kind::Array(element) if array.name().starts_with('_') => Some((element.oid(), array)),
        _ => None,
    };
    types.filter_map(element_and_array).collect()
});

/// The arrays of a database's own types. A type that is made anew has another number, and so has its array.
#[derive(Debug, Default)]
pub(crate) struct ArrayTypes(HashMap<Oid, Oid>);

impl ArrayTypes {
    /// Those of the types whose arrays have to be asked for.
    pub(crate) fn unknown(&self, types: &[Type]) -> Vec<Oid> {
        let is_own = |ty: &&Type| Type::from_oid(ty.oid()).is_none() && !is_array(ty);
        types.iter().filter(is_own).map(Type::oid).filter(|oid| !self.0.contains_key(oid)).collect()
    }

    pub(crate) fn learn(&mut self, arrays: Vec<(Oid, Oid)>) {
        if self.0.len() > CAPACITY {
            self.0.clear();
        }
        self.0.extend(arrays);
    }

    /// An array of these, where there are any: of arrays there are none.
    pub(crate) fn of(&self, element: &Type) -> Option<Type> {
        if is_array(element) {
            return None;
        }
        if Type::from_oid(element.oid()).is_some() {
            return BUILT_IN.get(&element.oid()).cloned();
        }
        let oid = *self.0.get(&element.oid()).filter(|oid| **oid != 0)?;
        let (name, schema) = (format!("_{}", element.name()), element.schema().to_owned());
        Some(Type::new(name, oid, Kind::Array(element.clone()), schema))
    }
}

fn is_array(ty: &Type) -> bool {
    matches!(ty.kind(), Kind::Array(_))
}

/// The numbers of types and of their arrays: 0 where there is none.
pub(crate) async fn ask(client: &Client, types: Vec<Oid>) -> Result<Vec<(Oid, Oid)>, DriverError> {
    let question = "SELECT oid, typarray FROM pg_catalog.pg_type WHERE oid = ANY($1)";
    let rows = client.query_typed(question, &[(&types, Type::OID_ARRAY)]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// The types of the parameters of rows that go as arrays, or `None` where they cannot go so; and those of the elements,
/// by the types of the insert of one row. Asked for on a client of which nothing is remembered.
pub(crate) async fn ask_all(
    client: &Client,
    rows: &NewRows,
    of_one: &[Type],
) -> Result<(Option<Vec<Type>>, Vec<Type>), DriverError> {
    let elements = rows.types(of_one).unwrap_or_default();
    let mut arrays = ArrayTypes::default();
    let unknown = arrays.unknown(&elements);
    if !unknown.is_empty() {
        arrays.learn(ask(client, unknown).await?);
    }
    Ok((rows.types_of_arrays(&elements, |element| arrays.of(element)), elements))
}

#[cfg(test)]
mod tests {
    use tokio_postgres::types::{Kind, Type};

    use super::ArrayTypes;

    fn own(oid: u32, kind: Kind) -> Type {
        Type::new("mood".to_owned(), oid, kind, "app".to_owned())
    }

    #[test]
    fn arrays_of_what_every_server_has_are_known() {
        let arrays = ArrayTypes::default();
        for (element, array) in [
            (Type::INT2, Type::INT2_ARRAY),
            (Type::OID, Type::OID_ARRAY),
            (Type::TEXT, Type::TEXT_ARRAY),
            (Type::JSONB, Type::JSONB_ARRAY),
            (Type::NUMERIC, Type::NUMERIC_ARRAY),
            (Type::TSTZ_RANGE, Type::TSTZ_RANGE_ARRAY),
            (Type::INT4MULTI_RANGE, Type::INT4MULTI_RANGE_ARRAY),
        ] {
            assert_eq!(arrays.of(&element), Some(array));
        }
        let builtin = [Type::TEXT, Type::TEXT_ARRAY, Type::INT2_VECTOR];
        assert!(arrays.unknown(&builtin).is_empty());
        assert_eq!(builtin.map(|ty| arrays.of(&ty)), [Some(Type::TEXT_ARRAY), None, None], "of arrays there are none");
    }

    #[test]
    fn arrays_of_a_databases_own_are_asked_for_once() {
        let mut arrays = ArrayTypes::default();
        let mood = own(20_001, Kind::Enum(vec!["happy".to_owned()]));
        let moods = own(20_002, Kind::Array(mood.clone()));
        let without_array = own(20_003, Kind::Domain(Type::TEXT));
        let types = [Type::TEXT, mood.clone(), moods.clone(), without_array.clone()];
        assert_eq!(arrays.unknown(&types), [20_001, 20_003]);
        assert_eq!(arrays.of(&mood), None);
        arrays.learn(vec![(20_001, 20_002), (20_003, 0)]);
        assert!(arrays.unknown(&types).is_empty());
        let array = arrays.of(&mood).map(|array| (array.oid(), array.kind().clone()));
        assert_eq!(array, Some((20_002, Kind::Array(mood))));
        assert_eq!((arrays.of(&moods), arrays.of(&without_array)), (None, None));
    }
}
