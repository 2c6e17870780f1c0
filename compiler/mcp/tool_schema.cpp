#include "compiler/mcp/tool_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/driver/schema_documents.h"
#include "compiler/mcp/shape_types.h"
#include "compiler/mcp/stub.h"

namespace remit::mcp {
namespace {

constexpr size_t kMostNameBytes = size_t{16} << 20;

// What a tool says of itself, and what holds if it says nothing: the protocol's defaults, which are the careful ones.
struct HintGroup {
  std::string_view name;
  bool (*holds)(const Hints&);
};
constexpr std::array<HintGroup, 6> kHintGroups = {{
    {"read_only_tools", [](const Hints& hints) { return hints.read_only.value_or(false); }},
    {"additive_tools", [](const Hints& hints) { return !hints.read_only.value_or(false) && !hints.destructive.value_or(true); }},
    {"destructive_tools", [](const Hints& hints) { return !hints.read_only.value_or(false) && hints.destructive.value_or(true); }},
    {"idempotent_tools", [](const Hints& hints) { return hints.idempotent.value_or(false) || hints.read_only.value_or(false); }},
    {"open_world_tools", [](const Hints& hints) { return hints.open_world.value_or(true); }},
    {"closed_world_tools", [](const Hints& hints) { return !hints.open_world.value_or(true); }},
}};

class SchemaMaker {
 public:
  SchemaMaker(CompileJob& job, const Stub& stub, const Manifest& manifest, const SchemaOptions& options, const References& references)
      : job_(job),
        stub_(stub),
        manifest_(manifest),
        options_(options),
        names_(stub.name_space, options.flatten_namespaces),
        builder_(job.interner),
        types_(manifest, options, references, names_, builder_) {
    TakeStubNames();
  }

  auto Make() -> Expected<void> {
    NameTools();
    if (auto done = CheckActions(); !done) return done;
    types_.NameDefinitions(manifest_.definitions, stub_.name_space);
    if (options_.deduplicate) ShareTypes();
    types_.MakeDefinitions(manifest_.definitions, stub_.name_space);
    if (options_.hint_groups) AddHintGroups();
    for (size_t i = 0; i < manifest_.tools.size(); ++i) {
      AddTool(manifest_.tools[i], tool_names_[i]);
      if (names_.bytes() > kMostNameBytes) return Fail("schema-too-large", "the names of the types are too long together");
    }
    return {};
  }

  auto fragment() -> schema_ast::Fragment { return std::move(builder_).Finish(); }
  auto entity_types() -> std::vector<std::string> { return std::move(types_).entity_types(); }

 private:
  void TakeStubNames() {
    for (const auto& declarations : stub_.fragment.namespaces) {
      const auto take = [&](const schema_ast::Name& name) {
        names_.Take({.name_space = stub_.name_space, .name = std::string(job_.interner.text(name.text))});
      };
      for (const auto& entity : declarations.entities) std::ranges::for_each(entity.names, take);
      for (const auto& type : declarations.common_types) take(type.name);
      for (const auto& action : declarations.actions) {
        for (const auto& name : action.names) stub_actions_.emplace_back(job_.interner.text(name.text));
      }
    }
  }

  // Namespaces of tools, each its own.
  void NameTools() {
    std::unordered_set<std::string> taken;
    for (const auto& tool : manifest_.tools) {
      const auto base = TypeSegment(tool.name);
      std::string name = base;
      for (uint32_t i = 2; !taken.insert(name).second; ++i) name = fmt::format("{}_{}", base, i);
      tool_names_.push_back(std::move(name));
    }
  }

  auto CheckActions() -> Expected<void> {
    std::ranges::sort(stub_actions_);
    for (const auto& tool : manifest_.tools) {
      if (std::ranges::binary_search(stub_actions_, tool.name)) {
        return Fail("duplicate-action", fmt::format("the stub has an action `{}`, and so is a tool called", tool.name));
      }
    }
    return {};
  }

  auto Path(const std::string& tool, std::string_view what) const -> std::string {
    return fmt::format("{}::{}{}", stub_.name_space, tool, what);
  }

  void ShareTypes() {
    const auto collect = [&](const Parameters& parameters, const std::string& name_space) {
      for (const auto& property : parameters.properties)
        types_.shared().Collect(manifest_, property.shape, TypeSegment(property.name), name_space);
      for (const auto& definition : parameters.definitions)
        types_.shared().Collect(manifest_, definition.shape, TypeSegment(definition.name), name_space);
    };
    for (size_t i = 0; i < manifest_.tools.size(); ++i) {
      const auto& tool = manifest_.tools[i];
      collect(tool.inputs, Path(tool_names_[i], "::Input"));
      if (options_.include_outputs) collect(tool.outputs, Path(tool_names_[i], "::Output"));
      for (const auto& definition : tool.definitions) {
        if (manifest_.shape(definition.shape).kind != ShapeKind::Enum) continue;
        types_.shared().Collect(manifest_, definition.shape, TypeSegment(definition.name), Path(tool_names_[i], ""));
      }
    }
    for (const auto& shared : types_.shared().Resolve(names_, options_.objects_as_records)) types_.MakeShared(shared);
  }

