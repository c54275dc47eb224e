//! Campaigns from files, to folders, to whom to contact.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use domain::Locale;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Applied, ApplyRequest, CampaignError, LearnRequest, Learned, apply, learn};
use crate::progress::Silent;

/// A client of a campaign: visits, city, what was done, what came of it.
struct Client {
    visits: f64,
    city: &'static str,
    action: &'static str,
    bought: bool,
    spent: f64,
}

/// The letter helps those of few visits by 30 points and harms the others by as much; the call helps everybody by 15.
fn clients(count: usize) -> Vec<Client> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    (0..count)
        .map(|_| {
            let visits = f64::from(rng.random_range(0..10_u32));
            let action = ["nothing", "letter", "call"][rng.random_range(0..3)];
            let effect = match action {
                "letter" if visits < 5.0 => 0.3,
                "letter" => -0.3,
                "call" => 0.15,
                _ => 0.0,
            };
            let bought = rng.random::<f64>() < 0.4 + effect;
            let city = ["Khujand", "Dushanbe"][rng.random_range(0..2)];
            Client { visits, city, action, bought, spent: if bought { rng.random_range(50.0..150.0) } else { 0.0 } }
        })
        .collect()
}

fn csv(clients: &[Client]) -> String {
    let mut text = "client;visits;city;action;bought;spent\n".to_owned();
    for (number, client) in clients.iter().enumerate() {
        let bought = if client.bought { "yes" } else { "no" };
        let Client { visits, city, action, spent, .. } = client;
        text += &format!("c{number};{visits};{city};{action};{bought};{spent:.2}\n");
    }
    text
}

fn learning(folder: &Path) -> LearnRequest {
    LearnRequest {
        input: folder.join("campaign.csv"),
        subject: "client".to_owned(),
        treatment: "action".to_owned(),
        control: "nothing".to_owned(),
        outcome: "bought".to_owned(),
        value: None,
        ignore: vec!["spent".to_owned()],
        keep: Vec::new(),
        out: folder.join("learned"),
        locale: Locale::En,
        made_on: None,
        seed: 1,
    }
}

fn applying(folder: &Path) -> ApplyRequest {
    ApplyRequest {
        model: folder.join("learned"),
        input: folder.join("campaign.csv"),
        subject: None,
        out: folder.join("contacts.csv"),
        costs: Vec::new(),
        value: None,
        all_actions: false,
    }
}

/// A folder with a campaign's file, and what was learned of it.
fn learned(count: usize, change: impl Fn(&mut LearnRequest)) -> (tempfile::TempDir, Learned) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("campaign.csv"), csv(&clients(count))).expect("written");
    let mut request = learning(folder.path());
    change(&mut request);
    let learned = learn(&request, &Silent).unwrap_or_else(|error| panic!("{error}"));
    (folder, learned)
}

/// Rows of a result by subject and action: effect, low, high, class.
fn rows(path: &Path) -> BTreeMap<(String, String), ([f64; 3], String)> {
    let text = fs::read_to_string(path).expect("read");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("subject,action,effect,effect_low,effect_high,class"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| cells[at].parse::<f64>().expect("a number");
        let effect = [number(2), number(3), number(4)];
        ((cells[0].to_owned(), cells[1].to_owned()), (effect, cells[5].to_owned()))
    };
    lines.map(row).collect()
}

