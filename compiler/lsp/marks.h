// What the words of policy text are, as far as the text alone tells: read from tokens, so that it works while a statement is half written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/lsp/tokens.h"

namespace remit::lsp {

enum class MarkKind : uint8_t {
  Keyword,
  Variable,     // principal, action, resource, context
  Local,        // what a quantifier or a breaker binds, or a word that means nothing
  Type,         // of an entity, with its namespaces
  Action,       // the id of one
  EntityId,
  Attribute,    // behind `.` and `has`
  Key,          // of a record
  Function,
  Method,
  Annotation,
  StatementId,  // of `@id`
  ExpectedId,   // behind `expect .. by`
  Title,        // of a test
  Budget,
  Breaker,
  StateField,   // `after` of `budget.x.after`
  Slot,
  Number,
  String,
  Sign,
  Comment,
};

struct Mark {
  MarkKind kind;
  uint32_t begin = 0;
  uint32_t end = 0;
  // Type: its name; Action and EntityId: the whole, `N::Action::"a"`; ids and titles: the text. Else the word as it stands.
  std::string name = {};
  bool is_declaration = false;
};

auto MarkPolicies(std::string_view text) -> std::vector<Mark>;
// The same of schema text: types, attributes and actions by their bare names.
auto MarkSchema(std::string_view text) -> std::vector<Mark>;

// The first mark that `offset` is in or at the end of; null if there is none.
auto MarkAt(const std::vector<Mark>& marks, uint32_t offset) -> const Mark*;

// Words by what they are for.
auto StatementWords() -> const std::vector<std::string_view>&;
auto ClauseWords() -> const std::vector<std::string_view>&;
auto StepWords() -> const std::vector<std::string_view>&;
auto IsOneOf(std::string_view word, const std::vector<std::string_view>& words) -> bool;

}  // namespace remit::lsp
