//! `simulator`: replays one seed, or lives through as many as asked for.

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use simulator::faults::Fault;
use simulator::figures::Figures;
use simulator::{Outcome, survive};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Lives through simulated hospitals and checks the promises of the journal. Exits 1 when one is broken.
#[derive(Parser)]
struct Arguments {
    /// Replays this one seed.
    #[arg(long, conflicts_with_all = ["seeds", "from", "threads"])]
    seed: Option<u64>,
    /// With `--seed`: tells every step.
    #[arg(long, requires = "seed")]
    verbose: bool,
    /// How many seeds to live through.
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    threads: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.seed {
        Some(seed) => one(seed, arguments.verbose),
        None => many(&arguments),
    }
}

fn one(seed: u64, verbose: bool) -> ExitCode {
    let mut tell = |what: String| println!("{what}");
    let outcome = survive(seed, Fault::None, if verbose { Some(&mut tell) } else { None });
    match outcome {
        Ok(figures) => {
            println!("seed {seed}: every promise kept");
            print(figures);
            ExitCode::SUCCESS
        }
        Err(failure) => {
            println!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn many(arguments: &Arguments) -> ExitCode {
    let bar = ProgressBar::new(arguments.seeds);
    let style = "{bar:40} {human_pos}/{human_len} seeds, {per_sec}, {eta} left";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let started = Instant::now();
    let end = arguments.from.saturating_add(arguments.seeds);
    let next = AtomicU64::new(arguments.from);
    let sum = Mutex::new((Figures::default(), 0u64));
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return;
        }
        let outcome: Outcome = survive(seed, Fault::None, None);
        if let Ok(mut sum) = sum.lock() {
            match outcome {
                Ok(figures) => sum.0.add(figures),
                Err(failure) => {
                    sum.1 += 1;
                    bar.suspend(|| println!("{failure}"));
                }
            }
        }
        bar.inc(1);
    };
    std::thread::scope(|scope| (0..arguments.threads.max(1)).for_each(|_| drop(scope.spawn(work))));
    bar.finish_and_clear();
    let (figures, failures) = sum.into_inner().unwrap_or_default();
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{} seeds from {} in {seconds:.1} s ({:.0} a second): {failures} failed",
        arguments.seeds,
        arguments.from,
        arguments.seeds as f64 / seconds
    );
    print(figures);
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print(mut figures: Figures) {
    for (name, figure) in figures.named() {
        println!("{figure:>12} {name}");
    }
}
