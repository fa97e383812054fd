//! An order in which no two rows are equal, and the condition for the rows behind a position in it.

use crate::cursor::{Cursor, Part};
use crate::expression::Expr;
use crate::filter::Node;
use crate::fingerprint::Fingerprint;
use crate::order::Term;
use crate::raw_value::RawValue;
use crate::source::KeyedSource;
use crate::sql::Relation;
use crate::value::Value;

/// A query's order that ends by the primary keys of its tables.
#[derive(Debug, Clone)]
pub(crate) struct Keyset {
    pub(crate) terms: Vec<Term>,
    /// Of the tables, and of the order: columns, directions and where NULL stands.
    pub(crate) fingerprint: Fingerprint,
}

/// The primary keys of a query's tables, as the query is asked for them.
#[derive(Debug)]
pub struct Keys<'k> {
    terms: &'k mut Vec<Term>,
    descending: bool,
}

impl Keys<'_> {
    /// The key of one table. That of a left-joined one is NULL where no row was found.
    pub(crate) fn push(&mut self, relation: Relation, columns: &[&'static str], can_be_null: bool) {
        for name in columns {
            let by = Expr::Column { relation, name };
            if !self.terms.iter().any(|term| term.by.is_same_column(&by)) {
                self.terms.push(Term { by, descending: self.descending, nulls_first: None, can_be_null });
            }
        }
    }
}

impl Keyset {
    /// The key goes in the direction of what it follows, so that an index on both serves.
    pub(crate) fn new<Q: KeyedSource>(order: &[Term]) -> Self {
        let mut terms = order.to_vec();
        let descending = terms.last().is_some_and(|term| term.descending);
        Q::append_keys(&mut Keys { terms: &mut terms, descending });
        let mut fingerprint = Fingerprint::new();
        Q::each_table(&mut |_, table| {
            fingerprint = table.relation.iter().fold(fingerprint, |all, part| all.text(part));
        });
        for term in &terms {
            fingerprint = term.by.fingerprint(fingerprint);
            fingerprint = fingerprint.bytes(&[u8::from(term.descending), u8::from(term.has_nulls_first())]);
        }
        Self { terms, fingerprint }
    }

    /// The values at the position of a cursor, if it is of the same tables and order.
    pub(crate) fn values_at(&self, cursor: &Cursor) -> Option<Vec<Option<RawValue>>> {
        let values = cursor.position.values()?;
        (cursor.fingerprint == self.fingerprint && values.len() == self.terms.len()).then_some(values)
    }

    /// The order in which the rows of a part come, beginning at the position.
    pub(crate) fn order(&self, part: Option<Part>) -> Vec<Term> {
        let terms = self.terms.iter().cloned();
        match part {
            Some(part) if part.is_backward() => terms.map(Term::reversed).collect(),
            _ => terms.collect(),
        }
    }
}

/// The rows that come behind a position in an order, or from it on.
///
/// Its shape depends on the order and on which values are NULL, not on the values.
pub(crate) fn behind(order: &[Term], position: &[Option<RawValue>], inclusive: bool) -> Node {
    let parts: Vec<_> =
        order.iter().zip(position).map(|(term, value)| OrderPart { term, value: value.as_ref() }).collect();
    beyond(&parts, inclusive)
}

/// One part of an order, with its value at the position.
struct OrderPart<'k> {
    term: &'k Term,
    value: Option<&'k RawValue>,
}

impl OrderPart<'_> {
    /// Whether rows in which this is NULL come behind those with the value.
    fn has_nulls_behind(&self) -> bool {
        self.term.can_be_null && !self.term.has_nulls_first()
    }

    /// Whether they can be compared at once: `(a, b) > ($1, $2)`, for which an index is used as a whole.
    fn is_compared_along_with(&self, other: &Self) -> bool {
        let is_plain = |part: &Self| part.value.is_some() && !part.term.can_be_null;
        is_plain(self)
            && is_plain(other)
            && self.term.descending == other.term.descending
            && self.term.by.relation() == other.term.by.relation()
    }

    fn test(&self, test: &'static str) -> Node {
        Node::Test { left: self.term.by.clone(), test }
    }
}

/// Behind in the first parts, or equal in them and behind in the others. What is NULL stands in no comparison.
fn beyond(parts: &[OrderPart<'_>], inclusive: bool) -> Node {
    let Some(first) = parts.first() else { return joined(inclusive, []) };
    let together = 1 + parts.iter().skip(1).take_while(|part| part.is_compared_along_with(first)).count();
    let (compared, others) = parts.split_at_checked(together).unwrap_or((parts, &[]));
    let (behind, behind_or_equal) = if first.term.descending { ("<", "<=") } else { (">", ">=") };
    if first.value.is_none() {
        return match first.term.has_nulls_first() {
            true => joined(false, [first.test("IS NOT NULL"), beyond(others, inclusive)]),
            false => joined(true, [first.test("IS NULL"), beyond(others, inclusive)]),
        };
    }
    if first.has_nulls_behind() {
        let equal = joined(true, [compare(compared, "="), beyond(others, inclusive)]);
        return joined(false, [compare(compared, behind), first.test("IS NULL"), equal]);
    }
    if others.is_empty() {
        return compare(compared, if inclusive { behind_or_equal } else { behind });
    }
    // An index finds where this begins, which it does not for `a > $1 OR (a = $1 AND ..)`.
    let beyond = joined(false, [compare(compared, behind), beyond(others, inclusive)]);
    joined(true, [compare(compared, behind_or_equal), beyond])
}

/// `a > $1`, or `(a, b) > ($1, $2)`
fn compare(parts: &[OrderPart<'_>], operator: &'static str) -> Node {
    let left = parts.iter().map(|part| part.term.by.clone());
    let right = parts.iter().filter_map(|part| part.value.cloned()).map(|value| Expr::Value(Value::new(value)));
    Node::Compare { left: Expr::row(left.collect()), operator, right: Expr::row(right.collect()) }
}

/// All or any of the conditions, without those that say nothing.
fn joined<const N: usize>(all: bool, nodes: [Node; N]) -> Node {
    let constant = |node: &Node| match node {
        Node::Joined { all, nodes } if nodes.is_empty() => Some(*all),
        _ => None,
    };
    let decides = nodes.iter().any(|node| constant(node) == Some(!all));
    let mut nodes: Vec<_> = nodes.into_iter().filter(|node| constant(node).is_none()).collect();
    match nodes.len() {
        _ if decides => Node::Joined { all: !all, nodes: Vec::new() },
        1 => nodes.remove(0),
        _ => Node::Joined { all, nodes },
    }
}
