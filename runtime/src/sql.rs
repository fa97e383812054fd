//! Statement text with its values, as it grows: pieces, which become text only where it is sent.

use smallvec::SmallVec;

use crate::expression::Expr;
use crate::filter::Node;
use crate::row_security::Settings;
use crate::scope::Binding;
use crate::statement::Impossible;
use crate::table::TableTexts;
use crate::tenant::SchemaName;
use crate::value::{Parameters, Value};

/// SQL text in pieces: the tenant's schema, already quoted, stands between each two of them.
pub(crate) type Fragments = &'static [&'static str];

/// The schemas that a statement names: one, but for a statement over several logical schemas or tenants.
pub(crate) type Schemas = SmallVec<[SchemaName; 2]>;

/// A piece of a statement that is put together while the program runs. None of them holds what a user typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(&'static str),
    /// A tenant's schema, by its position in [`Sql::schemas`]. Tables of one name in different logical schemas may have
    /// columns of other types.
    Schema {
        position: u16,
        logical: Option<&'static str>,
    },
    /// `$1`, `$2` ..
    Parameter(u16),
    /// `t0`, `t1` ..: the name of a relation in a statement that has several.
    Alias(u16),
}

impl Piece {
    /// The number of the parameter that it is.
    pub(crate) fn parameter(&self) -> Option<u16> {
        match self {
            Self::Parameter(number) => Some(*number),
            Self::Text(_) | Self::Schema { .. } | Self::Alias(_) => None,
        }
    }
}

/// Tells the relations of a query from each other: 0 is the first table, those that are joined count on from it.
pub(crate) type Relation = u32;

#[derive(Debug, Clone)]
pub(crate) struct Sql {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) schemas: Schemas,
    pub(crate) parameters: Parameters,
    pub(crate) impossible: Option<Impossible>,
    pub(crate) binding: Binding,
    /// The settings of its tables, for row-level security.
    pub(crate) settings: Settings,
    /// Where the tenant is bound.
    tenant: Option<Tenant>,
    /// The relations that can be named here; empty where there is one only, whose columns need no name before them.
    relations: SmallVec<[(Relation, u16); 2]>,
    /// How many aliases were given.
    aliases: u16,
    /// Reads the rows that were deleted softly, too.
    with_deleted: WithDeleted,
}

/// Of which tables a statement reads the rows that were deleted softly, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithDeleted {
    None,
    /// Of the one that it is about; others are joined or asked as they would be by themselves.
    OfFirst,
    All,
}

impl WithDeleted {
    pub(crate) fn all(all: bool) -> Self {
        if all { Self::All } else { Self::None }
    }
}

/// How the tenant of row tables stands in a statement.
#[derive(Debug, Clone, Copy)]
enum Tenant {
    Parameter(u16),
    /// `tenant.key`: one of many tenants, for each of which the statement runs.
    Each,
}

impl Sql {
    pub(crate) fn new(binding: Binding) -> Self {
        Self {
            pieces: Vec::with_capacity(24),
            schemas: Schemas::new(),
            parameters: Parameters::new(),
            impossible: None,
            binding,
            tenant: None,
            relations: SmallVec::new(),
            aliases: 0,
            with_deleted: WithDeleted::None,
            settings: Settings::new(),
        }
    }

    pub(crate) fn with_deleted(self, with_deleted: WithDeleted) -> Self {
        Self { with_deleted, ..self }
    }

    /// For each of many tenants, whose key is `tenant.key`.
    pub(crate) fn for_each_tenant(&mut self) {
        self.tenant = Some(Tenant::Each);
    }

    /// Whether every relation needs a name, so that none is taken for the list of tenants.
    pub(crate) fn names_all_relations(&self) -> bool {
        matches!(self.tenant, Some(Tenant::Each))
    }

    pub(crate) fn push(&mut self, text: &'static str) -> &mut Self {
        self.pieces.push(Piece::Text(text));
        self
    }

