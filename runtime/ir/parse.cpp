// The text form back to a program. Written for text from anywhere: every number is bounded, every index checked where it is read or
// by Verify, and nothing recurses but nested constants, whose depth is limited.
#include <fmt/format.h>

#include <cctype>

#include "runtime/base/limits.h"
#include "runtime/base/text.h"
#include "runtime/ir/parse_value.h"
#include "runtime/ir/program.h"
#include "runtime/ir/statement_text.h"
#include "runtime/ir/tables.h"
#include "runtime/ir/text_form.h"
#include "runtime/ir/text_reader.h"

namespace remit::ir {
namespace {

class Parser {
 public:
  Parser(std::string_view text, Interner& interner) : reader_(text), interner_(interner), tables_(program_) {}

  auto Run() -> Expected<Program> {
    reader_.Expect(kHeader);
    while (reader_.ok() && !reader_.AtEnd()) ParseItem();
    if (!reader_.ok()) return std::unexpected(reader_.error());
    return std::move(program_);
  }

 private:
  void ParseItem() {
    if (reader_.Accept("body")) return ParseBody();
    if (reader_.Accept("group")) return ParseGroup();
    if (reader_.Accept("environment")) return ParseEnvironment();
    for (const Effect effect : {Effect::Permit, Effect::Forbid, Effect::Escalate, Effect::Restrict, Effect::Budget, Effect::Breaker}) {
      if (reader_.Accept(EffectName(effect))) return ParsePolicy(effect);
    }
    reader_.Fail("expected `body`, `group`, `environment` or the keyword of a statement");
  }

  void ParseBody() {
    if (reader_.Number(UINT32_MAX) != program_.bodies.size()) reader_.Fail("bodies are numbered from 0 in order");
    Body body;
    reader_.Expect("registers");
    body.registers = static_cast<Register>(reader_.Number(kMaxRegisters));
    reader_.Expect("{");
    while (reader_.ok() && !reader_.Accept("}")) ParseLine(body);
    program_.bodies.push_back(std::move(body));
  }

  void ParseLine(Body& body) {
    if (reader_.Number(UINT32_MAX) != body.code.size()) reader_.Fail("operations are numbered from 0 in order");
    reader_.Expect(":");
    body.code.push_back(ParseInstruction());
    if (reader_.Accept("@")) {
      // INVARIANT: places is empty or parallel to the code. Operations before the first place have none.
      body.places.resize(body.code.size());
      body.places.back() = ParsePlace();
    } else if (!body.places.empty()) {
      body.places.emplace_back();
    }
  }

  auto ParseInstruction() -> Instruction {
    Instruction instruction = {.op = Op::Const};
    auto word = reader_.Word();
    std::string_view written;
    if (reader_.Accept("=")) {
      written = word;
      word = reader_.Word();
    }
    const auto op = FindOp(word);
    if (!op) {
      reader_.Fail(fmt::format("`{}` is not an operation", word));
      return instruction;
    }
    instruction.op = *op;
    const auto& info = GetOp(*op);
    if (info.uses('d') == written.empty())
      reader_.Fail(fmt::format("`{}` {} a register", word, written.empty() ? "writes" : "does not write"));
    if (info.uses('d')) instruction.dst = RegisterFrom(written);
    for (const char operand : info.operands) ParseOperand(operand, instruction);
    return instruction;
  }

  void ParseOperand(char operand, Instruction& instruction) {
    ValueContext context = {.reader = reader_, .interner = interner_, .arena = scratch_};
    switch (operand) {
      case 'a': instruction.a = ReadRegister(); return;
      case 'b':
      case 'w': instruction.b = ReadRegister(); return;
      case 'r': return ParseRange(instruction);
      case 'k': instruction.imm = tables_.Constant(ParseValue(context)); return;
      case 's': instruction.imm = interner_.Intern(reader_.String()).value; return;
      case 'p': instruction.imm = tables_.AddPattern(reader_.ReadPattern(interner_)); return;
      case 'x': instruction.imm = ParseRegex(); return;
      case 'q': instruction.imm = tables_.RecordKeys(ParseKeys()); return;
      case 'f': instruction.imm = ParseBuiltin(); return;
      case 't':
      case 'u': instruction.imm = static_cast<uint32_t>(reader_.Number(UINT32_MAX)); return;
      case 'y': instruction.count = ParseBudgetField(reader_); return;
      case 'n': instruction.count = static_cast<uint32_t>(reader_.Number(UINT32_MAX)); return;
      case 'j':
        reader_.Expect("->");
        instruction.imm = static_cast<uint32_t>(reader_.Number(UINT32_MAX));
        return;
    }
  }

  void ParseRange(Instruction& instruction) {
    instruction.a = ReadRegister();
    reader_.Expect(":");
    instruction.count = static_cast<uint32_t>(reader_.Number(kMaxRegisters));
  }

  auto ReadRegister() -> Register { return RegisterFrom(reader_.Word()); }

  auto RegisterFrom(std::string_view word) -> Register {
    TextReader digits(word.empty() ? word : word.substr(1));
    const uint64_t number = digits.Number(kMaxRegisters);
    if (!word.starts_with('r') || !digits.ok() || !digits.AtEnd()) {
      reader_.Fail("expected a register such as `r0`");
      return 0;
    }
    return static_cast<Register>(number);
  }

