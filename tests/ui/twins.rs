//! The twins of the compile-fail cases. Written by `TRYBUILD=overwrite cargo test --test ui`.
#![allow(warnings, clippy::all, reason = "each stands for a program, written for its reader")]

#[path = "a_batch_does_not_run_on_a_tenant/pass.rs"]
mod a_batch_does_not_run_on_a_tenant;

#[path = "a_batch_has_at_most_8_statements/pass.rs"]
mod a_batch_has_at_most_8_statements;

#[path = "a_batch_is_a_tuple/pass.rs"]
mod a_batch_is_a_tuple;

#[path = "a_change_does_not_hold_the_primary_key/pass.rs"]
mod a_change_does_not_hold_the_primary_key;

#[path = "a_change_does_not_set_the_primary_key/pass.rs"]
mod a_change_does_not_set_the_primary_key;

#[path = "a_change_does_not_set_the_tenant/pass.rs"]
mod a_change_does_not_set_the_tenant;

#[path = "a_change_does_not_set_the_version/pass.rs"]
mod a_change_does_not_set_the_version;

#[path = "a_change_joins_tables_of_the_same_tenants/pass.rs"]
mod a_change_joins_tables_of_the_same_tenants;

#[path = "a_change_names_no_tenant/pass.rs"]
mod a_change_names_no_tenant;

#[path = "a_change_takes_no_lock_of_a_query/pass.rs"]
mod a_change_takes_no_lock_of_a_query;

#[path = "a_change_takes_the_type_of_its_column/pass.rs"]
mod a_change_takes_the_type_of_its_column;

#[path = "a_change_to_null_needs_a_column_that_can_be_null/pass.rs"]
mod a_change_to_null_needs_a_column_that_can_be_null;

#[path = "a_check_is_given_by_text/pass.rs"]
mod a_check_is_given_by_text;

#[path = "a_check_is_not_empty/pass.rs"]
mod a_check_is_not_empty;

#[path = "a_check_of_a_table_is_not_empty/pass.rs"]
mod a_check_of_a_table_is_not_empty;

#[path = "a_column_generated_from_others_has_no_default/pass.rs"]
mod a_column_generated_from_others_has_no_default;

#[path = "a_column_has_a_type_of_the_database/pass.rs"]
mod a_column_has_a_type_of_the_database;

#[path = "a_column_has_a_type_that_is_not_empty/pass.rs"]
mod a_column_has_a_type_that_is_not_empty;

#[path = "a_column_has_no_constructor/pass.rs"]
mod a_column_has_no_constructor;

#[path = "a_column_has_one_index_of_its_own/pass.rs"]
mod a_column_has_one_index_of_its_own;

#[path = "a_column_is_a_version_or_a_soft_deletion/pass.rs"]
mod a_column_is_a_version_or_a_soft_deletion;

#[path = "a_column_is_no_condition_on_groups/pass.rs"]
mod a_column_is_no_condition_on_groups;

#[path = "a_column_is_set_to_its_type/pass.rs"]
mod a_column_is_set_to_its_type;

#[path = "a_column_is_unique_once/pass.rs"]
mod a_column_is_unique_once;

#[path = "a_column_of_another_table_is_not_compared/pass.rs"]
mod a_column_of_another_table_is_not_compared;

#[path = "a_column_that_is_never_null_is_not_set_to_null/pass.rs"]
mod a_column_that_is_never_null_is_not_set_to_null;

#[path = "a_column_that_is_never_null_is_not_set_to_null_by_a_deletion/pass.rs"]
mod a_column_that_is_never_null_is_not_set_to_null_by_a_deletion;

#[path = "a_column_that_is_never_null_is_not_set_to_what_can_be/pass.rs"]
mod a_column_that_is_never_null_is_not_set_to_what_can_be;

#[path = "a_columns_name_is_not_empty/pass.rs"]
mod a_columns_name_is_not_empty;

#[path = "a_columns_type_is_there/pass.rs"]
mod a_columns_type_is_there;

#[path = "a_comparison_in_rust_is_no_filter/pass.rs"]
mod a_comparison_in_rust_is_no_filter;

#[path = "a_connection_has_one_transaction_at_once/pass.rs"]
mod a_connection_has_one_transaction_at_once;

#[path = "a_connection_that_is_shared_begins_no_transaction/pass.rs"]
mod a_connection_that_is_shared_begins_no_transaction;

#[path = "a_copy_takes_no_rows_of_another_table/pass.rs"]
mod a_copy_takes_no_rows_of_another_table;

#[path = "a_count_in_a_row_table_needs_a_tenant/pass.rs"]
mod a_count_in_a_row_table_needs_a_tenant;

#[path = "a_cursor_has_no_constructor_of_its_parts/pass.rs"]
mod a_cursor_has_no_constructor_of_its_parts;

#[path = "a_database_runs_no_text/pass.rs"]
mod a_database_runs_no_text;

#[path = "a_default_is_an_expression_in_sql/pass.rs"]
mod a_default_is_an_expression_in_sql;

