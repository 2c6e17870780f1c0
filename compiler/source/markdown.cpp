#include "compiler/source/markdown.h"

namespace remit {

auto MarkdownCell(std::string_view text) -> std::string {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string{"\\|"} : std::string{c};
  return cell;
}

}  // namespace remit
