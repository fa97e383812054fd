//! Queries that grow: joins, filters, groups, order, a page.

use std::fmt;
use std::marker::PhantomData;

use crate::beside::Beside;
use crate::expression::{Expr, Grouped};
use crate::filter::{Filter, Node};
use crate::order::{OrderBy, Term, terms};
use crate::pages::PagedSelect;
use crate::projection::Projection;
use crate::scope::Binding;
use crate::source::{Join, Joined, KeyedSource, Source};
use crate::sql::{Relation, Sql, WithDeleted};
use crate::statement::{Decode, Query, Statement, verbs};
use crate::table::{Table, TableTexts};
use crate::value::Value;

/// A query in one scope; made by a repository's `all()` and `filter(..)`.
///
/// `Q` is what it reads: a table, or after `join` and `left_join` the tuple of the tables, each of which is scoped by
/// itself. `R` is what its rows are read as: `Q` itself, or after `select` what was selected. `S` says whose rows: those
/// [of one scope](InScope), or of [each of many tenants](InEachTenant).
#[must_use = "a query does nothing until a verb runs it: `.fetch_all(&db)`, .."]
pub struct Select<Q, R = Q, S = InScope> {
    pub(crate) binding: Binding,
    joins: Vec<JoinedTable>,
    pub(crate) filters: Vec<Node>,
    selection: Option<Vec<Expr>>,
    distinct: Distinct,
    groups: Vec<Expr>,
    having: Vec<Node>,
    pub(crate) order: Vec<Term>,
    limit: Option<u32>,
    offset: Option<u32>,
    with_deleted: bool,
    pub(crate) slow: bool,
    pub(crate) decode: Decode<R>,
    source: PhantomData<fn() -> (Q, S)>,
}

/// A query in one scope, which can be run.
#[derive(Debug, Clone, Copy)]
pub enum InScope {}

/// A query for each of many tenants, which runs by its capability alone.
#[derive(Debug, Clone, Copy)]
pub enum InEachTenant {}

#[derive(Debug, Clone)]
struct JoinedTable {
    table: &'static TableTexts,
    relation: Relation,
    keyword: &'static str,
    condition: Node,
}

#[derive(Debug, Clone)]
enum Distinct {
    No,
    Rows,
    On(Vec<Expr>),
}

/// What a query is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Rows,
    Count,
    Exists,
}

impl<T: Table, S> Select<T, T, S> {
    pub(crate) fn new(binding: Binding) -> Self {
        Self {
            binding,
            joins: Vec::new(),
            filters: Vec::new(),
            selection: None,
            distinct: Distinct::No,
            groups: Vec::new(),
            having: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: None,
            with_deleted: false,
            slow: false,
            decode: <T as Source>::decode,
            source: PhantomData,
        }
    }
}

impl<Q: Source, S> Select<Q, Q, S> {
    /// Joins a table: `JOIN table AS t1 ON (condition)`, the table scoped as it would be by itself. The condition is
    /// given the columns of the query as it is, and those of the table.
    ///
    /// The rows are tuples then, and so is what closures are given: `.filter(|(c, o)| ..)`.
    ///
    /// ```
    /// # use tenantry::{TenantId, TenantTable};
    /// # #[derive(TenantTable)]
    /// # #[tenant_table(name = "customer")]
    /// # struct Customer { #[tenant_table(primary_key)] id: i64, name: String }
    /// # #[derive(TenantTable)]
    /// # #[tenant_table(name = "order")]
    /// # struct Order { #[tenant_table(primary_key)] id: i64, customer_id: i64 }
    /// # fn example(acme: &TenantId) {
    /// let customers = Customer::repository().for_tenant(acme);
    /// let with_orders = customers.all().join::<Order>(|c, o| o.customer_id.eq(c.id)).filter(|(c, _)| c.name.eq("Ada"));
    /// # assert!(with_orders.sql().contains(r#"JOIN "acme"."order" AS t1 ON (t1."customer_id" = t0."id") WHERE"#));
    /// # }
    /// # example(&"acme".parse().unwrap());
    /// ```
    pub fn join<U>(
        self,
        condition: impl FnOnce(
            <Q as Join<U>>::Before,
            <U as Joined>::Columns<<Q as Join<U>>::Output>,
        ) -> Filter<<Q as Join<U>>::Output>,
    ) -> Select<<Q as Join<U>>::Output, <Q as Join<U>>::Output, S>
    where
        Q: Join<U>,
        U: Beside<Q::Root>,
    {
        self.joined::<U>(" JOIN ", condition)
    }

