//! Eager loading: what belongs to the rows of a list, by one more statement for each relation.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use crate::error::Error;
use crate::executor::{Executor, Target};
use crate::expression::Expr;
use crate::filter::Node;
use crate::relation::{ToMany, ToOne};
use crate::run;
use crate::scope::Binding;
use crate::select::Select;
use crate::statement::Statement;
use crate::table::Table;
use crate::value::Value;

/// What can be loaded along with rows of `T`: a relation, one with further relations of its own, or a tuple of these.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation of `{T}`",
    label = "expected a relation from `{T}`, like `Order::account()` for `Order`, or a tuple of them"
)]
pub trait Load<T>: Send + Sync {
    /// What belongs to one row.
    type Loaded: Send + 'static;

    #[doc(hidden)]
    fn load<'a>(&'a self, rows: &'a [T], binding: &'a Binding, target: Target<'a>) -> Loads<'a, Self::Loaded>;
}

/// What belongs to each of the rows, when it has come.
type Loads<'a, L> = Pin<Box<dyn Future<Output = Result<Vec<L>, Error>> + Send + 'a>>;

/// A relation by itself, or of chosen rows: [`ToOne`], [`ToMany`] or [`Chosen`].
///
/// This trait is sealed.
pub trait Relate<T>: Send + Sync {
    /// The table to which it leads.
    type Other: Send + Sync + 'static;
    /// What belongs to one row, where each of the other rows comes as an `X`.
    type Of<X: Send + Sync + 'static>: Send + 'static;

    #[doc(hidden)]
    fn statement(
        &self,
        rows: &[T],
        binding: &Binding,
        choose: Choose<'_, Self::Other>,
    ) -> Option<Statement<Self::Other>>;
    #[doc(hidden)]
    fn assemble<X: Send + Sync + 'static>(
        &self,
        rows: &[T],
        others: Vec<X>,
        other: fn(&X) -> &Self::Other,
    ) -> Vec<Self::Of<X>>;
}

type Choose<'c, U> = &'c dyn Fn(Select<U>) -> Select<U>;

/// A query on related rows, whose scope is that of the rows to which they are related.
#[derive(Debug, Clone, Copy)]
pub enum OfRelation {}

/// A relation whose rows are chosen; made by `rows`.
#[derive(Clone)]
pub struct Chosen<R, U> {
    relation: R,
    choose: Arc<dyn Fn(Select<U>) -> Select<U> + Send + Sync>,
}

/// A relation whose rows are loaded with relations of their own; made by `with`.
#[derive(Debug, Clone)]
pub struct With<R, L> {
    relation: R,
    further: L,
}

/// The methods of every relation.
macro_rules! relation {
    ($other:ident) => {
        /// Which of the related rows are loaded, and in which order: `|orders| orders.order_by(|o| o.id.asc())`. A limit
        /// is one of all of them together.
        pub fn rows(
            self,
            choose: impl Fn(Select<$other, $other, OfRelation>) -> Select<$other, $other, OfRelation>
            + Send
            + Sync
            + 'static,
        ) -> Chosen<Self, $other> {
            Chosen { relation: self, choose: Arc::new(move |select| choose(select.in_state()).in_state()) }
        }

        /// Loads relations of the related rows, too: each comes in a pair with what belongs to it.
        pub fn with<L: Load<$other>>(self, further: L) -> With<Self, L> {
            With { relation: self, further }
        }
    };
}

impl<C: Table, P: Table> ToOne<C, P> {
    relation!(P);
}

impl<P: Table, C: Table> ToMany<P, C> {
    relation!(C);
}

impl<R, U: Table> Chosen<R, U> {
    /// Loads relations of the related rows, too: each comes in a pair with what belongs to it.
    pub fn with<L: Load<U>>(self, further: L) -> With<Self, L> {
        With { relation: self, further }
    }
}

/// The related rows whose column is among the keys.
fn among<U: Table>(all: Select<U>, column: &'static str, keys: Value, choose: Choose<'_, U>) -> Statement<U> {
    let mut select = choose(all);
    let left = Expr::Column { relation: 0, name: column };
    select.filters.push(Node::List { left, operator: "= ANY", values: keys });
    select.into_statement()
}