    /// Writes a text of a table in the scope of the statement.
    pub(crate) fn push_scoped(&mut self, table: &TableTexts, text: Fragments) -> &mut Self {
        if let Some(setting) = table.setting
            && !self.settings.contains(&setting)
        {
            self.settings.push(setting);
        }
        match text {
            [only] => self.push(only),
            _ => {
                let schema = Piece::Schema { position: self.schema(table), logical: table.logical_schema };
                for (position, fragment) in text.iter().enumerate() {
                    if position > 0 {
                        self.pieces.push(schema);
                    }
                    self.push(fragment);
                }
                self
            }
        }
    }

    /// The position of the schema that holds a table of the statement's tenant.
    fn schema(&mut self, table: &TableTexts) -> u16 {
        let schema = match self.binding.schema_of(table) {
            Ok(schema) => schema,
            Err(reason) => {
                self.fail(reason);
                return 0;
            }
        };
        let position = self.schemas.iter().position(|known| *known == schema).unwrap_or_else(|| {
            self.schemas.push(schema);
            self.schemas.len() - 1
        });
        // A statement with more of them is far beyond what the server takes.
        u16::try_from(position).unwrap_or(u16::MAX)
    }

    /// Writes the number of the next parameter.
    pub(crate) fn bind(&mut self, value: Value) -> &mut Self {
        let parameter = self.next_parameter(value);
        self.pieces.push(Piece::Parameter(parameter));
        self
    }

    fn next_parameter(&mut self, value: Value) -> u16 {
        self.parameters.push(value);
        // A statement with more of them than PostgreSQL counts is never sent.
        u16::try_from(self.parameters.len()).unwrap_or(u16::MAX)
    }

    /// The tenant of a table isolated by row is bound before anything else, as `$1`.
    pub(crate) fn bind_tenant_first(&mut self, table: &TableTexts) {
        if !table.tenant.is_empty() && self.tenant.is_none() {
            self.tenant_parameter();
        }
    }

    fn tenant_parameter(&mut self) -> Tenant {
        if let Some(tenant) = self.tenant {
            return tenant;
        }
        let number = match self.binding.parameter() {
            Ok(value) => self.next_parameter(value),
            Err(reason) => {
                self.fail(reason);
                0
            }
        };
        *self.tenant.insert(Tenant::Parameter(number))
    }

    /// Writes the tenant as a value: `$1`.
    pub(crate) fn push_tenant(&mut self) -> &mut Self {
        match self.tenant_parameter() {
            Tenant::Parameter(number) => {
                self.pieces.push(Piece::Parameter(number));
                self
            }
            Tenant::Each => self.push("tenant.key"),
        }
    }

    /// Writes `items` with commas between.
    pub(crate) fn list<I>(
        &mut self,
        items: impl IntoIterator<Item = I>,
        mut write: impl FnMut(&mut Self, I),
    ) -> &mut Self {
        for (position, item) in items.into_iter().enumerate() {
            if position > 0 {
                self.push(", ");
            }
            write(self, item);
        }
        self
    }

    /// Names a relation, whose columns are then written with its name; answers with the name.
    pub(crate) fn name_relation(&mut self, relation: Relation) -> u16 {
        let alias = self.aliases;
        self.aliases += 1;
        self.relations.push((relation, alias));
        alias
    }

    pub(crate) fn forget_relation(&mut self) {
        self.relations.pop();
    }

    /// ` AS t0` and so on, after the table.
    pub(crate) fn push_relation(&mut self, table: &TableTexts, alias: u16) -> &mut Self {
        self.push_scoped(table, table.relation).push(" AS ");
        self.pieces.push(Piece::Alias(alias));
        self
    }

    /// Writes a column, with the name of its relation where there are several.
    pub(crate) fn push_column(&mut self, relation: Relation, name: &'static str) -> &mut Self {
        if self.relations.is_empty() {
            if relation != 0 {
                self.fail(Impossible::ForeignColumn);
            }
            return self.push(name);
        }
        match self.relations.iter().rev().find(|(known, _)| *known == relation) {
            Some((_, alias)) => self.pieces.push(Piece::Alias(*alias)),
            None => self.fail(Impossible::ForeignColumn),
        }
        self.push(".").push(name)
    }

