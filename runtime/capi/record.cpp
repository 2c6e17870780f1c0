#include "runtime/capi/record.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/limits.h"
#include "runtime/capi/uid.h"
#include "stdlib/builtin.h"

namespace remit::capi {
namespace {

using NodeKind = RecordNode::Kind;

// ---- adding ----------------------------------------------------------------------------------------------------------

auto CheckKey(const remit_record& record, remit_string key) -> Expected<void> {
  const bool is_set = !record.open.empty() && record.open.back();
  if (is_set && key.data != nullptr) return remit::Fail("unexpected-key", fmt::format("an element of a set has the key `{}`", View(key)));
  if (!is_set && key.data == nullptr) return remit::Fail("missing-key", "a value of a record has no key");
  return CheckText(key);
}

// Runs `add`, which returns Expected<void>, unless something went wrong before; and remembers what goes wrong.
template <typename Add>
auto Change(remit_record* record, Add add) noexcept -> remit_status {
  if (record == nullptr) return REMIT_INVALID_ARGUMENT;
  if (record->error) return REMIT_INVALID_INPUT;
  const remit_status status = Guarded(nullptr, [&]() -> Result {
    if (auto added = add(); !added) record->error = std::move(added.error());
    return {};
  });
  // A record that lacks what there was no memory for must not be used. These strings need none.
  if (status != REMIT_OK) record->error = Error{.code = "out-of-memory", .message = "out of memory", .pointer = {}, .help = {}};
  return status == REMIT_OK && record->error ? REMIT_INVALID_INPUT : status;
}

auto AddNode(remit_record& record, remit_string key, RecordNode node) -> Expected<void> {
  if (auto checked = CheckKey(record, key); !checked) return checked;
  node.key = record.arena.CopyString(View(key));
  record.nodes.push_back(node);
  return {};
}

auto AddValue(remit_record* record, remit_string key, Value value) noexcept -> remit_status {
  return Change(record, [&] { return AddNode(*record, key, {.kind = NodeKind::Value, .key = {}, .value = value}); });
}

auto Begin(remit_record& record, remit_string key, NodeKind kind) -> Expected<void> {
  const auto limit = Limits{}.max_json_depth;
  if (record.open.size() >= limit) return remit::Fail("record-too-deep", fmt::format("more than {} levels of nesting", limit));
  if (auto added = AddNode(record, key, {.kind = kind, .key = {}}); !added) return added;
  record.open.push_back(kind == NodeKind::BeginSet);
  return {};
}

auto Construct(Arena& arena, std::string_view constructor, std::string_view text) -> Expected<Value> {
  const BuiltinInfo* builtin = FindBuiltin(constructor);
  if (builtin == nullptr || !builtin->is_constructor || !builtin->is_cedar || builtin->signature.arity != 1) {
    return remit::Fail("unknown-function", fmt::format("`{}` is not a constructor", constructor));
  }
  const Interner no_names;
  BuiltinContext context{.arena = arena, .interner = no_names, .error = {}};
  const Value argument = Value::OfString(text);
  Value value;
  if (builtin->call(context, {&argument, 1}, value)) return value;
  return remit::Fail("extension-error",
                     fmt::format("error while evaluating `{}` extension function: {}", ExtensionTypeName(*builtin), context.error));
}

// ---- using -----------------------------------------------------------------------------------------------------------

class ValueMaker {
 public:
  ValueMaker(const remit_record& record, Interner& interner, Arena& arena)
      : record_(record), interner_(interner), arena_(arena), scratch_(record.scratch) {}

  auto Make() -> Expected<RecordView> {
    scratch_.levels.clear();
    scratch_.fields.clear();
    scratch_.levels.push_back({.is_set = false, .key = {}, .begin = 0});
    for (const RecordNode& node : record_.nodes) {
      switch (node.kind) {
        case NodeKind::Value: Keep(node.key, CopyValue(arena_, node.value)); break;
        case NodeKind::Entity:
          Keep(node.key, Value::OfEntity({.type = interner_.Intern(node.type), .id = interner_.Intern(node.value.as_string())}));
          break;
        case NodeKind::BeginRecord:
        case NodeKind::BeginSet:
          scratch_.levels.push_back({.is_set = node.kind == NodeKind::BeginSet, .key = node.key, .begin = scratch_.fields.size()});
          break;
        case NodeKind::End:
          if (auto closed = Close(); !closed) return std::unexpected(closed.error());
          break;
      }
    }
    const auto made = FinishRecord(scratch_.fields);
    if (!made) return std::unexpected(made.error());
    return made->as_record();
  }

 private:
  void Keep(std::string_view key, Value value) {
    const bool is_set = scratch_.levels.back().is_set;
    scratch_.fields.push_back({.key = is_set ? SymbolId{} : interner_.Intern(key), .value = value});
  }

  auto Close() -> Expected<void> {
    const auto level = scratch_.levels.back();
    const auto fields = std::span(scratch_.fields).subspan(level.begin);
    const auto made = level.is_set ? FinishSet(fields) : FinishRecord(fields);
    if (!made) return std::unexpected(made.error());
    scratch_.fields.resize(level.begin);
    scratch_.levels.pop_back();
    Keep(level.key, *made);
    return {};
  }

  auto FinishSet(std::span<const Field> fields) -> Expected<Value> {
    scratch_.elements.clear();
    for (const Field& field : fields) scratch_.elements.push_back(field.value);
    return MakeSet(arena_, scratch_.elements);
  }

