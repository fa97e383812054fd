//! Statements on tables with row-level security carry their tenant to the server; and each of the two walls holds alone.

use std::ops::Deref;

use tenantry::{Database, DatabaseOptions};
use tenantry_tests::secured::policies;
use tokio_postgres::Config;

use crate::stage::Stage as OpenStage;

mod alone;
mod flights;
mod isolation;
mod matrix;
mod one_by_one;
mod places;
mod transactions;

/// A stage whose pool is of a role that row-level security binds; its client sees everything.
pub(crate) struct Stage {
    stage: OpenStage,
    role: String,
}

impl Stage {
    pub(crate) async fn with_rows() -> Self {
        Self::behind_policies(OpenStage::with_rows().await).await
    }

    pub(crate) async fn behind_policies(stage: OpenStage) -> Self {
        let role = format!("app_of_{}", stage.database_name());
        stage.execute(&policies(&role)).await;
        let mut stage = Self { stage, role };
        stage.stage.db = stage.pool(Database::options()).await;
        stage
    }

    /// Of the role that row-level security binds.
    pub(crate) fn config(&self) -> Config {
        let mut config: Config = self.url().parse().unwrap();
        config.user(&self.role);
        config
    }

    pub(crate) async fn pool(&self, options: DatabaseOptions) -> Database {
        options.connect_with(self.config()).await.unwrap()
    }

    /// A role that row-level security does not bind, and a pool of it.
    pub(crate) async fn pool_of_everything(&self) -> Database {
        self.execute(&format!(
            "create role all_{0} login bypassrls; grant usage on schema app to all_{0};
             grant select on all tables in schema app to all_{0};",
            self.role
        ))
        .await;
        let mut config = self.config();
        config.user(format!("all_{}", self.role));
        Database::options().connect_with(config).await.unwrap()
    }
}

impl Deref for Stage {
    type Target = OpenStage;

    fn deref(&self) -> &OpenStage {
        &self.stage
    }
}
