//! What the server does with each command of each role, on each kind of object, under each value of the setting: the ground that
//! the policies stand on, and where they do not reach. What does not come out as expected ends the test with the list of all such cells.

use std::fmt;

use throwaway_postgres::by_hand;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::Stage;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Owns the tables, whose policies are forced.
    Owner,
    Application,
    /// Of the application's role.
    Member,
    BypassRls,
    Superuser,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Object {
    Table,
    /// Asked directly, and with policies of its own.
    Partition,
    /// With the rights of a superuser, who owns it.
    View,
    InvokerView,
    MaterializedView,
    /// SECURITY DEFINER, and a superuser's.
    Function,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    Select,
    SelectForUpdate,
    Insert,
    Update,
    Delete,
    Upsert,
    Merge,
    CopyFrom,
    CopyTo,
    Truncate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    Own,
    Unset,
    /// What is left of it on a connection after a transaction that had it.
    Empty,
    Other,
    Garbage,
}

const ROLES: [Role; 5] = [Role::Owner, Role::Application, Role::Member, Role::BypassRls, Role::Superuser];
const OBJECTS: [Object; 6] =
    [Object::Table, Object::Partition, Object::View, Object::InvokerView, Object::MaterializedView, Object::Function];
const COMMANDS: [Command; 10] = [
    Command::Select,
    Command::SelectForUpdate,
    Command::Insert,
    Command::Update,
    Command::Delete,
    Command::Upsert,
    Command::Merge,
    Command::CopyFrom,
    Command::CopyTo,
    Command::Truncate,
];
const SETTINGS: [Setting; 5] = [Setting::Own, Setting::Unset, Setting::Empty, Setting::Other, Setting::Garbage];

/// Of acme, whose rows the commands are about; the other tenant, globex, has other rows.
const ACMES: u64 = 2;
const GLOBEXES: u64 = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// So many rows were seen, or written.
    Rows(u64),
    /// The server's code.
    Error(&'static str),
    /// No object of this kind takes it, whoever asks; the code is another in each version.
    Refused,
}

const DENIED: Outcome = Outcome::Error("42501");
const NOT_A_UUID: Outcome = Outcome::Error("22P02");
const NOT_SUPPORTED: Outcome = Outcome::Error("0A000");

/// The objects of acme and globex: a table and a partitioned one, both with policies, and what looks into the table.
fn objects(names: &Names) -> String {
    let Names { owner, application, member, bypass } = names;
    let is_own = "tenant_id = nullif(current_setting('tenantry.tenant', true), '')::uuid";
    let secure = |table: &str| {
        format!(
            "alter table app.{table} owner to {owner};
             alter table app.{table} enable row level security, force row level security;
             create policy {table}_tenant on app.{table} as restrictive using ({is_own}) with check ({is_own});
             create policy {table}_rows on app.{table} using (true) with check (true);"
        )
    };
    let rows = "select case when n <= 2 then '{acme}' else '{globex}' end::uuid, n, 'old' from generate_series(1, 5) n";
    let columns = "(tenant_id uuid not null, id bigint, note text not null, primary key (tenant_id, id))";
    format!(
        "create role {owner}; create role {application} login; create role {bypass} login bypassrls;
         create role {member} login in role {application}; grant {owner} to current_user;
         grant pg_read_server_files, pg_write_server_files to {owner}, {application}, {member}, {bypass};
         alter role {owner} login; grant usage on schema app to {owner}, {application}, {bypass};
         create table app.note {columns}; insert into app.note {rows};
         create table app.parted {columns} partition by hash (tenant_id);
         create table app.part partition of app.parted for values with (modulus 1, remainder 0);
         insert into app.parted {rows};
         create view app.seen as select * from app.note;
         create view app.seen_by_invoker with (security_invoker = true) as select * from app.note;
         create materialized view app.kept as select * from app.note;
         create function app.notes() returns setof app.note language sql security definer
             begin atomic select * from app.note; end;
         {} {} {}
         grant select, insert, update, delete on app.note, app.parted, app.part, app.seen, app.seen_by_invoker, app.kept
             to {owner}, {application}, {bypass};",
        secure("note"),
        secure("parted"),
        secure("part"),
    )
    .replace("{acme}", ACME)
    .replace("{globex}", GLOBEX)
}

