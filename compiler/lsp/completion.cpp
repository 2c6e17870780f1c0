// Completion: what may stand where the cursor is, by the words before it and the schema.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/lsp/features.h"
#include "compiler/lsp/policy_view.h"
#include "compiler/lsp/signatures.h"
#include "runtime/base/text.h"

namespace remit::lsp {
namespace {

// Kinds of the protocol.
enum ItemKind : int {
  kMethod = 2,
  kFunction = 3,
  kField = 5,
  kVariable = 6,
  kClass = 7,
  kProperty = 10,
  kKeyword = 14,
  kSnippet = 15,
  kValue = 12,
  kEnumMember = 20
};

constexpr size_t kMostItems = 2'000;

struct Item {
  std::string label;
  ItemKind kind;
  std::string detail = {};
  std::string documentation = {};
  std::string insert = {};   // the label, if empty
  std::string snippet = {};  // for clients that can
};

auto Quantity(size_t count) -> bool { return count < kMostItems; }

class Completer {
 public:
  Completer(const PolicyView& view, const ProjectFile& file, uint32_t offset, bool has_snippets)
      : view_(view), file_(file), offset_(offset), has_snippets_(has_snippets), text_(file.document->text()) {
    tokens_ = Tokenize(text_.substr(0, offset));
    std::erase_if(tokens_, [&](const Token& each) { return each.kind == TokenKind::Comment && each.end < offset; });
    begin_ = offset;
    if (!tokens_.empty() && tokens_.back().kind == TokenKind::Word && tokens_.back().end == offset) {
      begin_ = tokens_.back().begin;
      tokens_.pop_back();
    }
  }

  auto Run() -> std::vector<Item> {
    if (!tokens_.empty() && tokens_.back().kind == TokenKind::Comment && tokens_.back().end == offset_) {
      Allowances(tokens_.back());
    } else if (InString()) {
      Strings();
    } else {
      Words();
    }
    return std::move(items_);
  }

  auto begin() const -> uint32_t { return begin_; }

 private:
  auto Before(size_t distance) const -> const Token& {
    static const Token kNone = {.kind = TokenKind::Other};
    return distance < tokens_.size() ? tokens_[tokens_.size() - 1 - distance] : kNone;
  }
  void Add(Item item) {
    if (Quantity(items_.size()) && labels_.insert(item.label).second) items_.push_back(std::move(item));
  }
  void AddWords(const std::vector<std::string_view>& words) {
    for (const auto word : words) Add({.label = std::string(word), .kind = kKeyword, .documentation = std::string(KeywordHelp(word))});
  }

  // ---- strings -------------------------------------------------------------------------------------------------------------

  // The cursor is in a literal that is not closed before it.
  auto InString() const -> bool {
    if (tokens_.empty() || tokens_.back().kind != TokenKind::String) return false;
    const auto& last = tokens_.back();
    return last.end == offset_ && (last.text.size() == 1 || !last.text.ends_with('"') || last.text.ends_with("\\\""));
  }

  void Strings() {
    begin_ = tokens_.back().begin + 1;
    tokens_.pop_back();
    if (Before(0).Is("::")) return Ids(PathBefore(1));
    if (Before(0).Is("by") || Before(0).Is(",")) return StatementIds();
  }

  // The name in front of the `::` that is `distance` tokens back.
  auto PathBefore(size_t distance) const -> std::string {
    std::string name;
    for (size_t i = distance; Before(i).kind == TokenKind::Word; i += 2) {
      name = std::string(Before(i).text) + (name.empty() ? "" : "::" + name);
      if (!Before(i + 1).Is("::")) break;
    }
    return name;
  }

  // Of actions and enumerated types; of others, ids that policies mention already.
  void Ids(const std::string& type) {
    const auto* index = view_.index();
    const auto& interner = view_.project().job().interner;
    const auto symbol = interner.Find(type);
    if (index != nullptr) {
      for (const auto& action : index->schema().actions) {
        if (action.uid.type == symbol) Add({.label = EscapeString(interner.text(action.uid.id)), .kind = kEnumMember, .detail = type});
      }
      if (const auto* decl = symbol.has_value() ? index->schema().FindEntityType(symbol) : nullptr) {
        for (const auto id : decl->enumerated_ids) Add({.label = EscapeString(interner.text(id)), .kind = kEnumMember, .detail = type});
      }
    }
    const auto prefix = type + "::\"";
    for (const auto& [path, file] : view_.project().files()) {
      if (file.kind != FileKind::Policies || !Quantity(items_.size())) continue;
      for (const auto& mark : MarkPolicies(file.document->text())) {
        const bool is_other = &file != &file_ || offset_ < mark.begin || offset_ > mark.end;
        if (mark.kind != MarkKind::EntityId || !is_other || !mark.name.starts_with(prefix)) continue;
        Add({.label = mark.name.substr(prefix.size(), mark.name.size() - prefix.size() - 1), .kind = kValue, .detail = type});
      }
    }
  }

