#include "compiler/est/expr_to_json.h"

#include <algorithm>

#include "compiler/ast/spelling.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

constexpr size_t kDeepest = 2000;
constexpr size_t kMostRepeated = 100'000;

auto Leaf(std::string_view key, Json value) -> Json {
  Json json = Json::object();
  AppendMember(json, key, std::move(value));
  return json;
}

// Members of an operator, then the operator around them: `{"&&": {"left": .., "right": ..}}`.
class Wrapper {
 public:
  template <typename Part>
  void Operand(std::string_view name, Part part) {
    depth_ = std::max(depth_, part.depth);
    nodes_ += part.nodes;
    AppendMember(members_, name, std::move(part.json));
  }
  void Plain(std::string_view name, Json value) { AppendMember(members_, name, std::move(value)); }

  template <typename Part>
  auto Finish(std::string_view key) -> Part {
    return {.json = Leaf(key, std::move(members_)), .depth = depth_ + 2, .nodes = nodes_};
  }

 private:
  Json members_ = Json::object();
  size_t depth_ = 0;
  size_t nodes_ = 1;
};

}  // namespace

auto EntityToJson(EntityUid uid, const Interner& interner) -> Json {
  Json json = Json::object();
  AppendMember(json, "type", std::string{interner.text(uid.type)});
  AppendMember(json, "id", std::string{interner.text(uid.id)});
  return json;
}

auto ExprToJson::Convert(ast::ExprId id) -> Json {
  auto part = ConvertPart(id);
  return part ? std::move(part->json) : Json(nullptr);
}

auto ExprToJson::ConvertPart(ast::ExprId id) -> MaybePart {
  std::vector<ast::ExprId> spine = {id};
  while (ast::LeftOperand(ast_.expr(spine.back())).has_value()) spine.push_back(ast::LeftOperand(ast_.expr(spine.back())));
  MaybePart part = Opening(ast_.expr(spine.back()));
  for (size_t i = spine.size() - 1; part && i-- > 0;) {
    const ast::Expr& expr = ast_.expr(spine[i]);
    part = CheckSize(expr, AfterFirst(expr, std::move(*part)));
  }
  return part;
}

auto ExprToJson::CheckSize(const ast::Expr& expr, MaybePart part) -> MaybePart {
  if (!part) return part;
  if (part->depth > kDeepest) {
    sink_.Report(DiagnosticCode::NestingTooDeep, expr.span, kDeepest).help = "JSON nests once for every operator of a chain";
    return std::nullopt;
  }
  return part;
}

auto ExprToJson::Refuse(const ast::Expr& expr, std::string_view what) -> MaybePart {
  sink_.Report(DiagnosticCode::NoJsonForm, expr.span, what);
  return std::nullopt;
}

auto ExprToJson::Opening(const ast::Expr& expr) -> MaybePart {
  const auto value = [](Json json) { return Part{.json = Leaf("Value", std::move(json)), .depth = 1}; };
  if (const auto* boolean = std::get_if<ast::BoolLit>(&expr.node)) return value(boolean->value);
  if (const auto* number = std::get_if<ast::LongLit>(&expr.node)) return value(number->value);
  if (const auto* string = std::get_if<ast::StringLit>(&expr.node)) return value(Name(string->text));
  if (const auto* entity = std::get_if<ast::EntityLit>(&expr.node)) {
    auto part = value(Leaf("__entity", EntityToJson(entity->uid, interner_)));
    part.depth = 3;
    return part;
  }
  if (const auto* var = std::get_if<ast::VarRef>(&expr.node)) {
    return Part{.json = Leaf("Var", std::string{ast::VarName(var->var)}), .depth = 1};
  }
  if (const auto* slot = std::get_if<ast::SlotRef>(&expr.node)) {
    return Part{.json = Leaf("Slot", std::string{ast::SlotName(slot->slot)}), .depth = 1};
  }
  if (const auto* unary = std::get_if<ast::Unary>(&expr.node)) {
    auto operand = ConvertPart(unary->operand);
    if (!operand) return std::nullopt;
    Wrapper wrapper;
    wrapper.Operand("arg", std::move(*operand));
    return CheckSize(expr, wrapper.Finish<Part>(unary->op == ast::UnaryOp::Neg ? "neg" : ast::UnaryText(unary->op)));
  }
  if (const auto* branch = std::get_if<ast::If>(&expr.node)) return CheckSize(expr, Conditional(*branch));
  if (const auto* set = std::get_if<ast::SetLit>(&expr.node)) return CheckSize(expr, Set(*set));
  if (const auto* record = std::get_if<ast::RecordLit>(&expr.node)) return CheckSize(expr, Record(*record));
  if (const auto* call = std::get_if<ast::Call>(&expr.node)) return CheckSize(expr, CallOf(*call, std::nullopt));
  if (const auto* call = std::get_if<ast::UnknownCall>(&expr.node)) return CheckSize(expr, UnknownCallOf(expr, *call));
  if (const auto* local = std::get_if<ast::LocalRef>(&expr.node)) return Refuse(expr, fmt::format("`{}`", interner_.text(local->name)));
  if (const auto* read = std::get_if<ast::StateRead>(&expr.node)) {
    return Refuse(expr, fmt::format("`{}.{}`", ast::StateKeyword(read->state), interner_.text(read->name)));
  }
  const auto& has = std::get<ast::StateHas>(expr.node);
  return Refuse(expr, fmt::format("`{} has {}`", ast::StateKeyword(has.state), interner_.text(has.name)));
}