#[test]
fn a_campaign_is_learned_and_says_whom_to_contact_with_what() {
    let (folder, learned) = learned(3000, |_| {});
    let effects: BTreeMap<&str, f64> = learned.actions.iter().map(|a| (a.action.as_str(), a.effect)).collect();
    assert!((effects["call"] - 0.15).abs() < 0.07 && effects["letter"].abs() < 0.07, "{effects:?}");
    assert!(learned.actions.iter().any(|action| action.action == "letter" && action.differs));
    assert_eq!(learned.columns, ["visits", "city"]);
    let place = |name: &str| folder.path().join("learned").join(name);
    for name in ["campaign.json", "effects.json", "report.json", "report.html", "segments.csv"] {
        assert!(place(name).is_file(), "{name}");
    }
    let page = fs::read_to_string(place("report.html")).expect("read");
    assert!(page.contains("call works") && page.trim_end().ends_with("</html>") && !page.contains("campaign-"));
    let segments = fs::read_to_string(place("segments.csv")).expect("read");
    assert!(segments.starts_with("segment,rule,share,base,action,effect,effect_low,effect_high\n"), "{segments}");
    assert!(segments.contains("visits"), "{segments}");

    let all = ApplyRequest { all_actions: true, out: folder.path().join("all.csv"), ..applying(folder.path()) };
    let applied = apply(&all, &Silent).unwrap_or_else(|error| panic!("{error}"));
    let told = rows(&all.out);
    assert_eq!((applied.rows, told.len()), (6000, 6000));
    let truth = clients(3000);
    let (mut right, mut letters) = (0, 0);
    for ((subject, action), (effect, class)) in &told {
        let client = &truth[subject[1..].parse::<usize>().expect("a number")];
        assert!(effect[1] <= effect[0] && effect[0] <= effect[2]);
        if action == "letter" {
            letters += 1;
            right += usize::from((client.visits < 5.0) == (effect[0] > 0.0));
            let is_harmed = class == "do_not_disturb";
            assert!(!is_harmed || client.visits >= 4.0, "{client_visits} {class}", client_visits = client.visits);
        }
    }
    assert!(right as f64 > 0.95 * f64::from(letters), "{right} of {letters}");

    // Those worth contacting only, each with the better action: letters go to those of few visits.
    let applied: Applied = apply(&applying(folder.path()), &Silent).unwrap_or_else(|error| panic!("{error}"));
    let contacts = rows(&folder.path().join("contacts.csv"));
    assert_eq!(applied.rows, contacts.len());
    assert_eq!(applied.contacts.values().sum::<usize>(), contacts.len());
    assert!(contacts.values().all(|(effect, class)| class == "persuadable" && effect[1] > 0.0));
    let letters: Vec<f64> = contacts
        .keys()
        .filter(|(_, action)| action == "letter")
        .map(|(subject, _)| truth[subject[1..].parse::<usize>().expect("a number")].visits)
        .collect();
    assert!(
        letters.len() > 1000
            && letters.iter().filter(|visits| **visits < 5.0).count() as f64 > 0.95 * letters.len() as f64
    );
}

#[test]
fn money_decides_where_it_is_known() {
    let (folder, _) = learned(2000, |request| {
        request.value = Some("spent".to_owned());
        request.ignore.clear();
    });
    let dear =
        ApplyRequest { costs: vec![("call".into(), 1000.0), ("letter".into(), 1000.0)], ..applying(folder.path()) };
    let applied = apply(&dear, &Silent).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((applied.rows, applied.expected_net), (0, Some(0.0)));
    let cheap = ApplyRequest { costs: vec![("call".into(), 0.5)], ..applying(folder.path()) };
    let applied = apply(&cheap, &Silent).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        applied.rows > 1000 && applied.expected_net.is_some_and(|net| net > 10_000.0),
        "{:?}",
        applied.expected_net
    );
    let wrong = ApplyRequest { costs: vec![("cal".into(), 1.0)], ..applying(folder.path()) };
    let said = apply(&wrong, &Silent).err().expect("refused").to_string();
    assert!(said.contains("no such action") && said.contains("did you mean \"call\"?"), "{said}");
    for wrong in [
        ApplyRequest { costs: vec![("call".into(), -1.0)], ..applying(folder.path()) },
        ApplyRequest { costs: vec![("call".into(), f64::NAN)], ..applying(folder.path()) },
        ApplyRequest { value: Some(0.0), ..applying(folder.path()) },
    ] {
        assert!(matches!(apply(&wrong, &Silent), Err(CampaignError::Number { .. })));
    }
}