  void StatementIds() {
    const auto& ast = view_.project().ast();
    for (size_t i = 0; i < ast.statements.size() && Quantity(items_.size()); ++i) {
      if (std::holds_alternative<ast::Test>(ast.statements[i].body)) continue;
      Add({.label = EscapeString(view_.project().ids()[i]),
           .kind = kValue,
           .detail = std::string(ast::StatementKeyword(ast.statements[i]))});
    }
  }

  // `// remit: allow(` and the codes of rules.
  void Allowances(const Token& comment) {
    const auto open = comment.text.rfind('(');
    if (comment.text.find("remit:") == std::string_view::npos || open == std::string_view::npos) return;
    begin_ = comment.begin + static_cast<uint32_t>(comment.text.find_last_of("(, ") + 1);
    for (const auto& row : lint::AllRules()) {
      Add({.label = std::string(row.code), .kind = kValue, .detail = std::string(row.message), .documentation = std::string(row.why)});
    }
  }

  // ---- words ---------------------------------------------------------------------------------------------------------------

  void Words() {
    const auto& last = Before(0);
    if (last.Is("@")) return Annotations();
    if (last.Is(".")) return Members();
    if (last.Is("::")) return PathEnds();
    if (last.Is("is")) return Types(false);
    if (last.Is("has")) return Guards();
    if (file_.kind == FileKind::Schema) return SchemaWords();
    Outline();
  }

  void Annotations() {
    for (const auto& [name, doc] : {std::pair<std::string, std::string>{"id", "What the statement goes by."},
                                    {"reason", "Why there is this statement."},
                                    {"description", "What it is for."},
                                    {"owner", "Who answers for it."},
                                    {"advice", "What an enforcement point may tell people."},
                                    {"unit", "What a budget counts."},
                                    {"severity", "How bad it is when this decides."},
                                    {"since", "When it came to be."}}) {
      Add({.label = name, .kind = kProperty, .documentation = doc, .insert = name + "(\"\")", .snippet = name + "(\"$1\")$0"});
    }
  }

  // The expression that ends with the token `distance` back: names, members, calls and indices.
  auto ReceiverBefore(size_t distance) const -> std::string_view {
    size_t i = distance;
    std::optional<uint32_t> end;
    uint32_t begin = 0;
    while (i < tokens_.size()) {
      const auto& token = Before(i);
      if (!end) end = token.end;
      if (token.Is(")") || token.Is("]")) {
        size_t depth = 0;
        for (; i < tokens_.size(); ++i) {
          if (Before(i).Is(")") || Before(i).Is("]")) ++depth;
          if ((Before(i).Is("(") || Before(i).Is("[")) && --depth == 0) break;
        }
        begin = Before(i).begin;
        const auto& ahead = Before(i + 1);
        const bool goes_on = ahead.kind == TokenKind::Word || ahead.Is(")") || ahead.Is("]");
        if (!goes_on || IsExpressionWord(ahead.text)) break;
        ++i;
        continue;
      }
      if (token.kind != TokenKind::Word && token.kind != TokenKind::String) return {};
      begin = token.begin;
      if (!Before(i + 1).Is(".") && !Before(i + 1).Is("::")) break;
      i += 2;
    }
    return end ? text_.substr(begin, *end - begin) : std::string_view();
  }
  static auto IsExpressionWord(std::string_view word) -> bool { return IsOneOf(word, {"if", "then", "else", "in", "has", "like", "is"}); }

  void States(ast::StateKind kind) {
    const auto& ast = view_.project().ast();
    for (const auto& statement : ast.statements) {
      const auto& interner = view_.project().job().interner;
      const auto* budget = std::get_if<ast::Budget>(&statement.body);
      const auto* breaker = std::get_if<ast::Breaker>(&statement.body);
      if (budget != nullptr && kind == ast::StateKind::Budget)
        Add({.label = std::string(interner.text(budget->name)), .kind = kVariable, .detail = "budget"});
      if (breaker != nullptr && kind == ast::StateKind::Breaker)
        Add({.label = std::string(interner.text(breaker->name)), .kind = kVariable, .detail = "breaker"});
    }
  }

