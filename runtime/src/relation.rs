//! Relations between tables, as `references` declares them.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

use crate::definition::{OnDelete, ReferenceParts, TableDefinition};
use crate::expression::Expr;
use crate::filter::{Filter, Node};
use crate::scope::Binding;
use crate::select::Select;
use crate::sql::Relation;
use crate::table::Table;
use crate::value::{Codec, Value};

/// A table to which rows of tables with isolation `I` can refer by a column of type `V`: it is isolated like them, or
/// shared, and its primary key is one column of that type.
///
/// Implemented by the derive.
#[diagnostic::on_unimplemented(
    message = "rows of this table cannot refer to `{Self}` by a column of type `{V}`",
    label = "expected a table whose primary key is one column of type `{V}`, and which is isolated as this one is or shared",
    note = "this table's isolation, with the kind of its tenants' keys, is `{I}`"
)]
pub trait KeyFor<I, V>: Table {
    #[doc(hidden)]
    const KEY: &'static str;
    #[doc(hidden)]
    fn key(&self) -> &V;
}

/// The columns of table `T` in query `Q`: what the closures of a query are given for it.
///
/// Implemented by the derive.
#[diagnostic::on_unimplemented(
    message = "these are not the columns of `{T}`",
    label = "expected the columns of `{T}`, as the closures of a query are given them"
)]
pub trait ColumnsOf<T, Q> {
    #[doc(hidden)]
    fn relation(self) -> Relation;
}

