// Default mappings as a table, then resolving, then who the subject may be.
#include "runtime/server/authzen/mcp.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace remit::coaz {
namespace {

constexpr int kToolDepth = 16;  // of a mapping

auto FailMapping(std::string message) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "mapping-error", .message = std::move(message), .pointer = {}, .help = {}});
}

// What a method is done to, and what of it belongs into the context.
struct DefaultRow {
  std::string_view method;
  std::string_view type;
  std::string_view id;  // an expression; empty: this server
  std::string_view context = {};  // one more member
  std::string_view value = {};  // its expression
};
// clang-format off
constexpr std::array kDefaults = {
    DefaultRow{"initialize",            "mcp_server", {},              "protocol_version", "$params.protocolVersion"},
    DefaultRow{"tools/list",            "mcp_server", {}},
    DefaultRow{"tools/call",            "tool",       "$params.name"},
    DefaultRow{"resources/list",        "mcp_server", {}},
    DefaultRow{"resources/read",        "resource",   "$params.uri"},
    DefaultRow{"resources/subscribe",   "resource",   "$params.uri"},
    DefaultRow{"resources/unsubscribe", "resource",   "$params.uri"},
    DefaultRow{"prompts/list",          "mcp_server", {}},
    DefaultRow{"prompts/get",           "prompt",     "$params.name"},
    DefaultRow{"completion/complete",   "$params.ref.type == 'ref/prompt' ? 'prompt' : 'resource'",
                                                      "$params.ref.type == 'ref/prompt' ? params.ref.name : params.ref.uri"},
    DefaultRow{"logging/setLevel",      "mcp_server", {},              "level",            "$params.level"},
    DefaultRow{"tasks/get",             "task",       "$params.taskId"},
    DefaultRow{"tasks/result",          "task",       "$params.taskId"},
    DefaultRow{"tasks/cancel",          "task",       "$params.taskId"},
    DefaultRow{"tasks/list",            "mcp_server", {}},
};
// clang-format on

auto IsPassed(std::string_view method) -> bool { return method == "ping" || method.starts_with("notifications/"); }

class Mapper {
 public:
  explicit Mapper(const McpMessage& given) : given_(given) {
    variables_["params"] = given.message.value("params", Json::object());
    variables_["token"] = given.token;
  }

  auto Run() -> Expected<McpRequest> {
    const auto method = given_.message.find("method");
    if (method == given_.message.end() || !method->is_string()) return FailMapping("the message has no method");
    const auto& name = method->get_ref<const std::string&>();
    if (IsPassed(name)) return McpRequest{.next = McpNext::Pass};
    const auto* claim = FindClaim();
    if (claim == nullptr) return FailMapping(fmt::format("the token has no `{}` that is a text", given_.identity_claim));
    if (given_.mapping != nullptr && name == "tools/call") return RunDeclared(*given_.mapping, *claim);
    const auto* row = std::ranges::find(kDefaults, name, &DefaultRow::method);
    return row == kDefaults.end() ? McpRequest{.next = McpNext::Deny} : RunDefault(*row, *claim);
  }

 private:
  auto FindClaim() const -> const Json* {
    const auto it = given_.token.find(given_.identity_claim);
    return it != given_.token.end() && it->is_string() ? &*it : nullptr;
  }

  // ---- default mappings

  auto RunDefault(const DefaultRow& row, const Json& claim) -> Expected<McpRequest> {
    Json mapping = {{"subject", {{"type", "identity"}, {"id", claim}}},
                    {"action", {{"name", row.method}}},
                    {"resource", {{"type", row.type}}},
                    {"context", {{"agent", "$token.?client_id"}}}};
    if (!row.context.empty()) mapping["context"][std::string(row.context)] = row.value;
    if (row.id.empty()) {
      auto server = FindServer();
      if (!server) return std::unexpected(server.error());
      mapping["resource"]["id"] = Escaped(*server);
    } else {
      mapping["resource"]["id"] = row.id;
    }
    mapping["subject"]["id"] = Escaped(claim.get_ref<const std::string&>());
    return Finish(mapping, false, true);
  }

  // A text that is a literal whatever it begins with.
  static auto Escaped(const std::string& text) -> std::string { return text.starts_with('$') ? "$" + text : text; }

  // Exactly one identifier: the deployment's, or the token's audience if there is one.
  auto FindServer() const -> Expected<std::string> {
    if (!given_.server.empty()) return std::string(given_.server);
    const auto audience = given_.token.find("aud");
    if (audience != given_.token.end() && audience->is_string()) return audience->get<std::string>();
    const bool is_single = audience != given_.token.end() && audience->is_array() && audience->size() == 1 && (*audience)[0].is_string();
    if (is_single) return (*audience)[0].get<std::string>();
    return FailMapping("the token does not say which server it is for, and nobody else does");
  }

  // ---- declared mappings

  auto RunDeclared(const Json& declared, const Json& claim) -> Expected<McpRequest> {
    if (!declared.is_object() || declared.size() != 1) return FailMapping("a mapping has one member, `evaluation` or `evaluations`");
    const auto& envelope = declared.begin().key();
    const bool is_batch = envelope == "evaluations";
    if (!is_batch && envelope != "evaluation") return FailMapping("a mapping has one member, `evaluation` or `evaluations`");
    Json mapping = declared.begin().value();
    if (!mapping.is_object()) return FailMapping(fmt::format("`{}` is no object", envelope));
    if (is_batch) {
      if (auto checked = CheckEntries(mapping); !checked) return std::unexpected(checked.error());
    }
    bool is_anchored = true;
    if (auto anchored = Anchor(mapping["subject"], claim, is_anchored); !anchored) return std::unexpected(anchored.error());
    return Finish(mapping, is_batch, is_anchored);
  }

