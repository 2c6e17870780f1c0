// Fields of a record, one after the other, at the end of a text.
//
// Numbers are LEB128, signed ones zigzag. The text is grown ahead and cut to size at the end: checking capacity byte by byte takes longer than writing.
#pragma once

#include <cstring>

#include "runtime/audit/record.h"
#include "runtime/audit/record_fields.h"

namespace remit::audit {

class RecordWriter {
 public:
  RecordWriter(RecordKind kind, std::string& out) : out_(out), used_(out.size()) {
    Reserve(2);
    Byte(kRecordVersion);
    Byte(static_cast<uint8_t>(kind));
  }
  ~RecordWriter() { out_.resize(used_); }
  RecordWriter(const RecordWriter&) = delete;
  auto operator=(const RecordWriter&) -> RecordWriter& = delete;

  // Absent if empty.
  void Text(Field field, std::string_view text) {
    if (!text.empty()) TextOrEmpty(field, text);
  }
  // Of a list's element: there even if it is empty.
  void TextOrEmpty(Field field, std::string_view text) {
    Begin(field, text.size());
    Bytes(text);
  }
  void Entity(Field field, const audit::Entity& entity) {
    if (!entity.type.empty() || !entity.id.empty()) EntityOrEmpty(field, entity);
  }
  void EntityOrEmpty(Field field, const audit::Entity& entity) {
    Begin(field, SizeOf(entity.type.size()) + entity.type.size() + entity.id.size());
    Number(entity.type.size());
    Bytes(entity.type);
    Bytes(entity.id);
  }
  // Absent if zero, which readers take it for.
  void Integer(Field field, int64_t value) {
    if (value == 0) return;
    const uint64_t zigzag = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
    Begin(field, SizeOf(zigzag));
    Number(zigzag);
  }
  void Flag(Field field, bool value) {
    if (value) Begin(field, 0);
  }

 private:
  static constexpr size_t kMaxNumber = 10;

  static auto SizeOf(uint64_t number) -> size_t {
    size_t size = 1;
    for (; number >= 0x80; number >>= 7) ++size;
    return size;
  }
  void Reserve(size_t size) {
    if (out_.size() - used_ >= size) return;
    // All of it is written before it is read, or cut off: zeroes would be written in vain.
    out_.resize_and_overwrite(2 * out_.size() + size + 512, [](char*, size_t all) { return all; });
  }
  // Room for the value, too.
  void Begin(Field field, size_t size) {
    Reserve(1 + kMaxNumber + size + kMaxNumber);
    Byte(static_cast<uint8_t>(field));
    Number(size);
  }
  void Byte(uint8_t byte) { out_[used_++] = static_cast<char>(byte); }
  void Number(uint64_t number) {
    for (; number >= 0x80; number >>= 7) Byte(static_cast<uint8_t>(number | 0x80));
    Byte(static_cast<uint8_t>(number));
  }
  void Bytes(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(out_.data() + used_, bytes.data(), bytes.size());
    used_ += bytes.size();
  }

  std::string& out_;
  size_t used_;
};

}  // namespace remit::audit
