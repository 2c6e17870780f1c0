#include "compiler/parse/convert_scope.h"

#include <array>

#include "compiler/parse/names.h"
#include "compiler/parse/operand.h"
#include "runtime/base/did_you_mean.h"
#include "runtime/base/text.h"

namespace remit::parse {
namespace {

constexpr std::array<std::string_view, 3> kVariables = {"principal", "action", "resource"};
constexpr std::string_view kScopeHelp = "a scope is `(principal, action, resource)`, in this order";

// One position: `principal == ..`, `action in [..]`, `resource is T in ..`.
class Position {
 public:
  Position(Conversion& c, Grammar::PositionContext* position, std::string_view variable, bool slots_allowed)
      : c_(c), position_(position), variable_(variable), slots_allowed_(slots_allowed) {}

  // Before anything else: a wrong variable makes the rest of the scope meaningless.
  auto CheckVariable() -> bool;
  auto Convert() -> std::optional<ast::ScopeConstraint>;

 private:
  auto CheckType() -> bool;
  auto ConvertOperator(size_t op) -> bool;
  auto ConvertRight(Grammar::ExprContext* right) -> bool;
  auto ConvertList(Grammar::PrimaryContext* primary) -> bool;
  auto ConvertSlot(const antlr4::tree::TerminalNode* slot) -> bool;
  auto CheckActionTypes(Grammar::ExprContext* right) -> bool;
  auto ToUid(Rule* rule, std::string_view expected) -> std::optional<EntityUid>;
  auto RefuseRight(const Rule* rule, std::string_view expected) -> bool;

  auto is_action() const -> bool { return variable_ == "action"; }
  auto Expected() const -> std::string_view {
    if (is_action()) return result_.op == ast::ScopeOp::In ? "an entity or a list of entities" : "an entity";
    return slots_allowed_ ? "an entity or a template slot" : "an entity";
  }

