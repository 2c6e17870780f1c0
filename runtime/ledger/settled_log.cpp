#include "runtime/ledger/settled_log.h"

#include <cstring>
#include <type_traits>

#include "runtime/base/check.h"
#include "runtime/ledger/reservations.h"

namespace remit::ledger {
namespace {

constexpr size_t kWord = sizeof(uint64_t);

template <typename T>
constexpr size_t kWordsOf = (sizeof(T) + kWord - 1) / kWord;

static_assert(std::is_trivially_copyable_v<SettledHeader> && std::is_trivially_copyable_v<SettledLine>);
static_assert(sizeof(SettledHeader) % kWord == 0 && sizeof(SettledLine) % kWord == 0);

auto WordsFor(size_t bytes) -> size_t { return (bytes + kWord - 1) / kWord; }

}  // namespace

// ---- one of them: header, lines, then digest and request id if there is one ----------------------------------------------------

auto SettledView::line(size_t index) const -> SettledLine {
  SettledLine line;
  std::memcpy(static_cast<void*>(&line), at_ + kWordsOf<SettledHeader> + index * kWordsOf<SettledLine>, sizeof(line));
  return line;
}

auto SettledView::digest() const -> Digest {
  Digest digest = {};
  if (header().request_size == 0) return digest;
  std::memcpy(digest.data(), at_ + kWordsOf<SettledHeader> + header().lines * kWordsOf<SettledLine>, digest.size());
  return digest;
}

auto SettledView::request_id() const -> std::string_view {
  if (header().request_size == 0) return {};
  const uint64_t* text = at_ + kWordsOf<SettledHeader> + header().lines * kWordsOf<SettledLine> + kWordsOf<Digest>;
  return {reinterpret_cast<const char*>(text), header().request_size};
}

auto SettledView::words() const -> size_t {
  const size_t request = header().request_size == 0 ? 0 : kWordsOf<Digest> + WordsFor(header().request_size);
  return kWordsOf<SettledHeader> + header().lines * kWordsOf<SettledLine> + request;
}

// ---- words --------------------------------------------------------------------------------------------------------------------

void WordBuffer::Grow(size_t needed) {
  capacity_ = std::max<size_t>(std::max<size_t>(needed, 2 * capacity_), 512);
  auto larger = std::make_unique_for_overwrite<uint64_t[]>(capacity_);
  std::copy_n(words_.get(), size_, larger.get());
  words_ = std::move(larger);
}

// ---- the log ------------------------------------------------------------------------------------------------------------------

void SettledLog::AddStray(const RawId& id, const Place& place) {
  for (Block& block : blocks_) {
    if (block.generation == place.generation) block.strays.Insert(id.high, place.offset);
  }
}

auto SettledLog::FindStray(const RawId& id) const -> SettledView {
  for (const Block& block : blocks_) {
    const auto is = [&](uint32_t offset) { return SettledView(block.words.data() + offset).header().id == id; };
    if (const uint32_t offset = block.strays.Find(id.high, is); offset != SlotIndex::kNone) return SettledView(block.words.data() + offset);
  }
  return {};
}

auto SettledLog::FindByRequest(std::string_view request_id, uint64_t hash) const -> SettledView {
  for (const Block& block : blocks_) {
    const auto is = [&](uint32_t offset) {
      const SettledView view(block.words.data() + offset);
      return view.header().request_hash == hash && view.request_id() == request_id;
    };
    if (const uint32_t offset = block.by_request.Find(hash, is); offset != SlotIndex::kNone)
      return SettledView(block.words.data() + offset);
  }
  return {};
}

// Field by field into the log: a struct that is put together elsewhere and copied is read before the processor has written it.
auto SettledLog::Append(const Record& record) -> Place {
  Block& block = blocks_[current_];
  const size_t request_size = record.request_id.size();
  const size_t request = request_size == 0 ? 0 : kWordsOf<Digest> + WordsFor(request_size);
  const size_t offset = block.words.size();
  CHECK(offset < UINT32_MAX - 1, "a block of settled reservations is as large as its offsets can say");
  uint64_t* at = block.words.Extend(kWordsOf<SettledHeader> + record.lines.size() * kWordsOf<SettledLine> + request);
  auto* header = ::new (at) SettledHeader;
  header->id = record.id;
  header->request_hash = record.request_hash;
  header->expires_at = record.expires_at;
  header->request_size = static_cast<uint32_t>(request_size);
  header->lines = static_cast<uint16_t>(record.lines.size());
  header->verdict = record.verdict;
  header->marks = static_cast<uint8_t>((record.late ? SettledHeader::kLate : 0) | (record.overdrawn ? SettledHeader::kOverdrawn : 0) |
                                       (record.leased ? SettledHeader::kLeased : 0));
  at += kWordsOf<SettledHeader>;
  for (const Line& line : record.lines) {
    auto* settled = ::new (at) SettledLine;
    settled->budget = line.budget;
    settled->reserved = line.reserved;
    settled->approved = line.approved;
    settled->charged = line.charged + line.approved_counted;
    settled->overdraft = line.overdraft;
    at += kWordsOf<SettledLine>;
  }
  if (request_size != 0) {
    std::memcpy(at, record.digest.data(), record.digest.size());
    std::memcpy(at + kWordsOf<Digest>, record.request_id.data(), request_size);
    block.by_request.Insert(record.request_hash, static_cast<uint32_t>(offset));
  }
  block.words.Prefetch();
  ++block.count;
  block.last_end = std::max(block.last_end, record.ended_at);
  block.has_rows |= !record.leased;
  return {.generation = block.generation, .offset = static_cast<uint32_t>(offset)};
}

void SettledLog::Reset(Block& block) {
  block.generation = ++last_generation_;
  block.words.clear();
  block.strays.Clear();
  block.by_request.Clear();
  block.count = 0;
  block.last_end = 0;
  block.has_rows = false;
}

}  // namespace remit::ledger
