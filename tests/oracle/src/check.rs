//! Goes through a statement, query by query, and looks at each relation where it is named.

use serde_json::Value;

use crate::evidence::{Relation, aliases, conjuncts};
use crate::parser::parse;
use crate::tables::{Isolation, Tables};
use crate::together;
use crate::tree::{as_kind, guarded, is_role_made, is_true, kind, list, names, relation_name, relations, text};
use crate::violation::Violation;

/// What was found in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Nothing, if every statement keeps to its tenant.
    pub violations: Vec<Violation>,
    /// A statement reads across tenants, and says so.
    pub across_tenants: bool,
    /// How many relations are kept to a tenant by their schema.
    pub by_schema: usize,
    /// How many relations are kept to a tenant by their rows.
    pub by_row: usize,
}

/// Judges a text with any number of statements that run.
pub fn judge(sql: &str, tables: &Tables) -> Verdict {
    judge_with(sql, tables, false)
}

/// Judges a text that is prepared and never runs, as the query of a `COPY (query) TO` is before it, for the types of
/// its columns. The tenant may be a literal in it.
pub fn judge_prepared(sql: &str, tables: &Tables) -> Verdict {
    judge_with(sql, tables, true)
}

fn judge_with(sql: &str, tables: &Tables, literals: bool) -> Verdict {
    let mut verdict = Verdict::default();
    let statements = parse(sql).unwrap_or_else(|error| {
        verdict.violations.push(Violation::Syntax(error));
        Vec::new()
    });
    for statement in &statements {
        let mut check = Check { tables, literals, relations: 0, verdict: &mut verdict };
        check.statement(statement);
    }
    verdict
}

/// Whom a table by row is kept to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tenant {
    Parameter(u64),
    Literal(String),
    /// Each of a list, in a read across tenants.
    Each,
}

/// What a part of a statement names of tenants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scope {
    schemas: Option<String>,
    rows: Option<Tenant>,
}

impl Scope {
    pub(crate) const EMPTY: Self = Self { schemas: None, rows: None };

    fn of_schema(tenant: &str) -> Self {
        Self { schemas: Some(tenant.to_owned()), ..Self::EMPTY }
    }

    pub(crate) fn of_rows(tenant: Tenant) -> Self {
        Self { rows: Some(tenant), ..Self::EMPTY }
    }

    pub(crate) fn is_across_tenants(&self) -> bool {
        self.rows == Some(Tenant::Each)
    }
}

/// What can be named in a query besides the tables.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visible {
    /// The names of `WITH`.
    queries: Vec<String>,
    /// The list of tenants of a read across them.
    pub(crate) each_tenant: bool,
}

impl Visible {
    /// Beside the list of tenants.
    pub(crate) fn of_each_tenant() -> Self {
        Self { each_tenant: true, ..Self::default() }
    }

    /// In a query that reads from these.
    pub(crate) fn reading(&self, from: &[Value]) -> Self {
        let is_hidden = from.iter().flat_map(aliases).any(|alias| alias == together::LIST);
        Self { queries: self.queries.clone(), each_tenant: self.each_tenant && !is_hidden }
    }
}

/// One statement under way.
pub(crate) struct Check<'c> {
    pub(crate) tables: &'c Tables,
    /// The statement can have no parameters.
    pub(crate) literals: bool,
    /// How many relations were looked at.
    relations: usize,
    verdict: &'c mut Verdict,
}

/// Whether this makes things, or grants rights to them, and reads and writes no row.
fn is_ddl(kind: &str, statement: &Value) -> bool {
    const MAKING: [&str; 8] = [
        "CreateSchemaStmt",
        "CreateStmt",
        "IndexStmt",
        "CommentStmt",
        "AlterTableStmt",
        "CreatePolicyStmt",
        "CreateRoleStmt",
        "GrantStmt",
    ];
    match kind {
        "DoStmt" if is_role_made(statement) => true,
        "DoStmt" => guarded(statement).and_then(|inside| parse(inside).ok()).is_some_and(|inside| {
            inside.iter().all(|statement| crate::tree::kind(statement).is_some_and(|(kind, _)| MAKING.contains(&kind)))
        }),
        _ => kind == "GrantStmt",
    }
}

/// Whether it sets, for a transaction, what row-level security asks for: a setting of the application's own, or for a read across
/// tenants that it hides nothing, and again what it hides.
fn carries_tenant(statement: &Value) -> bool {
    let value = match list(statement, "args") {
        [only] => only.pointer("/A_Const/sval/sval").and_then(Value::as_str),
        _ => None,
    };
    let is_known = match (text(statement, "name"), value) {
        (Some("row_security"), value) => value.is_some_and(|value| ["off", "on"].contains(&value)),
        (Some(name), Some(_)) => name.contains('.'),
        _ => false,
    };
    is_known && is_true(statement, "is_local") && text(statement, "kind") == Some("VAR_SET_VALUE")
}