#[path = "a_default_is_not_empty/pass.rs"]
mod a_default_is_not_empty;

#[path = "a_field_has_at_most_63_bytes/pass.rs"]
mod a_field_has_at_most_63_bytes;

#[path = "a_field_of_a_row_is_given_its_type/pass.rs"]
mod a_field_of_a_row_is_given_its_type;

#[path = "a_field_of_a_row_that_is_never_null_is_not_given_what_can_be/pass.rs"]
mod a_field_of_a_row_that_is_never_null_is_not_given_what_can_be;

#[path = "a_filter_does_not_ask_for_the_tenant/pass.rs"]
mod a_filter_does_not_ask_for_the_tenant;

#[path = "a_filter_is_a_condition/pass.rs"]
mod a_filter_is_a_condition;

#[path = "a_filter_is_no_text/pass.rs"]
mod a_filter_is_no_text;

#[path = "a_filter_is_not_built_by_hand/pass.rs"]
mod a_filter_is_not_built_by_hand;

#[path = "a_filter_of_another_table_is_refused/pass.rs"]
mod a_filter_of_another_table_is_refused;

#[path = "a_flag_on_a_field_takes_no_value/pass.rs"]
mod a_flag_on_a_field_takes_no_value;

#[path = "a_flag_on_a_table_takes_no_value/pass.rs"]
mod a_flag_on_a_table_takes_no_value;

#[path = "a_foreign_row_is_not_inserted/pass.rs"]
mod a_foreign_row_is_not_inserted;

#[path = "a_generated_column_has_no_default/pass.rs"]
mod a_generated_column_has_no_default;

#[path = "a_generated_column_holds_no_reference/pass.rs"]
mod a_generated_column_holds_no_reference;

#[path = "a_generated_column_is_generated_from_something/pass.rs"]
mod a_generated_column_is_generated_from_something;

#[path = "a_generic_executor_needs_its_bound/pass.rs"]
mod a_generic_executor_needs_its_bound;

#[path = "a_generic_scope_needs_its_bound/pass.rs"]
mod a_generic_scope_needs_its_bound;

#[path = "a_join_has_a_condition/pass.rs"]
mod a_join_has_a_condition;

#[path = "a_joined_table_has_the_same_tenants/pass.rs"]
mod a_joined_table_has_the_same_tenants;

#[path = "a_joined_table_is_in_the_tuple/pass.rs"]
mod a_joined_table_is_in_the_tuple;

#[path = "a_key_is_no_tenant/pass.rs"]
mod a_key_is_no_tenant;

#[path = "a_key_of_a_field_does_not_stand_on_the_struct/pass.rs"]
mod a_key_of_a_field_does_not_stand_on_the_struct;

#[path = "a_key_of_a_field_is_given_once/pass.rs"]
mod a_key_of_a_field_is_given_once;

#[path = "a_key_of_a_table_is_given_once/pass.rs"]
mod a_key_of_a_table_is_given_once;

#[path = "a_key_of_the_struct_does_not_stand_on_a_field/pass.rs"]
mod a_key_of_the_struct_does_not_stand_on_a_field;

#[path = "a_key_that_the_database_makes_is_in_no_conflict/pass.rs"]
mod a_key_that_the_database_makes_is_in_no_conflict;

#[path = "a_key_value_cannot_be_implemented/pass.rs"]
mod a_key_value_cannot_be_implemented;

#[path = "a_keyless_table_finds_nothing_by_key/pass.rs"]
mod a_keyless_table_finds_nothing_by_key;

#[path = "a_keyless_table_has_no_pages/pass.rs"]
mod a_keyless_table_has_no_pages;

#[path = "a_keyless_table_has_no_primary_key/pass.rs"]
mod a_keyless_table_has_no_primary_key;

#[path = "a_keyless_table_is_in_no_pages/pass.rs"]
mod a_keyless_table_is_in_no_pages;

#[path = "a_kind_of_tenant_key_is_not_chosen_by_hand/pass.rs"]
mod a_kind_of_tenant_key_is_not_chosen_by_hand;

#[path = "a_lock_lasts_in_a_transaction/pass.rs"]
mod a_lock_lasts_in_a_transaction;

#[path = "a_lock_needs_a_tenant/pass.rs"]
mod a_lock_needs_a_tenant;

#[path = "a_lock_needs_a_transaction/pass.rs"]
mod a_lock_needs_a_transaction;

#[path = "a_lock_on_a_connection_needs_a_transaction/pass.rs"]
mod a_lock_on_a_connection_needs_a_transaction;

#[path = "a_locked_list_needs_a_transaction/pass.rs"]
mod a_locked_list_needs_a_transaction;

#[path = "a_logical_schema_is_named_once/pass.rs"]
mod a_logical_schema_is_named_once;

#[path = "a_logical_schema_is_text/pass.rs"]
mod a_logical_schema_is_text;

#[path = "a_logical_schemas_name_fits_after_a_tenants/pass.rs"]
mod a_logical_schemas_name_fits_after_a_tenants;

