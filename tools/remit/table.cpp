#include "tools/remit/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/base/text.h"
#include "runtime/ledger/claims.h"
#include "runtime/value/format.h"

namespace remit::cli {

auto Shown(std::string_view text) -> std::string {
  std::string shown;
  const std::string escaped = EscapeString(text);
  for (size_t i = 0; i < escaped.size(); ++i) {
    const bool is_quote = escaped[i] == '\\' && i + 1 < escaped.size() && (escaped[i + 1] == '"' || escaped[i + 1] == '\'');
    if (is_quote) ++i;
    shown += escaped[i];
    // An escaped backslash is a pair: the second does not begin another.
    if (!is_quote && escaped[i] == '\\' && i + 1 < escaped.size()) shown += escaped[++i];
  }
  return shown;
}

auto CodePoints(std::string_view text) -> size_t {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

auto ShortDuration(int64_t millis) -> std::string {
  constexpr auto kUnits =
      std::to_array<std::pair<int64_t, std::string_view>>({{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}});
  for (const auto& [unit, name] : kUnits) {
    if (millis % unit == 0) return fmt::format("{}{}", millis / unit, name);
  }
  return fmt::format("{}ms", millis);
}

auto TimeText(int64_t millis) -> std::string {
  if (millis == ledger::kForever) return "-";
  return FormatDatetime({.millis = millis}).value_or(std::to_string(millis));
}

auto Bar(int64_t charged, int64_t reserved, int64_t limit) -> std::string {
  constexpr int kWidth = 20;
  const auto share = [&](int64_t amount) {
    if (limit <= 0) return amount > 0 || limit < 0 ? 1.0 : 0.0;
    return std::clamp(static_cast<double>(amount) / static_cast<double>(limit), 0.0, 1.0);
  };
  const double all = share(charged) + share(reserved);
  const int first = static_cast<int>(share(charged) * kWidth);
  const int second = std::min(static_cast<int>(std::min(all, 1.0) * kWidth), kWidth) - first;
  const double percent = limit <= 0 ? std::min(all, 1.0) * 100
                                    : (static_cast<double>(charged) + static_cast<double>(reserved)) / static_cast<double>(limit) * 100;
  return fmt::format("[{}{}{}] {:>3.0f}%", std::string(first, '#'), std::string(second, '+'), std::string(kWidth - first - second, '.'),
                     std::min(percent, 999.0));
}

auto Table::Finish() const -> std::string {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(CodePoints(columns_[i].title));
    for (const auto& row : rows_) widths[i] = std::max(widths[i], CodePoints(row[i]));
  }
  std::string text;
  const auto add_line = [&](const auto& cell_of) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view cell = cell_of(i);
      const std::string padding(widths[i] - CodePoints(cell), ' ');
      text += columns_[i].align == Align::Right ? padding : "";
      text += cell;
      text += columns_[i].align == Align::Left ? padding + "  " : "  ";
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  add_line([&](size_t i) { return columns_[i].title; });
  for (const auto& row : rows_) add_line([&](size_t i) { return std::string_view(row[i]); });
  return text;
}

}  // namespace remit::cli
