#include "runtime/server/publisher.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/driver/check.h"
#include "compiler/driver/files.h"
#include "compiler/driver/load_bundle.h"
#include "compiler/schema/remit_namespace.h"
#include "compiler/schema/schema.h"
#include "compiler/schema/sensitive.h"
#include "runtime/approval/digest.h"
#include "runtime/bundle/bundle.h"
#include "runtime/server/json_text.h"
#include "runtime/server/log.h"

namespace remit::server {
namespace {

constexpr size_t kMostBuilt = 8;

// The diagnostics as an author reads them.
auto Mistakes(const CompileJob& job) -> std::unexpected<Error> {
  std::string message = "the policies have mistakes";
  for (const Diagnostic& diagnostic : job.sink.diagnostics()) message += "\n" + FormatDiagnostic(diagnostic, job.sources);
  return remit::Fail("policies-invalid", std::move(message));
}

auto ToTexts(const std::vector<SourceText>& sources) -> std::vector<SchemaText> {
  std::vector<SchemaText> texts;
  for (const auto& [name, text] : sources) texts.push_back({.name = name, .text = text});
  return texts;
}

auto LoadTexts(CompileJob& job, const PolicySources& sources) -> bool {
  for (const auto& [name, text] : sources.policies) LoadPolicies(job, name, text, GuessPolicyFormat(name, text));
  for (const auto& [name, text] : sources.links) LoadLinks(job, name, text);
  return !job.sink.has_errors();
}

auto CheckAndCompile(CompileJob& job, ast::IdConvention ids, const Schema* schema) -> std::optional<ir::Program> {
  if (schema != nullptr) CheckPolicies(job, *schema, ids, {.mode = check::Mode::Strict});
  if (job.sink.has_errors()) return std::nullopt;
  return CompileProgram(job, ids, schema);
}

auto FactsOf(CompileJob& job, const std::string& version, audit::Masker masker) -> std::shared_ptr<const PublishedFacts> {
  auto facts = std::make_shared<PublishedFacts>();
  facts->masker = std::move(masker);
  facts->version = version;
  if (const auto digest = approval::DigestFromHex(version)) {
    facts->version_bytes.assign(reinterpret_cast<const char*>(digest->bytes.data()), digest->bytes.size());
  }
  facts->sources = std::move(job.sources);
  return facts;
}

}  // namespace

auto DiagnosticsToJson(const CompileJob& job) -> std::string {
  std::string out = "[";
  for (const Diagnostic& diagnostic : job.sink.diagnostics()) {
    AppendComma(out);
    out += DiagnosticToJson(diagnostic, job.sources);
  }
  return out + "]";
}

// Apart from the engine and its names: whoever validates what will never be published leaves nothing behind.
auto Publisher::Validate(const PolicySources& sources) const -> Expected<CheckedVersion> {
  CompileJob job(options_.limits);
  std::optional<Schema> schema;
  if (!sources.schema.empty()) schema = LoadSchema(job, ToTexts(sources.schema));
  if (!job.sink.has_errors()) LoadTexts(job, sources);
  if (job.sink.has_errors()) return Mistakes(job);
  const auto program = CheckAndCompile(job, options_.ids, schema ? &*schema : nullptr);
  if (!program) return Mistakes(job);
  return CheckedVersion{.version = VersionOf(sources), .policies = program->policies.size(), .diagnostics = DiagnosticsToJson(job)};
}

// A schema of the same texts is the same schema: entities that conform to it go on doing so.
auto Publisher::FindSchema(CompileJob& job, const PolicySources& sources) const -> Expected<std::shared_ptr<const Schema>> {
  if (sources.schema.empty()) return nullptr;  // and a bundle's schema has no texts to be known by
  for (const Built& built : built_) {
    if (built.schema_texts == sources.schema) return built.policies->shared_schema();
  }
  auto schema = LoadSchema(job, ToTexts(sources.schema));
  if (!schema) return Mistakes(job);
  return std::make_shared<const Schema>(std::move(*schema));
}

// The schema's own annotations, from its texts: it has been compiled, so that there is nothing to report.
auto Publisher::MaskerOf(const PolicySources& sources) const -> audit::Masker {
  audit::Masker masker = options_.masker;
  CompileJob job(options_.limits);
  auto context = job.parse_context();
  std::vector<schema_ast::Fragment> fragments;
  for (const SourceText& each : sources.schema) {
    if (each.name == kRemitNamespace) continue;
    auto fragment = ReadSchemaFragment(job.sources.Add(each.name, each.text), context);
    if (fragment) fragments.push_back(std::move(*fragment));
  }
  for (SensitivePath& path : SensitivePaths(fragments, context)) masker.AddPath(std::move(path));
  return masker;
}

auto Publisher::Build(const PolicySources& sources) -> Expected<Built> {
  Engine& engine = service_.engine();
  const auto lock = engine.Lock();
  CompileJob job(options_.limits, engine.shared_interner());
  auto schema = FindSchema(job, sources);
  if (!schema) return std::unexpected(std::move(schema.error()));
  if (!LoadTexts(job, sources)) return Mistakes(job);
  auto program = CheckAndCompile(job, options_.ids, schema->get());
  if (!program) return Mistakes(job);
  Built built = {.version = VersionOf(sources), .schema_texts = sources.schema, .policies = nullptr, .facts = nullptr, .checked = {}};
  built.checked = {.version = built.version, .policies = program->policies.size(), .diagnostics = DiagnosticsToJson(job)};
  built.policies = std::make_shared<Policies>(std::make_shared<const ir::Program>(std::move(*program)), *schema);
  built.facts = FactsOf(job, built.version, MaskerOf(sources));
  return built;
}

auto Publisher::FindBuilt(std::string_view version) -> Expected<Built> {
  const auto it = std::ranges::find(built_, version, &Built::version);
  if (it != built_.end()) return *it;
  const auto sources = Sources(version);
  if (!sources) return std::unexpected(sources.error());
  return Build(*sources);
}

// INVARIANT: the version is known by its name before anybody can decide on it.
void Publisher::Swap(const Built& built, std::shared_ptr<const EntityStore> entities) {
  service_.published().Add(built.policies, built.facts);
  const bool has_schema = built.policies->schema() != nullptr;
  service_.engine().Publish(built.policies, std::move(entities), has_schema);
  std::erase_if(built_, [&](const Built& each) { return each.version == built.version; });
  built_.push_back(built);
  if (built_.size() > kMostBuilt) built_.pop_front();
  std::erase(history_, built.version);
  history_.push_back(built.version);
  if (history_.size() > kMostBuilt) history_.erase(history_.begin());
  WriteLive();
  service_.metrics().reloads.fetch_add(1, std::memory_order_relaxed);
  if (candidate_ != nullptr) {
    // A trial beside something else than it was begun with says nothing.
    const bool is_over = candidate_->facts->version == built.version ||
                         candidate_->engine.snapshots().current().policies->schema() != built.policies->schema();
    if (is_over) EndTrial();
  }
  ShareEntities();
}

auto Publisher::Publish(std::string_view version) -> Expected<void> {
  const std::lock_guard lock(mutex_);
  const auto engine_lock = service_.engine().Lock();
  const auto built = FindBuilt(version);
  if (!built) {
    service_.metrics().reload_failures.fetch_add(1, std::memory_order_relaxed);
    return std::unexpected(built.error());
  }
  auto entities = MoveEntities(built->policies->schema());
  if (!entities) {
    service_.metrics().reload_failures.fetch_add(1, std::memory_order_relaxed);
    return std::unexpected(std::move(entities.error()));
  }
  Swap(*built, std::move(*entities));
  return {};
}

auto Publisher::PublishAll(const PolicySources& sources, const std::string& entities_json) -> Expected<CheckedVersion> {
  const std::lock_guard lock(mutex_);
  const auto engine_lock = service_.engine().Lock();
  auto built = Build(sources);
  if (!built) return std::unexpected(std::move(built.error()));
  auto entities = ReadAllEntities(entities_json, built->policies->schema());
  if (!entities) return std::unexpected(std::move(entities.error()));
  if (auto kept = Keep(sources, built->version); !kept) return std::unexpected(std::move(kept.error()));
  Swap(*built, std::move(*entities));
  return built->checked;
}

auto Publisher::PublishBundle(const std::string& path, const std::string& entities_json) -> Expected<void> {
  const std::lock_guard lock(mutex_);
  Engine& engine = service_.engine();
  const auto engine_lock = engine.Lock();
  const auto opened = Bundle::Open(path);
  if (!opened) return std::unexpected(opened.error());
  CompileJob job(options_.limits, engine.shared_interner());
  const auto use = options_.native != nullptr ? BundleCodeUse::IfThere : BundleCodeUse::Ignored;
  const auto bundle = LoadBundle(job, path, use);
  if (!bundle) return std::unexpected(bundle.error());
  auto entities = ReadAllEntities(entities_json, bundle->policies->schema());
  if (!entities) return std::unexpected(std::move(entities.error()));
  const std::string version = opened->digest();
  Swap({.version = version,
        .schema_texts = {},
        .policies = bundle->policies,
        .facts = FactsOf(job, version, options_.masker),
        .checked = {}},
       std::move(*entities));
  return {};
}

auto Publisher::RollBack() -> Expected<std::string> {
  const std::lock_guard lock(mutex_);
  if (history_.size() < 2) return remit::Fail("unknown-version", "there is no version to go back to");
  const std::string former = history_[history_.size() - 2];
  const std::string left = history_.back();
  if (auto published = Publish(former); !published) return std::unexpected(std::move(published.error()));
  // Going back twice goes back further.
  std::erase(history_, left);
  WriteLive();
  const auto it = std::ranges::find(built_, left, &Built::version);
  if (it != built_.end()) {
    Built moved = std::move(*it);
    built_.erase(it);
    built_.push_front(std::move(moved));
  }
  return former;
}

auto Publisher::Try(std::string_view version, double canary_percent) -> Expected<void> {
  const std::lock_guard lock(mutex_);
  Engine& engine = service_.engine();
  const auto engine_lock = engine.Lock();
  const auto built = FindBuilt(version);
  if (!built) return std::unexpected(built.error());
  const Snapshot& live = engine.snapshots().current();
  if (built->policies->schema() != live.policies->schema()) {
    return remit::Fail("candidate-schema", "only a version with the live schema can be tried on live requests");
  }
  auto candidate = std::make_shared<Candidate>(EngineOptions{.tier = options_.tier, .limits = options_.limits}, options_.native,
                                               engine.shared_interner());
  candidate->facts = built->facts;
  candidate->canary_percent = canary_percent;
  candidate->engine.Publish(built->policies, live.entities, live.entities_conform);
  candidate_ = candidate;
  service_.SetCandidate(std::move(candidate));
  return {};
}

void Publisher::EndTrial() {
  const std::lock_guard lock(mutex_);
  candidate_ = nullptr;
  service_.SetCandidate(nullptr);
}

auto Publisher::live() const -> std::string {
  const std::lock_guard lock(mutex_);
  return built_.empty() ? std::string{} : built_.back().version;
}

auto Publisher::List() const -> std::vector<VersionInfo> {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [version, sources] : kept_) names.push_back(version);
  std::error_code error;
  if (!options_.folder.empty()) {
    for (const auto& entry : std::filesystem::directory_iterator(options_.folder, error)) {
      if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    }
  }
  std::ranges::sort(names);
  std::vector<VersionInfo> list;
  for (std::string& name : names) {
    const bool is_compiled = std::ranges::find(built_, name, &Built::version) != built_.end();
    const bool is_candidate = candidate_ != nullptr && candidate_->facts->version == name;
    list.push_back({.version = name, .is_live = name == live(), .is_candidate = is_candidate, .is_compiled = is_compiled});
  }
  return list;
}