#[path = "a_logical_schemas_name_has_at_most_63_bytes/pass.rs"]
mod a_logical_schemas_name_has_at_most_63_bytes;

#[path = "a_logical_schemas_name_holds_no_nul/pass.rs"]
mod a_logical_schemas_name_holds_no_nul;

#[path = "a_logical_schemas_name_is_not_empty/pass.rs"]
mod a_logical_schemas_name_is_not_empty;

#[path = "a_misspelt_key_of_ddl_is_met_with_the_nearest/pass.rs"]
mod a_misspelt_key_of_ddl_is_met_with_the_nearest;

#[path = "a_misspelt_name_is_one_mistake/pass.rs"]
mod a_misspelt_name_is_one_mistake;

#[path = "a_name_has_a_value/pass.rs"]
mod a_name_has_a_value;

#[path = "a_name_has_at_most_63_bytes/pass.rs"]
mod a_name_has_at_most_63_bytes;

#[path = "a_name_holds_no_nul/pass.rs"]
mod a_name_holds_no_nul;

#[path = "a_name_is_measured_in_bytes/pass.rs"]
mod a_name_is_measured_in_bytes;

#[path = "a_name_is_not_empty/pass.rs"]
mod a_name_is_not_empty;

#[path = "a_name_is_not_in_parentheses/pass.rs"]
mod a_name_is_not_in_parentheses;

#[path = "a_name_is_text/pass.rs"]
mod a_name_is_text;

#[path = "a_nullable_column_has_a_type_of_the_database/pass.rs"]
mod a_nullable_column_has_a_type_of_the_database;

#[path = "a_page_of_a_row_table_needs_a_tenant/pass.rs"]
mod a_page_of_a_row_table_needs_a_tenant;

#[path = "a_primary_key_has_no_other_index/pass.rs"]
mod a_primary_key_has_no_other_index;

#[path = "a_primary_key_is_not_null/pass.rs"]
mod a_primary_key_is_not_null;

#[path = "a_primary_key_takes_no_value/pass.rs"]
mod a_primary_key_takes_no_value;

#[path = "a_query_for_each_tenant_is_not_counted_by_itself/pass.rs"]
mod a_query_for_each_tenant_is_not_counted_by_itself;

#[path = "a_query_for_each_tenant_is_not_run_by_itself/pass.rs"]
mod a_query_for_each_tenant_is_not_run_by_itself;

#[path = "a_query_for_each_tenant_is_not_shown_by_itself/pass.rs"]
mod a_query_for_each_tenant_is_not_shown_by_itself;

#[path = "a_query_for_each_tenant_locks_nothing/pass.rs"]
mod a_query_for_each_tenant_locks_nothing;

#[path = "a_query_has_no_constructor/pass.rs"]
mod a_query_has_no_constructor;

#[path = "a_query_in_a_batch_says_how_it_is_read/pass.rs"]
mod a_query_in_a_batch_says_how_it_is_read;

#[path = "a_reference_is_no_text/pass.rs"]
mod a_reference_is_no_text;

#[path = "a_reference_is_of_the_keys_type/pass.rs"]
mod a_reference_is_of_the_keys_type;

#[path = "a_reference_leads_to_a_key_of_one_column/pass.rs"]
mod a_reference_leads_to_a_key_of_one_column;

#[path = "a_reference_names_a_table/pass.rs"]
mod a_reference_names_a_table;

#[path = "a_reference_stays_with_the_same_tenants/pass.rs"]
mod a_reference_stays_with_the_same_tenants;

#[path = "a_reference_stays_within_an_isolation/pass.rs"]
mod a_reference_stays_within_an_isolation;

#[path = "a_referenced_table_is_there/pass.rs"]
mod a_referenced_table_is_there;

#[path = "a_relation_has_a_name_of_its_own/pass.rs"]
mod a_relation_has_a_name_of_its_own;

#[path = "a_relation_is_loaded_from_its_own_table/pass.rs"]
mod a_relation_is_loaded_from_its_own_table;

#[path = "a_relation_is_named_where_there_is_one/pass.rs"]
mod a_relation_is_named_where_there_is_one;

#[path = "a_relation_joins_its_own_tables/pass.rs"]
mod a_relation_joins_its_own_tables;

#[path = "a_repository_is_not_built_by_hand/pass.rs"]
mod a_repository_is_not_built_by_hand;

#[path = "a_repository_is_not_rebuilt_with_a_scope/pass.rs"]
mod a_repository_is_not_rebuilt_with_a_scope;

#[path = "a_row_alone_is_no_source/pass.rs"]
mod a_row_alone_is_no_source;

#[path = "a_row_has_a_field/pass.rs"]
mod a_row_has_a_field;

#[path = "a_row_is_not_generic/pass.rs"]
mod a_row_is_not_generic;

#[path = "a_row_that_is_not_deleted_has_null/pass.rs"]
mod a_row_that_is_not_deleted_has_null;

#[path = "a_schemas_name_is_not_empty/pass.rs"]
mod a_schemas_name_is_not_empty;

