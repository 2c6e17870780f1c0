#include "runtime/entity/type_text.h"

#include <algorithm>

#include "runtime/base/text.h"

namespace remit {

auto PrimitiveTypeName(Kind kind) -> std::string_view {
  switch (kind) {
    case Kind::Bool: return "Bool";
    case Kind::Long: return "Long";
    case Kind::String: return "String";
    case Kind::Ip: return "ipaddr";
    case Kind::Decimal: return "decimal";
    case Kind::Datetime: return "datetime";
    case Kind::Duration: return "duration";
    case Kind::Set:
    case Kind::Record:
    case Kind::Entity:
    case Kind::Url:  // no schema declares it, nor those behind it
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: break;
  }
  return {};
}

namespace {

class TypeWriter {
 public:
  TypeWriter(const Schema& schema, const Interner& interner, size_t max_size) : schema_(schema), interner_(interner), max_size_(max_size) {}

  // Recursion is bounded by the depth of types, which the compiler limits.
  void Write(TypeId id) {
    if (IsFull()) return;
    const Type& type = schema_.type(id);
    if (type.kind == Kind::Set) {
      text_ += "Set<";
      Write(type.element);
      text_ += '>';
    } else if (type.kind == Kind::Record) {
      WriteRecord(type);
    } else if (type.kind == Kind::Entity) {
      text_ += type.entity_type.has_value() ? interner_.text(type.entity_type) : "an entity";
    } else {
      text_ += PrimitiveTypeName(type.kind);
    }
  }

  auto Take() -> std::string {
    if (text_.size() <= max_size_) return std::move(text_);
    size_t end = max_size_;
    while (end > 0 && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) --end;  // never inside a character
    return text_.substr(0, end) + "...";
  }

 private:
  auto IsFull() const -> bool { return text_.size() > max_size_; }

  void WriteRecord(const Type& type) {
    std::vector<const TypeField*> fields;
    for (const TypeField& field : type.fields) fields.push_back(&field);
    std::ranges::sort(fields, {}, [&](const TypeField* field) { return interner_.text(field->key); });
    text_ += '{';
    for (const TypeField* field : fields) {
      if (IsFull()) return;
      const auto key = interner_.text(field->key);
      if (field != fields.front()) text_ += ", ";
      text_ += IsIdentifier(key) ? std::string(key) : QuoteString(key);
      text_ += field->required ? ": " : "?: ";
      Write(field->type);
    }
    text_ += '}';
  }

  const Schema& schema_;
  const Interner& interner_;
  size_t max_size_;
  std::string text_;
};

}  // namespace

auto FormatType(const Schema& schema, TypeId type, const Interner& interner, size_t max_size) -> std::string {
  TypeWriter writer(schema, interner, max_size);
  writer.Write(type);
  return writer.Take();
}

}  // namespace remit
