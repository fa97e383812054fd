//! Statement text with its values, as it grows.

use crate::filter::Node;
use crate::scope::Binding;
use crate::tenant::SchemaName;
use crate::value::{Parameters, Value};

/// SQL text in pieces: the tenant's schema, already quoted, stands between each two of them.
pub(crate) type Fragments = &'static [&'static str];

#[derive(Debug, Clone, Default)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) parameters: Parameters,
}

impl Sql {
    /// Begins with a fixed head in the scope of `binding`. The tenant of a row table is `$1`, always.
    pub(crate) fn begin(head: Fragments, binding: &Binding) -> Self {
        let mut sql = Self::default();
        splice(&mut sql.text, head, binding.schema.as_ref());
        sql.parameters.extend(binding.tenant.clone().map(Value::tenant));
        sql
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Writes the number of the next parameter.
    pub(crate) fn bind(&mut self, value: Value) -> &mut Self {
        self.parameters.push(value);
        push_parameter(&mut self.text, self.parameters.len());
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

fn push_parameter(text: &mut String, number: usize) {
    use std::fmt::Write;
    let _ = write!(text, "${number}"); // writing to a String cannot fail
}
