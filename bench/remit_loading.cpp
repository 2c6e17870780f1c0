// What loading costs us: time for entities, policies and checking, memory for what is kept.
#include <malloc.h>

#include "bench/remit_engines.h"
#include "compiler/driver/check.h"
#include "runtime/engine/policies.h"

namespace remit::bench {
namespace {

auto LiveBytes() -> double {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

template <typename Call>
auto BestNanoseconds(int times, Call&& call) -> double {
  double best = 1e300;
  for (int i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    call();
    best = std::min(best, std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

// What a value holds: 16 bytes itself, and what it refers to.
auto DataBytes(const Value& value) -> double {
  double bytes = sizeof(Value);
  if (value.is(Kind::String)) bytes += static_cast<double>(value.length());
  if (value.is(Kind::Set)) {
    for (const Value& element : value.as_set()) bytes += DataBytes(element);
  }
  if (value.is(Kind::Record)) {
    for (const Field& field : value.as_record()) bytes += sizeof(Field) - sizeof(Value) + DataBytes(field.value);
  }
  return bytes;
}

// The entities' own data: the text of their ids, attributes and tags as values, parents as uids. The rest is what we add.
auto DataBytes(const EntityStore& entities, const Interner& interner) -> double {
  double bytes = 0;
  for (const Entity& entity : entities.entities()) {
    bytes += static_cast<double>(interner.text(entity.uid.id).size() + entity.parents.span().size_bytes());
    for (const RecordView record : {entity.attrs, entity.tags}) bytes += DataBytes(Value::OfSortedRecord(record)) - sizeof(Value);
  }
  return bytes;
}

}  // namespace

// Entities and policies again, beside those loaded.
void MeasureLoading(const Workload& workload, const LoadedWorkload& loaded) {
  const Label label{.name = "remit", .version = "dev", .mode = ""};
  const auto report = [&](const char* what, double value, const char* unit) { Figure(workload, label, what, value, unit); };
  const std::string json = workload.Text("entities.json");
  const double count = static_cast<double>(workload.Json("entities.json").size());
  {
    CompileJob job;
    const auto schema = LoadSchema(job, "schema", workload.Text("schema.cedarschema"));
    const double before = LiveBytes();
    std::optional<EntityStore> entities;
    const double time = BestNanoseconds(1, [&] { entities = LoadEntities(job, "entities", json, &*schema); });
    report("entities-load", static_cast<double>(json.size()) / time * 1e3, "MB/s");
    const double taken = LiveBytes() - before;
    report("entity-memory", taken / count, "bytes/entity");
    report("entity-overhead", (taken - DataBytes(*entities, job.interner)) / count, "bytes/entity");
  }
  const std::string linked = workload.Text(workload.Has("policies_linked.cedar") ? "policies_linked.cedar" : "policies.cedar");
  const auto policies = static_cast<double>(loaded.program->policies.size());
  report("policies", policies, "policies");
  {
    auto job = std::make_unique<CompileJob>();
    const auto schema = std::make_shared<const Schema>(*LoadSchema(*job, "schema", workload.Text("schema.cedarschema")));
    const double before = LiveBytes();
    for (auto& part : SplitLines(workload.Text("policies.cedar"), job->limits.max_source_bytes)) {
      LoadPolicies(*job, "policies", std::move(part), PolicyFormat::Text);
    }
    if (workload.Has("links.json")) LoadLinks(*job, "links", workload.Text("links.json"));
    const Policies kept(std::make_shared<const ir::Program>(*CompileProgram(*job, ast::IdConvention::Remit, schema.get())), schema);
    const Interner symbols = std::move(job->interner);
    job.reset();  // text and syntax trees
    report("policy-memory-without-ids", static_cast<double>(kept.footprint()) / policies, "bytes/policy");
    report("policy-memory", (LiveBytes() - before) / policies, "bytes/policy");
  }
  if (workload.Has("links.json") && !workload.Has("policies_linked.cedar")) return;  // the text lacks most policies
  const auto parts = SplitLines(linked, Limits{}.max_source_bytes);
  const auto load = [&](CompileJob& job) {
    for (const auto& part : parts) LoadPolicies(job, "policies", part, PolicyFormat::Text);
  };
  const double parse = BestNanoseconds(3, [&] {
    CompileJob job;
    load(job);
  });
  report("policy-parse", parse / policies, "ns/policy");
  CompileJob job;
  const auto schema = LoadSchema(job, "schema", workload.Text("schema.cedarschema"));
  load(job);
  report("policy-validate", BestNanoseconds(3, [&] { CheckPolicies(job, *schema, ast::IdConvention::Remit, {}); }) / policies, "ns/policy");
}

}  // namespace remit::bench
