// Functions and keywords, as hover, completion and signature help tell of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stdlib/builtin.h"

namespace remit::lsp {

struct Signature {
  std::string name = {};
  std::string label = {};  // `ip(String) -> ipaddr`, `ipaddr.isInRange(ipaddr) -> Bool`
  std::vector<std::string> parameters = {};  // those in the brackets, as they stand in the label
  std::string documentation = {};
  std::string example = {};
  bool is_method = false;
  std::optional<Kind> receiver = {};  // of a method; none: several kinds
};

// Cedar's operators that are written as methods too.
auto AllSignatures() -> const std::vector<Signature>&;
auto FindSignature(std::string_view name, bool is_method) -> std::optional<Signature>;

// A sentence; empty for words that explain themselves.
auto KeywordHelp(std::string_view word) -> std::string_view;

}  // namespace remit::lsp
