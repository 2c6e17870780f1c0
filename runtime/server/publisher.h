// Publishing: versions of the policies are kept, checked and compiled, and then swapped in at once; entities likewise.
//
// Everything is ready before the swap, and the engine's snapshot is one pointer: no request fails, waits or sees half of a change. What was live lately stays
// compiled, so that going back is one swap. Every version is kept by its hash, in a folder if there is one.
//
// Threads: any; publications happen one after the other.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "runtime/server/candidate.h"
#include "runtime/server/policy_sources.h"
#include "runtime/server/service.h"

namespace remit::server {

struct PublisherOptions {
  std::string folder = {};  // where versions are kept; empty: in memory, and gone with the process
  ast::IdConvention ids = ast::IdConvention::Remit;
  Limits limits = {};
  CodeTier tier = CodeTier::Background;
  std::shared_ptr<NativeCompiler> native = {};
  audit::Masker masker = {};  // of every version; what its schema calls `@sensitive` is added
};

// What checking a version said.
struct CheckedVersion {
  std::string version;
  size_t policies = 0;
  std::string diagnostics = "[]";  // JSON
};

struct VersionInfo {
  std::string version;
  bool is_live = false;
  bool is_candidate = false;
  bool is_compiled = false;  // going there is one swap
};

class Publisher {
 public:
  Publisher(Service& service, const PublisherOptions& options) : service_(service), options_(options) {}

  // Checks and compiles beside what is live. Codes: "policies-invalid", whose message has the diagnostics.
  auto Validate(const PolicySources& sources) const -> Expected<CheckedVersion>;
  // Validates and keeps it. Codes: as above, "cannot-write".
  auto Store(const PolicySources& sources) -> Expected<CheckedVersion>;
  // Makes a kept version live. Entities stay; with another schema they must conform to it. Codes: "unknown-version", "policies-invalid",
  // "entities-invalid".
  auto Publish(std::string_view version) -> Expected<void>;
  // The same of sources and entities (JSON), at once: how a server begins.
  auto PublishAll(const PolicySources& sources, const std::string& entities_json) -> Expected<CheckedVersion>;
  // The same of a bundle, whose digest is its version; it is not kept. Codes: those of LoadBundle, "entities-invalid".
  auto PublishBundle(const std::string& path, const std::string& entities_json) -> Expected<void>;
  // Once, after the first publication, whose version this is: makes live what was live when the process ended, if that process began from the same version.
  // The former ones are known again, too. False: there is nothing to go on with.
  auto Resume(std::string_view began_from) -> Expected<bool>;
  // From then on that is remembered, in the folder. `began_from`: the version of the files, which changes when they do.
  void Remember(std::string_view began_from);
  // What was live before.
  auto RollBack() -> Expected<std::string>;

  // Tries a kept version on live requests; 0 percent: beside the live one alone. Codes: as Publish, "candidate-schema".
  auto Try(std::string_view version, double canary_percent) -> Expected<void>;
  void EndTrial();

  auto live() const -> std::string;
  auto List() const -> std::vector<VersionInfo>;
  auto Sources(std::string_view version) const -> Expected<PolicySources>;

  // One step. Codes: those of ReadEntities, "hierarchy-cycle".
  auto UpsertEntities(const std::string& json) -> Expected<void>;
  auto ReplaceEntities(const std::string& json) -> Expected<void>;
  // False: there is none.
  auto DeleteEntity(std::string_view type, std::string_view id) -> Expected<bool>;
  // Upserts and deletions in one step.
  struct Deletion {
    std::string type;
    std::string id;
  };
  auto ChangeEntities(const std::string& upserts_json, const std::vector<Deletion>& deletions) -> Expected<void>;
  auto EntityCount() const -> size_t;

 private:
  // A compiled version.
  struct Built {
    std::string version;
    std::vector<SourceText> schema_texts;
    std::shared_ptr<Policies> policies;
    std::shared_ptr<const PublishedFacts> facts;
    CheckedVersion checked;
  };

  auto Build(const PolicySources& sources) -> Expected<Built>;
  auto FindBuilt(std::string_view version) -> Expected<Built>;
  auto FindSchema(CompileJob& job, const PolicySources& sources) const -> Expected<std::shared_ptr<const Schema>>;
  auto MoveEntities(const Schema* schema) -> Expected<std::shared_ptr<const EntityStore>>;
  auto ReadAllEntities(const std::string& json, const Schema* schema) -> Expected<std::shared_ptr<const EntityStore>>;
  void Swap(const Built& built, std::shared_ptr<const EntityStore> entities);
  void ShareEntities();
  auto PathOf(std::string_view version) const -> std::string;
  auto LivePath() const -> std::string;
  auto Keep(const PolicySources& sources, const std::string& version) -> Expected<void>;
  auto MaskerOf(const PolicySources& sources) const -> audit::Masker;
  void WriteLive() const;

  Service& service_;
  const PublisherOptions options_;
  mutable std::recursive_mutex mutex_;
  std::map<std::string, PolicySources, std::less<>> kept_;  // without a folder
  std::deque<Built> built_;  // what was live lately, the live one last
  std::vector<std::string> history_;  // versions that were live, the live one last
  std::string began_from_;
  std::shared_ptr<Candidate> candidate_;
};

// All diagnostics of a job as a JSON array.
auto DiagnosticsToJson(const CompileJob& job) -> std::string;

}  // namespace remit::server
