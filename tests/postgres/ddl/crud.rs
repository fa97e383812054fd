use super::{Empty, Plan};

/// All that a repository does, for two tenants that give equal keys; afterwards the other's rows are as they were.
macro_rules! whole_life {
    ($name:ident, $tables:ident, $acme:ident, $globex:ident) => {
        #[tokio::test]
        async fn $name() {
            use super::$tables::*;

            let stage = Empty::created().await;
            let db = &stage.db;
            let new = |id, email: &str, parent_id| NewAccount {
                id,
                email: email.to_owned(),
                credit: None,
                since: None,
                plan: "free".to_owned(),
                parent_id,
            };
            for tenant in [&stage.$acme, &stage.$globex] {
                let accounts = Account::repository().for_tenant(tenant);
                accounts.insert_many([new(1, "Ada@x", None), new(2, "Bob@x", Some(1))]).execute(db).await.unwrap();
                let members = Member::repository().for_tenant(tenant);
                let member =
                    |account_id, name: &str, guest_id| NewMember { account_id, name: name.to_owned(), guest_id };
                members.insert_many([member(1, "a", None), member(2, "b", Some(1))]).execute(db).await.unwrap();
                Event::repository()
                    .for_tenant(tenant)
                    .insert(NewEvent { what: "made".to_owned() })
                    .execute(db)
                    .await
                    .unwrap();
            }
            let others = Account::repository().for_tenant(&stage.$globex);
            let of_other = others.all().order_by(|a| a.id.asc()).fetch_all(db).await.unwrap();

            let accounts = Account::repository().for_tenant(&stage.$acme);
            let ada = accounts.find(1).fetch_one(db).await.unwrap();
            assert_eq!((ada.lower_email.as_str(), ada.credit, ada.version, ada.deleted), ("ada@x", 100, 1, None));
            accounts.update(1, AccountChanges::default().credit(7), ada.version).execute(db).await.unwrap();
            let late = accounts.update(1, AccountChanges::default().credit(8), ada.version).execute(db).await;
            assert!(late.unwrap_err().is_version_conflict());
            // The keys are there, under the names that PostgreSQL would give them.
            let twice = accounts.insert(new(3, "Ada@x", None)).execute(db).await.unwrap_err();
            assert_eq!(twice.constraint(), Some("account_email_key"));
            let unknown = accounts.insert(new(3, "Eve@x", Some(9))).execute(db).await.unwrap_err();
            assert_eq!(unknown.constraint(), Some("account_parent_id_fkey"));
            let too_much = accounts.update(2, AccountChanges::default().credit(-1), 1).execute(db).await.unwrap_err();
            assert_eq!(too_much.constraint(), Some("account_credit_check"));
            let too_much = accounts.update(2, AccountChanges::default().credit(1000), 1).execute(db).await.unwrap_err();
            assert_eq!(too_much.constraint(), Some("account_check"));
            // Upserts find their keys.
            let upsert = accounts.insert(new(3, "Ada@x", None)).on_conflict(AccountKey::Email).update(|a| a.plan);
            assert_eq!(upsert.fetch_one(db).await.unwrap().id, 1);
            let upsert = accounts.insert(new(2, "Bea@x", None)).on_conflict(AccountKey::PrimaryKey).update(|a| a.email);
            assert_eq!(upsert.fetch_one(db).await.unwrap().lower_email, "bea@x");
            // A key holds among rows that were deleted softly, too.
            accounts.delete(2).execute(db).await.unwrap();
            assert!(accounts.find(2).fetch_optional(db).await.unwrap().is_none());
            let twice = accounts.insert(new(3, "Bea@x", None)).execute(db).await.unwrap_err();
            assert_eq!(twice.constraint(), Some("account_email_key"));
            let members = Member::repository().for_tenant(&stage.$acme);
            let of_ada = members.of_account(&ada).fetch_all(db).await.unwrap();
            assert_eq!(of_ada.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["a"]);

            assert_eq!(others.all().order_by(|a| a.id.asc()).fetch_all(db).await.unwrap(), of_other);
            assert_eq!(Plan::repository().all().fetch_all(db).await.unwrap(), [Plan { code: "free".to_owned() }]);
        }
    };
}

whole_life!(rows_in_schemas_live, by_schema, acme, globex);
whole_life!(rows_with_a_tenant_column_live, by_row, row_acme, row_globex);
whole_life!(rows_with_a_tenant_in_words_live, by_slug, acme, globex);
