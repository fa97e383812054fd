diesel::table! {
    app.customer_NUMBER (tenant_id, id) {
        tenant_id -> Uuid,
        id -> BigInt,
        email -> Text,
        name -> Text,
        phone -> Nullable<Text>,
        referrer_id -> BigInt,
        credit -> Integer,
        active -> Bool,
        token -> Uuid,
        opened -> BigInt,
        closed -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(customer_NUMBER, customer_NEXT);

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = customer_NUMBER, check_for_backend(diesel::pg::Pg))]
pub struct CustomerNUMBER {
    pub id: i64,
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

#[derive(Debug, Insertable)]
#[diesel(table_name = customer_NUMBER)]
pub struct NewCustomerNUMBER {
    pub tenant_id: Uuid,
    pub email: String,
    pub name: String,
    pub phone: Option<String>,
    pub referrer_id: i64,
    pub credit: Option<i32>,
    pub active: bool,
    pub token: Uuid,
    pub opened: i64,
    pub closed: Option<i64>,
}

#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = customer_NUMBER)]
pub struct CustomerNUMBERChanges {
    pub email: Option<String>,
    pub name: Option<String>,
    pub phone: Option<Option<String>>,
    pub referrer_id: Option<i64>,
    pub credit: Option<i32>,
    pub active: Option<bool>,
    pub token: Option<Uuid>,
    pub opened: Option<i64>,
    pub closed: Option<Option<i64>>,
}