  // One subject for all entries, so that none is smuggled in.
  static auto CheckEntries(const Json& mapping) -> Expected<void> {
    const auto entries = mapping.find("evaluations");
    if (entries == mapping.end() || !entries->is_array() || entries->empty()) return FailMapping("`evaluations` is no list of evaluations");
    for (const auto& entry : *entries) {
      if (!entry.is_object()) return FailMapping("an evaluation is no object");
      if (entry.contains("subject")) return FailMapping("an evaluation must not have a subject of its own");
    }
    return {};
  }

  // The subject's id is the claim's, also where the mapping says so by the usual name of the claim, unless it takes the id from elsewhere.
  auto Anchor(Json& subject, const Json& claim, bool& is_anchored) -> Expected<void> {
    if (subject.is_null()) subject = Json::object();
    if (!subject.is_object()) return FailMapping("`subject` is no object");
    if (!subject.contains("type")) subject["type"] = "identity";
    const bool is_claim =
        !subject.contains("id") || subject["id"] == "$token.sub" || subject["id"] == fmt::format("$token.{}", given_.identity_claim);
    if (is_claim) {
      subject["id"] = Escaped(claim.get_ref<const std::string&>());
      return {};
    }
    auto resolved = Resolve(subject["id"], 0);
    if (!resolved) return std::unexpected(resolved.error());
    is_anchored = *resolved && **resolved == claim;
    return {};
  }

  // ---- resolving

  auto Finish(const Json& mapping, bool is_batch, bool is_anchored) -> Expected<McpRequest> {
    auto resolved = Resolve(mapping, 0);
    if (!resolved) return std::unexpected(resolved.error());
    auto& request = **resolved;
    if (auto complete = CheckComplete(request, is_batch); !complete) return std::unexpected(complete.error());
    return McpRequest{.next = McpNext::Ask, .is_batch = is_batch, .request = std::move(request), .is_anchored = is_anchored};
  }

  // None: absent, and the member with it.
  auto Resolve(const Json& value, int depth) -> Expected<std::optional<Json>> {
    if (depth > kToolDepth) return FailMapping("a mapping is nested too deeply");
    if (value.is_string()) return ResolveText(value.get_ref<const std::string&>());
    if (value.is_array()) {
      Json list = Json::array();
      for (const auto& each : value) {
        auto resolved = Resolve(each, depth + 1);
        if (!resolved) return resolved;
        if (*resolved) list.push_back(std::move(**resolved));
      }
      return std::optional(std::move(list));
    }
    if (!value.is_object()) return std::optional(value);
    Json object = Json::object();
    for (const auto& [key, each] : value.items()) {
      auto resolved = Resolve(each, depth + 1);
      if (!resolved) return resolved;
      if (*resolved) object[key] = std::move(**resolved);
    }
    return std::optional(std::move(object));
  }

  auto ResolveText(const std::string& text) -> Expected<std::optional<Json>> {
    if (!text.starts_with('$')) return std::optional(Json(text));
    if (text.starts_with("$$")) return std::optional(Json(text.substr(1)));
    constexpr size_t kMostExpressions = 256;
    if (++expressions_ > kMostExpressions) return FailMapping("a mapping has too many expressions");
    auto value = EvaluateCel(std::string_view(text).substr(1), variables_);
    if (!value) return FailMapping(fmt::format("expression `{}` failed: {}", text.substr(0, 200), value.error().message));
    return value;
  }

  static auto HasTexts(const Json& request, const char* part, std::initializer_list<const char*> keys) -> bool {
    const auto it = request.find(part);
    return it != request.end() && it->is_object() &&
           std::ranges::all_of(keys, [&](const char* key) { return it->contains(key) && (*it)[key].is_string(); });
  }

  static auto CheckComplete(const Json& request, bool is_batch) -> Expected<void> {
    const auto check = [](const Json& entry, const Json& defaults) -> Expected<void> {
      const auto of = [&](const char* part) -> const Json& { return entry.contains(part) ? entry : defaults; };
      if (!HasTexts(of("subject"), "subject", {"type", "id"})) return FailMapping("the subject has no type or no id that is a text");
      if (!HasTexts(of("action"), "action", {"name"})) return FailMapping("the action has no name that is a text");
      if (!HasTexts(of("resource"), "resource", {"type", "id"})) return FailMapping("the resource has no type or no id that is a text");
      return {};
    };
    if (!is_batch) return check(request, request);
    for (const auto& entry : request["evaluations"]) {
      if (auto checked = check(entry, request); !checked) return checked;
    }
    return {};
  }

  const McpMessage& given_;
  Variables variables_;
  size_t expressions_ = 0;
};

}  // namespace

auto MapMcp(const McpMessage& message) -> Expected<McpRequest> {
  if (!message.message.is_object() || !message.token.is_object()) return FailMapping("message and token must be objects");
  return Mapper(message).Run();
}

}  // namespace remit::coaz
