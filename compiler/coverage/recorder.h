// Notes what the interpreter runs of a program's statements.
//
// Places in the source tell which condition an operation belongs to, so lowering need not know of coverage, and what is measured is the program
// that decides. The interpreter must decide by the rows: code that is specialised for kinds of requests has conditions left out.
#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/coverage/coverage.h"
#include "runtime/entity/entity_store.h"
#include "runtime/eval/decision.h"
#include "runtime/eval/trace.h"
#include "runtime/request/request.h"

namespace remit::coverage {

class Recorder final : public EvalTrace {
 public:
  // `ids` is parallel to the statements. Program and interner outlive the recorder.
  Recorder(const ast::Ast& ast, const std::vector<std::string>& ids, const ir::Program& program, const Interner& interner);

  void Begin(const ir::Body& body) override;
  void Ran(const ir::SourcePlace& place, const Value& written) override;
  void Finish(End end, const ir::SourcePlace& place) override;
  // After each decision, which was made for each of the requests: they differ in the principal.
  void Decided(std::span<const Request> requests, const EntityStore& entities, const Decision& decision);

  auto coverage() const -> const Coverage& { return coverage_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Place {
    uint32_t file;
    uint32_t begin;
    uint32_t end;
    friend auto operator==(const Place&, const Place&) -> bool = default;
  };
  struct PlaceHash {
    auto operator()(const Place& place) const -> size_t;
  };
  // What a place counts for: positions in `coverage_` and in what is there.
  struct Use {
    uint32_t statement = kNone;
    uint32_t clause = kNone;
    uint32_t branch = kNone;
  };
  struct Touched {
    Use use;
    std::optional<bool> value;
  };
  using Places = std::unordered_set<Place, PlaceHash>;

  void AddStatement(const ast::Ast& ast, const ast::Statement& statement, const std::string& id);
  void FindRows();
  void FindPlaces();
  void DropUndecided(const Places& decided);
  auto UseOf(const Place& place) const -> Use;
  void CommitTouched();

  const ir::Program& program_;
  const Interner& interner_;
  Coverage coverage_;
  std::vector<bool> has_conditions_;  // by statement
  std::vector<uint32_t> effect_clauses_;  // by statement: see EffectClauseOf
  std::vector<uint32_t> by_place_;  // statements in the order of their spans
  std::vector<uint32_t> statement_of_row_;
  std::unordered_map<const ir::Body*, uint32_t> statement_of_body_;  // of those with conditions
  std::unordered_map<Place, Use, PlaceHash> uses_;
  const ir::Body* body_ = nullptr;  // the one that runs
  std::vector<Touched> touched_;  // by it, so far
};

}  // namespace remit::coverage
