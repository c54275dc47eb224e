//! A real PostgreSQL server as the source. `HOLDFAST_TEST_POSTGRES` holds its url; without it these tests fail.

mod support;

use domain::Cutoff;
use support::{ACADEMY, House, day};
use tokio_postgres::NoTls;
use warehouse::{Error, Sources, load};

const URL_ENV: &str = "HOLDFAST_TEST_POSTGRES";
const CHILD_URL_ENV: &str = "HOLDFAST_TEST_POSTGRES_CHILD";

/// Runs statements in the test's database.
fn prepare(sql: &str) {
    asked(sql, None);
}

/// Runs statements, then asks for one text.
fn asked(sql: &str, question: Option<&str>) -> String {
    let url = std::env::var(URL_ENV).unwrap_or_else(|_| panic!("{URL_ENV} must hold the url of a PostgreSQL server"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("connecting to the test's server");
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.expect("preparing the test's tables");
        let answer = match question {
            Some(question) => client.query_one(question, &[]).await.expect("asking the test's server").get(0),
            None => String::new(),
        };
        drop(client);
        connection.await.expect("the connection's task").expect("the connection");
        answer
    })
}

fn contract() -> String {
    let source = format!("[source]\nkind = \"postgres\"\nurl_env = \"{URL_ENV}\"\n");
    ACADEMY.replace("[source]\nkind = \"folder\"\npath = \"data\"\n", &source)
}

#[test]
fn tables_of_a_database_are_read_like_files() {
    prepare(
        "DROP SCHEMA IF EXISTS holdfast_test CASCADE; CREATE SCHEMA holdfast_test;
         CREATE TABLE holdfast_test.people (student_id int PRIMARY KEY, started_on date, left_on timestamptz, city text, fee numeric(10,2), vip bool);
         INSERT INTO holdfast_test.people VALUES
           (2, '2026-01-10', NULL, 'Куляб, центр', 300.50, true),
           (1, '2026-01-05', '2026-02-28 20:00:00+00', E'two\\nlines \"quoted\"', 250, false);
         CREATE TABLE holdfast_test.lessons (student_id int, lesson_at timestamp, status text);
         INSERT INTO holdfast_test.lessons SELECT 1 + n % 2, timestamp '2026-01-12' + n * interval '12 hours', CASE WHEN n % 3 = 0 THEN 'absent' ELSE 'present' END FROM generate_series(0, 19999) n;",
    );
    let text = format!(
        "{}\n[tables.students]\nrelation = \"holdfast_test.people\"\n[tables.attendance]\nquery = \"SELECT * FROM holdfast_test.lessons WHERE lesson_at < '2026-03-01'\"\n",
        contract()
    );
    let house = House::new(&text, &[]);
    let loaded =
        load(&house.contract, &Sources { contract_folder: house.folder(), data: None, input: None }, None, None)
            .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.keys, ["1", "2"]);
    assert_eq!(loaded.subjects.left[0], Some(day(2026, 3, 1)), "evening in UTC is the next day in Dushanbe");
    assert_eq!(loaded.events[0].len(), 96);
    let rows = loaded.scoring(&house.contract, Cutoff(day(2026, 2, 1))).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rows.len(), 2);
    let names: Vec<&str> = loaded.specs.iter().map(|spec| spec.name.as_str()).collect();
    for expected in ["students.city", "students.fee", "students.vip", "attendance.missed_streak"] {
        assert!(names.contains(&expected), "{expected} is not among {names:?}");
    }
}

#[test]
fn a_relation_that_is_not_there_is_named() {
    prepare("SELECT 1");
    let text = format!("{}\n[tables.students]\nrelation = \"holdfast_nowhere.people\"\n", contract());
    let house = House::new(&text, &[]);
    let error =
        load(&house.contract, &Sources { contract_folder: house.folder(), data: None, input: None }, None, None);
    let error = error.expect_err("no such relation");
    assert!(matches!(&error, Error::Postgres { table, .. } if table == "students"), "{error}");
    assert!(error.to_string().contains("holdfast_nowhere"), "{error}");
}

#[test]
fn a_server_that_is_not_there_is_said() {
    let text = contract().replace(URL_ENV, "HOLDFAST_TEST_POSTGRES_UNSET");
    let house = House::new(&text, &[]);
    let error = house.load().expect_err("no url");
    assert!(error.to_string().contains("HOLDFAST_TEST_POSTGRES_UNSET"), "{error}");
}

