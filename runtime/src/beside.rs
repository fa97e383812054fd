//! How tables are isolated, and which may stand in one statement.

use std::marker::PhantomData;

use crate::table::Table;

/// The isolation of a table by schema, whose tenants are keyed by `K`.
#[derive(Debug, Clone, Copy)]
pub struct BySchema<K>(PhantomData<fn() -> K>);

/// The isolation of a table by row, whose tenants are keyed by `K`.
#[derive(Debug, Clone, Copy)]
pub struct ByRow<K>(PhantomData<fn() -> K>);

/// No isolation: the same rows for all tenants.
#[derive(Debug, Clone, Copy)]
pub struct Shared(());

/// A table that can stand in a statement that begins with table `T`: it has the same tenants, or is shared.
///
/// This trait is sealed: it follows from the attributes of the two.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a statement on `{T}`",
    label = "`{T}` has other tenants than `{Self}`, or none",
    note = "a statement has one tenant: tables whose tenants have the same kind of key can stand in it together, and beside them shared tables"
)]
pub trait Beside<T>: Table {}

#[diagnostic::do_not_recommend]
impl<T: Table, U: Table> Beside<T> for U where U::Isolation: SameTenants<T::Isolation> {}

/// The tables with this isolation have the tenants of those with isolation `I`, or are shared.
pub trait SameTenants<I> {}

impl<K> SameTenants<BySchema<K>> for BySchema<K> {}
impl<K> SameTenants<ByRow<K>> for BySchema<K> {}
impl<K> SameTenants<BySchema<K>> for ByRow<K> {}
impl<K> SameTenants<ByRow<K>> for ByRow<K> {}
impl<I> SameTenants<I> for Shared {}
