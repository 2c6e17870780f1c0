// Written twice if there is native code: code names symbols by their positions in the bundle, so it is made of the program as it comes out of the
// first writing, into an interner that gives them these numbers.
#include "compiler/driver/build_bundle.h"

#include "runtime/base/check.h"
#include "runtime/bundle/bundle.h"
#include "runtime/native/target.h"

namespace remit {
namespace {

auto SourcesOf(CompileJob& job, ast::IdConvention convention) -> BundleSourceMap {
  BundleSourceMap map;
  for (uint32_t i = 0; i < job.sources.size(); ++i) {
    const auto& file = job.sources.file(FileId{i});
    map.sources.push_back({.name = file.name(), .text = std::string(file.text())});
  }
  const DiagnosticSink reported = job.sink;  // what there is to say about ids has been said
  const auto ids = StatementIds(job, convention);
  job.sink = reported;
  for (size_t i = 0; i < ids.size(); ++i) {
    const Span span = job.ast.statements[i].span;
    if (!span.has_place()) continue;
    map.statements.push_back({.id = ids[i], .place = {.file = span.file.value, .begin = span.begin, .end = span.end}});
  }
  return map;
}

}  // namespace

auto BuildBundle(CompileJob& job, const Schema* schema, const BuildOptions& options) -> Expected<std::optional<BuiltBundle>> {
  const auto program = CompileProgram(job, options.ids, schema);
  if (!program) return std::nullopt;
  BundleContents contents = {
      .program = *program, .interner = job.interner, .schema = schema, .sources = SourcesOf(job, options.ids), .code = {}};
  BuiltBundle built = {.bytes = WriteBundle(contents), .policies = program->policies.size()};
  if (options.native == nullptr) return built;

  const auto first = Bundle::Read(built.bytes);
  CHECK(first.has_value(), first ? "" : first.error().message);
  Interner interner;
  const auto loaded = first->Load(interner);
  CHECK(loaded.has_value(), loaded ? "" : loaded.error().message);
  const Shapes& shapes = loaded->shapes;
  const LayoutHints hints = loaded->schema != nullptr ? LayoutHints::FromSchema(*loaded->schema) : LayoutHints();
  const std::string target = options.target.empty() ? std::string(HostTarget()) : options.target;
  auto image = options.native->EmitImage(*loaded->program, shapes, hints, {}, target, {});
  if (!image) return std::unexpected(image.error());
  built.shapes = shapes.shapes.size();
  built.code_bytes = image->size();
  contents.code = BundleCode{.target = target, .image = std::move(*image)};
  built.bytes = WriteBundle(contents);
  return built;
}

}  // namespace remit