    /// All columns of a relation.
    pub(crate) fn push_columns(&mut self, relation: Relation, table: &TableTexts) -> &mut Self {
        self.list(table.columns, |sql, column| {
            sql.push_column(relation, column);
        })
    }

    /// Begins the conditions on a relation by the tenant's, which is empty where the schema names the tenant, and
    /// by that it was not deleted softly.
    pub(crate) fn begin_where(&mut self, relation: Relation, table: &TableTexts) -> Conditions<'_> {
        self.conditions(" WHERE ", relation, table)
    }

    /// As [`begin_where`](Self::begin_where), for the condition of a join.
    pub(crate) fn begin_on(&mut self, relation: Relation, table: &TableTexts) -> Conditions<'_> {
        self.conditions(" ON ", relation, table)
    }

    fn conditions(&mut self, keyword: &'static str, relation: Relation, table: &TableTexts) -> Conditions<'_> {
        let mut conditions = Conditions { sql: self, keyword };
        conditions.and_scope(relation, table);
        conditions
    }

    /// The statement cannot be made; the first reason is the one that is told.
    pub(crate) fn fail(&mut self, reason: Impossible) {
        self.impossible.get_or_insert(reason);
    }

    /// The text that is sent.
    pub(crate) fn text(&self) -> String {
        write_pieces(&self.pieces, &self.schemas)
    }
}

/// The conditions of a statement, joined by AND.
pub(crate) struct Conditions<'s> {
    sql: &'s mut Sql,
    keyword: &'static str,
}

impl Conditions<'_> {
    pub(crate) fn and(&mut self) -> &mut Sql {
        self.sql.push(self.keyword);
        self.keyword = " AND ";
        self.sql
    }

    /// What belongs to a relation wherever it stands: its tenant, and that its rows are not deleted.
    pub(crate) fn and_scope(&mut self, relation: Relation, table: &TableTexts) {
        if !table.tenant.is_empty() {
            self.and().push_column(relation, table.tenant).push(" = ").push_tenant();
        }
        let with_deleted = match self.sql.with_deleted {
            WithDeleted::None => false,
            WithDeleted::OfFirst => relation == 0,
            WithDeleted::All => true,
        };
        if !table.deleted.is_empty() && !with_deleted {
            self.and().push_column(relation, table.deleted).push(" IS NULL");
        }
    }

    /// A condition of the user's: always in parentheses, so that it cannot widen the tenant's.
    pub(crate) fn and_filter(&mut self, filter: &Node) {
        let sql = self.and();
        if filter.has_parentheses() {
            filter.write(sql);
        } else {
            sql.push("(");
            filter.write(sql);
            sql.push(")");
        }
    }

    pub(crate) fn and_equal(&mut self, relation: Relation, column: &'static str, value: Value) {
        self.and().push_column(relation, column).push(" = ").bind(value);
    }
}

/// The parts of an expression one after another.
pub(crate) fn write_all(sql: &mut Sql, parts: &[Expr]) {
    for part in parts {
        part.write(sql);
    }
}

/// Joins the pieces with the quoted schema between. Nothing is searched for or replaced in the text.
pub(crate) fn splice(text: &mut String, fragments: Fragments, schemas: &[SchemaName]) {
    for (position, fragment) in fragments.iter().enumerate() {
        if let (1.., Some(schema)) = (position, schemas.first()) {
            text.push_str(schema.quoted());
        }
        text.push_str(fragment);
    }
}

/// The text of a statement in pieces.
pub(crate) fn write_pieces(pieces: &[Piece], schemas: &[SchemaName]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(8 * pieces.len());
    for piece in pieces {
        match piece {
            Piece::Text(fragment) => text.push_str(fragment),
            Piece::Schema { position, .. } => {
                text.push_str(schemas.get(usize::from(*position)).map_or("", SchemaName::quoted))
            }
            // Writing to a String cannot fail.
            Piece::Parameter(number) => _ = write!(text, "${number}"),
            Piece::Alias(number) => _ = write!(text, "t{number}"),
        }
    }
    text
}
