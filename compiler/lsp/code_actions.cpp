// Code actions: the linter's fixes, what a message meant to suggest, comments that allow a finding, and a statement as a test.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/lsp/features.h"
#include "compiler/lsp/run_tests.h"
#include "compiler/lsp/test_skeleton.h"
#include "compiler/lsp/tokens.h"
#include "compiler/lsp/uri.h"

namespace remit::lsp {
namespace {

class ActionList {
 public:
  ActionList(Session& session, const Target& target, TextRange wanted, const Json& only)
      : session_(session), target_(target), wanted_(wanted), only_(only) {}

  void Run() {
    for (const auto& note : target_.file->notes) {
      if (note.range.begin > wanted_.end || note.range.end < wanted_.begin) continue;
      Fix(note);
      Suggestion(note);
      Allow(note);
    }
    FixAll();
    SaveAsTest();
  }
  auto Take() -> Json { return std::move(actions_); }

 private:
  auto IsWanted(std::string_view kind) const -> bool {
    if (!only_.is_array()) return true;
    return std::ranges::any_of(only_, [&](const Json& each) {
      const auto prefix = each.get<std::string>();
      return kind == prefix || kind.starts_with(prefix + ".");
    });
  }

  auto EditJson(TextRange range, std::string_view text) const -> Json {
    return {{"range", RangeJson(session_, target_.document->text, range)}, {"newText", text}};
  }
  auto NoteJson(const Note& note) const -> Json {
    return {{"range", RangeJson(session_, target_.document->text, note.range)},
            {"code", note.code},
            {"source", "remit"},
            {"message", note.help.empty() ? note.message : note.message + "\nhelp: " + note.help}};
  }
  void Add(std::string title, std::string_view kind, Json edits, const Note* note, bool is_preferred) {
    if (!IsWanted(kind)) return;
    Json action = {{"title", std::move(title)}, {"kind", kind}, {"edit", {{"changes", {{target_.document->uri, std::move(edits)}}}}}};
    if (note != nullptr) action["diagnostics"] = Json::array({NoteJson(*note)});
    if (is_preferred) action["isPreferred"] = true;
    actions_.push_back(std::move(action));
  }

  auto FixEdits(const Note& note) const -> Json {
    Json edits = Json::array();
    for (const auto& edit : note.fix) edits.push_back(EditJson(edit.range, edit.text));
    return edits;
  }
  void Fix(const Note& note) {
    if (!note.fix.empty()) Add("fix: " + note.message, "quickfix", FixEdits(note), &note, true);
  }

  // "did you mean `x`?", in the place of the word it is about.
  void Suggestion(const Note& note) {
    constexpr std::string_view kQuestion = "did you mean `";
    const auto begin = note.help.find(kQuestion);
    if (begin == std::string::npos) return;
    const auto from = begin + kQuestion.size();
    const auto end = note.help.find("`?", from);
    if (end == std::string::npos) return;
    const auto meant = note.help.substr(from, end - from);
    if (const auto range = WordToReplace(note, meant)) {
      Add(fmt::format("change to `{}`", meant), "quickfix", Json::array({EditJson(*range, meant)}), &note, true);
    }
  }

  // What a message says is wrong is what it quotes first.
  auto WordToReplace(const Note& note, const std::string& meant) const -> std::optional<TextRange> {
    const auto open = note.message.find('`');
    const auto close = note.message.find('`', open + 1);
    if (open == std::string::npos || close == std::string::npos) return std::nullopt;
    auto wrong = std::string_view(note.message).substr(open + 1, close - open - 1);
    const auto text = target_.document->text.text().substr(note.range.begin, note.range.end - note.range.begin);
    auto at = text.rfind(wrong);
    // An entity is quoted whole where only its id is suggested.
    if (meant.starts_with('"') && wrong.find('"') != std::string_view::npos) {
      wrong = wrong.substr(wrong.find('"'));
      at = text.rfind(wrong);
    }
    if (at == std::string_view::npos) return std::nullopt;
    const auto begin = note.range.begin + static_cast<uint32_t>(at);
    return TextRange{.begin = begin, .end = begin + static_cast<uint32_t>(wrong.size())};
  }

