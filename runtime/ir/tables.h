// Adds to a program's tables, each entry once.
//
// For whoever builds a program: the lowering and the text form. A built program needs no maps, so they live here and not in it.
#pragma once

#include <map>

#include "runtime/ir/program.h"

namespace remit::ir {

class Tables {
 public:
  // `program` must outlive this and have empty tables.
  explicit Tables(Program& program) : program_(program) {}

  // Each returns the entry's index. Constants are copied to the program's arena.
  auto Constant(const Value& value) -> uint32_t;
  auto AddPattern(const Pattern& pattern) -> uint32_t;
  // `compiled` is `text` compiled.
  auto AddRegex(SymbolId text, const std::shared_ptr<const Regex>& compiled) -> uint32_t;
  auto RecordKeys(const std::vector<SymbolId>& keys) -> uint32_t;

 private:
  struct Less {
    auto operator()(const Value& a, const Value& b) const -> bool { return Compare(a, b) < 0; }
  };

  Program& program_;
  std::map<Value, uint32_t, Less> constants_;
  std::map<Pattern, uint32_t> patterns_;
  std::map<SymbolId, uint32_t> regexes_;
  std::map<std::vector<SymbolId>, uint32_t> record_keys_;
};

}  // namespace remit::ir
