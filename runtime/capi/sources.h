// Texts that are loaded together.
#pragma once

#include <string>
#include <vector>

#include "remit/remit.h"

namespace remit::capi {

struct NamedText {
  std::string name;
  std::string text;
};

struct PolicyText {
  std::string name;
  std::string text;
  remit_policy_format format;
};

}  // namespace remit::capi

struct remit_sources {
  std::vector<remit::capi::PolicyText> policies;
  std::vector<remit::capi::NamedText> links;
  std::vector<remit::capi::NamedText> schema;
  std::vector<remit::capi::NamedText> entities;
};
