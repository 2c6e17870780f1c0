// The entities are read from the tokens as they come; the few other members make a small document of their own, which is read as a tree.
#include "runtime/request/json_plain_request.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/request/json_entities.h"
#include "runtime/request/json_plain_entities.h"
#include "runtime/request/json_request.h"

namespace remit::json {
namespace {

// An entity has fewer bytes only if it has next to nothing: a guess at how many uids a document has.
constexpr size_t kBytesOfUid = 96;
constexpr size_t kReserved = 1024;  // at most, of a request
constexpr size_t kBytesOfOthers = 512;  // what is not entities, mostly
constexpr uint32_t kLeastDepth = 2 * PlainReader::kMostNesting + 8;

auto MayBePlain(const JsonOptions& options) -> bool { return options.partial == nullptr && options.limits.max_json_depth >= kLeastDepth; }

auto HasEntities(std::string_view json) -> bool {
  constexpr std::string_view kEntities = "\"entities\"";
  return memmem(json.data(), json.size(), kEntities.data(), kEntities.size()) != nullptr;
}

// Reads the entities into the builder. The members that are left, as an object; empty: not plain.
auto ReadMembers(const Tokens& tokens, ValueReader& values, EntityStoreBuilder& builder, const JsonOptions& options) -> std::string {
  PlainReader reader(tokens, values, options);
  std::string others;
  others.reserve(kBytesOfOthers);
  bool has_entities = false;
  const bool is_read = reader.Take('{') && reader.ReadUpTo('}', [&] {
    const uint32_t first = reader.place();
    std::string_view key;
    if (!reader.TakeKey(key)) return false;
    if (IsKey(key, "entities")) return !std::exchange(has_entities, true) && PlainEntities(reader, values, builder).Read();
    if (!reader.Skip()) return false;
    others += others.empty() ? '{' : ',';
    others += reader.TextFrom(first);
    return true;
  });
  if (!is_read || !has_entities || !reader.is_at_end() || others.empty()) return {};
  others += '}';
  return others;
}

auto Build(EntityStoreBuilder builder, const JsonOptions& options, const EntityStore* base) -> std::optional<EntityStore> {
  if (options.schema != nullptr) AddSchemaActions(builder, *options.schema, base);
  auto store = std::move(builder).Build();
  return store ? std::optional(std::move(*store)) : std::nullopt;
}

}  // namespace

auto ReadPlainRequest(std::string_view json, Interner& interner, Arena& arena, const JsonOptions& options, const EntityStore* base)
    -> std::optional<RequestDocument> {
  if (!MayBePlain(options) || json.size() > options.limits.max_request_bytes || !HasEntities(json)) return std::nullopt;
  const auto tokens = Tokens::Of(json);
  if (!tokens) return std::nullopt;
  auto builder = BuilderOver(base, interner);
  builder.Reserve(std::min(json.size() / kBytesOfUid, kReserved));
  ValueReader of_entities(interner, builder.arena(), options.schema);
  const auto others = ReadMembers(*tokens, of_entities, builder, options);
  if (others.empty()) return std::nullopt;
  const auto document = Document::Parse(others, options.limits.max_request_bytes, options.limits.max_json_depth);
  if (!document) return std::nullopt;
  ValueReader reader(interner, arena, options.schema);
  auto request = ReadRequestAt(Cursor(document->root()), reader, options, base);
  if (!request) return std::nullopt;
  builder.ListOnly(AskedBy(*request), options.lists_values);
  request->entities = Build(std::move(builder), options, base);
  return request->entities ? std::optional(std::move(*request)) : std::nullopt;
}

auto ReadPlainEntities(std::string_view json, Interner& interner, const JsonOptions& options, const EntityStore* base)
    -> std::optional<EntityStore> {
  if (!MayBePlain(options) || json.size() > options.limits.max_json_bytes) return std::nullopt;
  const auto tokens = Tokens::Of(json);
  if (!tokens) return std::nullopt;
  auto builder = BuilderOver(base, interner);
  builder.Reserve(json.size() / kBytesOfUid);
  ValueReader values(interner, builder.arena(), options.schema);
  PlainReader reader(*tokens, values, options);
  if (!PlainEntities(reader, values, builder).Read() || !reader.is_at_end()) return std::nullopt;
  return Build(std::move(builder), options, base);
}

}  // namespace remit::json
