// A version of the policies that is tried on live requests: beside the live one (shadow), or in its place for some principals (canary).
//
// It has the live version's schema, so that a request is read once for both.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/engine/engine.h"
#include "runtime/server/service.h"

namespace remit::server {

struct Candidate {
  Candidate(const EngineOptions& options, std::shared_ptr<NativeCompiler> compiler, std::shared_ptr<Interner> names)
      : engine(options, std::move(compiler), std::move(names)) {}

  Engine engine;
  std::shared_ptr<const PublishedFacts> facts;
  double canary_percent = 0;  // 0: shadow alone

  // The same principals on every node and in every process.
  auto Chooses(std::string_view type, std::string_view id) const -> bool;
};

}  // namespace remit::server
