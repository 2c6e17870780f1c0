// From the C++ type of a body to its signature and its dispatch.
//
// Writing kinds and thunks by hand beside each row was the alternative; a second list drifts from the first.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>
#include <vector>

#include "stdlib/body.h"
#include "stdlib/builtin.h"

namespace remit::builtin_detail {

// How a C++ type is carried in a Value. A type without a specialisation cannot be a parameter or a result.
template <typename T>
struct Carrier;

template <>
struct Carrier<bool> {
  static constexpr Kind kKind = Kind::Bool;
  static auto Unpack(const Value& value) -> bool { return value.as_bool(); }
  static auto Pack(Arena&, bool result) -> Value { return Value::OfBool(result); }
};
template <>
struct Carrier<int64_t> {
  static constexpr Kind kKind = Kind::Long;
  static auto Unpack(const Value& value) -> int64_t { return value.as_long(); }
  static auto Pack(Arena&, int64_t result) -> Value { return Value::OfLong(result); }
};
template <>
struct Carrier<String> {
  static constexpr Kind kKind = Kind::String;
  static auto Unpack(const Value& value) -> String { return String(value.as_string()); }
  // A result of this type is a part of an argument, which lives as long as the result.
  static auto Pack(Arena&, String result) -> Value { return Value::OfString(result.view()); }
};
template <>
struct Carrier<std::string> {
  static constexpr Kind kKind = Kind::String;
  static auto Pack(Arena& arena, const std::string& result) -> Value { return Value::OfString(arena.CopyString(result)); }
};
// Parts of an argument, as above.
template <>
struct Carrier<std::vector<String>> {
  static constexpr Kind kKind = Kind::Set;
  static constexpr Kind kElement = Kind::String;
  static auto Pack(Arena& arena, const std::vector<String>& result) -> Value {
    std::vector<Value> elements;
    for (const String element : result) elements.push_back(Value::OfString(element.view()));
    return MakeSet(arena, elements);
  }
};
template <>
struct Carrier<IpNet> {
  static constexpr Kind kKind = Kind::Ip;
  static auto Unpack(const Value& value) -> const IpNet& { return value.as_ip(); }
  static auto Pack(Arena& arena, const IpNet& result) -> Value { return Value::OfIp(arena.New(result)); }
};
template <>
struct Carrier<Decimal> {
  static constexpr Kind kKind = Kind::Decimal;
  static auto Unpack(const Value& value) -> Decimal { return value.as_decimal(); }
  static auto Pack(Arena&, Decimal result) -> Value { return Value::OfDecimal(result); }
};
template <>
struct Carrier<Datetime> {
  static constexpr Kind kKind = Kind::Datetime;
  static auto Unpack(const Value& value) -> Datetime { return value.as_datetime(); }
  static auto Pack(Arena&, Datetime result) -> Value { return Value::OfDatetime(result); }
};
template <>
struct Carrier<Duration> {
  static constexpr Kind kKind = Kind::Duration;
  static auto Unpack(const Value& value) -> Duration { return value.as_duration(); }
  static auto Pack(Arena&, Duration result) -> Value { return Value::OfDuration(result); }
};

// URLs, paths and the like: parameters are the value, results are what a constructor parsed.
template <>
struct Carrier<Url> {
  static constexpr Kind kKind = Kind::Url;
  static auto Unpack(const Value& value) -> const Url& { return value.as_url(); }
};
template <>
struct Carrier<Path> {
  static constexpr Kind kKind = Kind::Path;
  static auto Unpack(const Value& value) -> const Path& { return value.as_path(); }
};
template <>
struct Carrier<Email> {
  static constexpr Kind kKind = Kind::Email;
  static auto Unpack(const Value& value) -> const Email& { return value.as_email(); }
};
template <>
struct Carrier<Command> {
  static constexpr Kind kKind = Kind::Command;
  static auto Unpack(const Value& value) -> const Command& { return value.as_command(); }
};
template <>
struct Carrier<Semver> {
  static constexpr Kind kKind = Kind::Semver;
  static auto Unpack(const Value& value) -> const Semver& { return value.as_semver(); }
};
template <typename T>
struct Carrier<Parsed<T>> {
  static constexpr Kind kKind = Carrier<T>::kKind;
  static auto Pack(Arena& arena, const Parsed<T>& result) -> Value {
    T value = result.parts;
    value.storage = arena.CopyString(result.storage);
    return Value::Of(arena.New(value));
  }
};

template <typename T>
struct Result {
  using Type = T;
  static constexpr bool kFallible = false;
};
template <typename T>
struct Result<Fallible<T>> {
  using Type = T;
  static constexpr bool kFallible = true;
};

template <typename Function>
struct BodyType;
template <typename R, typename... Params>
struct BodyType<auto (*)(Params...)->R> {
  using Returned = Result<R>;

  static constexpr auto ElementOfResult() -> std::optional<Kind> {
    if constexpr (requires { Carrier<typename Returned::Type>::kElement; }) return Carrier<typename Returned::Type>::kElement;
    return std::nullopt;
  }

  static constexpr auto MakeSignature() -> BuiltinSignature {
    static_assert(sizeof...(Params) <= std::tuple_size_v<decltype(BuiltinSignature::params)>);
    return {.params = {Carrier<std::remove_cvref_t<Params>>::kKind...},
            .arity = sizeof...(Params),
            .result = Carrier<typename Returned::Type>::kKind,
            .element = ElementOfResult(),
            .fallible = Returned::kFallible};
  }

  template <auto kBody, size_t... kIndex>
  static auto Invoke([[maybe_unused]] std::span<const Value> args, std::index_sequence<kIndex...>) -> R {
    return kBody(Carrier<std::remove_cvref_t<Params>>::Unpack(args[kIndex])...);
  }

  template <auto kBody>
  static auto Call(BuiltinContext& context, std::span<const Value> args, Value& result) -> bool {
    using Pack = Carrier<typename Returned::Type>;
    auto returned = Invoke<kBody>(args, std::index_sequence_for<Params...>{});
    if constexpr (Returned::kFallible) {
      if (!returned) {
        context.error = std::move(returned.error());
        return false;
      }
      result = Pack::Pack(context.arena, *returned);
    } else {
      result = Pack::Pack(context.arena, returned);
    }
    return true;
  }
};

template <auto kBody>
constexpr auto SignatureOf() -> BuiltinSignature {
  return BodyType<decltype(kBody)>::MakeSignature();
}

template <auto kBody>
constexpr auto ThunkOf() {
  return &BodyType<decltype(kBody)>::template Call<kBody>;
}

}  // namespace remit::builtin_detail
