// Kinds whose values are in one word.
#pragma once

#include "runtime/value/value.h"

namespace remit::jit {

// Equal where their bits are.
constexpr auto IsOneWord(Kind kind) -> bool {
  switch (kind) {
    case Kind::Bool:
    case Kind::Long:
    case Kind::Entity:
    case Kind::Decimal:
    case Kind::Datetime:
    case Kind::Duration: return true;
    case Kind::String:
    case Kind::Set:
    case Kind::Record:
    case Kind::Ip:
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: return false;
  }
  return false;
}

// Ordered as their bits are.
constexpr auto IsOrderedWord(Kind kind) -> bool { return kind == Kind::Long || kind == Kind::Datetime || kind == Kind::Duration; }

}  // namespace remit::jit