// ---- where versions are kept ---------------------------------------------------------------------------------------------------

auto Publisher::PathOf(std::string_view version) const -> std::string { return fmt::format("{}/{}.json", options_.folder, version); }

auto Publisher::Keep(const PolicySources& sources, const std::string& version) -> Expected<void> {
  if (options_.folder.empty()) {
    kept_.emplace(version, sources);
    return {};
  }
  std::error_code error;
  std::filesystem::create_directories(options_.folder, error);
  if (std::filesystem::exists(PathOf(version), error)) return {};
  return WriteTextFile(PathOf(version), SourcesToJson(sources));
}

// Among the versions. A line each: what the process began from, and the versions that were live.
auto Publisher::LivePath() const -> std::string { return options_.folder.empty() ? std::string{} : options_.folder + "/live"; }

// What cannot be written is not remembered, and everything goes on.
void Publisher::WriteLive() const {
  if (began_from_.empty() || options_.folder.empty()) return;
  std::string text = began_from_ + "\n";
  for (const std::string& version : history_) text += version + "\n";
  std::error_code error;
  std::filesystem::create_directories(options_.folder, error);
  if (const auto written = WriteTextFile(LivePath(), text); !written) {
    Log(LogLevel::Error, "live-not-remembered", {{.name = "message", .value = std::string_view(written.error().message)}});
  }
}