impl<C: Table, P: Table + Sync> Relate<C> for ToOne<C, P> {
    type Other = P;
    /// Several rows may refer to the same one.
    type Of<X: Send + Sync + 'static> = Option<Arc<X>>;

    fn statement(&self, rows: &[C], binding: &Binding, choose: Choose<'_, P>) -> Option<Statement<P>> {
        let keys = self.0.keys_in_children(&mut rows.iter())?;
        Some(among(self.0.parents(binding.clone()), self.0.key(), keys, choose))
    }

    fn assemble<X: Send + Sync + 'static>(
        &self,
        rows: &[C],
        others: Vec<X>,
        other: fn(&X) -> &P,
    ) -> Vec<Option<Arc<X>>> {
        let positions = self.0.match_up(&mut rows.iter(), &mut others.iter().map(other));
        let others: Vec<_> = others.into_iter().map(Arc::new).collect();
        positions.into_iter().map(|position| others.get(position?).cloned()).collect()
    }
}

impl<P: Table, C: Table + Sync> Relate<P> for ToMany<P, C> {
    type Other = C;
    type Of<X: Send + Sync + 'static> = Vec<X>;

    fn statement(&self, rows: &[P], binding: &Binding, choose: Choose<'_, C>) -> Option<Statement<C>> {
        let keys = self.0.keys_of_parents(&mut rows.iter())?;
        Some(among(self.0.children(binding.clone()), self.0.column(), keys, choose))
    }

    fn assemble<X: Send + Sync + 'static>(&self, rows: &[P], others: Vec<X>, other: fn(&X) -> &C) -> Vec<Vec<X>> {
        let positions = self.0.match_up(&mut others.iter().map(other), &mut rows.iter());
        let mut of_each: Vec<Vec<X>> = rows.iter().map(|_| Vec::new()).collect();
        for (position, other) in positions.into_iter().zip(others) {
            if let Some(of_row) = position.and_then(|position| of_each.get_mut(position)) {
                of_row.push(other);
            }
        }
        of_each
    }
}

impl<T, U: Table + Sync, R: Relate<T, Other = U>> Relate<T> for Chosen<R, U> {
    type Other = U;
    type Of<X: Send + Sync + 'static> = R::Of<X>;

    fn statement(&self, rows: &[T], binding: &Binding, choose: Choose<'_, U>) -> Option<Statement<U>> {
        self.relation.statement(rows, binding, &|select| choose((self.choose)(select)))
    }

    fn assemble<X: Send + Sync + 'static>(&self, rows: &[T], others: Vec<X>, other: fn(&X) -> &U) -> Vec<R::Of<X>> {
        self.relation.assemble(rows, others, other)
    }
}

async fn others<T, R: Relate<T>>(
    relation: &R,
    rows: &[T],
    binding: &Binding,
    target: Target<'_>,
) -> Result<Vec<R::Other>, Error> {
    match relation.statement(rows, binding, &|select| select) {
        Some(statement) => run::fetch_all(statement, target).await,
        // No row refers to any, or there are no rows.
        None => Ok(Vec::new()),
    }
}

/// A relation by itself.
macro_rules! loads_itself {
    ([$($generics:tt)*] $relation:ty, $from:ident) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Load<$from> for $relation {
            type Loaded = <Self as Relate<$from>>::Of<<Self as Relate<$from>>::Other>;

            fn load<'a>(&'a self, rows: &'a [$from], binding: &'a Binding, target: Target<'a>) -> Loads<'a, Self::Loaded> {
                Box::pin(async move {
                    let others = others(self, rows, binding, target).await?;
                    Ok(self.assemble(rows, others, |other| other))
                })
            }
        }
    };
}

loads_itself!([C: Table + Sync, P: Table + Sync] ToOne<C, P>, C);
loads_itself!([P: Table + Sync, C: Table + Sync] ToMany<P, C>, P);
loads_itself!([T: Sync, U: Table + Sync, R: Relate<T, Other = U>] Chosen<R, U>, T);

