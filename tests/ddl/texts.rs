use expect_test::expect_file;
use tenantry::{Ddl, Role, Table, TenantId, TenantTable};
use uuid::Uuid;

pub(super) mod by_schema {
    use super::*;

    /// Who pays.
    #[derive(TenantTable)]
    #[tenant_table(name = "account", check = "opened < closed", check = "number <> 13")]
    pub(in crate::ddl) struct Account {
        #[tenant_table(primary_key, generated)]
        id: i64,
        /// As it stands on "invoices".
        ///
        /// It's a text; with \ and $tenantry$.
        #[tenant_table(unique, check = "email <> ''", check = "length(email) < 200")]
        email: String,
        #[tenant_table(generated = "lower(email)", index)]
        lower_email: String,
        #[tenant_table(sql_type = "numeric(12, 2)", default = "0")]
        credit: i32,
        number: Option<i16>,
        opened: Option<time::OffsetDateTime>,
        closed: Option<time::OffsetDateTime>,
        #[tenant_table(references = Plan)]
        plan: String,
        #[tenant_table(version)]
        version: i32,
        #[tenant_table(soft_delete)]
        deleted: Option<time::OffsetDateTime>,
    }

    #[derive(TenantTable)]
    #[tenant_table(name = "order")]
    pub(super) struct Order {
        #[tenant_table(primary_key)]
        account_id: i64,
        #[tenant_table(primary_key)]
        number: i32,
        #[tenant_table(unique = "slot", references = Account, relation = "payer", on_delete = "set null")]
        payer_id: Option<i64>,
        #[tenant_table(unique = "slot", index = "what_and_when")]
        what: String,
        #[tenant_table(index = "what_and_when", default = "now()")]
        when: time::OffsetDateTime,
        #[tenant_table(references = Account, relation = "seller", on_delete = "restrict")]
        seller_id: i64,
    }

    #[derive(TenantTable)]
    #[tenant_table(name = "summary", schema = "reporting", keyless)]
    pub(super) struct Summary {
        #[tenant_table(references = Account, on_delete = "cascade")]
        account_id: i64,
        text: String,
    }
}

mod by_row {
    use super::*;

    /// A customer of a tenant.
    #[derive(TenantTable)]
    #[tenant_table(name = "customer", tenant_column(tenant_id: Uuid), schema = "app", rls)]
    pub(super) struct Customer {
        #[tenant_table(primary_key, generated)]
        id: Uuid,
        #[tenant_table(unique)]
        email: String,
        #[tenant_table(index)]
        name: String,
        #[tenant_table(references = Customer, relation = "friend", on_delete = "set null")]
        friend_id: Option<Uuid>,
    }

    #[derive(TenantTable)]
    #[tenant_table(name = "invoice", tenant_column(owner: Uuid), rls = "app.tenant")]
    pub(super) struct Invoice {
        #[tenant_table(primary_key, generated)]
        id: i64,
        #[tenant_table(references = Customer, on_delete = "cascade")]
        customer_id: Uuid,
        #[tenant_table(references = Plan)]
        plan: String,
    }

    #[derive(TenantTable)]
    #[tenant_table(name = "note", tenant_column(tenant_id: tenantry::Slug), keyless, rls)]
    pub(super) struct Note {
        text: String,
    }
}

#[derive(TenantTable)]
#[tenant_table(name = "plan", shared, schema = "catalog")]
struct Plan {
    #[tenant_table(primary_key, sql_type = "varchar(20)")]
    code: String,
    #[tenant_table(check = "price >= 0")]
    price: i32,
}

fn everything() -> Ddl {
    let tables = [
        by_schema::Summary::DEFINITION,
        by_schema::Order::DEFINITION,
        by_schema::Account::DEFINITION,
        by_row::Invoice::DEFINITION,
        by_row::Customer::DEFINITION,
        by_row::Note::DEFINITION,
        Plan::DEFINITION,
    ];
    let [app, reports, editor] =
        [Role::application("app"), Role::back_office("reports"), Role::shared_writer("editor")];
    let ddl = Ddl::of(&tables).unwrap();
    ddl.granted_to(&app.unwrap()).granted_to(&reports.unwrap()).granted_to(&editor.unwrap())
}

#[test]
fn what_is_there_once() {
    expect_file!["once.sql"].assert_eq(everything().create_all().sql());
}

#[test]
fn what_each_tenant_has() {
    let acme: TenantId = "acme".parse().unwrap();
    expect_file!["tenant.sql"].assert_eq(everything().create_all_for(&acme).unwrap().sql());
}

#[test]
fn roles() {
    let texts = [Role::application("app's"), Role::back_office("the \"reports\""), Role::shared_writer("editor")];
    let texts = texts.map(|role| role.unwrap().create().sql().to_owned());
    expect_file!["roles.sql"].assert_eq(&texts.join("\n"));
}

mod cycle {
    use super::*;

    #[derive(TenantTable)]
    #[tenant_table(name = "egg", tenant_column(tenant_id: i32), schema = "farm")]
    pub(super) struct Egg {
        #[tenant_table(primary_key)]
        id: i64,
        #[tenant_table(references = Hen, relation = "layer")]
        hen_id: Option<i64>,
    }

    #[derive(TenantTable)]
    #[tenant_table(name = "hen", tenant_column(tenant_id: i32), schema = "farm")]
    pub(super) struct Hen {
        #[tenant_table(primary_key, references = Egg, relation = "shell")]
        egg_id: i64,
    }
}

#[test]
fn tables_that_refer_to_each_other() {
    let ddl = Ddl::of(&[cycle::Hen::DEFINITION, cycle::Egg::DEFINITION]).unwrap();
    expect_file!["cycle.sql"].assert_eq(ddl.create_all().sql());
}

#[test]
fn the_order_in_which_tables_are_given_does_not_matter_where_they_depend_on_each_other() {
    let given = [Plan::DEFINITION, by_row::Customer::DEFINITION, by_row::Invoice::DEFINITION];
    let [plan, customer, invoice] = given;
    let texts = [[plan, customer, invoice], [customer, plan, invoice], [invoice, customer, plan]];
    let texts = texts.map(|tables| Ddl::of(&tables).unwrap().create_all().sql().to_owned());
    for text in texts {
        let place = |what: &str| text.find(what).unwrap();
        assert!(place("TABLE \"catalog\".\"plan\"") < place("TABLE \"public\".\"invoice\""));
        assert!(place("TABLE \"app\".\"customer\"") < place("TABLE \"public\".\"invoice\""));
    }
}
