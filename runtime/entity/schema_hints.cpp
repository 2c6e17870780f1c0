#include "runtime/entity/schema_hints.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/did_you_mean.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

constexpr size_t kMostListed = 8;
constexpr size_t kMostBytes = 200;
constexpr size_t kMostCandidates = 1000;

// What a request sends may be long; and comparing a name with more than so many others is not worth an author's time.
auto Suggest(std::string_view name, const std::vector<std::string_view>& candidates) -> std::string {
  return name.size() > kMostBytes ? std::string{} : DidYouMean(name, candidates);
}

auto SortedTexts(std::span<const SymbolId> names, const Interner& interner) -> std::vector<std::string_view> {
  std::vector<std::string_view> texts;
  for (const SymbolId name : names) texts.push_back(interner.text(name));
  std::ranges::sort(texts);
  return texts;
}

template <typename Text>
auto List(const std::vector<std::string_view>& texts, Text text) -> std::string {
  std::string list;
  for (size_t i = 0; i < std::min(texts.size(), kMostListed); ++i) list += fmt::format("{}`{}`", i == 0 ? "" : ", ", text(texts[i]));
  if (texts.size() > kMostListed) list += fmt::format(" and {} more", texts.size() - kMostListed);
  return list;
}

}  // namespace

// First the same name in another namespace.
auto SuggestEntityType(const Schema& schema, SymbolId name, const Interner& interner) -> std::string {
  const auto text = interner.text(name);
  if (text.size() > kMostBytes) return {};
  const auto in_namespace = fmt::format("::{}", text);
  std::vector<std::string_view> names;
  for (const auto& declared : schema.entity_types) {
    if (names.size() == kMostCandidates) break;
    names.push_back(interner.text(declared.name));
    if (names.back().ends_with(in_namespace)) return DidYouMean(names.back());
  }
  return Suggest(text, names);
}

auto SuggestAction(const Schema& schema, EntityUid action, const Interner& interner) -> std::string {
  std::vector<std::string> uids;
  for (const auto& declared : schema.actions) {
    if (declared.uid.id == action.id) return DidYouMean(FormatEntityUid(declared.uid, interner));
    if (uids.size() < kMostCandidates) uids.push_back(FormatEntityUid(declared.uid, interner));
  }
  return Suggest(FormatEntityUid(action, interner), {uids.begin(), uids.end()});
}

auto SuggestField(const Type& record, SymbolId key, const Interner& interner) -> std::string {
  std::vector<std::string_view> keys;
  for (const auto& field : record.fields) keys.push_back(interner.text(field.key));
  return Suggest(interner.text(key), keys);
}

auto SuggestId(const EntityTypeDecl& enumeration, const Interner& interner) -> std::string {
  return "its ids are " + List(SortedTexts(enumeration.enumerated_ids, interner), QuoteString);
}

auto ListNames(std::span<const SymbolId> names, const Interner& interner) -> std::string {
  return List(SortedTexts(names, interner), [](std::string_view text) { return text; });
}

auto ClipText(std::string text) -> std::string {
  if (text.size() <= kMostBytes) return text;
  size_t end = kMostBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

}  // namespace remit