#[test]
fn parquet_says_what_csv_says() {
    let (folder, _) = learned(1200, |_| {});
    let others = clients(200);
    let text =
        |of: &dyn Fn(usize) -> String| -> ArrayRef { Arc::new((0..200).map(|k| Some(of(k))).collect::<StringArray>()) };
    let columns: [(&str, ArrayRef); 3] = [
        ("city", text(&|k| others[k].city.to_owned())),
        ("client", text(&|k| format!("c{k}"))),
        ("visits", Arc::new(others.iter().map(|client| Some(client.visits)).collect::<Float64Array>())),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a table");
    let mut writer =
        ArrowWriter::try_new(File::create(folder.path().join("in.parquet")).expect("made"), batch.schema(), None)
            .expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
    fs::write(folder.path().join("in.csv"), csv(&others)).expect("written");
    let named = |input: &str, out: &str| ApplyRequest {
        input: folder.path().join(input),
        out: folder.path().join(out),
        all_actions: true,
        ..applying(folder.path())
    };
    let read = |request: &ApplyRequest| {
        apply(request, &Silent).unwrap_or_else(|error| panic!("{error}"));
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(File::open(&request.out).expect("opened")).expect("parquet");
        reader.build().expect("a reader").next().expect("a batch").expect("read")
    };
    let (text, binary) = (read(&named("in.csv", "a.parquet")), read(&named("in.parquet", "b.parquet")));
    assert_eq!((text.num_rows(), &text), (400, &binary));
}

#[test]
fn what_cannot_be_learned_is_refused_in_words_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = csv(&clients(300));
    let refused = |text: &str, change: &dyn Fn(&mut LearnRequest)| {
        fs::write(folder.path().join("campaign.csv"), text).expect("written");
        let mut request = learning(folder.path());
        change(&mut request);
        let said = learn(&request, &Silent).err().expect("it is refused").to_string();
        assert!(!request.out.exists(), "nothing is left behind");
        said
    };
    let as_is = |_: &mut LearnRequest| {};
    let said = refused(&sound, &|request| request.control = "none".to_owned());
    assert!(said.contains("no row says \"none\"") && said.contains("\"nothing\""), "{said}");
    let said = refused(&sound, &|request| request.treatment = "acton".to_owned());
    assert!(said.contains("did you mean --treatment action?"), "{said}");
    let said = refused(&sound, &|request| request.outcome = "action".to_owned());
    assert!(said.contains("--treatment and --outcome both name the column \"action\""), "{said}");
    let said = refused(&sound, &|request| request.treatment = "visits".to_owned());
    assert!(said.contains("no row says \"nothing\""), "{said}");
    assert!(refused(&sound.replace(";yes;", ";no;"), &as_is).contains("outcomes are 0"));
    let ten: String = sound.lines().take(11).map(|line| format!("{line}\n")).collect();
    assert!(refused(&ten, &as_is).contains("at least 30 are needed"));
    let one_arm = sound.replace(";letter;", ";nothing;").replace(";call;", ";nothing;");
    assert!(refused(&one_arm, &as_is).contains("at least one action"));
    // A column that says who was treated: nobody is left to compare with.
    let told: String = sound
        .lines()
        .enumerate()
        .map(|(row, line)| match row {
            0 => format!("{line};sent\n"),
            _ => format!("{line};{}\n", usize::from(!line.contains(";nothing;"))),
        })
        .collect();
    let said = refused(&told, &as_is);
    assert!(said.contains("can be foretold from the columns") && said.contains("sent"), "{said}");
    fs::create_dir(folder.path().join("learned")).expect("made");
    fs::write(folder.path().join("learned/mine.txt"), "mine").expect("written");
    let taken = learn(&learning(folder.path()), &Silent).err().expect("it is taken").to_string();
    assert!(taken.contains("holds something else"), "{taken}");
}

#[test]
fn a_file_that_lacks_columns_is_refused_and_doubtful_rows_are_told() {
    let (folder, learned) = learned(900, |request| request.ignore.clear());
    // The amount spent says who bought: a leak.
    let told: Vec<String> =
        learned.findings.iter().map(|f| format!("{}: {}; {}", f.place, f.message, f.advice)).collect();
    assert!(told.iter().any(|told| told.contains("column spent") && told.contains("--keep spent")), "{told:#?}");
    let input = folder.path().join("others.csv");
    fs::write(&input, "client,city\nx,Khujand\n").expect("written");
    let request = ApplyRequest { input: input.clone(), ..applying(folder.path()) };
    let said = apply(&request, &Silent).err().expect("refused").to_string();
    assert!(said.contains("1 of the model's columns are missing: \"visits\""), "{said}");
    fs::write(&input, "client,city,visits,spent\nx,Khujand,3,0\n,Khujand,3,0\nx,Khujand,many,0\n").expect("written");
    let applied = apply(&request, &Silent).unwrap_or_else(|error| panic!("{error}"));
    let told: Vec<String> = applied.findings.iter().map(|f| format!("{}: {}", f.place, f.message)).collect();
    assert_eq!(applied.subjects, 2);
    for expected in [
        "row 3, column client: nobody is named",
        "row 4, column visits: 'many' is not",
        "row 4, column client: it stands in an earlier row",
    ] {
        assert!(told.iter().any(|told| told.contains(expected)), "{expected}\n{told:#?}");
    }
    let nowhere = ApplyRequest { model: folder.path().join("nowhere"), ..applying(folder.path()) };
    assert!(apply(&nowhere, &Silent).err().expect("refused").to_string().contains("campaign learn"));
}