#[path = "a_schemas_tenants_have_a_key/pass.rs"]
mod a_schemas_tenants_have_a_key;

#[path = "a_scope_cannot_be_implemented/pass.rs"]
mod a_scope_cannot_be_implemented;

#[path = "a_scoped_repository_takes_no_other_tenant/pass.rs"]
mod a_scoped_repository_takes_no_other_tenant;

#[path = "a_selection_gives_every_field_of_a_row/pass.rs"]
mod a_selection_gives_every_field_of_a_row;

#[path = "a_selection_is_of_columns/pass.rs"]
mod a_selection_is_of_columns;

#[path = "a_setting_has_a_name_of_two_words/pass.rs"]
mod a_setting_has_a_name_of_two_words;

#[path = "a_shared_row_refers_to_no_tenants_row/pass.rs"]
mod a_shared_row_refers_to_no_tenants_row;

#[path = "a_shared_table_has_no_tenant/pass.rs"]
mod a_shared_table_has_no_tenant;

#[path = "a_shared_table_has_no_tenant_column/pass.rs"]
mod a_shared_table_has_no_tenant_column;

#[path = "a_shared_table_is_not_joined_with_a_tenants/pass.rs"]
mod a_shared_table_is_not_joined_with_a_tenants;

#[path = "a_shared_table_is_not_made_a_tenants/pass.rs"]
mod a_shared_table_is_not_made_a_tenants;

#[path = "a_shared_table_is_not_read_across_tenants/pass.rs"]
mod a_shared_table_is_not_read_across_tenants;

#[path = "a_shared_table_names_its_schema/pass.rs"]
mod a_shared_table_names_its_schema;

#[path = "a_shared_tables_filter_asks_no_tenants_table/pass.rs"]
mod a_shared_tables_filter_asks_no_tenants_table;

#[path = "a_shared_write_scope_cannot_be_implemented/pass.rs"]
mod a_shared_write_scope_cannot_be_implemented;

#[path = "a_slug_has_no_constructor_of_its_parts/pass.rs"]
mod a_slug_has_no_constructor_of_its_parts;

#[path = "a_slug_tenant_does_not_fit_a_uuid_row_table/pass.rs"]
mod a_slug_tenant_does_not_fit_a_uuid_row_table;

#[path = "a_slug_tenant_does_not_fit_a_uuid_schema_table/pass.rs"]
mod a_slug_tenant_does_not_fit_a_uuid_schema_table;

#[path = "a_source_of_rows_fails_with_an_error/pass.rs"]
mod a_source_of_rows_fails_with_an_error;

#[path = "a_statement_does_not_run_after_the_commit/pass.rs"]
mod a_statement_does_not_run_after_the_commit;

#[path = "a_statement_does_not_run_beside_a_savepoint/pass.rs"]
mod a_statement_does_not_run_beside_a_savepoint;

#[path = "a_statement_does_not_run_beside_a_transaction/pass.rs"]
mod a_statement_does_not_run_beside_a_transaction;

#[path = "a_statement_does_not_run_on_a_tenant/pass.rs"]
mod a_statement_does_not_run_on_a_tenant;

#[path = "a_statement_does_not_run_on_an_address/pass.rs"]
mod a_statement_does_not_run_on_an_address;

#[path = "a_statement_has_no_constructor/pass.rs"]
mod a_statement_has_no_constructor;

#[path = "a_statement_in_a_batch_says_how_it_is_read/pass.rs"]
mod a_statement_in_a_batch_says_how_it_is_read;

#[path = "a_statement_is_not_built_by_hand/pass.rs"]
mod a_statement_is_not_built_by_hand;

#[path = "a_statement_of_a_batch_needs_a_tenant/pass.rs"]
mod a_statement_of_a_batch_needs_a_tenant;

#[path = "a_struct_without_the_derive_is_no_table/pass.rs"]
mod a_struct_without_the_derive_is_no_table;

#[path = "a_suffix_is_not_empty/pass.rs"]
mod a_suffix_is_not_empty;

#[path = "a_table_has_a_column/pass.rs"]
mod a_table_has_a_column;

#[path = "a_table_has_a_name/pass.rs"]
mod a_table_has_a_name;

#[path = "a_table_has_a_primary_key/pass.rs"]
mod a_table_has_a_primary_key;

#[path = "a_table_has_no_lifetime/pass.rs"]
mod a_table_has_no_lifetime;

#[path = "a_table_in_a_logical_schema_needs_a_tenant/pass.rs"]
mod a_table_in_a_logical_schema_needs_a_tenant;

#[path = "a_table_in_schemas_does_not_know_all_tenants/pass.rs"]
mod a_table_in_schemas_does_not_know_all_tenants;

#[path = "a_table_is_in_a_schema_that_its_tenants_have/pass.rs"]
mod a_table_is_in_a_schema_that_its_tenants_have;

#[path = "a_table_is_not_generic/pass.rs"]
mod a_table_is_not_generic;

