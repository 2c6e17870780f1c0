// Why a decision came out as it did, in lines for people.
#pragma once

#include <string>
#include <vector>

#include "compiler/testing/statement_places.h"
#include "runtime/eval/decision.h"

namespace remit::tests {

// What determined it, what failed, what it would spend, what it waits for.
auto Explain(const Decision& decision, const StatementPlaces& places) -> std::vector<std::string>;

// `a`, `b`
auto QuotedIds(const std::vector<std::string>& ids) -> std::string;

// An amount as a budget counts it, as source text: `3`, `decimal("1.5")`.
auto AmountText(int64_t amount, bool is_decimal) -> std::string;

// What differs between two decisions on the same request, or nothing.
auto DifferenceOf(const Decision& a, const Decision& b, const StatementPlaces& places) -> std::string;

}  // namespace remit::tests
