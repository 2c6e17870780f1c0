// From sources to a published snapshot.
//
// All of it runs under the engine's writer lock, because names go to the engine's interner as they are read. Compiling into an interner apart
// and translating every symbol afterwards, the alternative, would let entities change meanwhile, and cost each load a walk over everything.
#include <algorithm>

#include "compiler/driver/packs.h"
#include "runtime/capi/compiler.h"
#include "runtime/capi/load_entities.h"
#include "runtime/capi/with_compiler/compile_policies.h"

namespace remit::capi {
namespace {

class Loader {
 public:
  Loader(EngineState& state, const remit_sources& sources, const remit_load_options& options)
      : state_(state), sources_(sources), options_(options), job_(state.limits(), state.interner) {}

  auto Run() -> Result {
    if (auto valid = ReadOptions(); !valid) return valid;
    if (auto loaded = FindSchema(); !loaded) return loaded;
    if (!ReadPolicies(job_, sources_) || !CheckAgainst(job_, schema_.get(), convention_, options_.check)) return Fail();
    auto program = CompileFor(state_, job_, convention_, schema_.get());
    if (!program) return Fail();
    auto entities = EntitiesAfterLoad(state_, job_.sink, sources_.entities, schema_.get());
    if (entities == nullptr) return Fail();
    auto warnings = job_.sink.diagnostics().empty() ? nullptr : MakeReport(job_.sink, job_.sources);
    Publish(std::make_shared<Policies>(std::make_shared<const ir::Program>(std::move(*program)), schema_), std::move(entities));
    if (options_.warnings != nullptr) *options_.warnings = warnings.release();
    return {};
  }

 private:
  auto ReadOptions() -> Result {
    auto convention = ReadIdConvention(options_);
    if (!convention) return Forward(convention.error());
    convention_ = *convention;
    if (auto valid = CheckOptions(options_); !valid) return valid;
    if (options_.keep_schema != 0 && !sources_.schema.empty()) {
      return FailArgument("the sources have a schema, and the engine's is to be kept");
    }
    return {};
  }

  auto Fail() const -> std::unexpected<Failure> { return FailReport(job_.sink, job_.sources); }

  // A schema of the same texts is the same schema: entities that conform to it go on doing so.
  auto FindSchema() -> Result {
    const auto is_shipped = [](const NamedText& text) { return BuiltinSchema(text.name).has_value(); };
    // Of what is shipped the name counts, whatever the text; of files the text, wherever they lie.
    const auto same = [&](const NamedText& a, const NamedText& b) {
      return is_shipped(a) || is_shipped(b) ? a.name == b.name : a.text == b.text;
    };
    const bool is_same = !sources_.schema.empty() && std::ranges::equal(sources_.schema, state_.schema_texts, same);
    if (options_.keep_schema != 0 || is_same) {
      schema_ = state_.engine.snapshots().current().policies->shared_schema();
      return {};
    }
    if (sources_.schema.empty()) return {};
    std::vector<SchemaText> texts;
    for (const auto& [name, text] : sources_.schema) texts.push_back({.name = name, .text = text});
    auto schema = LoadSchema(job_, std::move(texts));
    if (!schema) return Fail();
    schema_ = std::make_shared<const Schema>(std::move(*schema));
    return {};
  }

  // INVARIANT: nothing fails from here on but for want of memory, and then before anything is published.
  void Publish(std::shared_ptr<Policies> policies, std::shared_ptr<const EntityStore> entities) {
    auto schema_texts = options_.keep_schema != 0 ? state_.schema_texts : sources_.schema;
    if (options_.drop_sources == 0) state_.SetTexts(policies, TakeTexts());
    state_.engine.Publish(std::move(policies), std::move(entities), schema_ != nullptr);
    state_.schema_texts = std::move(schema_texts);
  }

  auto TakeTexts() -> std::shared_ptr<const PolicyTexts> {
    auto texts = std::make_shared<PolicyTexts>();
    AddStatements(job_, convention_, *texts);
    texts->sources = std::move(job_.sources);
    return texts;
  }

  EngineState& state_;
  const remit_sources& sources_;
  const remit_load_options& options_;
  CompileJob job_;
  ast::IdConvention convention_ = ast::IdConvention::Remit;
  std::shared_ptr<const Schema> schema_;
};

}  // namespace

auto LoadSources(EngineState& state, const remit_sources& sources, const remit_load_options& options) -> Result {
  return Loader(state, sources, options).Run();
}

}  // namespace remit::capi