void Publisher::Remember(std::string_view began_from) {
  const std::lock_guard lock(mutex_);
  began_from_ = began_from;
  WriteLive();
}

auto Publisher::Resume(std::string_view began_from) -> Expected<bool> {
  constexpr size_t kMostBytes = 1 << 16;
  const std::lock_guard lock(mutex_);
  const auto text = options_.folder.empty() ? std::unexpected(Error{}) : ReadTextFile(LivePath(), kMostBytes);
  if (!text) return false;
  std::vector<std::string> lines;
  for (size_t at = 0; at < text->size();) {
    const size_t end = std::min(text->find('\n', at), text->size());
    lines.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  if (lines.size() < 2 || lines.front() != began_from) return false;
  lines.erase(lines.begin());
  const std::string former_live = lines.back();
  if (former_live != live()) {
    if (auto published = Publish(former_live); !published) return std::unexpected(std::move(published.error()));
  }
  history_ = std::move(lines);
  return true;
}

auto Publisher::Store(const PolicySources& sources) -> Expected<CheckedVersion> {
  auto checked = Validate(sources);
  if (!checked) return checked;
  const std::lock_guard lock(mutex_);
  if (auto kept = Keep(sources, checked->version); !kept) return std::unexpected(std::move(kept.error()));
  return checked;
}

auto Publisher::Sources(std::string_view version) const -> Expected<PolicySources> {
  const auto unknown = [] { return remit::Fail("unknown-version", "there is no such version"); };
  if (!approval::DigestFromHex(version)) return unknown();  // and no path that leaves the folder
  const std::lock_guard lock(mutex_);
  if (options_.folder.empty()) {
    const auto it = kept_.find(version);
    return it != kept_.end() ? Expected<PolicySources>(it->second) : unknown();
  }
  const auto text = ReadTextFile(PathOf(version), options_.limits.max_json_bytes);
  if (!text) return unknown();
  auto sources = SourcesFromJson(*text);
  if (sources && VersionOf(*sources) != version)
    return remit::Fail("version-damaged", "what is kept of the version is not what was published");
  return sources;
}

}  // namespace remit::server
