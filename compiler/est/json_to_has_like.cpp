// `has` and `like` of JSON policies, whose operands are not expressions.
#include <algorithm>

#include "compiler/est/json_to_expr.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using ast::ExprId;

// A variable or a path from one: what may be repeated without making the tree larger than the document.
auto IsPlainPath(const ast::Ast& ast, ExprId id) -> bool {
  while (const auto* get = std::get_if<ast::GetAttr>(&ast.expr(id).node)) id = get->object;
  return std::holds_alternative<ast::VarRef>(ast.expr(id).node);
}

}  // namespace

// Cedar lets members pass here that it refuses elsewhere.
auto JsonExprReader::ReadHasAttr(const JsonSite& site) -> ExprId {
  if (report_.ExpectObject(site) == nullptr) return {};
  const Json* left = FindMember(site.value(), "left");
  const Json* attr = FindMember(site.value(), "attr");
  if (left == nullptr || attr == nullptr) {
    report_.Report(site, DiagnosticCode::JsonMissingField, left == nullptr ? "left" : "attr");
    return {};
  }
  const ExprId object = ReadMember(site, "left", left);
  if (!object.has_value()) return {};
  const JsonSite attr_site = site.Member("attr", *attr);
  if (attr->is_string()) return Add(ast::HasAttr{.object = object, .path = {Intern(attr->get_ref<const std::string&>())}});

  if (!attr->is_array() || attr->empty()) {
    report_.Report(attr_site, DiagnosticCode::JsonWrongType, "a string or an array of strings",
                   attr->is_array() ? "an empty array" : JsonKindName(*attr));
    return {};
  }
  std::vector<SymbolId> path;
  for (size_t i = 0; i < attr->size(); ++i) {
    const auto* step = report_.ExpectString(attr_site.Element(i));
    if (step == nullptr) return {};
    path.push_back(Intern(*step));
  }
  return ReadHasPath(attr_site, object, std::move(path));
}

// Policy text has only identifiers in `has a.b`. Other paths are spelt out, `x has "a b" && x["a b"] has c`, where the object is short.
auto JsonExprReader::ReadHasPath(const JsonSite& site, ExprId object, std::vector<SymbolId> path) -> ExprId {
  const auto odd = std::ranges::find_if(path, [&](SymbolId step) { return !IsIdentifier(context_.interner.text(step)); });
  if (path.size() == 1 || odd == path.end()) return Add(ast::HasAttr{.object = object, .path = std::move(path)});

  constexpr size_t kLongestSpeltOut = 32;
  if (path.size() > kLongestSpeltOut || !IsPlainPath(ast_, object)) {
    report_.Report(site, DiagnosticCode::JsonHasPath, context_.interner.text(*odd)).help = "join one `has` for each step with `&&`";
    return {};
  }
  ExprId all = Add(ast::HasAttr{.object = object, .path = {path[0]}});
  for (size_t i = 1; i < path.size(); ++i) {
    object = Add(ast::GetAttr{.object = object, .attr = path[i - 1]});
    const ExprId next = Add(ast::HasAttr{.object = object, .path = {path[i]}});
    all = Add(ast::Binary{.op = ast::BinaryOp::And, .left = all, .right = next});
  }
  return all;
}

auto JsonExprReader::ReadLike(const JsonSite& site) -> ExprId {
  const auto fields = report_.ReadFields(site, {{"left"}, {"pattern"}});
  if (fields.empty()) return {};
  const ExprId text = ReadMember(site, "left", fields[0]);
  auto pattern = ReadPattern(site.Member("pattern", *fields[1]));
  return text.has_value() && pattern ? Add(ast::Like{.text = text, .pattern = std::move(*pattern)}) : ExprId{};
}

auto JsonExprReader::ReadPattern(const JsonSite& site) -> std::optional<std::vector<ast::PatternElement>> {
  if (report_.ExpectArray(site) == nullptr) return std::nullopt;
  std::vector<ast::PatternElement> pattern;
  std::string literal;
  const auto end_literal = [&] {
    if (!literal.empty()) pattern.push_back({.wildcard = false, .literal = Intern(literal)});
    literal.clear();
  };
  for (size_t i = 0; i < site.value().size(); ++i) {
    std::vector<ast::PatternElement> element;
    if (!ReadPatternElement(site.Element(i), element)) return std::nullopt;
    if (!element[0].wildcard) {
      literal += context_.interner.text(element[0].literal);
      continue;
    }
    end_literal();
    pattern.push_back(element[0]);
  }
  end_literal();
  return pattern;
}

// `"Wildcard"`, `{"Wildcard": null}` or `{"Literal": "text"}`.
auto JsonExprReader::ReadPatternElement(const JsonSite& site, std::vector<ast::PatternElement>& pattern) -> bool {
  const Json& value = site.value();
  if (value == "Wildcard" || (value.is_object() && value.size() == 1 && value.begin().key() == "Wildcard" && value.begin()->is_null())) {
    pattern.push_back({.wildcard = true, .literal = {}});
    return true;
  }
  if (value.is_string()) {
    report_.ReportUnknown(site, "pattern element", value.get_ref<const std::string&>(), {"Wildcard", "Literal"});
    return false;
  }
  const auto fields = report_.ReadFields(site, {{"Literal"}});
  if (fields.empty()) return false;
  const auto* literal = report_.ExpectString(site.Member("Literal", *fields[0]));
  if (literal == nullptr) return false;
  pattern.push_back({.wildcard = false, .literal = Intern(*literal)});
  return true;
}

}  // namespace remit
