#include "compiler/lower/body_table.h"

#include <algorithm>

namespace remit {
namespace {

auto Mix(size_t hash, uint64_t word) -> size_t {
  constexpr uint64_t kMix = 0x9e3779b97f4a7c15;  // odd, without a pattern
  const uint64_t mixed = (hash ^ word) * kMix;
  return mixed ^ (mixed >> 32);
}

auto Hash(const ir::Body& body) -> size_t {
  size_t hash = body.registers;
  for (const auto& [op, dst, a, b, imm, count] : body.code) {
    hash = Mix(hash, (uint64_t{static_cast<uint8_t>(op)} << 48) | (uint64_t{dst} << 32) | (uint64_t{a} << 16) | b);
    hash = Mix(hash, (uint64_t{imm} << 32) | count);
  }
  for (const auto& place : body.places) hash = Mix(hash, (uint64_t{place.begin} << 32) | place.end);
  return hash;
}

auto IsSame(const ir::Body& a, const ir::Body& b) -> bool {
  const auto same_place = [](const ir::SourcePlace& one, const ir::SourcePlace& other) {
    return one.file == other.file && one.begin == other.begin && one.end == other.end;
  };
  return a.registers == b.registers && a.code == b.code && std::ranges::equal(a.places, b.places, same_place);
}

}  // namespace

auto BodyTable::Add(ir::Body body) -> uint32_t {
  const auto index = static_cast<uint32_t>(program_.bodies.size());
  by_hash_.emplace(Hash(body), index);
  program_.bodies.push_back(std::move(body));
  return index;
}

auto BodyTable::Share(ir::Body body) -> uint32_t {
  const auto [first, last] = by_hash_.equal_range(Hash(body));
  const auto found = std::find_if(first, last, [&](const auto& entry) { return IsSame(program_.bodies[entry.second], body); });
  return found == last ? Add(std::move(body)) : found->second;
}

}  // namespace remit
