#include "tools/remit/audit_sink.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/approval/key_files.h"
#include "runtime/audit/hex.h"
#include "runtime/audit/query.h"
#include "runtime/request/entity_uid_text.h"

namespace remit::cli {
namespace {

using Json = nlohmann::ordered_json;

auto Usage(std::string message, std::string help) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "wrong-usage", .message = std::move(message), .pointer = {}, .help = std::move(help)});
}

// A uid in one of the forms that requests have, as far as it can be read.
struct Uid {
  std::string type;
  std::string id;

  static auto Read(const Json& request, const char* key) -> Uid {
    if (!request.is_object() || !request.contains(key)) return {};
    const Json& member = request[key];
    if (member.is_string()) return Parse(member.get_ref<const std::string&>());
    const Json& uid = member.is_object() && member.contains("__entity") ? member["__entity"] : member;
    if (!uid.is_object() || !uid.contains("type") || !uid.contains("id") || !uid["type"].is_string() || !uid["id"].is_string()) return {};
    return {.type = uid["type"].get<std::string>(), .id = uid["id"].get<std::string>()};
  }
  static auto Parse(const std::string& text) -> Uid {
    Interner interner;
    const auto uid = ParseEntityUidText(text, interner);
    if (!uid) return {};
    return {.type = std::string(interner.text(uid->type)), .id = std::string(interner.text(uid->id))};
  }
  auto entity() const -> audit::Entity { return {.type = type, .id = id}; }
};

auto TextOf(const Json& request, const char* key) -> std::string {
  return request.is_object() && request.contains(key) && request[key].is_string() ? request[key].get<std::string>() : std::string();
}

auto JsonOf(const Json& request, const char* key) -> std::string {
  return request.is_object() && request.contains(key) ? audit::DumpJson(request[key]) : std::string();
}

}  // namespace

void AddAuditSinkOptions(CLI::App& verb, AuditSinkOptions& options) {
  verb.add_option("-k,--key", options.key, "The private key that signs the log, in PEM")->required()->option_text("FILE");
  verb.add_option("--origin", options.origin, "What the log is called")->option_text("NAME");
  verb.add_option("--policy-version", options.policy_version, "What the log calls the policies")->option_text("HEX");
  verb.add_option("--mask", options.mask, "What of requests is masked in the log: `context.NAME`, `entities.TYPE.NAME`; may be repeated")
      ->option_text("PATH");
}

auto AuditSink::Open(const AuditSinkOptions& options) -> Expected<std::unique_ptr<AuditSink>> {
  auto sink = std::make_unique<AuditSink>();
  if (!audit::IsNoteName(options.origin)) return Usage(fmt::format("`{}` names no log", options.origin), "");
  const auto version = audit::BytesOfHex(options.policy_version);
  if (!version) return Usage(fmt::format("`{}` is no version", options.policy_version), "write hexadecimal digits, two for each byte");
  auto key = approval::ReadSigningKey(options.key);
  if (!key) return std::unexpected(key.error());
  auto masker = audit::Masker::Make(options.mask);
  if (!masker) return std::unexpected(masker.error());
  audit::LogOptions log_options = {.folder = options.folder, .signer = audit::CheckpointSigner(options.origin, std::move(*key))};
  if (!options.mask.empty()) {
    auto values = audit::MaskedValues::Open(options.folder, audit::MaskedValues::Mode::Write);
    if (!values) return std::unexpected(values.error());
    sink->values_ = std::move(*values);
    log_options.before_batch = [values = sink->values_.get()] { return values->Sync(); };
  }
  auto log = audit::Log::Open(std::move(log_options));
  if (!log) return std::unexpected(log.error());
  sink->version_ = *version;
  sink->masker_ = std::move(*masker);
  sink->log_ = std::move(*log);
  return sink;
}

// What was masked, as pointers.
auto AuditSink::Mask(std::string_view subject, std::string& context, std::string& entities) -> Expected<std::vector<std::string>> {
  std::vector<audit::MaskedValue> masked;
  const auto mask = [&](std::string& json, auto mask_json) -> Expected<void> {
    if (json.empty()) return {};
    auto text = (*masker_.*mask_json)(json, masked);
    if (!text) return std::unexpected(text.error());
    json = std::move(*text);
    return {};
  };
  if (masker_->masks_context()) {
    if (auto done = mask(context, &audit::Masker::MaskContext); !done) return std::unexpected(done.error());
  }
  if (masker_->masks_entities()) {
    if (auto done = mask(entities, &audit::Masker::MaskEntities); !done) return std::unexpected(done.error());
  }
  if (values_ != nullptr) {
    if (auto added = values_->Add(subject, masked); !added) return std::unexpected(added.error());
  }
  std::vector<std::string> pointers;
  for (const auto& each : masked) pointers.push_back(each.pointer);
  return pointers;
}

auto AuditSink::Record(std::string_view json, const Expected<RequestAnswer>& answer, const PolicyEnvironment& environment, Datetime now)
    -> Expected<std::string> {
  const Json request = Json::parse(json, nullptr, false);
  const Uid principal = Uid::Read(request, "principal");
  const Uid action = Uid::Read(request, "action");
  const Uid resource = Uid::Read(request, "resource");
  std::string context = JsonOf(request, "context");
  std::string entities = JsonOf(request, "entities");
  const auto pointers = Mask(audit::EntityText(principal.entity()), context, entities);
  if (!pointers) return std::unexpected(pointers.error());
  const std::vector<std::string_view> masked(pointers->begin(), pointers->end());

  const std::string id = TextOf(request, "id");
  const std::string request_id = TextOf(request, "request_id");
  const std::string session = TextOf(request, "session");
  std::vector<Uid> chain;
  if (request.is_object() && request.contains("delegation") && request["delegation"].is_array()) {
    for (const auto& member : request["delegation"]) chain.push_back(Uid::Read({{"uid", member}}, "uid"));
  }
  std::vector<audit::Entity> delegation;
  for (const auto& member : chain) delegation.push_back(member.entity());

  audit::DecisionRecord record = {.head = {.time_ms = now.millis, .id = id, .request_id = request_id, .session = session},
                                  .principal = principal.entity(),
                                  .action = action.entity(),
                                  .resource = resource.entity(),
                                  .delegation = delegation,
                                  .context = context,
                                  .entities = entities,
                                  .is_validated = true,
                                  .masked = masked,
                                  .policy_version = version_};
  if (answer) {
    describer_.Describe(answer->decision, environment.program, environment.interner, record);
  } else {
    record.outcome = OutcomeName(Outcome::Deny);
    record.refusal_code = answer.error().code;
    record.refusal_message = answer.error().message;
  }
  std::string bytes;
  EncodeRecord(record, bytes);
  const auto number = log_->AppendBytes(bytes);
  if (!number) return std::unexpected(number.error());
  if (auto durable = log_->WaitDurable(*number); !durable) return std::unexpected(durable.error());
  Json shown = {{"number", *number}};
  shown.update(audit::RecordToJson(*audit::DecodeRecord(bytes)));
  return audit::DumpJson(shown);
}

}  // namespace remit::cli
