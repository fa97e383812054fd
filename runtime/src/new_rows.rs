//! Rows to insert, column by column, and the statement that inserts them.

use std::fmt;
use std::iter;
use std::ops::Range;
use std::sync::Arc;

use bytes::BytesMut;
use tokio_postgres::types::{Format, IsNull, Kind, ToSql, Type};

use crate::conflict::Conflict;
use crate::expression::Expr;
use crate::scope::Binding;
use crate::sql::Sql;
use crate::statement::{MAX_PARAMETERS, Query};
use crate::table::{FixedText, NewRow, NewValues, Table, TableTexts};
use crate::value::Value;

/// So many rows go in one statement. More of them are no faster, and the server answers the later.
const MAX_ROWS: usize = 10_000;

/// The values of a column, row by row. `None` is the database's default.
pub(crate) type Cells = Vec<Option<Value>>;

/// Rows to insert, of one table.
#[derive(Debug, Clone)]
pub(crate) struct NewRows {
    texts: &'static TableTexts,
    one: &'static FixedText,
    binding: Binding,
    conflict: Option<Conflict>,
    returning: Option<Returned>,
    /// Of all columns that an insert can give, in their order.
    columns: Arc<[Cells]>,
    /// Those of the rows that go in this statement.
    rows: Range<usize>,
    form: Form,
}

/// How the values stand in the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Each column is one parameter, so that the text is the same for any number of rows.
    Arrays,
    /// Each value is a parameter, or `DEFAULT`.
    Lists,
}

/// What is brought of the rows, where it is not all their columns.
pub(crate) type Returned = Arc<[Expr]>;

/// The whole statement, with what it brings of the rows that it writes.
pub(crate) fn returning(mut sql: Sql, texts: &'static TableTexts, returned: Option<&Returned>) -> Query {
    let from = sql.pieces.len();
    match returned {
        None => _ = sql.push(texts.returning),
        Some(returned) => _ = sql.push(" RETURNING ").list(&**returned, |sql, expression| expression.write(sql)),
    }
    Query::of(texts.table, sql, Some(from))
}

/// The columns of rows.
pub(crate) fn columns_of<T: Table>(news: impl IntoIterator<Item = T::New>) -> Arc<[Cells]> {
    let news = news.into_iter();
    let rows = news.size_hint().0;
    let mut columns: Vec<_> = T::SQL.texts.inserted.iter().map(|_| Cells::with_capacity(rows)).collect();
    let mut values = NewValues::default();
    for new in news {
        new.values(&mut values);
        for (column, value) in iter::zip(&mut columns, values.0.drain(..)) {
            column.push(value);
        }
    }
    columns.into()
}

impl NewRows {
    pub(crate) fn new<T: Table>(
        columns: Arc<[Cells]>,
        binding: Binding,
        conflict: Option<Conflict>,
        returning: Option<Returned>,
    ) -> Self {
        let is_given = |column: &Cells| column.iter().all(Option::is_some);
        let is_left_out = |column: &Cells| column.iter().all(Option::is_none);
        // A value beside a default is no array, and without any column there is none.
        let are_arrays = columns.iter().all(|column| is_given(column) || is_left_out(column))
            && columns.iter().any(|column| !is_left_out(column));
        Self {
            texts: &T::SQL.texts,
            one: &T::SQL.insert_one,
            binding,
            conflict,
            returning,
            rows: 0..columns.first().map_or(0, Vec::len),
            columns,
            form: if are_arrays { Form::Arrays } else { Form::Lists },
        }
    }

    pub(crate) fn query(&self) -> Query {
        let mut sql = match self.form {
            Form::Arrays => self.arrays(),
            Form::Lists => lists(self.texts, &self.binding, self.rows.clone().map(|row| self.row(row))),
        };
        if let Some(conflict) = &self.conflict {
            conflict.write(self.texts, &mut sql);
        }
        let query = returning(sql, self.texts, self.returning.as_ref());
        Query { rows: Some(Box::new(self.clone())), reusable: self.form == Form::Arrays, ..query }
    }

