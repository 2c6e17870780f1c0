// Literal values and entity references of JSON policies.
#include <algorithm>
#include <limits>

#include "compiler/est/json_to_expr.h"
#include "runtime/base/text.h"

namespace remit {

using ast::ExprId;

auto JsonExprReader::ReadValue(const JsonSite& site) -> ExprId {
  if (!Enter(site)) return {};
  const Json& value = site.value();
  ++depth_;
  ExprId expr;
  if (value.is_null()) {
    report_.Report(site, DiagnosticCode::JsonNull);
  } else if (value.is_boolean()) {
    expr = Add(ast::BoolLit{value.get<bool>()});
  } else if (value.is_number()) {
    expr = ReadNumber(site);
  } else if (value.is_string()) {
    expr = Add(ast::StringLit{Intern(value.get_ref<const std::string&>())});
  } else if (value.is_array()) {
    expr = ReadValueSet(site);
  } else {
    expr = ReadValueObject(site);
  }
  --depth_;
  return expr;
}

namespace {

auto IsLong(const Json& number) -> bool {
  const bool too_large = number.is_number_unsigned() && number.get<uint64_t>() > std::numeric_limits<int64_t>::max();
  return number.is_number_integer() && !too_large;
}

// Whether every number in there is one that a value may hold. Cedar asks it even of members of an escape that mean nothing.
auto HoldsOnlyLongs(const Json& value) -> bool {
  if (value.is_structured()) return std::ranges::all_of(value, HoldsOnlyLongs);
  return !value.is_number() || IsLong(value);
}

}  // namespace

auto JsonExprReader::ReadNumber(const JsonSite& site) -> ExprId {
  const Json& value = site.value();
  if (!IsLong(value)) {
    report_.Report(site, DiagnosticCode::JsonNotALong, value.dump());
    return {};
  }
  return Add(ast::LongLit{value.get<int64_t>()});
}

auto JsonExprReader::ReadValueSet(const JsonSite& site) -> ExprId {
  ast::SetLit set;
  for (size_t i = 0; i < site.value().size(); ++i) {
    set.elements.push_back(ReadValue(site.Element(i)));
    if (!set.elements.back().has_value()) return {};
  }
  return Add(std::move(set));
}

// An escape if it is exactly one, else a record.
auto JsonExprReader::ReadValueObject(const JsonSite& site) -> ExprId {
  const Json& object = site.value();
  if (object.size() == 1) {
    const std::string& key = object.begin().key();
    const Json& inner = object.begin().value();
    const JsonSite inner_site = site.Member(key, inner);
    const auto holds_only_longs = [&] {
      const bool holds = HoldsOnlyLongs(inner);
      if (!holds) report_.Report(inner_site, DiagnosticCode::JsonNotALong, inner.dump(-1, ' ', false, Json::error_handler_t::replace));
      return holds;
    };
    if (key == "__expr" && inner.is_string()) {
      report_.Report(site, DiagnosticCode::JsonExprEscape).help = "use `__entity` for an entity, `__extn` for an extension value";
      return {};
    }
    if (key == "__entity" && inner.is_object()) {
      if (const auto parts = FindTypeAndId(inner_site)) {
        if (!holds_only_longs()) return {};
        const auto uid = MakeEntity(*parts);
        return uid ? Add(ast::EntityLit{*uid}) : ExprId{};
      }
    }
    if (key == "__extn" && inner.is_object()) {
      const Json* function = FindMember(inner, "fn");
      const Json* args = FindMember(inner, "args");
      const bool has_args = FindMember(inner, "arg") != nullptr || (args != nullptr && args->is_array());
      if (function != nullptr && function->is_string() && has_args) {
        return holds_only_longs() ? ReadExtension(inner_site, function->get_ref<const std::string&>()) : ExprId{};
      }
    }
  }
  ast::RecordLit record;
  for (const auto& [key, value] : object.items()) {
    record.entries.push_back({.key = Intern(key), .value = ReadValue(site.Member(key, value))});
    if (!record.entries.back().value.has_value()) return {};
  }
  return Add(std::move(record));
}

auto JsonExprReader::ReadExtension(const JsonSite& site, const std::string& function) -> ExprId {
  if (!IsNormalizedName(function)) {
    report_.Report(site.Member("fn", *FindMember(site.value(), "fn")), DiagnosticCode::JsonInvalidName, function, "the name of a function");
    return {};
  }
  std::vector<ExprId> args;
  if (const Json* arg = FindMember(site.value(), "arg")) {
    args.push_back(ReadValue(site.Member("arg", *arg)));
  } else {
    const JsonSite list = site.Member("args", *FindMember(site.value(), "args"));
    for (size_t i = 0; i < list.value().size(); ++i) args.push_back(ReadValue(list.Element(i)));
  }
  for (const ExprId arg : args) {
    if (!arg.has_value()) return {};
  }
  // Cedar reads any name here, and says at evaluation that it does not know the function.
  const auto* builtin = FindBuiltin(function);
  if (builtin == nullptr || !builtin->is_cedar) return Add(ast::UnknownCall{.function = Intern(function), .args = std::move(args)});
  return Add(ast::Call{.builtin = builtin->id, .args = std::move(args)});
}

auto JsonExprReader::FindTypeAndId(const JsonSite& site) -> std::optional<TypeAndId> {
  if (!site.value().is_object()) return std::nullopt;
  const Json* type = FindMember(site.value(), "type");
  const Json* id = FindMember(site.value(), "id");
  if (type == nullptr || id == nullptr || !type->is_string() || !id->is_string()) return std::nullopt;
  return TypeAndId{site.Member("type", *type), id->get_ref<const std::string&>()};
}

auto JsonExprReader::MakeEntity(const TypeAndId& parts) -> std::optional<EntityUid> {
  const SymbolId type = ReadEntityType(parts.type);
  if (!type.has_value()) return std::nullopt;
  return EntityUid{.type = type, .id = Intern(parts.id)};
}

auto JsonExprReader::ReadEntityType(const JsonSite& site) -> SymbolId {
  const auto* name = report_.ExpectString(site);
  if (name == nullptr) return {};
  if (IsNormalizedName(*name)) return Intern(*name);
  report_.Report(site, DiagnosticCode::JsonInvalidName, *name, "an entity type").help =
      "a type is identifiers joined by `::`, without white space or reserved words";
  return {};
}

auto JsonExprReader::ReadEntity(const JsonSite& site) -> std::optional<EntityUid> {
  if (site.value().is_object()) {
    if (const Json* escape = FindMember(site.value(), "__expr"); escape != nullptr && escape->is_string()) {
      report_.Report(site, DiagnosticCode::JsonExprEscape).help = "write the entity as `{\"type\": .., \"id\": ..}`";
      return std::nullopt;
    }
    if (const Json* escape = FindMember(site.value(), "__entity")) {
      const JsonSite inner = site.Member("__entity", *escape);
      if (const auto parts = FindTypeAndId(inner)) return MakeEntity(*parts);
    }
    if (const auto parts = FindTypeAndId(site)) return MakeEntity(*parts);
  }
  report_.Report(site, DiagnosticCode::JsonNotAnEntity, site.value().is_object() ? "another object" : JsonKindName(site.value())).help =
      "write the entity as `{\"type\": .., \"id\": ..}`";
  return std::nullopt;
}

}  // namespace remit
