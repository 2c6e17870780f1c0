#include "runtime/request/partial_context.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/entity/schema_hints.h"
#include "runtime/entity/validate_value.h"
#include "runtime/request/json_value.h"
#include "runtime/request/validate_request.h"

namespace remit {
namespace {

using json::Cursor;

class ContextReader {
 public:
  ContextReader(const Type& type, std::span<const SymbolId> unknown, Interner& interner, Arena& arena, const Schema& schema)
      : type_(type), unknown_(unknown), interner_(interner), arena_(arena), schema_(schema), values_(interner, arena, &schema) {}

  auto Read(const Cursor& at) -> Expected<RecordView> {
    if (auto declared = CheckUnknown(); !declared) return std::unexpected(declared.error());
    const auto members = at.RequireObject();
    if (!members) return std::unexpected(members.error());
    std::vector<Field> fields;
    for (const auto& [key, child] : *members) {
      const auto field = ReadMember(at.At(key, child), interner_.Intern(key));
      if (!field) return std::unexpected(field.error());
      fields.push_back(*field);
    }
    for (const TypeField& field : type_.fields) {
      const bool is_given = std::ranges::find(fields, field.key, &Field::key) != fields.end();
      if (is_given || !field.required || IsUnknown(field.key)) continue;
      return at.Fail("missing-attribute", fmt::format("expected the context to have an attribute `{}`, but it does not", text(field.key)),
                     "an attribute that is not known yet has to be named as unknown");
    }
    return MakeRecord(arena_, fields).as_record();
  }

 private:
  auto text(SymbolId key) const -> std::string_view { return interner_.text(key); }
  auto IsUnknown(SymbolId key) const -> bool { return std::ranges::find(unknown_, key) != unknown_.end(); }

  auto Undeclared(SymbolId key) const -> Error {
    return {.code = "unexpected-attribute",
            .message = fmt::format("context attribute `{}` should not exist according to the schema", ClipText(std::string(text(key)))),
            .pointer = {},
            .help = SuggestField(type_, key, interner_)};
  }

  auto CheckUnknown() const -> Expected<void> {
    for (const SymbolId key : unknown_) {
      if (type_.FindField(key) == nullptr) return std::unexpected(Undeclared(key));
    }
    return {};
  }

  auto ReadMember(const Cursor& place, SymbolId key) -> Expected<Field> {
    const TypeField* field = type_.FindField(key);
    if (field == nullptr) {
      Error error = Undeclared(key);
      error.pointer = place.pointer();
      return std::unexpected(std::move(error));
    }
    if (IsUnknown(key)) return place.Fail("attribute-not-unknown", fmt::format("attribute `{}` is given and named as unknown", text(key)));
    const auto value = values_.ReadTyped(place, field->type);
    if (!value) return std::unexpected(value.error());
    if (auto valid = ValidateValue(schema_, interner_, *value, field->type); !valid) {
      valid.error().pointer = place.pointer() + valid.error().pointer;
      return std::unexpected(std::move(valid.error()));
    }
    return Field{.key = key, .value = *value};
  }

  const Type& type_;
  std::span<const SymbolId> unknown_;
  Interner& interner_;
  Arena& arena_;
  const Schema& schema_;
  json::ValueReader values_;
};

}  // namespace

auto ReadPartialContext(std::string_view json, std::span<const SymbolId> unknown, EntityUid action, Interner& interner, Arena& arena,
                        const JsonOptions& options) -> Expected<RecordView> {
  const auto decl = RequireAction(*options.schema, interner, action);
  if (!decl) return std::unexpected(decl.error());
  const auto document = json::Document::Parse(json, options.limits.max_request_bytes, options.limits.max_json_depth);
  if (!document) return std::unexpected(document.error());
  return ContextReader(options.schema->type((*decl)->context), unknown, interner, arena, *options.schema).Read(Cursor(document->root()));
}

}  // namespace remit
