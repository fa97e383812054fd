//! Who can be a tenant, and that two of them never get one schema.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;
use std::str::FromStr;

use proptest::prelude::*;
use tenantry::{InvalidTenantId, Slug, TenantId, TenantKey};
use tenantry_tests::reports::Company;
use uuid::Uuid;

/// A key of the application's own, with a rule of its own.
#[derive(Debug)]
struct AccountNumber(i64);

impl TenantKey for AccountNumber {
    type Value = i64;

    fn from_value(number: i64) -> Result<Self, InvalidTenantId> {
        if number < 1 { Err(InvalidTenantId::custom("account numbers begin at 1")) } else { Ok(Self(number)) }
    }

    fn value(&self) -> &i64 {
        &self.0
    }
}

#[test]
fn a_tenant_is_read_and_shown_as_its_key() {
    fn round_trip<K: TenantKey>(text: &str, schema: &str) {
        let tenant = TenantId::<K>::from_str(text).unwrap();
        assert_eq!(tenant.to_string(), text);
        assert_eq!(tenant.schema(), schema);
        assert_eq!(tenant, tenant.clone());
        assert_eq!(format!("{tenant:?}"), format!("TenantId({text})"));
    }
    round_trip::<Slug>("acme-2_x", "acme-2_x");
    round_trip::<Slug>("9", "9");
    round_trip::<i64>("-9223372036854775808", "id_-9223372036854775808");
    round_trip::<i32>("42", "id_42");
    round_trip::<AccountNumber>("42", "id_42");
    let uuid = "550e8400-e29b-41d4-a716-446655440000";
    round_trip::<Uuid>(uuid, &format!("id_{uuid}"));
}

#[test]
fn what_is_no_tenant_is_refused_with_its_reason_and_without_the_input() {
    fn reason<K: TenantKey>(text: &str) -> String {
        let error = text.parse::<TenantId<K>>().unwrap_err().to_string();
        assert!(text.is_empty() || text.len() < 3 || !error.contains(text), "{error} repeats its input");
        error
    }
    assert_eq!(reason::<Slug>(""), "not a tenant id: it is empty");
    assert_eq!(
        reason::<Slug>(&"x".repeat(64)),
        "not a tenant id: a schema would have a name of 64 bytes, and PostgreSQL keeps 63"
    );
    assert_eq!(reason::<Slug>("acMe"), "not a tenant id: byte 2 is none of a-z, 0-9, `_` and `-`");
    assert_eq!(reason::<Slug>("public"), "not a tenant id: the name is reserved");
    assert_eq!(reason::<Slug>("id_42"), "not a tenant id: the name is reserved");
    assert_eq!(reason::<Slug>("pg_acme"), "not a tenant id: the name is reserved");
    assert_eq!(reason::<i32>("3000000000"), "not a tenant id: it is not a whole number in range");
    assert_eq!(reason::<Uuid>("acme-uuid"), "not a tenant id: it is not a UUID");
    assert_eq!(reason::<Uuid>(&Uuid::nil().to_string()), "not a tenant id: it is the nil UUID");
    assert_eq!(reason::<AccountNumber>("0"), "not a tenant id: account numbers begin at 1");
    assert!(TenantId::new(Uuid::nil()).is_err());
}

#[test]
fn a_schema_that_exists_keeps_its_name_and_makes_another_tenant() {
    let derived: TenantId = "acme".parse().unwrap();
    let existing = TenantId::with_existing_schema(derived.key().clone(), "Acme \"Ltd\"").unwrap();
    assert_eq!(existing.schema(), "Acme \"Ltd\"");
    assert_ne!(existing, derived);
    for refused in ["", "public", "PUBLIC", "Information_Schema", "PG_temp", "citus", "a\0b", &"x".repeat(64)] {
        assert!(TenantId::with_existing_schema(derived.key().clone(), refused).is_err(), "{refused:?}");
    }
}

