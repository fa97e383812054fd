//! The type state: which repositories may make which statements.

use std::fmt;
use std::sync::Arc;

use tokio_postgres::types::ToSql;

use crate::sql::Schemas;
use crate::statement::Impossible;
use crate::table::{Derived, SharedTable, TableTexts, TenantTable};
use crate::tenant::{AnyTenant, SchemaName, TenantId, TenantKey};
use crate::value::Value;

/// The scope of a repository that names no tenant: it makes no statement on a tenant's table.
///
/// The way on is the repository's `for_tenant(&tenant)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unscoped;

/// The scope of a repository that may write a shared table, whose rows every tenant sees.
///
/// Made only by the repository's `for_shared_writes()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedWrites(());

impl SharedWrites {
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

/// What a scope puts into a statement. Nobody outside this crate can make one.
#[derive(Clone)]
pub struct Binding(Whose);

#[derive(Clone)]
enum Whose {
    Tenant(Arc<dyn AnyTenant>),
    /// Everybody's.
    Shared,
    /// Each of many tenants', of which the statement says which.
    Each,
}

impl Binding {
    pub(crate) const SHARED: Self = Self(Whose::Shared);
    pub(crate) const EACH: Self = Self(Whose::Each);

    pub(crate) fn tenant<K: TenantKey>(tenant: &TenantId<K>) -> Self {
        Self(Whose::Tenant(tenant.to_any()))
    }

    /// The schema that holds a table of the tenant's own.
    pub(crate) fn schema_of(&self, table: &TableTexts) -> Result<SchemaName, Impossible> {
        match &self.0 {
            Whose::Tenant(tenant) => {
                tenant.schema_of(table.logical_schema).map_err(|_| Impossible::SchemaName { of: table.table })
            }
            Whose::Shared | Whose::Each => Err(Impossible::NoTenant),
        }
    }

    /// What scopes a table: the schema that holds it, or the tenant whose key stands in its rows.
    pub(crate) fn scope_of(&self, table: &TableTexts) -> Result<(Schemas, Option<Arc<dyn AnyTenant>>), Impossible> {
        let mut schemas = Schemas::new();
        if table.is_by_schema() {
            schemas.push(self.schema_of(table)?);
        }
        match (table.tenant, &self.0) {
            ("", _) => Ok((schemas, None)),
            (_, Whose::Tenant(tenant)) => Ok((schemas, Some(Arc::clone(tenant)))),
            (_, Whose::Shared | Whose::Each) => Err(Impossible::NoTenant),
        }
    }

    /// The tenant's key as it stands in SQL, if it is of one tenant.
    pub(crate) fn literal(&self) -> Option<String> {
        match &self.0 {
            Whose::Tenant(tenant) => Some(tenant.literal()),
            Whose::Shared | Whose::Each => None,
        }
    }

    /// The tenant's key, to be bound.
    pub(crate) fn parameter(&self) -> Result<Value, Impossible> {
        match &self.0 {
            Whose::Tenant(tenant) => Ok(Value::tenant(Arc::clone(tenant) as Arc<dyn ToSql + Send + Sync>)),
            Whose::Shared | Whose::Each => Err(Impossible::NoTenant),
        }
    }
}

impl fmt::Debug for Binding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Binding")
    }
}

/// A scope in which statements that read `T` are made.
///
/// This trait is sealed: [`TenantId`] is the scope of a tenant's table, and a shared table has its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a scope, and cannot be made one",
    label = "the scope of a tenant is its `TenantId`, and there is no other",
    note = "parse one: `let tenant: TenantId = \"acme\".parse()?`"
)]
pub trait Scope<T>: sealed::Sealed {
    #[doc(hidden)]
    fn binding(&self) -> Binding;
}

/// A scope in which statements that write `T` are made.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a scope, and cannot be made one",
    label = "the scope of a tenant is its `TenantId`, and there is no other",
    note = "parse one: `let tenant: TenantId = \"acme\".parse()?`"
)]
pub trait WriteScope<T>: Scope<T> {}

/// A scope that names the tenant of `T`: only the [`TenantId`] of the table's own kind of key.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "this repository names no tenant, so it makes no statement on `{T}`",
    label = "call `.for_tenant(&tenant)` on the repository first",
    note = "`{T}` is a tenant's table: a statement on it needs a `TenantId` as its scope, and `{Self}` is none"
)]
pub trait TenantScope<T>: WriteScope<T> {}

/// A scope that may write the shared table `T`: only [`SharedWrites`].
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "`{T}` is shared by all tenants, so it is read-only here",
    label = "call `.for_shared_writes()` on the repository first, where every tenant's data may change",
    note = "`{Self}` is not a scope for writes to a shared table"
)]
pub trait SharedWriteScope<T>: WriteScope<T> {}

// Without `do_not_recommend` the compiler would advise to make a tenant's table another kind of table.

#[diagnostic::do_not_recommend]
impl<T: TenantTable> Scope<T> for TenantId<T::TenantKey> {
    fn binding(&self) -> Binding {
        Binding::tenant(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: TenantTable> WriteScope<T> for TenantId<T::TenantKey> {}

#[diagnostic::do_not_recommend]
impl<T: TenantTable> TenantScope<T> for TenantId<T::TenantKey> {}

#[diagnostic::do_not_recommend]
impl<T: SharedTable> Scope<T> for Unscoped {
    fn binding(&self) -> Binding {
        Binding::SHARED
    }
}

#[diagnostic::do_not_recommend]
impl<T: SharedTable> Scope<T> for SharedWrites {
    fn binding(&self) -> Binding {
        Binding::SHARED
    }
}

#[diagnostic::do_not_recommend]
impl<T: SharedTable> WriteScope<T> for SharedWrites {}

#[diagnostic::do_not_recommend]
impl<T: SharedTable> SharedWriteScope<T> for SharedWrites {}

/// The key type of the tenants of table `T`: what `for_tenant` asks for.
///
/// Implemented by the derive for the type in `#[tenant_table(tenant = ..)]` or `tenant_column(..)`.
#[diagnostic::on_unimplemented(
    message = "a tenant keyed by `{Self}` is not a tenant of `{T}`",
    label = "this tenant's key has another type than the tenants of `{T}`",
    note = "the table names its kind of tenant by `#[tenant_table(tenant = ..)]` or by the type in `tenant_column(..)`"
)]
pub trait TenantKeyOf<T: TenantTable>: Sized {
    #[doc(hidden)]
    fn only_the_derive_implements_this(tenant: &TenantId<Self>, _: Derived) -> &TenantId<T::TenantKey>;
}

mod sealed {
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a scope, and cannot be made one",
        label = "the scope of a tenant is its `TenantId`, and there is no other",
        note = "parse one: `let tenant: TenantId = \"acme\".parse()?`"
    )]
    pub trait Sealed {}

    impl<K> Sealed for crate::TenantId<K> {}
    impl Sealed for super::Unscoped {}
    impl Sealed for super::SharedWrites {}
}
