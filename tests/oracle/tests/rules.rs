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

/// A read of listed tenants, with this query for each.
fn listed(query: &str) -> String {
    format!(
        "SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, \
         ARRAY(SELECT nullif(\"tenant_id\", \"tenant_id\") FROM \"app\".\"customer\" LIMIT 0))) \
         WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL ({query}) AS of_tenant"
    )
}

/// A read of all tenants, with this query for each.
fn of_all(query: &str) -> String {
    format!(
        "SELECT tenant.key, of_tenant.* FROM (SELECT DISTINCT \"tenant_id\" FROM \"app\".\"customer\" \
         WHERE \"tenant_id\" IS NOT NULL) AS tenant(key) CROSS JOIN LATERAL ({query}) AS of_tenant"
    )
}

const OF_EACH: &str = "select t0.id from app.customer as t0 where t0.tenant_id = tenant.key";

#[test]
fn reads_across_tenants_are_of_two_forms() {
    for form in [listed, of_all] {
        passes_across_tenants(&form(OF_EACH));
        passes_across_tenants(&format!("prepare tenantry as {}; deallocate tenantry", form(OF_EACH)));
        for query in [
            "select count(*) from app.line as t0 where tenant.key = t0.tenant_id and (t0.id = $2 or t0.id = $3) limit $4",
            "select 1 from app.customer as t0 left join app.line as t1 on t1.tenant_id = tenant.key and t1.id = t0.id
                 join catalog.plan as t2 on t2.code = t0.name where t0.tenant_id = tenant.key",
            "select 1 from app.customer as t0 where t0.tenant_id = tenant.key
                 and (not exists (select 1 from app.line as t1 where t1.tenant_id = tenant.key and t1.id = t0.id))",
        ] {
            passes_across_tenants(&form(query));
        }
    }
}

/// Each relation of the query has a condition of its own on the tenant whose turn it is.
#[test]
fn each_relation_of_a_read_across_tenants_is_kept_to_one() {
    let (customer, line) = ("app.customer", "app.line");
    for form in [listed, of_all] {
        let unscoped = |query: &str, table: &str| unscoped(&form(query), table);
        unscoped("select t0.id from app.customer as t0", customer);
        unscoped("select t0.id from app.customer as t0 where t0.tenant_id = tenant.key or t0.id = $2", customer);
        unscoped("select t0.id from app.customer as t0 where not t0.tenant_id = tenant.key", customer);
        unscoped("select t0.id from app.customer as t0 where t0.tenant_id <> tenant.key", customer);
        unscoped("select t0.id from app.customer as t0 where t0.tenant_id = tenant.position", customer);
        unscoped("select t0.id from app.customer as t0 where t0.tenant_id = any(array[tenant.key])", customer);
        unscoped("select t0.id from app.customer as t0 where t0.tenant_id = t0.tenant_id", customer);
        unscoped("select t0.id from app.customer as t0 where t0.tenant_id = other.key", customer);
        unscoped("select t0.id from app.customer as t0 where t0.tenant_id = key", customer);
        unscoped("select t0.id from app.customer as t0 where t0.id = tenant.key", customer);
        let with_customer = |rest: &str| format!("{OF_EACH} {rest}");
        unscoped(&with_customer("and exists (select 1 from app.line as t1 where t1.id = t0.id)"), line);
        unscoped(&with_customer("and exists (select 1 from app.line as t1 where t0.tenant_id = tenant.key)"), line);
        unscoped(&with_customer("order by (select max(t1.id) from app.line as t1)"), line);
        unscoped(&with_customer("union all select t1.id from app.line as t1"), line);
        unscoped(
            "select 1 from app.customer as t0 join app.line as t1 on t1.id = t0.id where t0.tenant_id = tenant.key",
            line,
        );
        unscoped(
            "select 1 from app.customer as t0 left join app.line as t1 on true
                 where t0.tenant_id = tenant.key and t1.tenant_id = tenant.key",
            line,
        );
        // Another relation hides the list of tenants.
        unscoped("select 1 from app.customer as tenant where tenant.tenant_id = tenant.key", customer);
        for hiding in ["acme.line as tenant", "acme.line as tenant tablesample system (1)", "(select 1) as tenant(key)"]
        {
            let query = format!("select 1 from app.customer as t0, {hiding} where t0.tenant_id = tenant.key");
            assert!(verdict(&form(&query)).violations.contains(&Violation::Unscoped(name(customer))), "{query}");
        }
        unscoped(
            "with tenant as (select 1 as key) select 1 from app.customer as t0, tenant where t0.tenant_id = tenant.key",
            customer,
        );

        fails(&form("select 1 from app.customer as t0 where t0.tenant_id = $2"), two_tenants("each of many", "$2"));
        fails(
            &form(
                "select 1 from app.customer as t0, app.line as t1 where t0.tenant_id = tenant.key and t1.tenant_id = $2",
            ),
            two_tenants("each of many", "$2"),
        );
        fails(&form(&with_customer("and exists (select 1 from acme.line)")), Violation::AcrossAndOne);
        fails(&form("select 1 from acme.customer as t0"), Violation::AcrossAndOne);
        fails(&form("select 1 from customer as t0"), Violation::Unqualified(name("customer")));
        fails(
            &form("with gone as (delete from app.line as t0 where t0.tenant_id = tenant.key) select 1"),
            Violation::WrittenAcrossTenants(name(line)),
        );
    }
}

