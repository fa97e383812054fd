//! What is missing as a whole, and the DDL that makes it.

use std::collections::HashSet;

use super::facts::Facts;
use super::model::{Expected, Model};
use super::report::Finding;
use super::report::Severity::Mismatch;
use crate::ddl::{Ddl, Role};

/// Of the DDL of all tables, which makes what is not there, each part is given once: it is as long as the model.
pub(super) struct Missing<'m> {
    model: &'m Model,
    /// None where the model does not say enough.
    ddl: Option<Ddl>,
    given: HashSet<Option<usize>>,
}

impl<'m> Missing<'m> {
    pub(super) fn new(facts: &Facts, model: &'m Model) -> Self {
        let ddl = Ddl::of(&model.definitions).ok();
        // The application's role is to use what is made.
        let role = if facts.role.is_superuser { None } else { Role::application(&facts.role.name).ok() };
        let ddl = ddl.map(|ddl| role.iter().fold(ddl, |ddl, role| ddl.granted_to(role)));
        Self { model, ddl, given: HashSet::new() }
    }

    /// The script that makes a table with all that is made together with it; none where another finding has it.
    pub(super) fn sql_for(&mut self, expected: &Expected) -> Option<String> {
        let ddl = self.ddl.as_ref()?;
        let script = match (expected.group(), expected.tenant) {
            (None, _) => Some(ddl.create_all().sql().to_owned()),
            (Some(_), Some(tenant)) => self.model.tenants.as_ref()?.get(tenant).and_then(|tenant| (tenant.ddl)(ddl)),
            (Some(_), None) => None,
        }?;
        self.given.insert(expected.tenant).then_some(script)
    }

    /// How it is made.
    pub(super) fn words(&self) -> &'static str {
        match &self.ddl {
            Some(_) => ". `Ddl` makes all that is missing",
            None => "",
        }
    }

    pub(super) fn table(&mut self, expected: &Expected) -> Finding {
        let tenants = self.model.tenants.as_ref();
        let tenant = expected.tenant.and_then(|tenant| tenants?.get(tenant));
        let of = tenant.map(|tenant| format!(" of tenant {}", tenant.key)).unwrap_or_default();
        let problem = format!("the table{of} is missing: statements fail{}", self.words());
        Finding::new(Mismatch, "table-missing", expected.place(), problem).mended_by(self.sql_for(expected))
    }
}
