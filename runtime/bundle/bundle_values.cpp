#include "runtime/bundle/bundle_values.h"

#include <algorithm>

#include "stdlib/builtin.h"

namespace remit::bundle {
namespace {

constexpr uint32_t kMaxDepth = 600;  // literals nest less: see Limits::max_nesting

// URLs and the like are written as their canonical texts, which their constructors read back.
auto Construct(Kind kind, std::string_view text, Arena& arena, const Interner& interner, Reader& reader) -> Value {
  const auto* builtin = FindBuiltin(KindName(kind), CallStyle::Function);
  BuiltinContext context = {.arena = arena, .interner = interner, .error = {}};
  Value value;
  const Value argument = Value::OfString(text);
  if (builtin == nullptr || !builtin->call(context, std::span(&argument, 1), value)) reader.Fail();
  return value;
}

auto ReadIp(Reader& reader, Arena& arena) -> Value {
  std::string_view address;
  IpNet net;
  reader.Text(address);
  reader.Number(net.prefix);
  reader.Number(net.is_v6);
  if (address.size() != net.address.size() || net.prefix > (net.is_v6 ? 128 : 32)) {
    reader.Fail();
    return {};
  }
  std::ranges::copy(address, net.address.begin());
  return Value::OfIp(arena.New(net));
}

}  // namespace

template <typename Archive>
void WriteValue(Archive& archive, const Value& value) {
  archive.Number(value.kind());
  switch (value.kind()) {
    case Kind::Bool: archive.Number(value.as_bool()); return;
    case Kind::Long: archive.Signed(value.as_long()); return;
    case Kind::String: archive.Text(value.as_string()); return;
    case Kind::Set:
      archive.Count(value.as_set().size());
      for (const Value& element : value.as_set()) WriteValue(archive, element);
      return;
    case Kind::Record:
      archive.Count(value.as_record().size());
      for (const Field& field : value.as_record()) {
        archive.Symbol(field.key);
        WriteValue(archive, field.value);
      }
      return;
    case Kind::Entity:
      archive.Symbol(value.as_entity().type);
      archive.Symbol(value.as_entity().id);
      return;
    case Kind::Ip: {
      const IpNet& net = value.as_ip();
      archive.Text({reinterpret_cast<const char*>(net.address.data()), net.address.size()});
      archive.Number(net.prefix);
      archive.Number(net.is_v6);
      return;
    }
    case Kind::Decimal: archive.Signed(value.as_decimal().units); return;
    case Kind::Datetime: archive.Signed(value.as_datetime().millis); return;
    case Kind::Duration: archive.Signed(value.as_duration().millis); return;
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: archive.Text(CanonicalText(value)); return;
  }
}
template void WriteValue(Collector& archive, const Value& value);
template void WriteValue(Writer& archive, const Value& value);

auto ReadValue(Reader& reader, Arena& arena, const Interner& interner, uint32_t depth) -> Value {
  Kind kind = Kind::Bool;
  reader.Number(kind);
  if (depth > kMaxDepth || kind > Kind::Semver) reader.Fail();
  if (!reader.ok()) return {};
  int64_t number = 0;
  switch (kind) {
    case Kind::Bool: {
      bool value = false;
      reader.Number(value);
      return Value::OfBool(value);
    }
    case Kind::String: {
      std::string_view text;
      reader.Text(text);
      return Value::OfString(arena.CopyString(text));
    }
    case Kind::Set: {
      std::vector<Value> elements;
      for (size_t count = reader.Count(); count > 0 && reader.ok(); --count)
        elements.push_back(ReadValue(reader, arena, interner, depth + 1));
      return MakeSet(arena, elements);
    }
    case Kind::Record: {
      std::vector<Field> fields;
      for (size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
        SymbolId key;
        reader.Symbol(key);
        fields.push_back({.key = key, .value = ReadValue(reader, arena, interner, depth + 1)});
      }
      const Value record = MakeRecord(arena, fields);
      const auto repeated = std::ranges::adjacent_find(record.as_record(), {}, &Field::key);
      if (repeated != record.as_record().end()) reader.Fail();
      return record;
    }
    case Kind::Entity: {
      EntityUid uid;
      reader.Symbol(uid.type);
      reader.Symbol(uid.id);
      return Value::OfEntity(uid);
    }
    case Kind::Ip: return ReadIp(reader, arena);
    case Kind::Long: reader.Signed(number); return Value::OfLong(number);
    case Kind::Decimal: reader.Signed(number); return Value::OfDecimal({number});
    case Kind::Datetime: reader.Signed(number); return Value::OfDatetime({number});
    case Kind::Duration: reader.Signed(number); return Value::OfDuration({number});
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: {
      std::string_view text;
      reader.Text(text);
      return reader.ok() ? Construct(kind, text, arena, interner, reader) : Value{};
    }
  }
  return {};
}

}  // namespace remit::bundle