  void Members() {
    const bool is_first = !Before(2).Is(".");
    if (is_first && Before(1).Is("budget")) return States(ast::StateKind::Budget);
    if (is_first && Before(1).Is("breaker")) return States(ast::StateKind::Breaker);
    if (Before(2).Is(".") && !Before(4).Is(".")) {
      if (Before(3).Is("budget")) return AddWordsAs({"used", "charge", "after", "limit", "remaining"}, kField);
      if (Before(3).Is("breaker")) return AddWordsAs({"open"}, kField);
    }
    const auto shapes = view_.ShapesOfText(ReceiverBefore(1), view_.SubjectsAt(file_, offset_));
    Fields(shapes);
    Methods(shapes);
  }
  void AddWordsAs(const std::vector<std::string_view>& words, ItemKind kind) {
    for (const auto word : words) Add({.label = std::string(word), .kind = kind});
  }

  void Fields(const Shapes& shapes) {
    const auto* index = view_.index();
    if (index == nullptr) return;
    const auto& interner = view_.project().job().interner;
    for (const auto& field : index->FieldsOf(shapes)) {
      const auto name = interner.text(field.declaration->name.text);
      std::string documentation;
      for (const auto& annotation : field.declaration->annotations) {
        if (interner.text(annotation.key) == "doc" && annotation.value) documentation = interner.text(*annotation.value);
      }
      if (!IsIdentifier(name)) continue;
      Add({.label = std::string(name),
           .kind = kField,
           .detail = index->Describe(field.shapes) + (field.declaration->required ? "" : " (optional)"),
           .documentation = std::move(documentation)});
    }
  }

  // Those of the receiver's type; all, where that is not known.
  void Methods(const Shapes& shapes) {
    const auto fits = [&](const Signature& each) {
      if (shapes.empty()) return true;
      return std::ranges::any_of(shapes, [&](const Shape& shape) {
        switch (shape.form) {
          case Shape::Form::Builtin: return each.receiver == shape.kind;
          case Shape::Form::Entity: return each.receiver == Kind::Entity;
          case Shape::Form::Set: return each.receiver == Kind::Set;
          case Shape::Form::Record: return false;
        }
        return false;
      });
    };
    for (const auto& each : AllSignatures()) {
      if (each.is_method && fits(each)) AddCall(each, kMethod);
    }
  }
  void AddCall(const Signature& each, ItemKind kind) {
    const bool has_arguments = !each.parameters.empty();
    Add({.label = each.name,
         .kind = kind,
         .detail = each.label,
         .documentation = each.documentation,
         .insert = each.name,
         .snippet = has_arguments ? each.name + "($1)$0" : each.name + "()"});
  }

  // What may follow `A::`: longer names, and ids in quotes.
  void PathEnds() {
    const auto* index = view_.index();
    const auto path = PathBefore(1);
    if (index == nullptr) return;
    for (const auto& [name, entry] : index->entities()) {
      if (name.starts_with(path + "::")) Add({.label = name.substr(path.size() + 2), .kind = kClass, .detail = "entity"});
    }
    const auto& interner = view_.project().job().interner;
    for (const auto& action : index->schema().actions) {
      const auto type = interner.text(action.uid.type);
      if (type == path) Add({.label = QuoteString(interner.text(action.uid.id)), .kind = kEnumMember, .detail = "action"});
      if (type.starts_with(path + "::")) Add({.label = std::string(type.substr(path.size() + 2)), .kind = kClass, .detail = "action"});
    }
    const auto symbol = interner.Find(path);
    const auto* decl = symbol.has_value() ? index->schema().FindEntityType(symbol) : nullptr;
    for (size_t i = 0; decl != nullptr && i < decl->enumerated_ids.size(); ++i) {
      Add({.label = QuoteString(interner.text(decl->enumerated_ids[i])), .kind = kEnumMember, .detail = path});
    }
  }

  void Types(bool with_actions) {
    const auto* index = view_.index();
    if (index == nullptr) return;
    for (const auto& [name, entry] : index->entities()) Add({.label = name, .kind = kClass, .detail = "entity"});
    for (const auto& [name, entry] : index->actions()) {
      if (with_actions) Add({.label = name, .kind = kEnumMember, .detail = "action"});
    }
  }

