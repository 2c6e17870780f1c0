#include "compiler/driver/link.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "compiler/ast/fill_slots.h"
#include "compiler/ast/printer.h"
#include "compiler/driver/files.h"
#include "compiler/parse/parse.h"

namespace remit {
namespace {

auto ReadSlotValue(CompileJob& job, const std::string& text) -> std::optional<EntityUid> {
  if (text.empty()) return std::nullopt;
  auto uid = ParseEntityUid(text, job.interner);
  if (!uid) job.sink.Report(DiagnosticCode::InvalidEntityText, {}, text).help = "write it as `User::\"ana\"`";
  return uid;
}

// The template's statement with entities for slots, printed.
auto PrintLinked(const CompileJob& job, size_t statement, const ast::Link& link) -> std::string {
  ast::Ast copy = job.ast;
  auto& policy = std::get<ast::Policy>(copy.statements[statement].body);
  policy.scope = ast::FillSlots(std::move(policy.scope), link);
  return PrintStatement(copy, {static_cast<uint32_t>(statement)}, job.interner) + "\n";
}

auto LinkJson(const CompileJob& job, const ast::Link& link) -> std::string {
  nlohmann::ordered_json values = nlohmann::ordered_json::object();
  const auto put = [&](const char* slot, const std::optional<EntityUid>& uid) {
    if (uid) values[slot] = {{"type", job.interner.text(uid->type)}, {"id", job.interner.text(uid->id)}};
  };
  put("?principal", link.principal);
  put("?resource", link.resource);
  nlohmann::ordered_json json = {
      {"templateId", job.interner.text(link.template_id)}, {"newId", job.interner.text(link.new_id)}, {"values", values}};
  return json.dump();
}

}  // namespace

auto AddLink(CompileJob& job, const NewLink& link, ast::IdConvention convention) -> std::optional<LinkedPolicy> {
  ast::Link added{.template_id = job.interner.Intern(link.template_id),
                  .new_id = job.interner.Intern(link.new_id),
                  .principal = ReadSlotValue(job, link.principal),
                  .resource = ReadSlotValue(job, link.resource)};
  if (job.sink.has_errors()) return std::nullopt;
  job.ast.links.push_back(added);
  if (!CompileProgram(job, convention)) return std::nullopt;
  const auto ids = StatementIds(job, convention);
  const auto statement = static_cast<size_t>(std::ranges::find(ids, link.template_id) - ids.begin());
  return LinkedPolicy{.text = PrintLinked(job, statement, added), .json = LinkJson(job, added)};
}

auto AppendLink(const std::string& path, const std::string& link_json, const Limits& limits) -> Expected<void> {
  auto links = nlohmann::ordered_json::array();
  if (std::filesystem::exists(path)) {
    const auto text = ReadTextFile(path, limits.max_json_bytes);
    if (!text) return std::unexpected(text.error());
    links = nlohmann::ordered_json::parse(*text, nullptr, false);
    if (!links.is_array()) {
      return std::unexpected(
          Error{.code = "invalid-links", .message = "`" + path + "` is not a JSON array of links", .pointer = {}, .help = {}});
    }
  }
  links.push_back(nlohmann::ordered_json::parse(link_json));
  return WriteTextFile(path, links.dump(2) + "\n");
}

}  // namespace remit
