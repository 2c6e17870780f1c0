#include "compiler/partial/write_value.h"

#include <algorithm>
#include <string>

#include "runtime/value/format.h"

namespace remit::partial {
namespace {

constexpr size_t kMostBytes = 256;     // of a string
constexpr size_t kMostElements = 32;   // of a set or a record

class ValueWriter {
 public:
  ValueWriter(Span span, ast::Ast& to, Interner& interner) : span_(span), to_(to), interner_(interner) {}

  auto Write(const Value& value) -> ast::ExprId {
    switch (value.kind()) {
      case Kind::Set: return WriteSet(value.as_set());
      case Kind::Record: return WriteRecord(value.as_record());
      case Kind::Bool:
      case Kind::Long:
      case Kind::String:
      case Kind::Entity:
      case Kind::Ip:
      case Kind::Decimal:
      case Kind::Datetime:
      case Kind::Duration:
      case Kind::Url:
      case Kind::Path:
      case Kind::Email:
      case Kind::Command:
      case Kind::Semver: return WriteScalar(value);
    }
    return {};
  }

 private:
  auto Add(ast::ExprNode node) -> ast::ExprId { return to_.Add({.span = span_, .node = std::move(node)}); }

  auto WriteScalar(const Value& value) -> ast::ExprId {
    switch (value.kind()) {
      case Kind::Bool: return Add(ast::BoolLit{value.as_bool()});
      case Kind::Long: return Add(ast::LongLit{value.as_long()});
      case Kind::Entity: return Add(ast::EntityLit{value.as_entity()});
      case Kind::String: return WriteString(value.as_string());
      case Kind::Ip: return WriteCall(BuiltinId::Ip, FormatIp(value.as_ip()));
      case Kind::Decimal: return WriteCall(BuiltinId::DecimalParse, FormatDecimal(value.as_decimal()));
      case Kind::Duration: return WriteCall(BuiltinId::DurationParse, FormatDuration(value.as_duration()));
      case Kind::Datetime: {
        const auto text = FormatDatetime(value.as_datetime());
        return text ? WriteCall(BuiltinId::DatetimeParse, *text) : ast::ExprId{};
      }
      case Kind::Url: return WriteCall(BuiltinId::UrlParse, CanonicalText(value));
      case Kind::Path: return WriteCall(BuiltinId::PathParse, CanonicalText(value));
      case Kind::Email: return WriteCall(BuiltinId::EmailParse, CanonicalText(value));
      case Kind::Command: return WriteCall(BuiltinId::CommandParse, CanonicalText(value));
      case Kind::Semver: return WriteCall(BuiltinId::SemverParse, CanonicalText(value));
      case Kind::Set:
      case Kind::Record: break;
    }
    return {};
  }

  auto WriteString(std::string_view text) -> ast::ExprId {
    return text.size() > kMostBytes ? ast::ExprId{} : Add(ast::StringLit{interner_.Intern(text)});
  }

  auto WriteCall(BuiltinId constructor, std::string_view text) -> ast::ExprId {
    const auto argument = WriteString(text);
    return argument.has_value() ? Add(ast::Call{.builtin = constructor, .args = {argument}}) : ast::ExprId{};
  }

  auto WriteSet(SetView set) -> ast::ExprId {
    if (set.size() > kMostElements) return {};
    ast::SetLit literal;
    for (const Value& element : set) {
      literal.elements.push_back(WriteScalar(element));
      if (!literal.elements.back().has_value()) return {};
    }
    return Add(std::move(literal));
  }

  auto WriteRecord(RecordView record) -> ast::ExprId {
    if (record.size() > kMostElements) return {};
    ast::RecordLit literal;
    for (const Field& field : record) {
      literal.entries.push_back({.key = field.key, .value = WriteScalar(field.value)});
      if (!literal.entries.back().value.has_value()) return {};
    }
    std::ranges::sort(literal.entries, {}, [this](const auto& entry) { return interner_.text(entry.key); });
    return Add(std::move(literal));
  }

  Span span_;
  ast::Ast& to_;
  Interner& interner_;
};

}  // namespace

auto WriteValue(const Value& value, Span span, ast::Ast& to, Interner& interner) -> ast::ExprId {
  return ValueWriter(span, to, interner).Write(value);
}

}  // namespace remit::partial
