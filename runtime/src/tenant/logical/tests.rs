//! Whatever a rule is, it is refused or gives no two tenants one schema.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::tenant::Slug;

/// In an alphabet so small that names meet.
fn suffix() -> impl Strategy<Value = &'static str> {
    let suffix = prop_oneof![
        4 => "[a_.]{0,3}",
        // What could make a schema of a number or a UUID of another name.
        1 => "[_0-9-]{1,3}",
        1 => Just("_4".to_owned()),
        1 => Just("-0000-0000-0000-00000000000a".to_owned()),
    ];
    suffix.prop_map(|suffix| &*suffix.leak())
}

/// A rule of those of a list that are accepted.
fn rule() -> impl Strategy<Value = LogicalSchemas> {
    prop::collection::vec(suffix(), 0..5).prop_map(|suffixes| {
        let named = ["a", "b", "c", "d", "e"].into_iter().zip(suffixes);
        named.fold(LogicalSchemas::new(), |rule, (logical, suffix)| {
            rule.try_with(Named { logical, suffix }).unwrap_or(rule)
        })
    })
}

/// Every text of these characters that is not longer than this.
fn texts(characters: &str, longest: usize) -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut longer = texts.clone();
    for _ in 0..longest {
        longer = longer.iter().flat_map(|text| characters.chars().map(move |next| format!("{text}{next}"))).collect();
        texts.extend(longer.iter().cloned());
    }
    texts
}

fn slugs() -> Vec<String> {
    let others = ["id", "i", "id-", "a.", "id_4", "id4"].map(str::to_owned);
    texts("a_", 5).into_iter().chain(others).filter(|text| text.parse::<Slug>().is_ok()).collect()
}

fn numbers() -> Vec<String> {
    let numbers = (-12..120).chain([12_345_678, 1_234_567_800, -12_345_678]);
    numbers.map(|number| format!("id_{number}")).collect()
}

fn uuids() -> Vec<String> {
    ["12345678-0000-0000-0000-00000000000a", "00000004-0000-4000-0000-00000000000a"]
        .map(|uuid| format!("id_{uuid}"))
        .into()
}

