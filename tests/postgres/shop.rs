//! Everything that goes beyond one table: relations, joins, aggregates and changes by expressions, in both isolations,
//! with two tenants that hold equal keys.

mod aggregates;
mod changes;
mod columns_by_name;
mod inserts;
mod joins;
mod locks;
mod relations;

use tenantry_tests::shop::shop_tables;

use crate::stage::Stage;

/// The shop of both tenants, in both isolations.
///
/// Each has the accounts 1 to 3, and 4, which is deleted; the orders 1 to 5, of the accounts 1, 1, 2, 2 and 4; and payments
/// for the orders 1 and 3. Names and notes tell their owner, and globex' amounts are ten times acme's.
pub(crate) async fn shop() -> Stage {
    let stage = Stage::empty().await;
    let fill = |tenant: &str, place: &str, owner: &str, factor: i64| {
        format!(
            "insert into {place}.account select {owner} n, '{tenant} ' || n, case n when 1 then 'Paris' when 2 then 'Oslo' end,
                    n * {factor}, 1, case n when 4 then now() end
                from generate_series(1, 4) n;
             insert into {place}.\"order\" select {owner} n, a, case n when 2 then 3 end, p, n * 100 * {factor},
                    case when n <= 2 then '{tenant} note ' || n end
                from (values (1, 1, 'tea'), (2, 1, 'mug'), (3, 2, 'tea'), (4, 2, 'tea'), (5, 4, 'mug')) o(n, a, p);
             insert into {place}.payment {columns} select {owner} o, o * 60 * {factor} from unnest(array[1, 3]) o;",
            columns = if owner.is_empty() { "(order_id, cents)" } else { "(tenant_id, order_id, cents)" },
        )
    };
    let owner = |tenant: &dyn std::fmt::Display| format!("'{tenant}'::uuid,");
    let sql = [
        "create table catalog.product (code text primary key, price bigint not null);
         insert into catalog.product values ('tea', 5), ('mug', 9);"
            .to_owned(),
        shop_tables("acme", "", ""),
        shop_tables("globex", "", ""),
        shop_tables("app", "tenant_id uuid not null,", "tenant_id,"),
        fill("acme", "acme", "", 1),
        fill("globex", "globex", "", 10),
        fill("acme", "app", &owner(&stage.row_acme), 1),
        fill("globex", "app", &owner(&stage.row_globex), 10),
    ];
    stage.execute(&sql.concat()).await;
    stage
}

/// Every row of globex, in both isolations, with the transaction that wrote it.
pub(crate) async fn rows_of_globex(stage: &Stage) -> Vec<String> {
    let mut rows = Vec::new();
    for table in ["account", "order", "payment"] {
        let of = |place: &str, condition: String| {
            format!(
                "select format('{place} %s %s %s', t.ctid, t.xmin, t) from {place}.\"{table}\" t where {condition} order by 1"
            )
        };
        rows.extend(stage.texts(&of("globex", "true".to_owned())).await);
        rows.extend(stage.texts(&of("app", format!("tenant_id = '{}'", stage.row_globex))).await);
    }
    rows
}
