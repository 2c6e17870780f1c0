// Values and references that are plainly spelt, straight from the tokens of a text.
//
// Whatever is not plain is given up, and the document is then read by ValueReader from a tree, which has a word for everything that can be wrong.
// So there is one place that knows errors, and what is read here is what would be read there: the reader of trees does those attributes that have
// escapes, extension values or a shape of their own. Making the readers one template over both, the alternative, would put pointers and messages
// into the way of the plain case, which is nearly all of them.
#pragma once

#include "runtime/request/json.h"
#include "runtime/request/json_tokens.h"
#include "runtime/request/json_value.h"
#include "runtime/request/known_references.h"

namespace remit::json {

// Every function reads at the place where the reader is and leaves it behind what was read; false: it is not plain, and the place is anywhere.
class PlainReader {
 public:
  // Levels of nesting that are read here; deeper documents are not plain.
  static constexpr uint32_t kMostNesting = 64;

  // Borrowed things outlive the reader. The limits allow more than `kMostNesting` levels.
  PlainReader(const Tokens& tokens, ValueReader& values, const JsonOptions& options)
      : tokens_(tokens), values_(values), limits_(options.limits), references_(options.references) {}

  auto place() const -> uint32_t { return at_; }
  void GoTo(uint32_t place) { at_ = place; }
  auto is_at_end() const -> bool { return at_ == tokens_.size(); }

  // One character that is a token.
  auto Take(char kind) -> bool {
    const bool is_there = tokens_.kind(at_) == kind;
    at_ += is_there ? 1 : 0;
    return is_there;
  }
  // A member's name and the colon.
  auto TakeKey(std::string_view& key) -> bool {
    if (!tokens_.ReadString(at_, key) || tokens_.kind(at_ + 1) != ':') return false;
    at_ += 2;
    return true;
  }
  // The same if it is this one, spelt so, `"uid":`.
  template <size_t N>
  auto TakeKey(const char (&spelling)[N]) -> bool {
    constexpr uint32_t kSize = N - 1;
    if (at_ + 2 >= tokens_.size() || tokens_.position(at_ + 1) - tokens_.position(at_) != kSize - 1) return false;
    if (std::memcmp(tokens_.at(at_), spelling, kSize) != 0) return false;
    at_ += 2;
    return true;
  }
  // `{}` or `[]`.
  auto TakeEmpty(char open, char close) -> bool {
    const bool is_there = tokens_.kind(at_) == open && tokens_.kind(at_ + 1) == close;
    at_ += is_there ? 2 : 0;
    return is_there;
  }
  // Elements or members up to `close`, whose opening bracket was taken; `read` takes one.
  template <typename Read>
  auto ReadUpTo(char close, Read read) -> bool {
    if (Take(close)) return true;
    do {
      if (!read()) return false;
    } while (Take(','));
    return Take(close);
  }

  // One value, of which nothing is looked at but brackets.
  auto Skip() -> bool;
  // The text from a place that was read or skipped up to here.
  auto TextFrom(uint32_t place) const -> std::string_view { return tokens_.Between(tokens_.position(place), tokens_.end(at_ - 1)); }

  // `{"type", "id"}` or `{"__entity": {..}}`.
  auto ReadUid(EntityUid& uid) -> bool;
  // As ValueReader::ReadTyped, but that it is not seen whether a record has all it requires: that is for the validator.
  auto ReadTyped(TypeId type, Value& value) -> bool;
  // The members of an object as a record, each of the type that `type_of(key)` gives; none: read without knowing. False: there is no such member.
  template <typename TypeOf>
  auto ReadMembers(RecordView& record, TypeOf type_of) -> bool;

 private:
  auto ReadUntyped(Value& value) -> bool;
  auto ReadScalar(Value& value) -> bool;
  auto ReadNumber(Value& value) -> bool;
  auto ReadSet(TypeId element, Value& value) -> bool;
  auto ReadTypedRecord(const Type& type, Value& value) -> bool;
  auto ReadObject(Value& value) -> bool;
  auto ReadByTree(TypeId type, Value& value) -> bool;
  auto ReadTypeAndId(EntityUid& uid) -> bool;
  auto ReadCompact(EntityUid& uid) -> bool;
  static auto HasRepeatedKey(RecordView record) -> bool;

  const Tokens& tokens_;
  ValueReader& values_;
  const Limits& limits_;
  KnownReferences* references_;  // may be null
  uint32_t at_ = 0;
  uint32_t nesting_ = 0;  // of values that are being read here
};

template <typename TypeOf>
auto PlainReader::ReadMembers(RecordView& record, TypeOf type_of) -> bool {
  if (!Take('{')) return false;
  Tail<Field> fields(values_.fields());
  const bool is_read = ReadUpTo('}', [&] {
    std::string_view key;
    if (!TakeKey(key)) return false;
    const SymbolId symbol = values_.keys().Intern(key);
    TypeId type;
    Value value;
    if (!type_of(symbol, type) || !ReadTyped(type, value)) return false;
    fields.Push({.key = symbol, .value = value});
    return true;
  });
  if (!is_read) return false;
  if (fields.size() > 0) record = MakeRecord(values_.arena(), fields.items()).as_record();
  return !HasRepeatedKey(record);
}

}  // namespace remit::json