#[path = "a_table_is_not_keyed_by_hand/pass.rs"]
mod a_table_is_not_keyed_by_hand;

#[path = "a_table_is_not_written_by_hand/pass.rs"]
mod a_table_is_not_written_by_hand;

#[path = "a_table_without_soft_deletion_has_nothing_to_restore/pass.rs"]
mod a_table_without_soft_deletion_has_nothing_to_restore;

#[path = "a_tenant_column_has_a_type/pass.rs"]
mod a_tenant_column_has_a_type;

#[path = "a_tenant_column_has_at_most_63_bytes/pass.rs"]
mod a_tenant_column_has_at_most_63_bytes;

#[path = "a_tenant_column_is_no_text/pass.rs"]
mod a_tenant_column_is_no_text;

#[path = "a_tenant_column_says_the_tenants_key/pass.rs"]
mod a_tenant_column_says_the_tenants_key;

#[path = "a_tenant_columns_type_is_a_key/pass.rs"]
mod a_tenant_columns_type_is_a_key;

#[path = "a_tenant_does_not_become_text_by_itself/pass.rs"]
mod a_tenant_does_not_become_text_by_itself;

#[path = "a_tenant_does_not_write_a_shared_table/pass.rs"]
mod a_tenant_does_not_write_a_shared_table;

#[path = "a_tenant_has_no_constructor_of_its_parts/pass.rs"]
mod a_tenant_has_no_constructor_of_its_parts;

#[path = "a_tenant_has_no_default/pass.rs"]
mod a_tenant_has_no_default;

#[path = "a_tenant_is_a_type/pass.rs"]
mod a_tenant_is_a_type;

#[path = "a_tenant_scope_cannot_be_implemented/pass.rs"]
mod a_tenant_scope_cannot_be_implemented;

#[path = "a_tenant_table_has_no_shared_writes/pass.rs"]
mod a_tenant_table_has_no_shared_writes;

#[path = "a_tenant_that_may_be_missing_is_no_tenant/pass.rs"]
mod a_tenant_that_may_be_missing_is_no_tenant;

#[path = "a_tenants_key_is_there/pass.rs"]
mod a_tenants_key_is_there;

#[path = "a_tenants_query_is_not_read_across_tenants/pass.rs"]
mod a_tenants_query_is_not_read_across_tenants;

#[path = "a_tenants_repository_reads_no_others/pass.rs"]
mod a_tenants_repository_reads_no_others;

#[path = "a_tenants_table_is_not_made_shared/pass.rs"]
mod a_tenants_table_is_not_made_shared;

#[path = "a_text_does_not_become_a_tenant/pass.rs"]
mod a_text_does_not_become_a_tenant;

#[path = "a_text_is_no_cursor/pass.rs"]
mod a_text_is_no_cursor;

#[path = "a_text_is_no_tenant/pass.rs"]
mod a_text_is_no_tenant;

#[path = "a_text_is_no_tenant_key/pass.rs"]
mod a_text_is_no_tenant_key;

#[path = "a_transaction_does_not_end_before_its_savepoint/pass.rs"]
mod a_transaction_does_not_end_before_its_savepoint;

#[path = "a_transaction_is_not_rolled_back_after_its_commit/pass.rs"]
mod a_transaction_is_not_rolled_back_after_its_commit;

#[path = "a_transaction_is_not_used_after_its_commit/pass.rs"]
mod a_transaction_is_not_used_after_its_commit;

#[path = "a_tuple_struct_is_no_table/pass.rs"]
mod a_tuple_struct_is_no_table;

#[path = "a_type_of_ones_own_is_no_column_by_itself/pass.rs"]
mod a_type_of_ones_own_is_no_column_by_itself;

#[path = "a_union_is_no_table/pass.rs"]
mod a_union_is_no_table;

#[path = "a_unique_column_has_no_other_index/pass.rs"]
mod a_unique_column_has_no_other_index;

#[path = "a_unique_key_has_a_name_for_a_method/pass.rs"]
mod a_unique_key_has_a_name_for_a_method;

#[path = "a_unique_key_has_a_name_that_is_not_empty/pass.rs"]
mod a_unique_key_has_a_name_that_is_not_empty;

#[path = "a_unique_key_is_named_by_text/pass.rs"]
mod a_unique_key_is_named_by_text;

#[path = "a_unique_key_is_not_named_like_the_primary_key/pass.rs"]
mod a_unique_key_is_not_named_like_the_primary_key;

#[path = "a_unit_struct_is_no_table/pass.rs"]
mod a_unit_struct_is_no_table;

#[path = "a_uuid_tenant_does_not_fit_a_slug_table/pass.rs"]
mod a_uuid_tenant_does_not_fit_a_slug_table;

#[path = "a_version_is_never_null/pass.rs"]
mod a_version_is_never_null;

#[path = "a_version_is_written_by_the_library/pass.rs"]
mod a_version_is_written_by_the_library;

#[path = "a_write_scope_cannot_be_implemented/pass.rs"]
mod a_write_scope_cannot_be_implemented;

