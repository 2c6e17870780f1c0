// What the generated parser and the rules of its trees derive from: ANTLR's own classes, with what is called for every rule and every token made cheap.
//
// The runtime finds out by dynamic_cast what a child or a parent is, makes every node by itself, and calls listeners that we have none of; together
// that was half of parsing. Names that the generated code uses without saying whose they are hide ANTLR's here. The generated code is C++17, and so
// is this.
#pragma once

#include <antlr4-runtime.h>

#include <cstddef>
#include <memory>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

namespace remit::grammar {

inline bool IsLeaf(const antlr4::tree::ParseTree& node) { return typeid(node) == typeid(antlr4::tree::TerminalNodeImpl); }

// A rule of a tree.
class CstNode : public antlr4::ParserRuleContext {
 public:
  using ParserRuleContext::ParserRuleContext;

  // The tokens of this type among the children, the first being 0; null: there are not as many.
  antlr4::tree::TerminalNode* getToken(size_t type, size_t index) override {
    for (auto* child : children) {
      if (!IsLeaf(*child)) continue;
      auto* leaf = static_cast<antlr4::tree::TerminalNode*>(child);
      if (leaf->getSymbol()->getType() == type && index-- == 0) return leaf;
    }
    return nullptr;
  }

  // Likewise the children that are a rule. INVARIANT: nothing derives from the generated classes, and one library has them all.
  template <typename Rule>
  Rule* getRuleContext(size_t index) {
    for (auto* child : children) {
      if (Is<Rule>(*child) && index-- == 0) return static_cast<Rule*>(child);
    }
    return nullptr;
  }
  template <typename Rule>
  std::vector<Rule*> getRuleContexts() {
    std::vector<Rule*> found;
    for (auto* child : children) {
      if (Is<Rule>(*child)) found.push_back(static_cast<Rule*>(child));
    }
    return found;
  }

 private:
  template <typename Rule>
  static bool Is(const antlr4::tree::ParseTree& node) {
    return &typeid(node) == &typeid(Rule);
  }
};

// The nodes of one tree, in place of ANTLR's tracker: made behind one another in memory that the next tree uses again.
class CstNodes {
 public:
  CstNodes() = default;
  CstNodes(const CstNodes&) = delete;
  CstNodes& operator=(const CstNodes&) = delete;
  ~CstNodes() { reset(); }

  template <typename Node, typename... Args>
  Node* createInstance(Args&&... args) {
    static_assert(sizeof(Node) <= kBlock / 16 && alignof(Node) <= alignof(std::max_align_t));
    auto* node = ::new (Allocate(sizeof(Node))) Node(args...);
    // A leaf owns nothing.
    if constexpr (!std::is_same_v<Node, antlr4::tree::TerminalNodeImpl>) nodes_.push_back(node);
    return node;
  }

  void reset();

 private:
  static constexpr size_t kBlock = size_t{32} << 10;

  void* Allocate(size_t bytes) {
    bytes = (bytes + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
    if (bytes > left_) AddBlock();
    left_ -= bytes;
    return blocks_.back().get() + left_;
  }
  void AddBlock();

  std::vector<antlr4::tree::ParseTree*> nodes_;
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  size_t left_ = 0;  // of the last block, from its front
};

// INVARIANT: trees are always built, no alternative of the grammar has a label, nobody listens, and error strategies throw.
class CstParser : public antlr4::Parser {
 public:
  using Parser::Parser;

  void reset() override {
    _tracker.reset();
    Parser::reset();
  }

  void enterRule(antlr4::ParserRuleContext* node, size_t state, size_t /*rule*/) override {
    setState(state);
    _ctx = node;
    node->children.reserve(kUsualChildren);
    node->start = _input->LT(1);
    if (node->parent != nullptr) node->parent->children.push_back(node);
  }
  void enterOuterAlt(antlr4::ParserRuleContext* /*node*/, size_t /*alternative*/) override {}
  void exitRule() {
    _ctx->stop = _input->LT(_matchedEOF ? 1 : -1);
    setState(_ctx->invokingState);
    _ctx = static_cast<antlr4::ParserRuleContext*>(_ctx->parent);
  }

  antlr4::Token* match(size_t type) override {
    auto* token = _input->LT(1);
    if (token->getType() != type) return _errHandler->recoverInline(this);
    if (type == antlr4::Token::EOF) _matchedEOF = true;
    return consume();
  }
  antlr4::Token* consume() override {
    auto* token = _input->LT(1);
    if (token->getType() != antlr4::Token::EOF) _input->consume();
    auto* leaf = _tracker.createInstance<antlr4::tree::TerminalNodeImpl>(token);
    leaf->parent = _ctx;
    _ctx->children.push_back(leaf);
    return token;
  }

  template <typename Interpreter>
  Interpreter* getInterpreter() const {
    return static_cast<Interpreter*>(_interpreter);
  }

 protected:
  template <typename Call>
  class AtExit {
   public:
    explicit AtExit(Call call) : call_(call) {}
    AtExit(const AtExit&) = delete;
    AtExit& operator=(const AtExit&) = delete;
    ~AtExit() { call_(); }

   private:
    Call call_;
  };
  template <typename Call>
  static AtExit<Call> finally(Call call) {
    return AtExit<Call>(call);
  }

  static constexpr size_t kUsualChildren = 4;

  CstNodes _tracker;  // hides ANTLR's
};

}  // namespace remit::grammar