  auto FinishRecord(std::span<Field> fields) -> Expected<Value> {
    std::ranges::sort(fields, {}, &Field::key);
    const auto repeated = std::ranges::adjacent_find(fields, {}, &Field::key);
    if (repeated == fields.end()) return MakeRecord(arena_, fields);
    return remit::Fail("duplicate-key", fmt::format("the key `{}` occurs twice", interner_.text(repeated->key)));
  }

  const remit_record& record_;
  Interner& interner_;
  Arena& arena_;
  RecordScratch& scratch_;
};

}  // namespace

auto MakeValues(const remit_record* record, Interner& interner, Arena& arena) -> Expected<RecordView> {
  if (record == nullptr) return RecordView{};
  if (record->error) return std::unexpected(*record->error);
  if (!record->open.empty()) return remit::Fail("unfinished-record", "a record or a set was not closed");
  if (record->nodes.empty()) return RecordView{};
  return ValueMaker(*record, interner, arena).Make();
}

void CopyRecord(const remit_record& from, remit_record& to) {
  to.open = from.open;
  to.error = from.error;
  to.nodes.reserve(from.nodes.size());
  for (RecordNode node : from.nodes) {
    node.key = to.arena.CopyString(node.key);
    node.type = to.arena.CopyString(node.type);
    node.value = CopyValue(to.arena, node.value);
    to.nodes.push_back(node);
  }
}

}  // namespace remit::capi

// ---- the functions ---------------------------------------------------------------------------------------------------

using namespace remit::capi;
using remit::Value;

auto remit_record_new(remit_record** record, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"record", record}}); !given) return given;
    *record = nullptr;
    *record = new remit_record;
    return {};
  });
}

void remit_record_free(remit_record* record) noexcept { delete record; }

void remit_record_clear(remit_record* record) noexcept {
  if (record == nullptr) return;
  record->arena.Reset();
  record->nodes.clear();
  record->open.clear();
  record->error.reset();
}

auto remit_record_check(const remit_record* record, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"record", record}}); !given) return given;
    remit::Interner interner;
    remit::Arena arena;
    if (auto made = MakeValues(record, interner, arena); !made) return Fail(std::move(made.error()));
    return {};
  });
}

auto remit_record_add_bool(remit_record* record, remit_string key, int value) noexcept -> remit_status {
  return AddValue(record, key, Value::OfBool(value != 0));
}
auto remit_record_add_long(remit_record* record, remit_string key, int64_t value) noexcept -> remit_status {
  return AddValue(record, key, Value::OfLong(value));
}
auto remit_record_add_decimal(remit_record* record, remit_string key, int64_t units) noexcept -> remit_status {
  return AddValue(record, key, Value::OfDecimal({.units = units}));
}
auto remit_record_add_datetime(remit_record* record, remit_string key, int64_t millis) noexcept -> remit_status {
  return AddValue(record, key, Value::OfDatetime({.millis = millis}));
}
auto remit_record_add_duration(remit_record* record, remit_string key, int64_t millis) noexcept -> remit_status {
  return AddValue(record, key, Value::OfDuration({.millis = millis}));
}

auto remit_record_add_string(remit_record* record, remit_string key, remit_string value) noexcept -> remit_status {
  return Change(record, [&]() -> remit::Expected<void> {
    if (auto checked = CheckText(value); !checked) return checked;
    const auto text = record->arena.CopyString(View(value));
    return AddNode(*record, key, {.kind = NodeKind::Value, .key = {}, .value = Value::OfString(text)});
  });
}

auto remit_record_add_entity(remit_record* record, remit_string key, remit_uid value) noexcept -> remit_status {
  return Change(record, [&]() -> remit::Expected<void> {
    if (auto checked = CheckUid(value); !checked) return checked;
    const auto id = record->arena.CopyString(View(value.id));
    const auto type = record->arena.CopyString(View(value.type));
    return AddNode(*record, key, {.kind = NodeKind::Entity, .key = {}, .value = Value::OfString(id), .type = type});
  });
}

auto remit_record_add_extension(remit_record* record, remit_string key, remit_string constructor, remit_string text) noexcept
    -> remit_status {
  return Change(record, [&]() -> remit::Expected<void> {
    for (const auto given : {constructor, text}) {
      if (auto checked = CheckText(given); !checked) return checked;
    }
    const auto value = Construct(record->arena, View(constructor), View(text));
    if (!value) return std::unexpected(value.error());
    return AddNode(*record, key, {.kind = NodeKind::Value, .key = {}, .value = *value});
  });
}

auto remit_record_begin_record(remit_record* record, remit_string key) noexcept -> remit_status {
  return Change(record, [&] { return Begin(*record, key, NodeKind::BeginRecord); });
}
auto remit_record_begin_set(remit_record* record, remit_string key) noexcept -> remit_status {
  return Change(record, [&] { return Begin(*record, key, NodeKind::BeginSet); });
}

auto remit_record_end(remit_record* record) noexcept -> remit_status {
  return Change(record, [&]() -> remit::Expected<void> {
    if (record->open.empty()) return remit::Fail("unexpected-end", "there is nothing to close");
    record->open.pop_back();
    record->nodes.push_back({.kind = NodeKind::End, .key = {}});
    return {};
  });
}
