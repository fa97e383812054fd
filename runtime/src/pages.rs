//! Pages: a query's rows, part by part, from where the part before ended.

use std::fmt;

use crate::cursor::{Cursor, Part, Position};
use crate::error::Error;
use crate::executor::Executor;
use crate::keyset::{Keyset, behind};
use crate::run;
use crate::select::Select;
use crate::source::{KeyedSource, Source};
use crate::statement::{Impossible, Query, Returning};

/// A page of the rows of a query; made by [`Select::page`].
#[must_use = "a page does nothing until a verb runs it: `.fetch_page(&db)`"]
pub struct PagedSelect<Q, R = Q> {
    select: Select<Q, R>,
    keyset: Keyset,
    size: u32,
    at: Option<Cursor>,
}

impl<Q: Source, R> PagedSelect<Q, R> {
    pub(crate) fn new(select: Select<Q, R>, size: u32) -> Self
    where
        Q: KeyedSource,
    {
        Self { keyset: Keyset::new::<Q>(&select.order), select, size, at: None }
    }

    /// The page to which a cursor of the same query leads; the first page without one.
    pub fn at(self, cursor: Option<&Cursor>) -> Self {
        Self { at: cursor.cloned(), ..self }
    }

    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown. It is empty where
    /// nothing can run.
    #[must_use]
    pub fn sql(&self) -> String {
        self.clone().into_query().0.sql(Returning::Rows)
    }

    /// The query, and where in its rows the position of a row is found.
    fn into_query(self) -> (Query, Vec<usize>) {
        let Self { mut select, keyset, size, at } = self;
        let mut impossible = match () {
            () if size == 0 => Some(Impossible::EmptyPages),
            () if select.has_limits() => Some(Impossible::LimitedPages),
            () if select.is_grouped() => Some(Impossible::PagesOfGroups),
            () => None,
        };
        let places = select.bring(keyset.terms.iter().map(|term| &term.by));
        select.order = keyset.order(at.as_ref().map(|cursor| cursor.part));
        if let Some(cursor) = &at {
            match keyset.values_at(cursor) {
                Some(values) => select.filters.push(behind(&select.order, &values, cursor.part.is_inclusive())),
                None => impossible = impossible.or(Some(Impossible::CursorOfAnotherQuery)),
            }
        }
        // One row more tells whether there are more.
        let select = select.limit(size.saturating_add(1));
        let mut sql = select.to_sql();
        if let Some(reason) = impossible {
            sql.fail(reason);
        }
        (select.query(sql), places)
    }
}

impl<Q: Source, R: Send + 'static> PagedSelect<Q, R> {
    /// Runs the query and reads the rows of the page.
    ///
    /// # Errors
    ///
    /// [`is_invalid_cursor`](crate::Error::is_invalid_cursor) where the cursor is of another query, and whatever the database
    /// answers. A query that is grouped, distinct or has a limit of its own has no pages, and none has no rows: nothing is
    /// sent then.
    pub async fn fetch_page(self, executor: &dyn Executor) -> Result<Page<R>, Error> {
        let (size, fingerprint, decode) = (self.size, self.keyset.fingerprint, self.select.decode);
        let at = self.at.clone();
        let (query, places) = self.into_query();
        let read = move |row: &crate::row::Row<'_>| Ok((decode(row)?, row.position(&places)?));
        let rows = run::fetch_all_by(query, read, executor.target()).await?;
        let cursor = |part, position| Cursor { part, fingerprint, position };
        Ok(Page::new(rows, usize::try_from(size).unwrap_or(usize::MAX), at, cursor))
    }
}

impl<Q, R> Clone for PagedSelect<Q, R> {
    fn clone(&self) -> Self {
        Self { select: self.select.clone(), keyset: self.keyset.clone(), size: self.size, at: self.at.clone() }
    }
}

impl<Q, R> fmt::Debug for PagedSelect<Q, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PagedSelect")
            .field("select", &self.select)
            .field("size", &self.size)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// Some of a query's rows; made by [`PagedSelect::fetch_page`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<R> {
    /// The rows, in the query's order.
    pub rows: Vec<R>,
    next: Option<Cursor>,
    previous: Option<Cursor>,
}

impl<R> Page<R> {
    /// `rows` as they came: in the order that leads away from the position, and with one more where there are more.
    fn new(
        mut rows: Vec<(R, Position)>,
        size: usize,
        at: Option<Cursor>,
        cursor: impl Fn(Part, Position) -> Cursor,
    ) -> Self {
        let has_more = rows.len() > size;
        rows.truncate(size);
        let is_backward = at.as_ref().is_some_and(|cursor| cursor.part.is_backward());
        if is_backward {
            rows.reverse();
        }
        let first = rows.first().map(|(_, position)| cursor(Part::Before, position.clone()));
        let last = rows.last().map(|(_, position)| cursor(Part::After, position.clone()));
        // Where no row is left, it goes back to all that was on the other side of the position.
        let back = at.map(|at| cursor(at.part.others(), at.position));
        let (next, previous) = match is_backward {
            false => (last.filter(|_| has_more), back.map(|back| first.unwrap_or(back))),
            true => (last.or(back), first.filter(|_| has_more)),
        };
        Self { rows: rows.into_iter().map(|(row, _)| row).collect(), next, previous }
    }

    /// Leads to the page behind this one, if there are rows there. A page that was reached backwards always has one.
    #[must_use]
    pub fn next(&self) -> Option<&Cursor> {
        self.next.as_ref()
    }

    /// Leads to the page before this one, if there are rows there. A page that was reached forwards always has one, except
    /// the first.
    #[must_use]
    pub fn previous(&self) -> Option<&Cursor> {
        self.previous.as_ref()
    }
}
