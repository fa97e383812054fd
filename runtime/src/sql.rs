//! Statement text with its values, as it grows: pieces, which become text only where it is sent.

use crate::filter::Node;
use crate::scope::Binding;
use crate::tenant::SchemaName;
use crate::value::{Parameters, Value};

/// SQL text in pieces: the tenant's schema, already quoted, stands between each two of them.
pub(crate) type Fragments = &'static [&'static str];

/// A piece of a statement that is put together while the program runs. None of them holds what a user typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(&'static str),
    /// The tenant's schema.
    Schema,
    /// `$1`, `$2` ..
    Parameter(u16),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Sql {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) schema: Option<SchemaName>,
    pub(crate) parameters: Parameters,
}

impl Sql {
    /// Begins with a fixed head in the scope of `binding`. The tenant of a row table is `$1`, always.
    pub(crate) fn begin(head: Fragments, binding: &Binding) -> Self {
        let mut sql = Self { pieces: Vec::with_capacity(24), schema: binding.schema.clone(), ..Self::default() };
        sql.push_fragments(head);
        sql.parameters.extend(binding.tenant.clone().map(Value::tenant));
        sql
    }

    /// Begins with `head`, and goes on with a whole statement in the same scope.
    pub(crate) fn around(head: &'static str, inner: Self, tail: &'static str) -> Self {
        let mut pieces = Vec::with_capacity(inner.pieces.len() + 2);
        pieces.push(Piece::Text(head));
        pieces.extend(inner.pieces);
        pieces.push(Piece::Text(tail));
        Self { pieces, ..inner }
    }

    fn push_fragments(&mut self, fragments: Fragments) {
        for (position, fragment) in fragments.iter().enumerate() {
            if position > 0 && self.schema.is_some() {
                self.pieces.push(Piece::Schema);
            }
            self.push(fragment);
        }
    }

    pub(crate) fn push(&mut self, text: &'static str) -> &mut Self {
        self.pieces.push(Piece::Text(text));
        self
    }

    /// Writes the number of the next parameter.
    pub(crate) fn bind(&mut self, value: Value) -> &mut Self {
        self.parameters.push(value);
        // A statement with more of them than PostgreSQL counts is never sent.
        self.pieces.push(Piece::Parameter(u16::try_from(self.parameters.len()).unwrap_or(u16::MAX)));
        self
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

    /// Begins the condition with the tenant's part, which is empty where the schema names the tenant.
    pub(crate) fn begin_where(&mut self, tenant: &'static str) -> Where<'_> {
        let mut condition = Where { sql: self, started: false };
        if !tenant.is_empty() {
            condition.and().push(tenant);
        }
        condition
    }

    /// The text that is sent.
    pub(crate) fn text(&self) -> String {
        write_pieces(&self.pieces, self.schema.as_ref())
    }
}

/// The conditions of a statement, joined by AND.
pub(crate) struct Where<'s> {
    sql: &'s mut Sql,
    started: bool,
}

impl Where<'_> {
    pub(crate) fn and(&mut self) -> &mut Sql {
        self.sql.push(if self.started { " AND " } else { " WHERE " });
        self.started = true;
        self.sql
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
}

/// Joins the pieces with the quoted schema between. Nothing is searched for or replaced in the text.
pub(crate) fn splice(text: &mut String, fragments: Fragments, schema: Option<&SchemaName>) {
    for (position, fragment) in fragments.iter().enumerate() {
        if let (1.., Some(schema)) = (position, schema) {
            text.push_str(schema.quoted());
        }
        text.push_str(fragment);
    }
}

/// The text of a statement in pieces.
pub(crate) fn write_pieces(pieces: &[Piece], schema: Option<&SchemaName>) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(8 * pieces.len());
    for piece in pieces {
        match piece {
            Piece::Text(fragment) => text.push_str(fragment),
            Piece::Schema => text.push_str(schema.map_or("", SchemaName::quoted)),
            Piece::Parameter(number) => _ = write!(text, "${number}"), // writing to a String cannot fail
        }
    }
    text
}
