//! The page.

use std::fmt::Write as _;

use crate::study::{Coverage, Measured, ROUNDS};
use crate::{Options, Size};

const ACTIONS: [&str; 5] = ["mentor call", "WhatsApp", "payment reminder", "extra lesson", "meeting"];

const HEAD: &str = "# Decisions and chances on simulated rounds

How much is lost against who knows everything, and how often does a 90% interval hold the truth? Rounds of an academy are
simulated (`crates/worlds/src/campaign.rs`) with seeds that nothing was tuned on.

```sh
cargo build --release --workspace --bin bench-decisions
target/release/bench-decisions --worlds 5000:20,150:60,500:20,100000:1
```

The last command writes this page. In every world experts are wrong, all together and each alone; some actions drive some
subjects away; scores are calibrated and miss part of the risk; staff chose whom they acted on by seeing some of what scores
miss, but for a part that was drawn by chance. All ways to choose have the same places, the same money and the same
subjects, those at medium and high risk.

- The **oracle** knows each subject's own risk and what each action would do to it: nobody can do better or know as much.
- **What can be seen** knows the true effect of each action on each family and band, and of a subject the score: the best
  that decisions by score, family and band can come to.
- **By risk** gives the riskiest the action that the expert thinks best. **Always call** calls the riskiest.
- Lost is what is lost of the oracle's worth; \u{b1} is the standard error over worlds.
";

pub(crate) fn write(measured: &[(Size, Vec<Measured>)], options: &Options) -> String {
    let mut page = HEAD.to_owned();
    let said = "writing to a string does not fail";
    writeln!(
        page,
        "\nSeeds are {} and on, for each size; {:.0}% of the past was drawn by chance.\n\n## Lost against the oracle\n",
        options.first_seed,
        100.0 * options.drawn_share
    )
    .expect(said);
    let rounds: Vec<String> = ROUNDS.iter().map(|rounds| format!("ours after {rounds}")).collect();
    writeln!(
        page,
        "| subjects | worlds | {} | what can be seen | by risk | always call | random |",
        rounds.join(" | ")
    )
    .expect(said);
    writeln!(page, "|---:|---:|{}---:|---:|---:|---:|", "---:|".repeat(ROUNDS.len())).expect(said);
    for (size, worlds) in measured {
        let lost = |value: &dyn Fn(&Measured) -> f64| {
            let shares: Vec<f64> = worlds.iter().map(|world| 100.0 * (1.0 - value(world) / world.oracle)).collect();
            let (mean, error) = mean_and_error(&shares);
            format!("{mean:.1}% \u{b1} {error:.1}")
        };
        let ours: Vec<String> = (0..ROUNDS.len()).map(|k| lost(&|world| world.after[k].value)).collect();
        writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} |",
            size.subjects,
            size.worlds,
            ours.join(" | "),
            lost(&|world| world.seen),
            lost(&|world| world.by_risk),
            lost(&|world| world.always_call),
            lost(&|world| world.random),
        )
        .expect(said);
    }
    writeln!(page, "\nThe same in money, for 100 subjects in a round:\n").expect(said);
    writeln!(
        page,
        "| subjects | oracle's worth | {} | what can be seen | by risk | always call | random |",
        rounds.join(" | ")
    )
    .expect(said);
    writeln!(page, "|---:|---:|{}---:|---:|---:|---:|", "---:|".repeat(ROUNDS.len())).expect(said);
    for (size, worlds) in measured {
        let mean = |value: &dyn Fn(&Measured) -> f64| {
            let sum: f64 = worlds.iter().map(value).sum();
            format!("{:.0}", 100.0 * sum / worlds.len() as f64 / f64::from(size.subjects))
        };
        let ours: Vec<String> = (0..ROUNDS.len()).map(|k| mean(&|world| world.oracle - world.after[k].value)).collect();
        writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} |",
            size.subjects,
            mean(&|world| world.oracle),
            ours.join(" | "),
            mean(&|world| world.oracle - world.seen),
            mean(&|world| world.oracle - world.by_risk),
            mean(&|world| world.oracle - world.always_call),
            mean(&|world| world.oracle - world.random),
        )
        .expect(said);
    }
    page += "\nNo choice took more of any action than there are places, or cost more than there is; the run stops where one does.\n";
    coverage(&mut page, measured);
    page
}

fn coverage(page: &mut String, measured: &[(Size, Vec<Measured>)]) {
    let said = "writing to a string does not fail";
    *page += "
## Chances

Over subjects at medium and high risk and the actions that fit them: how often the 90% interval of the chance to stay holds
the true chance of those who look alike, by score, family and band. That is what an interval here speaks of. \"Own\" is how
often it happens to hold the subject's own chance, which depends on what nobody sees; it is not meant to. Too high is the mean
of what was said less the truth, in percentage points.

| subjects | after rounds | cases | drawn | fitted in, s | covered | truth below | truth above | too high | width | own |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
";
    for (size, worlds) in measured {
        for (k, rounds) in ROUNDS.iter().enumerate() {
            let all = worlds.iter().flat_map(|world| &world.after[k].coverage);
            let sums = all.fold(Coverage::default(), add);
            let mean = |of: &dyn Fn(&Measured) -> f64| worlds.iter().map(of).sum::<f64>() / worlds.len() as f64;
            let share = |part: f64| 100.0 * part / sums.subjects;
            writeln!(
                page,
                "| {} | {rounds} | {:.0} | {:.0} | {:.3} | {:.1}% | {:.1}% | {:.1}% | {:+.1} | {:.1} | {:.0}% |",
                size.subjects,
                mean(&|world| world.after[k].cases as f64),
                mean(&|world| world.after[k].drawn as f64),
                mean(&|world| world.after[k].seconds),
                share(sums.inside),
                share(sums.below),
                share(sums.above),
                share(sums.error),
                share(sums.width),
                share(sums.own_inside),
            )
            .expect(said);
        }
    }
    *page += "\nCovered, by action:\n\n";
    writeln!(page, "| subjects | after rounds | {} |", ACTIONS.join(" | ")).expect(said);
    writeln!(page, "|---:|---:|{}", "---:|".repeat(ACTIONS.len())).expect(said);
    for (size, worlds) in measured {
        for (k, rounds) in ROUNDS.iter().enumerate() {
            let of_action = |action: usize| {
                let sums = worlds.iter().map(|world| &world.after[k].coverage[action]).fold(Coverage::default(), add);
                format!("{:.1}%", 100.0 * sums.inside / sums.subjects)
            };
            let cells: Vec<String> = (0..ACTIONS.len()).map(of_action).collect();
            writeln!(page, "| {} | {rounds} | {} |", size.subjects, cells.join(" | ")).expect(said);
        }
    }
}

fn add(sum: Coverage, more: &Coverage) -> Coverage {
    Coverage {
        subjects: sum.subjects + more.subjects,
        inside: sum.inside + more.inside,
        below: sum.below + more.below,
        above: sum.above + more.above,
        own_inside: sum.own_inside + more.own_inside,
        error: sum.error + more.error,
        width: sum.width + more.width,
    }
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let many = values.len() as f64;
    let mean = values.iter().sum::<f64>() / many;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (many - 1.0).max(1.0);
    (mean, (variance / many).sqrt())
}
