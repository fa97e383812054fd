//! What a batch is made of, and how its answers are waited for.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::batched::{Answer, BatchItem, Batched};
use super::outcome::{Outcome, Plan};
use crate::error::Error;
use crate::executor::Lease;
use crate::wire::Wire;

/// What a [batch](crate::batch()) is made of: a tuple of 1 to 8 statements that say how their answers are read, or a
/// `Vec` of such statements with one type of answer.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "a batch is a tuple of 1 to 8 statements, or a `Vec` of them",
    label = "this is neither: write `(.., ..)`, or `(..,)` for one"
)]
pub trait BatchItems: sealed::Sealed + Send + Sync + 'static {
    /// The answers of all statements, in their order.
    type Answers;
    /// For each statement its answer or its error, in their order.
    type Each;

    #[doc(hidden)]
    fn note(&self, plan: &mut Plan);
    /// What is answered where there is nothing to run.
    #[doc(hidden)]
    fn nothing(&self) -> Option<Self::Each> {
        None
    }
    #[doc(hidden)]
    fn land<'f>(&'f self, flights: Flights<'f>) -> Landing<'f, Self::Each>;
    #[doc(hidden)]
    fn all(&self, each: Self::Each, outcome: Outcome) -> Result<Self::Answers, Error>;
}

/// What becomes of each statement, under way.
pub(super) type Landing<'f, E> = Pin<Box<dyn Future<Output = E> + Send + 'f>>;

mod sealed {
    pub trait Sealed {}
}

macro_rules! tuple {
    ($($item:ident $position:tt),+) => {
        impl<$($item: BatchItem),+> sealed::Sealed for ($($item,)+) {}

        impl<$($item: BatchItem),+> BatchItems for ($($item,)+) {
            type Answers = ($($item::Answer,)+);
            type Each = ($(Result<$item::Answer, Error>,)+);

            fn note(&self, plan: &mut Plan) {
                $(plan.note(self.$position.batched());)+
            }

            fn land<'f>(&'f self, flights: Flights<'f>) -> Landing<'f, Self::Each> {
                Box::pin(async move {
                    let mut answers = ($(flights.start(self.$position.batched()),)+);
                    flights.land(&mut [$(&mut answers.$position),+]).await;
                    ($(answers.$position.landed(),)+)
                })
            }

            fn all(&self, each: Self::Each, mut outcome: Outcome) -> Result<Self::Answers, Error> {
                let answers = ($(outcome.sift(each.$position),)+);
                Ok(($(outcome.answer(answers.$position)?,)+))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

impl<I: BatchItem> sealed::Sealed for Vec<I> {}

impl<I: BatchItem> BatchItems for Vec<I> {
    type Answers = Vec<I::Answer>;
    type Each = Vec<Result<I::Answer, Error>>;

    fn note(&self, plan: &mut Plan) {
        for item in self {
            plan.note(item.batched());
        }
    }

    fn nothing(&self) -> Option<Self::Each> {
        self.is_empty().then(Vec::new)
    }

    fn land<'f>(&'f self, flights: Flights<'f>) -> Landing<'f, Self::Each> {
        Box::pin(async move {
            let mut answers: Vec<_> = self.iter().map(|item| flights.start(item.batched())).collect();
            flights.land(&mut answers.iter_mut().map(|answer| answer as _).collect::<Vec<_>>()).await;
            answers.into_iter().map(Flight::landed).collect()
        })
    }

    fn all(&self, each: Self::Each, mut outcome: Outcome) -> Result<Self::Answers, Error> {
        let answers: Vec<_> = each.into_iter().map(|answer| outcome.sift(answer)).collect();
        answers.into_iter().map(|answer| outcome.answer(answer)).collect()
    }
}

/// Where the statements of a batch are under way.
#[derive(Clone, Copy)]
pub struct Flights<'f> {
    lease: &'f Lease<'f>,
    /// A pooler stands between: one is not sent before the one before has landed.
    one_by_one: bool,
}

/// A statement under way, or its answer.
enum Flight<'f, A> {
    UnderWay(Answer<'f, A>),
    Landed(Result<A, Error>),
}

trait Land: Send {
    fn lands(&mut self, context: &mut Context<'_>) -> bool;
}

impl<'f> Flights<'f> {
    pub(super) fn on(lease: &'f Lease<'f>) -> Self {
        Self { lease, one_by_one: lease.wire().is_some_and(Wire::is_behind_pooler) }
    }

    /// The statement is sent when it is polled first.
    fn start<A>(&self, statement: &'f Batched<A>) -> Flight<'f, A> {
        Flight::UnderWay(statement.start(self.lease.again()))
    }

    async fn land(&self, flights: &mut [&mut dyn Land]) {
        poll_fn(|context| {
            let mut all_landed = true;
            for flight in &mut *flights {
                all_landed &= flight.lands(context);
                if !all_landed && self.one_by_one {
                    break;
                }
            }
            if all_landed { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

impl<A: Send> Land for Flight<'_, A> {
    fn lands(&mut self, context: &mut Context<'_>) -> bool {
        if let Self::UnderWay(answer) = self
            && let Poll::Ready(answer) = answer.as_mut().poll(context)
        {
            *self = Self::Landed(answer);
        }
        matches!(self, Self::Landed(_))
    }
}

impl<A> Flight<'_, A> {
    /// The answer, when all have landed.
    fn landed(self) -> Result<A, Error> {
        match self {
            Self::Landed(answer) => answer,
            Self::UnderWay(_) => Err(Error::connection_closed()),
        }
    }
}

impl fmt::Debug for Flights<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Flights")
    }
}
