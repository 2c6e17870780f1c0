#include "compiler/parse/conversion.h"

#include <algorithm>

namespace remit::parse {

auto Conversion::SpanOver(const Rule* first, const Rule* last) const -> Span {
  const auto begin = static_cast<uint32_t>(first->start->getStartIndex());
  const auto end = last->stop == nullptr ? begin : static_cast<uint32_t>(last->stop->getStopIndex() + 1);
  return {.file = file, .begin = begin, .end = std::max(begin, end)};
}

auto Conversion::SpanOf(const Rule* rule) const -> Span { return SpanOver(rule, rule); }

auto Conversion::SpanOf(const antlr4::tree::TerminalNode* terminal) const -> Span {
  return TokenSpan(*const_cast<antlr4::tree::TerminalNode*>(terminal)->getSymbol(), file);
}

auto Conversion::IsLocal(std::string_view name) const -> bool {
  if (locals.empty()) return false;
  const auto symbol = context.interner.Find(name);
  return symbol.has_value() && std::ranges::find(locals, symbol) != locals.end();
}

}  // namespace remit::parse
