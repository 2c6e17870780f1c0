// What verbs with a ledger work on: the node behind `--ledger`, and the policies and entities that it decides by, if the verb takes some.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/load_bundle.h"
#include "runtime/governor/node.h"
#include "tools/remit/answer.h"
#include "tools/remit/decision_time.h"
#include "tools/remit/verb.h"

namespace remit::cli {

struct LedgerOptions {
  std::string address;
  std::string signing_key;
  std::vector<std::string> accepted_keys;  // files
};

// `--ledger ADDRESS`.
auto AddLedgerOption(CLI::App& verb, LedgerOptions& options) -> CLI::Option*;
// `--key FILE`, `--accept-key FILE`.
void AddSigningKeyOption(CLI::App& verb, LedgerOptions& options);
void AddAcceptedKeysOption(CLI::App& verb, LedgerOptions& options);

// `-p`, `-e`, `-s` or `-b`, for verbs that ask policies something.
struct PolicySetOptions {
  PolicyOptions policies;
  std::string bundle;
  std::string entities;
  std::vector<std::string> schema;
};
void AddPolicySetOptions(CLI::App& verb, PolicySetOptions& options);

class Deployment {
 public:
  // Each reports what went wrong and then gives null. The shipped policies of who may approve are added, unless they are there.
  static auto OnSources(const LedgerOptions& ledger, const PolicySetOptions& policies, EngineChoice engine, Datetime now, Format format)
      -> std::unique_ptr<Deployment>;
  static auto OnBundle(const LedgerOptions& ledger, const PolicySetOptions& policies, BundleCodeUse use, Datetime now, Format format)
      -> std::unique_ptr<Deployment>;
  static auto WithoutPolicies(const LedgerOptions& ledger, Datetime now, Format format) -> std::unique_ptr<Deployment>;

  auto node() -> Node& { return *node_; }
  auto job() -> CompileJob& { return job_; }
  auto limits() const -> const Limits& { return job_.limits; }
  auto has_policies() const -> bool { return has_policies_; }
  auto ids() -> PolicyIds;

  // `extra`: session, request id, grants and a dry run that the command line adds to the document's own.
  struct Extra {
    std::string session;
    std::string request_id;
    std::vector<std::string> approvals;
    bool dry_run = false;
  };
  auto Decide(std::string_view json, const Extra& extra, Datetime now, bool validate) -> Expected<DecidedAnswer>;

 private:
  explicit Deployment(const Limits& limits) : job_(limits) {}
  auto Publish(std::shared_ptr<Policies> policies, const std::string& entities, const EngineOptions& options,
               std::shared_ptr<NativeCompiler> compiler, Format format) -> bool;
  auto OpenNode(const LedgerOptions& ledger, Datetime now) -> Expected<void>;

  CompileJob job_;
  bool has_policies_ = false;
  std::unique_ptr<Engine> engine_;
  std::optional<Session> session_;
  std::unique_ptr<Node> node_;
};

// `User::"lee"` as the approver or the quarantined.
auto ReadUidOption(const std::string& text) -> Expected<approval::UidText>;

}  // namespace remit::cli