    /// Joins a table whose row may be missing: `LEFT JOIN table AS t1 ON (condition)`. In the tuple it is an `Option`, and
    /// its columns can be NULL. A row all of whose columns are NULL, which only a table without a key has, is read as `None` too.
    #[expect(clippy::type_complexity, reason = "the type follows from the tables")]
    pub fn left_join<U>(
        self,
        condition: impl FnOnce(
            <Q as Join<Option<U>>>::Before,
            <Option<U> as Joined>::Columns<<Q as Join<Option<U>>>::Output>,
        ) -> Filter<<Q as Join<Option<U>>>::Output>,
    ) -> Select<<Q as Join<Option<U>>>::Output, <Q as Join<Option<U>>>::Output, S>
    where
        Q: Join<Option<U>>,
        U: Beside<Q::Root>,
    {
        self.joined::<Option<U>>(" LEFT JOIN ", condition)
    }

    fn joined<J: Joined>(
        self,
        keyword: &'static str,
        condition: impl FnOnce(<Q as Join<J>>::Before, J::Columns<<Q as Join<J>>::Output>) -> Filter<<Q as Join<J>>::Output>,
    ) -> Select<<Q as Join<J>>::Output, <Q as Join<J>>::Output, S>
    where
        Q: Join<J>,
    {
        let (before, joined) = <Q as Join<J>>::columns();
        let table = &J::Table::SQL.texts;
        let condition = condition(before, joined).into_node();
        let mut select = self.read_as(<<Q as Join<J>>::Output as Source>::decode);
        select.joins.push(JoinedTable { table, relation: Q::RELATION, keyword, condition });
        select
    }

    /// Brings these expressions instead of whole rows: one, a tuple, or a struct by `#[derive(TenantRow)]`.
    pub fn select<P: Projection<Q>>(self, selection: impl FnOnce(Q::Columns) -> P) -> Select<Q, P::Row, S> {
        let mut list = Vec::new();
        selection(Q::columns()).append_to(&mut list);
        Select { selection: Some(list), ..self.read_as(|row| P::decode(&mut row.clone())) }
    }
}

impl<Q, R, S> Select<Q, R, S> {
    /// The query in the scope of one tenant.
    pub(crate) fn in_scope(&self, binding: Binding) -> Select<Q, R> {
        Select { binding, ..self.clone().in_state() }
    }

    /// The same query, for whoever has its scope.
    pub(crate) fn in_state<Z>(self) -> Select<Q, R, Z> {
        let decode = self.decode;
        self.read_as(decode)
    }

    /// The same query with rows of another type.
    fn read_as<P, O, Z>(self, decode: Decode<O>) -> Select<P, O, Z> {
        let Self { binding, joins, filters, selection, distinct, groups, having, order, limit, offset, .. } = self;
        let Self { with_deleted, slow, .. } = self;
        Select {
            binding,
            joins,
            filters,
            selection,
            distinct,
            groups,
            having,
            order,
            limit,
            offset,
            with_deleted,
            slow,
            decode,
            source: PhantomData,
        }
    }
}

impl<Q: Source, R, S> Select<Q, R, S> {
    /// Keeps the rows for which the condition is true, besides all earlier conditions.
    pub fn filter(mut self, condition: impl FnOnce(Q::Columns) -> Filter<Q>) -> Self {
        self.filters.push(condition(Q::columns()).into_node());
        self
    }

