pub mod customer_NUMBER {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "customer_NUMBER", schema_name = "app")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique)]
        pub email: String,
        pub name: String,
        pub phone: Option<String>,
        pub referrer_id: i64,
        pub credit: i32,
        pub active: bool,
        pub token: Uuid,
        pub opened: i64,
        pub closed: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::customer_NEXT::Entity",
            from = "(Column::TenantId, Column::ReferrerId)",
            to = "(super::customer_NEXT::Column::TenantId, super::customer_NEXT::Column::Id)"
        )]
        Referrer,
    }

    impl Related<super::customer_NEXT::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Referrer.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}
