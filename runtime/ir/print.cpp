// The text form of a program. Written to be read in a dump and in review, so constants stand where they are used and
// nothing is an index but registers and jump targets.
#include <fmt/format.h>

#include <iterator>

#include "runtime/base/text.h"
#include "runtime/ir/program.h"
#include "runtime/ir/statement_text.h"
#include "runtime/ir/text_form.h"

namespace remit::ir {
namespace {

class Printer {
 public:
  Printer(const Program& program, const Interner& interner) : program_(program), interner_(interner) {}

  auto Run() -> std::string {
    out_ = fmt::format("{}\n", kHeader);
    for (size_t i = 0; i < program_.bodies.size(); ++i) PrintBody(i, program_.bodies[i]);
    if (!program_.policies.empty()) out_ += '\n';
    for (const auto& policy : program_.policies) PrintPolicy(policy);
    for (size_t i = 0; i < program_.groups.size(); ++i) PrintGroup(i, program_.groups[i]);
    if (!program_.environments.empty()) out_ += '\n';
    for (const auto& environment : program_.environments) PrintEnvironment(environment);
    return std::move(out_);
  }

 private:
  template <typename... Args>
  void Add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }

  void AddQuoted(SymbolId symbol) { out_ += QuoteString(interner_.text(symbol)); }

  void PrintBody(size_t index, const Body& body) {
    Add("\nbody {} registers {} {{\n", index, body.registers);
    for (size_t at = 0; at < body.code.size(); ++at) {
      Add("  {}: ", at);
      PrintInstruction(body.code[at]);
      if (!body.places.empty()) PrintPlace(body.places[at]);
      out_ += '\n';
    }
    out_ += "}\n";
  }

  void PrintInstruction(const Instruction& instruction) {
    const auto& info = GetOp(instruction.op);
    if (info.uses('d')) Add("r{} = ", instruction.dst);
    out_ += info.mnemonic;
    for (const char operand : info.operands) {
      if (operand == 'd') continue;
      out_ += ' ';
      PrintOperand(operand, instruction);
    }
  }

  void PrintOperand(char operand, const Instruction& instruction) {
    switch (operand) {
      case 'a': return Add("r{}", instruction.a);
      case 'b':
      case 'w': return Add("r{}", instruction.b);
      case 'r': return Add("r{}:{}", instruction.a, instruction.count);
      case 'k': out_ += FormatValue(program_.constants[instruction.imm], interner_); return;
      case 's': return AddQuoted(SymbolId{instruction.imm});
      case 'p': return PrintPattern(program_.patterns[instruction.imm]);
      case 'x': return AddQuoted(program_.regexes[instruction.imm].text);
      case 'q': return PrintKeys(program_.record_keys[instruction.imm]);
      case 'f': out_ += GetBuiltin(static_cast<BuiltinId>(instruction.imm)).key; return;
      case 't':
      case 'u': return Add("{}", instruction.imm);
      case 'y': out_ += BudgetFieldName(static_cast<BudgetField>(instruction.count)); return;
      case 'n': return Add("{}", instruction.count);
      case 'j': return Add("-> {}", instruction.imm);
    }
  }

  void PrintPattern(const Pattern& pattern) {
    out_ += '"';
    for (const auto& element : pattern) {
      if (!element) {
        out_ += '*';
        continue;
      }
      for (const char c : EscapeString(interner_.text(*element))) {
        if (c == '*') out_ += '\\';
        out_ += c;
      }
    }
    out_ += '"';
  }

  void PrintKeys(const std::vector<SymbolId>& keys) {
    out_ += '(';
    for (size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) out_ += ", ";
      AddQuoted(keys[i]);
    }
    out_ += ')';
  }

  void PrintPlace(const SourcePlace& place) {
    if (place.has_file()) Add(" @{}:{}-{}", place.file, place.begin, place.end);
  }

  void PrintPolicy(const Policy& policy) {
    Add("{} ", EffectName(policy.effect));
    AddQuoted(policy.id);
    out_ += " (";
    PrintScope("principal", policy.principal);
    out_ += ", ";
    PrintScope("action", policy.action);
    out_ += ", ";
    PrintScope("resource", policy.resource);
    Add(") body {}", policy.body);
    if (policy.template_id.has_value()) {
      out_ += " template ";
      AddQuoted(policy.template_id);
    }
    PrintClauses(program_, static_cast<uint32_t>(&policy - program_.policies.data()), interner_, out_);
    out_ += '\n';
  }

  void PrintScope(std::string_view variable, const ScopeTest& test) {
    out_ += variable;
    switch (test.op) {
      case ScopeOp::Any: return;
      case ScopeOp::Eq: Add(" == {}", FormatEntityUid(test.entities[0], interner_)); return;
      case ScopeOp::In: return PrintEntities(test.entities);
      case ScopeOp::Is: Add(" is {}", interner_.text(test.type)); return;
      case ScopeOp::IsIn: Add(" is {}", interner_.text(test.type)); return PrintEntities(test.entities);
    }
  }

  void PrintGroup(size_t index, const VariantGroup& group) {
    Add("\ngroup {} {{\n", index);
    for (const auto& variant : group) Add("  policy {} body {}\n", variant.policy, variant.body);
    out_ += "}\n";
  }

  void PrintEnvironment(const Environment& environment) {
    Add("environment (principal is {}, action == {}, resource is {}) groups", interner_.text(environment.principal_type),
        FormatEntityUid(environment.action, interner_), interner_.text(environment.resource_type));
    for (const auto group : environment.groups) Add(" {}", group);
    out_ += '\n';
  }

  void PrintEntities(const EntityList& entities) {
    out_ += " in [";
    for (size_t i = 0; i < entities.size(); ++i) {
      if (i > 0) out_ += ", ";
      out_ += FormatEntityUid(entities[i], interner_);
    }
    out_ += ']';
  }

  const Program& program_;
  const Interner& interner_;
  std::string out_;
};

}  // namespace

auto Print(const Program& program, const Interner& interner) -> std::string { return Printer(program, interner).Run(); }

}  // namespace remit::ir
