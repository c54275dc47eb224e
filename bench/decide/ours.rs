//! How fast and how well a round is decided: `bench-decide [--out docs/quality/decide.md]` measures every size in a process
//! of its own, so that peak memory is that size's, and writes the page; `bench-decide one SUBJECTS POOLS SEED` measures one
//! and prints JSON. Rounds are drawn: risks, values and reasons of subjects, four actions, and three things that they share.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use decide::{Case, Estimates, Means, Policy, Pools, Resource, round};
use domain::{Action, ActionId, Band, Bands, Family, Money, Need, Probability};

/// Cases of one look at time and memory.
const LARGE: [usize; 4] = [100_000, 300_000, 1_000_000, 3_000_000];
/// Sizes of academies whose gaps are looked at, and how many are drawn of each.
const SMALL: [(usize, u64); 4] = [(150, 40), (500, 40), (5_000, 20), (100_000, 5)];
/// Mentors with time of their own.
const MENTORS: [u32; 2] = [1, 12];
static FAMILIES: [Family; 4] =
    [Family::named("attendance"), Family::named("homework"), Family::named("payment"), Family::named("tests")];

/// What came of one round.
struct Measured {
    seconds: f64,
    processor_seconds: f64,
    peak_mib: u64,
    gap: f64,
    over_risk: f64,
    acted: usize,
    is_within: bool,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["one", subjects, mentors, seed] => {
            let of = one(subjects.parse()?, mentors.parse()?, seed.parse()?)?;
            println!(
                "{} {} {} {} {} {} {}",
                of.seconds, of.processor_seconds, of.peak_mib, of.gap, of.over_risk, of.acted, of.is_within
            );
            Ok(())
        }
        [] => page(Path::new("docs/quality/decide.md")),
        ["--out", out] => page(Path::new(out)),
        _ => bail!("usage: bench-decide [--out FILE] | one SUBJECTS MENTORS SEED"),
    }
}

/// Draws a round and decides it.
fn one(subjects: usize, mentors: u32, seed: u64) -> Result<Measured> {
    let mut draw = Draw(seed);
    let bands = Bands::new(0.15, 0.40).context("bands")?;
    let cases: Vec<Case> = (0..subjects)
        .map(|_| {
            // Most are at little risk, as in the simulated academy.
            let risk = Probability::clamped(draw.unit().powi(3));
            let band = bands.band(risk);
            let families = vec![FAMILIES[draw.below(4)].clone()];
            let value = Money::from_major(300.0 + 1_500.0 * draw.unit());
            Case { risk, band, families, value, has_cause: band != Band::Low }
        })
        .collect();
    let action = |id: &str, cost: f64, chance: f64, need: Need| Action {
        id: ActionId(id.to_owned()),
        cost: Money::from_major(cost),
        capacity: None,
        need,
        prior_chance: Probability::clamped(chance),
        prior_cases: 20.0,
    };
    let payment = Need::Reason(vec![FAMILIES[2].clone()]);
    let policy = Policy::new(
        vec![
            action("mentor_call", 15.0, 0.65, Need::None),
            action("whatsapp", 1.0, 0.30, Need::None),
            action("payment_reminder", 2.0, 0.40, payment),
            action("meeting", 40.0, 0.70, Need::None),
        ],
        Probability::clamped(0.10),
    )?;
    let estimates = Estimates::from_log(policy, &[]);
    let all = u64::try_from(subjects)?;
    let pools = (mentors > 1).then(|| Pools {
        names: (0..mentors).map(|mentor| format!("mentor {mentor}")).collect(),
        of: (0..subjects).map(|_| u32::try_from(draw.below(mentors as usize)).ok()).collect(),
    });
    let minutes = all * 2 / u64::from(mentors);
    let resource = |name: &str, uses: [u64; 4], capacity: u64, pools: Option<Pools>| Resource {
        name: name.to_owned(),
        uses: uses.to_vec(),
        capacity,
        pools,
        step: 60,
    };
    let means = Means {
        resources: vec![
            resource("mentor_minutes", [30, 0, 0, 60], minutes, pools),
            resource("messages", [0, 1, 1, 0], all / 10, None),
        ],
        budget: Some(Money::from_major(1.2 * f64::from(u32::try_from(subjects)?))),
        barred: Vec::new(),
    };
    let (begun, busy) = (Instant::now(), processor_seconds()?);
    let decided = round(&estimates, &cases, &means)?;
    let (seconds, processor_seconds) = (begun.elapsed().as_secs_f64(), processor_seconds()? - busy);

    let acted = || decided.chosen.iter().enumerate().filter(|(_, action)| **action != decide::knapsack::NOTHING);
    let mut is_within = true;
    for resource in &means.resources {
        let mut taken = vec![0; resource.pools.as_ref().map_or(1, |pools| pools.names.len())];
        for (case, action) in acted() {
            let pool = resource.pools.as_ref().and_then(|pools| pools.of[case]).unwrap_or_default();
            taken[pool as usize] += resource.uses[usize::from(*action)];
        }
        is_within &= taken.iter().all(|&taken| taken <= resource.capacity);
    }
    let actions = estimates.policy().actions();
    let spent: Money = acted().map(|(_, action)| actions[usize::from(*action)].cost).sum();
    is_within &= means.budget.is_none_or(|budget| spent <= budget);
    let over_risk = (decided.worth - decided.by_risk).major() / decided.worth.major().max(0.01);
    let acted = acted().count();
    Ok(Measured { seconds, processor_seconds, peak_mib: peak_mib()?, gap: decided.gap(), over_risk, acted, is_within })
}

