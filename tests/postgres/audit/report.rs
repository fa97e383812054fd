//! What becomes of a report.

use tenantry::Severity;

use super::{Audited, TABLES};

#[tokio::test]
async fn a_report_is_read_refused_and_serialised() {
    let audited = Audited::clean().await;
    audited
        .run("alter table app.customer disable row level security; alter table app.customer alter phone set not null")
        .await;
    let report = audited.audit_with(&["acme", "globex"]).await;
    let text = report.to_string();
    assert!(
        text.starts_with(&format!("audit of 11 tables in 6 schemas, as role {} on PostgreSQL ", audited.app)),
        "{text}"
    );
    let finding = "danger    rls-off  app.customer\n          row-level security is off: no policy holds, and a statement without a tenant reads the rows of all\n          mend: ALTER TABLE \"app\".\"customer\" ENABLE ROW LEVEL SECURITY;\n";
    assert!(text.contains(finding), "{text}");
    assert!(text.contains("mismatch  column-not-null  app.customer.phone\n"), "{text}");

    let error = report.refuse_from(Severity::Danger).unwrap_err();
    assert!(error.is_audit() && !error.may_have_run() && !error.is_connection());
    assert!(error.to_string().contains("rls-off at app.customer"), "{error}");
    let error = report.refuse_from(Severity::Advice).unwrap_err();
    assert!(
        error.to_string().starts_with(&format!("the audit of the database found {} faults: ", report.findings().len()))
    );
    assert!(!report.is_clean());

    report.clone().accepting("rls-off").accepting("server-version").refuse_from(Severity::Danger).unwrap();

    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["role"], audited.app);
    assert_eq!((&json["tables"], &json["schemas"]), (&11.into(), &6.into()));
    let findings = json["findings"].as_array().unwrap();
    let off = findings.iter().find(|finding| finding["code"] == "rls-off").unwrap();
    assert_eq!((&off["severity"], &off["place"]), (&"danger".into(), &"app.customer".into()));
    assert_eq!(off["sql"], "ALTER TABLE \"app\".\"customer\" ENABLE ROW LEVEL SECURITY;");
    assert_eq!(json["unchecked"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_report_of_tables_without_row_level_security_is_not_refused_for_the_server() {
    let audited = Audited::clean().await;
    let report = audited.db.audit(&TABLES[4..]).await.unwrap();
    report.refuse_from(Severity::Mismatch).unwrap();
}

#[tokio::test]
async fn what_the_server_itself_does_wrong_is_found() {
    let audited = Audited::clean().await;
    let row = audited.client.query_one("select current_setting('server_version_num')::int4", &[]).await.unwrap();
    let number: i32 = row.get(0);
    let mended = [(14, 24), (15, 19), (16, 15), (17, 11), (18, 6)].iter().find(|(major, _)| *major == number / 10_000);
    let is_flawed = mended.map_or(number < 180_000, |(_, minor)| number % 100 < *minor);
    for (tables, severity) in [(&TABLES[..], Severity::Danger), (&TABLES[4..], Severity::Advice)] {
        let report = audited.db.audit(tables).await.unwrap();
        let mut flaws = report.findings().iter().filter(|finding| finding.problem().contains("CVE-2026-14666"));
        let found = flaws.next().map(|flaw| (flaw.severity(), flaw.code(), flaw.place(), flaw.sql()));
        assert_eq!(found, is_flawed.then_some((severity, "server-version", "server", None)), "{report}");
    }
}

#[tokio::test]
async fn an_empty_database_has_none_of_the_tables() {
    let audited = Audited::empty().await;
    let report = audited.audit().await;
    let missing = ["schema app", "schema catalog"]
        .map(|place| (Severity::Mismatch, "schema-missing".to_owned(), place.to_owned()));
    assert_eq!(super::found(&report), missing, "{report}");
    // What all have is made by one script.
    let scripts: Vec<_> = report.findings().iter().filter_map(|finding| finding.sql()).collect();
    assert_eq!(scripts.len(), 1, "{report}");
    audited.run(scripts[0]).await;
    let report = audited.audit().await;
    assert_eq!(super::found(&report), [], "{report}");
    let report = audited.db.audit(&[]).await.unwrap();
    assert_eq!(super::found(&report), []);
}

/// A name that has to be quoted, in everything that mends.
#[tokio::test]
async fn names_are_quoted_in_what_mends() {
    #[derive(Debug, tenantry::TenantTable)]
    #[tenant_table(name = "it's \"odd\"", tenant_column(r#type: uuid::Uuid), schema = "My App", rls = "app.tenant")]
    struct Odd {
        #[tenant_table(primary_key, column = "I D")]
        id: i64,
        #[tenant_table(column = "a;b")]
        note: Option<String>,
    }

    let audited = Audited::empty().await;
    audited
        .run(
            r#"create schema "My App"; grant usage on schema "My App" to {app};
               create table "My App"."it's ""odd""" ("type" uuid, "I D" bigint unique, "a;b" text not null);
               grant select on "My App"."it's ""odd""" to {app}"#,
        )
        .await;
    let tables = [<Odd as tenantry::Table>::DEFINITION];
    let report = audited.db.audit(&tables).await.unwrap();
    assert!(report.findings().len() > 6, "{report}");
    for sql in report.findings().iter().filter_map(|finding| finding.sql()) {
        audited.run(sql).await;
    }
    let report = audited.db.audit(&tables).await.unwrap();
    assert_eq!(super::found(&report), [], "{report}");
}