/// What only looks like a read across tenants is judged as any other statement, and keeps to no tenant.
#[test]
fn what_is_not_quite_of_a_form_is_none_across_tenants() {
    let all_are_unscoped = |sql: &str| {
        let verdict = verdict(sql);
        assert!(!verdict.across_tenants, "{sql}");
        assert!(verdict.violations.contains(&Violation::Unscoped(name("app.customer"))), "{sql}: {verdict:?}");
    };
    for (form, old, new) in [
        // The list of those that are bound reads no row.
        (listed as fn(&str) -> String, " LIMIT 0", ""),
        (listed, " LIMIT 0", " LIMIT 1"),
        (listed, " LIMIT 0", " LIMIT $2"),
        (listed, " LIMIT 0", " WHERE false"),
        (listed, "nullif(\"tenant_id\", \"tenant_id\")", "\"tenant_id\""),
        (listed, "nullif(\"tenant_id\", \"tenant_id\")", "nullif(\"tenant_id\", \"id\")"),
        (listed, "nullif(\"tenant_id\", \"tenant_id\")", "(SELECT \"name\" FROM \"app\".\"customer\" LIMIT 1)"),
        (listed, "coalesce($1, ARRAY", "coalesce(ARRAY"),
        (listed, "coalesce($1, ARRAY", "coalesce($2, ARRAY"),
        (listed, "coalesce($1, ARRAY", "coalesce(NULL, ARRAY"),
        (listed, "unnest(coalesce(", "unnest(array_cat("),
        (listed, "unnest", "app.unnest"),
        (listed, "WITH ORDINALITY AS tenant(key, position)", "WITH ORDINALITY AS tenant(position, key)"),
        (listed, "WITH ORDINALITY AS tenant(key, position)", "AS tenant(key, position)"),
        (listed, "tenant.position, of_tenant.*", "of_tenant.*"),
        (listed, "tenant.position, of_tenant.*", "tenant.key, of_tenant.*"),
        (of_all, "SELECT DISTINCT", "SELECT"),
        (of_all, "SELECT DISTINCT \"tenant_id\"", "SELECT DISTINCT \"id\""),
        (of_all, "DISTINCT \"tenant_id\"", "DISTINCT ON (\"name\") \"tenant_id\""),
        (of_all, "DISTINCT \"tenant_id\"", "DISTINCT \"tenant_id\", \"name\""),
        (of_all, "IS NOT NULL", "IS NULL"),
        (of_all, " IS NOT NULL", " IS NOT NULL OR true"),
        (of_all, " WHERE \"tenant_id\" IS NOT NULL", ""),
        (of_all, " WHERE \"tenant_id\" IS NOT NULL", " WHERE \"id\" IS NOT NULL"),
        (of_all, "AS tenant(key)", "AS tenant(key, position)"),
        (of_all, "AS tenant(key)", "AS of(key)"),
        (of_all, "tenant.key, of_tenant.*", "of_tenant.*"),
        (of_all, "tenant.key, of_tenant.*", "*"),
    ]
    .into_iter()
    // Whichever list it is.
    .chain([listed, of_all].into_iter().flat_map(|form| {
        [
            (form as fn(&str) -> String, "\"app\".\"customer\"", "ONLY \"app\".\"customer\""),
            (form, "CROSS JOIN LATERAL", "LEFT JOIN LATERAL"),
            (form, "CROSS JOIN LATERAL", ", LATERAL"),
            (form, "AS of_tenant", "AS of_tenant WHERE true"),
            (form, "AS of_tenant", "AS of_tenant ORDER BY 1"),
            (form, "AS of_tenant", "AS of_tenant CROSS JOIN catalog.plan"),
            (form, "AS of_tenant", "AS of_tenant, app.customer AS other"),
            (form, "AS of_tenant", "AS of_tenant CROSS JOIN app.line AS other"),
            (form, "AS of_tenant", "AS of_tenant UNION ALL SELECT 1"),
            (form, "of_tenant.*", "of_tenant.*, (SELECT max(id) FROM app.customer)"),
            (form, "SELECT tenant.", "SELECT DISTINCT tenant."),
        ]
    })) {
        let whole = form(OF_EACH);
        assert!(whole.contains(old), "{old}");
        let mut near_miss = whole.replacen(old, new, 1);
        if new.starts_with("LEFT JOIN") {
            near_miss += " ON true";
        }
        assert_ne!(near_miss, whole);
        all_are_unscoped(&near_miss);
    }
    for form in [listed, of_all] {
        let whole = &form(OF_EACH);
        all_are_unscoped(&whole.replace("\"tenant_id\"", "\"id\""));
        // It is a whole statement.
        all_are_unscoped(&format!("select * from ({whole}) as them"));
        all_are_unscoped(&format!("with them as ({whole}) select * from them"));
        all_are_unscoped(&format!("select 1 from acme.customer where exists ({whole})"));
        all_are_unscoped(&format!("with one as (select 1) {whole}"));
        all_are_unscoped(&format!("{whole} limit 1"));
        all_are_unscoped(&format!("{whole} for update"));
        all_are_unscoped(&format!("copy ({whole}) to stdout"));
        all_are_unscoped(&format!("insert into acme.line (customer_id, id) {whole}"));
        all_are_unscoped(&format!("insert into acme.line (id) select id from ({whole}) as them"));
        // Not of a table by row, whose column has this name all the same.
        for table in ["\"acme\".\"customer\"", "\"catalog\".\"plan\"", "\"app\".\"unknown\"", "\"customer\""] {
            all_are_unscoped(&whole.replace("\"app\".\"customer\"", table));
        }
    }
    // A list that has nothing of the sort.
    for list in [
        "unnest($1) as tenant(key)",
        "unnest($1) with ordinality as tenant(key, position)",
        "generate_series(1, $1) as tenant(key)",
        "(values ($1), ($2)) as tenant(key)",
        "(select id from acme.customer) as tenant(key)",
        "acme.customer as tenant(key)",
    ] {
        all_are_unscoped(&format!(
            "select tenant.key, of_tenant.* from {list} cross join lateral ({OF_EACH}) as of_tenant"
        ));
        all_are_unscoped(&format!("select 1 from {list} join app.customer c on c.tenant_id = tenant.key"));
    }
}

