use std::fmt;

/// Why a statement does not keep to one tenant, or is not known to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// It is no SQL, as PostgreSQL says.
    Syntax(String),
    /// A kind of statement that is not known to keep to a tenant.
    UnknownStatement(String),
    /// A table is named without its schema.
    Unqualified(String),
    /// It cannot be told whether a table is by schema, by row or shared.
    Unclassified(String),
    /// A table by row without the condition on its tenant.
    Unscoped(String),
    /// Schemas of these two tenants.
    TwoSchemas(String, String),
    /// Tables by row that are kept to two tenants.
    TwoTenants(String, String),
    /// A read across tenants, together with something of one tenant.
    AcrossAndOne,
    /// An insert without the tenant's column, or whose value is not bound.
    InsertWithoutTenant(String),
    /// A conflict is looked for across tenants.
    ConflictWithoutTenant(String),
    /// The tenant's column is assigned.
    TenantAssigned(String),
    /// `COPY` of a table by row that does not list the tenant's column.
    CopyWithoutTenant(String),
    /// `COPY` of all rows of a table by row.
    CopyOfAllTenants(String),
    /// `COPY` from or to a file or a program of the server.
    CopyOnServer,
    /// A shared table is written from the rows of a tenant.
    SharedWritten(String),
    /// A write for several tenants.
    WrittenAcrossTenants(String),
    /// A relation stands where nobody looks.
    Overlooked,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => formatter.write_str(error),
            Self::UnknownStatement(kind) => {
                write!(formatter, "{kind} is no statement of the library's: if it is a test's own, mark it `by_hand`")
            }
            Self::Unqualified(relation) => write!(formatter, "{relation} is named without its schema"),
            Self::Unclassified(relation) => write!(
                formatter,
                "cannot tell how {relation} is isolated: name its tenant column `tenant_id`, give another tenant the \
                 same table, or say by COMMENT ON: SCHEMA .. IS 'tenant', COLUMN .. IS 'tenant', TABLE .. IS 'shared'"
            ),
            Self::Unscoped(relation) => write!(formatter, "{relation} has no condition on its tenant"),
            Self::TwoSchemas(one, other) => write!(formatter, "schemas of two tenants, {one:?} and {other:?}"),
            Self::TwoTenants(one, other) => write!(formatter, "tables by row of two tenants, {one} and {other}"),
            Self::AcrossAndOne => formatter.write_str("a read across tenants, together with something of one tenant"),
            Self::InsertWithoutTenant(relation) => {
                write!(formatter, "an insert does not bind the tenant of {relation}")
            }
            Self::ConflictWithoutTenant(relation) => {
                write!(formatter, "ON CONFLICT looks for rows of all tenants in {relation}")
            }
            Self::TenantAssigned(relation) => write!(formatter, "the tenant of {relation} is assigned"),
            Self::CopyWithoutTenant(relation) => {
                write!(formatter, "COPY does not list the tenant column of {relation}")
            }
            Self::CopyOfAllTenants(relation) => write!(formatter, "COPY of the rows of all tenants in {relation}"),
            Self::CopyOnServer => formatter.write_str("COPY with a file or a program of the server"),
            Self::SharedWritten(relation) => {
                write!(formatter, "{relation} is shared, and written together with rows of a tenant")
            }
            Self::WrittenAcrossTenants(relation) => write!(formatter, "{relation} is written for several tenants"),
            Self::Overlooked => formatter.write_str("a relation stands where the oracle does not look"),
        }
    }
}
