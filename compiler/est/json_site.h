// A place in a JSON document, so that what is wrong there can be reported with a pointer.
//
// Sites live on the stack of the readers that descend, each linked to the one around it; the pointer's text is made only for
// a report.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/est/strict_json.h"

namespace remit {

class JsonSite {
 public:
  explicit JsonSite(const Json& document) : value_(&document) {}

  // Both borrow `this`, and `key` must live as long as the result.
  auto Member(std::string_view key, const Json& value) const -> JsonSite { return {value, this, key, 0}; }
  auto Element(size_t index) const -> JsonSite { return {(*value_)[index], this, {}, index}; }

  auto value() const -> const Json& { return *value_; }
  auto pointer() const -> std::string;

 private:
  JsonSite(const Json& value, const JsonSite* parent, std::string_view key, size_t index)
      : value_(&value), parent_(parent), key_(key), index_(index) {}

  const Json* value_;
  const JsonSite* parent_ = nullptr;
  std::string_view key_;
  size_t index_ = 0;
};

// "an object", "a string", ...: how messages name what was found.
auto JsonKindName(const Json& value) -> std::string_view;

enum class Presence : uint8_t { Required, Optional };
struct JsonField {
  std::string_view name;
  Presence presence = Presence::Required;
};

// Reports at sites and reads what every form has in common.
class JsonReporter {
 public:
  explicit JsonReporter(DiagnosticSink& sink) : sink_(sink) {}

  template <typename... Args>
  auto Report(const JsonSite& site, DiagnosticCode code, const Args&... args) -> Diagnostic& {
    Diagnostic& diagnostic = sink_.Report(code, Span{}, args...);
    diagnostic.pointer = site.pointer();
    return diagnostic;
  }

  // The members of an object in the order of `fields`, null where an optional one is absent. Reports what is missing and what is not
  // known, and is then empty; `let_pass` names a member that others have read.
  auto ReadFields(const JsonSite& site, std::initializer_list<JsonField> fields, std::string_view let_pass = {})
      -> std::vector<const Json*>;

  // Each reports and is null if the site holds something else.
  auto ExpectString(const JsonSite& site) -> const std::string*;
  auto ExpectObject(const JsonSite& site) -> const Json*;
  auto ExpectArray(const JsonSite& site) -> const Json*;

  // With the closest of `known` as help, or all of them.
  void ReportUnknown(const JsonSite& site, std::string_view what, std::string_view name, const std::vector<std::string_view>& known);

 private:
  DiagnosticSink& sink_;
};

// Null if there is no such member.
auto FindMember(const Json& object, std::string_view key) -> const Json*;

}  // namespace remit
