//! The files of one workload folder, and requests made of them.

use cedar_policy::*;
use serde_json::{json, Value};
use std::collections::HashMap;
use std::path::PathBuf;
use std::str::FromStr;

#[derive(PartialEq)]
pub struct Answer {
    pub allow: bool,
    pub reason: Vec<String>,
    pub errors: usize,
}

/// A request as the caller has it: ids as strings.
pub struct RequestText {
    pub value: Value,
    pub principal: (String, String),
    pub action: (String, String),
    pub resource: (String, String),
}

pub struct Workload {
    pub folder: PathBuf,
    pub app: String,
    pub n: u64,
    pub entities: String,
}

fn pair(value: &Value) -> (String, String) {
    (value["type"].as_str().unwrap().into(), value["id"].as_str().unwrap().into())
}

impl Workload {
    pub fn read(folder: &str) -> Self {
        let folder = PathBuf::from(folder);
        let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
        Self {
            app: name(folder.parent().unwrap()),
            n: name(&folder)[1..].parse().unwrap(),
            entities: std::fs::read_to_string(folder.join("entities.json")).unwrap(),
            folder,
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.folder.join(name)).ok()
    }

    fn list(&self, name: &str) -> Option<Vec<Value>> {
        self.text(name).map(|text| serde_json::from_str(&text).unwrap())
    }

    pub fn schema(&self) -> Schema {
        Schema::from_cedarschema_str(&self.text("schema.cedarschema").unwrap()).unwrap().0
    }

    /// The policies under their `@id`, templates linked.
    pub fn policies(&self) -> PolicySet {
        let parsed = PolicySet::from_str(&self.text("policies.cedar").unwrap()).unwrap();
        let mut policies = PolicySet::new();
        for policy in parsed.policies() {
            policies.add(policy.new_id(PolicyId::new(policy.annotation("id").unwrap()))).unwrap();
        }
        for template in parsed.templates() {
            policies.add_template(template.new_id(PolicyId::new(template.annotation("id").unwrap()))).unwrap();
        }
        for link in self.list("links.json").unwrap_or_default() {
            let id = |name: &str| PolicyId::new(link[name].as_str().unwrap());
            let slots = [(SlotId::principal(), &link["principal"]), (SlotId::resource(), &link["resource"])];
            let values: HashMap<_, _> = slots.into_iter().map(|(slot, value)| (slot, EntityUid::from_json(value.clone()).unwrap())).collect();
            policies.link(id("template"), id("id"), values).unwrap();
        }
        policies
    }

    /// The same as text, each link written out as a policy; none where links exist only as links.
    pub fn linked_text(&self) -> Option<String> {
        let unlinked = || if self.text("links.json").is_some() { None } else { self.text("policies.cedar") };
        self.text("policies_linked.cedar").or_else(unlinked)
    }

    pub fn requests(&self, file: &str) -> Option<Vec<RequestText>> {
        let read = |value: Value| RequestText {
            principal: pair(&value["principal"]),
            action: pair(&value["action"]),
            resource: pair(&value["resource"]),
            value,
        };
        Some(self.list(&format!("{file}.json"))?.into_iter().map(read).collect())
    }

    pub fn slices(&self) -> Option<Vec<String>> {
        Some(self.list("slices.json")?.iter().map(Value::to_string).collect())
    }

    fn expected_name(file: &str) -> String {
        format!("expected{}.json", file.strip_prefix("requests").map_or(format!("_{file}"), String::from))
    }

    pub fn expected(&self, file: &str) -> Vec<Answer> {
        let read = |value: &Value| {
            let mut reason: Vec<String> = value["reason"].as_array().unwrap().iter().map(|r| r.as_str().unwrap().into()).collect();
            reason.sort();
            Answer { allow: value["decision"] == "allow", reason, errors: value["errors"].as_array().unwrap().len() }
        };
        self.list(&Self::expected_name(file)).unwrap().iter().map(read).collect()
    }

    pub fn write_expected(&self, file: &str, answers: &[Answer]) {
        assert!(answers.iter().all(|a| a.errors == 0), "these workloads have no errors");
        let line = |a: &Answer| json!({"decision": if a.allow { "allow" } else { "deny" }, "reason": a.reason, "errors": []}).to_string();
        let text: Vec<String> = answers.iter().map(line).collect();
        std::fs::write(self.folder.join(Self::expected_name(file)), format!("[\n{}\n]\n", text.join(",\n"))).unwrap();
    }
}

/// Type names that the caller has parsed once.
pub struct Names(HashMap<&'static str, EntityTypeName>);

impl Names {
    pub fn new() -> Self {
        let all = ["Action", "Application", "Document", "Folder", "List", "Repository", "User"];
        Self(all.into_iter().map(|name| (name, EntityTypeName::from_str(name).unwrap())).collect())
    }

    fn uid(&self, (kind, id): &(String, String)) -> EntityUid {
        EntityUid::from_type_name_and_id(self.0[&kind[..]].clone(), EntityId::new(id))
    }

    pub fn request(&self, text: &RequestText, schema: Option<&Schema>) -> Request {
        let (principal, action, resource) = (self.uid(&text.principal), self.uid(&text.action), self.uid(&text.resource));
        Request::new(principal, action, resource, Context::empty(), schema).unwrap()
    }
}

pub fn request_of_json(value: &Value, schema: Option<&Schema>) -> Request {
    let uid = |name: &str| EntityUid::from_json(value[name].clone()).unwrap();
    let context = Context::from_json_value(value["context"].clone(), None).unwrap();
    Request::new(uid("principal"), uid("action"), uid("resource"), context, schema).unwrap()
}