const ACME: &str = "00000000-0000-0000-0000-00000000ac3e";
const GLOBEX: &str = "00000000-0000-0000-0000-0000000910be";

struct Names {
    owner: String,
    application: String,
    member: String,
    bypass: String,
}

impl Object {
    fn name(self) -> &'static str {
        match self {
            Self::Table => "app.note",
            Self::Partition => "app.part",
            Self::View => "app.seen",
            Self::InvokerView => "app.seen_by_invoker",
            Self::MaterializedView => "app.kept",
            Self::Function => "app.notes()",
        }
    }
}

impl Command {
    /// It is about acme's rows wherever it can say so. A function is only read, and a view is merged into from PostgreSQL 17 on.
    fn sql(self, object: Object) -> Option<String> {
        let name = object.name();
        match (object, self) {
            (Object::Function, Self::Select | Self::CopyTo) => {}
            (Object::Function, _) | (Object::View | Object::InvokerView, Self::Merge) => return None,
            _ => {}
        }
        Some(match self {
            Self::Select => format!("select * from {name}"),
            Self::SelectForUpdate => format!("select * from {name} for update"),
            Self::Insert => format!("insert into {name} values ('{ACME}', 9, 'new')"),
            Self::Update => format!("update {name} set note = 'new' where tenant_id = '{ACME}'"),
            Self::Delete => format!("delete from {name} where tenant_id = '{ACME}'"),
            Self::Upsert => format!(
                "insert into {name} values ('{ACME}', 1, 'new') on conflict (tenant_id, id) do update set note = 'new'"
            ),
            Self::Merge => format!(
                "merge into {name} n using (values ('{ACME}'::uuid, 1)) v(t, i) on n.tenant_id = v.t and n.id = v.i
                 when matched then update set note = 'new' when not matched then insert values (v.t, v.i, 'new')"
            ),
            Self::CopyFrom => format!("copy {name} from '/dev/null'"),
            Self::CopyTo => format!("copy (select * from {name}) to '/dev/null'"),
            Self::Truncate => format!("truncate {name}"),
        })
    }

    fn reads_alone(self) -> bool {
        matches!(self, Self::Select | Self::SelectForUpdate | Self::CopyTo)
    }
}

impl Role {
    /// Whether policies bind it.
    fn is_bound(self) -> bool {
        matches!(self, Self::Owner | Self::Application | Self::Member)
    }
}

/// What is to be expected.
fn expected(role: Role, object: Object, command: Command, setting: Setting) -> Outcome {
    let everything = match command {
        Command::Select | Command::SelectForUpdate | Command::CopyTo => Outcome::Rows(ACMES + GLOBEXES),
        Command::Insert | Command::Upsert | Command::Merge => Outcome::Rows(1),
        Command::Update | Command::Delete => Outcome::Rows(ACMES),
        Command::CopyFrom | Command::Truncate => Outcome::Rows(0),
    };
    match (object, command) {
        // They hold or show what a superuser sees: the traps.
        (Object::Function, _) | (Object::MaterializedView, Command::Select | Command::CopyTo) => return everything,
        (Object::MaterializedView, _) => return Outcome::Refused,
        (Object::View | Object::InvokerView, Command::Truncate | Command::CopyFrom) => return Outcome::Refused,
        // Its owner is not bound, and so nobody is.
        (Object::View, _) => return everything,
        // No policy is asked; a privilege is.
        (_, Command::Truncate) => {
            return if matches!(role, Role::Owner | Role::Superuser) { everything } else { DENIED };
        }
        _ => {}
    }
    if !role.is_bound() {
        return everything;
    }
    if command == Command::CopyFrom {
        return NOT_SUPPORTED;
    }
    match setting {
        Setting::Garbage => NOT_A_UUID,
        Setting::Own if command.reads_alone() => Outcome::Rows(ACMES),
        Setting::Own => everything,
        Setting::Other if command.reads_alone() => Outcome::Rows(GLOBEXES),
        Setting::Unset | Setting::Empty if command.reads_alone() => Outcome::Rows(0),
        _ if matches!(command, Command::Update | Command::Delete) => Outcome::Rows(0),
        _ => DENIED,
    }
}

