use expect_test::expect;
use tenantry::{Ddl, Role, Table, TenantId, TenantTable};
use tenantry_tests::{Customer, Event, OrderLine, Plan};

#[derive(TenantTable)]
#[tenant_table(name = "widget", tenant = i64)]
struct Widget {
    #[tenant_table(primary_key, generated)]
    id: String,
    mood: Mood,
    #[tenant_table(references = Gadget)]
    gadget_id: i64,
}

#[derive(TenantTable)]
#[tenant_table(name = "gadget", tenant = i64)]
struct Gadget {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(index, index = "more")]
    name: String,
}

#[derive(TenantTable)]
#[tenant_table(name = "gadget", tenant = i64)]
struct Name {
    #[tenant_table(primary_key, generated)]
    id: i64,
    name: String,
}

#[derive(TenantTable)]
#[tenant_table(name = "gadget_id_seq", tenant = i64, keyless)]
struct Sequence {
    what: String,
}

#[derive(TenantTable)]
#[tenant_table(name = "jotting", tenant_column(tenant_id: uuid::Uuid), keyless)]
struct Jotting {
    text: String,
}

#[derive(Debug, postgres_types::ToSql, postgres_types::FromSql)]
enum Mood {
    Happy,
}

fn problem(tables: &[&'static tenantry::TableDefinition]) -> String {
    Ddl::of(tables).unwrap_err().to_string()
}

#[test]
fn every_problem_is_told_at_once() {
    _ = Mood::Happy;
    expect![[r#"
        no DDL can be written
        - column `credit` of `Customer` has a `default` that nothing says: write `default = ".."` with an SQL expression
        - column `id` of `Widget` is `generated`, and nothing says how: write `generated = ".."` with an SQL expression of other columns, or give the field's type a `SqlType::GENERATED`
        - column `mood` of `Widget` has no SQL type: implement `tenantry::SqlType` for the field's type, or write `#[tenant_table(sql_type = "..")]` on the field
        - column `gadget_id` of `Widget` refers to `Gadget`, which is not among the tables: add `Gadget::DEFINITION`"#]].assert_eq(&problem(&[Customer::DEFINITION, OrderLine::DEFINITION, Widget::DEFINITION]));
}

#[test]
fn a_table_is_given_once() {
    expect!["no DDL can be written: `Gadget` and `Name` are the same table `gadget`: give one of them"]
        .assert_eq(&problem(&[Gadget::DEFINITION, Name::DEFINITION]));
}

#[test]
fn names_are_different() {
    expect!["no DDL can be written: two keys or indexes of `Gadget` have the same columns: leave one of them out"]
        .assert_eq(&problem(&[Gadget::DEFINITION]));
    expect!["no DDL can be written: `gadget_id_seq` would be two things, one of `Name` and one of `Sequence`: name a table differently"].assert_eq(&problem(&[Name::DEFINITION, Sequence::DEFINITION]));
}

#[test]
fn a_tenant_has_tables_of_its_kind_of_key() {
    let ddl = Ddl::of(&[Plan::DEFINITION]).unwrap();
    let acme: TenantId = "acme".parse().unwrap();
    expect!["no DDL can be written: none of the tables belongs to tenants with this kind of key"]
        .assert_eq(&ddl.create_all_for(&acme).unwrap_err().to_string());
    let ddl = Ddl::of(&[Name::DEFINITION, Plan::DEFINITION]).unwrap();
    assert!(ddl.create_all_for(&acme).is_err());
    assert!(ddl.create_all_for(&TenantId::new(7_i64).unwrap()).is_ok());
    // Tables by row are there for every tenant: there is nothing to make, and nothing wrong.
    let ddl = Ddl::of(&[Jotting::DEFINITION]).unwrap();
    let uuid = TenantId::new(uuid::Uuid::from_u128(7)).unwrap();
    assert_eq!(ddl.create_all_for(&uuid).unwrap().sql(), "");
    assert!(ddl.create_all_for(&acme).is_err());
}

#[test]
fn a_role_has_a_name_that_postgresql_takes() {
    for name in ["", "public", "PUBLIC", "none", "pg_monitor", "a\0b", &"x".repeat(64)] {
        let error = Role::application(name).unwrap_err().to_string();
        assert!(error.contains("a role's name"), "{name}: {error}");
    }
    assert_eq!(Role::back_office(&"x".repeat(63)).unwrap().name().len(), 63);
}

#[test]
fn a_tenants_schema_is_none_that_all_have() {
    let ddl = Ddl::of(&[Event::DEFINITION, Plan::DEFINITION]).unwrap();
    let tenant: TenantId = "catalog".parse().unwrap();
    let error = ddl.create_all_for(&tenant).unwrap_err();
    assert!(
        error.to_string().contains("the tenant's schema is that of `Plan`, which is there for all tenants"),
        "{error}"
    );
}