  void Guards() {
    if (Before(1).Is("budget")) return States(ast::StateKind::Budget);
    if (Before(1).Is("breaker")) return States(ast::StateKind::Breaker);
    Fields(view_.ShapesOfText(ReceiverBefore(1), view_.SubjectsAt(file_, offset_)));
  }

  void SchemaWords() {
    AddWords({"namespace", "entity", "action", "type", "in", "enum", "tags", "appliesTo", "principal", "resource", "context", "Set"});
    for (const auto& each : {Kind::Bool, Kind::Long, Kind::String, Kind::Ip, Kind::Decimal, Kind::Datetime, Kind::Duration}) {
      Add({.label = BuiltinName(each), .kind = kClass, .detail = "built in"});
    }
    const auto* index = view_.index();
    if (index == nullptr) return;
    for (const auto& [name, entry] : index->entities()) Add({.label = name, .kind = kClass, .detail = "entity"});
    for (const auto& [name, entry] : index->common_types()) Add({.label = name, .kind = kClass, .detail = "type"});
  }

  // By how many brackets are open since the statement began, and of which one.
  void Outline() {
    std::vector<char> brackets;
    std::string_view keyword;
    std::string_view step;
    for (const auto& token : tokens_) {
      if (token.kind == TokenKind::Comment) continue;
      if (token.Is("(") || token.Is("{") || token.Is("[")) brackets.push_back(token.text[0]);
      if ((token.Is(")") || token.Is("}") || token.Is("]")) && !brackets.empty()) brackets.pop_back();
      if ((token.Is(";") && keyword != "test") || (token.Is("}") && keyword == "test" && brackets.empty())) keyword = {}, brackets.clear();
      if (token.Is(";") || token.Is("{")) step = {};
      if (token.kind != TokenKind::Word) continue;
      if (keyword.empty() && brackets.empty() && IsOneOf(token.text, StatementWords())) keyword = token.text;
      if (keyword == "test" && brackets.size() == 1 && step.empty() && IsOneOf(token.text, StepWords())) step = token.text;
    }
    if (keyword.empty()) return Statements();
    if (brackets.empty()) return Clauses(keyword);
    if (keyword == "test" && brackets.size() == 1) return Steps(step);
    if (keyword != "test" && brackets.size() == 1 && brackets[0] == '(') return Scope();
    Expressions();
  }

  void Statements() {
    AddWords(StatementWords());
    static const std::vector<std::pair<std::string, std::string>> kSnippets = {
        {"permit", "permit (\n  principal${1},\n  action == Action::\"${2}\",\n  resource\n)${3:\nwhen { ${4} \\}};$0"},
        {"forbid", "forbid (\n  principal${1},\n  action == Action::\"${2}\",\n  resource\n)\nwhen { ${3} };$0"},
        {"escalate",
         "escalate (principal, action == Action::\"${1}\", resource)\nwhen { ${2} }\napproval { by: [${3}], expires: "
         "duration(\"${4:15m}\") };$0"},
        {"budget",
         "budget ${1:name} (principal, action == Action::\"${2}\", resource)\n  per { ${3:principal} }\n  limit { ${4:100} } each "
         "${5:day};$0"},
        {"test", "test \"${1}\" {\n  request (${2}, ${3}, ${4});\n  expect ${5:execute};\n}$0"}};
    if (!has_snippets_) return;
    for (const auto& [name, body] : kSnippets) Add({.label = name + " ..", .kind = kSnippet, .insert = name, .snippet = body});
  }

  void Clauses(std::string_view keyword) {
    AddWords({"when", "unless"});
    if (keyword == "permit" || keyword == "escalate" || keyword == "restrict") AddWords({"oblige"});
    if (keyword == "escalate") AddWords({"approval"});
    if (keyword == "restrict") AddWords({"to", "observe", "draft", "deny"});
    if (keyword == "budget") {
      AddWords({"charge",    "per",      "limit",    "each",     "within", "refill",  "concurrent", "hold",
                "unsettled", "release",  "exceeded", "hour",     "day",    "week",    "month",      "in",
                "deny",      "restrict", "escalate", "approval", "to",     "observe", "draft"});
    }
    if (keyword == "breaker") {
      AddWords(
          {"per", "trip", "within", "cooldown", "probe", "open", "deny", "restrict", "escalate", "approval", "to", "observe", "draft"});
    }
    if (keyword == "assert") AddWords({"never", "always", "or", "deny", "observe", "draft", "approve", "execute"});
  }