  // A comment on a line of its own above the statement, or above the line in a schema.
  void Allow(const Note& note) {
    const bool can = note.is_finding && !note.code.ends_with("-allow") && note.code != "allow-without-reason";
    if (!can) return;
    auto begin = note.range.begin;
    if (const auto statement = target_.project->StatementAt(*target_.file, note.range.begin)) {
      begin = target_.project->PlaceOf(target_.project->ast().statements[*statement].span).range.begin;
    }
    const auto text = target_.document->text.text();
    const auto line = begin == 0 ? 0 : static_cast<uint32_t>(text.rfind('\n', begin - 1) + 1);
    const auto indent = text.substr(line, text.find_first_not_of(" \t", line) - line);
    const auto comment = fmt::format("{}// remit: allow({}) \n", line + indent.size() <= begin ? indent : "", note.code);
    Add(fmt::format("allow `{}` here, with a reason", note.code), "quickfix",
        Json::array({EditJson({.begin = line, .end = line}, comment)}), &note, false);
  }

  void FixAll() {
    Json edits = Json::array();
    std::vector<TextRange> taken;
    for (const auto& note : target_.file->notes) {
      const auto touches = [&](const NoteEdit& edit) {
        return std::ranges::any_of(taken, [&](TextRange range) { return edit.range.begin <= range.end && range.begin <= edit.range.end; });
      };
      if (note.fix.empty() || std::ranges::any_of(note.fix, touches)) continue;
      for (const auto& edit : note.fix) {
        taken.push_back(edit.range);
        edits.push_back(EditJson(edit.range, edit.text));
      }
    }
    if (!edits.empty()) Add("fix all that is safe to fix in this file", "source.fixAll", std::move(edits), nullptr, false);
  }

  // The request is made up from the schema, the outcome is what comes out now.
  void SaveAsTest() {
    const auto statement = target_.project->StatementAt(*target_.file, wanted_.begin);
    if (!statement || !IsWanted("refactor.rewrite")) return;
    const PolicyView view(*target_.project);
    const auto skeleton = TestSkeleton(view, *statement);
    if (!skeleton) return;
    const auto run =
        RunTests(*target_.project, [&](std::string_view title) { return skeleton->find(title) != std::string::npos; }, *skeleton);
    const auto text = "\n" + (run ? run->text : *skeleton);
    AddTest(text);
  }

  void AddTest(const std::string& text) {
    auto path = target_.document->key;
    const bool is_test_file = path.ends_with(".test.remit");
    if (!is_test_file) path = path.substr(0, path.rfind('.')) + ".test.remit";
    const auto* file = session_.workspace.FindByKey(path);
    const std::string title = "save as test";
    Json action = {{"title", title}, {"kind", "refactor.rewrite"}};
    if (file != nullptr) {
      const auto end = static_cast<uint32_t>(file->text.text().size());
      const Json edit = {{"range", RangeJson(session_, file->text, {.begin = end, .end = end})}, {"newText", text}};
      action["edit"] = {{"changes", {{file->uri, Json::array({edit})}}}};
    } else if (session_.has_document_changes && path.starts_with('/')) {
      const Json start = {{"start", PositionJson({})}, {"end", PositionJson({})}};
      const auto uri = UriOfPath(path);
      action["edit"] = {{"documentChanges", Json::array({{{"kind", "create"}, {"uri", uri}, {"options", {{"ignoreIfExists", true}}}},
                                                         {{"textDocument", {{"uri", uri}, {"version", nullptr}}},
                                                          {"edits", Json::array({{{"range", start}, {"newText", text.substr(1)}}})}}})}};
    } else {
      return;
    }
    actions_.push_back(std::move(action));
  }

  Session& session_;
  const Target& target_;
  TextRange wanted_;
  const Json& only_;
  Json actions_ = Json::array();
};

}  // namespace

auto CodeActions(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const auto wanted = ReadRange(session, target.document->text, params.at("range"));
  const auto only = params.value("/context/only"_json_pointer, Json());
  ActionList list(session, target, wanted, only);
  list.Run();
  return list.Take();
}

}  // namespace remit::lsp
