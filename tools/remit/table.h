// Rows of text for people: columns as wide as their contents, times, durations and bars in one form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace remit::cli {

// What comes from requests and people must not steer a terminal: without control characters. Quotes stay as they are.
auto Shown(std::string_view text) -> std::string;

auto CodePoints(std::string_view text) -> size_t;

// `15m`; Cedar's duration literals have these units.
auto ShortDuration(int64_t millis) -> std::string;
// `2026-01-05T12:00:00.000Z`, or a dash for a time that never comes.
auto TimeText(int64_t millis) -> std::string;

// The share of `limit` that is charged (#), reserved (+) and free (.), and how much is gone in all: `[####++....]  60%`.
auto Bar(int64_t charged, int64_t reserved, int64_t limit) -> std::string;

class Table {
 public:
  enum class Align : uint8_t { Left, Right };
  struct Column {
    std::string_view title;
    Align align = Align::Left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  auto Finish() const -> std::string;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace remit::cli