  // Of every kind one, with members or without, so that policies about them hold for the next manifest too.
  void AddHintGroups() {
    std::unordered_set<std::string> taken(stub_actions_.begin(), stub_actions_.end());
    for (const auto& tool : manifest_.tools) taken.insert(tool.name);
    for (const auto& group : kHintGroups) {
      std::string name(group.name);
      for (uint32_t i = 2; !taken.insert(name).second; ++i) name = fmt::format("{}_{}", group.name, i);
      builder_.AddAction(stub_.name_space, {.names = {builder_.Name(name)}});
      group_names_.push_back(std::move(name));
    }
  }

  void AddTool(const Tool& tool, const std::string& name) {
    types_.NameDefinitions(tool.definitions, Path(name, ""));
    types_.MakeDefinitions(tool.definitions, Path(name, ""));
    std::vector<schema_ast::Attribute> context;
    context.push_back(builder_.Attribute("input", true, AddParameters(tool.inputs, name, "Input")));
    if (options_.include_outputs) context.push_back(builder_.Attribute("output", false, AddParameters(tool.outputs, name, "Output")));
    for (const auto& [attribute, type] : stub_.contexts) {
      if (attribute == "input" || (attribute == "output" && options_.include_outputs)) continue;
      context.push_back(builder_.Attribute(attribute, true, builder_.Named(stub_.name_space + "::" + type, schema_ast::Reference::Any)));
    }
    schema_ast::ActionDecl action = {.names = {builder_.Name(tool.name)}};
    action.applies_to = {
        .principals = Names(stub_.principals), .resources = Names(stub_.resources), .context = builder_.Record(std::move(context))};
    action.parents = Parents(tool.hints);
    if (options_.docs && !tool.description.empty()) action.annotations.push_back(builder_.Annotation("doc", tool.description));
    builder_.AddAction(stub_.name_space, std::move(action));
  }

  // `readInput` in the root for the record, `read::Input` for the types inside of it.
  auto AddParameters(const Parameters& parameters, const std::string& tool, std::string_view what) -> schema_ast::TypeExprId {
    const auto name_space = Path(tool, fmt::format("::{}", what));
    types_.NameDefinitions(parameters.definitions, name_space);
    types_.MakeDefinitions(parameters.definitions, name_space);
    const TypeName type = names_.Reserve(stub_.name_space, fmt::format("{}{}", tool, what));
    builder_.AddCommonType(type, types_.RecordOf(parameters.properties, name_space));
    return builder_.Named(type.full(), schema_ast::Reference::Common);
  }

  auto Names(const std::vector<std::string>& names) -> std::vector<schema_ast::Name> {
    std::vector<schema_ast::Name> out;
    for (const auto& name : names) out.push_back(builder_.Name(name));
    return out;
  }

  auto Parents(const Hints& hints) -> std::vector<schema_ast::ActionRef> {
    std::vector<schema_ast::ActionRef> parents;
    const auto add = [&](const std::string& id) { parents.push_back({.type = {}, .id = job_.interner.Intern(id), .span = {}}); };
    std::ranges::for_each(stub_.actions, add);
    for (size_t i = 0; i < group_names_.size(); ++i) {
      if (kHintGroups[i].holds(hints)) add(group_names_[i]);
    }
    return parents;
  }

  CompileJob& job_;
  const Stub& stub_;
  const Manifest& manifest_;
  const SchemaOptions& options_;
  TypeNames names_;
  SchemaBuilder builder_;
  ShapeTypes types_;
  std::vector<std::string> stub_actions_ = {};
  std::vector<std::string> tool_names_ = {};
  std::vector<std::string> group_names_ = {};
};

auto Qualify(const Stub& stub, const std::vector<std::string>& names) -> std::vector<std::string> {
  std::vector<std::string> full;
  for (const auto& name : names) full.push_back(stub.name_space + "::" + name);
  return full;
}

}  // namespace

auto MakeSchema(CompileJob& job, const SchemaText& stub_text, const Manifest& manifest, const SchemaOptions& options)
    -> Expected<ToolSchema> {
  auto stub = ReadStub(job, stub_text, options.keep_annotations);
  if (!stub) return std::unexpected(stub.error());
  auto references = ResolveReferences(manifest, options.include_outputs, options.objects_as_records);
  if (!references) return std::unexpected(references.error());
  SchemaMaker maker(job, *stub, manifest, options, *references);
  if (auto done = maker.Make(); !done) return std::unexpected(done.error());

  ToolSchema schema = {.text = {},
                       .name_space = stub->name_space,
                       .principals = Qualify(*stub, stub->principals),
                       .resources = Qualify(*stub, stub->resources),
                       .contexts = {},
                       .options = options};
  for (const auto& context : stub->contexts) schema.contexts.push_back(context.attribute);
  schema.entity_types = maker.entity_types();
  schema.targets = std::move(references->targets);
  std::vector<schema_ast::Fragment> fragments;
  fragments.push_back(std::move(stub->fragment));
  fragments.push_back(maker.fragment());
  auto text = TranslateFragments(job, fragments, SchemaSyntax::Text);
  if (!text) return Fail("invalid-stub", "the schema that stub and tools make is none");
  schema.text = std::move(*text);
  return schema;
}

}  // namespace remit::mcp
