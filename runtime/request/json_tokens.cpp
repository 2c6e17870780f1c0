#include "runtime/request/json_tokens.h"

#include <algorithm>
#include <bit>

namespace remit::json {
namespace {

// As with documents (json_document.cpp), each thread keeps what its last text took, unless that is large: some five bytes for each of the text.
constexpr size_t kKeptCapacity = size_t{256} << 10;
constexpr size_t kLeastCapacity = size_t{4} << 10;
constexpr size_t kMostBytes = UINT32_MAX / 2;

thread_local std::unique_ptr<simdjson::internal::dom_parser_implementation> spare_parser;

auto CapacityFor(size_t bytes) -> size_t { return bytes > kKeptCapacity ? bytes : std::max(std::bit_ceil(bytes), kLeastCapacity); }

}  // namespace

void Tokens::Return::operator()(Parser* parser) const {
  std::unique_ptr<Parser> owned(parser);
  if (owned->capacity() <= kKeptCapacity) spare_parser = std::move(owned);
}

auto Tokens::TakeParser(size_t bytes) -> std::unique_ptr<Parser, Return> {
  std::unique_ptr<Parser> parser = std::move(spare_parser);
  if (parser == nullptr) {
    constexpr size_t kDepth = 1;  // no structure is read
    const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(CapacityFor(bytes), kDepth, parser);
    if (error != simdjson::SUCCESS) return nullptr;
  } else if (parser->capacity() < bytes && parser->set_capacity(CapacityFor(bytes)) != simdjson::SUCCESS) {
    return nullptr;
  }
  return std::unique_ptr<Parser, Return>(parser.release());
}

Tokens::Tokens(std::string_view text, std::unique_ptr<Parser, Return> parser)
    : text_(text),
      parser_(std::move(parser)),
      positions_(parser_->structural_indexes.get()),
      size_(parser_->n_structural_indexes),
      has_escapes_(text.contains('\\')) {}

auto Tokens::Of(std::string_view text) -> std::optional<Tokens> {
  if (text.empty() || text.size() > kMostBytes) return std::nullopt;
  auto parser = TakeParser(text.size());
  if (parser == nullptr) return std::nullopt;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  if (parser->stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) return std::nullopt;
  return Tokens(text, std::move(parser));
}

}  // namespace remit::json
