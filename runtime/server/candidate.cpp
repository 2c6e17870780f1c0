#include "runtime/server/candidate.h"

namespace remit::server {

// FNV-1a: not for tables, only to spread names evenly and everywhere alike.
auto Candidate::Chooses(std::string_view type, std::string_view id) const -> bool {
  if (canary_percent <= 0) return false;
  uint64_t hash = 14695981039346656037U;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  };
  add(type);
  add("::");
  add(id);
  constexpr uint64_t kParts = 10'000;
  return static_cast<double>((hash ^ (hash >> 32)) % kParts) < canary_percent * (kParts / 100.0);
}

}  // namespace remit::server