/// From each row of table `C` to the row of table `P` to which it refers; made by the method of `C` that the derive
/// writes for `references = P`.
pub struct ToOne<C: 'static, P: 'static>(pub(crate) &'static dyn Reference<C, P>);

/// From each row of table `P` to the rows of table `C` that refer to it; made by the method of `C` that the derive
/// writes for `references = P`.
pub struct ToMany<P: 'static, C: 'static>(pub(crate) &'static dyn Reference<C, P>);

impl<C: 'static, P: 'static> ToOne<C, P> {
    /// The row to which this one refers.
    pub(crate) fn parent_of(self, child: &C, binding: Binding) -> Select<P> {
        let mut select = self.0.parents(binding);
        select.filters.push(match self.0.key_in(child) {
            Some(key) => equal(self.0.key(), key),
            // It refers to none.
            None => Node::Joined { all: false, nodes: Vec::new() },
        });
        select
    }

    /// The key to which it refers.
    pub(crate) fn parts(self, on_delete: OnDelete) -> ReferenceParts {
        ReferenceParts { table: self.0.parent(), on_delete }
    }

    /// The other way round.
    #[must_use]
    pub const fn reversed(self) -> ToMany<P, C> {
        ToMany(self.0)
    }

    /// That the one row refers to the other: the condition of a join.
    pub fn on<Q>(self, child: impl ColumnsOf<C, Q>, parent: impl ColumnsOf<P, Q>) -> Filter<Q> {
        refers(self.0, child.relation(), parent.relation())
    }
}

impl<P: 'static, C: 'static> ToMany<P, C> {
    /// The rows that refer to this one.
    pub(crate) fn children_of(self, parent: &P, binding: Binding) -> Select<C> {
        let mut select = self.0.children(binding);
        select.filters.push(equal(self.0.column(), self.0.key_of(parent)));
        select
    }

    /// The other way round.
    #[must_use]
    pub const fn reversed(self) -> ToOne<C, P> {
        ToOne(self.0)
    }

    /// That the other row refers to the one: the condition of a join.
    pub fn on<Q>(self, parent: impl ColumnsOf<P, Q>, child: impl ColumnsOf<C, Q>) -> Filter<Q> {
        refers(self.0, child.relation(), parent.relation())
    }
}

fn equal(name: &'static str, value: Value) -> Node {
    Node::Compare { left: Expr::Column { relation: 0, name }, operator: "=", right: Expr::Value(value) }
}

fn refers<Q, C, P>(reference: &dyn Reference<C, P>, child: Relation, parent: Relation) -> Filter<Q> {
    let column = |relation, name| Expr::Column { relation, name };
    Filter::new(Node::Compare {
        left: column(child, reference.column()),
        operator: "=",
        right: column(parent, reference.key()),
    })
}

/// A reference, whatever the type of its key.
pub trait Reference<C, P>: Send + Sync {
    /// The parents' table.
    fn parent(&self) -> &'static TableDefinition;
    /// All parents in a scope.
    fn parents(&self, binding: Binding) -> Select<P>;
    /// All children in a scope.
    fn children(&self, binding: Binding) -> Select<C>;
    /// The key to which a child refers.
    fn key_in(&self, child: &C) -> Option<Value>;
    /// The key of a parent.
    fn key_of(&self, parent: &P) -> Value;
    /// The column of the child.
    fn column(&self) -> &'static str;
    /// The key of the parent.
    fn key(&self) -> &'static str;
    /// The keys to which the children refer, as an array, if there is any.
    fn keys_in_children(&self, children: &mut dyn Iterator<Item = &C>) -> Option<Value>;
    /// The keys of the parents, as an array, if there is any.
    fn keys_of_parents(&self, parents: &mut dyn Iterator<Item = &P>) -> Option<Value>;
    /// For each child the position of its parent.
    fn match_up(
        &self,
        children: &mut dyn Iterator<Item = &C>,
        parents: &mut dyn Iterator<Item = &P>,
    ) -> Vec<Option<usize>>;
}

/// A reference by a column of type `V`.
pub struct ForeignKey<C, P, V: 'static> {
    column: &'static str,
    codec: &'static Codec<V>,
    key_in: fn(&C) -> Option<&V>,
    key: &'static str,
    key_of: fn(&P) -> &V,
    parent: &'static TableDefinition,
    parents: fn(Binding) -> Select<P>,
    children: fn(Binding) -> Select<C>,
}

impl<C, P, V> ForeignKey<C, P, V> {
    /// The column, and how it is read from a row.
    #[must_use]
    pub const fn new(column: &'static str, codec: &'static Codec<V>, key_in: fn(&C) -> Option<&V>) -> Self
    where
        C: Table,
        P: KeyFor<C::Isolation, V>,
    {
        Self {
            column,
            codec,
            key_in,
            key: P::KEY,
            key_of: P::key,
            parent: P::DEFINITION,
            parents: Select::new,
            children: Select::new,
        }
    }
}

impl<C, P, V: Clone + Eq + Hash> Reference<C, P> for ForeignKey<C, P, V> {
    fn parent(&self) -> &'static TableDefinition {
        self.parent
    }

    fn parents(&self, binding: Binding) -> Select<P> {
        (self.parents)(binding)
    }

    fn children(&self, binding: Binding) -> Select<C> {
        (self.children)(binding)
    }

    fn key_in(&self, child: &C) -> Option<Value> {
        (self.key_in)(child).map(|key| self.codec.compare(key.clone()))
    }

    fn key_of(&self, parent: &P) -> Value {
        self.codec.compare((self.key_of)(parent).clone())
    }

    fn column(&self) -> &'static str {
        self.column
    }

    fn key(&self) -> &'static str {
        self.key
    }

    fn keys_in_children(&self, children: &mut dyn Iterator<Item = &C>) -> Option<Value> {
        self.array(&mut children.filter_map(|child| (self.key_in)(child)))
    }

    fn keys_of_parents(&self, parents: &mut dyn Iterator<Item = &P>) -> Option<Value> {
        self.array(&mut parents.map(self.key_of))
    }

    fn match_up(
        &self,
        children: &mut dyn Iterator<Item = &C>,
        parents: &mut dyn Iterator<Item = &P>,
    ) -> Vec<Option<usize>> {
        let positions: HashMap<&V, usize> =
            parents.enumerate().map(|(position, parent)| ((self.key_of)(parent), position)).collect();
        children.map(|child| positions.get((self.key_in)(child)?).copied()).collect()
    }
}

impl<C, P, V: Clone + Eq + Hash> ForeignKey<C, P, V> {
    /// Each key once, in the order in which they come.
    fn array(&self, keys: &mut dyn Iterator<Item = &V>) -> Option<Value> {
        let mut seen = std::collections::HashSet::new();
        let keys: Vec<V> = keys.filter(|key| seen.insert(*key)).cloned().collect();
        (!keys.is_empty()).then(|| self.codec.compare_any(keys))
    }
}

impl<C: 'static, P: 'static> Clone for ToOne<C, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: 'static, P: 'static> Copy for ToOne<C, P> {}

impl<P: 'static, C: 'static> Clone for ToMany<P, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: 'static, C: 'static> Copy for ToMany<P, C> {}

impl<C: 'static, P: 'static> fmt::Debug for ToOne<C, P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ToOne({} -> {})", self.0.column(), self.0.key())
    }
}

impl<P: 'static, C: 'static> fmt::Debug for ToMany<P, C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ToMany({} <- {})", self.0.key(), self.0.column())
    }
}

impl<C, P, V> fmt::Debug for ForeignKey<C, P, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ForeignKey({})", self.column)
    }
}
