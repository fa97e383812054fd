//! What tells row-level security the tenant: a setting that lives as long as the transaction of the statement.

use std::borrow::Cow;
use std::fmt::Write;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use smallvec::SmallVec;

use crate::scope::Binding;

/// The settings of a statement's tables: nearly always one, or none.
pub(crate) type Settings = SmallVec<[&'static str; 1]>;

/// Of every tenant: whom a policy would hide rows from gets an error instead of some of them.
const NOTHING_HIDDEN: &str = "SET LOCAL row_security = off";

/// `SET LOCAL "tenantry"."tenant" = 'acme'`: with the tenant as a literal of its checked key, because `SET` takes no parameters, and
/// a `set_config` that takes them does not reach the workers of Citus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowSecurity(Arc<str>);

impl RowSecurity {
    /// What a statement on tables with these settings carries.
    pub(crate) fn of(settings: &[&'static str], binding: &Binding) -> Option<Self> {
        if settings.is_empty() {
            return None;
        }
        let Some(tenant) = binding.literal() else {
            return Some(Self(NOTHING_HIDDEN.into()));
        };
        let mut text = String::new();
        for setting in settings {
            let separator = if text.is_empty() { "" } else { "; " };
            // A string takes everything.
            let _ = write!(text, "{separator}SET LOCAL \"{}\" = {tenant}", setting.replace('.', "\".\""));
        }
        Some(Self(text.into()))
    }

    /// Sets it in a transaction that carries something else.
    pub(crate) fn sql_after(&self, before: Option<&Self>) -> Cow<'_, str> {
        match before {
            Some(before) if *before.0 == *NOTHING_HIDDEN => format!("SET LOCAL row_security = on; {}", self.0).into(),
            _ => (&*self.0).into(),
        }
    }

    /// Begins a transaction that carries it.
    pub(crate) fn begin_sql(&self) -> Cow<'static, str> {
        format!("BEGIN; {}", self.0).into()
    }
}

/// What the transaction on a connection carries, and whose turn it is to send: a setting and the statement that it is for are queued
/// with nothing between them.
#[derive(Debug)]
pub(crate) struct Carried(Mutex<Option<RowSecurity>>);

impl Carried {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Sends in one go; to be told what is carried, and to change it.
    pub(crate) fn in_turn<R>(&self, send: impl FnOnce(&mut Option<RowSecurity>) -> R) -> R {
        send(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits for a future that may send something at any time.
    pub(crate) async fn waits_for<F: Future>(&self, sending: F) -> F::Output {
        let mut sending = pin!(sending);
        poll_fn(|context| self.in_turn(|_| sending.as_mut().poll(context))).await
    }

    /// The transaction has ended, or went back to a savepoint.
    pub(crate) fn forget(&self) {
        self.in_turn(|carried| *carried = None);
    }
}
