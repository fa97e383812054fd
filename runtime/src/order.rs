use std::fmt;
use std::marker::PhantomData;

/// A column to order by, and its direction; made by [`Column::asc`](crate::Column::asc) and
/// [`Column::desc`](crate::Column::desc).
pub struct Order<T> {
    column: &'static str,
    direction: &'static str,
    nulls: &'static str,
    table: PhantomData<fn() -> T>,
}

impl<T> Order<T> {
    pub(crate) fn new(column: &'static str, direction: &'static str) -> Self {
        Self { column, direction, nulls: "", table: PhantomData }
    }

    /// `NULLS FIRST`
    #[must_use]
    pub fn nulls_first(self) -> Self {
        Self { nulls: " NULLS FIRST", ..self }
    }

    /// `NULLS LAST`
    #[must_use]
    pub fn nulls_last(self) -> Self {
        Self { nulls: " NULLS LAST", ..self }
    }

    pub(crate) fn write(&self, sql: &mut String) {
        for part in [self.column, self.direction, self.nulls] {
            sql.push_str(part);
        }
    }
}

impl<T> Clone for Order<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Order<T> {}

/// One column is a list of one, so that `order_by` takes both.
impl<T> IntoIterator for Order<T> {
    type Item = Self;
    type IntoIter = std::iter::Once<Self>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self)
    }
}

impl<T> fmt::Debug for Order<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sql = String::new();
        self.write(&mut sql);
        write!(formatter, "Order({sql})")
    }
}
