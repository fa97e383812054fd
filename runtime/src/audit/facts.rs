//! What is in the database, as its catalogue says.

use std::collections::{BTreeMap, HashMap, HashSet};

use tokio_postgres::types::Type;

/// All that an audit looks at.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) server: Server,
    pub(super) role: Role,
    /// The application's schemas, by their names, each as it looks.
    pub(super) schemas: BTreeMap<String, String>,
    pub(super) relations: HashMap<u32, Relation>,
    /// Where they are.
    places: HashMap<String, HashMap<String, u32>>,
    /// The types of the model's columns, by their names, where the database knows them.
    pub(super) known_types: HashMap<&'static str, u32>,
    /// The types of the columns that are there.
    pub(super) types: HashMap<u32, Type>,
    /// Of tables with row-level security in the model, and of their partitions.
    pub(super) secured: HashMap<u32, Secured>,
    /// Views that read the tables of the model.
    pub(super) readers: Vec<Reader>,
    pub(super) routines: Vec<Routine>,
    /// Tables with a tenant column that the model does not know.
    pub(super) strangers: Vec<Stranger>,
}

#[derive(Default)]
pub(super) struct Server {
    pub(super) version: String,
    pub(super) number: u32,
    pub(super) owner_of_database: String,
    /// A pooler in transaction mode was found that the options do not name.
    pub(super) has_pooler: bool,
}

#[derive(Default)]
pub(super) struct Role {
    pub(super) name: String,
    pub(super) is_superuser: bool,
    pub(super) bypasses: bool,
    /// The first superuser of a cluster stays one.
    pub(super) is_first: bool,
    pub(super) others: Vec<OtherRole>,
}

/// A role that the application's can become.
pub(super) struct OtherRole {
    pub(super) oid: u32,
    pub(super) name: String,
    pub(super) is_superuser: bool,
    pub(super) bypasses: bool,
    /// It has been granted, and not a role that has it.
    pub(super) is_direct: bool,
}

pub(super) struct Relation {
    pub(super) oid: u32,
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) kind: char,
    pub(super) owner: u32,
    pub(super) owner_name: String,
    /// What the owner may do the application's role may.
    pub(super) is_own: bool,
    pub(super) has_row_security: bool,
    pub(super) forces_row_security: bool,
    /// The table of the model of which this is a partition.
    pub(super) partition_of: Option<u32>,
    pub(super) columns: Vec<Column>,
    pub(super) unique: Vec<UniqueIndex>,
    /// The columns of the other indexes, as far as they hold all rows.
    pub(super) indexes: Vec<Vec<i16>>,
    pub(super) foreign_keys: Vec<ForeignKey>,
}

pub(super) struct Column {
    pub(super) number: i16,
    pub(super) name: String,
    pub(super) type_oid: u32,
    /// The whole name of the type, where it says more than the type alone.
    pub(super) type_name: Option<String>,
    pub(super) not_null: bool,
    pub(super) has_default: bool,
    pub(super) is_identity: bool,
    /// No insert may give it.
    pub(super) is_always_made: bool,
    /// Computed of other columns.
    pub(super) is_computed: bool,
}

pub(super) struct UniqueIndex {
    pub(super) oid: u32,
    pub(super) name: String,
    pub(super) constraint: Option<String>,
    pub(super) is_primary: bool,
    /// 0 for an expression.
    pub(super) columns: Vec<i16>,
    /// Whole: without a condition, and valid.
    pub(super) is_whole: bool,
    /// The parts as they stand in SQL, where one of them is an expression, and the condition.
    pub(super) parts: Option<Vec<String>>,
    pub(super) condition: Option<String>,
}

pub(super) struct ForeignKey {
    pub(super) name: String,
    pub(super) columns: Vec<i16>,
    pub(super) target: u32,
    pub(super) target_columns: Vec<i16>,
    pub(super) target_index: u32,
    pub(super) on_delete: char,
    pub(super) on_update: char,
}

/// What there is of row-level security on a table.
#[derive(Default)]
pub(super) struct Secured {
    pub(super) policies: Vec<Policy>,
    /// What the application's role may do: SELECT, INSERT, UPDATE, DELETE.
    pub(super) may: [bool; 4],
    /// Privileges beyond these, and whom they were granted to that the application's role is.
    pub(super) excess: Vec<(String, Option<String>)>,
    /// The conditions of its CHECK constraints.
    pub(super) checks: Vec<String>,
}

pub(super) struct Policy {
    pub(super) name: String,
    /// `*`, `r`, `a`, `w` or `d`.
    pub(super) command: char,
    pub(super) is_permissive: bool,
    /// None of them for a policy that is for all.
    pub(super) roles: Vec<u32>,
    /// For the application's role.
    pub(super) applies: bool,
    pub(super) using: Option<String>,
    pub(super) check: Option<String>,
    pub(super) routines: Vec<u32>,
}

/// A view, materialised or not.
pub(super) struct Reader {
    pub(super) oid: u32,
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) kind: char,
    pub(super) owner: Owner,
    /// It reads as whoever asks it.
    pub(super) is_invoker: bool,
    pub(super) is_readable: bool,
    /// Whom it was granted to that the application's role is; none for all.
    pub(super) granted: Vec<Option<String>>,
    pub(super) reads: u32,
}

/// Whose rights a view or a function has.
pub(super) struct Owner {
    pub(super) oid: u32,
    pub(super) is_exempt: bool,
}

pub(super) struct Routine {
    pub(super) oid: u32,
    pub(super) schema: String,
    pub(super) name: String,
    /// The types of its arguments, as they stand in SQL.
    pub(super) arguments: String,
    pub(super) takes_arguments: bool,
    pub(super) is_procedure: bool,
    pub(super) is_immutable: bool,
    pub(super) is_leakproof: bool,
    pub(super) is_definer: bool,
    pub(super) is_executable: bool,
    pub(super) owner: Owner,
    pub(super) body: String,
    pub(super) reads: Vec<u32>,
}

pub(super) struct Stranger {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) is_readable: bool,
}

impl Facts {
    pub(super) fn add(&mut self, relation: Relation) {
        self.places.entry(relation.schema.clone()).or_default().insert(relation.name.clone(), relation.oid);
        self.relations.insert(relation.oid, relation);
    }

    pub(super) fn relation(&self, schema: &str, name: &str) -> Option<&Relation> {
        self.relations.get(self.places.get(schema)?.get(name)?)
    }

    /// The schemas that hold tables of these names, but for some.
    pub(super) fn holders<'f>(
        &'f self,
        names: &HashSet<&str>,
        except: &HashSet<String>,
    ) -> BTreeMap<&'f str, HashSet<&'f str>> {
        let mut holders = BTreeMap::new();
        for (schema, tables) in self.places.iter().filter(|(schema, _)| !except.contains(*schema)) {
            let found: HashSet<_> = tables.keys().map(|name| &**name).filter(|name| names.contains(name)).collect();
            if !found.is_empty() {
                holders.insert(&**schema, found);
            }
        }
        holders
    }
}

impl Relation {
    pub(super) fn place(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    pub(super) fn sql(&self) -> String {
        super::mend::qualified(&self.schema, &self.name)
    }

    /// Whether rows are stored in it, so that it can have keys and row-level security.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.kind, 'r' | 'p')
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The names of columns, as far as they are columns.
    pub(super) fn names(&self, numbers: &[i16]) -> Vec<&str> {
        let column = |number: &i16| self.columns.iter().find(|column| column.number == *number);
        numbers.iter().filter_map(column).map(|column| &*column.name).collect()
    }
}
