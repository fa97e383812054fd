//! The span of a read across tenants, with the feature `tracing`.

/// `tenantry.across_tenants`: the reason, the table, and how many tenants were asked for, or `all`.
#[cfg(feature = "tracing")]
pub(crate) struct Span(tracing::Span);

/// Nothing, without the feature.
#[cfg(not(feature = "tracing"))]
pub(crate) struct Span;

#[cfg(feature = "tracing")]
impl Span {
    pub(crate) fn new(reason: &'static str, table: &'static str, tenants: Option<usize>) -> Self {
        let span = tracing::info_span!("tenantry.across_tenants", reason, table, tenants = tracing::field::Empty);
        match tenants {
            Some(count) => span.record("tenants", count),
            None => span.record("tenants", "all"),
        };
        Self(span)
    }

    pub(crate) async fn around<F: Future>(self, read: F) -> F::Output {
        tracing::Instrument::instrument(read, self.0).await
    }

    pub(crate) fn within<O>(&self, read: impl FnOnce() -> O) -> O {
        self.0.in_scope(read)
    }
}

#[cfg(not(feature = "tracing"))]
impl Span {
    pub(crate) fn new(_: &'static str, _: &'static str, _: Option<usize>) -> Self {
        Self
    }

    pub(crate) async fn around<F: Future>(self, read: F) -> F::Output {
        read.await
    }

    pub(crate) fn within<O>(&self, read: impl FnOnce() -> O) -> O {
        read()
    }
}
