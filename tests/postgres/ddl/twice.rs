use super::Empty;

#[tokio::test]
async fn what_is_there_is_left_as_it_is() {
    let stage = Empty::created().await;
    let before = stage.catalogue().await;
    assert!(before.len() > 100, "{}", before.len());
    for _ in 0..2 {
        stage.ddl.create_all().execute(&stage.db).await.unwrap();
        stage.ddl.create_all_for(&stage.acme).unwrap().execute(&stage.db).await.unwrap();
        assert_eq!(stage.catalogue().await, before);
    }
}

/// A migration tool or `psql` sends the text by itself, statement by statement or whole.
#[tokio::test]
async fn the_text_makes_the_same_tables() {
    let stage = Empty::created().await;
    let other = Empty::new().await;
    other.execute(other.ddl.create_all().sql()).await;
    for tenant in [&other.acme, &other.globex] {
        other.execute(other.ddl.create_all_for(tenant).unwrap().sql()).await;
    }
    let without_numbers = |catalogue: Vec<String>| -> Vec<String> {
        let words =
            |line: String| line.split(' ').filter(|word| word.parse::<u32>().is_err()).collect::<Vec<_>>().join(" ");
        let mut lines: Vec<_> = catalogue.into_iter().map(words).collect();
        lines.sort();
        lines
    };
    assert_eq!(without_numbers(other.catalogue().await), without_numbers(stage.catalogue().await));
}

#[tokio::test]
async fn who_holds_a_table_in_a_transaction_does_not_hold_up_a_second_run() {
    let stage = Empty::created().await;
    stage.execute("begin; lock table acme.account, app.account in access exclusive mode").await;
    stage.ddl.create_all().execute(&stage.db).await.unwrap();
    stage.ddl.create_all_for(&stage.acme).unwrap().execute(&stage.db).await.unwrap();
    stage.execute("rollback").await;
}

#[tokio::test]
async fn what_is_missing_is_made_beside_what_is_there() {
    let stage = Empty::created().await;
    let before = stage.catalogue().await;
    stage.execute("drop table acme.member, app.member cascade").await;
    stage.ddl.create_all().execute(&stage.db).await.unwrap();
    stage.ddl.create_all_for(&stage.acme).unwrap().execute(&stage.db).await.unwrap();
    let after = stage.catalogue().await;
    assert_eq!(after.len(), before.len());
    let untouched = |line: &&String| line.contains("account");
    let account = |lines: &[String]| {
        lines.iter().filter(untouched).filter(|line| !line.contains("member")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(account(&after), account(&before));
}