    /// `INSERT INTO table ("tenant_id", "a", "b") SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3)`
    ///
    /// Where the functions stand in `FROM`, a composite type would be taken apart.
    fn arrays(&self) -> Sql {
        let mut sql = Sql::new(self.binding.clone());
        sql.bind_tenant_first(self.texts);
        sql.push_scoped(self.texts, self.texts.insert_into);
        sql.list(self.texts.with_tenant(self.given().map(|(_, name)| name)), |sql, column| _ = sql.push(column));
        sql.push(") SELECT ");
        if self.common() > 0 {
            sql.push_tenant().push(", ");
        }
        sql.list(self.given(), |sql, (place, _)| {
            sql.push("pg_catalog.unnest(").bind(Value::new(self.elements(place))).push(")");
        });
        sql
    }

    /// The columns that have values, with their places.
    fn given(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let columns = iter::zip(&*self.columns, self.texts.inserted).enumerate();
        columns.filter(|(_, (column, _))| column.iter().any(Option::is_some)).map(|(place, (_, name))| (place, *name))
    }

    fn row(&self, row: usize) -> impl Iterator<Item = Option<Value>> {
        self.columns.iter().map(move |column| column.get(row)?.clone())
    }

    /// How many parameters stand once for all rows: the tenant of a row table.
    fn common(&self) -> usize {
        usize::from(!self.texts.tenant.is_empty())
    }

    /// How many parameters stand in what is brought of the rows, behind all others.
    fn brought(&self) -> usize {
        self.returning.iter().flat_map(|returned| &**returned).map(Expr::values).sum()
    }

    /// The statements that insert them one after another, where they are too many for one.
    pub(crate) fn parts(&self) -> Option<impl Iterator<Item = Query> + Clone + use<>> {
        // As lists they have to fit, too.
        let others = self.common() + self.brought();
        let most = MAX_ROWS.min(MAX_PARAMETERS.saturating_sub(others) / self.columns.len().max(1)).max(1);
        let is_update = self.conflict.as_ref().is_some_and(Conflict::is_update);
        let (all, end) = (self.clone(), self.rows.end);
        (self.rows.len() > most && !is_update).then(move || {
            let parts = self.rows.clone().step_by(most);
            parts.map(move |start| Self { rows: start..end.min(start + most), ..all.clone() }.query())
        })
    }

    pub(crate) fn are_arrays(&self) -> bool {
        self.form == Form::Arrays
    }

    /// The same rows with each value by itself, and the types of these, by those of the elements of the arrays.
    pub(crate) fn as_lists(&self, elements: &[Type]) -> (Query, Vec<Type>) {
        let lists = Self { form: Form::Lists, ..self.clone() }.query();
        let [common, columns, brought] = self.split(elements).unwrap_or_default();
        let values = lists.parameters.len().saturating_sub(brought.len());
        let types = common.iter().chain(columns.iter().cycle()).take(values).chain(brought).cloned().collect();
        (lists, types)
    }