#[path = "across_needs_a_right/pass.rs"]
mod across_needs_a_right;

#[path = "across_takes_no_tenant_for_a_right/pass.rs"]
mod across_takes_no_tenant_for_a_right;

#[path = "across_takes_no_text_for_a_right/pass.rs"]
mod across_takes_no_text_for_a_right;

#[path = "across_takes_tenants_of_the_tables_kind/pass.rs"]
mod across_takes_tenants_of_the_tables_kind;

#[path = "across_tenants_there_is_no_delete/pass.rs"]
mod across_tenants_there_is_no_delete;

#[path = "across_tenants_there_is_no_insert/pass.rs"]
mod across_tenants_there_is_no_insert;

#[path = "across_tenants_there_is_no_update/pass.rs"]
mod across_tenants_there_is_no_update;

#[path = "all_mistakes_are_reported_at_once/pass.rs"]
mod all_mistakes_are_reported_at_once;

#[path = "all_needs_a_tenant/pass.rs"]
mod all_needs_a_tenant;

#[path = "an_aggregate_is_no_condition_on_rows/pass.rs"]
mod an_aggregate_is_no_condition_on_rows;

#[path = "an_annotation_does_not_change_a_scope/pass.rs"]
mod an_annotation_does_not_change_a_scope;

#[path = "an_annotation_does_not_make_a_scope/pass.rs"]
mod an_annotation_does_not_make_a_scope;

#[path = "an_attribute_is_no_text/pass.rs"]
mod an_attribute_is_no_text;

#[path = "an_attribute_is_not_assigned/pass.rs"]
mod an_attribute_is_not_assigned;

#[path = "an_empty_attribute_names_no_table/pass.rs"]
mod an_empty_attribute_names_no_table;

#[path = "an_enum_is_no_table/pass.rs"]
mod an_enum_is_no_table;

#[path = "an_executor_cannot_be_implemented/pass.rs"]
mod an_executor_cannot_be_implemented;

#[path = "an_executor_is_lent/pass.rs"]
mod an_executor_is_lent;

#[path = "an_i32_tenant_does_not_fit_an_i64_table/pass.rs"]
mod an_i32_tenant_does_not_fit_an_i64_table;

#[path = "an_index_of_one_column_takes_no_other/pass.rs"]
mod an_index_of_one_column_takes_no_other;

#[path = "an_indexs_name_is_not_empty/pass.rs"]
mod an_indexs_name_is_not_empty;

#[path = "an_insert_gives_no_generated_column/pass.rs"]
mod an_insert_gives_no_generated_column;

#[path = "an_insert_gives_no_version/pass.rs"]
mod an_insert_gives_no_version;

#[path = "an_insert_is_not_built_by_hand/pass.rs"]
mod an_insert_is_not_built_by_hand;

#[path = "an_insert_names_no_tenant/pass.rs"]
mod an_insert_names_no_tenant;

#[path = "an_insert_says_what_to_do_on_conflict/pass.rs"]
mod an_insert_says_what_to_do_on_conflict;

#[path = "an_insert_takes_a_query_of_its_own_scope/pass.rs"]
mod an_insert_takes_a_query_of_its_own_scope;

#[path = "an_insert_takes_rows_of_the_same_tenants/pass.rs"]
mod an_insert_takes_rows_of_the_same_tenants;

#[path = "an_insert_takes_the_type_of_its_column/pass.rs"]
mod an_insert_takes_the_type_of_its_column;

#[path = "an_order_has_a_direction/pass.rs"]
mod an_order_has_a_direction;

#[path = "an_own_key_does_not_fit_a_table_of_its_value/pass.rs"]
mod an_own_key_does_not_fit_a_table_of_its_value;

#[path = "an_owned_text_is_no_tenant/pass.rs"]
mod an_owned_text_is_no_tenant;

#[path = "an_unknown_key_is_met_with_the_nearest/pass.rs"]
mod an_unknown_key_is_met_with_the_nearest;

#[path = "an_unknown_key_on_a_field_is_met_with_all_keys/pass.rs"]
mod an_unknown_key_on_a_field_is_met_with_all_keys;

#[path = "an_unknown_key_on_a_field_is_met_with_the_nearest/pass.rs"]
mod an_unknown_key_on_a_field_is_met_with_the_nearest;

#[path = "an_unknown_key_on_a_table_is_met_with_all_keys/pass.rs"]
mod an_unknown_key_on_a_table_is_met_with_all_keys;

#[path = "an_update_of_a_versioned_row_names_its_version/pass.rs"]
mod an_update_of_a_versioned_row_names_its_version;

#[path = "an_upsert_into_a_shared_table_needs_shared_writes/pass.rs"]
mod an_upsert_into_a_shared_table_needs_shared_writes;

#[path = "an_upsert_is_in_conflict_on_a_key_of_its_table/pass.rs"]
mod an_upsert_is_in_conflict_on_a_key_of_its_table;

#[path = "an_upsert_needs_a_tenant/pass.rs"]
mod an_upsert_needs_a_tenant;