impl Check<'_> {
    fn statement(&mut self, statement: &Value) {
        let Some((kind, inside)) = kind(statement) else { return };
        if is_ddl(kind, inside) {
            return;
        }
        let scope = match kind {
            // Nothing of a tenant is in these. The last one is the guide's example for the driver's own client.
            "TransactionStmt" | "DeallocateStmt" | "CreateExtensionStmt" => Scope::EMPTY,
            // What PgBouncer tells the server of its clients.
            "VariableSetStmt" if text(inside, "name") == Some("application_name") => Scope::EMPTY,
            "VariableSetStmt" if carries_tenant(inside) => Scope::EMPTY,
            "PrepareStmt" | "ExplainStmt" | "DeclareCursorStmt" => self.whole(&inside["query"]),
            "CopyStmt" => self.copy(inside, &Visible::default()),
            "SelectStmt" | "InsertStmt" | "UpdateStmt" | "DeleteStmt" => self.whole(statement),
            _ => return self.report(Violation::UnknownStatement(kind.to_owned())),
        };
        if self.relations != relations(statement).len() {
            self.report(Violation::Overlooked);
        }
        if scope.is_across_tenants() && scope.schemas.is_some() {
            self.report(Violation::AcrossAndOne);
        }
        self.verdict.across_tenants |= scope.is_across_tenants();
    }

    /// A statement that is no part of another.
    fn whole(&mut self, statement: &Value) -> Scope {
        self.read_together(statement).unwrap_or_else(|| self.look_into(statement, &Visible::default()))
    }

    pub(crate) fn report(&mut self, violation: Violation) {
        self.verdict.violations.push(violation);
    }

    /// Both parts stand in one query.
    pub(crate) fn both(&mut self, one: Scope, other: Scope) -> Scope {
        let schemas = self.one_of(one.schemas, other.schemas, Violation::TwoSchemas);
        let rows = self.one_of(one.rows, other.rows, Violation::TwoTenants);
        Scope { schemas, rows }
    }

    /// What both are kept to, which is a violation if it is not the same.
    fn one_of<T: PartialEq + ToString>(
        &mut self,
        one: Option<T>,
        other: Option<T>,
        violation: fn(String, String) -> Violation,
    ) -> Option<T> {
        if let (Some(one), Some(other)) = (&one, &other)
            && one != other
        {
            self.report(violation(one.to_string(), other.to_string()));
        }
        one.or(other)
    }

    /// Looks for queries anywhere in here.
    pub(crate) fn look_into(&mut self, node: &Value, visible: &Visible) -> Scope {
        let mut scope = Scope::EMPTY;
        match node {
            Value::Array(nodes) => {
                for node in nodes {
                    let found = self.look_into(node, visible);
                    scope = self.both(scope, found);
                }
            }
            Value::Object(members) => {
                for (member, inside) in members {
                    let found = match member.as_str() {
                        "SelectStmt" => self.select(inside, visible),
                        "InsertStmt" => self.insert(inside, visible),
                        "UpdateStmt" | "DeleteStmt" => self.change(inside, visible),
                        // Names of what is read from already.
                        "lockingClause" => Scope::EMPTY,
                        // Of a function, and of a type.
                        "funcname" | "names" => self.schema_of(inside),
                        _ => self.look_into(inside, visible),
                    };
                    scope = self.both(scope, found);
                }
            }
            _ => {}
        }
        scope
    }

    /// The tenant in whose schema a function or a type is.
    fn schema_of(&self, name: &Value) -> Scope {
        match names(name.as_array().map_or(&[], Vec::as_slice))[..] {
            [schema, _] => self.tables.tenant_of(schema).map_or(Scope::EMPTY, Scope::of_schema),
            _ => Scope::EMPTY,
        }
    }

    /// Looks into all members but these.
    pub(crate) fn look_into_others(&mut self, node: &Value, done: &[&str], visible: &Visible) -> Scope {
        let mut scope = Scope::EMPTY;
        for (member, inside) in node.as_object().into_iter().flatten() {
            if !done.contains(&&**member) && member != "lockingClause" {
                let found = self.look_into(inside, visible);
                scope = self.both(scope, found);
            }
        }
        scope
    }

    /// The queries of `WITH`, and what can be named after them.
    pub(crate) fn with(&mut self, statement: &Value, visible: &Visible) -> (Scope, Visible) {
        let (mut scope, mut visible) = (Scope::EMPTY, visible.clone());
        let queries =
            list(&statement["withClause"], "ctes").iter().filter_map(|query| as_kind(query, "CommonTableExpr"));
        let name = |query| text(query, "ctename").unwrap_or_default().to_owned();
        let is_recursive = is_true(&statement["withClause"], "recursive");
        if is_recursive {
            visible.queries.extend(queries.clone().map(name));
        }
        for query in queries {
            let found = self.look_into(query, &visible);
            scope = self.both(scope, found);
            if !is_recursive {
                visible.queries.push(name(query));
            }
        }
        (scope, visible)
    }

    pub(crate) fn select(&mut self, select: &Value, visible: &Visible) -> Scope {
        let (scope, visible) = self.with(select, visible);
        let inside = if text(select, "op") == Some("SETOP_NONE") {
            self.simple_select(select, &visible)
        } else {
            self.set_operation(select, &visible)
        };
        self.both(scope, inside)
    }

    fn set_operation(&mut self, select: &Value, visible: &Visible) -> Scope {
        let (left, right) = (self.select(&select["larg"], visible), self.select(&select["rarg"], visible));
        let scope = self.both(left, right);
        let others = self.look_into_others(select, &["larg", "rarg", "withClause"], visible);
        self.both(scope, others)
    }

    fn simple_select(&mut self, select: &Value, visible: &Visible) -> Scope {
        let from = list(select, "fromClause");
        let visible = visible.reading(from);
        let scope = self.read(from, &select["whereClause"], &visible, from.len() == 1);
        let others = self.look_into_others(select, &["fromClause", "withClause"], &visible);
        self.both(scope, others)
    }

    /// Looks at what is read from, under a condition.
    pub(crate) fn read(&mut self, from: &[Value], condition: &Value, visible: &Visible, alone: bool) -> Scope {
        let conditions = conjuncts(condition);
        let mut scope = Scope::EMPTY;
        for item in from {
            let found = self.read_item(item, &conditions, visible, alone);
            scope = self.both(scope, found);
        }
        scope
    }

    /// `conditions` hold for each row of the item that is in the result.
    fn read_item(&mut self, item: &Value, conditions: &[&Value], visible: &Visible, alone: bool) -> Scope {
        match kind(item) {
            Some(("RangeVar", relation)) => self.read_relation(relation, conditions, visible, alone),
            Some(("JoinExpr", join)) => self.join(join, conditions, visible),
            Some(("RangeTableSample", sample)) => {
                let scope = self.read_item(&sample["relation"], conditions, visible, alone);
                let others = self.look_into_others(sample, &["relation"], visible);
                self.both(scope, others)
            }
            _ => self.look_into(item, visible),
        }
    }

    fn join(&mut self, join: &Value, conditions: &[&Value], visible: &Visible) -> Scope {
        let on = conjuncts(&join["quals"]);
        // Under a name of its own, the relations inside cannot be named outside.
        let outside = if join["alias"].is_object() { &[] } else { conditions };
        let inner = [outside, &on].concat();
        let (left, right): (&[&Value], &[&Value]) = match text(join, "jointype") {
            Some("JOIN_INNER") => (&inner, &inner),
            Some("JOIN_LEFT") => (outside, &on),
            Some("JOIN_RIGHT") => (&on, outside),
            // In a full join the rows for which the condition does not hold are in the result as well.
            _ => (&[], &[]),
        };
        let left = self.read_item(&join["larg"], left, visible, false);
        let right = self.read_item(&join["rarg"], right, visible, false);
        let sides = self.both(left, right);
        let on = self.look_into(&join["quals"], visible);
        self.both(sides, on)
    }

    fn read_relation(&mut self, relation: &Value, conditions: &[&Value], visible: &Visible, alone: bool) -> Scope {
        let is_query = text(relation, "relname").is_some_and(|name| visible.queries.iter().any(|query| query == name));
        if text(relation, "schemaname").is_none() && is_query {
            self.relations += 1;
            return Scope::EMPTY;
        }
        let isolation = self.isolation(relation);
        self.scope(relation, isolation.as_ref(), conditions, visible, alone)
    }

    /// How a table is kept apart, which is a violation where that is not known.
    pub(crate) fn isolation(&mut self, relation: &Value) -> Option<Isolation> {
        self.relations += 1;
        let (schema, name) = (text(relation, "schemaname"), text(relation, "relname"));
        let Some((schema, name)) = schema.zip(name) else {
            self.report(Violation::Unqualified(relation_name(relation)));
            return None;
        };
        let isolation = self.tables.isolation(schema, name).filter(|_| text(relation, "catalogname").is_none());
        match isolation {
            None => self.report(Violation::Unclassified(relation_name(relation))),
            Some(Isolation::Schema(_)) => self.verdict.by_schema += 1,
            Some(Isolation::Row(_)) => self.verdict.by_row += 1,
            Some(Isolation::Shared | Isolation::System) => {}
        }
        isolation
    }

    /// A relation whose rows are read or changed under these conditions.
    pub(crate) fn scope(
        &mut self,
        relation: &Value,
        isolation: Option<&Isolation>,
        conditions: &[&Value],
        visible: &Visible,
        alone: bool,
    ) -> Scope {
        match isolation {
            Some(Isolation::Row(tenant_column)) => {
                let relation_by_row = Relation { relation, tenant_column, alone };
                let tenants = relation_by_row.tenants(conditions, visible.each_tenant, self.literals);
                match tenants.into_iter().next() {
                    Some(tenant) => Scope::of_rows(tenant),
                    None => {
                        self.report(Violation::Unscoped(relation_name(relation)));
                        Scope::EMPTY
                    }
                }
            }
            Some(Isolation::Schema(tenant)) => Scope::of_schema(tenant),
            Some(Isolation::Shared | Isolation::System) | None => Scope::EMPTY,
        }
    }
}

impl std::fmt::Display for Tenant {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parameter(number) => write!(formatter, "${number}"),
            Self::Literal(text) => write!(formatter, "'{text}'"),
            Self::Each => formatter.write_str("each of many"),
        }
    }
}