  Conversion& c_;
  Grammar::PositionContext* position_;
  std::string_view variable_;
  bool slots_allowed_;
  ast::ScopeConstraint result_ = {};
};

auto Position::Convert() -> std::optional<ast::ScopeConstraint> {
  result_.span = c_.SpanOf(position_);
  if (!CheckType()) return std::nullopt;
  if (auto* op = position_->relationOperator(); op != nullptr) {
    if (!ConvertOperator(TokenType(op->children[0])) || !ConvertRight(position_->expr())) return std::nullopt;
  }
  return std::move(result_);
}

auto Position::CheckVariable() -> bool {
  auto* word = position_->anyWord();
  const auto text = c_.TextOf(word);
  if (text == variable_) return true;
  c_.Report(DiagnosticCode::WrongScopeVariable, c_.SpanOf(word), text, variable_).help =
      DidYouMean(text, {variable_}, std::string{kScopeHelp});
  return false;
}

auto Position::CheckType() -> bool {
  if (position_->name() != nullptr) {
    c_.Report(DiagnosticCode::TypeAnnotationInScope, c_.SpanOf(position_->name())).help =
        fmt::format("write `{} is {}`", variable_, c_.TextOf(position_->name()));
    return false;
  }
  if (position_->IS() == nullptr) return true;
  if (is_action()) {
    c_.Report(DiagnosticCode::IsInActionScope, c_.SpanOf(position_)).help = "move `action is ..` into a `when` condition";
    return false;
  }
  const auto type = ToTypeName(c_, position_->sum());
  if (!type) return false;
  result_.op = ast::ScopeOp::Is;
  result_.type = *type;
  return true;
}

auto Position::ConvertOperator(size_t op) -> bool {
  auto* rule = position_->relationOperator();
  const bool has_type = result_.op == ast::ScopeOp::Is;
  if (op == Grammar::ASSIGN) {
    c_.Report(DiagnosticCode::SingleEquals, c_.SpanOf(rule)).help = "did you mean `==`?";
    return false;
  }
  if (op == Grammar::EQUAL && has_type) {
    c_.Report(DiagnosticCode::IsWithEquals, c_.SpanOf(rule)).help =
        fmt::format("`{} == ..` alone says enough: an entity has one type", variable_);
    return false;
  }
  if (op != Grammar::EQUAL && op != Grammar::IN) {
    const std::string_view allowed = is_action() ? "`==` and `in`" : "`==`, `in` and `is`";
    c_.Report(DiagnosticCode::InvalidScopeOperator, c_.SpanOf(rule), c_.TextOf(rule)).help =
        fmt::format("a scope knows {}; other conditions belong in `when`", allowed);
    return false;
  }
  result_.op = op == Grammar::EQUAL ? ast::ScopeOp::Eq : has_type ? ast::ScopeOp::IsIn : ast::ScopeOp::In;
  return true;
}

// `in E is T`: the right side is a relation with `is`.
auto IsTypeTest(Rule* rule) -> bool {
  while (rule->getRuleIndex() != Grammar::RuleRelation) {
    if (rule->children.size() != 1 || rule->getRuleIndex() == Grammar::RulePrimary) return false;
    rule = AsRule(rule->children[0]);
  }
  return static_cast<Grammar::RelationContext*>(rule)->IS() != nullptr;
}

// Entities may be written in brackets.
auto Unwrap(Rule* rule) -> Grammar::PrimaryContext* {
  auto* primary = OnlyPrimary(rule);
  while (primary != nullptr && primary->expr() != nullptr) primary = OnlyPrimary(primary->expr());
  return primary;
}

auto Position::ConvertRight(Grammar::ExprContext* right) -> bool {
  if (result_.op != ast::ScopeOp::Eq && IsTypeTest(right)) {
    auto& diagnostic = c_.Report(is_action() ? DiagnosticCode::IsInActionScope : DiagnosticCode::IsBehindIn, c_.SpanOf(right));
    diagnostic.help = is_action() ? "move `action is ..` into a `when` condition" : fmt::format("write `{} is .. in ..`", variable_);
    return false;
  }
  auto* primary = Unwrap(right);
  if (primary == nullptr) return RefuseRight(right, Expected());
  if (primary->SLOT() != nullptr) return ConvertSlot(primary->SLOT());
  if (primary->list() != nullptr) return ConvertList(primary) && CheckActionTypes(right);
  const auto uid = ToUid(primary, Expected());
  if (!uid) return false;
  result_.entities = {*uid};
  return CheckActionTypes(right);
}

auto Position::RefuseRight(const Rule* rule, std::string_view expected) -> bool {
  const auto text = c_.TextOf(rule);
  auto& diagnostic = c_.Report(DiagnosticCode::InvalidScopeEntity, c_.SpanOf(rule), expected, Clip(text));
  if (text.find("&&") != std::string_view::npos || text.find("||") != std::string_view::npos) {
    diagnostic.help = "a scope has one constraint for each variable; move the rest into `when`";
  } else {
    diagnostic.help = "an entity is written `Type::\"id\"`";
  }
  return false;
}

auto Position::ToUid(Rule* rule, std::string_view expected) -> std::optional<EntityUid> {
  auto* primary = Unwrap(rule);
  auto* name = primary == nullptr ? nullptr : primary->name();
  if (name == nullptr || (!IsEntity(name) && name->record() == nullptr)) {
    RefuseRight(rule, expected);
    return std::nullopt;
  }
  return ToEntity(c_, name);
}

auto Position::ConvertList(Grammar::PrimaryContext* primary) -> bool {
  if (!is_action() || result_.op != ast::ScopeOp::In) {
    c_.Report(DiagnosticCode::InvalidScopeEntity, c_.SpanOf(primary), Expected(), Clip(c_.TextOf(primary))).help =
        is_action() ? "write `action in [..]`" : "only `action in` takes a list; write a policy for each entity, or put them in a group";
    return false;
  }
  result_.is_list = true;
  bool good = true;
  auto* list = primary->list()->expressions();
  for (size_t i = 0; list != nullptr && i < list->children.size(); i += 2) {
    const auto uid = ToUid(AsRule(list->children[i]), "an entity");
    good = good && uid;
    if (uid) result_.entities.push_back(*uid);
  }
  return good;
}

auto Position::ConvertSlot(const antlr4::tree::TerminalNode* slot) -> bool {
  const auto text = c_.TextOf(slot);
  if (is_action() || !slots_allowed_) {
    c_.Report(DiagnosticCode::InvalidScopeEntity, c_.SpanOf(slot), Expected(), text).help =
        is_action() ? "an action cannot be a slot" : "only `permit` and `forbid` can be templates";
    return false;
  }
  if (text.substr(1) != variable_) {
    c_.Report(DiagnosticCode::InvalidScopeEntity, c_.SpanOf(slot), fmt::format("an entity or the slot `?{}`", variable_), text).help =
        fmt::format("did you mean `?{}`?", variable_);
    return false;
  }
  result_.slot = variable_ == "principal" ? ast::Slot::Principal : ast::Slot::Resource;
  return true;
}

auto Position::CheckActionTypes(Grammar::ExprContext* right) -> bool {
  if (!is_action()) return true;
  for (const auto& uid : result_.entities) {
    const auto type = c_.context.interner.text(uid.type);
    if (type == "Action" || type.ends_with("::Action")) continue;
    c_.Report(DiagnosticCode::NotAnAction, c_.SpanOf(right),
              Clip(fmt::format("{}::{}", type, QuoteString(c_.context.interner.text(uid.id)))))
        .help = "the type of an action is `Action`, or `Action` in a namespace";
    return false;
  }
  return true;
}

}  // namespace

auto ToScope(Conversion& c, Grammar::ScopeContext* scope, bool slots_allowed) -> std::optional<ast::Scope> {
  const auto positions = scope->position();
  std::array<std::optional<ast::ScopeConstraint>, kVariables.size()> converted;
  bool good = true;
  for (size_t i = 0; i < positions.size() && i < kVariables.size(); ++i) {
    Position position{c, positions[i], kVariables[i], slots_allowed};
    if (!position.CheckVariable()) return std::nullopt;
    converted[i] = position.Convert();
    good = good && converted[i];
  }
  if (positions.size() < kVariables.size()) {
    if (good) c.Report(DiagnosticCode::MissingScopeVariable, c.SpanOf(scope), kVariables[positions.size()]).help = kScopeHelp;
    return std::nullopt;
  }
  if (positions.size() > kVariables.size()) {
    c.Report(DiagnosticCode::ExtraScopeElement, c.SpanOf(positions[kVariables.size()]), Clip(c.TextOf(positions[kVariables.size()]))).help =
        kScopeHelp;
    return std::nullopt;
  }
  if (!good) return std::nullopt;
  return ast::Scope{.principal = *std::move(converted[0]),
                    .action = *std::move(converted[1]),
                    .resource = *std::move(converted[2]),
                    .span = c.SpanOf(scope)};
}

}  // namespace remit::parse
