// An engine behind the C++ wrapper, with shorthands.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "remit/remit.hpp"
#include "tests/capi/world.h"

namespace remit_test {

using remit::Decision;
using remit::Engine;
using remit::Error;
using remit::Outcome;
using remit::Record;
using remit::Request;
using remit::RequestFields;
using remit::Session;
using remit::Sources;

inline auto Fields(const char* user, const char* action, const char* doc = "plan", const Record* context = nullptr) -> RequestFields {
  return {{"User", user}, {"Action", action}, {"Doc", doc}, context};
}

// `execute by a b`, with `; c failed: code` for each error.
inline auto Describe(const Decision& decision) -> std::string {
  std::string text(remit::Name(decision.outcome()));
  for (const auto id : decision.determining()) text += " " + std::string(id);
  for (const auto& error : decision.errors()) text += "; " + error.policy + " failed: " + error.code;
  return text;
}

// What a call throws; an error of status REMIT_OK if it does not.
template <typename Call>
auto Thrown(Call call) -> Error {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(REMIT_OK, nullptr);
}

// None: a build without native code was asked for it.
inline auto EngineIfSupported(const remit::EngineOptions& options) -> std::optional<Engine> {
  try {
    return Engine(options);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), REMIT_UNSUPPORTED);
    return std::nullopt;
  }
}

inline auto Loaded(const char* policies = kPolicies, const char* schema = kSchema, const char* entities = kEntities) -> Engine {
  Sources sources;
  sources.Policies("policies.cedar", policies);
  if (schema != nullptr) sources.Schema("schema.cedarschema", schema);
  if (entities != nullptr) sources.Entities("entities.json", entities);
  Engine engine;
  engine.Load(sources);
  return engine;
}

}  // namespace remit_test
