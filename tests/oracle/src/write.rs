//! Statements that write: what they write to, and with which tenant.

use serde_json::Value;

use crate::check::{Check, Scope, Tenant, Visible};
use crate::evidence::conjuncts;
use crate::tables::Isolation;
use crate::tree::{as_kind, is_true, list, names, parameter, relation_name, text, without_casts};
use crate::violation::Violation;

impl Check<'_> {
    /// An update or a delete.
    pub(crate) fn change(&mut self, change: &Value, visible: &Visible) -> Scope {
        let (with, visible) = self.with(change, visible);
        // `FROM` of an update, `USING` of a delete.
        let from = [list(change, "fromClause"), list(change, "usingClause")].concat();
        let visible = visible.reading(&from);
        let relation = &change["relation"];
        let conditions = conjuncts(&change["whereClause"]);

        let isolation = self.isolation(relation);
        let target = self.scope(relation, isolation.as_ref(), &conditions, &visible, from.is_empty());
        self.refuse_assignment(relation, isolation.as_ref(), list(change, "targetList"));
        let read = self.read(&from, &change["whereClause"], &visible, false);
        let done = ["relation", "fromClause", "usingClause", "withClause"];
        let others = self.look_into_others(change, &done, &visible);
        self.written(relation, isolation.as_ref(), target, [with, read, others])
    }

    pub(crate) fn insert(&mut self, insert: &Value, visible: &Visible) -> Scope {
        let (with, visible) = self.with(insert, visible);
        let relation = &insert["relation"];
        let isolation = self.isolation(relation);
        let conflict = &insert["onConflictClause"];
        self.refuse_assignment(relation, isolation.as_ref(), list(conflict, "targetList"));
        let target = match &isolation {
            Some(Isolation::Row(tenant_column)) => {
                self.conflict_of_tenant(relation, conflict, tenant_column);
                self.insert_of_tenant(insert, tenant_column)
            }
            isolation => self.scope(relation, isolation.as_ref(), &[], &visible, true),
        };
        let others = self.look_into_others(insert, &["relation", "withClause"], &visible);
        self.written(relation, isolation.as_ref(), target, [with, others, Scope::EMPTY])
    }

    /// Every row that is inserted has the tenant as a parameter.
    fn insert_of_tenant(&mut self, insert: &Value, tenant_column: &str) -> Scope {
        let columns = list(insert, "cols").iter().filter_map(|column| as_kind(column, "ResTarget"));
        let position = columns.map(|column| text(column, "name")).position(|name| name == Some(tenant_column));
        let select = as_kind(&insert["selectStmt"], "SelectStmt");
        let tenants = position.zip(select).and_then(|(position, select)| tenants_inserted(select, position));
        let Some(tenants) = tenants else {
            self.report(Violation::InsertWithoutTenant(relation_name(&insert["relation"])));
            return Scope::EMPTY;
        };
        tenants.into_iter().fold(Scope::EMPTY, |scope, tenant| self.both(scope, Scope::of_rows(tenant)))
    }

    /// What an insert may collide with are rows of the tenant.
    fn conflict_of_tenant(&mut self, relation: &Value, conflict: &Value, tenant_column: &str) {
        let target = &conflict["infer"];
        let elements = list(target, "indexElems").iter().filter_map(|element| as_kind(element, "IndexElem"));
        let has_tenant = elements.into_iter().any(|element| text(element, "name") == Some(tenant_column));
        if target.is_object() && !has_tenant {
            self.report(Violation::ConflictWithoutTenant(relation_name(relation)));
        }
    }

    /// No row changes hands.
    fn refuse_assignment(&mut self, relation: &Value, isolation: Option<&Isolation>, assignments: &[Value]) {
        let Some(Isolation::Row(tenant_column)) = isolation else { return };
        let assigned = assignments.iter().filter_map(|assignment| text(as_kind(assignment, "ResTarget")?, "name"));
        if assigned.into_iter().any(|column| column == tenant_column) {
            self.report(Violation::TenantAssigned(relation_name(relation)));
        }
    }

    /// The whole of a statement that writes: for one tenant, and what all tenants read not from the rows of one.
    fn written(&mut self, relation: &Value, isolation: Option<&Isolation>, target: Scope, parts: [Scope; 3]) -> Scope {
        let scope = parts.into_iter().fold(target, |scope, part| self.both(scope, part));
        if isolation == Some(&Isolation::Shared) && scope != Scope::EMPTY {
            self.report(Violation::SharedWritten(relation_name(relation)));
        } else if scope.is_across_tenants() {
            self.report(Violation::WrittenAcrossTenants(relation_name(relation)));
        }
        scope
    }

    pub(crate) fn copy(&mut self, copy: &Value, visible: &Visible) -> Scope {
        if text(copy, "filename").is_some() || is_true(copy, "is_program") {
            self.report(Violation::CopyOnServer);
        }
        let relation = &copy["relation"];
        if !relation.is_object() {
            self.literals = true;
            return self.look_into(&copy["query"], visible);
        }
        let isolation = self.isolation(relation);
        let Some(Isolation::Row(tenant_column)) = &isolation else {
            return self.scope(relation, isolation.as_ref(), &[], visible, true);
        };
        if !is_true(copy, "is_from") {
            self.report(Violation::CopyOfAllTenants(relation_name(relation)));
        } else if !names(list(copy, "attlist")).contains(&&**tenant_column) {
            self.report(Violation::CopyWithoutTenant(relation_name(relation)));
        }
        Scope::EMPTY
    }
}

/// The parameters at a position of each row, if all are parameters.
fn tenants_inserted(select: &Value, position: usize) -> Option<Vec<Tenant>> {
    if text(select, "op") != Some("SETOP_NONE") {
        let (left, right) = (&select["larg"], &select["rarg"]);
        return Some([tenants_inserted(left, position)?, tenants_inserted(right, position)?].concat());
    }
    let tenant = |value: &Value| parameter(without_casts(value)).map(Tenant::Parameter);
    let rows = list(select, "valuesLists");
    if !rows.is_empty() {
        return rows.iter().map(|row| tenant(list(as_kind(row, "List")?, "items").get(position)?)).collect();
    }
    let (before, at) = list(select, "targetList").split_at_checked(position)?;
    // Any number of columns may stand for a star.
    let is_star = |target: &Value| target.to_string().contains("A_Star");
    let target = at.first().filter(|_| !before.iter().any(is_star))?;
    Some(vec![tenant(&as_kind(target, "ResTarget")?["val"])?])
}