/// The queries of several tenants one after another are no form of it.
#[test]
fn union_all_reads_one_tenant() {
    fails("select id from acme.customer union all select id from globex.customer", two_schemas());
    fails(
        "select 1 from app.customer where tenant_id = $1 union all select 1 from app.customer where tenant_id = $2",
        two_tenants("$1", "$2"),
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
fn what_makes_a_table_that_is_not_there() {
    let block = |inside: &str| {
        format!(
            "DO $$\nBEGIN\nIF to_regclass('acme.new') IS NULL THEN\n\n{inside}\nEND IF;\nEND\n$$; GRANT SELECT ON acme.new TO app"
        )
    };
    let makes = block("CREATE TABLE acme.new (id int);\nCREATE INDEX ON acme.new (id);\n");
    passes(&makes);
    let mut tables = tables();
    tables.learn(&makes.replace("acme.new (id", "app.new (tenant_id"));
    let unscoped = Violation::Unscoped(name("app.new"));
    assert_eq!(judge("SELECT 1 FROM app.new", &tables).violations, [unscoped]);
    fails(&block("DELETE FROM app.line;\n"), Violation::UnknownStatement("DoStmt".to_owned()));
    fails("DO $$ BEGIN DELETE FROM app.line; END $$", Violation::UnknownStatement("DoStmt".to_owned()));
}

#[test]
fn what_a_transaction_carries_for_row_level_security() {
    passes(r#"BEGIN; SET LOCAL "tenantry"."tenant" = 'acme'"#);
    passes(r#"SET LOCAL "app"."tenant" = 'acme'; SET LOCAL "app"."other" = 'acme'"#);
    passes("BEGIN; SET LOCAL row_security = off");
    passes(r#"SET LOCAL row_security = on; SET LOCAL "tenantry"."tenant" = 'acme'"#);
    for sql in [
        // For the session.
        r#"SET "tenantry"."tenant" = 'acme'"#,
        "SET row_security = off",
        "SET LOCAL search_path = 'acme'",
        r#"SET LOCAL "tenantry"."tenant" TO DEFAULT"#,
        r#"RESET "tenantry"."tenant""#,
    ] {
        fails(sql, Violation::UnknownStatement("VariableSetStmt".to_owned()));
    }
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
