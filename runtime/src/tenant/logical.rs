//! Logical schemas: a tenant may have several schemas, which its tables name by what they are for.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;

use super::key::key_in;
use super::schema::{self, MAX_NAME_BYTES, SchemaName};
use super::{InvalidTenantId, KeyValue, TenantKey};
use crate::table::TenantTable;

/// How a kind of tenant names its schemas: [`TenantKey::SCHEMAS`], given once for all of its tables.
///
/// A table says which logical schema holds it, `#[tenant_table(name = "report", schema = "reporting")]`; this says which
/// schema that is for a tenant. Where it names none, `reporting` of the tenant `acme` is `acme.reporting`: no tenant's own
/// schema has a dot in its name, so that no two tenants have one schema. Where it names some, a table that names another
/// does not compile.
///
/// ```
/// use tenantry::{InvalidTenantId, LogicalSchemas, Slug, TenantId, TenantKey};
///
/// struct Company(Slug);
///
/// impl TenantKey for Company {
///     type Value = Slug;
///     const SCHEMAS: LogicalSchemas = LogicalSchemas::new()
///         .suffix("reporting", "_rep")
///         .suffix("archive", "_old")
///         .same_as_tenant("audit");
///
///     fn from_value(slug: Slug) -> Result<Self, InvalidTenantId> {
///         Ok(Self(slug))
///     }
///
///     fn value(&self) -> &Slug {
///         &self.0
///     }
/// }
///
/// let acme: TenantId<Company> = "acme".parse()?;
/// assert_eq!(acme.schema(), "acme");
/// assert_eq!(acme.schema_of("reporting")?, "acme_rep");
/// assert_eq!(acme.schema_of("audit")?, "acme");
/// assert!("acme_rep".parse::<TenantId<Company>>().is_err()); // it would own the reports of `acme`
/// # Ok::<(), InvalidTenantId>(())
/// ```
///
/// No two tenants of one kind ever have a schema in common, nor have kinds whose keys are of different types. Kinds of
/// keys of one type name the same schema by the same key: give them one rule.
#[derive(Debug, Clone, Copy)]
pub struct LogicalSchemas {
    /// None where there are no more.
    named: [Option<Named>; MAX_NAMED],
}

#[derive(Debug, Clone, Copy)]
struct Named {
    logical: &'static str,
    /// Goes after the name of the tenant's own schema; empty for that schema itself.
    suffix: &'static str,
}

const MAX_NAMED: usize = 16;

impl LogicalSchemas {
    /// Names none: each logical schema is called after the tenant and itself, with a dot between.
    #[must_use]
    pub const fn new() -> Self {
        Self { named: [None; MAX_NAMED] }
    }

    /// The logical schema is called as the tenant's own, with this after it. Several may have one suffix: they share a
    /// schema.
    ///
    /// # Panics
    ///
    /// When the program is compiled, in a `const`: for a name that is empty or named already, for a suffix that is empty,
    /// or too long, or holds NUL, or ends with another one, and for more than 16 names. If `_rep` and `_old_rep` both were
    /// suffixes, `acme_old_rep` would be a schema of `acme` and of `acme_old`.
    #[must_use]
    #[track_caller]
    pub const fn suffix(self, logical: &'static str, suffix: &'static str) -> Self {
        assert!(!suffix.is_empty(), "a suffix is not empty: the tenant's own schema is `.same_as_tenant(..)`");
        self.with(Named { logical, suffix })
    }