#[path = "an_upsert_of_many_rows_is_in_conflict_on_a_key_of_its_table/pass.rs"]
mod an_upsert_of_many_rows_is_in_conflict_on_a_key_of_its_table;

#[path = "an_upsert_updates_columns_alone/pass.rs"]
mod an_upsert_updates_columns_alone;

#[path = "an_upsert_updates_no_column_of_another_table/pass.rs"]
mod an_upsert_updates_no_column_of_another_table;

#[path = "avg_needs_a_number/pass.rs"]
mod avg_needs_a_number;

#[path = "between_takes_the_type_of_its_column/pass.rs"]
mod between_takes_the_type_of_its_column;

#[path = "columns_of_different_types_are_not_compared/pass.rs"]
mod columns_of_different_types_are_not_compared;

#[path = "copy_in_into_a_row_table_needs_a_tenant/pass.rs"]
mod copy_in_into_a_row_table_needs_a_tenant;

#[path = "copy_in_into_a_shared_table_needs_shared_writes/pass.rs"]
mod copy_in_into_a_shared_table_needs_shared_writes;

#[path = "copy_in_needs_a_tenant/pass.rs"]
mod copy_in_needs_a_tenant;

#[path = "copy_out_needs_a_tenant/pass.rs"]
mod copy_out_needs_a_tenant;

#[path = "copy_out_of_a_row_table_needs_a_tenant/pass.rs"]
mod copy_out_of_a_row_table_needs_a_tenant;

#[path = "delete_from_a_shared_table_needs_shared_writes/pass.rs"]
mod delete_from_a_shared_table_needs_shared_writes;

#[path = "delete_many_from_a_shared_table_needs_shared_writes/pass.rs"]
mod delete_many_from_a_shared_table_needs_shared_writes;

#[path = "delete_many_in_a_row_table_needs_a_tenant/pass.rs"]
mod delete_many_in_a_row_table_needs_a_tenant;

#[path = "delete_many_needs_a_tenant/pass.rs"]
mod delete_many_needs_a_tenant;

#[path = "delete_many_of_one_row_says_which_row/pass.rs"]
mod delete_many_of_one_row_says_which_row;

#[path = "delete_many_says_which_rows/pass.rs"]
mod delete_many_says_which_rows;

#[path = "delete_many_that_fetches_says_which_rows/pass.rs"]
mod delete_many_that_fetches_says_which_rows;

#[path = "delete_needs_a_tenant/pass.rs"]
mod delete_needs_a_tenant;

#[path = "eq_takes_no_bare_none/pass.rs"]
mod eq_takes_no_bare_none;

#[path = "eq_takes_no_null/pass.rs"]
mod eq_takes_no_null;

#[path = "eq_takes_no_option/pass.rs"]
mod eq_takes_no_option;

#[path = "eq_takes_no_wider_number/pass.rs"]
mod eq_takes_no_wider_number;

#[path = "eq_takes_the_type_of_its_column/pass.rs"]
mod eq_takes_the_type_of_its_column;

#[path = "everybodys_schema_is_no_tenants/pass.rs"]
mod everybodys_schema_is_no_tenants;

#[path = "exists_has_a_table_of_the_same_tenants/pass.rs"]
mod exists_has_a_table_of_the_same_tenants;

#[path = "filter_needs_a_tenant/pass.rs"]
mod filter_needs_a_tenant;

#[path = "find_by_a_unique_key_needs_a_tenant/pass.rs"]
mod find_by_a_unique_key_needs_a_tenant;

#[path = "find_by_a_unique_key_takes_its_type/pass.rs"]
mod find_by_a_unique_key_takes_its_type;

#[path = "find_in_a_row_table_needs_a_tenant/pass.rs"]
mod find_in_a_row_table_needs_a_tenant;

#[path = "find_many_needs_a_tenant/pass.rs"]
mod find_many_needs_a_tenant;

#[path = "find_many_takes_the_type_of_the_key/pass.rs"]
mod find_many_takes_the_type_of_the_key;

#[path = "find_needs_a_tenant/pass.rs"]
mod find_needs_a_tenant;

#[path = "find_takes_the_type_of_the_key/pass.rs"]
mod find_takes_the_type_of_the_key;

#[path = "in_takes_the_type_of_its_column/pass.rs"]
mod in_takes_the_type_of_its_column;

#[path = "insert_into_a_row_table_needs_a_tenant/pass.rs"]
mod insert_into_a_row_table_needs_a_tenant;

#[path = "insert_into_a_shared_table_needs_shared_writes/pass.rs"]
mod insert_into_a_shared_table_needs_shared_writes;

#[path = "insert_many_into_a_shared_table_needs_shared_writes/pass.rs"]
mod insert_many_into_a_shared_table_needs_shared_writes;

#[path = "insert_many_needs_a_tenant/pass.rs"]
mod insert_many_needs_a_tenant;

#[path = "insert_needs_a_tenant/pass.rs"]
mod insert_needs_a_tenant;

