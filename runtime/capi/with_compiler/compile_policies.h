// What loading policies and changing some of them have in common: options, texts, the check.
#pragma once

#include "compiler/driver/check.h"
#include "runtime/capi/engine_state.h"

namespace remit::capi {

auto ReadIdConvention(const remit_load_options& options) -> ResultOf<ast::IdConvention>;
auto CheckOptions(const remit_load_options& options) -> Result;

// Policies and links. False: the job's sink says why, as for the next.
auto ReadPolicies(CompileJob& job, const remit_sources& sources) -> bool;
auto CheckAgainst(CompileJob& job, const Schema* schema, ast::IdConvention convention, remit_check check) -> bool;

// As the engine has it that forbids fail. None: as above.
auto CompileFor(const EngineState& state, CompileJob& job, ast::IdConvention convention, const Schema* schema)
    -> std::optional<ir::Program>;

// Where the job's statements are, by their ids.
void AddStatements(CompileJob& job, ast::IdConvention convention, PolicyTexts& texts);

}  // namespace remit::capi