    /// [`filter`](Self::filter) by a value that may be absent; nothing is filtered where it is.
    pub fn filter_if<V>(self, value: Option<V>, condition: impl FnOnce(Q::Columns, V) -> Filter<Q>) -> Self {
        match value {
            Some(value) => self.filter(|columns| condition(columns, value)),
            None => self,
        }
    }

    /// One row for each group of rows that are equal in these: `GROUP BY ..`. A selection of it holds them and
    /// aggregates.
    pub fn group_by<P: Projection<Q>>(mut self, groups: impl FnOnce(Q::Columns) -> P) -> Self {
        groups(Q::columns()).append_to(&mut self.groups);
        self
    }

    /// Keeps the groups for which the condition is true: `HAVING ..`.
    pub fn having(mut self, condition: impl FnOnce(Q::Columns) -> Filter<Grouped<Q>>) -> Self {
        self.having.push(condition(Q::columns()).into_node());
        self
    }

    /// Rows that are the same come once: `SELECT DISTINCT ..`.
    pub fn distinct(self) -> Self {
        Self { distinct: Distinct::Rows, ..self }
    }

    /// The first row, in the query's order, of those that are equal in these: `SELECT DISTINCT ON (..) ..`. The order has
    /// to begin with the same.
    pub fn distinct_on<P: Projection<Q>>(self, columns: impl FnOnce(Q::Columns) -> P) -> Self {
        let mut list = Vec::new();
        columns(Q::columns()).append_to(&mut list);
        Self { distinct: Distinct::On(list), ..self }
    }

    /// Orders by a column, or by several in an array; what was asked for earlier comes first.
    pub fn order_by<O>(mut self, order: impl FnOnce(Q::Columns) -> O) -> Self
    where
        O: OrderBy<Q>,
    {
        self.order.extend(terms(order(Q::columns())));
        self
    }

    /// At most this many rows.
    pub fn limit(self, rows: u32) -> Self {
        Self { limit: Some(rows), ..self }
    }

    /// Without the first rows.
    pub fn offset(self, rows: u32) -> Self {
        Self { offset: Some(rows), ..self }
    }

    /// Reads the rows that were deleted softly, too, of every table in the query.
    pub fn with_deleted(self) -> Self {
        Self { with_deleted: true, ..self }
    }

    /// Says that the query may take long: on a [`Database`](crate::Database) it then has a connection of its own,
    /// where no other statement waits behind it, and
    /// [no timeout](crate::DatabaseOptions::statement_timeout) ends it.
    pub fn slow(self) -> Self {
        Self { slow: true, ..self }
    }

    pub(crate) fn reads_deleted(&self) -> bool {
        self.with_deleted
    }

