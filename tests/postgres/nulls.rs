//! NULL is neither equal nor unequal; it is asked for by name.

use postgres_types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tenantry::{Error, Filter, TenantTable};

use crate::sample::Samples;
use crate::stage::Stage;

type Failure = Box<dyn std::error::Error + Sync + Send>;

#[tokio::test]
async fn comparisons_leave_null_out() {
    let samples = Samples::new().await;
    assert_eq!(samples.compare(|s| s.perhaps.eq(1) | s.perhaps.ne(1), "perhaps is not null").await, 15);
    assert_eq!(samples.compare(|s| s.perhaps.eq(s.perhaps), "perhaps is not null").await, 15);
    assert_eq!(samples.compare(|s| !s.perhaps.eq(1) | s.perhaps.eq(1), "perhaps is not null").await, 15);
    assert_eq!(samples.compare(|s| s.perhaps.not_in([100]), "perhaps is not null").await, 15);
    assert_eq!(samples.compare(|s| s.maybe.contains(""), "maybe is not null").await, 13);
}

#[tokio::test]
async fn null_is_asked_for_by_name() {
    let samples = Samples::new().await;
    samples.assert_same(|s| s.perhaps.is_null(), "perhaps is null").await;
    samples.assert_same(|s| s.perhaps.is_not_null(), "perhaps is not null").await;
    samples.assert_same(|s| !s.perhaps.is_null(), "perhaps is not null").await;
    samples.assert_same(|s| s.perhaps.is_null() & s.maybe.is_not_null(), "perhaps is null and maybe is not null").await;
}

#[tokio::test]
async fn distinctness_takes_null_for_a_value() {
    let samples = Samples::new().await;
    let none = None::<i32>;
    samples.assert_same(|s| s.perhaps.is_distinct_from(Some(1)), "perhaps is distinct from 1").await;
    samples.assert_same(|s| s.perhaps.is_distinct_from(none), "perhaps is not null").await;
    samples.assert_same(|s| s.perhaps.is_not_distinct_from(Some(1)), "perhaps = 1").await;
    samples.assert_same(|s| s.perhaps.is_not_distinct_from(none), "perhaps is null").await;
    samples.assert_same(|s| !s.perhaps.is_distinct_from(none), "perhaps is null").await;
    samples.assert_same(|s| s.maybe.is_distinct_from(Some("%%")), "maybe is distinct from '%%'").await;
    samples.assert_same(|s| s.maybe.is_not_distinct_from(None::<&str>), "maybe is null").await;
    assert_eq!(samples.compare(|s| s.perhaps.is_distinct_from(Some(100)), "true").await, 20);
}

/// A type that hides an `Option` from the derive.
type OptionalText = Option<String>;

/// Another, which hides it from every trait.
#[derive(Debug, Clone, PartialEq)]
struct Phone(Option<String>);

impl ToSql for Phone {
    fn to_sql(&self, ty: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, Failure> {
        self.0.to_sql(ty, out)
    }

    fn accepts(ty: &Type) -> bool {
        <Option<String> as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Phone {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Option::from_sql(ty, raw).map(Self)
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self(None))
    }

    fn accepts(ty: &Type) -> bool {
        <Option<String> as FromSql>::accepts(ty)
    }
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "contact")]
struct Contact {
    #[tenant_table(primary_key)]
    id: i32,
    #[tenant_table(unique)]
    phone: Phone,
    #[tenant_table(unique)]
    fax: OptionalText,
}

struct Contacts {
    stage: Stage,
    repository: ContactRepository<tenantry::TenantId>,
}

impl Contacts {
    /// One contact without numbers, and one with.
    async fn new() -> Self {
        let stage = Stage::empty().await;
        stage.execute("create table acme.contact (id int primary key, phone text, fax text)").await;
        let repository = Contact::repository().for_tenant(&stage.acme);
        for (id, text) in [(1, None), (2, Some("7".to_owned()))] {
            let new = NewContact { id, phone: Phone(text.clone()), fax: text };
            repository.insert(new).execute(&stage.db).await.unwrap();
        }
        Self { stage, repository }
    }

