//! The method of bench/README.md: hot rounds over the same requests, or cold passes over 20,000; what the clock costs is taken off.

use crate::workload::{Answer, Workload};
use serde_json::json;
use std::hint::black_box;
use std::time::Instant;

const ENGINE: &str = "cedar-rust";
const VERSION: &str = "4.12.0";
const HOT_SECONDS: f64 = 1.0;
const MOST_SECONDS: f64 = 5.0;

pub enum Mode {
    Prepared,
    Strings,
    StringsChecked,
    Json,
    JsonSlice,
}

impl Mode {
    fn name(&self) -> &'static str {
        match self {
            Mode::Prepared => "prepared",
            Mode::Strings => "strings",
            Mode::StringsChecked => "strings-checked",
            Mode::Json => "json",
            Mode::JsonSlice => "json-slice",
        }
    }
}

pub struct Sink<'a> {
    pub workload: &'a Workload,
    pub file: &'a str,
    pub expected: &'a [Answer],
}

/// What two looks at the clock cost.
fn clock_ns() -> f64 {
    let mut samples: Vec<f64> = (0..10001).map(|_| nanoseconds(|| ())).collect();
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

fn nanoseconds<T>(call: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    let result = call();
    let time = start.elapsed().as_nanos() as f64;
    black_box(result);
    time
}

fn flush_caches(junk: &mut [u64]) {
    junk.iter_mut().for_each(|word| *word = word.wrapping_add(1));
    black_box(junk);
}

impl Sink<'_> {
    /// The first round is compared with what is expected; it counts only where one round takes too long for a second.
    pub fn measure<T>(&mut self, mode: Mode, call: impl Fn(usize) -> T, read: impl Fn(&T) -> Answer) {
        if std::env::var("REMIT_BENCH_MODES").is_ok_and(|modes| !modes.split(',').any(|m| m == mode.name())) {
            return;
        }
        let (count, cold) = (self.expected.len(), self.file == "candidates");
        let mut junk = vec![0u64; if cold { 8 << 20 } else { 0 }];
        let (mut samples, mut mismatches, mut allowed, start) = (Vec::new(), 0, 0, Instant::now());
        for i in 0..count {
            let begin = Instant::now();
            let result = call(i);
            samples.push(begin.elapsed().as_nanos() as f64);
            let answer = read(&result);
            mismatches += usize::from(answer != self.expected[i]);
            allowed += usize::from(answer.allow);
            if start.elapsed().as_secs_f64() > MOST_SECONDS {
                break;
            }
        }
        let checked = samples.len();
        let mut rounds = 1;
        if start.elapsed().as_secs_f64() < MOST_SECONDS / 2.0 {
            (rounds, samples) = (0, Vec::new());
            let start = Instant::now();
            while rounds < 3 || (!cold && start.elapsed().as_secs_f64() < HOT_SECONDS) {
                flush_caches(&mut junk);
                samples.extend((0..count).map(|i| nanoseconds(|| call(i))));
                rounds += 1;
                if start.elapsed().as_secs_f64() > MOST_SECONDS {
                    break;
                }
            }
        }
        let clock = clock_ns();
        samples.iter_mut().for_each(|s| *s = (*s - clock).max(0.0));
        samples.sort_by(f64::total_cmp);
        let at = |part: f64| samples[((samples.len() - 1) as f64 * part) as usize];
        println!(
            "{}",
            json!({"engine": ENGINE, "version": VERSION, "mode": mode.name(), "workload": self.workload.app, "n": self.workload.n,
                   "requests": self.file, "rounds": rounds, "decisions": samples.len(), "median_ns": at(0.5), "p99_ns": at(0.99),
                   "mean_ns": samples.iter().sum::<f64>() / samples.len() as f64, "checked": checked, "allowed": allowed,
                   "mismatches": mismatches})
        );
    }
}

pub fn figure(workload: &Workload, measure: &str, value: f64, unit: &str) {
    println!(
        "{}",
        json!({"engine": ENGINE, "version": VERSION, "measure": measure, "workload": workload.app, "n": workload.n, "value": value, "unit": unit})
    );
}

pub fn once<T>(call: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = call();
    (result, start.elapsed().as_secs_f64())
}

pub fn best_of<T>(times: usize, call: impl Fn() -> T) -> (T, f64) {
    (0..times).map(|_| once(&call)).min_by(|a, b| a.1.total_cmp(&b.1)).unwrap()
}

#[repr(C)]
struct Mallinfo2 {
    arena: usize,
    ordblks: usize,
    smblks: usize,
    hblks: usize,
    hblkhd: usize,
    usmblks: usize,
    fsmblks: usize,
    uordblks: usize,
    fordblks: usize,
    keepcost: usize,
}

extern "C" {
    fn mallinfo2() -> Mallinfo2; // of glibc, which Rust's allocator is here
}

/// Bytes that are allocated.
pub fn live_bytes() -> f64 {
    let info = unsafe { mallinfo2() };
    (info.uordblks + info.hblkhd) as f64
}