    pub(crate) fn table() -> &'static TableTexts {
        &Q::Root::SQL.texts
    }

    /// A statement in the scope of the query, in which nothing is written yet.
    pub(crate) fn begin_sql(&self) -> Sql {
        Sql::new(self.binding.clone()).with_deleted(WithDeleted::all(self.with_deleted))
    }

    /// Writes the query into a statement that may hold more.
    pub(crate) fn write_into(&self, sql: &mut Sql) {
        self.write(sql, Question::Rows, None);
    }

    /// With more to bring in each row, before what it brings.
    pub(crate) fn write_with(&self, sql: &mut Sql, more: &dyn Fn(&mut Sql)) {
        self.write(sql, Question::Rows, Some(more));
    }

    fn write(&self, sql: &mut Sql, question: Question, more: Option<&dyn Fn(&mut Sql)>) {
        let table = Self::table();
        sql.bind_tenant_first(table);
        let mut aliases = Vec::new();
        if self.has_several_relations() || sql.names_all_relations() {
            aliases.push(sql.name_relation(0));
            aliases.extend(self.joins.iter().map(|joined| sql.name_relation(joined.relation)));
        }
        if question == Question::Rows && aliases.is_empty() && more.is_none() && self.brings_whole_rows() {
            sql.push_scoped(table, table.select);
        } else {
            match question {
                Question::Rows => self.write_selection(sql, more),
                Question::Count => _ = sql.push("SELECT count(*)"),
                Question::Exists => _ = sql.push("SELECT 1"),
            }
            sql.push(" FROM ");
            match aliases.first() {
                None => _ = sql.push_scoped(table, table.relation),
                Some(alias) => _ = sql.push_relation(table, *alias),
            }
        }
        for (joined, alias) in self.joins.iter().zip(aliases.iter().skip(1)) {
            sql.push(joined.keyword).push_relation(joined.table, *alias);
            sql.begin_on(joined.relation, joined.table).and_filter(&joined.condition);
        }
        let mut conditions = sql.begin_where(0, table);
        for filter in &self.filters {
            conditions.and_filter(filter);
        }
        if !self.groups.is_empty() {
            sql.push(" GROUP BY ").list(&self.groups, |sql, group| group.write(sql));
        }
        for (position, having) in self.having.iter().enumerate() {
            sql.push(if position == 0 { " HAVING (" } else { " AND (" });
            having.write(sql);
            sql.push(")");
        }
        if question == Question::Rows && !self.order.is_empty() {
            sql.push(" ORDER BY ").list(&self.order, |sql, order| order.write(sql));
        }
        if let Some(rows) = self.limit {
            sql.push(" LIMIT ").bind(Value::new(i64::from(rows)));
        }
        if let Some(rows) = self.offset {
            sql.push(" OFFSET ").bind(Value::new(i64::from(rows)));
        }
        for _ in aliases {
            sql.forget_relation();
        }
    }

    /// Whether columns need their table's name.
    pub(crate) fn has_several_relations(&self) -> bool {
        !self.joins.is_empty() || self.filters.iter().any(Node::has_other_relations)
    }

    fn brings_whole_rows(&self) -> bool {
        self.selection.is_none() && matches!(self.distinct, Distinct::No)
    }

    fn write_selection(&self, sql: &mut Sql, more: Option<&dyn Fn(&mut Sql)>) {
        sql.push("SELECT ");
        match &self.distinct {
            Distinct::No => {}
            Distinct::Rows => _ = sql.push("DISTINCT "),
            Distinct::On(columns) => {
                sql.push("DISTINCT ON (").list(columns, |sql, column| column.write(sql)).push(") ");
            }
        }
        if let Some(more) = more {
            more(sql);
            sql.push(", ");
        }
        match &self.selection {
            Some(selection) => _ = sql.list(selection, |sql, expression| expression.write(sql)),
            None => {
                let mut is_first = true;
                Q::each_table(&mut |relation, table| {
                    if !std::mem::take(&mut is_first) {
                        sql.push(", ");
                    }
                    sql.push_columns(relation, table);
                });
            }
        }
    }

    /// Brings these as well, behind what it brings anyway; answers where in a row each of them stands.
    pub(crate) fn bring<'e>(&mut self, expressions: impl Iterator<Item = &'e Expr>) -> Vec<usize> {
        let mut list = self.selection.clone().unwrap_or_else(|| {
            let mut list = Vec::new();
            Q::each_table(&mut |relation, table| {
                list.extend(table.columns.iter().map(|name| Expr::Column { relation, name }));
            });
            list
        });
        let own = list.len();
        let mut place = |expression: &Expr| {
            list.iter().position(|known| known.is_same_column(expression)).unwrap_or_else(|| {
                list.push(expression.clone());
                list.len() - 1
            })
        };
        let places = expressions.map(&mut place).collect();
        if list.len() > own {
            self.selection = Some(list);
        }
        places
    }

    pub(crate) fn has_limits(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    /// One of its rows stands for several that it reads.
    pub(crate) fn is_grouped(&self) -> bool {
        !self.groups.is_empty() || !self.having.is_empty() || !matches!(self.distinct, Distinct::No)
    }

    /// Counting its rows needs the query itself, because its rows are not those that it reads.
    pub(crate) fn is_made_of_other_rows(&self) -> bool {
        self.has_limits() || self.is_grouped() || self.selection.is_some()
    }
}