/// One round in a process of its own.
fn apart(subjects: usize, mentors: u32, seed: u64) -> Result<Measured> {
    let arguments = ["one".to_owned(), subjects.to_string(), mentors.to_string(), seed.to_string()];
    let output = Command::new(std::env::current_exe()?).args(arguments).output()?;
    if !output.status.success() {
        bail!("{subjects} subjects: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8(output.stdout)?;
    let mut words = text.split_whitespace();
    let mut next = || words.next().context("seven values");
    Ok(Measured {
        seconds: next()?.parse()?,
        processor_seconds: next()?.parse()?,
        peak_mib: next()?.parse()?,
        gap: next()?.parse()?,
        over_risk: next()?.parse()?,
        acted: next()?.parse()?,
        is_within: next()?.parse()?,
    })
}

fn page(out: &Path) -> Result<()> {
    let mut page = String::from(HEAD);
    for mentors in MENTORS {
        for subjects in LARGE {
            let of = apart(subjects, mentors, 1)?;
            writeln!(
                page,
                "| {} | {mentors} | {:.2} | {:.2} | {} | {} | {:.4} % |",
                grouped(subjects),
                of.seconds,
                of.processor_seconds,
                of.peak_mib,
                grouped(of.acted),
                100.0 * of.gap
            )?;
        }
    }
    page.push_str(GAPS);
    for mentors in MENTORS {
        for (subjects, rounds) in SMALL {
            let all: Vec<Measured> = (1..=rounds).map(|seed| apart(subjects, mentors, seed)).collect::<Result<_>>()?;
            let mean = |of: fn(&Measured) -> f64| all.iter().map(of).sum::<f64>() / all.len() as f64;
            writeln!(
                page,
                "| {} | {mentors} | {rounds} | {:.3} % | {:.3} % | {} | {} | {:.1} % | {:.3} |",
                grouped(subjects),
                100.0 * mean(|of| of.gap),
                100.0 * all.iter().map(|of| of.gap).fold(0.0, f64::max),
                all.iter().filter(|of| of.gap == 0.0).count(),
                all.iter().filter(|of| !of.is_within).count(),
                100.0 * mean(|of| of.over_risk),
                mean(|of| of.processor_seconds),
            )?;
        }
    }
    std::fs::write(out, page).with_context(|| format!("writing {}", out.display()))?;
    println!("{}", out.display());
    Ok(())
}

const HEAD: &str = "# Deciding rounds: speed, memory, and what is missed

Rounds are drawn (`bench/decide/ours.rs`): risks, values and reasons of subjects, four actions, and three things they share:
minutes of mentors (of all together, or of each of twelve), messages, and money. Everything on this page:

```sh
cargo build --release --locked -p service -p bench
target/release/bench-decide
```

- Seconds are of `decide::round`, from cases in memory to everyone's action, the bound, what risk alone would bring and the
  prices of what is scarce, on the threads of the machine; processor seconds are what these threads worked. The machine (2
  processors) was busy with much other work, so that processor seconds say more than seconds.
- Peak memory is of the whole process, the drawn cases among it.
- The gap is how much more than ours the best choice could be worth at most, by the dual's bound.

## Time and memory

| subjects | mentors | seconds | processor seconds | peak MiB | get an action | gap |
|--:|--:|--:|--:|--:|--:|--:|
";

const GAPS: &str = "
## What is missed, and what risk alone misses

\"Over capacity\" counts rounds in which anything was overdrawn. The last but one column is how much of what our choice is
worth is lost by going by risk: the riskiest first, each with the action worth most to them of what is left.

| subjects | mentors | rounds | mean gap | largest gap | proven best | over capacity | lost by risk | processor seconds |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

/// `1,000,000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What all threads of this process have worked, user and system time, in steps of a hundredth.
fn processor_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name in brackets may hold spaces; times are the 14th and 15th fields, in ticks of 1/100 second.
    let fields = stat.rsplit_once(')').context("no name")?.1;
    let ticks: Vec<f64> = fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

fn peak_mib() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}

/// Splitmix64 (Steele, Lea and Flood 2014): the same rounds everywhere.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }
}
