#include "runtime/ir/entity_list.h"

#include "runtime/base/check.h"

namespace remit::ir {

EntityList::EntityList(std::span<const EntityUid> uids) {
  for (const EntityUid uid : uids) push_back(uid);
}

void EntityList::push_back(EntityUid uid) {
  CHECK(uid.type.value < kManyTag, "an entity without a type, or with one that no interner gave out");
  if (empty()) {
    one_ = uid;
    return;
  }
  if (IsMany()) return many().push_back(uid);
  auto* list = new Many{one_, uid};
  const auto address = reinterpret_cast<uint64_t>(list);
  CHECK(address >> 48 == 0, "an address of more than 48 bits");
  one_ = EntityUid::FromPacked((uint64_t{kManyTag} << 32) | address);
}

}  // namespace remit::ir
