//! Each rule: texts that keep to it, and the same with a miss that is found.

use tenantry_oracle::{Tables, Verdict, Violation, judge, judge_prepared};

/// Two tenants by schema, tables by row, and a shared one.
fn tables() -> Tables {
    let mut tables = Tables::default();
    for sql in [
        "create table acme.customer (id int, name text); create table acme.line (id int, customer_id int)",
        "create table globex.customer (like acme.customer); create table globex.line (like acme.line)",
        "create table app.customer (tenant_id uuid, id int, name text); create table app.line (tenant_id uuid, id int)",
        "create table catalog.plan (code text)",
    ] {
        tables.learn(sql);
    }
    tables
}

fn verdict(sql: &str) -> Verdict {
    judge(sql, &tables())
}

#[track_caller]
fn passes(sql: &str) {
    let verdict = verdict(sql);
    assert_eq!(verdict.violations, [], "{sql}");
    assert!(!verdict.across_tenants, "{sql}");
}

#[track_caller]
fn passes_across_tenants(sql: &str) {
    let verdict = verdict(sql);
    assert_eq!(verdict.violations, [], "{sql}");
    assert!(verdict.across_tenants, "{sql}");
}

#[track_caller]
fn fails(sql: &str, violation: Violation) {
    assert_eq!(verdict(sql).violations, [violation], "{sql}");
}

#[track_caller]
fn unscoped(sql: &str, table: &str) {
    fails(sql, Violation::Unscoped(name(table)));
}

/// `"app"."customer"`
fn name(table: &str) -> String {
    format!("\"{}\"", table.replace('.', "\".\""))
}

fn two_schemas() -> Violation {
    Violation::TwoSchemas("acme".to_owned(), "globex".to_owned())
}

fn two_tenants(one: &str, other: &str) -> Violation {
    Violation::TwoTenants(one.to_owned(), other.to_owned())
}

#[test]
fn tables_are_qualified() {
    passes("select id from acme.customer");
    passes("select n from unnest($1::int[]) as t(n)");
    passes("with customer as (select id from acme.line) select id from customer");
    passes(
        "with recursive tree as (select 1 as id union all select l.id from acme.line l join tree on true) select id from tree",
    );

    let unqualified = || Violation::Unqualified(name("customer"));
    fails("select id from customer", unqualified());
    fails("select id from acme.line where exists (select 1 from customer)", unqualified());
    fails("update customer set name = $1", unqualified());
    fails("delete from customer", unqualified());
    fails("insert into customer (name) values ($1)", unqualified());
    fails("copy customer (name) from stdin", unqualified());
    // A name of `WITH` is none inside of its own query, outside of its statement, or as what is written.
    fails("with customer as (select id from customer) select id from customer", unqualified());
    fails("select (with customer as (select 1) select 1 from customer) from customer", unqualified());
    fails("with customer as (select 1) delete from customer", unqualified());
}

#[test]
fn by_schema_all_are_one_tenants() {
    passes("select c.id from acme.customer c join acme.line l on l.customer_id = c.id");
    passes("select id from acme.customer where id in (select customer_id from acme.line)");
    passes("select c.id from acme.customer c join catalog.plan p on p.code = c.name");
    passes("update acme.customer set name = $1 where id = $2");
    passes("select id from acme.customer union all select id from acme.line");
    passes("select acme.rank(c.name), c.name::acme.mood from acme.customer c");

    fails("select c.id from acme.customer c join globex.line l on l.customer_id = c.id", two_schemas());
    fails("select id from acme.customer where exists (select 1 from globex.line)", two_schemas());
    fails("select id, (select max(id) from globex.line) from acme.customer", two_schemas());
    fails("with l as (select 1 from acme.line) select 1 from globex.customer, l", two_schemas());
    fails("select 1 from acme.customer c left join lateral (select 1 from globex.line) l on true", two_schemas());
    fails("update acme.customer c set name = l.id from globex.line l where l.id = c.id", two_schemas());
    fails("delete from acme.customer c using globex.line l where l.id = c.id", two_schemas());
    fails("insert into acme.customer (id) select id from globex.customer", two_schemas());
    fails("insert into acme.customer (id) values ((select max(id) from globex.customer))", two_schemas());
    fails("insert into acme.customer (id) values (1) returning (select max(id) from globex.customer)", two_schemas());
    fails("select id from acme.customer order by (select max(id) from globex.line)", two_schemas());
    fails("select globex.rank(c.name) from acme.customer c", two_schemas());
    fails("copy (select id from acme.customer, globex.line) to stdout", two_schemas());
    // These are no reads across tenants that say so.
    fails("select id from acme.customer union select id from globex.customer", two_schemas());
    fails("select id from acme.customer except all select id from globex.customer", two_schemas());
}