async fn ask(client: &Client, sql: &str, setting: Setting) -> Result<u64, tokio_postgres::Error> {
    let set = match setting {
        Setting::Own => format!("set local tenantry.tenant = '{ACME}'"),
        Setting::Unset => String::new(),
        Setting::Empty => "set local tenantry.tenant = ''".to_owned(),
        Setting::Other => format!("set local tenantry.tenant = '{GLOBEX}'"),
        Setting::Garbage => "set local tenantry.tenant = 'garbage'".to_owned(),
    };
    client.batch_execute(&by_hand(&format!("begin; {set}"))).await?;
    let answer = client.simple_query(&by_hand(sql)).await;
    client.batch_execute("rollback").await?;
    let counts = answer?.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::CommandComplete(rows) => Some(rows),
        _ => None,
    });
    Ok(counts.sum())
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(rows) => write!(formatter, "{rows} rows"),
            Self::Error(code) => write!(formatter, "error {code}"),
            Self::Refused => formatter.write_str("an error"),
        }
    }
}

#[tokio::test]
async fn each_cell_comes_out_as_expected() {
    let stage = Stage::with_rows().await;
    let name = |role: &str| format!("{role}_of_{}", stage.database_name());
    let names =
        Names { owner: name("owner"), application: name("bound"), member: name("member"), bypass: name("unbound") };
    stage.execute(&objects(&names)).await;

    let (mut cells, mut wrong) = (0, Vec::new());
    for role in ROLES {
        for setting in SETTINGS {
            // A setting that was made once is empty from then on, and no longer unset.
            let mut config = stage.config();
            match role {
                Role::Owner => _ = config.user(&names.owner),
                Role::Application => _ = config.user(&names.application),
                Role::Member => _ = config.user(&names.member),
                Role::BypassRls => _ = config.user(&names.bypass),
                Role::Superuser => config = stage.url().parse().unwrap(),
            }
            let (client, connection) = config.connect(NoTls).await.unwrap();
            let running = tokio::spawn(connection);
            for object in OBJECTS {
                for command in COMMANDS {
                    let Some(sql) = command.sql(object) else { continue };
                    cells += 1;
                    let outcome = match ask(&client, &sql, setting).await {
                        Ok(rows) => Ok(rows),
                        Err(error) => Err(error.code().map_or_else(String::new, |code| code.code().to_owned())),
                    };
                    let expected = expected(role, object, command, setting);
                    let is_expected = match (&outcome, &expected) {
                        (Ok(rows), Outcome::Rows(expected)) => rows == expected,
                        (Err(code), Outcome::Error(expected)) => code == expected,
                        (Err(_), Outcome::Refused) => true,
                        _ => false,
                    };
                    if !is_expected {
                        let cell = format!("{role:?} {command:?} {object:?} {setting:?}");
                        wrong.push(format!("{cell}: {outcome:?}, expected {expected}"));
                    }
                }
            }
            drop(client);
            running.await.unwrap().unwrap();
        }
    }
    assert_eq!(cells, 5 * 5 * 50);
    assert!(wrong.is_empty(), "{} of {cells}:\n{}", wrong.len(), wrong.join("\n"));
}