#[diagnostic::do_not_recommend]
impl<T: Sync, R: Relate<T>, L: Load<R::Other>> Load<T> for With<R, L>
where
    L::Loaded: Sync,
{
    type Loaded = R::Of<(R::Other, L::Loaded)>;

    fn load<'a>(&'a self, rows: &'a [T], binding: &'a Binding, target: Target<'a>) -> Loads<'a, Self::Loaded> {
        Box::pin(async move {
            let others = others(&self.relation, rows, binding, target).await?;
            let further = self.further.load(&others, binding, target).await?;
            let pairs = others.into_iter().zip(further).collect();
            Ok(self.relation.assemble(rows, pairs, |(other, _)| other))
        })
    }
}

macro_rules! together {
    ($($name:ident $position:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<T: Sync, $($name: Load<T>),+> Load<T> for ($($name,)+) {
            type Loaded = ($($name::Loaded,)+);

            fn load<'a>(&'a self, rows: &'a [T], binding: &'a Binding, target: Target<'a>) -> Loads<'a, Self::Loaded> {
                Box::pin(async move {
                    $(
                        #[expect(non_snake_case, reason = "named as its type")]
                        let mut $name = self.$position.load(rows, binding, target).await?.into_iter();
                    )+
                    Ok(rows.iter().map_while(|_| Some(($($name.next()?,)+))).collect())
                })
            }
        }
    };
}

together!(A 0, B 1);
together!(A 0, B 1, C 2);
together!(A 0, B 1, C 2, D 3);
together!(A 0, B 1, C 2, D 3, E 4);

/// A query whose rows come in pairs with what belongs to them; made by [`Select::with`].
///
/// Its statements run one after another, one for each relation. A change between them is seen by the later ones, unless they
/// run in a transaction of [`RepeatableRead`](crate::IsolationLevel::RepeatableRead).
#[must_use = "a query does nothing until a verb runs it: `.fetch_all(&db)`, .."]
#[derive(Debug, Clone)]
pub struct Loading<T, L> {
    select: Select<T>,
    load: L,
}

impl<T: Table + Sync> Select<T> {
    /// Loads what belongs to each row, too, by one more statement for each relation: `WHERE "customer_id" = ANY($1)`,
    /// scoped like the query itself. A row comes in a pair with what belongs to it: with an `Option<Arc<Account>>` of a
    /// [`ToOne`], with a `Vec<Order>` of a [`ToMany`], with a tuple of a tuple of relations; and relations of the related
    /// rows are loaded where the relation itself has a `with`, to any depth.
    pub fn with<L: Load<T>>(self, load: L) -> Loading<T, L> {
        Loading { select: self, load }
    }
}

impl<T: Table + Sync, L: Load<T>> Loading<T, L> {
    /// Runs the statements and reads the one row, with what belongs to it.
    ///
    /// # Errors
    ///
    /// As [`Statement::fetch_one`].
    pub async fn fetch_one(self, executor: &dyn Executor) -> Result<(T, L::Loaded), Error> {
        let table = T::SQL.texts.table;
        self.fetch_optional(executor).await?.ok_or_else(|| Error::not_found(table))
    }

    /// Runs the statements and reads the row, if there is one, with what belongs to it.
    ///
    /// # Errors
    ///
    /// As [`Statement::fetch_optional`].
    pub async fn fetch_optional(self, executor: &dyn Executor) -> Result<Option<(T, L::Loaded)>, Error> {
        let binding = self.select.binding.clone();
        let row = run::fetch_optional(&self.select.into_statement(), executor.target()).await?;
        let rows: Vec<T> = row.into_iter().collect();
        let loaded = self.load.load(&rows, &binding, executor.target()).await?;
        Ok(rows.into_iter().zip(loaded).next())
    }

    /// Runs the statements and reads all rows, each with what belongs to it.
    ///
    /// # Errors
    ///
    /// Whatever the database answers.
    pub async fn fetch_all(self, executor: &dyn Executor) -> Result<Vec<(T, L::Loaded)>, Error> {
        let binding = self.select.binding.clone();
        let rows = run::fetch_all(self.select.into_statement(), executor.target()).await?;
        let loaded = self.load.load(&rows, &binding, executor.target()).await?;
        Ok(rows.into_iter().zip(loaded).collect())
    }
}

impl<R: fmt::Debug, U> fmt::Debug for Chosen<R, U> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Chosen").field(&self.relation).finish()
    }
}