  void Steps(std::string_view step) {
    if (step.empty()) return AddWords(StepWords());
    if (step == "expect") AddWords({"deny", "observe", "draft", "approve", "execute", "by", "budget"});
    if (step == "expect" && Before(0).Is("budget")) return States(ast::StateKind::Budget);
    if (step == "settle") AddWords({"success", "failure", "not_dispatched"});
    if (step == "entity") AddWords({"in", "tags"});
    if (step == "request") AddWords({"with", "for"});
    if (step == "approve" || step == "deny") AddWords({"by", "in", "for"});
    Types(false);
  }

  void Scope() {
    AddWords({"principal", "action", "resource", "in", "is"});
    for (const auto slot : {"?principal", "?resource"}) Add({.label = slot, .kind = kVariable, .detail = "slot"});
    Types(true);
  }

  void Expressions() {
    for (const auto name : {"principal", "action", "resource", "context"}) Add({.label = name, .kind = kVariable});
    AddWords({"true", "false", "if", "then", "else", "in", "has", "like", "is", "budget", "breaker"});
    for (const auto& each : AllSignatures()) {
      if (!each.is_method) AddCall(each, kFunction);
    }
    Types(true);
  }

  const PolicyView& view_;
  const ProjectFile& file_;
  uint32_t offset_;
  bool has_snippets_;
  std::string_view text_;
  std::vector<Token> tokens_;  // before the word that is being written
  uint32_t begin_ = 0;         // of that word
  std::vector<Item> items_;
  std::set<std::string> labels_;
};

}  // namespace

auto Complete(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const PolicyView view(*target.project);
  const auto offset = OffsetOf(session, target, params);
  Completer completer(view, *target.file, offset, session.has_snippets);
  auto items = completer.Run();
  const auto range = RangeJson(session, target.document->text, {.begin = completer.begin(), .end = offset});
  Json list = Json::array();
  for (const auto& item : items) {
    const bool is_snippet = session.has_snippets && !item.snippet.empty();
    const auto& text = is_snippet ? item.snippet : item.insert.empty() ? item.label : item.insert;
    Json json = {{"label", item.label}, {"kind", static_cast<int>(item.kind)}, {"textEdit", {{"range", range}, {"newText", text}}}};
    if (is_snippet) json["insertTextFormat"] = 2;
    if (!item.detail.empty()) json["detail"] = item.detail;
    if (!item.documentation.empty()) json["documentation"] = Markup(item.documentation);
    list.push_back(std::move(json));
  }
  return Json{{"isIncomplete", list.size() >= kMostItems}, {"items", std::move(list)}};
}

// The innermost call around the cursor, by its brackets.
auto SignatureHelp(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const auto offset = OffsetOf(session, target, params);
  auto tokens = Tokenize(target.document->text.text().substr(0, offset));
  std::erase_if(tokens, [](const Token& each) { return each.kind == TokenKind::Comment; });
  size_t depth = 0;
  size_t commas = 0;
  for (size_t i = tokens.size(); i-- > 0;) {
    const auto& token = tokens[i];
    if (token.Is(";")) break;
    if (token.Is(")") || token.Is("]") || token.Is("}")) ++depth;
    if (token.Is(",") && depth == 0) ++commas;
    const bool opens = token.Is("(") || token.Is("[") || token.Is("{");
    if (!opens) continue;
    if (depth > 0) {
      --depth;
      continue;
    }
    if (!token.Is("(") || i == 0 || tokens[i - 1].kind != TokenKind::Word) break;
    const bool is_method = i >= 2 && tokens[i - 2].Is(".");
    const auto signature = FindSignature(tokens[i - 1].text, is_method);
    if (!signature) break;
    Json parameters = Json::array();
    for (const auto& each : signature->parameters) parameters.push_back({{"label", each}});
    return Json{
        {"signatures",
         Json::array(
             {{{"label", signature->label}, {"documentation", Markup(signature->documentation)}, {"parameters", std::move(parameters)}}})},
        {"activeSignature", 0},
        {"activeParameter", std::min(commas, std::max<size_t>(signature->parameters.size(), 1) - 1)}};
  }
  return Json();
}

}  // namespace remit::lsp