auto ExprToJson::AfterFirst(const ast::Expr& expr, Part first) -> MaybePart {
  Wrapper wrapper;
  if (const auto* binary = std::get_if<ast::Binary>(&expr.node)) {
    auto right = ConvertPart(binary->right);
    if (!right) return std::nullopt;
    wrapper.Operand("left", std::move(first));
    wrapper.Operand("right", std::move(*right));
    return wrapper.Finish<Part>(ast::BinaryText(binary->op));
  }
  if (const auto* get = std::get_if<ast::GetAttr>(&expr.node)) {
    wrapper.Operand("left", std::move(first));
    wrapper.Plain("attr", Name(get->attr));
    return wrapper.Finish<Part>(".");
  }
  if (const auto* like = std::get_if<ast::Like>(&expr.node)) {
    wrapper.Operand("left", std::move(first));
    wrapper.Plain("pattern", Pattern(*like));
    return wrapper.Finish<Part>("like");
  }
  if (const auto* is = std::get_if<ast::Is>(&expr.node)) {
    wrapper.Operand("left", std::move(first));
    wrapper.Plain("entity_type", Name(is->type));
    if (is->in.has_value()) {
      auto in = ConvertPart(is->in);
      if (!in) return std::nullopt;
      wrapper.Operand("in", std::move(*in));
    }
    return wrapper.Finish<Part>("is");
  }
  if (const auto* unary = std::get_if<ast::Unary>(&expr.node)) {
    wrapper.Operand("arg", std::move(first));
    return wrapper.Finish<Part>(ast::UnaryText(unary->op));
  }
  if (const auto* has = std::get_if<ast::HasAttr>(&expr.node)) return HasPath(expr, *has, std::move(first));
  if (const auto* call = std::get_if<ast::Call>(&expr.node)) return CallOf(*call, std::move(first));
  const auto& quantifier = std::get<ast::Quantifier>(expr.node);
  return Refuse(expr, fmt::format("`{}`", ast::QuantifierName(quantifier.kind)));
}

// `x has a.b` becomes `x has a && x.a has b`, as Cedar 4.12 writes it.
auto ExprToJson::HasPath(const ast::Expr& expr, const ast::HasAttr& has, Part object) -> MaybePart {
  MaybePart all;
  for (size_t i = 0; i < has.path.size(); ++i) {
    if (i > 0) repeated_ += object.nodes;
    if (repeated_ > kMostRepeated) return Refuse(expr, "a `has` path of this length");
    Wrapper step;
    step.Operand("left", object);
    step.Plain("attr", Name(has.path[i]));
    auto test = step.Finish<Part>("has");
    if (all) {
      Wrapper both;
      both.Operand("left", std::move(*all));
      both.Operand("right", std::move(test));
      test = both.Finish<Part>("&&");
    }
    all = std::move(test);
    if (all->depth > kDeepest || i + 1 == has.path.size()) return all;
    Wrapper get;
    get.Operand("left", std::move(object));
    get.Plain("attr", Name(has.path[i]));
    object = get.Finish<Part>(".");
  }
  return all;
}

