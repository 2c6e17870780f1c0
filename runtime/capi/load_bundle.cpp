// From a bundle to a published snapshot: what load.cpp does for sources, without a compiler.
#include "runtime/bundle/bundle_policies.h"
#include "runtime/capi/load_entities.h"
#include "runtime/capi/versioned.h"

namespace remit::capi {
namespace {

class BundleLoader {
 public:
  BundleLoader(EngineState& state, const Bundle& bundle, const remit_bundle_options& options)
      : state_(state), bundle_(bundle), options_(options), sink_(state.limits().max_diagnostics) {}

  // The writer lock is held.
  auto Run() -> Result {
    auto loaded = ToPolicies(bundle_, *state_.interner);
    if (!loaded) return Fail(std::move(loaded.error()));
    if (auto kept = ReadTexts(); !kept) return kept;
    const Schema* schema = loaded->policies->schema();
    auto entities = EntitiesAfterLoad(state_, sink_, Documents(), schema);
    if (entities == nullptr) return FailReport(sink_, {});
    // INVARIANT: nothing fails from here on but for want of memory, and then before anything is published.
    if (texts_ != nullptr) state_.SetTexts(loaded->policies, std::move(texts_));
    state_.engine.Publish(std::move(loaded->policies), std::move(entities), schema != nullptr);
    state_.schema_texts.clear();
    return {};
  }

 private:
  auto Documents() const -> std::vector<NamedText> {
    return options_.entities != nullptr ? options_.entities->entities : std::vector<NamedText>{};
  }

  auto ReadTexts() -> Result {
    if (options_.drop_sources != 0) return {};
    auto map = bundle_.Sources();
    if (!map) return Fail(std::move(map.error()));
    auto texts = std::make_shared<PolicyTexts>();
    for (auto& [name, text] : map->sources) texts->sources.Add(std::move(name), std::move(text));
    for (const auto& [id, place] : map->statements) {
      texts->statements.emplace(state_.interner->Intern(id), Span{.file = {place.file}, .begin = place.begin, .end = place.end});
    }
    texts_ = std::move(texts);
    return {};
  }

  EngineState& state_;
  const Bundle& bundle_;
  const remit_bundle_options& options_;
  DiagnosticSink sink_;
  std::shared_ptr<const PolicyTexts> texts_;
};

auto CheckOptions(const remit_bundle_options& options) -> Result {
  if (options.sha256.data != nullptr && options.sha256.size != 64) return FailArgument("a digest has 64 hexadecimal digits");
  const auto* sources = options.entities;
  if (sources != nullptr && !(sources->policies.empty() && sources->links.empty() && sources->schema.empty())) {
    return FailArgument("beside a bundle sources have entities and nothing else");
  }
  return {};
}

auto CheckBundle(const Bundle& bundle, const remit_bundle_options& options) -> Result {
  const auto wanted = View(options.sha256);
  if (options.sha256.data != nullptr && bundle.digest() != wanted) {
    return Fail({.code = "bundle-other",
                 .message = "the bundle has the digest " + bundle.digest() + " and not the one that is asked for",
                 .pointer = {},
                 .help = {}});
  }
  if (options.require_code != 0 && bundle.image().bytes.empty()) {
    return Fail({.code = "bundle-without-code", .message = "the bundle has no native code", .pointer = {}, .help = {}});
  }
  return {};
}

template <typename Open>
auto LoadBundle(remit_engine* engine, const remit_bundle_options* given, Open open) -> Result {
  remit_bundle_options options;
  if (auto done = ReadStruct(given, options); !done) return done;
  if (auto valid = CheckOptions(options); !valid) return valid;
  Expected<Bundle> bundle = open();
  if (!bundle) return Fail(std::move(bundle.error()));
  if (auto valid = CheckBundle(*bundle, options); !valid) return valid;
  const auto lock = engine->state->engine.Lock();
  return BundleLoader(*engine->state, *bundle, options).Run();
}

}  // namespace
}  // namespace remit::capi

using namespace remit::capi;

auto remit_engine_load_bundle(remit_engine* engine, remit_string bytes, const remit_bundle_options* options, remit_error** error) noexcept
    -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"bytes", bytes}}); !given) return given;
    return LoadBundle(engine, options, [&] { return remit::Bundle::Read(std::string(View(bytes))); });
  });
}

auto remit_engine_load_bundle_file(remit_engine* engine, remit_string path, const remit_bundle_options* options,
                                   remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"path", path}}); !given) return given;
    return LoadBundle(engine, options, [&] { return remit::Bundle::Open(std::string(View(path))); });
  });
}
