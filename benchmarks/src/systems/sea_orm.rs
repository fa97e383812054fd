//! sea-orm on sqlx's pool.

use sea_orm::sea_query::{Expr, IntoTableRef, TableRef};
use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryTrait,
    SqlxPostgresConnector, TransactionTrait,
};

use crate::Result;
use crate::data::{NewRow, Tenant};
use crate::system::{Reader, System, Target, customer};

/// The table with a tenant column.
mod row {
    use sea_orm::entity::prelude::*;

    /// A row of it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "customer", schema_name = "app")]
    pub(crate) struct Model {
        /// Whose row it is.
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        /// Counted for each tenant.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// Unique within a tenant.
        pub email: String,
        /// Tells the tenant.
        pub name: String,
        /// May be missing.
        pub phone: Option<String>,
        /// What updates change.
        pub credit: i32,
    }

    /// To no other table.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A tenant's own table; its schema is set on each statement.
mod schema {
    use sea_orm::entity::prelude::*;

    /// A row of it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "customer")]
    pub(crate) struct Model {
        /// Counted for each tenant.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// Unique within a tenant.
        pub email: String,
        /// Tells the tenant.
        pub name: String,
        /// May be missing.
        pub phone: Option<String>,
        /// What updates change.
        pub credit: i32,
    }

    /// To no other table.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

customer!(row::Model, schema::Model);

/// One table with a tenant column.
pub(crate) struct ByRow(DatabaseConnection);

/// A schema for each tenant, in the name of the table.
pub(crate) struct BySchema(DatabaseConnection);

async fn connect(target: &Target) -> Result<DatabaseConnection> {
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(super::sqlx::pool(target).await?))
}

async fn find_by_row(database: &impl ConnectionTrait, tenant: &Tenant, id: i64) -> Result<row::Model> {
    let found = row::Entity::find_by_id((tenant.uuid, id)).one(database).await?;
    found.ok_or_else(|| "no such row".into())
}

async fn update_by_row(database: &impl ConnectionTrait, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
    let update = row::Entity::update_many().col_expr(row::Column::Credit, Expr::value(credit));
    let update = update.filter(row::Column::TenantId.eq(tenant.uuid)).filter(row::Column::Id.eq(id));
    Ok(update.exec(database).await?.rows_affected)
}

impl Reader for ByRow {
    type Customer = row::Model;

    async fn connect(target: &Target) -> Result<Self> {
        connect(target).await.map(Self)
    }

    async fn find(&self, tenant: &Tenant, id: i64) -> Result<row::Model> {
        find_by_row(&self.0, tenant, id).await
    }

    async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<row::Model>> {
        let rows = row::Entity::find().filter(row::Column::TenantId.eq(tenant.uuid));
        Ok(rows.filter(row::Column::Credit.gte(credit)).all(&self.0).await?)
    }
}

impl System for ByRow {
    async fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
        let rows = rows.into_iter().map(|row| row::ActiveModel {
            tenant_id: ActiveValue::Set(tenant.uuid),
            email: ActiveValue::Set(row.email),
            name: ActiveValue::Set(row.name),
            phone: ActiveValue::Set(row.phone),
            ..Default::default()
        });
        Ok(row::Entity::insert_many(rows).exec_without_returning(&self.0).await?)
    }

    async fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
        update_by_row(&self.0, tenant, id, credit).await
    }

    async fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<row::Model> {
        let transaction = self.0.begin().await?;
        find_by_row(&transaction, tenant, id).await?;
        update_by_row(&transaction, tenant, id, credit).await?;
        let row = find_by_row(&transaction, tenant, id).await?;
        transaction.commit().await?;
        Ok(row)
    }

    async fn find_slow(&self, tenant: &Tenant, id: i64) -> Result<row::Model> {
        let mut find = row::Entity::find_by_id((tenant.uuid, id));
        let view = ("app", "slow_customer").into_table_ref().alias("customer");
        QueryTrait::query(&mut find).from_clear().from(view);
        find.one(&self.0).await?.ok_or_else(|| "no such row".into())
    }
}

/// The tenant's table. An entity's own name is fixed, but a statement's can be set.
fn table(tenant: &Tenant) -> TableRef {
    (tenant.schema.clone(), "customer").into_table_ref()
}

async fn find_by_schema(database: &impl ConnectionTrait, tenant: &Tenant, id: i64) -> Result<schema::Model> {
    let mut find = schema::Entity::find_by_id(id);
    QueryTrait::query(&mut find).from_clear().from(table(tenant));
    find.one(database).await?.ok_or_else(|| "no such row".into())
}

async fn update_by_schema(database: &impl ConnectionTrait, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
    let update = schema::Entity::update_many().col_expr(schema::Column::Credit, Expr::value(credit));
    let mut update = update.filter(schema::Column::Id.eq(id));
    QueryTrait::query(&mut update).table(table(tenant));
    Ok(update.exec(database).await?.rows_affected)
}

impl Reader for BySchema {
    type Customer = schema::Model;

    async fn connect(target: &Target) -> Result<Self> {
        connect(target).await.map(Self)
    }

    async fn find(&self, tenant: &Tenant, id: i64) -> Result<schema::Model> {
        find_by_schema(&self.0, tenant, id).await
    }

    async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<schema::Model>> {
        let mut rows = schema::Entity::find().filter(schema::Column::Credit.gte(credit));
        QueryTrait::query(&mut rows).from_clear().from(table(tenant));
        Ok(rows.all(&self.0).await?)
    }
}

impl System for BySchema {
    async fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
        let rows = rows.into_iter().map(|row| schema::ActiveModel {
            email: ActiveValue::Set(row.email),
            name: ActiveValue::Set(row.name),
            phone: ActiveValue::Set(row.phone),
            ..Default::default()
        });
        let mut insert = schema::Entity::insert_many(rows);
        QueryTrait::query(&mut insert).into_table(table(tenant));
        Ok(insert.exec_without_returning(&self.0).await?)
    }

    async fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
        update_by_schema(&self.0, tenant, id, credit).await
    }

    async fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<schema::Model> {
        let transaction = self.0.begin().await?;
        find_by_schema(&transaction, tenant, id).await?;
        update_by_schema(&transaction, tenant, id, credit).await?;
        let row = find_by_schema(&transaction, tenant, id).await?;
        transaction.commit().await?;
        Ok(row)
    }

    async fn find_slow(&self, _: &Tenant, _: i64) -> Result<schema::Model> {
        Err("the slow view has a tenant column".into())
    }
}