impl<Q: Source, R> Select<Q, R> {
    /// Some of the rows, at most so many: the first, or with [`at`](PagedSelect::at) those that a cursor leads to.
    ///
    /// The order is the query's, and ends by the primary key of each of its tables, in the direction of what the query
    /// orders by last. A page begins at the values of a row, and not after a number of rows:
    /// `WHERE (name, id) > ($1, $2) ORDER BY name ASC, id ASC LIMIT $3`. So no row comes twice or is left out because
    /// others come and go, and an index on the columns of the order finds each page as fast as the first. Only where the
    /// first column can be NULL are rows read that are not on the page, on the way towards its NULLs.
    ///
    /// One row more is asked for, which tells whether there are more.
    ///
    /// ```no_run
    /// # use tenantry::{Cursor, Database, Error, Page, TenantId, TenantTable};
    /// # #[derive(TenantTable)]
    /// # #[tenant_table(name = "customer")]
    /// # struct Customer { #[tenant_table(primary_key)] id: i64, name: String, credit: Option<i32> }
    /// async fn customers(acme: &TenantId, at: Option<&Cursor>, db: &Database) -> Result<Page<Customer>, Error> {
    ///     let customers = Customer::repository().for_tenant(acme);
    ///     let by_name = customers.all().order_by(|c| [c.name.asc(), c.credit.desc().nulls_last()]);
    ///     by_name.page(50).at(at).fetch_page(db).await
    /// }
    /// ```
    pub fn page(self, rows: u32) -> PagedSelect<Q, R>
    where
        Q: KeyedSource,
    {
        PagedSelect::new(self, rows)
    }

    /// The number of rows instead of the rows, limit and offset counted in.
    pub fn count(&self) -> Statement<i64> {
        let mut sql = self.begin_sql();
        if self.is_made_of_other_rows() {
            sql.push("SELECT count(*) FROM (");
            self.write_into(&mut sql);
            sql.push(") AS page");
        } else {
            self.write(&mut sql, Question::Count, None);
        }
        self.statement(sql, |row| row.get(0))
    }

    /// Whether there is a row at all.
    pub fn exists(&self) -> Statement<bool> {
        let mut sql = self.begin_sql();
        sql.push("SELECT EXISTS (");
        self.write(&mut sql, Question::Exists, None);
        sql.push(")");
        self.statement(sql, |row| row.get(0))
    }

    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    #[must_use]
    pub fn sql(&self) -> String {
        self.to_sql().text()
    }

    pub(crate) fn to_sql(&self) -> Sql {
        let mut sql = self.begin_sql();
        self.write_into(&mut sql);
        sql
    }

    pub(crate) fn statement<O>(&self, sql: Sql, decode: Decode<O>) -> Statement<O> {
        Statement::new(self.query(sql), decode)
    }

    pub(crate) fn query(&self, sql: Sql) -> Query {
        Query { slow: self.slow, ..Query::built::<Q::Root>(sql, None) }
    }
}

impl<Q: Source, R: Send + 'static> Select<Q, R> {
    verbs!(R);

    pub(crate) fn into_statement(self) -> Statement<R> {
        self.statement(self.to_sql(), self.decode)
    }
}

impl<Q, R, S> Clone for Select<Q, R, S> {
    fn clone(&self) -> Self {
        Self {
            binding: self.binding.clone(),
            joins: self.joins.clone(),
            filters: self.filters.clone(),
            selection: self.selection.clone(),
            distinct: self.distinct.clone(),
            groups: self.groups.clone(),
            having: self.having.clone(),
            order: self.order.clone(),
            ..*self
        }
    }
}

impl<Q, R, S> fmt::Debug for Select<Q, R, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Select")
            .field("joins", &self.joins)
            .field("filters", &self.filters)
            .field("order", &self.order)
            .field("limit", &self.limit)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
