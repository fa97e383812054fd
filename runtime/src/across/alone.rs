//! A query for each of many tenants has the verbs' names, so that the compiler can say who runs it.

use crate::executor::Executor;
use crate::select::{InEachTenant, Select};

/// What has a tenant of its own, and runs by itself. No query for each of many tenants does.
#[diagnostic::on_unimplemented(
    message = "a query for each of many tenants does not run by itself",
    label = "return the query from the closure of `.in_each_tenant(..)`: the verbs are on what that gives",
    note = "the right to read across tenants is with what `.across(&access, &tenants)` gave"
)]
pub trait RunsAlone {}

/// Each gives the query back, so that a closure that returns it has one mistake and not two.
#[doc(hidden)]
impl<Q, R> Select<Q, R, InEachTenant> {
    pub fn fetch_one(self, _: &dyn Executor) -> Self
    where
        Self: RunsAlone,
    {
        self
    }

    pub fn fetch_optional(self, _: &dyn Executor) -> Self
    where
        Self: RunsAlone,
    {
        self
    }

    pub fn fetch_all(self, _: &dyn Executor) -> Self
    where
        Self: RunsAlone,
    {
        self
    }

    pub fn fetch(self, _: &dyn Executor) -> Self
    where
        Self: RunsAlone,
    {
        self
    }

    pub fn execute(self, _: &dyn Executor) -> Self
    where
        Self: RunsAlone,
    {
        self
    }

    pub fn count(self) -> Self
    where
        Self: RunsAlone,
    {
        self
    }

    pub fn exists(self) -> Self
    where
        Self: RunsAlone,
    {
        self
    }

    pub fn sql(self) -> Self
    where
        Self: RunsAlone,
    {
        self
    }
}
