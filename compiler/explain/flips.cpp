#include "compiler/explain/flips.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compiler/explain/suggestions.h"
#include "runtime/base/json_depth.h"

namespace remit::explain {
namespace {

constexpr std::string_view kExecute = "execute";
constexpr size_t kMostCandidates = 300;

auto Plain(const Json& json) -> std::string { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

auto VariableName(ast::Var variable) -> std::string {
  switch (variable) {
    case ast::Var::Principal: return "principal";
    case ast::Var::Action: return "action";
    case ast::Var::Resource: return "resource";
    case ast::Var::Context: return "context";
  }
  return "";
}

// {"type", "id"}, under `__entity` or not; texts are left alone.
auto UidOf(const Json& json) -> const Json* {
  if (!json.is_object()) return nullptr;
  const auto inner = json.find("__entity");
  const Json& uid = inner == json.end() ? json : *inner;
  return uid.is_object() && uid.contains("type") && uid.contains("id") ? &uid : nullptr;
}

auto SameUid(const Json& a, const Json& b) -> bool {
  const auto* x = UidOf(a);
  const auto* y = UidOf(b);
  return x != nullptr && y != nullptr && (*x)["type"] == (*y)["type"] && (*x)["id"] == (*y)["id"];
}

auto FindEntity(const Json& list, const Json& uid) -> const Json* {
  for (const auto& entity : list) {
    if (entity.is_object() && entity.contains("uid") && SameUid(entity["uid"], uid)) return &entity;
  }
  return nullptr;
}

class FlipSearch {
 public:
  explicit FlipSearch(const FlipInput& input) : input_(input), request_(Read(input.request)), entities_(Read(input.entities)) {}

  auto Run() -> Flips {
    const auto now = request_.is_object() ? Decide(request_) : std::string();
    if (now.empty()) return std::move(flips_);
    was_executed_ = now == kExecute;
    Collect();
    flips_.candidates = candidates_.size();
    for (size_t i = 0; i < candidates_.size() && HasTime(); ++i) Try({i});
    for (size_t i = 0; i < candidates_.size() && flips_.found.empty() && HasTime(); ++i) {
      for (size_t j = i + 1; j < candidates_.size() && flips_.found.size() < kMostFlips && HasTime(); ++j) Try({i, j});
    }
    return std::move(flips_);
  }

 private:
  static auto Read(std::string_view text) -> Json {
    constexpr size_t kDepth = 512;
    if (!IsShallowJson(text, kDepth)) return {};
    return Json::parse(text, nullptr, false);
  }

  auto HasTime() -> bool {
    if (flips_.found.size() >= kMostFlips) return false;
    if (flips_.tried < kMostDecisions) return true;
    flips_.is_exhausted = false;
    return false;
  }

  auto Decide(const Json& request) -> std::string {
    ++flips_.tried;
    const auto outcome = input_.decide(Plain(request));
    return outcome ? *outcome : "";
  }

  void Collect() {
    const auto ids = ast::AssignIds(input_.job.ast, input_.job.interner, ast::IdConvention::Remit);
    std::set<std::string> seen;
    for (size_t i = 0; i < ids.size(); ++i) {
      if (std::ranges::find(input_.statements, ids[i]) == input_.statements.end()) continue;
      for (auto& suggestion : Suggest(input_.job.ast, input_.job.ast.statements[i], input_.job.interner)) {
        const auto key = fmt::format("{} {} {} {} {}", VariableName(suggestion.variable), fmt::join(suggestion.path, "\n"),
                                     Plain(suggestion.value), suggestion.is_member, suggestion.is_absent);
        if (!seen.insert(key).second) continue;
        if (candidates_.size() == kMostCandidates)
          flips_.is_exhausted = false;
        else
          candidates_.push_back(std::move(suggestion));
      }
    }
  }

  void Try(const std::vector<size_t>& chosen) {
    Json request = request_;
    Flip flip;
    for (const size_t i : chosen) {
      const auto change = Apply(candidates_[i], request);
      if (!change) return;
      flip.changes.push_back(*change);
    }
    // Two values of one attribute are one change.
    if (flip.changes.size() == 2 && flip.changes[0].what == flip.changes[1].what) return;
    flip.outcome = Decide(request);
    if (flip.outcome.empty() || (flip.outcome == kExecute) == was_executed_) return;
    flips_.found.push_back(std::move(flip));
  }

  // None where it changes nothing, or has nothing to change.
  auto Apply(const Suggestion& suggestion, Json& request) const -> std::optional<Change> {
    const auto variable = VariableName(suggestion.variable);
    const auto what = suggestion.path.empty() ? variable : fmt::format("{}.{}", variable, fmt::join(suggestion.path, "."));
    if (suggestion.variable == ast::Var::Context) {
      if (!request.contains("context")) request["context"] = Json::object();
      return Set(request["context"], suggestion, what);
    }
    Json* entity = OwnEntity(request, variable);
    if (entity == nullptr) return std::nullopt;
    if (suggestion.path.empty()) return ToggleParent(*entity, suggestion.value, what);
    if (!entity->contains("attrs")) (*entity)["attrs"] = Json::object();
    return Set((*entity)["attrs"], suggestion, what);
  }

  // The entity among the request's own, where it takes the place of what is known of it.
  auto OwnEntity(Json& request, const std::string& variable) const -> Json* {
    const auto* uid = request.contains(variable) ? UidOf(request[variable]) : nullptr;
    if (uid == nullptr) return nullptr;
    const Json name = *uid;
    if (!request.contains("entities")) request["entities"] = Json::array();
    Json& own = request["entities"];
    if (const Json* there = FindEntity(own, name)) return const_cast<Json*>(there);
    const Json* known = FindEntity(entities_, name);
    own.push_back(known != nullptr ? *known : Json{{"uid", name}, {"attrs", Json::object()}, {"parents", Json::array()}});
    return &own.back();
  }

  static auto ToggleParent(Json& entity, const Json& group, const std::string& what) -> std::optional<Change> {
    if (!entity.contains("parents")) entity["parents"] = Json::array();
    Json& parents = entity["parents"];
    const auto place = std::ranges::find_if(parents, [&](const Json& parent) { return SameUid(parent, group); });
    if (place != parents.end()) {
      parents.erase(place);
      return Change{.what = what + " in", .before = Plain(group), .after = {}};
    }
    parents.push_back(group);
    return Change{.what = what + " in", .before = {}, .after = Plain(group)};
  }

  static auto Set(Json& record, const Suggestion& suggestion, const std::string& what) -> std::optional<Change> {
    Json* place = &record;
    for (size_t i = 0; i + 1 < suggestion.path.size(); ++i) {
      if (!place->is_object() || !place->contains(suggestion.path[i])) return std::nullopt;
      place = &(*place)[suggestion.path[i]];
    }
    if (!place->is_object() || UidOf(*place) != nullptr) return std::nullopt;
    const auto& name = suggestion.path.back();
    const bool is_there = place->contains(name);
    Change change = {.what = what, .before = is_there ? Plain((*place)[name]) : "", .after = {}};
    if (suggestion.is_absent) {
      if (!is_there) return std::nullopt;
      place->erase(name);
      return change;
    }
    if (suggestion.is_member) {
      if (!is_there) (*place)[name] = Json::array();
      Json& list = (*place)[name];
      if (!list.is_array()) return std::nullopt;
      const auto member = std::ranges::find(list, suggestion.value);
      if (member != list.end())
        list.erase(member);
      else
        list.push_back(suggestion.value);
    } else {
      if (is_there && (*place)[name] == suggestion.value) return std::nullopt;
      (*place)[name] = suggestion.value;
    }
    change.after = Plain((*place)[name]);
    return change;
  }

  const FlipInput& input_;
  Json request_;
  Json entities_;
  std::vector<Suggestion> candidates_ = {};
  bool was_executed_ = false;
  Flips flips_ = {};
};

}  // namespace

auto FindFlips(const FlipInput& input) -> Flips { return FlipSearch(input).Run(); }

}  // namespace remit::explain
