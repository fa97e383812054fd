//! What may stand beside a column in a filter, and what can be given as its value.

use crate::column::Column;
use crate::value::{Codec, Value};

/// The right side of a comparison.
#[derive(Debug, Clone)]
pub enum Side {
    /// A bound value.
    Value(Value),
    /// Another column of the same table, as it stands in SQL.
    Column(&'static str),
}

/// A value for a column of type `V`: a `V`, a `&V`, or the borrowed form of a text or of bytes.
#[diagnostic::on_unimplemented(message = "`{Self}` is no value of a column of type `{V}`", label = "expected a `{V}`")]
pub trait IntoValue<V> {
    /// The value, owned.
    fn into_value(self) -> V;
}

/// What a column of type `V` in table `T` can be compared with: a value of its type, or another column
/// of the same type in the same table.
#[diagnostic::on_unimplemented(
    message = "a column of type `{V}` cannot be compared with `{Self}`",
    label = "expected a `{V}`, or a column of that type in `{T}`",
    note = "NULL is asked for by `is_null()`, `is_not_null()`, `is_distinct_from(..)` or `is_not_distinct_from(..)`"
)]
pub trait Operand<T, V: 'static> {
    #[doc(hidden)]
    fn operand(self, codec: &Codec<V>) -> Side;
}

impl<V> IntoValue<V> for V {
    fn into_value(self) -> V {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<V: Clone> IntoValue<V> for &V {
    fn into_value(self) -> V {
        self.clone()
    }
}

/// A nullable column takes the value itself as well.
#[diagnostic::do_not_recommend]
impl<V> IntoValue<Option<V>> for V {
    fn into_value(self) -> Option<V> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoValue<Option<String>> for &str {
    fn into_value(self) -> Option<String> {
        Some(self.to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl IntoValue<String> for &str {
    fn into_value(self) -> String {
        self.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl IntoValue<Vec<u8>> for &[u8] {
    fn into_value(self) -> Vec<u8> {
        self.to_owned()
    }
}

impl<T, V: 'static> Operand<T, V> for V {
    fn operand(self, codec: &Codec<V>) -> Side {
        Side::Value(codec.compare(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T, V: Clone + 'static> Operand<T, V> for &V {
    fn operand(self, codec: &Codec<V>) -> Side {
        Side::Value(codec.compare(self.clone()))
    }
}

#[diagnostic::do_not_recommend]
impl<T> Operand<T, String> for &str {
    fn operand(self, codec: &Codec<String>) -> Side {
        Side::Value(codec.compare(self.to_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl<T> Operand<T, Vec<u8>> for &[u8] {
    fn operand(self, codec: &Codec<Vec<u8>>) -> Side {
        Side::Value(codec.compare(self.to_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl<T, V: 'static, N> Operand<T, V> for Column<T, V, N> {
    fn operand(self, _: &Codec<V>) -> Side {
        Side::Column(self.name())
    }
}