// One element a character, as Cedar has it.
auto ExprToJson::Pattern(const ast::Like& like) -> Json {
  Json pattern = Json::array();
  for (const auto& element : like.pattern) {
    if (element.wildcard) {
      pattern.push_back("Wildcard");
      continue;
    }
    const auto text = interner_.text(element.literal);
    for (size_t i = 0; i < text.size();) {
      const size_t start = i;
      DecodeUtf8(text, i);
      pattern.push_back(Leaf("Literal", std::string{text.substr(start, i - start)}));
    }
  }
  return pattern;
}

auto ExprToJson::Conditional(const ast::If& branch) -> MaybePart {
  auto condition = ConvertPart(branch.condition);
  auto then_branch = ConvertPart(branch.then_branch);
  auto else_branch = ConvertPart(branch.else_branch);
  if (!condition || !then_branch || !else_branch) return std::nullopt;
  Wrapper wrapper;
  wrapper.Operand("if", std::move(*condition));
  wrapper.Operand("then", std::move(*then_branch));
  wrapper.Operand("else", std::move(*else_branch));
  return wrapper.Finish<Part>("if-then-else");
}

auto ExprToJson::Set(const ast::SetLit& set) -> MaybePart {
  Part all = {.json = Json::array()};
  for (const ast::ExprId id : set.elements) {
    auto element = ConvertPart(id);
    if (!element) return std::nullopt;
    all.depth = std::max(all.depth, element->depth);
    all.nodes += element->nodes;
    all.json.push_back(std::move(element->json));
  }
  return Part{.json = Leaf("Set", std::move(all.json)), .depth = all.depth + 2, .nodes = all.nodes};
}

// Keys in byte order, as Cedar has them.
auto ExprToJson::Record(const ast::RecordLit& record) -> MaybePart {
  auto entries = record.entries;
  std::ranges::sort(entries, {}, [&](const auto& entry) { return interner_.text(entry.key); });
  Wrapper wrapper;
  for (const auto& entry : entries) {
    auto value = ConvertPart(entry.value);
    if (!value) return std::nullopt;
    wrapper.Operand(interner_.text(entry.key), std::move(*value));
  }
  return wrapper.Finish<Part>("Record");
}

// Its arguments are values there, not expressions.
auto ExprToJson::UnknownCallOf(const ast::Expr& expr, const ast::UnknownCall& call) -> MaybePart {
  Json args = Json::array();
  for (const ast::ExprId id : call.args) {
    const auto& node = ast_.expr(id).node;
    if (const auto* text = std::get_if<ast::StringLit>(&node)) {
      args.push_back(Name(text->text));
    } else if (const auto* number = std::get_if<ast::LongLit>(&node)) {
      args.push_back(number->value);
    } else if (const auto* boolean = std::get_if<ast::BoolLit>(&node)) {
      args.push_back(boolean->value);
    } else {
      return Refuse(expr, fmt::format("this call of `{}`", Name(call.function)));
    }
  }
  constexpr size_t kDepth = 4;  // of the object below
  return Part{.json = Json{{"Value", {{"__extn", {{"fn", Name(call.function)}, {"args", std::move(args)}}}}}}, .depth = kDepth};
}

auto ExprToJson::CallOf(const ast::Call& call, MaybePart receiver) -> MaybePart {
  Part all = {.json = Json::array()};
  const auto append = [&](Part part) {
    all.depth = std::max(all.depth, part.depth);
    all.nodes += part.nodes;
    all.json.push_back(std::move(part.json));
  };
  const size_t first = receiver ? 1 : 0;
  if (receiver) append(std::move(*receiver));
  for (size_t i = first; i < call.args.size(); ++i) {
    auto arg = ConvertPart(call.args[i]);
    if (!arg) return std::nullopt;
    append(std::move(*arg));
  }
  return Part{.json = Leaf(GetBuiltin(call.builtin).key, std::move(all.json)), .depth = all.depth + 2, .nodes = all.nodes};
}

}  // namespace remit
