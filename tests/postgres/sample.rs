//! Rows to filter, of two tenants, and PostgreSQL's own answer to compare with.

use tenantry::{Filter, TenantTable};
use uuid::Uuid;

use crate::stage::Stage;

/// Isolated by row: a condition that widens the tenant's finds rows of the other.
#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "sample", tenant_column(tenant_id: Uuid), schema = "app")]
pub(crate) struct Sample {
    #[tenant_table(primary_key)]
    pub(crate) id: i32,
    pub(crate) word: String,
    pub(crate) maybe: Option<String>,
    pub(crate) number: i32,
    pub(crate) perhaps: Option<i32>,
}

/// Words with everything that means something in a pattern or in SQL.
const WORDS: [&str; 20] = [
    "", "a", "A", "ab", "aB", "b%", "%", "%%", "_", "a_b", "axb", "\\", "\\%", "a\\b", "'", "''", "$1", "--", "a b",
    "äb",
];

/// Samples of two tenants, and what finds acme's.
pub(crate) struct Samples {
    pub(crate) stage: Stage,
    pub(crate) repository: SampleRepository<tenantry::TenantId<Uuid>>,
}

impl Samples {
    pub(crate) async fn new() -> Self {
        let stage = Stage::empty().await;
        stage
            .execute(
                "create table app.sample (tenant_id uuid, id int, word text not null, maybe text, number int not null,
                     perhaps int, primary key (tenant_id, id))",
            )
            .await;
        let repository = Sample::repository().for_tenant(&stage.row_acme);
        // Globex has the same values under other keys.
        for (tenant, first) in [(&stage.row_acme, 0), (&stage.row_globex, 1000)] {
            let of_tenant = Sample::repository().for_tenant(tenant);
            let words = (0..).zip(WORDS);
            let rows = words.map(|(position, word)| NewSample {
                id: first + position,
                word: word.to_owned(),
                maybe: (position % 3 > 0).then(|| WORDS[(position as usize * 7) % WORDS.len()].to_owned()),
                number: position % 5 - 2,
                perhaps: (position % 4 > 0).then_some(position % 7 - 3),
            });
            of_tenant.insert_many(rows).execute(&stage.db).await.unwrap();
        }
        Self { stage, repository }
    }

    /// The filter and the condition, in SQL written by hand, find the same rows of acme. Answers how many.
    pub(crate) async fn compare(&self, filter: impl FnOnce(SampleColumns) -> Filter<Sample>, condition: &str) -> usize {
        let query = self.repository.filter(filter).order_by(|s| s.id.asc());
        let sql = format!("{} for {condition}", self.repository.all().sql());
        let found = query.fetch_all(&self.stage.db).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
        let found: Vec<String> = found.iter().map(|sample| sample.id.to_string()).collect();
        let expected = format!(
            "select id::text from app.sample s where tenant_id = '{}' and ({condition}) order by s.id",
            self.stage.row_acme
        );
        assert_eq!(found, self.stage.texts(&expected).await, "{condition}");
        found.len()
    }

    /// As [`compare`](Self::compare), where some rows match and some do not.
    pub(crate) async fn assert_same(&self, filter: impl FnOnce(SampleColumns) -> Filter<Sample>, condition: &str) {
        let count = self.compare(filter, condition).await;
        assert!((1..WORDS.len()).contains(&count), "{condition} says nothing: {count}");
    }
}

/// Text as a literal in SQL.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
