#include "compiler/check/types.h"

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/base/text.h"

namespace remit::check {

TypeTable::TypeTable()
    : never_(Intern({.kind = TypeKind::Never})),
      bool_(Intern({.kind = TypeKind::Bool})),
      true_(Intern({.kind = TypeKind::True})),
      false_(Intern({.kind = TypeKind::False})),
      long_(Intern({.kind = TypeKind::Long})),
      string_(Intern({.kind = TypeKind::String})),
      any_set_(Intern({.kind = TypeKind::AnySet})),
      any_entity_(Intern({.kind = TypeKind::AnyEntity})),
      any_record_(Intern({.kind = TypeKind::Record, .open = true})) {}

auto TypeTable::Intern(Type type) -> TypeRef {
  const auto [it, is_new] = refs_.try_emplace(std::move(type), TypeRef{static_cast<uint32_t>(types_.size())});
  if (is_new) types_.push_back(&it->first);
  return it->second;
}

auto TypeTable::RecordOf(std::vector<FieldType> fields) -> TypeRef {
  std::ranges::sort(fields, {}, &FieldType::key);
  return Intern({.kind = TypeKind::Record, .fields = std::move(fields)});
}

auto TypeTable::OfKind(Kind kind) -> TypeRef {
  switch (kind) {
    case Kind::Bool: return bool_;
    case Kind::Long: return long_;
    case Kind::String: return string_;
    case Kind::Set: return any_set_;
    case Kind::Record: return any_record_;
    case Kind::Entity: return any_entity_;
    case Kind::Ip:
    case Kind::Decimal:
    case Kind::Datetime:
    case Kind::Duration:
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: return Intern({.kind = TypeKind::Extension, .extension = kind});
  }
  CHECK(false);
}

auto TypeTable::IsBool(TypeRef ref) const -> bool { return ref == bool_ || ref == true_ || ref == false_; }

auto FindField(const Type& record, SymbolId key) -> const FieldType* {
  const auto it = std::ranges::lower_bound(record.fields, key, {}, &FieldType::key);
  return it != record.fields.end() && it->key == key ? &*it : nullptr;
}

// ---- subtypes ------------------------------------------------------------------------------------------------------

auto TypeTable::IsFieldSubtype(const FieldType& a, const FieldType& b, Mode mode) const -> bool {
  const bool qualifies = mode == Mode::Strict ? a.required == b.required : a.required || !b.required;
  return qualifies && IsSubtype(a.type, b.type, mode);
}

// In width only below an open record, and never in strict mode; else attribute by attribute.
auto TypeTable::IsRecordSubtype(const Type& a, const Type& b, Mode mode) const -> bool {
  if (a.open && !b.open) return false;
  const bool in_width = b.open && mode == Mode::Permissive;
  if (!in_width && a.fields.size() != b.fields.size()) return false;
  return std::ranges::all_of(b.fields, [&](const FieldType& field) {
    const auto* own = FindField(a, field.key);
    return own != nullptr && IsFieldSubtype(*own, field, mode);
  });
}

auto TypeTable::IsSubtype(TypeRef a, TypeRef b, Mode mode) const -> bool {
  if (a == b || a == never_) return true;
  const Type& sub = at(a);
  const Type& super = at(b);
  switch (super.kind) {
    case TypeKind::Bool: return a == true_ || a == false_;
    case TypeKind::AnySet: return sub.kind == TypeKind::Set;
    case TypeKind::Set: return sub.kind == TypeKind::Set && IsSubtype(sub.element, super.element, mode);
    case TypeKind::Record: return sub.kind == TypeKind::Record && IsRecordSubtype(sub, super, mode);
    case TypeKind::AnyEntity: return sub.kind == TypeKind::Entity && mode == Mode::Permissive;
    case TypeKind::Entity:
      return sub.kind == TypeKind::Entity && mode == Mode::Permissive && std::ranges::includes(super.entity_types, sub.entity_types);
    case TypeKind::Never:
    case TypeKind::True:
    case TypeKind::False:
    case TypeKind::Long:
    case TypeKind::String:
    case TypeKind::Extension: return false;
  }
  return false;
}

auto TypeTable::AreDisjoint(TypeRef a, TypeRef b) const -> bool {
  const Type& one = at(a);
  const Type& other = at(b);
  if (one.kind != TypeKind::Entity || other.kind != TypeKind::Entity) return false;
  return std::ranges::find_first_of(one.entity_types, other.entity_types) == one.entity_types.end();
}

// ---- joins ---------------------------------------------------------------------------------------------------------

auto TypeTable::Fail(Mismatch reason) -> std::nullopt_t {
  mismatch_ = reason;
  return std::nullopt;
}

auto TypeTable::Join(TypeRef a, TypeRef b, Mode mode) -> std::optional<TypeRef> {
  if (IsSubtype(a, b, mode)) return b;
  if (IsSubtype(b, a, mode)) return a;
  if (IsBool(a) && IsBool(b)) return bool_;
  const Type& one = at(a);
  const Type& other = at(b);
  const auto are = [&](TypeKind kind) { return one.kind == kind && other.kind == kind; };
  const auto is_entity = [](const Type& type) { return type.kind == TypeKind::Entity || type.kind == TypeKind::AnyEntity; };

  if (are(TypeKind::Set)) {
    const auto element = Join(one.element, other.element, mode);
    return element ? std::optional(SetOf(*element)) : std::nullopt;
  }
  if (are(TypeKind::Record)) return JoinRecords(one, other, mode);
  if (is_entity(one) && is_entity(other)) return JoinEntities(one, other, mode);
  const bool entity_and_record = (is_entity(one) && other.kind == TypeKind::Record) || (one.kind == TypeKind::Record && is_entity(other));
  return Fail(entity_and_record ? Mismatch::EntityRecord : Mismatch::Kinds);
}

auto TypeTable::JoinEntities(const Type& a, const Type& b, Mode mode) -> std::optional<TypeRef> {
  if (a.kind == TypeKind::AnyEntity || b.kind == TypeKind::AnyEntity) return any_entity_;
  if (mode == Mode::Strict) return Fail(Mismatch::EntityTypes);
  Type joined{.kind = TypeKind::Entity};
  std::ranges::set_union(a.entity_types, b.entity_types, std::back_inserter(joined.entity_types));
  return Intern(std::move(joined));
}

auto TypeTable::JoinFields(const FieldType& a, const FieldType& b, Mode mode) -> std::optional<FieldType> {
  const auto type = Join(a.type, b.type, mode);
  if (!type) return std::nullopt;
  if (mode == Mode::Strict && a.required != b.required) return Fail(Mismatch::AttributeQualifier);
  return FieldType{.key = a.key, .type = *type, .required = a.required && b.required};
}

// Permissive: attributes that only one record has, or that have no common type, are merely not known.
auto TypeTable::JoinRecords(const Type& a, const Type& b, Mode mode) -> std::optional<TypeRef> {
  const bool is_strict = mode == Mode::Strict;
  if (is_strict && !std::ranges::equal(a.fields, b.fields, {}, &FieldType::key, &FieldType::key)) return Fail(Mismatch::RecordWidth);
  Type joined{.kind = TypeKind::Record};
  // Interning may not move what `a` and `b` refer to: map keys stay where they are.
  for (const auto& field : a.fields) {
    const auto* other = FindField(b, field.key);
    const auto common = other == nullptr ? std::nullopt : JoinFields(field, *other, mode);
    if (common) {
      joined.fields.push_back(*common);
    } else if (is_strict) {
      return std::nullopt;
    }
  }
  const bool same_width = joined.fields.size() == a.fields.size() && joined.fields.size() == b.fields.size();
  joined.open = a.open || b.open || !same_width;
  return Intern(std::move(joined));
}

// ---- printing ------------------------------------------------------------------------------------------------------

namespace {

constexpr size_t kMostFields = 8;  // of a record in a message

}  // namespace

auto TypeTable::FormatRecord(const Type& record, const Interner& interner) const -> std::string {
  std::vector<std::pair<std::string_view, const FieldType*>> fields;
  for (const auto& field : record.fields) fields.emplace_back(interner.text(field.key), &field);
  std::ranges::sort(fields);  // by name: symbol ids depend on what was read first
  std::string text = "{";
  for (size_t i = 0; i < fields.size() && i < kMostFields; ++i) {
    const auto& [name, field] = fields[i];
    if (i > 0) text += ", ";
    text += IsIdentifier(name) ? std::string{name} : '"' + EscapeString(name) + '"';
    text += field->required ? ": " : "?: ";
    text += Format(field->type, interner);
  }
  if (record.open || fields.size() > kMostFields) text += fields.empty() ? ".." : ", ..";
  return text + "}";
}

auto TypeTable::Format(TypeRef ref, const Interner& interner) const -> std::string {
  const Type& type = at(ref);
  switch (type.kind) {
    case TypeKind::Never: return "nothing";
    case TypeKind::True: return "true";
    case TypeKind::False: return "false";
    case TypeKind::Bool: return "Bool";
    case TypeKind::Long: return "Long";
    case TypeKind::String: return "String";
    case TypeKind::AnySet: return "Set";
    case TypeKind::Set: return type.element == never_ ? "Set" : "Set<" + Format(type.element, interner) + ">";
    case TypeKind::Record: return FormatRecord(type, interner);
    case TypeKind::AnyEntity: return "an entity";
    case TypeKind::Extension: return std::string{KindName(type.extension)};
    case TypeKind::Entity: break;
  }
  std::string text;
  for (const SymbolId name : type.entity_types) {
    if (!text.empty()) text += " or ";
    text += interner.text(name);
  }
  return text;
}

}  // namespace remit::check
