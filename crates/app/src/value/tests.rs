//! Purchases from files, to values in files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::Float64Type;
use domain::{Day, Locale};
use jiff::civil::date;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Request, ValueError, Valued, value_clients};
use crate::progress::Silent;

/// A purchase: client, day, amount.
type Row = (String, Day, f64);

fn start() -> Day {
    Day::from_date(date(2025, 1, 1))
}

/// Purchases over a year of clients of three kinds, some of whom stop.
fn purchases(clients: usize) -> Vec<Row> {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let mut rows = Vec::new();
    for client in 0..clients {
        let every_days = [7.0, 30.0, 200.0][client % 3] * rng.random_range(0.5..1.5);
        let mean = rng.random_range(20.0..200.0);
        let mut day = rng.random_range(0.0..90.0);
        while day < 365.0 {
            let amount: f64 = mean * rng.random_range(0.5..1.5);
            rows.push((format!("client {client}"), start().plus(day as i32), (amount * 100.0).round() / 100.0));
            if rng.random::<f64>() < 0.1 {
                break;
            }
            day += 1.0 - every_days * rng.random::<f64>().max(1e-9).ln();
        }
    }
    rows
}

fn csv(rows: &[Row]) -> String {
    let lines = rows.iter().map(|(client, day, amount)| format!("{client},{day},{amount}\n"));
    format!("who,day,sum\n{}", lines.collect::<String>())
}

fn request(folder: &Path, input: &str, out: &str) -> Request {
    Request {
        input: folder.join(input),
        subject: "who".to_owned(),
        at: "day".to_owned(),
        amount: "sum".to_owned(),
        horizon_days: 90,
        until: None,
        today: Day::from_date(date(2026, 3, 1)),
        discount_yearly: 0.0,
        out: folder.join(out),
    }
}

fn ran(text: &str) -> Result<(Valued, String), ValueError> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("in.csv"), text).expect("written");
    let request = request(folder.path(), "in.csv", "out.csv");
    let valued = value_clients(&request, &Silent)?;
    Ok((valued, fs::read_to_string(request.out).expect("read")))
}

fn refused(text: &str) -> String {
    ran(text).err().expect("it is refused").to_string()
}

#[test]
fn every_client_gets_a_row_and_rows_add_up_to_the_total() {
    let rows = purchases(600);
    let (valued, out) = ran(&csv(&rows)).expect("valued");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "subject,purchases,value,value_low,value_high,probability_alive,purchases_so_far,last_day");
    assert_eq!((valued.clients, lines.len()), (600, 601));
    let cells: Vec<Vec<f64>> = lines[1..]
        .iter()
        .map(|line| line.split(',').skip(1).take(6).map(|cell| cell.parse().expect("a number")).collect())
        .collect();
    let sum = |column: usize| cells.iter().map(|row| row[column]).sum::<f64>();
    assert!((sum(0) - valued.total_purchases[0]).abs() < 0.1, "{}", sum(0));
    assert!((sum(1) / valued.total_value[0] - 1.0).abs() < 1e-4, "{}", sum(1));
    assert_eq!(sum(5) as usize, valued.purchases);
    for row in &cells {
        assert!(row[2] <= row[3] && (0.0..=1.0).contains(&row[4]), "{row:?}");
    }
    assert!(cells.windows(2).all(|pair| pair[0][1] >= pair[1][1]), "those worth most come first");
    let [_, low, high] = valued.total_purchases;
    assert!(low < valued.total_purchases[0] && valued.total_purchases[0] < high);
    let checked = valued.checked.as_ref().expect("enough for a check");
    assert!((checked.predicted / checked.actual as f64 - 1.0).abs() < 0.25, "{} {}", checked.predicted, checked.actual);
    assert!(checked.share_of_top_fifth.is_some_and(|share| share > 0.4));
    for locale in Locale::ALL {
        let text = valued.text(locale, Path::new("out.csv")).expect("words");
        assert!(text.lines().count() >= 6 && text.contains("out.csv") && !text.contains('{'), "{text}");
    }
}

#[test]
fn parquet_and_csv_say_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = purchases(300);
    fs::write(folder.path().join("in.csv"), csv(&rows)).expect("written");
    let columns: [(&str, ArrayRef); 3] = [
        ("sum", Arc::new(rows.iter().map(|row| Some(row.2)).collect::<Float64Array>())),
        ("who", Arc::new(rows.iter().map(|row| Some(&row.0)).collect::<StringArray>())),
        ("day", Arc::new(rows.iter().map(|row| Some(row.1.0)).collect::<Date32Array>())),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a table");
    let file = fs::File::create(folder.path().join("in.parquet")).expect("made");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
    let text = request(folder.path(), "in.csv", "out.parquet");
    let binary = request(folder.path(), "in.parquet", "out2.parquet");
    value_clients(&text, &Silent).expect("valued");
    value_clients(&binary, &Silent).expect("valued");
    let read = |path: PathBuf| {
        let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).expect("opened")).expect("parquet");
        reader.build().expect("a reader").next().expect("a batch").expect("read")
    };
    let (a, b) = (read(text.out), read(binary.out));
    assert_eq!(a, b);
    assert!(a.num_rows() == 300 && a.column(1).as_primitive::<Float64Type>().null_count() == 0);
}

