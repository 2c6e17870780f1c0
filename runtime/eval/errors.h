// Evaluation errors, worded like Cedar's where those are good. Each sets the machine's error and fails.
#pragma once

#include <initializer_list>

#include "runtime/eval/machine.h"

namespace remit::eval {

auto Fail(Machine& machine, std::string_view code, std::string message, std::string help = {}) -> Step;

auto FailType(Machine& machine, std::initializer_list<Kind> expected, const Value& actual, std::string help = {}) -> Step;
auto FailMissingEntity(Machine& machine, EntityUid uid) -> Step;
auto FailMissingAttribute(Machine& machine, const Entity& entity, SymbolId attribute) -> Step;
auto FailMissingField(Machine& machine, RecordView record, SymbolId attribute) -> Step;
auto FailMissingTag(Machine& machine, const Entity& entity, std::string_view tag) -> Step;

}  // namespace remit::eval
