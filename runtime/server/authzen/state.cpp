// Shared state, and the seal (RFC 2104).
#include "runtime/server/authzen/state.h"

#include <atomic>

namespace remit::authzen {
namespace {

constexpr size_t kBlock = 64;

auto MakeKey() -> std::string {
  std::string key;
  while (key.size() < kBlock) key += approval::RandomId();
  key.resize(kBlock);
  return key;
}

auto Padded(std::string_view key, char pad) -> std::string {
  std::string text(key);
  for (char& c : text) c = static_cast<char>(c ^ pad);
  return text;
}

auto NextStateId() -> uint64_t {
  static std::atomic<uint64_t> next = 1;
  return next++;
}

// Of the well-known document: the path of the base URL comes behind the well-known one.
auto WellKnownPath(std::string_view base_url) -> std::string {
  std::string path = "/.well-known/authzen-configuration";
  const auto host = base_url.find("://");
  const auto slash = host == std::string_view::npos ? host : base_url.find('/', host + 3);
  if (slash != std::string_view::npos) path += base_url.substr(slash);
  while (path.ends_with('/')) path.pop_back();
  return path;
}

struct LastNames {
  uint64_t state = 0;
  const Policies* policies = nullptr;  // not to be used: `names` keeps it from being another's address
  std::shared_ptr<const Names> names;
};

}  // namespace

State::State(server::Service& service, AuthzenOptions options)
    : service_(service),
      options_(std::move(options)),
      well_known_path_(WellKnownPath(options_.base_url)),
      key_(MakeKey()),
      id_(NextStateId()) {}

auto State::NamesOf(const Snapshot& snapshot) const -> const std::shared_ptr<const Names>& {
  thread_local LastNames last;
  if (last.state != id_ || last.policies != snapshot.policies.get()) {
    last = {.state = id_, .policies = snapshot.policies.get(), .names = MakeNames(snapshot)};
  }
  return last.names;
}

auto State::MakeNames(const Snapshot& snapshot) const -> std::shared_ptr<const Names> {
  const std::lock_guard lock(mutex_);
  if (names_ == nullptr || &names_->policies() != snapshot.policies.get()) {
    names_ = std::make_shared<const Names>(options_.mapping, snapshot, service_.engine().interner());
  }
  return names_;
}

auto State::Seal(std::string_view text) const -> approval::Digest {
  const auto inner = approval::Sha256(Padded(key_, 0x36) + std::string(text));
  return approval::Sha256(Padded(key_, 0x5c) + std::string(reinterpret_cast<const char*>(inner.bytes.data()), inner.bytes.size()));
}

auto State::IsSealed(std::string_view text, const approval::Digest& seal) const -> bool {
  return approval::SameInConstantTime(Seal(text), seal);
}

}  // namespace remit::authzen
