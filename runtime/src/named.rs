//! Columns that are chosen while the program runs, by name.

use std::fmt;
use std::marker::PhantomData;

use crate::column::Nullable;
use crate::expression::Expr;
use crate::filter::{Filter, Node};
use crate::order::Order;
use crate::relation::ColumnsOf;
use crate::sql::Relation;
use crate::table::Table;
use crate::value::Value;

/// A column of table `T` that was found by its name; made by a repository's `column(name)`, which knows the names of the
/// struct's fields and no others. `Q` is the query in which it stands.
///
/// What it is compared with is text, as it comes from a URL: it is bound like any value, and the database reads it as a
/// value of the column's type. Where it cannot, the statement fails, and the error's
/// [`is_invalid_value`](crate::Error::is_invalid_value) is true.
///
/// ```
/// # use tenantry::{TenantId, TenantTable};
/// # #[derive(TenantTable)]
/// # #[tenant_table(name = "customer")]
/// # struct Customer { #[tenant_table(primary_key)] id: i64, name: String }
/// # fn example(acme: &TenantId) {
/// let customers = Customer::repository().for_tenant(acme);
/// let sort = customers.column("name").unwrap(); // from the request
/// let page = customers.all().order_by(|_| sort.desc());
/// assert!(page.sql().ends_with(r#"ORDER BY "name" DESC"#));
/// assert!(customers.column("name; drop table customer").is_none());
/// # }
/// # example(&"acme".parse().unwrap());
/// ```
pub struct AnyColumn<T, Q = T> {
    field: &'static str,
    name: &'static str,
    relation: Relation,
    table: PhantomData<fn() -> (T, Q)>,
}

impl<T: Table> AnyColumn<T> {
    pub(crate) fn find(field: &str) -> Option<Self> {
        let texts = &T::SQL.texts;
        let (field, name) = texts.fields.iter().zip(texts.columns).find(|(known, _)| **known == field)?;
        Some(Self { field, name, relation: 0, table: PhantomData })
    }
}

impl<T, Q> AnyColumn<T, Q> {
    /// The name of the struct's field.
    #[must_use]
    pub const fn field(self) -> &'static str {
        self.field
    }

    /// The column in a query with joins, of which these are the table's columns: `.order_by(|(c, _)| sort.of(c).asc())`.
    #[must_use]
    pub fn of<P>(self, columns: impl ColumnsOf<T, P>) -> AnyColumn<T, P> {
        AnyColumn { field: self.field, name: self.name, relation: columns.relation(), table: PhantomData }
    }

    fn expr(self) -> Expr {
        Expr::Column { relation: self.relation, name: self.name }
    }

    fn compare(self, operator: &'static str, text: impl Into<String>) -> Filter<Q> {
        let right = Expr::Value(Value::text(text.into()));
        Filter::new(Node::Compare { left: self.expr(), operator, right })
    }

    /// `column ASC`
    #[must_use]
    pub fn asc(self) -> Order<Q> {
        Order::new::<Nullable>(self.expr(), false)
    }

    /// `column DESC`
    #[must_use]
    pub fn desc(self) -> Order<Q> {
        Order::new::<Nullable>(self.expr(), true)
    }

    /// `column = value`
    pub fn eq(self, text: impl Into<String>) -> Filter<Q> {
        self.compare("=", text)
    }

    /// `column <> value`
    pub fn ne(self, text: impl Into<String>) -> Filter<Q> {
        self.compare("<>", text)
    }

    /// `column < value`
    pub fn lt(self, text: impl Into<String>) -> Filter<Q> {
        self.compare("<", text)
    }

    /// `column <= value`
    pub fn le(self, text: impl Into<String>) -> Filter<Q> {
        self.compare("<=", text)
    }

    /// `column > value`
    pub fn gt(self, text: impl Into<String>) -> Filter<Q> {
        self.compare(">", text)
    }

    /// `column >= value`
    pub fn ge(self, text: impl Into<String>) -> Filter<Q> {
        self.compare(">=", text)
    }

    /// `column::text ILIKE '%text%'`: the value as text holds this in any case, with `%`, `_` and `\` in the text escaped.
    pub fn contains_ignoring_case(self, text: impl AsRef<str>) -> Filter<Q> {
        let left = Expr::Parts(vec![self.expr(), Expr::Text("::text")]);
        let pattern = format!("%{}%", crate::column::escape_pattern(text.as_ref()));
        Filter::new(Node::Compare { left, operator: "ILIKE", right: Expr::Value(Value::new(pattern)) })
    }

    /// `column IS NULL`, which is true of no row where the column is never NULL.
    #[must_use]
    pub fn is_null(self) -> Filter<Q> {
        Filter::new(Node::Test { left: self.expr(), test: "IS NULL" })
    }
}

impl<T, Q> Clone for AnyColumn<T, Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, Q> Copy for AnyColumn<T, Q> {}

impl<T, Q> fmt::Debug for AnyColumn<T, Q> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AnyColumn({})", self.name)
    }
}
