// JSON text piece by piece, indented by two.
//
// A document tree, as nlohmann/json would build, searches an object for every member that it adds: quadratic for namespaces with many types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace remit {

class JsonText {
 public:
  void OpenObject() { Open('{'); }
  void OpenArray() { Open('['); }
  void Close();
  // Before each member of an object.
  void Key(std::string_view key);
  void String(std::string_view text);
  void Word(std::string_view word);  // true, false, null

  void Member(std::string_view key, std::string_view text) {
    Key(key);
    String(text);
  }

  // With a line break at the end, once everything is closed.
  auto Take() -> std::string { return std::move(text_) + '\n'; }

 private:
  void Open(char bracket);
  void BeginValue();
  void NewLine();

  struct Level {
    bool is_object;
    bool is_empty = true;
  };

  std::string text_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace remit
