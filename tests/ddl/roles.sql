DO $tenantry$
BEGIN
    IF pg_catalog.to_regrole('"app''s"') IS NULL THEN
        CREATE ROLE "app's" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;
    ELSIF EXISTS (
        SELECT FROM pg_catalog.pg_roles
        WHERE pg_catalog.pg_has_role('app''s', oid, 'MEMBER') AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication
            OR rolname IN ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
            'pg_write_server_files', 'pg_execute_server_program'))
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_role_specification',
            MESSAGE = 'the role "app''s" may do more than it should, by itself or as a member of another';
    END IF;
END
$tenantry$;

DO $tenantry$
BEGIN
    IF pg_catalog.to_regrole('"the ""reports"""') IS NULL THEN
        CREATE ROLE "the ""reports""" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION BYPASSRLS;
    ELSIF EXISTS (
        SELECT FROM pg_catalog.pg_roles
        WHERE pg_catalog.pg_has_role('the "reports"', oid, 'MEMBER') AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication
            OR rolname IN ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
            'pg_write_server_files', 'pg_execute_server_program'))
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_role_specification',
            MESSAGE = 'the role "the ""reports""" may do more than it should, by itself or as a member of another';
    ELSIF NOT (SELECT rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = 'the "reports"') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_role_specification',
            MESSAGE = 'the role "the ""reports""" is bound by row-level security, and would see no rows';
    END IF;
END
$tenantry$;

DO $tenantry$
BEGIN
    IF pg_catalog.to_regrole('"editor"') IS NULL THEN
        CREATE ROLE "editor" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;
    ELSIF EXISTS (
        SELECT FROM pg_catalog.pg_roles
        WHERE pg_catalog.pg_has_role('editor', oid, 'MEMBER') AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication
            OR rolname IN ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
            'pg_write_server_files', 'pg_execute_server_program'))
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_role_specification',
            MESSAGE = 'the role "editor" may do more than it should, by itself or as a member of another';
    END IF;
END
$tenantry$;
