#include "runtime/request/json_plain.h"

#include <algorithm>
#include <charconv>

namespace remit::json {

auto PlainReader::Skip() -> bool {
  uint32_t depth = 0;
  do {
    switch (tokens_.kind(at_++)) {
      case '{':
      case '[':
        if (++depth > kMostNesting) return false;
        break;
      case '}':
      case ']':
        if (depth-- == 0) return false;
        break;
      case ':':
      case ',':
        if (depth == 0) return false;
        break;
      case '\0': return false;  // the end: nobody spells a token so
    }
  } while (depth > 0);
  return true;
}

// ---- references ------------------------------------------------------------------------------------------------------

namespace {

constexpr uint32_t kReference = 9;  // tokens of `{"type": "U", "id": "a"}`

// The two strings of a reference without white space, its tokens' text, whose comma is at `comma`.
template <size_t Begin, size_t Middle>
auto SplitCompact(std::string_view text, size_t comma, const char (&begin)[Begin], const char (&middle)[Middle], std::string_view& first,
                  std::string_view& second) -> bool {
  constexpr size_t kBegin = Begin - 1;
  constexpr size_t kMiddle = Middle - 1;
  const size_t end = text.size() - 2;
  if (comma <= kBegin || end < comma - 1 + kMiddle) return false;
  // Of known sizes, so that nothing is called.
  if (std::memcmp(text.data(), begin, kBegin) != 0 || std::memcmp(text.data() + comma - 1, middle, kMiddle) != 0) return false;
  if (text[end] != '"' || text[end + 1] != '}') return false;
  first = text.substr(kBegin, comma - 1 - kBegin);
  second = text.substr(comma - 1 + kMiddle, end - (comma - 1 + kMiddle));
  return true;
}

}  // namespace

// As most programs write them. Whoever knows where the fifth and the last token are has to compare only what is between the strings. False: the place
// stays where it is.
auto PlainReader::ReadCompact(EntityUid& uid) -> bool {
  if (tokens_.has_escapes() || at_ + kReference > tokens_.size()) return false;
  const uint32_t begin = tokens_.position(at_);
  const auto text = tokens_.Between(begin, tokens_.position(at_ + kReference - 1) + 1);
  const size_t comma = tokens_.position(at_ + 4) - begin;
  if (references_ != nullptr) {
    // The same characters are the same tokens.
    if (const EntityUid* known = references_->Find(text, comma)) {
      uid = *known;
      at_ += kReference;
      return true;
    }
  }
  std::string_view type;
  std::string_view id;
  if (!SplitCompact(text, comma, R"({"type":")", R"(","id":")", type, id) &&
      !SplitCompact(text, comma, R"({"id":")", R"(","type":")", id, type)) {
    return false;
  }
  if (!values_.MakeUid(type, id, uid)) return false;
  if (references_ != nullptr) references_->Keep(text, comma, uid);
  at_ += kReference;
  return true;
}

auto PlainReader::ReadUid(EntityUid& uid) -> bool {
  if (ReadCompact(uid)) return true;
  std::string_view key;
  if (tokens_.kind(at_) != '{' || !tokens_.ReadString(at_ + 1, key)) return false;
  if (!IsKey(key, "__entity")) return ReadTypeAndId(uid);
  if (tokens_.kind(at_ + 2) != ':') return false;
  at_ += 3;
  return (ReadCompact(uid) || ReadTypeAndId(uid)) && Take('}');
}

auto PlainReader::ReadTypeAndId(EntityUid& uid) -> bool {
  // `{` "type" `:` string `,` "id" `:` string `}`, or the other way round
  if (tokens_.kind(at_) != '{' || tokens_.kind(at_ + 2) != ':' || tokens_.kind(at_ + 4) != ',' || tokens_.kind(at_ + 6) != ':' ||
      tokens_.kind(at_ + 8) != '}') {
    return false;
  }
  std::string_view first_key;
  std::string_view first;
  std::string_view second_key;
  std::string_view second;
  if (!tokens_.ReadString(at_ + 1, first_key) || !tokens_.ReadString(at_ + 3, first) || !tokens_.ReadString(at_ + 5, second_key) ||
      !tokens_.ReadString(at_ + 7, second)) {
    return false;
  }
  at_ += kReference;
  if (IsKey(first_key, "type") && IsKey(second_key, "id")) return values_.MakeUid(first, second, uid);
  if (IsKey(first_key, "id") && IsKey(second_key, "type")) return values_.MakeUid(second, first, uid);
  return false;
}

// ---- values ----------------------------------------------------------------------------------------------------------

auto PlainReader::ReadTyped(TypeId type_id, Value& value) -> bool {
  if (values_.schema() == nullptr || !type_id.has_value()) return ReadUntyped(value);
  const Type& type = values_.schema()->type(type_id);
  switch (type.kind) {
    case Kind::Bool:
    case Kind::Long:
    case Kind::String: return ReadScalar(value) || ReadByTree(type_id, value);
    case Kind::Set: return ReadSet(type.element, value);
    case Kind::Record: return ReadTypedRecord(type, value);
    case Kind::Entity: {
      EntityUid uid;
      if (!ReadUid(uid)) return false;
      value = Value::OfEntity(uid);
      return true;
    }
    case Kind::Ip:
    case Kind::Decimal:
    case Kind::Datetime:
    case Kind::Duration:
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: return ReadByTree(type_id, value);
  }
  return false;
}

auto PlainReader::ReadUntyped(Value& value) -> bool {
  if (tokens_.kind(at_) == '[') return ReadSet({}, value);
  if (tokens_.kind(at_) == '{') return ReadObject(value);
  return ReadScalar(value) || ReadByTree({}, value);
}

// The place stays where it is if there is none.
auto PlainReader::ReadScalar(Value& value) -> bool {
  const char kind = tokens_.kind(at_);
  if (kind == '"') {
    std::string_view text;
    if (!tokens_.ReadString(at_, text)) return false;
    value = Value::OfString(values_.arena().CopyString(text));
  } else if (kind == 't' || kind == 'f') {
    const auto word = tokens_.spelling(at_);
    if (!IsKey(word, "true") && !IsKey(word, "false")) return false;
    value = Value::OfBool(kind == 't');
  } else if (!ReadNumber(value)) {
    return false;
  }
  ++at_;
  return true;
}

// Integers of few digits, but for `-0`, which is no integer to Cedar.
auto PlainReader::ReadNumber(Value& value) -> bool {
  constexpr size_t kMostDigits = 18;
  if (at_ >= tokens_.size()) return false;
  const auto spelling = tokens_.spelling(at_);
  auto digits = spelling;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  const bool is_zero = spelling == "0";
  if (digits.empty() || digits.size() > kMostDigits || (digits[0] == '0' && !is_zero)) return false;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(spelling.data(), spelling.data() + spelling.size(), number);
  if (error != std::errc{} || end != spelling.data() + spelling.size()) return false;
  value = Value::OfLong(number);
  return true;
}

auto PlainReader::ReadSet(TypeId element, Value& value) -> bool {
  if (!Take('[') || ++nesting_ > kMostNesting) return false;
  Tail<Value> elements(values_.elements());
  const bool is_read = ReadUpTo(']', [&] {
    Value each;
    if (!ReadTyped(element, each)) return false;
    elements.Push(each);
    return true;
  });
  if (!is_read) return false;
  --nesting_;
  value = MakeSet(values_.arena(), elements.items());
  return true;
}

auto PlainReader::ReadTypedRecord(const Type& type, Value& value) -> bool {
  if (++nesting_ > kMostNesting) return false;
  RecordView record;
  const bool is_read = ReadMembers(record, [&](SymbolId key, TypeId& field_type) {
    const TypeField* field = type.FindField(key);
    if (field == nullptr) return false;
    field_type = field->type;
    return true;
  });
  if (!is_read) return false;
  --nesting_;
  value = Value::OfSortedRecord(record);
  return true;
}

// A record, or an escape: those have one member, whose name begins like this.
auto PlainReader::ReadObject(Value& value) -> bool {
  const uint32_t first = at_;
  std::string_view key;
  if (tokens_.ReadString(at_ + 1, key) && key.starts_with("__")) {
    EntityUid uid;
    if (IsKey(key, "__entity") && ReadUid(uid)) {
      value = Value::OfEntity(uid);
      return true;
    }
    at_ = first;
    return ReadByTree({}, value);
  }
  if (++nesting_ > kMostNesting) return false;
  RecordView record;
  if (!ReadMembers(record, [](SymbolId, TypeId&) { return true; })) return false;
  --nesting_;
  value = Value::OfSortedRecord(record);
  return true;
}

auto PlainReader::ReadByTree(TypeId type, Value& value) -> bool {
  const uint32_t first = at_;
  if (!Skip()) return false;
  const auto document = Document::Parse(TextFrom(first), limits_.max_json_bytes, limits_.max_json_depth);
  if (!document) return false;
  const auto read = values_.ReadTyped(Cursor(document->root()), type);
  if (read) value = *read;
  return read.has_value();
}

auto PlainReader::HasRepeatedKey(RecordView record) -> bool { return std::ranges::adjacent_find(record, {}, &Field::key) != record.end(); }

}  // namespace remit::json
