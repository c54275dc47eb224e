//! A real PostgreSQL server as the source. `HOLDFAST_TEST_POSTGRES` holds its url; without it these tests fail.

mod support;

use domain::Cutoff;
use support::{ACADEMY, House, day};
use tokio_postgres::NoTls;
use warehouse::{Error, Sources, load};

const URL_ENV: &str = "HOLDFAST_TEST_POSTGRES";

/// Runs statements in the test's database.
fn prepare(sql: &str) {
    let url = std::env::var(URL_ENV).unwrap_or_else(|_| panic!("{URL_ENV} must hold the url of a PostgreSQL server"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("connecting to the test's server");
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.expect("preparing the test's tables");
        drop(client);
        connection.await.expect("the connection's task").expect("the connection");
    });
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
    let loaded = load(&house.contract, &Sources { contract_folder: house.folder(), data: None }, None, None)
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
    let error = load(&house.contract, &Sources { contract_folder: house.folder(), data: None }, None, None);
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
