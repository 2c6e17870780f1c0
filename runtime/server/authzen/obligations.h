// Obligations as the AuthZEN Obligations Profile (draft 1) writes them: a list of `{"id", "type", "properties"}`.
//
// Each member of a statement's `oblige { .. }` is one obligation. A member whose name is a type of the profile (`step_up` stands for `step-up`, which
// is no identifier) and whose record has what that type requires becomes one of this type; every other member becomes a `custom` one, with the name and the
// value among its properties. An enforcement point that does not know it must refuse, as ours must.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/eval/decision.h"
#include "runtime/ir/program.h"

namespace remit::authzen {

struct Obligation {
  std::string id;  // unique in one answer
  std::string_view type;  // one of kObligationTypes
  std::string properties;  // JSON, an object
};

inline constexpr std::array<std::string_view, 4> kObligationTypes = {"step-up", "notification", "session_termination", "custom"};

auto MakeObligations(std::span<const ObligationRecord> records, const ir::Program& program, const Interner& names)
    -> std::vector<Obligation>;

void AppendObligations(std::string& out, const std::vector<Obligation>& obligations);

// Those of the types that are needed and not among `supported`, which are taken as said only where we advertise them; each once.
auto UnsupportedTypes(const std::vector<Obligation>& obligations, const std::vector<std::string>& supported)
    -> std::vector<std::string_view>;

}  // namespace remit::authzen
