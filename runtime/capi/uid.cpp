#include "runtime/capi/uid.h"

#include <fmt/format.h>

#include "runtime/base/text.h"

namespace remit::capi {
auto CheckText(remit_string text) -> Expected<void> {
  if (text.data == nullptr && text.size != 0) return remit::Fail("invalid-argument", "a string has a size but no text");
  if (text.size > UINT32_MAX / 2) return remit::Fail("string-too-long", "a string has more than 2 GiB");
  if (const auto at = FindInvalidUtf8(View(text)))
    return remit::Fail("invalid-utf8", fmt::format("a string is not valid UTF-8 at byte {}", *at));
  return {};
}

auto CheckUid(remit_uid uid) -> Expected<void> {
  if (uid.id.data == nullptr) return remit::Fail("invalid-argument", "an entity has no id");
  if (auto checked = CheckText(uid.type); !checked) return checked;
  if (auto checked = CheckText(uid.id); !checked) return checked;
  if (IsNormalizedName(View(uid.type))) return {};
  return remit::Fail("invalid-name", fmt::format("`{}` is not an entity type name", View(uid.type)),
                     "a name is identifiers joined by `::`, without spaces and reserved words");
}

namespace {

// What has been interned before is UTF-8.
auto FindKnown(remit_string text, const Interner& interner, RequestNames* usual) -> SymbolId {
  if (text.data == nullptr) return {};
  return usual != nullptr ? usual->FindUsual(View(text)) : interner.Find(View(text));
}

}  // namespace

auto ReadUid(remit_uid uid, Interner& interner, std::string_view pointer, TypeCheck check, const UsualParts& usual) -> ResultOf<EntityUid> {
  const EntityUid known = {.type = FindKnown(uid.type, interner, usual.type), .id = FindKnown(uid.id, interner, usual.id)};
  if (check == TypeCheck::Later && known.type.has_value() && known.id.has_value()) [[likely]]
    return known;
  if (auto checked = CheckUid(uid); !checked) {
    checked.error().pointer = pointer;
    const bool is_argument = checked.error().code == "invalid-argument";
    return Fail(is_argument ? REMIT_INVALID_ARGUMENT : REMIT_INVALID_INPUT, std::move(checked.error()));
  }
  return EntityUid{.type = interner.Intern(View(uid.type)), .id = interner.Intern(View(uid.id))};
}

}  // namespace remit::capi