#[test]
fn a_table_whose_reading_is_killed_is_an_error_and_never_a_shorter_table() {
    prepare(
        "DROP SCHEMA IF EXISTS holdfast_killed CASCADE; CREATE SCHEMA holdfast_killed;
         CREATE TABLE holdfast_killed.people AS SELECT 1 AS student_id, date '2026-01-10' AS started_on, date '2026-03-10' AS left_on;",
    );
    for kill in ["pg_terminate_backend", "pg_cancel_backend"] {
        // Long enough to be killed however slow the test is; the marker tells it from other queries.
        let text = format!(
            "{}\n[tables.students]\nrelation = \"holdfast_killed.people\"\n[tables.attendance]\nquery = \"SELECT 1 AS student_id, timestamp '2026-01-12' AS lesson_at, 'absent' AS status FROM generate_series(1, 100000) AS many, generate_series(1, 100000) AS killed_{kill}\"\n",
            contract()
        );
        let house = House::new(&text, &[]);
        let killer = std::thread::spawn(move || {
            prepare(&format!(
                "DO $$ BEGIN LOOP
                   PERFORM pg_stat_clear_snapshot();
                   EXIT WHEN (SELECT bool_or({kill}(pid)) FROM pg_stat_activity
                     WHERE query LIKE 'COPY%killed_{kill}%' AND state = 'active' AND clock_timestamp() > query_start + interval '0.5 seconds' AND pid <> pg_backend_pid());
                   PERFORM pg_sleep(0.01);
                 END LOOP; END $$"
            ));
        });
        let result =
            load(&house.contract, &Sources { contract_folder: house.folder(), data: None, input: None }, None, None);
        killer.join().expect("the query is killed");
        let said =
            result.map(|loaded| loaded.events[0].len()).expect_err("the table was not read to its end").to_string();
        assert!(said.contains("run again"), "{kill}: {said}");
    }
}

/// Says to the test that started it whether its own connection is encrypted; by itself it has nothing to do.
#[test]
fn child_that_says_whether_its_connection_is_encrypted() {
    if std::env::var(CHILD_URL_ENV).is_err() {
        return;
    }
    let query = "SELECT 's1' AS student_id, CASE WHEN ssl THEN date '2025-01-10' ELSE date '2026-01-10' END AS started_on, NULL::date AS left_on FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let text = format!("{}\n[tables.students]\nquery = \"{query}\"\n", contract().replace(URL_ENV, CHILD_URL_ENV));
    let house = House::new(&text, &[]);
    match load(&house.contract, &Sources { contract_folder: house.folder(), data: None, input: None }, None, None) {
        Ok(loaded) if loaded.subjects.from == [Some(day(2025, 1, 10))] => println!("answer: encrypted"),
        Ok(_) => println!("answer: plain"),
        Err(error) => println!("answer: {error}"),
    }
}

#[test]
fn the_connection_is_encrypted_as_the_url_asks() {
    let certificate = asked("SELECT 1", Some("SELECT pg_read_file('server.crt')"));
    let url = std::env::var(URL_ENV).expect("the url was there before");
    let (user, rest) = url.split_once('@').expect("the url of scripts/with-postgres has a user");
    let (_, port_and_database) = rest.split_once(':').expect("and a port");
    let house = House::new(&contract(), &[("ca.crt", certificate.as_bytes())]);
    let trusted = house.data().join("ca.crt").display().to_string();
    let told = |host: &str, settings: &str| {
        // Another process, because a variable of this one cannot be set while threads run.
        let child = std::process::Command::new(std::env::current_exe().expect("the test's own program"))
            .args(["--exact", "child_that_says_whether_its_connection_is_encrypted", "--nocapture"])
            .env(CHILD_URL_ENV, format!("{user}@{host}:{port_and_database}?{settings}"))
            .output()
            .expect("starting the test's own program");
        let said = String::from_utf8_lossy(&child.stdout).into_owned();
        said.split_once("answer: ").map(|(_, said)| said.lines().next().unwrap_or_default().to_owned()).unwrap_or(said)
    };
    assert_eq!(told("127.0.0.1", "sslmode=disable"), "plain");
    for settings in ["sslmode=prefer", "sslmode=require", "connect_timeout=10"] {
        assert_eq!(told("127.0.0.1", settings), "encrypted", "{settings}");
    }
    assert_eq!(told("127.0.0.1", &format!("sslmode=verify-ca&sslrootcert={trusted}")), "encrypted");
    assert_eq!(told("localhost", &format!("sslmode=verify-full&sslrootcert={trusted}")), "encrypted");
    for (host, settings, why) in [
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={trusted}"), "certificate"),
        ("localhost", "sslmode=verify-full".to_owned(), "certificate"),
        ("localhost", "sslmode=verify-ca&sslrootcert=/nowhere/ca.crt".to_owned(), "/nowhere/ca.crt"),
    ] {
        let said = told(host, &settings);
        assert!(said.contains("postgres") && said.contains(why), "{host} {settings}: {said}");
    }
}
