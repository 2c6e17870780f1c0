//! Cedar's own crate on one folder of the workloads: one JSON object a line, as bench/peers/README.md describes.
//!
//! usage: remit-bench-cedar decide|load|expect FOLDER
//!
//! Everything is loaded beforehand and only the call is timed. Cedar is asked in the cheapest way its API allows: type names and actions
//! are parsed once by the caller, and no schema checks the request unless the mode says so.

mod measure;
mod workload;

use cedar_policy::*;
use measure::{Mode, Sink};
use std::str::FromStr;
use workload::{Answer, RequestText, Workload};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let workload = Workload::read(&arguments[2]);
    match arguments[1].as_str() {
        "decide" => decide(&workload),
        "load" => load(&workload),
        "expect" => expect(&workload),
        other => panic!("no verb {other}"),
    }
}

fn answer(response: &Response) -> Answer {
    let mut reason: Vec<String> = response.diagnostics().reason().map(|id| id.to_string()).collect();
    reason.sort();
    Answer { allow: response.decision() == Decision::Allow, reason, errors: response.diagnostics().errors().count() }
}

fn decide(workload: &Workload) {
    let (schema, policies) = (workload.schema(), workload.policies());
    let entities = Entities::from_json_str(&workload.entities, Some(&schema)).unwrap();
    let authorizer = Authorizer::new();
    let names = workload::Names::new();
    for file in ["requests", "requests_mix", "candidates"] {
        let Some(requests) = workload.requests(file) else { continue };
        let expected = workload.expected(file);
        let mut sink = Sink { workload, file, expected: &expected };

        let prepared: Vec<Request> = requests.iter().map(|r| names.request(r, None)).collect();
        sink.measure(Mode::Prepared, |i| authorizer.is_authorized(&prepared[i], &policies, &entities), answer);

        sink.measure(Mode::Strings, |i| authorizer.is_authorized(&names.request(&requests[i], None), &policies, &entities), answer);
        sink.measure(
            Mode::StringsChecked,
            |i| authorizer.is_authorized(&names.request(&requests[i], Some(&schema)), &policies, &entities),
            answer,
        );

        let texts: Vec<String> = requests.iter().map(|r| r.value.to_string()).collect();
        let from_json = |text: &str| -> Response {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            authorizer.is_authorized(&workload::request_of_json(&value, None), &policies, &entities)
        };
        sink.measure(Mode::Json, |i| from_json(&texts[i]), answer);
    }
    decide_slices(workload, &schema, &policies, &authorizer);
}

/// Each request brings the entities that concern it, as text.
fn decide_slices(workload: &Workload, schema: &Schema, policies: &PolicySet, authorizer: &Authorizer) {
    let Some(texts) = workload.slices() else { return };
    let expected = workload.expected("requests");
    let mut sink = Sink { workload, file: "requests", expected: &expected };
    let from_json = |text: &str| -> Response {
        let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
        let entities = Entities::from_json_value(value["entities"].take(), Some(schema)).unwrap();
        authorizer.is_authorized(&workload::request_of_json(&value, None), policies, &entities)
    };
    sink.measure(Mode::JsonSlice, |i| from_json(&texts[i][..]), answer);
    if expected.len() != texts.len() {
        panic!("slices.json and requests.json differ in length");
    }
}

/// What loading costs: time for entities, policies and validation, resident memory for what is kept.
fn load(workload: &Workload) {
    let schema = workload.schema();
    let report = |measure: &str, value: f64, unit: &str| measure::figure(workload, measure, value, unit);
    let before = measure::live_bytes();
    let (entities, seconds) = measure::once(|| Entities::from_json_str(&workload.entities, Some(&schema)).unwrap());
    let count = entities.iter().count() as f64;
    report("entities-load", workload.entities.len() as f64 / 1e6 / seconds, "MB/s");
    report("entity-memory", (measure::live_bytes() - before) / count, "bytes/entity");

    let before = measure::live_bytes();
    let (policies, seconds) = measure::once(|| workload.policies());
    let kept = policies.policies().count() as f64;
    report("policies-load", seconds * 1e9 / kept, "ns/policy");
    report("policy-memory", (measure::live_bytes() - before) / kept, "bytes/policy");
    report("policies", kept, "policies");

    let Some(linked) = workload.linked_text() else { return };
    let (parsed, seconds) = measure::best_of(3, || PolicySet::from_str(&linked).unwrap());
    report("policy-parse", seconds * 1e9 / parsed.policies().count() as f64, "ns/policy");
    let validator = Validator::new(schema);
    let (result, seconds) = measure::best_of(3, || validator.validate(&parsed, ValidationMode::Strict));
    assert!(result.validation_passed());
    report("policy-validate", seconds * 1e9 / parsed.policies().count() as f64, "ns/policy");

    let first = &workload.requests("requests").unwrap()[0];
    let (_, seconds) = measure::once(|| {
        let policies = PolicySet::from_str(&linked).unwrap();
        assert!(validator.validate(&policies, ValidationMode::Strict).validation_passed());
        Authorizer::new().is_authorized(&workload::Names::new().request(first, None), &policies, &entities)
    });
    report("text-to-first-decision", seconds * 1e3, "ms");
}

/// Cedar's answers to the candidates, which the other engines are then held to.
fn expect(workload: &Workload) {
    let policies = workload.policies();
    let entities = Entities::from_json_str(&workload.entities, Some(&workload.schema())).unwrap();
    let names = workload::Names::new();
    let requests: Vec<RequestText> = workload.requests("candidates").unwrap();
    let answers = requests.iter().map(|r| answer(&Authorizer::new().is_authorized(&names.request(r, None), &policies, &entities)));
    workload.write_expected("candidates", &answers.collect::<Vec<_>>());
}
