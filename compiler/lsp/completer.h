// What may stand at a place of a text, as an editor offers it: found by the words before it and the schema.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/lsp/policy_view.h"
#include "compiler/lsp/signatures.h"
#include "compiler/lsp/tokens.h"

namespace remit::lsp {

// Kinds of the protocol.
enum ItemKind : uint8_t {
  kMethod = 2,
  kFunction = 3,
  kField = 5,
  kVariable = 6,
  kClass = 7,
  kProperty = 10,
  kKeyword = 14,
  kSnippet = 15,
  kValue = 12,
  kEnumMember = 20
};

inline constexpr size_t kMostItems = 2'000;

struct Item {
  std::string label;
  ItemKind kind;
  std::string detail = {};
  std::string documentation = {};
  std::string insert = {};   // the label, if empty
  std::string snippet = {};  // for clients that can
};

// There is room for another one.
inline auto HasRoom(const std::vector<Item>& items) -> bool { return items.size() < kMostItems; }

class Completer {
 public:
  Completer(const PolicyView& view, const ProjectFile& file, uint32_t offset, bool has_snippets);
  auto Run() -> std::vector<Item>;
  // Where the word begins that is being written.
  auto begin() const -> uint32_t { return begin_; }

 private:
  auto Before(size_t distance) const -> const Token&;
  void Add(Item item);
  void AddWords(const std::vector<std::string_view>& words);
  // The cursor is in a literal that is not closed before it.
  auto InString() const -> bool;
  void Strings();
  // The name in front of the `::` that is `distance` tokens back.
  auto PathBefore(size_t distance) const -> std::string;
  // Of actions and enumerated types; of others, ids that policies mention already.
  void Ids(const std::string& type);
  void StatementIds();
  // `// remit: allow(` and the codes of rules.
  void Allowances(const Token& comment);
  void Words();
  void Annotations();
  // The expression that ends with the token `distance` back: names, members, calls and indices.
  auto ReceiverBefore(size_t distance) const -> std::string_view;
  static auto IsExpressionWord(std::string_view word) -> bool { return IsOneOf(word, {"if", "then", "else", "in", "has", "like", "is"}); }
  void States(ast::StateKind kind);
  void Members();
  void AddWordsAs(const std::vector<std::string_view>& words, ItemKind kind);
  void Fields(const Shapes& shapes);
  // Those of the receiver's type; all, where that is not known.
  void Methods(const Shapes& shapes);
  void AddCall(const Signature& each, ItemKind kind);
  // What may follow `A::`: longer names, and ids in quotes.
  void PathEnds();
  void Types(bool with_actions);
  void Guards();
  void SchemaWords();
  // By how many brackets are open since the statement began, and of which one.
  void Outline();
  void Statements();
  void Clauses(std::string_view keyword);
  void Steps(std::string_view step);
  void Scope();
  void Expressions();

  const PolicyView& view_;
  const ProjectFile& file_;
  uint32_t offset_;
  bool has_snippets_;
  std::string_view text_;
  std::vector<Token> tokens_;  // before the word that is being written
  uint32_t begin_ = 0;         // of that word
  std::vector<Item> items_;
  std::set<std::string> labels_;
};

}  // namespace remit::lsp
