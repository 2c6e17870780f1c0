#include "compiler/mcp/stub.h"

#include <algorithm>
#include <array>

#include "compiler/mcp/tool_schema.h"
#include "compiler/schema/schema.h"

namespace remit::mcp {
namespace {

using schema_ast::Annotation;

constexpr std::array<std::string_view, 4> kMarks = {"mcp_principal", "mcp_resource", "mcp_context", "mcp_action"};

auto InvalidStub(std::string message, std::string help) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "invalid-stub", .message = std::move(message), .pointer = {}, .help = std::move(help)});
}

class StubReader {
 public:
  StubReader(Stub& stub, const Interner& interner) : stub_(stub), interner_(interner) {}

  void Read(const schema_ast::Namespace& declarations) {
    for (const auto& entity : declarations.entities) {
      for (const auto& name : entity.names) ReadEntity(entity, Text(name));
    }
    for (const auto& type : declarations.common_types) AddContext(type.annotations, Text(type.name));
    for (const auto& action : declarations.actions) {
      if (Find(action.annotations, "mcp_action") == nullptr) continue;
      for (const auto& name : action.names) stub_.actions.push_back(Text(name));
    }
  }

  void Erase(std::vector<Annotation>& annotations) const {
    std::erase_if(annotations, [&](const Annotation& one) { return std::ranges::find(kMarks, interner_.text(one.key)) != kMarks.end(); });
  }

 private:
  auto Text(const schema_ast::Name& name) const -> std::string { return std::string(interner_.text(name.text)); }

  auto Find(const std::vector<Annotation>& annotations, std::string_view key) const -> const Annotation* {
    const auto found = std::ranges::find_if(annotations, [&](const Annotation& one) { return interner_.text(one.key) == key; });
    return found == annotations.end() ? nullptr : &*found;
  }

  void ReadEntity(const schema_ast::EntityDecl& entity, const std::string& name) {
    if (Find(entity.annotations, "mcp_principal") != nullptr) stub_.principals.push_back(name);
    if (Find(entity.annotations, "mcp_resource") != nullptr) stub_.resources.push_back(name);
    AddContext(entity.annotations, name);
  }

  // The attribute is called as the annotation says; without a value there is none.
  void AddContext(const std::vector<Annotation>& annotations, const std::string& type) {
    const auto* mark = Find(annotations, "mcp_context");
    if (mark != nullptr && mark->value) stub_.contexts.push_back({.attribute = std::string(interner_.text(*mark->value)), .type = type});
  }

  Stub& stub_;
  const Interner& interner_;
};

}  // namespace

auto DefaultStub(const std::string& name_space) -> SchemaText {
  return {.name = "stub", .text = "namespace " + name_space + " {\n  @mcp_principal entity User;\n  @mcp_resource entity Server;\n}\n"};
}

auto ReadStub(CompileJob& job, const SchemaText& text, bool keep_annotations) -> Expected<Stub> {
  auto context = job.parse_context();
  auto fragment = ReadSchemaFragment(job.sources.Add(text.name, text.text), context);
  if (!fragment) return InvalidStub("the stub is no schema", {});
  if (fragment->namespaces.size() != 1 || !fragment->namespaces.front().name.text.has_value()) {
    return InvalidStub("a stub has exactly one namespace, with a name", "put everything into `namespace Name { .. }`");
  }
  Stub stub = {.fragment = std::move(*fragment)};
  auto& declarations = stub.fragment.namespaces.front();
  stub.name_space = job.interner.text(declarations.name.text);
  StubReader reader(stub, job.interner);
  reader.Read(declarations);
  if (stub.principals.empty()) return InvalidStub("the stub has no principal", "annotate an entity type with `@mcp_principal`");
  if (stub.resources.empty()) return InvalidStub("the stub has no resource", "annotate an entity type with `@mcp_resource`");
  if (keep_annotations) return stub;
  for (auto& entity : declarations.entities) reader.Erase(entity.annotations);
  for (auto& type : declarations.common_types) reader.Erase(type.annotations);
  for (auto& action : declarations.actions) reader.Erase(action.annotations);
  return stub;
}

}  // namespace remit::mcp