#[test]
fn by_row_the_tenant_is_a_condition_of_its_own() {
    passes("select id from app.customer where tenant_id = $1");
    passes("select id from app.customer where (id = $2 or id = $3) and (tenant_id = $1 and id > $4)");
    passes("select c.id from app.customer as c where $1 = c.tenant_id");
    passes("select id from app.customer where app.customer.tenant_id = $1");
    passes("select id from (select id from app.customer where tenant_id = $1) c where id = $2");
    passes("update app.customer set name = $2 where tenant_id = $1 and id = $3");
    passes("delete from app.customer where tenant_id = $1");
    passes("select count(*) from app.customer tablesample system (10) where tenant_id = $1");
    passes("select id from app.customer where tenant_id = $1 for update of customer");

    let customer = "app.customer";
    unscoped("select id from app.customer", customer);
    unscoped("select id from app.customer where tenant_id = $1 or id = $2", customer);
    unscoped("select id from app.customer where not tenant_id = $1", customer);
    unscoped("select id from app.customer where (tenant_id = $1) is not false", customer);
    unscoped("select id from app.customer where tenant_id <> $1", customer);
    unscoped("select id from app.customer where tenant_id >= $1", customer);
    unscoped("select id from app.customer where tenant_id = any($1)", customer);
    unscoped("select id from app.customer where tenant_id = tenant_id", customer);
    unscoped("select id from app.customer where tenant_id = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'", customer);
    unscoped("select id from app.customer where tenant_id is not distinct from $1", customer);
    unscoped("select id from app.customer where coalesce(tenant_id = $1, true)", customer);
    unscoped("select id from app.customer where case when tenant_id = $1 then true else true end", customer);
    unscoped("select id from app.customer where id = $1", customer);
    unscoped("select id from app.customer group by id having min(tenant_id) = $1", customer);
    unscoped("select id from app.customer c(tenant_id, id) where c.tenant_id = $1", customer);
    unscoped("update app.customer set name = $1 where id = $2", customer);
    unscoped("update app.customer set name = $2 where tenant_id = $1 or true", customer);
    unscoped("update app.customer set name = $2 from catalog.plan where tenant_id = $1", customer);
    unscoped("delete from app.customer", customer);
    unscoped("delete from app.customer where id = $1 returning tenant_id = $2", customer);
}

#[test]
fn by_row_each_relation_has_its_own_condition() {
    passes("select 1 from app.customer c join app.line l on l.tenant_id = $1 and l.id = c.id where c.tenant_id = $1");
    passes("select 1 from app.customer c, app.line l where c.tenant_id = $1 and l.tenant_id = $1");
    passes("select 1 from app.customer c join app.line l on l.tenant_id = $1 and c.tenant_id = $1");
    passes("select 1 from app.customer where tenant_id = $1 and id in (select id from app.line where tenant_id = $1)");
    passes("update app.customer c set name = $2 from app.line l where c.tenant_id = $1 and l.tenant_id = $1");
    passes("delete from app.customer c using app.line l where c.tenant_id = $1 and l.tenant_id = $1 and l.id = c.id");
    passes(
        "with l as (select id from app.line where tenant_id = $1) select 1 from app.customer c, l where c.tenant_id = $1",
    );

    let line = "app.line";
    unscoped("select 1 from app.customer c join app.line l on l.id = c.id where c.tenant_id = $1", line);
    unscoped("select 1 from app.customer c join app.line l on c.tenant_id = $1 where c.tenant_id = $1", line);
    unscoped("select 1 from app.customer c join app.line l on l.tenant_id = c.tenant_id where c.tenant_id = $1", line);
    unscoped("select 1 from app.customer c join app.line l using (tenant_id) where c.tenant_id = $1", line);
    unscoped("select 1 from app.customer c natural join app.line l where c.tenant_id = $1", line);
    unscoped(
        "select 1 from app.customer c, app.line l where c.tenant_id = $1 and (l.tenant_id = $1 or l.id = $2)",
        line,
    );
    // In the query around it, or in the one inside of it.
    unscoped("select 1 from app.customer where tenant_id = $1 and id in (select id from app.line)", line);
    unscoped(
        "select 1 from (select id from app.line) l, app.customer c where c.tenant_id = $1 and l.tenant_id = $1",
        line,
    );
    unscoped(
        "select 1 from app.customer c where c.tenant_id = $1 and exists (select 1 from app.line l where c.tenant_id = $1)",
        line,
    );
    unscoped(
        "select 1 from app.line l where exists (select 1 from app.customer c where c.tenant_id = $1 and l.tenant_id = $1)",
        line,
    );
    unscoped("select (select max(id) from app.line) from app.customer where tenant_id = $1", line);
    unscoped(
        "select 1 from app.customer c, lateral (select 1 from app.line l where l.id = c.id) l where c.tenant_id = $1",
        line,
    );
    unscoped("select 1 from app.customer where tenant_id = $1 union all select 1 from app.line", line);
    unscoped("update app.customer c set name = $2 from app.line l where c.tenant_id = $1", line);
    unscoped("update app.line set id = c.id from app.customer c where c.tenant_id = $1", line);
    unscoped("delete from app.customer c using app.line l where c.tenant_id = $1", line);
    unscoped("with l as (select id from app.line) select 1 from app.customer c, l where c.tenant_id = $1", line);
    unscoped(
        "with l as (delete from app.line returning id) select 1 from app.customer c, l where c.tenant_id = $1",
        line,
    );
    // A name that is hidden here is another's.
    unscoped(
        "select 1 from app.customer l where l.tenant_id = $1 and exists
             (select 1 from (app.line l join catalog.plan p on true) as j where l.tenant_id = $1)",
        line,
    );
    // A bare column may be another relation's.
    let both = ["app.customer", "app.line"].map(|table| Violation::Unscoped(name(table)));
    assert_eq!(verdict("select 1 from app.customer c join app.line l on true where tenant_id = $1").violations, both);
}

