// The words of settings that are one of a few: what the project file, the command line and what shows them have in common.
//
// A table each, because the word is said in three places, and a kind that one of them lacks would be a setting that cannot be written or not be shown.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "compiler/check/check.h"
#include "compiler/driver/native.h"

namespace remit::project {

template <typename T>
struct Choice {
  std::string_view name;
  T value;
};
template <typename T>
using Choices = std::array<Choice<T>, 2>;

inline constexpr Choices<ast::IdConvention> kIdChoices = {{{"remit", ast::IdConvention::Remit}, {"cedar", ast::IdConvention::Cedar}}};
inline constexpr Choices<bool> kForbidErrorsChoices = {{{"skip", false}, {"deny", true}}};
inline constexpr Choices<EngineChoice> kEngineChoices = {{{"interpreter", EngineChoice::Interpreter}, {"native", EngineChoice::Native}}};
inline constexpr Choices<check::Mode> kModeChoices = {{{"strict", check::Mode::Strict}, {"permissive", check::Mode::Permissive}}};

template <typename T>
auto ChoiceName(const Choices<T>& choices, T value) -> std::string {
  for (const auto& choice : choices) {
    if (choice.value == value) return std::string(choice.name);
  }
  return {};
}

// As parsers of command lines want them.
template <typename T>
auto ChoiceMap(const Choices<T>& choices) -> std::map<std::string, T> {
  std::map<std::string, T> map;
  for (const auto& choice : choices) map.emplace(choice.name, choice.value);
  return map;
}

}  // namespace remit::project
