// What the fuzz targets share: limits that keep one input cheap, and the properties that hold for every tree and every program.
//
// A property that does not hold is a CHECK, and so a crash that the fuzzer keeps. Each target states which properties it asks for; the
// alternative, one target for everything, finds less because mutations of one format rarely reach the others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/driver/compile_job.h"
#include "runtime/ir/program.h"

namespace remit::fuzz {

auto FuzzLimits() -> Limits;

inline auto InputText(const uint8_t* data, size_t size) -> std::string { return {reinterpret_cast<const char*>(data), size}; }

// Renders every diagnostic, and requires one where a stage failed.
void RequireDiagnostics(const CompileJob& job, bool failed);

// Printing the tree and parsing the text gives the same meaning.
void RequirePrintsBack(CompileJob& job);

// Lowers the tree if it can be lowered; the program must verify, print, parse back and end on any request.
void RequireLowers(CompileJob& job, ast::IdConvention convention);

// `Parse(Print(program))` prints the same and verifies.
void RequireProgramPrintsBack(const ir::Program& program, Interner& interner);

// Runs a verified program on a request whose entities do not exist.
void RequireEnds(const ir::Program& program, Interner& interner);

}  // namespace remit::fuzz
