#include "compiler/check/text_warnings.h"

#include <unicode/uset.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <array>
#include <memory>

#include "compiler/check/walk.h"
#include "runtime/base/check.h"
#include "runtime/base/text.h"

namespace remit::check {
namespace {

// Source: the lint `text_direction_codepoint_in_literal` of rustc, which Cedar follows.
constexpr std::array<char32_t, 9> kBidirectional = {0x202A, 0x202B, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x202C, 0x2069};

constexpr const char* kHelpForDirection =
    "such text can read differently from what it is: write the characters as `\\u{..}`, or leave them out";
constexpr const char* kHelpForScripts =
    "a letter of another script may look like one of these: type the text again, or write the letter as `\\u{..}`";

struct CheckerDeleter {
  void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};

// Const once made, so one serves all threads.
auto ScriptChecker() -> const USpoofChecker* {
  static const auto checker = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<USpoofChecker, CheckerDeleter> made(uspoof_open(&status));
    uspoof_setChecks(made.get(), USPOOF_RESTRICTION_LEVEL, &status);
    uspoof_setRestrictionLevel(made.get(), USPOOF_SINGLE_SCRIPT_RESTRICTIVE);
    CHECK(U_SUCCESS(status), "ICU has no data for script checks");
    return made;
  }();
  return checker.get();
}

auto IsSingleScript(std::string_view text) -> bool {
  UErrorCode status = U_ZERO_ERROR;
  const int32_t found = uspoof_check2UTF8(ScriptChecker(), text.data(), static_cast<int32_t>(text.size()), nullptr, &status);
  return U_SUCCESS(status) && (found & USPOOF_RESTRICTION_LEVEL) == 0;
}

auto IsAllowedInIdentifiers(char32_t c) -> bool {
  static const USet* allowed = [] {
    UErrorCode status = U_ZERO_ERROR;
    const USet* set = uspoof_getRecommendedSet(&status);
    CHECK(U_SUCCESS(status), "ICU has no data for identifiers");
    return set;
  }();
  return uset_contains(allowed, static_cast<UChar32>(c)) != 0;
}

auto IsPrintableAscii(std::string_view text) -> bool {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

class TextWarner {
 public:
  explicit TextWarner(CheckContext& context) : context_(context) {}

  void String(std::string_view text, Span span) {
    if (IsPrintableAscii(text)) return;
    const auto points = CodePoints(text);
    if (HasBidirectional(points)) {
      context_.findings.Report(DiagnosticCode::BidirectionalText, span, "string", EscapeString(text)).help = kHelpForDirection;
    } else if (!IsSingleScript(text)) {
      context_.findings.Report(DiagnosticCode::MixedScripts, span, "string", EscapeString(text)).help = kHelpForScripts;
    }
  }

  void Identifier(std::string_view text, Span span) {
    if (IsPrintableAscii(text)) return;
    const auto points = CodePoints(text);
    const auto odd = std::ranges::find_if(points, [](char32_t c) { return !(c >= ' ' && c <= '~') && !IsAllowedInIdentifiers(c); });
    if (HasBidirectional(points)) {
      context_.findings.Report(DiagnosticCode::BidirectionalText, span, "name", EscapeString(text)).help = kHelpForDirection;
    } else if (odd != points.end()) {
      context_.findings
          .Report(DiagnosticCode::ConfusableName, span, EscapeString(text), fmt::format("U+{:04X}", static_cast<uint32_t>(*odd)))
          .help = kHelpForScripts;
    } else if (!IsSingleScript(text)) {
      context_.findings.Report(DiagnosticCode::MixedScripts, span, "name", EscapeString(text)).help = kHelpForScripts;
    }
  }

  // The parts of a name are identifiers, and so is the id.
  void Entity(EntityUid uid, Span span) {
    auto type = context_.interner.text(uid.type);
    for (size_t at = type.find("::"); at != std::string_view::npos; at = type.find("::")) {
      Identifier(type.substr(0, at), span);
      type.remove_prefix(at + 2);
    }
    Identifier(type, span);
    Identifier(context_.interner.text(uid.id), span);
  }

  void Expr(const ast::Expr& expr) {
    const auto text = [&](SymbolId id) { return context_.interner.text(id); };
    if (const auto* literal = std::get_if<ast::StringLit>(&expr.node)) return String(text(literal->text), expr.span);
    if (const auto* entity = std::get_if<ast::EntityLit>(&expr.node)) return Entity(entity->uid, expr.span);
    if (const auto* get = std::get_if<ast::GetAttr>(&expr.node)) return Identifier(text(get->attr), expr.span);
    if (const auto* has = std::get_if<ast::HasAttr>(&expr.node)) {
      for (const SymbolId step : has->path) Identifier(text(step), expr.span);
    } else if (const auto* record = std::get_if<ast::RecordLit>(&expr.node)) {
      for (const auto& entry : record->entries) Identifier(text(entry.key), expr.span);
    } else if (const auto* like = std::get_if<ast::Like>(&expr.node)) {
      std::string pattern;
      for (const auto& element : like->pattern) pattern += element.wildcard ? "*" : text(element.literal);
      String(pattern, expr.span);
    }
  }

 private:
  static auto CodePoints(std::string_view text) -> std::u32string {
    std::u32string points;
    for (size_t at = 0; at < text.size();) points += DecodeUtf8(text, at);
    return points;
  }
  static auto HasBidirectional(const std::u32string& points) -> bool {
    return std::ranges::find_first_of(points, kBidirectional) != points.end();
  }

  CheckContext& context_;
};

}  // namespace

void WarnAboutText(const ast::Statement& statement, CheckContext& context) {
  TextWarner warner(context);
  if (const auto* scope = ScopeOf(statement)) {
    for (const auto* position : {&scope->principal, &scope->action, &scope->resource}) {
      for (const EntityUid each : position->entities) warner.Entity(each, position->span);
    }
  }
  VisitExprs(context.ast, RootsOf(statement), [&](ast::ExprId, const ast::Expr& expr) { warner.Expr(expr); });
}

}  // namespace remit::check