#[test]
fn a_logical_schema_is_called_after_its_tenant() {
    let acme: TenantId = "acme".parse().unwrap();
    assert_eq!(acme.schema_of("reporting").unwrap(), "acme.reporting");
    assert_eq!(acme.schema_of("a \"b\".c").unwrap(), "acme.a \"b\".c");
    assert_eq!(TenantId::new(-42_i64).unwrap().schema_of("reporting").unwrap(), "id_-42.reporting");
    for refused in ["", "public", "Information_Schema", "pg_temp", "a\0b"] {
        assert!(acme.schema_of(refused).is_err(), "{refused:?}");
    }
    assert!(acme.schema_of(&"x".repeat(58)).is_ok());
    let too_long = acme.schema_of(&"x".repeat(59)).unwrap_err().to_string();
    assert_eq!(too_long, "not a tenant id: a schema would have a name of 64 bytes, and PostgreSQL keeps 63");
}

#[test]
fn a_rule_says_how_logical_schemas_are_called_and_which_there_are() {
    let acme: TenantId<Company> = "acme".parse().unwrap();
    let names = ["reporting", "archive", "audit"].map(|logical| acme.schema_of(logical).unwrap());
    assert_eq!(names, ["acme_rep", "acme_rep", "acme"]);
    assert!(matches!(acme.schema_of("reports").unwrap_err(), InvalidTenantId::UnknownSchema));
}

#[test]
fn who_could_not_have_all_schemas_or_owns_anothers_is_no_tenant() {
    fn error(slug: &str) -> InvalidTenantId {
        slug.parse::<TenantId<Company>>().unwrap_err()
    }
    assert!("x".repeat(59).parse::<TenantId<Company>>().is_ok());
    assert!(matches!(error(&"x".repeat(60)), InvalidTenantId::TooLong { bytes: 64, .. }));
    assert_eq!(error("acme_rep"), InvalidTenantId::Reserved);
    assert_eq!(error("_rep"), InvalidTenantId::Reserved);
    assert!("acme-rep".parse::<TenantId<Company>>().is_ok());
    // By hand as well.
    let by_hand = |schema| TenantId::with_existing_schema(acme_company(), schema);
    assert_eq!(by_hand("Acme_rep").unwrap_err(), InvalidTenantId::Reserved);
    assert!(by_hand(&"x".repeat(60)).is_err());
    // A name that is given instead need not follow the rule.
    let given = [("reporting", "Reports"), ("archive", "Old")];
    assert!(TenantId::with_existing_schemas(acme_company(), &"x".repeat(63), given).is_ok());
}

#[test]
fn logical_schemas_that_exist_keep_their_names() {
    let acme = TenantId::with_existing_schemas(acme_company(), "Acme Ltd", [("reporting", "Acme Reports")]).unwrap();
    assert_eq!(acme.schema(), "Acme Ltd");
    let names = ["reporting", "archive", "audit"].map(|logical| acme.schema_of(logical).unwrap());
    assert_eq!(names, ["Acme Reports", "Acme Ltd_rep", "Acme Ltd"]);

    let with = |names: &[(&'static str, &'static str)]| {
        TenantId::with_existing_schemas(acme_company(), "Acme Ltd", names.iter().copied())
    };
    assert_eq!(with(&[("reports", "Reports")]).unwrap_err(), InvalidTenantId::UnknownSchema);
    assert_eq!(with(&[("audit", "A"), ("audit", "A")]).unwrap_err(), InvalidTenantId::RepeatedSchema);
    for refused in ["", "public", "pg_temp", "a\0b"] {
        assert!(with(&[("audit", refused)]).is_err(), "{refused:?}");
    }
    // They are part of who the tenant is, in whatever order they are given.
    let both = with(&[("audit", "Audit"), ("reporting", "Reports")]).unwrap();
    assert_eq!(both, with(&[("reporting", "Reports"), ("audit", "Audit")]).unwrap());
    assert_ne!(both, with(&[("audit", "Audit"), ("reporting", "Other")]).unwrap());
    assert_ne!(both, with(&[]).unwrap());
    assert!(serde_json::to_string(&both).is_err());
}

fn acme_company() -> Company {
    Company::from_value("acme".parse().unwrap()).unwrap()
}

#[test]
fn tenants_can_be_looked_up_and_sent_to_other_tasks() {
    fn is_send_and_sync<V: Send + Sync + 'static>(_: &V) {}
    let tenants: HashSet<TenantId> = ["acme", "globex", "acme"].map(|slug| slug.parse().unwrap()).into();
    assert_eq!(tenants.len(), 2);
    is_send_and_sync(&tenants);
}

