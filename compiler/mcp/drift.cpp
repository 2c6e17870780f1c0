#include "compiler/mcp/drift.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "compiler/mcp/schema_entries.h"
#include "compiler/schema/schema.h"
#include "compiler/source/excerpt.h"

namespace remit::mcp {
namespace {

struct Row {
  std::string_view code;
  std::string_view message;
};
constexpr std::array kRows = {
#define DRIFT(id, code, message) Row{code, message},
#include "compiler/mcp/drift.def"
#undef DRIFT
};

auto IsPartOf(std::string_view name, std::string_view owner) -> bool {
  if (owner.empty() || !name.starts_with(owner) || name.size() == owner.size()) return false;
  return name[owner.size()] == ' ' || name[owner.size()] == '.';
}

// Of the nearest thing that has it as a part and was there before.
auto PlaceOfNew(const SchemaEntries& before, std::string_view name) -> Span {
  while (true) {
    const auto end = name.find_last_of(" .:");
    if (end == std::string_view::npos) return {};
    name = name.substr(0, end);
    if (const auto found = before.find(std::string(name)); found != before.end()) return found->second.span;
  }
}

auto Read(CompileJob& job, const SchemaText& text) -> std::optional<SchemaEntries> {
  auto context = job.parse_context();
  const auto fragment = ReadSchemaFragment(job.sources.Add(text.name, text.text), context);
  if (!fragment) return std::nullopt;
  return ListEntries(*fragment, job.interner);
}

class Comparer {
 public:
  auto Compare(const SchemaEntries& before, const SchemaEntries& after) -> std::vector<Drift> {
    auto old = before.begin();
    auto now = after.begin();
    while (old != before.end() || now != after.end()) {
      const bool gone = now == after.end() || (old != before.end() && old->first < now->first);
      const bool is_new = !gone && (old == before.end() || now->first < old->first);
      if (gone)
        Whole(DriftKind::Removed, gone_,
              {.kind = DriftKind::Removed, .name = old->first, .before = old->second.text, .after = {}, .span = old->second.span});
      else if (is_new)
        Whole(DriftKind::Added, new_,
              {.kind = DriftKind::Added,
               .name = now->first,
               .before = {},
               .after = now->second.text,
               .span = PlaceOfNew(before, now->first)});
      else if (old->second.text != now->second.text) {
        found_.push_back({.kind = DriftKind::Changed,
                          .name = old->first,
                          .before = old->second.text,
                          .after = now->second.text,
                          .span = old->second.span});
      }
      if (!is_new) ++old;
      if (!gone) ++now;
    }
    return std::move(found_);
  }

 private:
  // Parts of what is new or gone are not told again.
  void Whole(DriftKind, std::string& owner, Drift drift) {
    if (IsPartOf(drift.name, owner)) return;
    owner = drift.name;
    found_.push_back(std::move(drift));
  }

  std::vector<Drift> found_;
  std::string gone_;
  std::string new_;
};

}  // namespace

auto DriftCode(DriftKind kind) -> std::string_view { return kRows[static_cast<size_t>(kind)].code; }

auto DriftMessage(const Drift& drift) -> std::string {
  return fmt::format(fmt::runtime(kRows[static_cast<size_t>(drift.kind)].message), drift.name, drift.before, drift.after);
}

auto FindDrift(CompileJob& job, const SchemaText& before, const SchemaText& after) -> std::optional<std::vector<Drift>> {
  const auto old = Read(job, before);
  const auto now = old ? Read(job, after) : std::nullopt;
  if (!now) return std::nullopt;
  return Comparer().Compare(*old, *now);
}

auto FormatDrift(const std::vector<Drift>& drifts, const SourceManager& sources, bool color) -> std::string {
  std::string text;
  const ExcerptColors colors = {.mark = color ? "\033[1;33m" : "", .reset = color ? "\033[0m" : ""};
  for (const auto& drift : drifts) {
    if (drift.span.has_place()) {
      const auto& file = sources.file(drift.span.file);
      const auto place = file.locate(drift.span.begin);
      text += fmt::format("{}:{}:{}: ", file.name(), place.line, place.column);
    }
    text += fmt::format("{}warning{}[{}]: {}\n", colors.mark, colors.reset, DriftCode(drift.kind), DriftMessage(drift));
    if (drift.span.has_place()) text += FormatExcerpt(sources.file(drift.span.file), drift.span, colors);
  }
  return text;
}

auto DriftToJson(const std::vector<Drift>& drifts, const SourceManager& sources) -> std::string {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const auto& drift : drifts) {
    Json json = {{"code", DriftCode(drift.kind)}, {"message", DriftMessage(drift)}, {"name", drift.name}};
    if (!drift.before.empty()) json["before"] = drift.before;
    if (!drift.after.empty()) json["after"] = drift.after;
    if (drift.span.has_place()) {
      const auto& file = sources.file(drift.span.file);
      const auto place = file.locate(drift.span.begin);
      json["file"] = file.name(), json["line"] = place.line, json["column"] = place.column;
    }
    list.push_back(std::move(json));
  }
  return Json{{"drift", std::move(list)}}.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace remit::mcp
