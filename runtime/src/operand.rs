//! What may stand beside a value in an expression, and what can be given as a column's value.

use crate::column::{Column, NotNull, Nullability};
use crate::expression::{Expr, Expression};
use crate::value::Codec;

/// A value for a column of type `V`: a `V`, a `&V`, or the borrowed form of a text or of bytes.
#[diagnostic::on_unimplemented(message = "`{Self}` is no value of a column of type `{V}`", label = "expected a `{V}`")]
pub trait IntoValue<V> {
    /// The value, owned.
    fn into_value(self) -> V;
}

/// What a column of type `V` in query `Q` can be compared with: a value of its type, or another column or
/// expression of the same type in the same query.
#[diagnostic::on_unimplemented(
    message = "a column of type `{V}` cannot be compared with `{Self}`",
    label = "expected a `{V}`, or a column of that type in `{Q}`",
    note = "NULL is asked for by `is_null()`, `is_not_null()`, `is_distinct_from(..)` or `is_not_distinct_from(..)`"
)]
pub trait Operand<Q, V: 'static> {
    /// Whether it can be NULL.
    type Nullability: Nullability;

    #[doc(hidden)]
    fn operand(self, codec: &Codec<V>) -> Expr;
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

impl<Q, V: 'static> Operand<Q, V> for V {
    type Nullability = NotNull;

    fn operand(self, codec: &Codec<V>) -> Expr {
        Expr::Value(codec.compare(self))
    }
}

#[diagnostic::do_not_recommend]
impl<Q, V: Clone + 'static> Operand<Q, V> for &V {
    type Nullability = NotNull;

    fn operand(self, codec: &Codec<V>) -> Expr {
        Expr::Value(codec.compare(self.clone()))
    }
}

#[diagnostic::do_not_recommend]
impl<Q> Operand<Q, String> for &str {
    type Nullability = NotNull;

    fn operand(self, codec: &Codec<String>) -> Expr {
        Expr::Value(codec.compare(self.to_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl<Q> Operand<Q, Vec<u8>> for &[u8] {
    type Nullability = NotNull;

    fn operand(self, codec: &Codec<Vec<u8>>) -> Expr {
        Expr::Value(codec.compare(self.to_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl<Q, V: 'static, N: Nullability> Operand<Q, V> for Column<Q, V, N> {
    type Nullability = N;

    fn operand(self, _: &Codec<V>) -> Expr {
        self.into_parts().0
    }
}

#[diagnostic::do_not_recommend]
impl<Q, V: 'static, N: Nullability> Operand<Q, V> for Expression<Q, V, N> {
    type Nullability = N;

    fn operand(self, _: &Codec<V>) -> Expr {
        self.into_parts().0
    }
}
