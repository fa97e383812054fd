//! The user's condition: a tree, never text.

use std::fmt;
use std::marker::PhantomData;
use std::ops;

use crate::operand::Side;
use crate::sql::Sql;
use crate::value::Value;

/// A condition on the rows of table `T`; made by the methods of [`Column`](crate::Column).
///
/// Filters are joined by [`and`](Filter::and) and [`or`](Filter::or), or by the operators `&`, `|` and
/// `!`. In SQL each joined condition stands in parentheses of its own, beside the tenant's.
pub struct Filter<T> {
    node: Node,
    table: PhantomData<fn() -> T>,
}

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Compare { column: &'static str, operator: &'static str, right: Side },
    Between { column: &'static str, low: Side, high: Side },
    List { column: &'static str, operator: &'static str, values: Value },
    Test { column: &'static str, test: &'static str },
    Joined { all: bool, nodes: Vec<Self> },
    Not(Box<Self>),
}

impl<T> Filter<T> {
    pub(crate) fn new(node: Node) -> Self {
        Self { node, table: PhantomData }
    }

    pub(crate) fn into_node(self) -> Node {
        self.node
    }

    /// Both conditions.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// At least one of the two conditions.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }

    /// Every one of the conditions; true when there are none.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(true, filters)
    }

    /// At least one of the conditions; false when there are none.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(false, filters)
    }

    fn joined(all: bool, filters: impl IntoIterator<Item = Self>) -> Self {
        let mut nodes = Vec::new();
        for filter in filters {
            match filter.node {
                // `a AND b AND c` needs no deeper tree, however long the chain.
                Node::Joined { all: inner, nodes: more } if inner == all && !more.is_empty() => nodes.extend(more),
                node => nodes.push(node),
            }
        }
        Self::new(Node::Joined { all, nodes })
    }
}

impl<T> Clone for Filter<T> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<T> ops::Not for Filter<T> {
    type Output = Self;

    /// The opposite: `NOT (condition)`. Rows for which SQL answers neither, because of a NULL, match neither
    /// the condition nor its opposite.
    fn not(self) -> Self {
        Self::new(Node::Not(Box::new(self.node)))
    }
}

impl<T> ops::BitAnd for Filter<T> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl<T> ops::BitOr for Filter<T> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl<T> fmt::Debug for Filter<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.node, formatter)
    }
}

impl Node {
    /// Written with parentheses of its own around it.
    pub(crate) fn has_parentheses(&self) -> bool {
        match self {
            Self::Between { .. } | Self::Not(_) => true,
            Self::Joined { nodes, .. } => !nodes.is_empty(),
            Self::Compare { .. } | Self::List { .. } | Self::Test { .. } => false,
        }
    }

    /// Writes the condition so that it can stand beside any other: joined ones in parentheses.
    pub(crate) fn write(&self, sql: &mut Sql) {
        match self {
            Self::Compare { column, operator, right } => {
                sql.push(column).push(" ").push(operator).push(" ");
                right.write(sql);
            }
            Self::Between { column, low, high } => {
                sql.push("(").push(column).push(" BETWEEN ");
                low.write(sql);
                sql.push(" AND ");
                high.write(sql);
                sql.push(")");
            }
            Self::List { column, operator, values } => {
                sql.push(column).push(" ").push(operator).push("(").bind(values.clone()).push(")");
            }
            Self::Test { column, test } => {
                sql.push(column).push(" ").push(test);
            }
            Self::Joined { all, nodes } if nodes.is_empty() => {
                sql.push(if *all { "TRUE" } else { "FALSE" });
            }
            Self::Joined { all, nodes } => {
                sql.push("(");
                for (position, node) in nodes.iter().enumerate() {
                    if position > 0 {
                        sql.push(if *all { " AND " } else { " OR " });
                    }
                    node.write(sql);
                }
                sql.push(")");
            }
            Self::Not(node) => {
                sql.push("(NOT ");
                node.write(sql);
                sql.push(")");
            }
        }
    }
}

impl Side {
    fn write(&self, sql: &mut Sql) {
        match self {
            Self::Value(value) => {
                sql.bind(value.clone());
            }
            Self::Column(name) => {
                sql.push(name);
            }
        }
    }
}