#[test]
fn by_row_in_outer_joins() {
    passes(
        "select 1 from app.customer c left join app.line l on l.tenant_id = $1 and l.id = c.id where c.tenant_id = $1",
    );
    passes("select 1 from app.line l right join app.customer c on l.tenant_id = $1 where c.tenant_id = $1");
    passes("select 1 from acme.customer c left join (acme.line l join app.line r on r.tenant_id = $1) on l.id = c.id");
    passes(
        "select 1 from (select id from app.customer where tenant_id = $1) c
             full join (select id from app.line where tenant_id = $1) l on l.id = c.id",
    );

    let (customer, line) = ("app.customer", "app.line");
    // The condition holds for the rows that are found, and those that are missing would be dropped.
    unscoped(
        "select 1 from app.customer c left join app.line l on l.id = c.id where c.tenant_id = $1 and l.tenant_id = $1",
        line,
    );
    unscoped(
        "select 1 from app.line l right join app.customer c on l.id = c.id where c.tenant_id = $1 and l.tenant_id = $1",
        line,
    );
    // The rows on this side are there whether it holds or not.
    unscoped("select 1 from app.customer c left join app.line l on l.tenant_id = $1 and c.tenant_id = $1", customer);
    unscoped("select 1 from app.line l right join app.customer c on l.tenant_id = $1 and c.tenant_id = $1", customer);
    unscoped("select 1 from app.line l full join acme.customer c on l.tenant_id = $1", line);
    unscoped(
        "select 1 from acme.customer c left join (app.line l left join acme.line r on l.tenant_id = $1) on true",
        line,
    );
}

#[test]
fn by_row_all_are_one_tenants() {
    passes("select 1 from app.customer c, app.line l where c.tenant_id = $2 and l.tenant_id = $2");
    passes("select 1 from app.customer where tenant_id = $1 and tenant_id = $2");

    let sql = "select 1 from app.customer c, app.line l where c.tenant_id = $1 and l.tenant_id = $2";
    fails(sql, two_tenants("$1", "$2"));
    let sql = "select 1 from app.customer where tenant_id = $1 union select 1 from app.line where tenant_id = $2";
    fails(sql, two_tenants("$1", "$2"));
    let sql = "insert into app.line (tenant_id, id) select $1, id from app.customer where tenant_id = $2";
    fails(sql, two_tenants("$1", "$2"));
    let sql = "update app.line l set id = 1 from app.customer c where l.tenant_id = $2 and c.tenant_id = $1";
    fails(sql, two_tenants("$2", "$1"));
}

