#include "tools/remit/deployment.h"

#include "compiler/driver/packs.h"
#include "runtime/approval/key_files.h"
#include "runtime/request/entity_uid_text.h"
#include "runtime/request/json.h"

namespace remit::cli {

// ---- options ----------------------------------------------------------------------------------------------------------------

auto AddLedgerOption(CLI::App& verb, LedgerOptions& options) -> CLI::Option* {
  return verb
      .add_option("--ledger", options.address,
                  "Where budgets, approvals and the quarantine are: FILE.db, sqlite:FILE, redis://HOST[:PORT][/NAME]")
      ->option_text("ADDRESS");
}

void AddSigningKeyOption(CLI::App& verb, LedgerOptions& options) {
  verb.add_option("--key", options.signing_key, "The private key that signs grants")->option_text("FILE");
}

void AddAcceptedKeysOption(CLI::App& verb, LedgerOptions& options) {
  verb.add_option("--accept-key", options.accepted_keys, "A public key whose grants count; may be repeated")
      ->option_text("FILE")
      ->allow_extra_args(false);
}

void AddPolicySetOptions(CLI::App& verb, PolicySetOptions& options) {
  AddPolicyOptions(verb, options.policies);
  verb.get_option("--policies")->required(false);
  auto* bundle = verb.add_option("-b,--bundle", options.bundle,
                                 "In the place of policies and schema: what `remit build` wrote; its native code decides")
                     ->option_text("FILE");
  verb.add_option("-e,--entities", options.entities, "Entities as JSON")->option_text("FILE");
  AddSchemaOption(verb, options.schema);
  for (const char* other : {"--policies", "--links", "--ids", "--schema"}) bundle->excludes(verb.get_option(other));
}

auto ReadUidOption(const std::string& text) -> Expected<approval::UidText> {
  Interner symbols;
  const auto uid = ParseEntityUidText(text, symbols);
  if (!uid) return std::unexpected(uid.error());
  return approval::ToUidText(*uid, symbols);
}

// ---- opening ----------------------------------------------------------------------------------------------------------------

auto Deployment::OpenNode(const LedgerOptions& ledger, Datetime now) -> Expected<void> {
  NodeOptions options;
  options.store = ledger.address;
  if (!ledger.signing_key.empty()) {
    auto key = approval::ReadSigningKey(ledger.signing_key);
    if (!key) return std::unexpected(std::move(key.error()));
    options.signing_key = std::move(*key);
  }
  for (const auto& file : ledger.accepted_keys) {
    auto key = approval::ReadPublicKey(file);
    if (!key) return std::unexpected(std::move(key.error()));
    options.accepted_keys.Add(std::move(*key));
  }
  auto node = Node::Open(*engine_, options, now.millis);
  if (!node) return std::unexpected(std::move(node.error()));
  node_ = std::move(*node);
  return {};
}

auto Deployment::Publish(std::shared_ptr<Policies> policies, const std::string& entities, const EngineOptions& options,
                         std::shared_ptr<NativeCompiler> compiler, Format format) -> bool {
  const auto json = entities.empty() ? Expected<std::string>("[]") : ReadTextFile(entities, job_.limits.max_json_bytes);
  if (!json) return ReportError(json.error(), format), false;
  auto store = LoadEntities(job_, entities, *json, policies->schema());
  if (!store) return ReportDiagnostics(job_, format), false;
  engine_ = std::make_unique<Engine>(options, std::move(compiler), job_.shared_interner);
  const bool conform = policies->schema() != nullptr;
  engine_->Publish(std::move(policies), std::make_shared<const EntityStore>(std::move(*store)), conform);
  session_.emplace(*engine_);
  has_policies_ = true;
  return true;
}

auto Deployment::OnSources(const LedgerOptions& ledger, const PolicySetOptions& options, EngineChoice engine, Datetime now, Format format)
    -> std::unique_ptr<Deployment> {
  const auto native = CompilerFor(engine);
  if (!native) return ReportError(native.error(), format), nullptr;
  std::unique_ptr<Deployment> deployment(new Deployment(options.policies.limits));
  auto& job = deployment->job_;
  if (!LoadPolicyInputs(job, options.policies, format)) return nullptr;
  if (!HasApprovalsPack(job)) LoadApprovalsPack(job);
  std::shared_ptr<const Schema> schema;
  if (!options.schema.empty()) {
    auto loaded = LoadSchemaInputs(job, options.schema, format);
    if (!loaded) return nullptr;
    schema = std::make_shared<const Schema>(std::move(*loaded));
  }
  auto program = CompileProgram(job, options.policies.ids, schema.get());
  if (job.sink.has_errors()) return ReportDiagnostics(job, format), nullptr;
  if (format == Format::Human) ReportDiagnostics(job, format);  // warnings
  auto policies = std::make_shared<Policies>(std::make_shared<const ir::Program>(std::move(*program)), std::move(schema));
  const auto tier = *native == nullptr ? CodeTier::Never : CodeTier::Eager;
  if (!deployment->Publish(std::move(policies), options.entities, {.tier = tier, .limits = job.limits}, *native, format)) return nullptr;
  if (auto opened = deployment->OpenNode(ledger, now); !opened) return ReportError(opened.error(), format), nullptr;
  return deployment;
}

auto Deployment::OnBundle(const LedgerOptions& ledger, const PolicySetOptions& options, BundleCodeUse use, Datetime now, Format format)
    -> std::unique_ptr<Deployment> {
  std::unique_ptr<Deployment> deployment(new Deployment(options.policies.limits));
  auto& job = deployment->job_;
  const auto bundle = LoadBundle(job, options.bundle, use);
  if (!bundle) return ReportError(bundle.error(), format), nullptr;
  if (!deployment->Publish(bundle->policies, options.entities, {.tier = CodeTier::Never, .limits = job.limits}, nullptr, format))
    return nullptr;
  if (auto opened = deployment->OpenNode(ledger, now); !opened) return ReportError(opened.error(), format), nullptr;
  return deployment;
}

auto Deployment::WithoutPolicies(const LedgerOptions& ledger, Datetime now, Format format) -> std::unique_ptr<Deployment> {
  std::unique_ptr<Deployment> deployment(new Deployment(Limits{}));
  deployment->engine_ = std::make_unique<Engine>(EngineOptions{.tier = CodeTier::Never}, nullptr, deployment->job_.shared_interner);
  if (auto opened = deployment->OpenNode(ledger, now); !opened) return ReportError(opened.error(), format), nullptr;
  return deployment;
}

// ---- deciding ---------------------------------------------------------------------------------------------------------------

auto Deployment::ids() -> PolicyIds { return {.program = session_->Pin().policies->program(), .interner = job_.interner}; }

auto Deployment::Decide(std::string_view json, const Extra& extra, Datetime now, bool validate) -> Expected<DecidedAnswer> {
  const Snapshot& snapshot = session_->Pin();
  session_->ResetArena();
  Interner symbols(&job_.interner);
  const Schema* schema = snapshot.policies->schema();
  const JsonOptions reading{.limits = job_.limits, .schema = schema, .validate_request = validate};
  auto document = ReadRequest(json, symbols, session_->arena(), reading, snapshot.entities.get());
  if (!document) return std::unexpected(std::move(document.error()));
  document->approvals.insert(document->approvals.end(), extra.approvals.begin(), extra.approvals.end());
  const Request& request = document->request;
  auto decided = node_->Decide(*session_,
                               {.request = request,
                                .interner = symbols,
                                .entities = document->entities ? &*document->entities : nullptr,
                                .conforms = schema != nullptr && validate,
                                .delegation = document->delegation,
                                .session = extra.session.empty() ? document->session : extra.session,
                                .request_id = extra.request_id.empty() ? document->request_id : extra.request_id,
                                .approvals = document->approvals,
                                .dry_run = document->dry_run || extra.dry_run},
                               now);
  if (!decided) return std::unexpected(std::move(decided.error()));
  DecidedAnswer answer;
  answer.answer = {.request_id = document->id,
                   .principal = FormatEntityUid(request.principal, symbols),
                   .action = FormatEntityUid(request.action, symbols),
                   .resource = FormatEntityUid(request.resource, symbols),
                   .decision = decided->decision};
  answer.governed = std::move(*decided);
  return answer;
}

}  // namespace remit::cli
