// Values as source text, and what that shares with values as JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/value/value.h"

namespace remit {

// Appends FormatValue's text: keys of budgets are made for every decision, into memory that is there.
void AppendValue(std::string& out, const Value& value, const Interner& interner);

// In the order of their names, which unlike that of symbols is the same everywhere.
auto FieldsByName(RecordView record, const Interner& interner) -> std::vector<std::pair<std::string_view, const Value*>>;

// The argument texts of extension constructors: what stands between the quotes of `ip("10.0.0.1")`. Reading a text with its constructor gives the
// value back.

// Without the prefix if it is a single address.
auto FormatIp(const IpNet& net) -> std::string;
// As few decimal places as possible, at least one.
auto FormatDecimal(Decimal value) -> std::string;
// None outside the years 0000 to 9999, which no literal can spell.
auto FormatDatetime(Datetime time) -> std::optional<std::string>;
auto FormatDuration(Duration duration) -> std::string;

}  // namespace remit
