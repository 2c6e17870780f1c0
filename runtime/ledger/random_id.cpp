#include "runtime/ledger/random_id.h"

#include <pthread.h>
#include <sys/random.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "runtime/base/check.h"

namespace remit::ledger {
namespace {

constexpr size_t kPage = 4096;
constexpr char kDigits[] = "0123456789abcdef";

std::atomic<uint32_t> forks = 0;

auto WatchForks() -> bool {
  pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  return true;
}

struct Page {
  std::array<unsigned char, kPage> bytes;
  size_t next = kPage;
  uint32_t fork = 0;
};

void Fill(Page& page) {
  static const bool watching = WatchForks();
  CHECK(watching);
  page.fork = forks.load(std::memory_order_relaxed);
  for (size_t filled = 0; filled < kPage;) {
    const ssize_t count = getrandom(page.bytes.data() + filled, kPage - filled, 0);
    CHECK(count > 0 || errno == EINTR, "the kernel gives no random numbers");
    if (count > 0) filled += static_cast<size_t>(count);
  }
  page.next = 0;
}

// Two digits for each byte, looked up at once.
struct Pairs {
  std::array<std::array<char, 2>, 256> digits;
  std::array<int8_t, 256> values;  // of one digit; -1 for anything else
};

constexpr auto MakePairs() -> Pairs {
  Pairs pairs = {};
  for (size_t byte = 0; byte < 256; ++byte) pairs.digits[byte] = {kDigits[byte >> 4], kDigits[byte & 15]};
  pairs.values.fill(-1);
  for (int8_t value = 0; value < 16; ++value) pairs.values[static_cast<unsigned char>(kDigits[value])] = value;
  return pairs;
}

constexpr Pairs kPairs = MakePairs();

void Print(char* out, uint64_t word) {
  for (int byte = 0; byte < 8; ++byte) std::memcpy(out + 2 * byte, kPairs.digits[word >> (56 - 8 * byte) & 0xFF].data(), 2);
}

// False if there is anything but digits.
auto Read(const char* text, size_t digits, uint64_t& word) -> bool {
  int all = 0;
  word = 0;
  for (size_t i = 0; i < digits; ++i) {
    const int value = kPairs.values[static_cast<unsigned char>(text[i])];
    all |= value;
    word = word << 4 | static_cast<uint64_t>(value & 15);
  }
  return all >= 0;
}

}  // namespace

auto IdFactory::Random() -> RawId {
  thread_local Page page;
  if (page.next + sizeof(RawId) > kPage || page.fork != forks.load(std::memory_order_relaxed)) Fill(page);
  RawId id;
  std::memcpy(&id, page.bytes.data() + page.next, sizeof(id));
  std::memset(page.bytes.data() + page.next, 0, sizeof(id));  // what was given out is not kept
  page.next += sizeof(id);
  return id;
}

auto IdFactory::Text(uint8_t shard, const RawId& id) -> ReservationId {
  ReservationId text;
  std::memcpy(text.text_.data(), kPairs.digits[shard].data(), 2);
  Print(text.text_.data() + 2, id.high);
  Print(text.text_.data() + 18, id.low);
  return text;
}

auto IdFactory::Parse(std::string_view text) -> std::optional<Parsed> {
  if (text.size() != ReservationId::kLength) return std::nullopt;
  Parsed parsed;
  uint64_t shard = 0;
  if (!Read(text.data(), 2, shard) || !Read(text.data() + 2, 16, parsed.id.high) || !Read(text.data() + 18, 16, parsed.id.low))
    return std::nullopt;
  parsed.shard = static_cast<uint8_t>(shard);
  return parsed;
}

}  // namespace remit::ledger