#[path = "is_distinct_from_needs_a_column_that_can_be_null/pass.rs"]
mod is_distinct_from_needs_a_column_that_can_be_null;

#[path = "is_null_needs_a_column_that_can_be_null/pass.rs"]
mod is_null_needs_a_column_that_can_be_null;

#[path = "like_needs_a_text_column/pass.rs"]
mod like_needs_a_text_column;

#[path = "lower_needs_text/pass.rs"]
mod lower_needs_text;

#[path = "lt_takes_the_type_of_its_column/pass.rs"]
mod lt_takes_the_type_of_its_column;

#[path = "no_column_is_the_tenant_column/pass.rs"]
mod no_column_is_the_tenant_column;

#[path = "nothing_follows_a_value/pass.rs"]
mod nothing_follows_a_value;

#[path = "on_delete_is_one_of_three/pass.rs"]
mod on_delete_is_one_of_three;

#[path = "on_delete_needs_a_reference/pass.rs"]
mod on_delete_needs_a_reference;

#[path = "or_needs_what_can_be_null/pass.rs"]
mod or_needs_what_can_be_null;

#[path = "or_takes_the_type_of_its_column/pass.rs"]
mod or_takes_the_type_of_its_column;

#[path = "pages_need_a_tenant/pass.rs"]
mod pages_need_a_tenant;

#[path = "row_level_security_needs_a_tenant_column/pass.rs"]
mod row_level_security_needs_a_tenant_column;

#[path = "savepoints_do_not_stand_side_by_side/pass.rs"]
mod savepoints_do_not_stand_side_by_side;

#[path = "set_names_a_column/pass.rs"]
mod set_names_a_column;

#[path = "several_tenants_are_no_tenant/pass.rs"]
mod several_tenants_are_no_tenant;

#[path = "shared_writes_has_no_constructor/pass.rs"]
mod shared_writes_has_no_constructor;

#[path = "starts_with_needs_a_text_column/pass.rs"]
mod starts_with_needs_a_text_column;

#[path = "sum_needs_a_number/pass.rs"]
mod sum_needs_a_number;

#[path = "text_is_no_statement/pass.rs"]
mod text_is_no_statement;

#[path = "the_hidden_parts_are_not_used_by_hand/pass.rs"]
mod the_hidden_parts_are_not_used_by_hand;

#[path = "the_name_of_a_schema_is_no_tenant/pass.rs"]
mod the_name_of_a_schema_is_no_tenant;

#[path = "the_order_is_not_another_tables/pass.rs"]
mod the_order_is_not_another_tables;

#[path = "the_path_to_the_crate_is_no_text/pass.rs"]
mod the_path_to_the_crate_is_no_text;

#[path = "the_right_to_read_across_tenants_has_no_constructor_of_its_parts/pass.rs"]
mod the_right_to_read_across_tenants_has_no_constructor_of_its_parts;

#[path = "the_right_to_read_across_tenants_has_no_default/pass.rs"]
mod the_right_to_read_across_tenants_has_no_default;

#[path = "the_right_to_read_across_tenants_is_no_constant/pass.rs"]
mod the_right_to_read_across_tenants_is_no_constant;

#[path = "the_right_to_read_across_tenants_is_no_scope/pass.rs"]
mod the_right_to_read_across_tenants_is_no_scope;

#[path = "the_right_to_read_across_tenants_is_not_cloned/pass.rs"]
mod the_right_to_read_across_tenants_is_not_cloned;

#[path = "the_tenant_column_is_no_field/pass.rs"]
mod the_tenant_column_is_no_field;

#[path = "two_columns_do_not_have_one_name/pass.rs"]
mod two_columns_do_not_have_one_name;

#[path = "two_suffixes_do_not_make_one_schema/pass.rs"]
mod two_suffixes_do_not_make_one_schema;

#[path = "two_unique_keys_do_not_have_one_name/pass.rs"]
mod two_unique_keys_do_not_have_one_name;

#[path = "unscoped_is_no_tenant/pass.rs"]
mod unscoped_is_no_tenant;

#[path = "update_in_a_row_table_needs_a_tenant/pass.rs"]
mod update_in_a_row_table_needs_a_tenant;

#[path = "update_in_a_shared_table_needs_shared_writes/pass.rs"]
mod update_in_a_shared_table_needs_shared_writes;

#[path = "update_many_in_a_batch_says_which_rows/pass.rs"]
mod update_many_in_a_batch_says_which_rows;

#[path = "update_many_in_a_shared_table_needs_shared_writes/pass.rs"]
mod update_many_in_a_shared_table_needs_shared_writes;

#[path = "update_many_needs_a_tenant/pass.rs"]
mod update_many_needs_a_tenant;

#[path = "update_many_says_which_rows/pass.rs"]
mod update_many_says_which_rows;

#[path = "update_many_that_fetches_says_which_rows/pass.rs"]
mod update_many_that_fetches_says_which_rows;

#[path = "update_needs_a_tenant/pass.rs"]
mod update_needs_a_tenant;
