use std::fmt;

/// The right to read the rows of many tenants at once, with its reason: what a repository's `across` asks for.
///
/// [`because`](Self::because) makes it, and nothing else does: it has no `Default` and no `Clone`, cannot be deserialized,
/// and stands in no constant. **Where a program calls `AcrossTenants::because` is the place to audit**, beside where it makes
/// its [`TenantId`](crate::TenantId)s: at its edge, for a report or a back office that may see all tenants. From there it is
/// handed on by reference, so that a function that reads across tenants says so in its arguments.
///
/// It is no scope. It reads, and writes nothing.
///
/// ```
/// use tenantry::AcrossTenants;
///
/// let access = AcrossTenants::because("monthly revenue report");
/// assert_eq!(format!("{access:?}"), r#"AcrossTenants("monthly revenue report")"#);
/// ```
#[must_use = "this does nothing until it is given to a repository's `across`"]
pub struct AcrossTenants {
    reason: &'static str,
}

impl AcrossTenants {
    /// The right to read across tenants, for this reason. It shows in the span of each read, with the feature `tracing`; where
    /// it is blank, reads fail.
    // Not `const`: it would be for everybody who sees the constant.
    pub fn because(reason: &'static str) -> Self {
        Self { reason }
    }

    /// The reason.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl fmt::Debug for AcrossTenants {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AcrossTenants({:?})", self.reason)
    }
}