#[test]
fn inserts_bind_the_tenant() {
    passes("insert into app.line (tenant_id, id) values ($1, $2), ($1, default)");
    passes("insert into app.line (id, tenant_id) values ($2, $1)");
    passes("insert into app.line (tenant_id, id) select $1::uuid, n from unnest($2::int[]) as t(n)");
    passes("insert into app.line (tenant_id, id) select $1, id from app.customer where tenant_id = $1");
    passes("insert into acme.line (id) values ($1)");
    passes("insert into catalog.plan (code) values ($1)");

    let without = || Violation::InsertWithoutTenant(name("app.line"));
    fails("insert into app.line (id) values ($1)", without());
    fails("insert into app.line values ($1, $2)", without());
    fails("insert into app.line default values", without());
    fails("insert into app.line (tenant_id, id) values (default, $1)", without());
    fails("insert into app.line (tenant_id, id) values ('f81d4fae-7dec-11d0-a765-00a0c91e6bf6', $1)", without());
    fails("insert into app.line (tenant_id, id) values ($1, $2), (null, $3)", without());
    fails("insert into app.line (tenant_id, id) select n, $1 from unnest($2::int[]) as t(n)", without());
    fails("insert into app.line (tenant_id, id) select $2, $1 union all select null, $1", without());
    fails("insert into app.line (id, tenant_id) select c.*, $1 from acme.customer c", without());
    fails("insert into app.line (tenant_id, id) values ($1, $2), ($3, $4)", two_tenants("$1", "$3"));
    fails(
        "insert into catalog.plan (code) select name from acme.customer",
        Violation::SharedWritten(name("catalog.plan")),
    );
    fails(
        "update catalog.plan set code = c.name from app.customer c where c.tenant_id = $1",
        Violation::SharedWritten(name("catalog.plan")),
    );
}

#[test]
fn conflicts_are_the_tenants_own() {
    passes(
        "insert into app.line (tenant_id, id) values ($1, $2) on conflict (tenant_id, id) do update set id = excluded.id",
    );
    passes("insert into app.line (tenant_id, id) values ($1, $2) on conflict do nothing");
    passes("insert into acme.line (id) values ($1) on conflict (id) do nothing");

    let across = || Violation::ConflictWithoutTenant(name("app.line"));
    fails("insert into app.line (tenant_id, id) values ($1, $2) on conflict (id) do nothing", across());
    fails("insert into app.line (tenant_id, id) values ($1, $2) on conflict (id) do update set id = $3", across());
    fails(
        "insert into app.line (tenant_id, id) values ($1, $2) on conflict on constraint line_pkey do nothing",
        across(),
    );
    fails(
        "insert into app.line (tenant_id, id) values ($1, $2) on conflict ((tenant_id is null), id) do nothing",
        across(),
    );
}

#[test]
fn no_row_changes_hands() {
    let assigned = || Violation::TenantAssigned(name("app.line"));
    fails("update app.line set tenant_id = $2 where tenant_id = $1", assigned());
    fails("update app.line set (id, tenant_id) = ($2, $3) where tenant_id = $1", assigned());
    fails(
        "insert into app.line (tenant_id, id) values ($1, $2) on conflict (tenant_id, id) do update set tenant_id = excluded.tenant_id",
        assigned(),
    );
}

#[test]
fn copies_name_the_tenant() {
    passes("copy app.line (tenant_id, id) from stdin (format binary)");
    passes("copy acme.line (id) from stdin");
    passes("copy (select id from app.line where tenant_id = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'::uuid) to stdout");
    passes("copy (select id from app.line where tenant_id = 7) to stdout");
    passes("copy (select id from acme.line) to stdout");

    // The query alone may be prepared, and does not run so.
    let query = "select id from app.line where tenant_id = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'";
    assert_eq!(judge_prepared(query, &tables()).violations, []);
    unscoped(query, "app.line");
    let all = Violation::Unscoped(name("app.line"));
    assert_eq!(judge_prepared("select id from app.line", &tables()).violations, [all]);

    let line = name("app.line");
    fails("copy app.line (id) from stdin", Violation::CopyWithoutTenant(line.clone()));
    fails("copy app.line from stdin", Violation::CopyWithoutTenant(line.clone()));
    fails("copy app.line (tenant_id, id) to stdout", Violation::CopyOfAllTenants(line));
    fails("copy acme.line (id) from '/tmp/lines'", Violation::CopyOnServer);
    fails("copy acme.line (id) to program 'cat'", Violation::CopyOnServer);
    unscoped("copy (select id from app.line) to stdout", "app.line");
    unscoped("copy (select id from app.line where tenant_id = tenant_id) to stdout", "app.line");
    fails(
        "copy (select 1 from app.line l, app.customer c where l.tenant_id = 1 and c.tenant_id = 2) to stdout",
        two_tenants("'1'", "'2'"),
    );
}

