//! The queries on the catalogue: each asks for all relations in question at once.

pub(super) const SERVER: &str = "
    SELECT pg_catalog.current_setting('server_version'), pg_catalog.current_setting('server_version_num')::int4,
        pg_catalog.pg_get_userbyid(d.datdba)::text
    FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

pub(super) const ROLE: &str = "
    SELECT r.rolname::text, r.rolsuper, r.rolbypassrls, r.oid = 10
    FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";

/// Of a superuser, who can become anybody, nobody.
pub(super) const OTHER_ROLES: &str = "
    SELECT r.oid, r.rolname::text, r.rolsuper, r.rolbypassrls, EXISTS (
        SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles own ON own.oid = m.member
        WHERE m.roleid = r.oid AND own.rolname = current_user)
    FROM pg_catalog.pg_roles r
    WHERE r.rolname NOT IN (current_user)
        AND (pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER') OR pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER'))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles s WHERE s.rolname = current_user AND s.rolsuper)";

/// How a name looks: two that differ only in how Unicode writes them are one here.
pub(super) const SCHEMAS: &str = "
    SELECT n.nspname::text, CASE WHEN pg_catalog.pg_encoding_to_char(d.encoding) = 'UTF8'
        THEN pg_catalog.normalize(n.nspname::text, 'NFKC') ELSE n.nspname::text END
    FROM pg_catalog.pg_namespace n
    JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
    WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema')";

macro_rules! relations {
    ($condition:literal) => {
        concat!(
            "SELECT c.oid, n.nspname::text, c.relname::text, c.relkind::text, c.relowner,
                pg_catalog.pg_get_userbyid(c.relowner)::text, pg_catalog.pg_has_role(current_user, c.relowner, 'USAGE'),
                c.relrowsecurity, c.relforcerowsecurity
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE ",
            $condition
        )
    };
}

pub(super) const NAMED_RELATIONS: &str = relations!(
    "c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema')
        AND (c.relname = ANY($3::text[]) OR (n.nspname, c.relname) IN (
            SELECT f.s, f.t FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS f(s, t)))"
);

pub(super) const RELATIONS_BY_OID: &str = relations!("c.oid = ANY($1)");

pub(super) const PARTITIONS: &str = "
    WITH RECURSIVE part AS (
        SELECT i.inhrelid AS oid, i.inhparent AS root FROM pg_catalog.pg_inherits i WHERE i.inhparent = ANY($1)
        UNION ALL
        SELECT i.inhrelid, part.root FROM pg_catalog.pg_inherits i JOIN part ON i.inhparent = part.oid
    ) SELECT DISTINCT part.oid, part.root FROM part";

pub(super) const COLUMNS: &str = "
    SELECT a.attrelid, a.attnum, a.attname::text, a.atttypid,
        CASE WHEN a.atttypmod >= 0 THEN pg_catalog.format_type(a.atttypid, a.atttypmod) END,
        a.attnotnull, a.atthasdef, a.attidentity::text, a.attgenerated::text
    FROM pg_catalog.unnest($1) AS wanted(oid)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = wanted.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped";

pub(super) const INDEXES: &str = "
    SELECT i.indrelid, i.indexrelid, c.relname::text, con.conname::text, i.indisprimary,
        (i.indkey::int2[])[0:i.indnkeyatts - 1], i.indisvalid AND i.indpred IS NULL AND i.indimmediate,
        CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(
            SELECT pg_catalog.pg_get_indexdef(i.indexrelid, part, true)
            FROM pg_catalog.generate_series(1, i.indnkeyatts::int4) AS part ORDER BY part) END,
        CASE WHEN i.indpred IS NOT NULL THEN pg_catalog.pg_get_expr(i.indpred, i.indrelid) END, i.indisunique
    FROM pg_catalog.unnest($1) AS wanted(oid)
    JOIN pg_catalog.pg_index i ON i.indrelid = wanted.oid
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_catalog.pg_constraint con ON con.conindid = i.indexrelid AND con.contype IN ('p', 'u')";

pub(super) const FOREIGN_KEYS: &str = "
    SELECT con.conrelid, con.conname::text, con.conkey, con.confrelid, con.confkey, con.conindid,
        con.confdeltype::text, con.confupdtype::text
    FROM pg_catalog.unnest($1) AS wanted(oid)
    JOIN pg_catalog.pg_constraint con ON con.conrelid = wanted.oid
    WHERE con.contype = 'f' AND con.conparentid = 0";

pub(super) const KNOWN_TYPES: &str = "
    SELECT wanted.name, pg_catalog.to_regtype(wanted.name)::oid FROM pg_catalog.unnest($1) AS wanted(name)";

