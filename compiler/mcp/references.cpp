#include "compiler/mcp/references.h"

#include <fmt/format.h>

#include <algorithm>

namespace remit::mcp {
namespace {

// Targets of all references below the shapes of one scope.
class Resolver {
 public:
  Resolver(const Manifest& manifest, References& references) : manifest_(manifest), references_(references) {}

  auto error() const -> const std::optional<Error>& { return error_; }

  void Definitions(const std::vector<Definition>& definitions, const Scope& scope) {
    for (const auto& definition : definitions) Resolve(definition.shape, scope);
  }
  void Resolve(const std::vector<Property>& properties, const Scope& scope) {
    for (const auto& property : properties) Resolve(property.shape, scope);
  }

 private:
  // As deep as the document nests.
  void Resolve(ShapeId id, const Scope& scope) {
    const auto& shape = manifest_.shape(id);
    if (shape.kind == ShapeKind::Ref) {
      const ShapeId found = scope.Find(shape.names[0]);
      if (found.has_value())
        references_.targets[id.value] = found;
      else if (!error_)
        error_ = Undefined(shape.names[0]);
    }
    for (const ShapeId part : shape.parts) Resolve(part, scope);
    Resolve(shape.properties, scope);
    if (shape.rest.has_value()) Resolve(shape.rest, scope);
  }

  static auto Undefined(const std::string& name) -> Error {
    return {
        .code = "unknown-reference", .message = fmt::format("`{}` is referred to and nowhere defined", name), .pointer = {}, .help = {}};
  }

  const Manifest& manifest_;
  References& references_;
  std::optional<Error> error_ = {};
};

// One walk over everything, with a stack of its own: a chain of definitions may be as long as the document.
class CycleCutter {
 public:
  CycleCutter(const Manifest& manifest, References& references, bool records, bool may_make_entities)
      : manifest_(manifest),
        references_(references),
        records_(records),
        may_make_entities_(may_make_entities),
        states_(manifest.shapes.size(), State::New) {}

  // Whether something was cut.
  auto Run() -> bool {
    for (uint32_t i = 0; i < manifest_.shapes.size(); ++i) {
      if (states_[i] == State::New) Walk({i});
    }
    return cut_;
  }

 private:
  enum class State : uint8_t { New, Open, Done };
  struct Frame {
    ShapeId id;
    std::vector<ShapeId> next;
    size_t position = 0;
  };

  auto StopsHere(ShapeId id) const -> bool {
    const auto& shape = manifest_.shape(id);
    if (shape.kind != ShapeKind::Object) return false;
    return !records_ || shape.rest.has_value() || references_.is_entity[id.value];
  }

  // What must be complete before this is: nothing for an entity, which is a name.
  auto Next(ShapeId id) const -> std::vector<ShapeId> {
    const auto& shape = manifest_.shape(id);
    if (StopsHere(id)) return {};
    std::vector<ShapeId> next = shape.parts;
    for (const auto& property : shape.properties) next.push_back(property.shape);
    if (const ShapeId target = references_.targets[id.value]; target.has_value()) next.push_back(target);
    return next;
  }

  void Walk(ShapeId first) {
    Open(first);
    while (!stack_.empty()) {
      Frame& top = stack_.back();
      if (top.position == top.next.size()) {
        states_[top.id.value] = State::Done;
        stack_.pop_back();
        continue;
      }
      const ShapeId next = top.next[top.position++];
      if (states_[next.value] == State::New)
        Open(next);
      else if (states_[next.value] == State::Open)
        Cut(next);
    }
  }

  void Open(ShapeId id) {
    states_[id.value] = State::Open;
    stack_.push_back({.id = id, .next = Next(id)});
  }

  // The innermost object between `target` and the end of the stack becomes an entity; if there is none the reference at the end goes.
  void Cut(ShapeId target) {
    cut_ = true;
    for (auto frame = stack_.rbegin(); may_make_entities_ && frame != stack_.rend(); ++frame) {
      if (manifest_.shape(frame->id).kind == ShapeKind::Object) {
        references_.is_entity[frame->id.value] = true;
        return;
      }
      if (frame->id == target) break;
    }
    references_.targets[stack_.back().id.value] = {};
  }

  const Manifest& manifest_;
  References& references_;
  bool records_;
  bool may_make_entities_;
  std::vector<State> states_;
  std::vector<Frame> stack_ = {};
  bool cut_ = false;
};

// An object that became an entity cuts some cycles and leaves others: seen anew. In the end references alone are cut, which leaves none.
void CutCycles(const Manifest& manifest, References& references, bool records) {
  constexpr int kRounds = 8;
  for (int round = 0; round < kRounds; ++round) {
    if (!CycleCutter(manifest, references, records, round + 1 < kRounds).Run()) return;
  }
}

}  // namespace

Scope::Scope(const std::vector<Definition>& definitions, const Scope* outer) : outer_(outer) {
  for (const auto& definition : definitions) definitions_.insert_or_assign(definition.name, definition.shape);
}

auto Scope::Find(const std::string& name) const -> ShapeId {
  const auto found = definitions_.find(name);
  if (found != definitions_.end()) return found->second;
  return outer_ == nullptr ? ShapeId{} : outer_->Find(name);
}

auto ResolveReferences(const Manifest& manifest, bool with_outputs, bool records) -> Expected<References> {
  References references = {.targets = std::vector<ShapeId>(manifest.shapes.size()), .is_entity = std::vector<bool>(manifest.shapes.size())};
  Resolver resolver(manifest, references);
  const Scope server(manifest.definitions);
  resolver.Definitions(manifest.definitions, server);
  const auto resolve = [&](const Parameters& parameters, const Scope& outer) {
    const Scope scope(parameters.definitions, &outer);
    resolver.Definitions(parameters.definitions, scope);
    resolver.Resolve(parameters.properties, scope);
  };
  for (const auto& tool : manifest.tools) {
    const Scope scope(tool.definitions, &server);
    resolver.Definitions(tool.definitions, scope);
    resolve(tool.inputs, scope);
    if (with_outputs) resolve(tool.outputs, scope);
  }
  if (resolver.error()) return std::unexpected(*resolver.error());
  CutCycles(manifest, references, records);
  return references;
}

}  // namespace remit::mcp
