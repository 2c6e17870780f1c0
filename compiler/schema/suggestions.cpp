#include "compiler/schema/suggestions.h"

#include <fmt/format.h>

#include <array>

#include "compiler/schema/builtin_types.h"
#include "runtime/base/did_you_mean.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using schema_ast::Reference;

// Comparing a name with more than this many others is not worth an author's time.
constexpr size_t kMostCandidates = 1000;

struct ForeignWord {
  std::string_view word;
  std::string_view ours;
};
// What other languages call our types.
constexpr auto kForeignWords = std::to_array<ForeignWord>({
    {"Boolean", "Bool"},   {"boolean", "Bool"}, {"bool", "Bool"},     {"Integer", "Long"},  {"integer", "Long"},
    {"Int", "Long"},       {"int", "Long"},     {"Number", "Long"},   {"number", "Long"},   {"long", "Long"},
    {"i64", "Long"},       {"str", "String"},   {"Text", "String"},   {"text", "String"},   {"float", "decimal"},
    {"double", "decimal"}, {"ip", "ipaddr"},    {"date", "datetime"}, {"time", "datetime"}, {"timestamp", "datetime"},
    {"Set", "Set<..>"},    {"List", "Set<..>"}, {"Array", "Set<..>"}, {"Record", "{ .. }"},
});

auto LastPart(std::string_view name) -> std::string_view {
  const size_t at = name.rfind("::");
  return at == std::string_view::npos ? name : name.substr(at + 2);
}

// Full names of what could stand here.
auto Candidates(Reference reference, const Definitions& definitions, const Interner& interner) -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  if (reference != Reference::Common) {
    for (const auto& entity : definitions.entities()) names.push_back(interner.text(entity.name));
  }
  if (reference != Reference::Entity) {
    for (const auto& type : definitions.common_types()) names.push_back(interner.text(type.name));
  }
  if (names.size() > kMostCandidates) names.resize(kMostCandidates);
  return names;
}

}  // namespace

auto SuggestType(const schema_ast::Name& name, SymbolId name_space, Reference reference, const Definitions& definitions,
                 const Interner& interner) -> std::string {
  const auto text = interner.text(name.text);
  if (reference != Reference::Any && definitions.Find(name.text, name_space, Reference::Any)) {
    return reference == Reference::Entity ? "only an entity type may stand here, and this is not one that is declared"
                                          : "only a common type may stand here, and this is an entity type";
  }
  const auto names = Candidates(reference, definitions, interner);
  for (const auto candidate : names) {
    if (LastPart(candidate) == LastPart(text)) return DidYouMean(candidate);
  }
  if (reference == Reference::Any) {
    for (const auto& [word, ours] : kForeignWords) {
      if (word == text) return DidYouMean(ours);
    }
  }
  auto close = names;
  for (const auto candidate : names) close.push_back(LastPart(candidate));
  if (reference != Reference::Entity) {
    for (const auto& type : BuiltinTypes()) close.push_back(type.name);
  }
  return DidYouMean(text, close);
}

auto SuggestAction(const schema_ast::ActionRef& ref, const Definitions& definitions, const Interner& interner) -> std::string {
  std::vector<std::string_view> ids;
  for (const auto& action : definitions.actions()) {
    if (action.uid.id == ref.id) return DidYouMean(FormatEntityUid(action.uid, interner));
    if (ids.size() < kMostCandidates) ids.push_back(interner.text(action.uid.id));
  }
  const auto closest = ClosestMatch(interner.text(ref.id), ids);
  return closest ? DidYouMean(EscapeString(*closest)) : std::string{};
}

}  // namespace remit