/// What the driver needs to know of a type that is not PostgreSQL's own.
pub(super) const TYPES: &str = "
    SELECT t.oid, t.typname::text, n.nspname::text, t.typtype::text, t.typbasetype,
        CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END,
        COALESCE((SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid), 0),
        ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
        ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
            WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
        ARRAY(SELECT a.atttypid FROM pg_catalog.pg_attribute a
            WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE t.oid = ANY($1)";

pub(super) const POLICIES: &str = "
    SELECT p.polrelid, p.polname::text, p.polcmd::text, p.polpermissive,
        pg_catalog.array_remove(p.polroles, 0::oid),
        0::oid = ANY(p.polroles) OR EXISTS (
            SELECT FROM pg_catalog.unnest(p.polroles) AS r(oid)
            WHERE r.oid > 0 AND pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER')),
        pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid),
        ARRAY(SELECT d.refobjid FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = p.oid
                AND d.refclassid = 'pg_catalog.pg_proc'::regclass)
    FROM pg_catalog.pg_policy p WHERE p.polrelid = ANY($1) ORDER BY p.polname";

pub(super) const PRIVILEGES: &str = "
    SELECT c.oid,
        pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT'),
        pg_catalog.has_table_privilege(c.oid, 'INSERT') OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT'),
        pg_catalog.has_table_privilege(c.oid, 'UPDATE') OR pg_catalog.has_any_column_privilege(c.oid, 'UPDATE'),
        pg_catalog.has_table_privilege(c.oid, 'DELETE'),
        ARRAY(SELECT pg_catalog.pg_get_expr(con.conbin, con.conrelid) FROM pg_catalog.pg_constraint con
            WHERE con.conrelid = c.oid AND con.contype = 'c')
    FROM pg_catalog.pg_class c WHERE c.oid = ANY($1)";

/// An owner's own privileges are none of these.
pub(super) const EXCESS: &str = "
    SELECT c.oid, acl.privilege_type, CASE WHEN acl.grantee > 0 THEN pg_catalog.pg_get_userbyid(acl.grantee)::text END
    FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) acl
    WHERE c.oid = ANY($1) AND acl.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
        AND acl.grantee <> c.relowner
        AND (acl.grantee = 0 OR pg_catalog.pg_has_role(current_user, acl.grantee, 'USAGE'))";

/// Views on the tables, and views on those. `$2` are the tables of which all views count; of others those in another
/// schema.
pub(super) const READERS: &str = "
    WITH RECURSIVE reader AS (
        SELECT r.ev_class AS oid, d.refobjid AS reads
        FROM pg_catalog.pg_depend d
        JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> d.refobjid
        WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
            AND d.refobjid IN (SELECT wanted.oid FROM pg_catalog.unnest($1) AS wanted(oid))
        UNION
        SELECT r.ev_class, reader.reads
        FROM reader
        JOIN pg_catalog.pg_depend d ON d.refobjid = reader.oid
        JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> d.refobjid
        WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
    )
    SELECT v.oid, n.nspname::text, v.relname::text, v.relkind::text, v.relowner, o.rolsuper OR o.rolbypassrls,
        EXISTS (SELECT FROM pg_catalog.pg_options_to_table(v.reloptions) option
            WHERE option.option_name = 'security_invoker' AND option.option_value::bool),
        pg_catalog.has_table_privilege(v.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(v.oid, 'SELECT'),
        ARRAY(SELECT DISTINCT CASE WHEN acl.grantee > 0 THEN pg_catalog.pg_get_userbyid(acl.grantee)::text END
            FROM pg_catalog.aclexplode(v.relacl) acl
            WHERE acl.grantee <> v.relowner AND acl.privilege_type = 'SELECT'
                AND (acl.grantee = 0 OR pg_catalog.pg_has_role(current_user, acl.grantee, 'USAGE'))),
        reader.reads
    FROM reader
    JOIN pg_catalog.pg_class v ON v.oid = reader.oid AND v.relkind IN ('v', 'm')
    JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace
    JOIN pg_catalog.pg_roles o ON o.oid = v.relowner
    JOIN pg_catalog.pg_class t ON t.oid = reader.reads
    WHERE (reader.reads = ANY($2) OR t.relnamespace <> v.relnamespace)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = v.oid AND d.deptype = 'e')
    ORDER BY n.nspname, v.relname, reader.reads";

/// Functions that run with their owner's rights, that are said not to leak, or that stand in policies.
pub(super) const ROUTINES: &str = "
    SELECT p.oid, n.nspname::text, p.proname::text, pg_catalog.pg_get_function_identity_arguments(p.oid),
        p.pronargs > 0, p.prokind = 'p', p.provolatile = 'i', p.proleakproof, p.prosecdef,
        pg_catalog.has_function_privilege(p.oid, 'EXECUTE') AND pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
        p.proowner, o.rolsuper OR o.rolbypassrls, p.prosrc,
        ARRAY(SELECT d.refobjid FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                AND d.refclassid = 'pg_catalog.pg_class'::regclass)
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND (p.prosecdef OR p.proleakproof OR p.oid = ANY($1))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    ORDER BY n.nspname, p.proname, p.oid";

/// Tables with a column of the tenant column's name, in the schema of such a table, that have no row-level security.
pub(super) const STRANGERS: &str = "
    SELECT DISTINCT n.nspname::text, c.relname::text,
        pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
    FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS known(schema_name, column_name)
    JOIN pg_catalog.pg_namespace n ON n.nspname = known.schema_name
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = known.column_name AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AND NOT c.oid = ANY($3)
    ORDER BY 1, 2";