    /// The types of the elements: of what is common to all rows, of the columns, and of the values in what is brought.
    fn split<'t>(&self, elements: &'t [Type]) -> Option<[&'t [Type]; 3]> {
        let (common, elements) = elements.split_at_checked(self.common())?;
        let (columns, brought) = elements.split_at_checked(elements.len().checked_sub(self.brought())?)?;
        Some([common, columns, brought])
    }

    /// The insert of one row, whose parameters have the types of the columns. It does not tell those of the values in what
    /// is brought.
    pub(crate) fn insert_of_one(&self) -> Option<&'static FixedText> {
        (self.brought() == 0).then_some(self.one)
    }

    /// The insert of the first of these rows alone, with what is brought of it.
    pub(crate) fn insert_of_first(&self) -> Query {
        let rows = self.rows.start..self.rows.end.min(self.rows.start + 1);
        Self { form: Form::Lists, rows, ..self.clone() }.query()
    }

    /// The same rows, of which nothing is brought.
    pub(crate) fn counted(self) -> Self {
        Self { returning: None, ..self }
    }

    /// What the parameters have, by what those of the insert of one row have: their types. Where they are arrays, it is
    /// of the elements.
    pub(crate) fn types<C: Clone>(&self, of_one: &[C]) -> Option<Vec<C>> {
        if self.brought() > 0 {
            // It was the first of these rows.
            return self.are_arrays().then(|| of_one.to_vec());
        }
        let (common, columns) = of_one.split_at_checked(self.common())?;
        let mut types = common.to_vec();
        match self.form {
            Form::Arrays => {
                for (place, _) in self.given() {
                    types.push(columns.get(place)?.clone());
                }
            }
            Form::Lists => {
                for row in self.rows.clone() {
                    let given = iter::zip(self.row(row), columns).filter(|(value, _)| value.is_some());
                    types.extend(given.map(|(_, ty)| ty.clone()));
                }
            }
        }
        Some(types)
    }

    /// The types of the parameters of the insert of one row, where those of this statement tell them. Of arrays it is
    /// that insert which was asked about.
    pub(crate) fn types_of_one<'t>(&self, types: &'t [Type]) -> Option<&'t [Type]> {
        let is_complete = self.row(self.rows.start).all(|value| value.is_some());
        match self.form {
            Form::Arrays => Some(types),
            Form::Lists if is_complete && self.brought() == 0 => types.get(..self.common() + self.columns.len()),
            Form::Lists => None,
        }
    }

    /// The types of the arrays, by those of their elements. `None` where one of them cannot be an array.
    pub(crate) fn types_of_arrays(
        &self,
        elements: &[Type],
        array: impl Fn(&Type) -> Option<Type>,
    ) -> Option<Vec<Type>> {
        let [common, columns, brought] = self.split(elements)?;
        if self.has_text(columns) {
            return None;
        }
        let (common, brought) = (common.iter().cloned().map(Some), brought.iter().cloned().map(Some));
        common.chain(columns.iter().map(array)).chain(brought).collect()
    }

    /// Whether a value goes as text, which none within an array can.
    fn has_text(&self, elements: &[Type]) -> bool {
        iter::zip(self.given(), elements).any(|((place, _), ty)| self.elements(place).have_text(ty))
    }

    fn elements(&self, place: usize) -> Elements {
        Elements { columns: Arc::clone(&self.columns), place, rows: self.rows.clone() }
    }
}

/// `INSERT INTO table ("tenant_id", "a", "b") VALUES ($1, $2, $3), ($1, $4, DEFAULT)`
pub(crate) fn lists(
    texts: &TableTexts,
    binding: &Binding,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = Option<Value>>>,
) -> Sql {
    let mut sql = Sql::new(binding.clone());
    sql.bind_tenant_first(texts);
    sql.push_scoped(texts, texts.insert);
    sql.list(rows, |sql, row| {
        sql.push("(");
        if !texts.tenant.is_empty() {
            sql.push_tenant().push(", ");
        }
        sql.list(row, |sql, value| {
            match value {
                Some(value) => sql.bind(value),
                None => sql.push("DEFAULT"),
            };
        });
        sql.push(")");
    });
    sql
}

impl TableTexts {
    /// Columns, behind the tenant's where there is one.
    pub(crate) fn with_tenant(
        &self,
        columns: impl IntoIterator<Item = &'static str>,
    ) -> impl Iterator<Item = &'static str> {
        Some(self.tenant).filter(|column| !column.is_empty()).into_iter().chain(columns)
    }
}

/// A column's values of some rows, bound as an array.
struct Elements {
    columns: Arc<[Cells]>,
    place: usize,
    rows: Range<usize>,
}

impl Elements {
    fn values(&self) -> &[Option<Value>] {
        self.columns.get(self.place).and_then(|column| column.get(self.rows.clone())).unwrap_or_default()
    }

    fn have_text(&self, element: &Type) -> bool {
        self.values().iter().any(|value| matches!(value.encode_format(element), Format::Text))
    }
}

impl fmt::Debug for Elements {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Elements")
    }
}

impl ToSql for Elements {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql_checked(ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match ty.kind() {
            Kind::Array(element) if self.have_text(element) => {
                Err("a value that goes as text is none of an array".into())
            }
            _ => self.values().to_sql_checked(ty, out),
        }
    }
}
