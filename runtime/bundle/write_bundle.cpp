// From a program to the bytes of a bundle.
#include <cstring>

#include "runtime/bundle/body_forms.h"
#include "runtime/bundle/bundle.h"
#include "runtime/bundle/bundle_values.h"
#include "runtime/bundle/fields.h"
#include "runtime/bundle/format.h"

namespace remit {
namespace {

using namespace bundle;  // NOLINT: this file is about nothing else

template <typename Archive>
void Constants(Archive& archive, const ir::Program& program) {
  archive.Count(program.constants.size());
  for (const Value& value : program.constants) WriteValue(archive, value);
  archive.Count(program.regexes.size());
  for (const auto& regex : program.regexes) archive.Symbol(regex.text);
}

// `Fields` reads and writes, so it takes what it could change.
template <typename T, typename Archive>
void Write(Archive& archive, const T& structure) {
  Fields(archive, const_cast<T&>(structure));
}

template <typename Archive>
void Write(Archive& archive, const ir::Program& program, const BodyForms& bodies) {
  Tables(archive, const_cast<ir::Program&>(program));
  bodies.Write(archive);
  Rows(archive, const_cast<ir::Program&>(program));
}

// Lengths first: the texts are one block, which is checked and copied as one.
void WriteSymbols(Writer& writer, const SymbolTable& table, const Interner& interner) {
  writer.Count(table.symbols().size());
  for (const SymbolId symbol : table.symbols()) writer.Number(interner.text(symbol).size());
  for (const SymbolId symbol : table.symbols()) writer.Bytes(interner.text(symbol));
}

template <typename T>
auto Bytes(const SymbolTable& table, const T& write) -> std::string {
  Writer writer(&table);
  write(writer);
  return std::move(writer).bytes();
}

}  // namespace

auto WriteBundle(const BundleContents& contents) -> std::string {
  const BodyForms bodies(contents.program);
  SymbolTable table;
  Collector collector(table);
  Constants(collector, contents.program);
  Write(collector, contents.program, bodies);
  if (contents.schema != nullptr) Write(collector, *contents.schema);
  table.Sort();

  std::array<std::string, kSectionCount> sections;
  const auto section = [&](SectionKind kind) -> std::string& { return sections[static_cast<size_t>(kind) - 1]; };
  section(SectionKind::Symbols) = Bytes(table, [&](Writer& writer) { WriteSymbols(writer, table, contents.interner); });
  section(SectionKind::Constants) = Bytes(table, [&](Writer& writer) { Constants(writer, contents.program); });
  section(SectionKind::Program) = Bytes(table, [&](Writer& writer) { Write(writer, contents.program, bodies); });
  if (contents.schema != nullptr) section(SectionKind::Schema) = Bytes(table, [&](Writer& writer) { Write(writer, *contents.schema); });
  section(SectionKind::Sources) = Bytes(table, [&](Writer& writer) { Write(writer, contents.sources); });
  if (contents.code) {
    section(SectionKind::Target) = contents.code->target;
    section(SectionKind::Image) = contents.code->image;
  }

  Header header;
  header.fingerprint = TableFingerprint();
  std::string file(sizeof(Header), '\0');
  for (uint32_t i = 0; i < kSectionCount; ++i) {
    const bool is_image = i + 1 == static_cast<uint32_t>(SectionKind::Image);
    if (is_image && !sections[i].empty()) file.resize((file.size() + kCodeAlignment - 1) / kCodeAlignment * kCodeAlignment);
    header.sections[i] = {.kind = i + 1, .offset = file.size(), .size = sections[i].size()};
    file += sections[i];
  }
  header.file_size = file.size();
  Seal(header, file);
  std::memcpy(file.data(), &header, sizeof(header));
  return file;
}

}  // namespace remit
