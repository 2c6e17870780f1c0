#include "tests/fuzz/json_input.h"

#include "runtime/base/check.h"
#include "tests/fuzz/job.h"

namespace remit::fuzz {
namespace {

constexpr std::string_view kSchemaText = R"(
  entity Group in [Group];
  entity Color enum ["red", "green"];
  type Place = { host: ipaddr, port?: Long };
  entity User in [Group] = {
    age: Long, name?: String, admin?: Bool, friends?: Set<User>, home?: Place, colors?: Set<Color>,
    rate?: decimal, born?: datetime, shift?: duration, "a b"?: { c?: { d?: Set<Set<Long>> } },
  } tags Set<String>;
  entity Photo in [Group] = { owner: User };
  action all;
  action view in [all] appliesTo {
    principal: [User], resource: [Photo],
    context: { n?: Long, from?: ipaddr, at?: datetime, user?: User, places?: Set<Place>, price?: decimal, took?: duration },
  };
)";

struct SchemaFixture {
  CompileJob job;
  Schema schema;

  SchemaFixture() {
    auto compiled = LoadSchema(job, "schema", std::string(kSchemaText));
    CHECK(compiled.has_value(), "the fuzz target's own schema does not compile");
    schema = std::move(*compiled);
  }
};

}  // namespace

void WithAndWithoutSchema(const uint8_t* data, size_t size, const JsonReader& read) {
  static const SchemaFixture fixture;
  const auto json = InputText(data, size);
  for (const Schema* schema : {static_cast<const Schema*>(nullptr), &fixture.schema}) {
    Interner interner(&fixture.job.interner);
    read(json, interner, {.limits = FuzzLimits(), .schema = schema});
  }
}

void RequireJsonBack(const Value& value, Interner& interner, const JsonOptions& options) {
  const auto json = ValueToJson(value, interner);
  Arena arena;
  const auto again = ReadValue(json, interner, arena, options);
  // What was read without deeper nesting than the limit may exceed it once wrapped in the explicit forms.
  if (!again && again.error().code == "json-too-deep") return;
  CHECK(again.has_value(), "the JSON of a value is refused: " + json);
  CHECK(*again == value, "the JSON of a value gives another value: " + json);
  CHECK(FormatValue(*again, interner) == FormatValue(value, interner));
}

}  // namespace remit::fuzz
