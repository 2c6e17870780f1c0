// The console's files, embedded.
#pragma once

#include <span>
#include <string_view>

namespace remit::console {

struct Asset {
  std::string_view name;  // `main.js`
  std::string_view text;
};

auto Assets() -> std::span<const Asset>;

}  // namespace remit::console