    async fn find(&self, filter: impl FnOnce(ContactColumns) -> Filter<Contact>) -> Result<Vec<i32>, Error> {
        let found = self.repository.filter(filter).fetch_all(&self.stage.db).await?;
        Ok(found.iter().map(|contact| contact.id).collect())
    }
}

#[track_caller]
fn assert_refused<R: std::fmt::Debug>(answer: Result<R, Error>) {
    let error = answer.unwrap_err().to_string();
    assert!(
        error.ends_with(
            "a comparison was given NULL, which nothing equals: ask with `is_null()` or `is_not_distinct_from(..)`"
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_hidden_null_is_written_and_read() {
    let contacts = Contacts::new().await;
    let (repository, db) = (&contacts.repository, &contacts.stage.db);
    assert_eq!(repository.find(1).fetch_one(db).await.unwrap(), Contact { id: 1, phone: Phone(None), fax: None });
    let some = Some("7".to_owned());
    assert_eq!(contacts.find(|c| c.phone.eq(Phone(some.clone()))).await.unwrap(), [2]);
    assert_eq!(contacts.find(|c| c.fax.eq(some.clone())).await.unwrap(), [2]);
    assert_eq!(repository.find_by_phone(Phone(some.clone())).fetch_one(db).await.unwrap().id, 2);
    assert_eq!(repository.find_by_fax("7").fetch_one(db).await.unwrap().id, 2);
    let changes = ContactChanges::default().phone(Phone(None)).fax(None);
    let changed = repository.update(2, changes).fetch_one(db).await.unwrap();
    assert_eq!(changed, Contact { id: 2, phone: Phone(None), fax: None });
}

#[tokio::test]
async fn a_hidden_null_is_refused_in_comparisons() {
    let contacts = Contacts::new().await;
    let none = || Phone(None);
    assert_refused(contacts.find(|c| c.phone.eq(none())).await);
    assert_refused(contacts.find(|c| c.phone.ne(none())).await);
    assert_refused(contacts.find(|c| c.phone.lt(none())).await);
    assert_refused(contacts.find(|c| c.phone.between(none(), Phone(Some("9".to_owned())))).await);
    assert_refused(contacts.find(|c| c.phone.between(Phone(Some("1".to_owned())), none())).await);
    assert_refused(contacts.find(|c| c.fax.eq(None)).await);
    assert_refused(contacts.find(|c| c.id.eq(1) | !c.fax.ne(None)).await);

    let (repository, db) = (&contacts.repository, &contacts.stage.db);
    assert_refused(repository.find_by_phone(none()).fetch_optional(db).await);
    assert_refused(repository.find_by_fax(None).fetch_optional(db).await);
    assert_refused(repository.delete_many().filter(|c| c.phone.ne(none())).execute(db).await);
    let changes = || ContactChanges::default().fax("8");
    assert_refused(repository.update_many(changes()).filter(|c| c.fax.eq(None)).execute(db).await);
    assert_eq!(contacts.find(|_| Filter::all([])).await.unwrap(), [1, 2]);
}

#[tokio::test]
async fn a_hidden_null_in_a_list_is_refused() {
    let contacts = Contacts::new().await;
    let some = || Some("7".to_owned());
    assert_eq!(contacts.find(|c| c.fax.in_([some()])).await.unwrap(), [2]);
    // `NOT IN (.., NULL)` would never find anything.
    assert_refused(contacts.find(|c| c.fax.not_in([Some("8".to_owned()), None])).await);
    assert_refused(contacts.find(|c| c.phone.not_in([Phone(None), Phone(some())])).await);
    assert_refused(contacts.find(|c| c.fax.in_([some(), None])).await);
    assert_refused(contacts.find(|c| c.phone.in_([Phone(None)])).await);
}