#[test]
fn reads_across_tenants_say_so() {
    passes_across_tenants("select id from acme.customer union all select id from globex.customer");
    passes_across_tenants(
        "select count(*) from (select id from acme.customer union all select id from globex.customer
             union all select id from globex.line) as all_of_them join catalog.plan p on true",
    );
    passes_across_tenants(
        "select t.key, c.id from unnest($1::uuid[]) as t(key) cross join lateral
             (select id from app.customer where tenant_id = t.key limit $2) as c",
    );
    passes_across_tenants(
        "select t.key from unnest($2, $1) with ordinality as t(schema, key, position) left join app.line l on l.tenant_id = t.key",
    );

    passes_across_tenants(
        "select 1 from app.customer where tenant_id = $1 union all select 1 from app.customer where tenant_id = $2",
    );
    passes_across_tenants(
        "select 1 from acme.customer c, app.line l where l.tenant_id = $1
             union all select 1 from globex.customer c, app.line l where l.tenant_id = $2",
    );

    fails(
        "select 1 from acme.customer c, app.line l where l.tenant_id = $1
             union all select 1 from globex.customer c, app.line l where l.tenant_id = $1",
        Violation::AcrossAndOne,
    );
    fails(
        "select 1 from (select 1 from app.line where tenant_id = $1 union all select 1 from app.line where tenant_id = $2) l,
             app.customer c where c.tenant_id = $1",
        Violation::AcrossAndOne,
    );
    fails(
        "select id from acme.customer union all select c.id from globex.customer c join acme.line l on true",
        Violation::TwoSchemas("globex".to_owned(), "acme".to_owned()),
    );
    fails(
        "select 1 from (select id from acme.customer union all select id from globex.customer) c, acme.line l",
        Violation::AcrossAndOne,
    );
    fails(
        "select 1 from (select id from acme.customer union all select id from globex.customer) c, app.line l where l.tenant_id = $1",
        Violation::AcrossAndOne,
    );
    fails(
        "select 1 from unnest($1) t(key) join app.line l on l.tenant_id = t.key join acme.line a on true",
        Violation::AcrossAndOne,
    );
    fails(
        "select 1 from unnest($1) t(key) join app.line l on l.tenant_id = t.key join app.customer c on c.tenant_id = $2",
        two_tenants("each of $1", "$2"),
    );
    let line = "app.line";
    fails(
        "delete from app.line l using unnest($1) t(key) where l.tenant_id = t.key",
        Violation::WrittenAcrossTenants(name(line)),
    );
    unscoped("select 1 from unnest($1) t(key) join app.line l on true", line);
    unscoped("select 1 from unnest($1) t(key, value) join app.line l on l.tenant_id = t.value", line);
    unscoped("select 1 from unnest(array[1, 2]) t(key) join app.line l on l.tenant_id = t.key", line);
    unscoped("select 1 from generate_series(1, $1) t(key) join app.line l on l.tenant_id = t.key", line);
    // The list of tenants is hidden by another `t`.
    unscoped(
        "select 1 from unnest($1) t(key), lateral (select 1 from app.line l, acme.line t where l.tenant_id = t.key) x",
        line,
    );
}

#[test]
fn commands_and_questions_of_the_library() {
    for sql in [
        "",
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "SELECT; COMMIT",
        "ROLLBACK TO SAVEPOINT tenantry_1; RELEASE SAVEPOINT tenantry_1",
        "SAVEPOINT tenantry_1",
        "SELECT pg_advisory_xact_lock($1)",
        "SELECT t.typname FROM pg_catalog.pg_type t WHERE t.oid = $1",
        "SET application_name='it'",
        "PREPARE tenantry AS SELECT id FROM app.line WHERE tenant_id = $1; DEALLOCATE tenantry",
    ] {
        passes(sql);
    }
    unscoped("PREPARE tenantry AS SELECT id FROM app.line; DEALLOCATE tenantry", "app.line");
    unscoped("SELECT; DELETE FROM app.line; COMMIT", "app.line");
}

#[test]
fn what_is_not_understood_is_found() {
    fails("selec 1", Violation::Syntax("syntax error at or near \"selec\"".to_owned()));
    for (sql, kind) in [
        ("set search_path = acme", "VariableSetStmt"),
        ("truncate app.line", "TruncateStmt"),
        ("create table acme.other ()", "CreateStmt"),
        ("lock table app.line", "LockStmt"),
        ("merge into app.line using app.customer on true when matched then delete", "MergeStmt"),
    ] {
        fails(sql, Violation::UnknownStatement(kind.to_owned()));
    }
    fails("select id into acme.other from acme.line", Violation::Overlooked);
    fails(
        "select 1 from app.line l where l.tenant_id = $1 and l.id = (select 1 into app.other)",
        Violation::Overlooked,
    );
}
