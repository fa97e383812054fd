//! The systems that are measured, each in a file of its own.

mod bare_client;
mod by_hand;
mod deadpool;
mod diesel_async;
mod driver;
mod pipelined;
mod row_security;
mod sea_orm;
mod sqlx;
mod tenantry;

use std::sync::Arc;

use crate::Result;
use crate::instructions::{Repeat, Subject};
use crate::system::{Name, Reader, System, Target, Way};
use crate::workload::Runner;

/// Opens a system for all the work.
pub(crate) async fn connect(name: Name, target: &Target) -> Result<Arc<dyn Runner>> {
    match name {
        Name::ByHand if target.way == Way::RowSecurity => open::<row_security::ByHand>(target).await,
        Name::Tenantry if target.way == Way::RowSecurity => open::<tenantry::Secured>(target).await,
        Name::ByHand => open::<by_hand::ByHand>(target).await,
        Name::ByHandPipelined => open::<pipelined::Pipelined>(target).await,
        Name::Deadpool => open::<deadpool::Deadpool>(target).await,
        Name::DieselAsync if by_row(target) => open::<diesel_async::ByRow>(target).await,
        Name::DieselAsync => open::<diesel_async::BySearchPath>(target).await,
        Name::Sqlx => open::<sqlx::Sqlx>(target).await,
        Name::SeaOrm if by_row(target) => open::<sea_orm::ByRow>(target).await,
        Name::SeaOrm => open::<sea_orm::BySchema>(target).await,
        Name::Tenantry if by_row(target) => open::<tenantry::ByRow>(target).await,
        Name::Tenantry => open::<tenantry::BySchema>(target).await,
    }
}

async fn open<S: System>(target: &Target) -> Result<Arc<dyn Runner>> {
    Ok(Arc::new(Arc::new(S::connect(target).await?)))
}

/// Opens a system for reading alone.
pub(crate) async fn connect_to_read(subject: Subject, target: &Target) -> Result<Box<dyn Repeat>> {
    match subject {
        Subject::BareClient => open_to_read::<bare_client::BareClient>(target).await,
        Subject::ByHand => open_to_read::<by_hand::ByHand>(target).await,
        Subject::Deadpool => open_to_read::<deadpool::Deadpool>(target).await,
        Subject::DieselAsync if by_row(target) => open_to_read::<diesel_async::ByRow>(target).await,
        Subject::DieselAsync => open_to_read::<diesel_async::BySearchPath>(target).await,
        Subject::Sqlx => open_to_read::<sqlx::Sqlx>(target).await,
        Subject::SeaOrm if by_row(target) => open_to_read::<sea_orm::ByRow>(target).await,
        Subject::SeaOrm => open_to_read::<sea_orm::BySchema>(target).await,
        Subject::Connection if by_row(target) => open_to_read::<tenantry::ConnectionByRow>(target).await,
        Subject::Connection => open_to_read::<tenantry::ConnectionBySchema>(target).await,
        Subject::Database if by_row(target) => open_to_read::<tenantry::ByRow>(target).await,
        Subject::Database => open_to_read::<tenantry::BySchema>(target).await,
    }
}

async fn open_to_read<R: Reader>(target: &Target) -> Result<Box<dyn Repeat>> {
    Ok(Box::new(R::connect(target).await?))
}

fn by_row(target: &Target) -> bool {
    target.way.is_by_row()
}
