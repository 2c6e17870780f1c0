#include "runtime/server/authzen/binding.h"

#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "runtime/approval/base64url.h"
#include "runtime/request/json_escape.h"
#include "runtime/server/authzen/canonical.h"
#include "runtime/server/json_text.h"

namespace remit::authzen {
namespace {

using Json = nlohmann::json;

// PAYLOAD.SEAL, both in base64url; `kind` keeps one sort of token from passing as another.
auto SealText(const State& state, std::string_view kind, std::string_view payload) -> std::string {
  const auto seal = state.Seal(fmt::format("{}:{}", kind, payload));
  return fmt::format("{}.{}", approval::ToBase64Url(payload),
                     approval::ToBase64Url({reinterpret_cast<const char*>(seal.bytes.data()), seal.bytes.size()}));
}

auto OpenText(const State& state, std::string_view kind, std::string_view token) -> std::optional<Json> {
  const auto dot = token.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto payload = approval::FromBase64Url(token.substr(0, dot));
  const auto given = approval::FromBase64Url(token.substr(dot + 1));
  approval::Digest seal;
  if (!payload || !given || given->size() != seal.bytes.size()) return std::nullopt;
  std::memcpy(seal.bytes.data(), given->data(), given->size());
  if (!state.IsSealed(fmt::format("{}:{}", kind, *payload), seal)) return std::nullopt;
  auto json = Json::parse(*payload, nullptr, false);  // ours, for it was sealed
  return json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

void AppendProperties(std::string& out, const std::optional<json::Element>& properties, std::string_view left_out) {
  if (!properties) return;
  Json::object_t members;
  const auto object = properties->get_object().value_unsafe();
  for (const auto& [key, child] : object) {
    if (key == left_out) continue;
    std::string text;
    AppendCanonical(text, child);
    members[std::string(key)] = std::move(text);
  }
  out += Json(std::move(members)).dump();
}

void AppendEntity(std::string& out, const EntityPart& part, std::string_view left_out) {
  AppendJson(out, part.type);
  AppendJson(out, part.id);
  AppendProperties(out, part.properties, left_out);
  out += '\n';
}

}  // namespace

auto SealBinding(const State& state, const Binding& binding) -> std::string {
  const Json json = {
      {"t", binding.tickets}, {"v", binding.evaluation}, {"q", binding.question}, {"m", binding.members}, {"e", binding.expires_ms}};
  return SealText(state, "denial", json.dump());
}

auto OpenBinding(const State& state, std::string_view token) -> std::optional<Binding> {
  const auto json = OpenText(state, "denial", token);
  if (!json) return std::nullopt;
  return Binding{.tickets = json->at("t"),
                 .evaluation = json->at("v"),
                 .question = json->at("q"),
                 .members = json->at("m"),
                 .expires_ms = json->at("e")};
}

auto SealTask(const State& state, const Task& task) -> std::string {
  return "arq_" + SealText(state, "task", Json({{"t", task.tickets}, {"e", task.expires_ms}}).dump());
}

auto OpenTask(const State& state, std::string_view id) -> std::optional<Task> {
  if (!id.starts_with("arq_")) return std::nullopt;
  const auto json = OpenText(state, "task", id.substr(4));
  if (!json) return std::nullopt;
  return Task{.tickets = json->at("t"), .expires_ms = json->at("e")};
}

auto DigestOfQuestion(const Question& question, const std::vector<std::string>& members) -> std::string {
  std::string text;
  AppendEntity(text, question.subject, "act");
  AppendJson(text, question.action.name);
  AppendProperties(text, question.action.properties, {});
  text += '\n';
  AppendEntity(text, question.resource, {});
  for (const auto& member : members) {
    AppendJson(text, member);
    const auto found = question.context ? json::MemberOf(*question.context, member) : std::nullopt;
    if (found) AppendCanonical(text, *found);
    text += '\n';
  }
  return approval::ToHex(approval::Sha256(text));
}

}  // namespace remit::authzen