    /// The tenant's own schema is the logical schema as well.
    ///
    /// # Panics
    ///
    /// When the program is compiled, in a `const`: for a name that is empty or named already, and for more than 16 names.
    #[must_use]
    #[track_caller]
    pub const fn same_as_tenant(self, logical: &'static str) -> Self {
        self.with(Named { logical, suffix: "" })
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "it stops the build")]
    const fn with(self, new: Named) -> Self {
        match self.try_with(new) {
            Ok(rule) => rule,
            Err(problem) => panic!("{}", problem),
        }
    }

    const fn try_with(mut self, new: Named) -> Result<Self, &'static str> {
        if let Err(problem) = new.check() {
            return Err(problem);
        }
        let mut rest: &mut [Option<Named>] = &mut self.named;
        loop {
            match rest {
                [Some(known), ..] if is_same(known.logical, new.logical) => {
                    return Err("this logical schema is named already");
                }
                [Some(known), ..] if known.is_ambiguous_beside(&new) => {
                    return Err("one of the suffixes ends with another, so that two tenants could have one schema");
                }
                [Some(_), others @ ..] => rest = others,
                [place @ None, ..] => {
                    *place = Some(new);
                    return Ok(self);
                }
                [] => return Err("a kind of tenant names at most 16 logical schemas"),
            }
        }
    }

    /// Stops the build where the tenants of a table cannot have this logical schema.
    #[track_caller]
    pub(crate) const fn check_table<T: TenantTable>(logical: &str) {
        let shortest = <<T::TenantKey as TenantKey>::Value as KeyValue>::SHORTEST_SCHEMA;
        match &<T::TenantKey as TenantKey>::SCHEMAS.named {
            [None, ..] => assert!(
                shortest + SEPARATOR.len() + logical.len() <= MAX_NAME_BYTES,
                "this logical schema's name does not fit after the name of any tenant: PostgreSQL keeps 63 bytes"
            ),
            _ => assert!(
                <T::TenantKey as TenantKey>::SCHEMAS.suffix_of(logical).is_some(),
                "the tenants of this table have no such schema: name it in the `SCHEMAS` of their `TenantKey`"
            ),
        }
    }

    const fn suffix_of(&self, logical: &str) -> Option<&'static str> {
        let mut rest: &[Option<Named>] = &self.named;
        while let [Some(named), others @ ..] = rest {
            if is_same(named.logical, logical) {
                return Some(named.suffix);
            }
            rest = others;
        }
        None
    }

    fn named(&self) -> impl Iterator<Item = &Named> {
        self.named.iter().flatten()
    }

    fn names_none(&self) -> bool {
        self.named().next().is_none()
    }

    /// Whether a tenant of this kind has such a logical schema.
    fn check_name(&self, logical: &str) -> Result<(), InvalidTenantId> {
        match self.names_none() {
            true => schema::check(logical),
            false => self.suffix_of(logical).map(drop).ok_or(InvalidTenantId::UnknownSchema),
        }
    }

    /// The schema's name for a tenant whose own schema has this one.
    fn name(&self, own: &str, logical: &str) -> Result<String, InvalidTenantId> {
        self.check_name(logical)?;
        let name = match self.suffix_of(logical) {
            Some(suffix) => [own, suffix].concat(),
            None => [own, SEPARATOR, logical].concat(),
        };
        schema::check(&name)?;
        Ok(name)
    }

    /// Whether all that is named can be a schema of this tenant's, and its own schema can be no other's.
    fn check(&self, own: &str, is_given: impl Fn(&str) -> bool) -> Result<(), InvalidTenantId> {
        for Named { logical, suffix } in self.named().filter(|named| !named.suffix.is_empty()) {
            let is_anothers = own.ends_with(suffix);
            if is_anothers || (!is_given(logical) && key_in(&self.name(own, logical)?) != key_in(own)) {
                return Err(InvalidTenantId::Reserved);
            }
        }
        Ok(())
    }
}

impl Default for LogicalSchemas {
    fn default() -> Self {
        Self::new()
    }
}

impl Named {
    const fn check(&self) -> Result<(), &'static str> {
        if self.logical.is_empty() {
            return Err("a logical schema has a name");
        }
        if self.suffix.len() >= MAX_NAME_BYTES {
            return Err("this suffix leaves no room for the tenant's name: PostgreSQL keeps 63 bytes");
        }
        if contains_nul(self.suffix) {
            return Err("a suffix does not hold the character NUL");
        }
        Ok(())
    }

    /// `acme_old` with `_rep` is `acme` with `_old_rep`.
    const fn is_ambiguous_beside(&self, other: &Self) -> bool {
        let (one, other) = (self.suffix, other.suffix);
        !one.is_empty() && !other.is_empty() && !is_same(one, other) && (ends_with(one, other) || ends_with(other, one))
    }
}

/// Between a tenant's name and a logical schema's that its kind does not name. Neither a slug nor the name of another
/// tenant's schema holds it.
const SEPARATOR: &str = ".";

const fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && ends_with(one, other)
}

const fn ends_with(text: &str, end: &str) -> bool {
    let (mut text, mut end) = (text.as_bytes(), end.as_bytes());
    while let [other_end @ .., last] = end {
        match text {
            [other_text @ .., byte] if *byte == *last => (text, end) = (other_text, other_end),
            _ => return false,
        }
    }
    true
}

const fn contains_nul(text: &str) -> bool {
    let mut bytes = text.as_bytes();
    while let [first, others @ ..] = bytes {
        if *first == 0 {
            return true;
        }
        bytes = others;
    }
    false
}

/// The schemas of one tenant.
pub(crate) struct TenantSchemas {
    own: SchemaName,
    /// Those that were named by hand, in the order of the logical schemas that they are.
    given: Box<[(Box<str>, SchemaName)]>,
    /// The others. Behind a trait, because a tenant is the same however many were asked for: one is a key of maps, and
    /// Clippy would take it for a key that changes.
    known: Box<dyn KnownSchemas>,
}

/// The schemas that tables have asked for. None of them ever changes.
trait KnownSchemas: Send + Sync + UnwindSafe + RefUnwindSafe {
    /// The schema of a logical schema, which is made only the first time.
    fn of(&self, logical: &'static str, make: &dyn Fn() -> Made) -> Made;
}

type Made = Result<SchemaName, InvalidTenantId>;

/// A list that only grows, so that nobody waits to read it. It is as long as tables name logical schemas.
type Link = OnceLock<Box<Known>>;

struct Known {
    logical: &'static str,
    schema: Made,
    next: Link,
}

impl KnownSchemas for Link {
    fn of(&self, logical: &'static str, make: &dyn Fn() -> Made) -> Made {
        let mut link = self;
        loop {
            let known = link.get_or_init(|| Box::new(Known { logical, schema: make(), next: Link::new() }));
            if known.logical == logical {
                return known.schema.clone();
            }
            link = &known.next;
        }
    }
}

impl TenantSchemas {
    pub(crate) fn new<'s>(
        rule: &LogicalSchemas,
        own: SchemaName,
        given: impl IntoIterator<Item = (&'s str, &'s str)>,
    ) -> Result<Self, InvalidTenantId> {
        let mut schemas = Self { own, given: Box::default(), known: Box::new(Link::new()) };
        for (logical, name) in given {
            rule.check_name(logical)?;
            let name = SchemaName::new(name)?;
            let Err(place) = schemas.place_of(logical) else { return Err(InvalidTenantId::RepeatedSchema) };
            let mut given = schemas.given.into_vec();
            given.insert(place, (logical.into(), name));
            schemas.given = given.into();
        }
        rule.check(schemas.own.name(), |logical| schemas.place_of(logical).is_ok())?;
        Ok(schemas)
    }

    pub(crate) fn own(&self) -> &SchemaName {
        &self.own
    }

    /// The schema of a table that names a logical schema. Only the first time, it is made.
    pub(crate) fn of(&self, rule: &LogicalSchemas, logical: &'static str) -> Made {
        if let Some(given) = self.given(logical) {
            return Ok(given.clone());
        }
        self.known.of(logical, &|| rule.name(self.own.name(), logical).and_then(|name| SchemaName::new(&name)))
    }

    /// The name of any logical schema's schema, which is not kept: there is no end to the names that may be asked for.
    pub(crate) fn name_of(&self, rule: &LogicalSchemas, logical: &str) -> Result<String, InvalidTenantId> {
        match self.given(logical) {
            Some(given) => Ok(given.name().to_owned()),
            None => rule.name(self.own.name(), logical),
        }
    }

    fn given(&self, logical: &str) -> Option<&SchemaName> {
        let place = self.place_of(logical).ok()?;
        self.given.get(place).map(|(_, name)| name)
    }

    fn place_of(&self, logical: &str) -> Result<usize, usize> {
        self.given.binary_search_by(|(given, _)| (**given).cmp(logical))
    }
}

impl PartialEq for TenantSchemas {
    fn eq(&self, other: &Self) -> bool {
        self.own == other.own && self.given == other.given
    }
}

#[cfg(test)]
mod tests;
