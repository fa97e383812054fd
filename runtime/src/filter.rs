//! The user's condition: a tree, never text.

use std::fmt;
use std::marker::PhantomData;
use std::ops;

use crate::expression::Expr;
use crate::sql::{Relation, Sql};
use crate::table::TableTexts;
use crate::value::Value;

/// A condition on the rows of the query `Q`, a table or the tuple of the tables that are joined; made by the methods of
/// [`Column`](crate::Column).
///
/// Filters are joined by [`and`](Filter::and) and [`or`](Filter::or), or by the operators `&`, `|` and
/// `!`. In SQL each joined condition stands in parentheses of its own, beside the tenant's.
pub struct Filter<Q> {
    node: Node,
    query: PhantomData<fn() -> Q>,
}

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Compare {
        left: Expr,
        operator: &'static str,
        right: Expr,
    },
    Between {
        left: Expr,
        low: Expr,
        high: Expr,
    },
    List {
        left: Expr,
        operator: &'static str,
        values: Value,
    },
    Test {
        left: Expr,
        test: &'static str,
    },
    Joined {
        all: bool,
        nodes: Vec<Self>,
    },
    Not(Box<Self>),
    /// There is a row in another table, which is scoped by itself.
    Exists {
        table: &'static TableTexts,
        relation: Relation,
        condition: Box<Self>,
    },
}

impl<Q> Filter<Q> {
    pub(crate) fn new(node: Node) -> Self {
        Self { node, query: PhantomData }
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

impl<Q> Clone for Filter<Q> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<Q> ops::Not for Filter<Q> {
    type Output = Self;

    /// The opposite: `NOT (condition)`. Rows for which SQL answers neither, because of a NULL, match neither
    /// the condition nor its opposite.
    fn not(self) -> Self {
        Self::new(Node::Not(Box::new(self.node)))
    }
}

impl<Q> ops::BitAnd for Filter<Q> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl<Q> ops::BitOr for Filter<Q> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl<Q> fmt::Debug for Filter<Q> {
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
            Self::Compare { .. } | Self::List { .. } | Self::Test { .. } | Self::Exists { .. } => false,
        }
    }

    /// Whether the condition names other tables than that of its query, so that columns need their table's name.
    pub(crate) fn has_other_relations(&self) -> bool {
        match self {
            Self::Exists { .. } => true,
            Self::Joined { nodes, .. } => nodes.iter().any(Self::has_other_relations),
            Self::Not(node) => node.has_other_relations(),
            Self::Compare { .. } | Self::Between { .. } | Self::List { .. } | Self::Test { .. } => false,
        }
    }

    /// Writes the condition so that it can stand beside any other: joined ones in parentheses.
    pub(crate) fn write(&self, sql: &mut Sql) {
        match self {
            Self::Compare { left, operator, right } => {
                left.write(sql);
                sql.push(" ").push(operator).push(" ");
                right.write(sql);
            }
            Self::Between { left, low, high } => {
                sql.push("(");
                left.write(sql);
                sql.push(" BETWEEN ");
                low.write(sql);
                sql.push(" AND ");
                high.write(sql);
                sql.push(")");
            }
            Self::List { left, operator, values } => {
                left.write(sql);
                sql.push(" ").push(operator).push("(").bind(values.clone()).push(")");
            }
            Self::Test { left, test } => {
                left.write(sql);
                sql.push(" ").push(test);
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
            Self::Exists { table, relation, condition } => {
                let alias = sql.name_relation(*relation);
                sql.push("EXISTS (SELECT 1 FROM ").push_relation(table, alias);
                sql.begin_where(*relation, table).and_filter(condition);
                sql.push(")");
                sql.forget_relation();
            }
        }
    }
}