  auto ParseKeys() -> std::vector<SymbolId> {
    std::vector<SymbolId> keys;
    reader_.Expect("(");
    while (reader_.ok() && !reader_.Accept(")")) {
      if (!keys.empty() && !reader_.Expect(",")) break;
      keys.push_back(interner_.Intern(reader_.String()));
    }
    return keys;
  }

  auto ParseBuiltin() -> uint32_t {
    const std::string dot = reader_.Accept(".") ? "." : "";
    const std::string key = dot + std::string(reader_.Word());
    const BuiltinInfo* builtin = FindBuiltin(key);
    if (builtin == nullptr) reader_.Fail(fmt::format("`{}` is not a builtin", key));
    return builtin == nullptr ? 0 : static_cast<uint32_t>(builtin->id);
  }

  auto ParseRegex() -> uint32_t {
    const auto text = reader_.String();
    const auto regex = Regex::Compile(text);
    if (reader_.ok() && !regex) reader_.Fail(fmt::format("`{}` is not a regular expression: {}", text, regex.error()));
    return tables_.AddRegex(interner_.Intern(text), regex.value_or(nullptr));
  }

  auto ParsePlace() -> SourcePlace {
    SourcePlace place;
    place.file = static_cast<uint32_t>(reader_.Number(UINT32_MAX - 1));
    reader_.Expect(":");
    place.begin = static_cast<uint32_t>(reader_.Number(UINT32_MAX));
    reader_.Expect("-");
    place.end = static_cast<uint32_t>(reader_.Number(UINT32_MAX));
    return place;
  }

  void ParsePolicy(Effect effect) {
    Policy policy = {.id = interner_.Intern(reader_.String()), .effect = effect};
    reader_.Expect("(");
    policy.principal = ParseScope("principal");
    reader_.Expect(",");
    policy.action = ParseScope("action");
    reader_.Expect(",");
    policy.resource = ParseScope("resource");
    reader_.Expect(")");
    reader_.Expect("body");
    policy.body = static_cast<uint32_t>(reader_.Number(UINT32_MAX));
    if (reader_.Accept("template")) policy.template_id = interner_.Intern(reader_.String());
    ParseClauses(reader_, interner_, effect, program_);
    program_.policies.push_back(std::move(policy));
  }

  auto ParseScope(std::string_view variable) -> ScopeTest {
    ScopeTest test;
    ValueContext context = {.reader = reader_, .interner = interner_, .arena = scratch_};
    reader_.Expect(variable);
    if (reader_.Accept("==")) {
      test.op = ScopeOp::Eq;
      test.entities.push_back(ParseEntity(context));
      return test;
    }
    if (reader_.Accept("is")) {
      test.op = ScopeOp::Is;
      test.type = interner_.Intern(reader_.Name());
    }
    if (reader_.Accept("in")) {
      test.op = test.op == ScopeOp::Is ? ScopeOp::IsIn : ScopeOp::In;
      reader_.Expect("[");
      while (reader_.ok() && !reader_.Accept("]")) {
        if (!test.entities.empty() && !reader_.Expect(",")) break;
        test.entities.push_back(ParseEntity(context));
      }
    }
    return test;
  }

  void ParseGroup() {
    if (reader_.Number(UINT32_MAX) != program_.groups.size()) reader_.Fail("groups are numbered from 0 in order");
    VariantGroup group;
    reader_.Expect("{");
    while (reader_.ok() && !reader_.Accept("}")) {
      reader_.Expect("policy");
      const auto policy = static_cast<uint32_t>(reader_.Number(UINT32_MAX));
      reader_.Expect("body");
      group.push_back({.policy = policy, .body = static_cast<uint32_t>(reader_.Number(UINT32_MAX))});
    }
    program_.groups.push_back(std::move(group));
  }

  void ParseEnvironment() {
    ValueContext context = {.reader = reader_, .interner = interner_, .arena = scratch_};
    Environment environment;
    for (const auto* word : {"(", "principal", "is"}) reader_.Expect(word);
    environment.principal_type = interner_.Intern(reader_.Name());
    for (const auto* word : {",", "action", "=="}) reader_.Expect(word);
    environment.action = ParseEntity(context);
    for (const auto* word : {",", "resource", "is"}) reader_.Expect(word);
    environment.resource_type = interner_.Intern(reader_.Name());
    for (const auto* word : {")", "groups"}) reader_.Expect(word);
    while (std::isdigit(static_cast<unsigned char>(reader_.Peek())) != 0) {
      environment.groups.push_back(static_cast<uint32_t>(reader_.Number(UINT32_MAX)));
    }
    program_.environments.push_back(std::move(environment));
  }

  TextReader reader_;
  Interner& interner_;
  Program program_;
  Tables tables_;
  Arena scratch_;
};

}  // namespace

auto Parse(std::string_view text, Interner& interner) -> Expected<Program> {
  const auto syntax = [](std::string message) {
    return Error{.code = "ir-syntax", .message = std::move(message), .pointer = {}, .help = {}};
  };
  if (text.size() > Limits{}.max_json_bytes) return std::unexpected(syntax("this program is too large"));
  if (FindInvalidUtf8(text)) return std::unexpected(syntax("this is not valid UTF-8"));
  return Parser(text, interner).Run();
}

}  // namespace remit::ir