#[test]
fn serde_reads_through_the_same_checks() {
    let acme: TenantId = serde_json::from_str("\"acme\"").unwrap();
    assert_eq!(serde_json::to_string(&acme).unwrap(), "\"acme\"");
    let number: TenantId<i64> = serde_json::from_str("42").unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), "42");
    let uuid = TenantId::new(Uuid::from_u128(7)).unwrap();
    assert_eq!(serde_json::from_str::<TenantId<Uuid>>(&serde_json::to_string(&uuid).unwrap()).unwrap(), uuid);

    assert!(serde_json::from_str::<TenantId>("\"public\"").is_err());
    assert!(serde_json::from_str::<TenantId>("\"a;b\"").is_err());
    assert!(serde_json::from_str::<TenantId<AccountNumber>>("0").is_err());
    assert!(serde_json::from_str::<TenantId<Uuid>>("\"00000000-0000-0000-0000-000000000000\"").is_err());
}

#[test]
fn a_tenant_with_a_schema_named_by_hand_is_not_written() {
    let existing = TenantId::with_existing_schema("acme".parse::<Slug>().unwrap(), "Acme Ltd").unwrap();
    let error = serde_json::to_string(&existing).unwrap_err().to_string();
    assert!(error.contains("another schema"), "{error}");
}

proptest! {
    /// Slugs, numbers and UUIDs of one application together.
    #[test]
    fn no_two_tenants_get_one_schema(slugs in prop::collection::hash_set("[a-z0-9_-]{1,63}|id_[0-9]{1,3}", 0..50), numbers in prop::collection::hash_set(-500_i64..500, 0..50)) {
        let slugs: Vec<TenantId> = slugs.iter().filter_map(|slug| slug.parse().ok()).collect();
        let numbers: Vec<TenantId<i64>> = numbers.into_iter().map(|number| TenantId::new(number).unwrap()).collect();
        let uuids: Vec<TenantId<Uuid>> = numbers.iter().filter_map(|number| TenantId::new(Uuid::from_u128(number.key().unsigned_abs().into())).ok()).collect::<HashSet<_>>().into_iter().collect();
        let schemas: HashSet<&str> = slugs.iter().map(TenantId::schema).chain(numbers.iter().map(TenantId::schema)).chain(uuids.iter().map(TenantId::schema)).collect();
        prop_assert_eq!(schemas.len(), slugs.len() + numbers.len() + uuids.len());
    }

    /// Of one application, whose tenants and logical schemas have any names; and none is another tenant's own.
    #[test]
    fn no_logical_schema_is_anothers(slugs in prop::collection::hash_set("[a._-]{1,4}|[a-z0-9_-]{1,60}", 0..20), numbers in prop::collection::hash_set(-50_i64..50, 0..20), logical in prop::collection::hash_set("[a._-]{1,4}|\\PC{1,20}", 1..6)) {
        fn schemas<K: TenantKey>(tenant: &TenantId<K>, logical: &HashSet<String>) -> Vec<String> {
            let own = [tenant.schema().to_owned()];
            own.into_iter().chain(logical.iter().filter_map(|logical| tenant.schema_of(logical).ok())).collect()
        }
        let slugs = slugs.iter().filter_map(|slug| slug.parse::<TenantId>().ok());
        let numbers = numbers.into_iter().map(|number| TenantId::new(number).unwrap());
        let uuids = (1..20).map(|number| TenantId::new(Uuid::from_u128(number)).unwrap());
        let all: Vec<String> = slugs
            .flat_map(|tenant| schemas(&tenant, &logical))
            .chain(numbers.flat_map(|tenant| schemas(&tenant, &logical)))
            .chain(uuids.flat_map(|tenant| schemas(&tenant, &logical)))
            .collect();
        prop_assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    /// Whatever a text is, it is refused or it is its schema's name, unchanged.
    #[test]
    fn a_text_is_refused_or_kept_exactly(text in "\\PC{0,70}|[a-z0-9_-]{0,70}") {
        if let Ok(tenant) = text.parse::<TenantId>() {
            prop_assert_eq!(tenant.schema(), &text);
            prop_assert!(text.len() <= 63 && text.is_ascii());
        }
    }
}
