//! The queries: each asks for all relations in question at once.

use std::collections::HashSet;

use tokio_postgres::types::{Field, FromSql, Kind, ToSql, Type};

use super::facts::{
    Column, Facts, ForeignKey, OtherRole, Owner, Policy, Reader, Relation, Role, Routine, Secured, Server, Stranger,
    UniqueIndex,
};
use super::model::Model;
use super::queries::*;
use crate::error::Error;
use crate::flight::failed;
use crate::row::Row;
use crate::wire::Wire;

/// The catalogue, as one transaction sees it.
pub(super) struct Catalogue<'w>(pub(super) &'w Wire);

type Parameter<'p> = (&'p (dyn ToSql + Sync), Type);

impl Catalogue<'_> {
    async fn ask<R>(
        &self,
        sql: &str,
        parameters: &[Parameter<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<R, Error>,
    ) -> Result<Vec<R>, Error> {
        let rows = self.0.query_unnamed(sql, parameters).await.map_err(|error| failed(self.0, error))?;
        rows.iter().map(|row| read(&Row::new(row, "pg_catalog"))).collect()
    }

    async fn ask_of<R>(
        &self,
        sql: &str,
        oids: &[u32],
        read: impl FnMut(&Row<'_>) -> Result<R, Error>,
    ) -> Result<Vec<R>, Error> {
        if oids.is_empty() {
            return Ok(Vec::new());
        }
        self.ask(sql, &[(&oids, Type::OID_ARRAY)], read).await
    }

    /// All that the audit of a model looks at.
    pub(super) async fn read(&self, model: &Model) -> Result<Facts, Error> {
        let mut facts = Facts::default();
        self.read_surroundings(&mut facts).await?;
        let (schemas, tables, names) = model.names();
        let named: [Parameter<'_>; 3] =
            [(&schemas, Type::TEXT_ARRAY), (&tables, Type::TEXT_ARRAY), (&names, Type::TEXT_ARRAY)];
        for relation in self.ask(NAMED_RELATIONS, &named, relation).await? {
            facts.add(relation);
        }
        let all: Vec<u32> = facts.relations.keys().copied().collect();
        let secured = self.read_row_security(model, &mut facts).await?;
        self.read_keys(&mut facts, &all).await?;
        self.read_columns(&mut facts).await?;
        self.read_types(model, &mut facts).await?;
        self.read_readers(model, &mut facts, &all, &secured).await?;
        Ok(facts)
    }

    async fn read_surroundings(&self, facts: &mut Facts) -> Result<(), Error> {
        let server = self.ask(SERVER, &[], |row| {
            let number: i32 = row.get(1)?;
            Ok(Server {
                version: row.get(0)?,
                number: number.unsigned_abs(),
                owner_of_database: row.get(2)?,
                has_pooler: false,
            })
        });
        facts.server = server.await?.into_iter().next().unwrap_or_default();
        let role = self.ask(ROLE, &[], |row| {
            Ok(Role {
                name: row.get(0)?,
                is_superuser: row.get(1)?,
                bypasses: row.get(2)?,
                is_first: row.get(3)?,
                others: Vec::new(),
            })
        });
        facts.role = role.await?.into_iter().next().unwrap_or_default();
        facts.role.others = self
            .ask(OTHER_ROLES, &[], |row| {
                Ok(OtherRole {
                    oid: row.get(0)?,
                    name: row.get(1)?,
                    is_superuser: row.get(2)?,
                    bypasses: row.get(3)?,
                    is_direct: row.get(4)?,
                })
            })
            .await?;
        facts.schemas = self.ask(SCHEMAS, &[], |row| Ok((row.get(0)?, row.get(1)?))).await?.into_iter().collect();
        Ok(())
    }

    /// What there is of row-level security on the tables that have it in the model, and on their partitions.
    async fn read_row_security(&self, model: &Model, facts: &mut Facts) -> Result<Vec<u32>, Error> {
        let (schemas, tables, _) = model.names();
        let is_secured = |schema: &str, name: &str| {
            model.tables.iter().any(|parts| parts.setting.is_some() && parts.name == name)
                && schemas.iter().zip(&tables).any(|(fixed, table)| fixed == schema && *table == name)
        };
        let relations = facts.relations.values();
        let roots: Vec<u32> = relations
            .filter(|relation| is_secured(&relation.schema, &relation.name))
            .map(|relation| relation.oid)
            .collect();
        let partitions: Vec<(u32, u32)> = self.ask_of(PARTITIONS, &roots, |row| Ok((row.get(0)?, row.get(1)?))).await?;
        let oids: Vec<u32> = partitions.iter().map(|(partition, _)| *partition).collect();
        for mut partition in self.ask_of(RELATIONS_BY_OID, &oids, relation).await? {
            partition.partition_of = partitions.iter().find(|(oid, _)| *oid == partition.oid).map(|(_, root)| *root);
            facts.add(partition);
        }
        let secured = [roots, oids].concat();
        for (oid, may, checks) in self.ask_of(PRIVILEGES, &secured, privileges).await? {
            facts.secured.insert(oid, Secured { may, checks, ..Secured::default() });
        }
        for (oid, policy) in self.ask_of(POLICIES, &secured, policy).await? {
            facts.secured.entry(oid).or_default().policies.push(policy);
        }
        let excess: Vec<(u32, _)> =
            self.ask_of(EXCESS, &secured, |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).await?;
        for (oid, privilege) in excess {
            facts.secured.entry(oid).or_default().excess.push(privilege);
        }
        Ok(secured)
    }

    /// Unique indexes and foreign keys, and the tables to which those lead.
    async fn read_keys(&self, facts: &mut Facts, oids: &[u32]) -> Result<(), Error> {
        for (oid, index, is_unique) in self.ask_of(INDEXES, oids, index).await? {
            match facts.relations.get_mut(&oid) {
                Some(relation) if is_unique => relation.unique.push(index),
                Some(relation) if index.is_whole => relation.indexes.push(index.columns),
                _ => {}
            }
        }
        let mut targets = HashSet::new();
        for (oid, key) in self.ask_of(FOREIGN_KEYS, oids, foreign_key).await? {
            targets.insert(key.target);
            if let Some(relation) = facts.relations.get_mut(&oid) {
                relation.foreign_keys.push(key);
            }
        }
        targets.retain(|oid| !facts.relations.contains_key(oid));
        let targets: Vec<u32> = targets.into_iter().collect();
        for relation in self.ask_of(RELATIONS_BY_OID, &targets, relation).await? {
            facts.relations.insert(relation.oid, relation);
        }
        Ok(())
    }

    async fn read_columns(&self, facts: &mut Facts) -> Result<(), Error> {
        let oids: Vec<u32> = facts.relations.keys().copied().collect();
        for (oid, column) in self.ask_of(COLUMNS, &oids, column).await? {
            if let Some(relation) = facts.relations.get_mut(&oid) {
                relation.columns.push(column);
            }
        }
        Ok(())
    }

    async fn read_types(&self, model: &Model, facts: &mut Facts) -> Result<(), Error> {
        let names: Vec<&'static str> = super::types::names(model).into_iter().collect();
        let known: Vec<(String, Option<u32>)> =
            self.ask(KNOWN_TYPES, &[(&names, Type::TEXT_ARRAY)], |row| Ok((row.get(0)?, row.get(1)?))).await?;
        for name in names {
            let oid = known.iter().find(|(known, _)| known == name).and_then(|(_, oid)| *oid);
            facts.known_types.extend(oid.map(|oid| (name, oid)));
        }
        let columns = facts.relations.values().flat_map(|relation| &relation.columns);
        let mut unknown: HashSet<u32> = columns.map(|column| column.type_oid).collect();
        unknown.retain(|oid| Type::from_oid(*oid).is_none());
        let (mut described, mut seen) = (Vec::new(), HashSet::new());
        // Types of types, until no new ones come.
        while !unknown.is_empty() {
            seen.extend(unknown.iter().copied());
            let oids: Vec<u32> = unknown.drain().collect();
            for described_type in self.ask_of(TYPES, &oids, DescribedType::read).await? {
                unknown.extend(described_type.parts().filter(|oid| !seen.contains(oid)));
                described.push(described_type);
            }
            unknown.retain(|oid| Type::from_oid(*oid).is_none());
        }
        // Those that others are made of came later.
        for described in described.iter().rev() {
            let made = described.make(&facts.types);
            facts.types.insert(described.oid, made);
        }
        Ok(())
    }

    async fn read_readers(&self, model: &Model, facts: &mut Facts, all: &[u32], secured: &[u32]) -> Result<(), Error> {
        let oids: [Parameter<'_>; 2] = [(&all, Type::OID_ARRAY), (&secured, Type::OID_ARRAY)];
        facts.readers = self.ask(READERS, &oids, reader).await?;
        if !model.has_row_level_security() {
            return Ok(());
        }
        let policies = facts.secured.values().flat_map(|secured| &secured.policies);
        let in_policies: Vec<u32> = policies.flat_map(|policy| policy.routines.iter().copied()).collect();
        facts.routines = self.ask(ROUTINES, &[(&in_policies, Type::OID_ARRAY)], routine).await?;
        let places = model.secured_columns();
        let (schemas, columns): (Vec<_>, Vec<_>) = places.into_iter().unzip();
        let known: Vec<u32> = facts.relations.keys().copied().collect();
        let parameters: [Parameter<'_>; 3] =
            [(&schemas, Type::TEXT_ARRAY), (&columns, Type::TEXT_ARRAY), (&known, Type::OID_ARRAY)];
        let read = |row: &Row<'_>| Ok(Stranger { schema: row.get(0)?, name: row.get(1)?, is_readable: row.get(2)? });
        facts.strangers = self.ask(STRANGERS, &parameters, read).await?;
        Ok(())
    }
}

/// A value of PostgreSQL's type `"char"`, which was cast to text.
fn letter(row: &Row<'_>, index: usize) -> Result<char, Error> {
    let text: &str = row.get(index)?;
    Ok(text.chars().next().unwrap_or(' '))
}

fn or_empty<'r, V: FromSql<'r>>(row: &Row<'r>, index: usize) -> Result<Vec<V>, Error> {
    Ok(row.get::<Option<Vec<V>>>(index)?.unwrap_or_default())
}

fn relation(row: &Row<'_>) -> Result<Relation, Error> {
    Ok(Relation {
        oid: row.get(0)?,
        schema: row.get(1)?,
        name: row.get(2)?,
        kind: letter(row, 3)?,
        owner: row.get(4)?,
        owner_name: row.get(5)?,
        is_own: row.get(6)?,
        has_row_security: row.get(7)?,
        forces_row_security: row.get(8)?,
        partition_of: None,
        columns: Vec::new(),
        unique: Vec::new(),
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
    })
}

fn column(row: &Row<'_>) -> Result<(u32, Column), Error> {
    let (identity, generated) = (letter(row, 7)?, letter(row, 8)?);
    let column = Column {
        number: row.get(1)?,
        name: row.get(2)?,
        type_oid: row.get(3)?,
        type_name: row.get(4)?,
        not_null: row.get(5)?,
        has_default: row.get(6)?,
        is_identity: identity != ' ',
        is_always_made: identity == 'a' || generated != ' ',
        is_computed: generated != ' ',
    };
    Ok((row.get(0)?, column))
}

fn index(row: &Row<'_>) -> Result<(u32, UniqueIndex, bool), Error> {
    let index = UniqueIndex {
        oid: row.get(1)?,
        name: row.get(2)?,
        constraint: row.get(3)?,
        is_primary: row.get(4)?,
        columns: row.get(5)?,
        is_whole: row.get(6)?,
        parts: row.get(7)?,
        condition: row.get(8)?,
    };
    Ok((row.get(0)?, index, row.get(9)?))
}

fn foreign_key(row: &Row<'_>) -> Result<(u32, ForeignKey), Error> {
    let key = ForeignKey {
        name: row.get(1)?,
        columns: row.get(2)?,
        target: row.get(3)?,
        target_columns: row.get(4)?,
        target_index: row.get(5)?,
        on_delete: letter(row, 6)?,
        on_update: letter(row, 7)?,
    };
    Ok((row.get(0)?, key))
}

type Privileges = (u32, [bool; 4], Vec<String>);

fn privileges(row: &Row<'_>) -> Result<Privileges, Error> {
    Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?], or_empty(row, 5)?))
}

fn policy(row: &Row<'_>) -> Result<(u32, Policy), Error> {
    let policy = Policy {
        name: row.get(1)?,
        command: letter(row, 2)?,
        is_permissive: row.get(3)?,
        roles: or_empty(row, 4)?,
        applies: row.get(5)?,
        using: row.get(6)?,
        check: row.get(7)?,
        routines: or_empty(row, 8)?,
    };
    Ok((row.get(0)?, policy))
}

fn reader(row: &Row<'_>) -> Result<Reader, Error> {
    Ok(Reader {
        oid: row.get(0)?,
        schema: row.get(1)?,
        name: row.get(2)?,
        kind: letter(row, 3)?,
        owner: Owner { oid: row.get(4)?, is_exempt: row.get(5)? },
        is_invoker: row.get(6)?,
        is_readable: row.get(7)?,
        granted: or_empty(row, 8)?,
        reads: row.get(9)?,
    })
}

fn routine(row: &Row<'_>) -> Result<Routine, Error> {
    Ok(Routine {
        oid: row.get(0)?,
        schema: row.get(1)?,
        name: row.get(2)?,
        arguments: row.get(3)?,
        takes_arguments: row.get(4)?,
        is_procedure: row.get(5)?,
        is_immutable: row.get(6)?,
        is_leakproof: row.get(7)?,
        is_definer: row.get(8)?,
        is_executable: row.get(9)?,
        owner: Owner { oid: row.get(10)?, is_exempt: row.get(11)? },
        body: row.get(12)?,
        reads: or_empty(row, 13)?,
    })
}

/// A type as the catalogue has it.
struct DescribedType {
    oid: u32,
    name: String,
    schema: String,
    kind: char,
    base: u32,
    element: u32,
    of_range: u32,
    labels: Vec<String>,
    fields: Vec<String>,
    field_types: Vec<u32>,
}

impl DescribedType {
    fn read(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            oid: row.get(0)?,
            name: row.get(1)?,
            schema: row.get(2)?,
            kind: letter(row, 3)?,
            base: row.get(4)?,
            element: row.get(5)?,
            of_range: row.get(6)?,
            labels: or_empty(row, 7)?,
            fields: or_empty(row, 8)?,
            field_types: or_empty(row, 9)?,
        })
    }

    /// The types that it is made of.
    fn parts(&self) -> impl Iterator<Item = u32> {
        [self.base, self.element, self.of_range]
            .into_iter()
            .chain(self.field_types.iter().copied())
            .filter(|oid| *oid > 0)
    }

    fn make(&self, known: &std::collections::HashMap<u32, Type>) -> Type {
        let known = |oid: &u32| Type::from_oid(*oid).or_else(|| known.get(oid).cloned()).unwrap_or(Type::UNKNOWN);
        let kind = match (self.kind, self.element) {
            ('d', _) => Kind::Domain(known(&self.base)),
            ('e', _) => Kind::Enum(self.labels.clone()),
            ('r', _) => Kind::Range(known(&self.of_range)),
            ('p', _) => Kind::Pseudo,
            ('c', _) => {
                let fields = self.fields.iter().zip(&self.field_types);
                Kind::Composite(fields.map(|(name, oid)| Field::new(name.clone(), known(oid))).collect())
            }
            (_, 1..) => Kind::Array(known(&self.element)),
            _ => Kind::Simple,
        };
        Type::new(self.name.clone(), self.oid, kind, self.schema.clone())
    }
}
