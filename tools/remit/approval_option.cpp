#include "tools/remit/approval_option.h"

#include <algorithm>

#include "compiler/driver/files.h"

namespace remit::cli {

void AddApprovalOption(CLI::App& verb, std::vector<std::string>& given, CLI::Option* ledger) {
  verb.add_option("--approval", given, "A grant, or a file with one a line; may be repeated")
      ->option_text("GRANT|FILE")
      ->allow_extra_args(false)
      ->needs(ledger);
}

auto ReadApprovals(const std::vector<std::string>& given, const Limits& limits) -> Expected<std::vector<std::string>> {
  std::vector<std::string> grants;
  for (const auto& each : given) {
    if (each.starts_with("remit1.")) {
      grants.push_back(each);
      continue;
    }
    const auto text = ReadTextFile(each, limits.max_request_bytes);
    if (!text) return std::unexpected(text.error());
    for (size_t begin = 0; begin < text->size();) {
      const size_t end = std::min(text->find('\n', begin), text->size());
      if (end > begin) grants.push_back(text->substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return grants;
}

}  // namespace remit::cli
