//! What an insert does where a row with the same key is there already.

use crate::column::Column;
use crate::sql::Sql;
use crate::statement::Impossible;
use crate::table::{Derived, TableTexts};

/// A key of table `T`, on which a row to insert can be in conflict with one that is there.
///
/// The derive writes it as an enum, `CustomerKey` for `Customer`: a variant for the primary key and for each unique key
/// whose columns an insert gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of `{T}`",
    label = "an insert into `{T}` is in conflict on a key of its own: a `{T}Key`"
)]
pub trait ConflictKey<T> {
    /// As they stand in SQL.
    #[doc(hidden)]
    fn columns(self) -> &'static [&'static str];
    #[doc(hidden)]
    fn only_the_derive_implements_this(_: Derived);
}

/// A column of table `T`, or up to twelve of them in a tuple.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "this is no column of `{T}`, nor several in a tuple",
    label = "give columns of `{T}`, twelve at most: `|c| c.name` or `|c| (c.name, c.phone)`"
)]
pub trait UpdatedColumns<T>: sealed::Sealed {
    #[doc(hidden)]
    fn append_to(self, names: &mut Vec<&'static str>);
}

mod sealed {
    #[diagnostic::on_unimplemented(
        message = "this is no column, nor several in a tuple",
        label = "give columns of the table, twelve at most: `|c| c.name` or `|c| (c.name, c.phone)`"
    )]
    pub trait Sealed {}
}

impl<T, V, N> sealed::Sealed for Column<T, V, N> {}

#[diagnostic::do_not_recommend]
impl<T, V, N> UpdatedColumns<T> for Column<T, V, N> {
    fn append_to(self, names: &mut Vec<&'static str>) {
        names.push(self.name());
    }
}

/// Each column has a type and a nullability of its own.
macro_rules! tuples {
    ($($value:ident $nullability:ident $column:ident),+) => {
        impl<T, $($value, $nullability),+> sealed::Sealed for ($(Column<T, $value, $nullability>,)+) {}

        #[diagnostic::do_not_recommend]
        impl<T, $($value, $nullability),+> UpdatedColumns<T> for ($(Column<T, $value, $nullability>,)+) {
            fn append_to(self, names: &mut Vec<&'static str>) {
                let ($($column,)+) = self;
                names.extend([$($column.name()),+]);
            }
        }
    };
}

tuples!(V1 N1 c1);
tuples!(V1 N1 c1, V2 N2 c2);
tuples!(V1 N1 c1, V2 N2 c2, V3 N3 c3);
tuples!(V1 N1 c1, V2 N2 c2, V3 N3 c3, V4 N4 c4);
tuples!(V1 N1 c1, V2 N2 c2, V3 N3 c3, V4 N4 c4, V5 N5 c5);
tuples!(V1 N1 c1, V2 N2 c2, V3 N3 c3, V4 N4 c4, V5 N5 c5, V6 N6 c6);
tuples!(V1 N1 c1, V2 N2 c2, V3 N3 c3, V4 N4 c4, V5 N5 c5, V6 N6 c6, V7 N7 c7);
tuples!(V1 N1 c1, V2 N2 c2, V3 N3 c3, V4 N4 c4, V5 N5 c5, V6 N6 c6, V7 N7 c7, V8 N8 c8);
tuples!(V1 N1 c1, V2 N2 c2, V3 N3 c3, V4 N4 c4, V5 N5 c5, V6 N6 c6, V7 N7 c7, V8 N8 c8, V9 N9 c9);
tuples!(V1 N1 c1, V2 N2 c2, V3 N3 c3, V4 N4 c4, V5 N5 c5, V6 N6 c6, V7 N7 c7, V8 N8 c8, V9 N9 c9, V10 N10 c10);
tuples!(
    V1 N1 c1, V2 N2 c2, V3 N3 c3, V4 N4 c4, V5 N5 c5, V6 N6 c6, V7 N7 c7, V8 N8 c8, V9 N9 c9, V10 N10 c10, V11 N11 c11
);
tuples!(
    V1 N1 c1, V2 N2 c2, V3 N3 c3, V4 N4 c4, V5 N5 c5, V6 N6 c6, V7 N7 c7, V8 N8 c8, V9 N9 c9, V10 N10 c10, V11 N11 c11,
    V12 N12 c12
);

/// What comes of a row whose key is there already.
#[derive(Debug, Clone)]
pub(crate) struct Conflict {
    key: &'static [&'static str],
    action: Action,
}

#[derive(Debug, Clone)]
enum Action {
    Nothing,
    /// Sets these columns to the values of the row that was to be inserted.
    Update(Vec<&'static str>),
}

impl Conflict {
    pub(crate) fn nothing(key: &'static [&'static str]) -> Self {
        Self { key, action: Action::Nothing }
    }

    pub(crate) fn update(
        key: &'static [&'static str],
        columns: Vec<&'static str>,
        texts: &'static TableTexts,
    ) -> Result<Self, Impossible> {
        if columns.is_empty() {
            return Err(Impossible::NoChanges);
        }
        match columns.iter().find(|column| !texts.inserted.contains(column)) {
            Some(column) => Err(Impossible::NotInserted { column }),
            None => Ok(Self { key, action: Action::Update(columns) }),
        }
    }

    /// Whether it matters that rows go in one statement: of two with the same key PostgreSQL updates none.
    pub(crate) fn is_update(&self) -> bool {
        matches!(self.action, Action::Update(_))
    }

    /// ` ON CONFLICT ("tenant_id", "email") DO UPDATE SET "name" = EXCLUDED."name"`. The row is there then: it is not
    /// deleted softly, and has another version.
    pub(crate) fn write(&self, texts: &TableTexts, sql: &mut Sql) {
        sql.push(" ON CONFLICT (")
            .list(texts.with_tenant(self.key.iter().copied()), |sql, column| _ = sql.push(column));
        match &self.action {
            Action::Nothing => sql.push(") DO NOTHING"),
            Action::Update(columns) => {
                sql.push(") DO UPDATE SET ").list(columns, |sql, column| {
                    sql.push(column).push(" = EXCLUDED.").push(column);
                });
                if !texts.version.is_empty() {
                    // Its name alone could be that of the row which was to be inserted.
                    sql.push(", ").push(texts.version).push(" = ").push_scoped(texts, texts.relation);
                    sql.push(".").push(texts.version).push(" + 1");
                }
                if !texts.deleted.is_empty() {
                    sql.push(", ").push(texts.deleted).push(" = NULL");
                }
                sql
            }
        };
    }
}
