#include "runtime/server/process/server_process.h"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <filesystem>

#include "compiler/driver/files.h"
#include "compiler/driver/forbid_errors.h"
#include "compiler/driver/native.h"
#include "runtime/approval/key_files.h"
#include "runtime/audit/bundle_note.h"
#include "runtime/bundle/bundle.h"
#include "runtime/server/authzen/authzen.h"
#include "runtime/server/console/console.h"
#include "runtime/server/dispatch.h"
#include "runtime/server/log.h"

namespace remit::server {
namespace {

constexpr size_t kMaxEntities = size_t{1} << 30;
constexpr size_t kMaxMapping = size_t{1} << 20;

void LogError(std::string_view event, const Error& error) {
  Log(LogLevel::Error, event,
      {{.name = "code", .value = std::string_view(error.code)}, {.name = "message", .value = std::string_view(error.message)}});
}

auto Signals() -> sigset_t {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

// `NAME+ID+KEY` each.
auto ReadVerifiers(const std::vector<std::string>& texts) -> Expected<std::vector<audit::NoteVerifier>> {
  std::vector<audit::NoteVerifier> verifiers;
  for (const std::string& text : texts) {
    auto verifier = audit::NoteVerifier::FromText(text);
    if (!verifier) return std::unexpected(std::move(verifier.error()));
    verifiers.push_back(std::move(*verifier));
  }
  return verifiers;
}

// INVARIANT: nothing is served yet. The digest is that of the file before and after it was loaded, so that what was signed is what decides.
auto CheckSignature(const ServerConfig& config, const std::string& loaded) -> Expected<void> {
  constexpr size_t kMaxNote = 64 << 10;
  if (config.bundle_keys.empty()) return {};
  const auto verifiers = ReadVerifiers(config.bundle_keys);
  if (!verifiers) return std::unexpected(verifiers.error());
  const auto note = ReadTextFile(config.bundle + ".sig", kMaxNote);
  if (!note) return std::unexpected(note.error());
  const auto bundle = Bundle::Open(config.bundle);
  if (!bundle) return std::unexpected(bundle.error());
  if (bundle->digest() != loaded) {
    return std::unexpected(Error{.code = "bundle-digest", .message = "the bundle changed while it was loaded", .pointer = {}, .help = {}});
  }
  return audit::VerifyBundleNote(*note, loaded, *verifiers);
}

// Made on the first start, and kept beside what it signs.
auto AuditKey(const ServerConfig& config) -> Expected<approval::SigningKey> {
  const std::string path = config.audit_key.empty() ? config.audit_folder + "/log.key" : config.audit_key;
  std::error_code error;
  if (!config.audit_key.empty() || std::filesystem::exists(path, error)) return approval::ReadSigningKey(path);
  std::filesystem::create_directories(config.audit_folder, error);
  auto key = approval::SigningKey::Generate();
  if (auto written = approval::WriteSigningKey(path, key); !written) return std::unexpected(written.error());
  return key;
}

}  // namespace

ServerProcess::ServerProcess(ServerConfig config) : config_(std::move(config)) {}

auto ServerProcess::Open(ServerConfig config) -> Expected<std::unique_ptr<ServerProcess>> {
  std::unique_ptr<ServerProcess> process(new ServerProcess(std::move(config)));
  const ServerConfig& told = process->config_;
  SetForbidErrorsDeny(told.forbid_errors_deny);
  SetLogLevel(FindLogLevel(told.log_level).value_or(LogLevel::Info));
  if (told.is_native) {
    // A build without native code decides on the interpreter.
    if (auto native = CompilerFor(EngineChoice::Native)) process->native_ = std::move(*native);
  }
  const CodeTier tier = process->native_ != nullptr ? CodeTier::Background : CodeTier::Never;
  process->engine_ = std::make_unique<Engine>(EngineOptions{.tier = tier}, process->native_);
  if (auto opened = process->OpenAudit(); !opened) return std::unexpected(opened.error());
  if (auto opened = process->OpenNode(); !opened) return std::unexpected(opened.error());
  if (auto opened = process->OpenTraces(); !opened) return std::unexpected(opened.error());
  process->service_ = std::make_unique<Service>(ServiceParts{.engine = *process->engine_,
                                                             .node = process->node_.get(),
                                                             .audit = process->audit_.get(),
                                                             .masked_values = process->masked_.get(),
                                                             .waits_for_audit = told.audit_waits,
                                                             .events = &process->events_,
                                                             .traces = process->traces_.get(),
                                                             .node_name = told.node});
  PublisherOptions publishing = {
      .folder = told.data.empty() ? std::string{} : told.data + "/versions", .tier = tier, .native = process->native_};
  auto masker = audit::Masker::Make(told.audit_mask);
  if (!masker) return std::unexpected(masker.error());
  publishing.masker = std::move(*masker);
  process->publisher_ = std::make_unique<Publisher>(*process->service_, publishing);
  if (auto published = process->PublishFirst(); !published) return std::unexpected(published.error());
  auto callers = Callers::Load(told.callers);
  if (!callers) return std::unexpected(callers.error());
  process->callers_ = std::move(*callers);
  if (auto added = process->AddRoutes(); !added) return std::unexpected(added.error());
  auto http = HttpServer::Open(*process->service_, *process->callers_, process->events_, told.transport);
  if (!http) return std::unexpected(http.error());
  process->http_ = std::move(*http);
  // Reservations that have to be durable wait for a disk or a network; leases and memory do not.
  process->service_->SetWaitsToDecide(told.ledger != "memory:" && !told.leases);
  process->service_->SetReady(true);
  process->http_->Start();
  process->audit_listener_ = process->http_.get();
  process->RecordEvent(audit::RecordKind::Start, process->publisher_->live());
  for (const std::string& address : process->addresses())
    Log(LogLevel::Info, "listening", {{.name = "address", .value = std::string_view(address)}});
  return process;
}

auto ServerProcess::OpenAudit() -> Expected<void> {
  if (config_.audit_folder.empty()) return {};
  auto key = AuditKey(config_);
  if (!key) return std::unexpected(key.error());
  auto masked = audit::MaskedValues::Open(config_.audit_folder, audit::MaskedValues::Mode::Write);
  if (!masked) return std::unexpected(masked.error());
  masked_ = std::move(*masked);
  audit::LogOptions options = {.folder = config_.audit_folder, .signer = audit::CheckpointSigner(config_.audit_origin, std::move(*key))};
  auto former = ReadVerifiers(config_.audit_former);
  if (!former) return std::unexpected(former.error());
  options.former = std::move(*former);
  options.when_stuck = config_.audit_blocks ? audit::WhenStuck::Queue : audit::WhenStuck::Refuse;
  options.max_delay_ms = config_.audit_delay_ms;
  options.max_wait_ms = config_.transport.limits.audit_ms;
  options.before_batch = [this] { return masked_->Sync(); };
  const auto tell = [this] {
    if (HttpServer* http = audit_listener_.load()) http->OnAudit();
  };
  options.on_durable = [tell](uint64_t) { tell(); };
  options.on_stuck = [tell](const Error& error) {
    LogError("audit-stuck", error);
    tell();
  };
  auto log = audit::Log::Open(std::move(options));
  if (!log) return std::unexpected(log.error());
  audit_ = std::move(*log);
  return {};
}

auto ServerProcess::OpenNode() -> Expected<void> {
  NodeOptions options = {.store = config_.ledger};
  if (config_.leases) options.ledger.durability = ledger::Durability::Lease;
  if (!config_.signing_key.empty()) {
    auto key = approval::ReadSigningKey(config_.signing_key);
    if (!key) return std::unexpected(key.error());
    signing_key_ = key->public_key();
    options.signing_key = std::move(*key);
  }
  for (const std::string& path : config_.accepted_keys) {
    auto key = approval::ReadPublicKey(path);
    if (!key) return std::unexpected(key.error());
    options.accepted_keys.Add(std::move(*key));
  }
  auto node = Node::Open(*engine_, options, SystemMillis());
  if (!node) return std::unexpected(node.error());
  node_ = std::move(*node);
  return {};
}

auto ServerProcess::OpenTraces() -> Expected<void> {
  if (config_.traces.endpoint.empty()) return {};
  auto exporter = TraceExporter::Open(config_.traces, config_.node);
  if (!exporter) return std::unexpected(exporter.error());
  traces_ = std::move(*exporter);
  return {};
}

auto ServerProcess::EntitiesText() const -> Expected<std::string> {
  if (config_.entities.empty()) return "[]";
  return ReadTextFile(config_.entities, kMaxEntities);
}

auto ServerProcess::PublishFirst() -> Expected<void> {
  const auto entities = EntitiesText();
  if (!entities) return std::unexpected(entities.error());
  entities_digest_ = approval::ToHex(approval::Sha256(*entities));
  if (!config_.bundle.empty()) {
    auto published = publisher_->PublishBundle(config_.bundle, *entities);
    if (!published) return std::unexpected(published.error());
    if (auto signature = CheckSignature(config_, publisher_->live()); !signature) return std::unexpected(signature.error());
    return Resume(publisher_->live());
  }
  const auto sources = ReadSources(config_.policies, config_.schema, Limits{});
  if (!sources) return std::unexpected(sources.error());
  auto published = publisher_->PublishAll(*sources, *entities);
  if (!published) return std::unexpected(published.error());
  files_version_ = published->version;
  if (config_.watches) {
    std::vector<std::string> paths = config_.policies;
    paths.insert(paths.end(), config_.schema.begin(), config_.schema.end());
    if (!config_.entities.empty()) paths.push_back(config_.entities);
    watch_.emplace(paths);
  }
  return Resume(files_version_);
}

// What was published over the API is live again, unless the files have changed since: then they say what is. That it cannot be published again, because entities
// changed, is no reason not to serve.
auto ServerProcess::Resume(const std::string& began_from) -> Expected<void> {
  const auto resumed = publisher_->Resume(began_from);
  if (!resumed) LogError("resume-failed", resumed.error());
  if (resumed && *resumed) {
    const std::string version = publisher_->live();
    Log(LogLevel::Info, "resumed", {{.name = "version", .value = std::string_view(version)}});
  }
  publisher_->Remember(began_from);
  return {};
}

auto ServerProcess::AddRoutes() -> Expected<void> {
  AddHealthRoutes(*service_);
  AddDecideRoutes(*service_);
  AddStateRoutes(*service_);
  AddPolicyRoutes(*service_, *publisher_);
  AddEntityRoutes(*service_, *publisher_);
  AddOperationRoutes(*service_);
  if (audit_ != nullptr) AddAuditRoutes(*service_, config_.audit_folder);
  AddExtAuthzRoutes(*service_, config_.ext_authz);
  authzen::AuthzenOptions authzen = {.base_url = config_.base_url};
  authzen.find_ticket = [this](std::string_view id, int64_t now_ms) { return node_->FindEscalation(id, now_ms); };
  if (signing_key_) authzen.keys.push_back(*signing_key_);
  if (!config_.authzen_mapping.empty()) {
    const auto text = ReadTextFile(config_.authzen_mapping, kMaxMapping);
    if (!text) return std::unexpected(text.error());
    auto mapping = authzen::ReadMapping(*text);
    if (!mapping) return std::unexpected(mapping.error());
    authzen.mapping = std::move(*mapping);
  }
  authzen::AddAuthzenRoutes(*service_, std::move(authzen));
  console::AddConsoleRoutes(*service_);
  AddOpenApiRoute(*service_);
  if (traces_ != nullptr) service_->metrics().AddCollector([this](std::string& out) { traces_->AppendFigures(out); });
  return {};
}

// ---- while it runs -------------------------------------------------------------------------------------------------------------

void ServerProcess::BlockSignals() {
  const sigset_t set = Signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

auto ServerProcess::Run() -> bool {
  const sigset_t set = Signals();
  constexpr timespec kPeriod = {.tv_sec = 0, .tv_nsec = 250'000'000};
  while (true) {
    const int signal = sigtimedwait(&set, nullptr, &kPeriod);
    if (signal == SIGTERM || signal == SIGINT) break;
    if (signal == SIGHUP) Reload();
    Maintain();
  }
  Log(LogLevel::Info, "draining");
  return Stop();
}

void ServerProcess::Maintain() {
  if (auto done = node_->Maintain(SystemMillis()); !done) LogError("store-away", done.error());
  if (watch_ && watch_->HasChanged()) ReloadFiles();
}

void ServerProcess::RecordEvent(audit::RecordKind kind, const std::string& version) {
  if (audit_ == nullptr) return;
  const auto digest = approval::DigestFromHex(version);
  const std::string_view bytes =
      digest ? std::string_view(reinterpret_cast<const char*>(digest->bytes.data()), digest->bytes.size()) : std::string_view{};
  const auto recorded = audit_->Append({.kind = kind, .head = {.time_ms = SystemMillis(), .node = config_.node}, .policy_version = bytes});
  if (!recorded) LogError("audit-refused", recorded.error());
}

// What is wrong is logged, and what was live stays so.
void ServerProcess::ReloadFiles() {
  const auto sources = ReadSources(config_.policies, config_.schema, Limits{});
  if (!sources) return LogError("reload-failed", sources.error());
  const std::string version = VersionOf(*sources);
  if (version != files_version_) {
    const auto stored = publisher_->Store(*sources);
    if (!stored) return LogError("reload-failed", stored.error());
    if (auto published = publisher_->Publish(version); !published) return LogError("reload-failed", published.error());
    files_version_ = version;
    publisher_->Remember(version);
    RecordEvent(audit::RecordKind::Publication, version);
    Log(LogLevel::Info, "published", {{.name = "version", .value = std::string_view(version)}});
  }
  const auto entities = EntitiesText();
  if (!entities) return LogError("reload-failed", entities.error());
  const std::string digest = approval::ToHex(approval::Sha256(*entities));
  if (digest == entities_digest_) return;
  if (auto replaced = publisher_->ReplaceEntities(*entities); !replaced) return LogError("reload-failed", replaced.error());
  entities_digest_ = digest;
  RecordEvent(audit::RecordKind::Entities, version);
  Log(LogLevel::Info, "entities-replaced");
}

void ServerProcess::Reload() {
  if (config_.bundle.empty()) ReloadFiles();
  if (auto reloaded = callers_->Reload(config_.callers); !reloaded) LogError("reload-failed", reloaded.error());
  if (auto reloaded = http_->ReloadTls(); !reloaded) LogError("reload-failed", reloaded.error());
  Log(LogLevel::Info, "reloaded");
}

auto ServerProcess::Stop() -> bool {
  service_->SetReady(false);
  const bool is_clean = http_->Drain();
  audit_listener_ = nullptr;
  RecordEvent(audit::RecordKind::Stop, publisher_->live());
  if (audit_ != nullptr) {
    if (auto closed = audit_->Close(); !closed) LogError("audit-refused", closed.error());
  }
  Log(LogLevel::Info, "stopped");
  return is_clean;
}

// INVARIANT: nobody tells the loops of the log any more when they go.
ServerProcess::~ServerProcess() {
  if (http_ != nullptr) http_->Stop();
  audit_listener_ = nullptr;
  audit_.reset();
}

}  // namespace remit::server