#[test]
fn doubtful_rows_are_told_with_their_place_and_do_what_is_said() {
    let rows = purchases(300);
    let last = rows.iter().map(|row| row.1).max();
    let mut text = csv(&rows);
    let before = text.lines().count();
    text += "client 0,2025-12-20,100\nclient 0,2025-12-21,-100\n"; // Bought and paid back.
    text += "client 0,2025-12-22,0\n"; // A gift.
    text += "client 1,2027-05-05,10\n"; // Not yet.
    text += "client 2,soon,10\n,2025-05-05,10\nclient 3,2025-05-05,much\nclient 4,2025-05-05,NaN\n";
    text += "nobody,2025-05-05,-5\n"; // Nothing to pay back.
    text += "client 5,2025-12-01,7\nclient 5,2025-12-01,7\n"; // Twice the same.
    let (valued, out) = ran(&text).expect("valued");
    let told: Vec<String> =
        valued.findings.iter().map(|f| format!("{} {}: {}", f.severity, f.place, f.message)).collect();
    let expected = [
        (2, "info", "column sum: -100 is a refund: 2 such rows"),
        (3, "info", "column sum: the amount is 0; 1 such rows count"),
        (4, "warning", "column day: 2027-05-05 is later than today; 1 such rows are left out"),
        (5, "warning", "column day: 'soon' is not a date; 1 such rows"),
        (6, "warning", "column who: nobody is named; 1 such rows"),
        (7, "warning", "column sum: 'much' is not a number; 1 such rows"),
        (8, "warning", "column sum: the amount is empty; 1 such rows"),
        (9, "warning", "column sum: -5 is more than the client had bought until then; 1 such refunds"),
        (11, "warning", "column sum: the row says the same as another (7, same time, same client); 1 such rows"),
    ];
    for (after, severity, said) in expected {
        let row = format!("in.csv, row {}, {said}", before + after);
        assert!(told.iter().any(|told| told.starts_with(severity) && told.contains(&row)), "{row}\n{told:#?}");
    }
    assert_eq!(Some(valued.until), last.map(|day| day.to_string()));
    let client = |name: &str| out.lines().find(|line| line.starts_with(name)).map(str::to_owned);
    // The gift is the last purchase, not what was paid back; and who only got money back is no client.
    assert!(client("client 0,").is_some_and(|line| line.ends_with(",2025-12-22")), "{:?}", client("client 0,"));
    assert_eq!(client("nobody,"), None);
}

#[test]
fn what_cannot_be_told_is_refused_in_words() {
    let rows = purchases(100);
    let text = csv(&rows);
    let said = refused(&text.replacen("day", "date", 1));
    assert!(said.contains("column day: there is no such column; the file has `who`, `date`, `sum`"), "{said}");
    let said = refused(&text.replacen("sum", "summ", 1));
    assert!(said.contains("did you mean --amount summ?"), "{said}");
    assert!(refused("who,day,sum\n").contains("no rows below its header"));
    assert!(refused("").contains("the file is empty"));
    let one: Vec<Row> = (0..30).map(|k| ("one".to_owned(), start().plus(k * 7), 10.0)).collect();
    let said = refused(&csv(&one));
    assert!(said.contains("the value of 1 clients cannot be told: 1 clients bought more than once"), "{said}");
    let said = refused(&text.replace("2025-0", "someday 0"));
    assert!(said.contains("rows cannot be used at all") && said.contains("row 2, column day"), "{said}");
    assert!(refused("who,day,sum\na,2025-01-01,-5\n").contains("no purchase up to 2025-01-01"));
    assert!(refused("who,day,sum\na,2025-01-01\n").contains("row 2"));
}

#[test]
fn options_that_cannot_be_are_refused_before_any_work() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("in.csv"), csv(&purchases(50))).expect("written");
    let good = request(folder.path(), "in.csv", "out.csv");
    let refused = |request: &Request| value_clients(request, &Silent).err().expect("refused").to_string();
    let said = refused(&Request { amount: "day".to_owned(), ..good.clone() });
    assert!(said.contains("--at and --amount both name the column \"day\""), "{said}");
    assert!(refused(&Request { horizon_days: 0, ..good.clone() }).contains("the horizon is 0 days"));
    assert!(refused(&Request { discount_yearly: f64::NAN, ..good.clone() }).contains("no yearly rate"));
    let until = Some(good.today.plus(1));
    assert!(refused(&Request { until, ..good.clone() }).contains("later than today"));
    assert!(refused(&Request { out: good.input.clone(), ..good.clone() }).contains("name another file"));
    assert!(refused(&Request { out: folder.path().join("out.xlsx"), ..good.clone() }).contains("unknown ending"));
    let missing = Request { input: folder.path().join("none.csv"), ..good };
    assert!(refused(&missing).contains("none.csv: could not be read"));
}

#[test]
fn an_earlier_end_hides_what_comes_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = purchases(400);
    let until = start().plus(240);
    let before: Vec<Row> = rows.iter().filter(|row| row.1 <= until).cloned().collect();
    fs::write(folder.path().join("all.csv"), csv(&rows)).expect("written");
    fs::write(folder.path().join("before.csv"), csv(&before)).expect("written");
    let named = |input, out| Request { until: Some(until), ..request(folder.path(), input, out) };
    let (all, cut) = (named("all.csv", "a.csv"), named("before.csv", "b.csv"));
    value_clients(&all, &Silent).expect("valued");
    value_clients(&cut, &Silent).expect("valued");
    assert_eq!(fs::read_to_string(all.out).expect("read"), fs::read_to_string(cut.out).expect("read"));
}
