#[derive(Debug, TenantTable)]
#[tenant_table(name = "customer_NUMBER")]
pub struct CustomerNUMBER {
    #[tenant_table(primary_key, generated)]
    pub id: i64,
    #[tenant_table(unique)]
    pub email: String,
    pub name: String,
    pub phone: Option<String>,
    #[tenant_table(references = CustomerNEXT)]
    pub referrer_id: i64,
    #[tenant_table(default)]
    pub credit: i32,
    pub active: bool,
    pub token: Uuid,
    pub opened: i64,
    pub closed: Option<i64>,
}
