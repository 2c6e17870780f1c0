#include "compiler/schema/json_text.h"

#include <nlohmann/json.hpp>

namespace remit {
namespace {

auto Quote(std::string_view text) -> std::string {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void JsonText::NewLine() {
  text_ += '\n';
  text_.append(2 * levels_.size(), ' ');
}

void JsonText::BeginValue() {
  if (after_key_) {
    after_key_ = false;
  } else if (!levels_.empty()) {
    if (!levels_.back().is_empty) text_ += ',';
    levels_.back().is_empty = false;
    NewLine();
  }
}

void JsonText::Open(char bracket) {
  BeginValue();
  text_ += bracket;
  levels_.push_back({.is_object = bracket == '{'});
}

void JsonText::Close() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.is_empty) NewLine();
  text_ += level.is_object ? '}' : ']';
}

void JsonText::Key(std::string_view key) {
  BeginValue();
  text_ += Quote(key) + ": ";
  after_key_ = true;
}

void JsonText::String(std::string_view text) {
  BeginValue();
  text_ += Quote(text);
}

void JsonText::Word(std::string_view word) {
  BeginValue();
  text_ += word;
}

}  // namespace remit
