// remit schema show, environments: what a schema comes to once its names are resolved.
#include "tools/remit/schema_show.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/driver/schema_documents.h"
#include "runtime/entity/type_text.h"

namespace remit::cli {
namespace {

using Json = nlohmann::ordered_json;

// Types share their parts, so that the text of one may be far longer than the schema.
constexpr size_t kMostTypeText = 100'000;

struct ShowOptions {
  std::vector<std::string> schema;
  std::string name;
  Limits limits;
  Format format = Format::Human;
};

// One thing of the schema as a document: JSON prints it, people get its members line by line.
class Describer {
 public:
  Describer(const Schema& schema, const Interner& interner) : schema_(schema), interner_(interner) {}

  auto Entity(const EntityTypeDecl& type) const -> Json {
    Json json = {{"entity", Text(type.name)}};
    if (!type.enumerated_ids.empty()) json["ids"] = Texts(type.enumerated_ids);
    json["in"] = Texts(type.parents);
    json["attributes"] = Attributes(type.attributes);
    if (type.tags.has_value()) json["tags"] = TypeText(type.tags);
    json["principalOf"] = ActionsWith(type.name, &ActionDecl::principal_types);
    json["resourceOf"] = ActionsWith(type.name, &ActionDecl::resource_types);
    return json;
  }

  auto Action(const ActionDecl& action) const -> Json {
    Json parents = Json::array();
    for (const EntityUid parent : action.parents) parents.push_back(FormatEntityUid(parent, interner_));
    Json json = {{"action", FormatEntityUid(action.uid, interner_)}, {"in", std::move(parents)}};
    json["principals"] = Texts(action.principal_types);
    json["resources"] = Texts(action.resource_types);
    json["context"] = Attributes(action.context);
    return json;
  }

  auto NamedType(const std::string& name, TypeId type) const -> Json { return {{"type", name}, {"is", TypeText(type)}}; }

 private:
  auto Text(SymbolId id) const -> std::string { return std::string(interner_.text(id)); }
  auto TypeText(TypeId type) const -> std::string { return FormatType(schema_, type, interner_, kMostTypeText); }

  auto Texts(const std::vector<SymbolId>& ids) const -> Json {
    std::vector<std::string> texts;
    for (const SymbolId id : ids) texts.push_back(Text(id));
    std::ranges::sort(texts);
    return texts;
  }

  // Sorted by name; an optional one has a `?` behind it.
  auto Attributes(TypeId record) const -> Json {
    std::map<std::string, std::string> types;
    for (const TypeField& field : schema_.type(record).fields) {
      types.emplace(Text(field.key) + (field.required ? "" : "?"), TypeText(field.type));
    }
    Json json = Json::object();
    for (auto& [name, type] : types) json[name] = std::move(type);
    return json;
  }

  auto ActionsWith(SymbolId type, std::vector<SymbolId> ActionDecl::* role) const -> Json {
    Json actions = Json::array();
    for (const ActionDecl& action : schema_.actions) {
      if (std::ranges::binary_search(action.*role, type)) actions.push_back(FormatEntityUid(action.uid, interner_));
    }
    return actions;
  }

  const Schema& schema_;
  const Interner& interner_;
};

auto Words(const Json& value) -> std::string {
  if (value.is_string()) return value.get<std::string>();
  std::string words;
  for (const auto& item : value) words += (words.empty() ? "" : ", ") + item.get<std::string>();
  return words.empty() ? "nothing" : words;
}

void Print(const Json& json, Format format) {
  if (format == Format::Json) {
    fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
    return;
  }
  for (const auto& [member, value] : json.items()) {
    const std::string indent = member == json.begin().key() ? "" : "  ";
    if (!value.is_object()) {
      fmt::print("{}{}{} {}\n", indent, member, indent.empty() ? "" : ":", Words(value));
      continue;
    }
    fmt::print("{}{}:{}\n", indent, member, value.empty() ? " none" : "");
    for (const auto& [name, type] : value.items()) fmt::print("    {}: {}\n", name, type.get<std::string>());
  }
}

auto Describe(CompileJob& job, std::vector<SchemaText> texts, const std::string& name) -> std::optional<Json> {
  const auto schema = LoadSchema(job, texts);
  if (!schema) return std::nullopt;
  const Describer describer(*schema, job.interner);
  const SymbolId symbol = job.interner.Find(name);
  if (const auto* entity = symbol.has_value() ? schema->FindEntityType(symbol) : nullptr) return describer.Entity(*entity);
  if (const auto uid = ParseEntityUid(name, job.interner)) {
    if (const auto* action = schema->FindAction(*uid)) return describer.Action(*action);
  }
  const auto type = FindSchemaType(job, std::move(texts), name);
  if (!type) return std::nullopt;
  return Describer(type->schema, job.interner).NamedType(name, type->type);
}

auto Show(const ShowOptions& options) -> ExitCode {
  auto texts = ReadSchemaInputs(options.schema, options.limits, options.format);
  if (!texts) return kFailed;
  CompileJob job(options.limits);
  const auto json = Describe(job, std::move(*texts), options.name);
  if (!json) return ReportDiagnostics(job, options.format), kFailed;
  Print(*json, options.format);
  return kDone;
}

struct EnvironmentOptions {
  std::vector<std::string> schema;
  Limits limits;
  Format format = Format::Human;
};

auto ListEnvironments(const EnvironmentOptions& options) -> ExitCode {
  CompileJob job(options.limits);
  const auto schema = LoadSchemaInputs(job, options.schema, options.format);
  if (!schema) return kFailed;
  for (const ActionDecl& action : schema->actions) {
    const auto uid = FormatEntityUid(action.uid, job.interner);
    for (const SymbolId principal : action.principal_types) {
      for (const SymbolId resource : action.resource_types) {
        const auto principal_type = job.interner.text(principal);
        const auto resource_type = job.interner.text(resource);
        switch (options.format) {
          case Format::Human: fmt::print("{} {} {}\n", principal_type, uid, resource_type); break;
          case Format::Json:
            fmt::print("{}\n", Json{{"principal", principal_type}, {"action", uid}, {"resource", resource_type}}.dump());
            break;
        }
      }
    }
  }
  return kDone;
}

}  // namespace

void AddSchemaShow(CLI::App& schema, ExitSlot& exit) {
  auto* verb = schema.add_subcommand("show", "What an entity type, an action or a common type comes to");
  auto options = std::make_shared<ShowOptions>();
  AddSchemaOption(*verb, options->schema)->required();
  verb->add_option("name", options->name, "A type such as `Acme::User`, or an action such as 'Action::\"edit\"'")
      ->required()
      ->option_text("NAME");
  AddLimitOptions(*verb, options->limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 done, 2 wrong usage, an invalid schema or an unknown name.");
  verb->callback([options, &exit] { exit = Show(*options); });
}

void AddSchemaEnvironments(CLI::App& schema, ExitSlot& exit) {
  auto* verb = schema.add_subcommand("environments", "Every combination of principal type, action and resource type that may be requested");
  auto options = std::make_shared<EnvironmentOptions>();
  AddSchemaOption(*verb, options->schema)->required();
  AddLimitOptions(*verb, options->limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 done, 2 wrong usage or an invalid schema.");
  verb->callback([options, &exit] { exit = ListEnvironments(*options); });
}

}  // namespace remit::cli
