use tenantry::{Ddl, Table, all_tables};
use tenantry_tests::Customer;

use crate::ddl::texts::by_schema::Account;

#[test]
fn every_table_of_the_program_is_found() {
    let tables = all_tables();
    // One of this crate, and one of a crate that it is linked with.
    for wanted in [Account::DEFINITION, Customer::DEFINITION] {
        let found =
            tables.iter().filter(|table| table.rust_name() == wanted.rust_name() && table.name() == wanted.name());
        assert!(found.count() > 0, "{wanted:?}");
    }
    let places: Vec<_> = tables.iter().map(|table| (table.schema(), table.name(), table.rust_name())).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(Ddl::of(&tables).is_err(), "two structs are one table here");
    let chosen: Vec<_> = tables.into_iter().filter(|table| table.schema() == Some("farm")).collect();
    assert_eq!(Ddl::of(&chosen).unwrap().create_all().sql().matches("CREATE TABLE").count(), 2);
}
