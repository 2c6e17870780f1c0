// Texts that are loaded together.
#pragma once

#include <vector>

#include "compiler/driver/compile_job.h"
#include "remit/remit.h"

namespace remit::capi {

struct PolicyText {
  std::string name;
  std::string text;
  PolicyFormat format;
};

struct JsonText {
  std::string name;
  std::string json;
};

}  // namespace remit::capi

struct remit_sources {
  std::vector<remit::capi::PolicyText> policies;
  std::vector<remit::capi::JsonText> links;
  std::vector<remit::SchemaText> schema;
  std::vector<remit::capi::JsonText> entities;
};
