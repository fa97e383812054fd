//! Each read across tenants shows in a span of its own.

use std::fmt;
use std::sync::{Arc, Mutex};

use tenantry::AcrossTenants;
use tenantry_tests::{Customer, RowCustomer};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::Stage;

/// The spans that were begun, as text.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<String>>>);

/// Writes fields behind a span's name.
struct Fields<'s>(&'s mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("tenantry")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut spans = self.0.lock().unwrap();
        let mut text = span.metadata().name().to_owned();
        span.record(&mut Fields(&mut text));
        spans.push(text);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let position = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut Fields(&mut self.0.lock().unwrap()[position]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_span_says_why_what_and_of_how_many() {
    let stage = Stage::with_rows().await;
    let spans = Spans::default();
    let guard = tracing::subscriber::set_default(spans.clone());
    let (report, export) = (AcrossTenants::because("monthly report"), AcrossTenants::because("export"));
    let by_schema = || Customer::repository().across(&report, [&stage.acme, &stage.globex, &stage.acme]);
    by_schema().fetch_all(&stage.db).await.unwrap();
    by_schema().fetch_each(&stage.db).await.unwrap();
    let mut rows = by_schema().fetch(&stage.db);
    while rows.try_next().await.unwrap().is_some() {}
    RowCustomer::repository().across(&export, [&stage.row_acme]).fetch_all(&stage.db).await.unwrap();
    RowCustomer::repository().across_all(&export).fetch_all(&stage.db).await.unwrap();
    // Nor is one that fails hidden.
    stage.db.close();
    by_schema().fetch_all(&stage.db).await.unwrap_err();
    Customer::repository().for_tenant(&stage.acme).find(1).fetch_one(&stage.db).await.unwrap_err();
    drop(guard);

    let report = "tenantry.across_tenants reason=\"monthly report\" table=\"customer\" tenants=2";
    let export = "tenantry.across_tenants reason=\"export\" table=\"customer\"";
    let (one, all) = (format!("{export} tenants=1"), format!("{export} tenants=\"all\""));
    assert_eq!(*spans.0.lock().unwrap(), [report, report, report, &one, &all, report]);
}