/// Adds the schemas of all tenants of one kind that are accepted, each with its tenant.
fn add_schemas(
    rule: &LogicalSchemas,
    tenants: &[String],
    schemas: &mut HashMap<String, String>,
) -> Result<(), TestCaseError> {
    for own in tenants {
        let Ok(tenant) = TenantSchemas::new(rule, SchemaName::new(own).unwrap(), []) else { continue };
        let logical = ["a", "b", "c", "d", "e", "a.a", "._a"].iter();
        let names = logical.filter_map(|logical| tenant.name_of(rule, logical).ok());
        for schema in names.chain([own.clone()]) {
            let owner = schemas.entry(schema.clone()).or_insert_with(|| own.clone());
            prop_assert_eq!(owner, own, "both have {}", schema);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Nor two of different kinds.
    #[test]
    fn no_two_tenants_have_one_schema(of_slugs in rule(), of_numbers in rule(), of_uuids in rule()) {
        let mut schemas = HashMap::new();
        add_schemas(&of_slugs, &slugs(), &mut schemas)?;
        add_schemas(&of_numbers, &numbers(), &mut schemas)?;
        add_schemas(&of_uuids, &uuids(), &mut schemas)?;
    }

    /// Each name that a kind has is a schema of the tenant that was accepted, whatever its length.
    #[test]
    fn what_was_accepted_has_all_its_schemas(rule in rule(), own in "[a-z]{1,70}") {
        let Ok(own) = SchemaName::new(&own) else { return Ok(()) };
        let Ok(tenant) = TenantSchemas::new(&rule, own, []) else { return Ok(()) };
        for named in rule.named() {
            let expected = [tenant.own().name(), named.suffix].concat();
            prop_assert_eq!(tenant.of(&rule, named.logical).unwrap().name().to_owned(), expected.clone());
            prop_assert_eq!(tenant.name_of(&rule, named.logical).unwrap(), expected);
        }
    }
}

#[test]
fn the_usual_tenants_are_accepted() {
    let rule = LogicalSchemas::new().suffix("reporting", "_rep").suffix("archive", "-old").same_as_tenant("audit");
    for rule in [LogicalSchemas::new(), rule] {
        for own in
            ["acme", "rep", "id", "id_42", "id_-42", "a_rep_b", "id_12345678-0000-0000-0000-00000000000a", "Acme Ltd"]
        {
            assert!(TenantSchemas::new(&rule, SchemaName::new(own).unwrap(), []).is_ok(), "{own}");
        }
    }
}

fn problem(rule: &LogicalSchemas, logical: &'static str, suffix: &'static str) -> &'static str {
    rule.try_with(Named { logical, suffix }).unwrap_err()
}

#[test]
fn a_rule_that_could_go_wrong_is_refused() {
    let rule = LogicalSchemas::new().suffix("reporting", "_rep").suffix("reports", "_rep").same_as_tenant("audit");
    assert_eq!(problem(&rule, "", "_x"), "a logical schema has a name");
    assert_eq!(problem(&rule, "x", "_x\0"), "a suffix does not hold the character NUL");
    assert!(
        problem(&rule, "x", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
            .contains("leaves no room")
    );
    assert_eq!(problem(&rule, "reporting", "_other"), "this logical schema is named already");
    assert_eq!(problem(&rule, "audit", "_other"), "this logical schema is named already");
    for ambiguous in ["_old_rep", "rep", "p"] {
        assert!(problem(&rule, "x", ambiguous).contains("one of the suffixes ends with another"), "{ambiguous}");
    }
    for fine in ["_rep2", "_report", "_archive", "_rep", ""] {
        assert!(rule.try_with(Named { logical: "x", suffix: fine }).is_ok(), "{fine}");
    }
    let many = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"];
    let full = many.iter().fold(rule, |rule, logical| rule.same_as_tenant(logical));
    assert_eq!(problem(&full, "x", "_x"), "a kind of tenant names at most 16 logical schemas");
}

#[test]
fn a_key_is_found_in_the_name_of_a_schema() {
    let uuid = "id_12345678-0000-0000-0000-00000000000a";
    for (schema, key) in [
        ("id_42", Some("42")),
        ("id_-42_rep", Some("-42")),
        ("id_42-rep", Some("42")),
        ("id_421", Some("421")),
        (uuid, uuid.strip_prefix("id_")),
        ("id_12345678-0000-0000-0000-00000000000a_rep", uuid.strip_prefix("id_")),
        ("id_12345678-0000-0000-0000-0000000000", Some("12345678")),
        ("id_", None),
        ("id_-", None),
        ("id_rep", None),
        ("id", None),
        ("acme", None),
        ("id_é", None),
    ] {
        assert_eq!(key_in(schema), key, "{schema}");
    }
}

#[test]
fn what_is_asked_for_once_is_kept_and_many_may_ask_at_a_time() {
    let rule = LogicalSchemas::new();
    let tenant = TenantSchemas::new(&rule, SchemaName::new("acme").unwrap(), [("given", "Acme Ltd")]).unwrap();
    let list = Link::new();
    let (tenant, rule, list) = (&tenant, &rule, &list);
    std::thread::scope(|scope| {
        for turn in 0..8 {
            let names = ["a", "b", "c", "d", "given"];
            scope.spawn(move || {
                for position in 0..1_000 {
                    let logical = names.into_iter().cycle().nth(turn + position % 5).unwrap();
                    let expected = if logical == "given" { "Acme Ltd".to_owned() } else { format!("acme.{logical}") };
                    assert_eq!(tenant.of(rule, logical).unwrap().name(), expected);
                    assert_eq!(list.of(logical, &|| SchemaName::new(logical)).unwrap().name(), logical);
                }
            });
        }
    });
    for logical in ["a", "b", "c", "d"] {
        let kept = tenant.known.of(logical, &|| Err(InvalidTenantId::Empty));
        assert_eq!(kept.unwrap().name(), format!("acme.{logical}"));
    }
    let (mut known, mut link) = (Vec::new(), list);
    while let Some(next) = link.get() {
        known.push(next.logical);
        link = &next.next;
    }
    known.sort_unstable();
    assert_eq!(known, ["a", "b", "c", "d", "given"], "each once");
}
