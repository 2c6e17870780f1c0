// From a bundle to a program.
#include "runtime/bundle/bundle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/base/text.h"
#include "runtime/bundle/body_forms.h"
#include "runtime/bundle/bundle_values.h"
#include "runtime/bundle/fields.h"
#include "runtime/bundle/format.h"
#include "runtime/ir/verify_alike.h"

namespace remit {
namespace {

using namespace bundle;  // NOLINT: this file is about nothing else

auto FailInvalid(std::string_view what) -> std::unexpected<Error> {
  return Fail("bundle-invalid", fmt::format("the bundle's {} cannot be read", what));
}

// A file's bytes in memory, private to this process.
class Mapping {
 public:
  static auto Open(const std::filesystem::path& path) -> Expected<Mapping> {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return Fail("cannot-read", fmt::format("cannot read `{}`: {}", path.string(), std::strerror(errno)));
    struct stat status = {};
    const bool is_file = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    const auto size = static_cast<size_t>(status.st_size);
    void* bytes = is_file && size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0) : MAP_FAILED;
    ::close(file);
    if (!is_file) return Fail("cannot-read", fmt::format("`{}` is not a file", path.string()));
    if (size == 0) return Fail("not-a-bundle", fmt::format("`{}` is empty", path.string()));
    if (bytes == MAP_FAILED) return Fail("cannot-read", fmt::format("cannot map `{}`: {}", path.string(), std::strerror(errno)));
    return Mapping({static_cast<const char*>(bytes), size});
  }

  Mapping() = default;
  Mapping(Mapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  auto operator=(Mapping&& other) noexcept -> Mapping& {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Mapping() {
    if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
  }
  auto bytes() const -> std::string_view { return bytes_; }

 private:
  explicit Mapping(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes_;
};

// Records declare their fields sorted by key: other ids, another order.
auto IsSound(Schema& schema) -> bool {
  const auto is_type = [&](TypeId id) { return id.has_value() && id.value < schema.types.size(); };
  const auto is_record = [&](TypeId id) { return is_type(id) && schema.type(id).kind == Kind::Record; };
  for (auto& type : schema.types) {
    if (type.kind == Kind::Set && !is_type(type.element)) return false;
    if (!std::ranges::all_of(type.fields, [&](const TypeField& field) { return field.key.has_value() && is_type(field.type); }))
      return false;
    std::ranges::sort(type.fields, {}, &TypeField::key);
  }
  return std::ranges::all_of(schema.entity_types,
                             [&](const EntityTypeDecl& decl) {
                               return decl.name.has_value() && is_record(decl.attributes) && (!decl.tags.has_value() || is_type(decl.tags));
                             }) &&
         std::ranges::all_of(schema.actions, [&](const ActionDecl& decl) { return is_record(decl.context); });
}

// Every place is in a text that is there.
auto IsSound(const BundleSourceMap& map) -> bool {
  return std::ranges::all_of(map.sources, [](const BundleSource& source) { return !FindInvalidUtf8(source.text); }) &&
         std::ranges::all_of(map.statements, [&](const BundleStatement& statement) {
           const auto& place = statement.place;
           return place.file < map.sources.size() && place.begin <= place.end && place.end <= map.sources[place.file].text.size();
         });
}

auto SectionName(uint32_t kind) -> std::string_view {
  constexpr std::array<std::string_view, kSectionCount> kNames = {"symbols", "constants", "program", "schema",
                                                                  "sources", "target",    "image"};
  return kNames.at(kind - 1);  // of a header that was read
}

auto ReadConstants(Reader& reader, ir::Program& program, const Interner& interner) -> bool {
  const size_t constants = reader.Count();
  program.constants.reserve(constants);
  for (size_t count = constants; count > 0 && reader.ok(); --count) {
    program.constants.push_back(ReadValue(reader, program.arena, interner));
  }
  for (size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    SymbolId text;
    reader.Symbol(text);
    if (!reader.ok() || !text.has_value()) return false;
    auto compiled = Regex::Compile(interner.text(text));
    if (!compiled) return false;
    program.regexes.push_back({.text = text, .compiled = std::move(*compiled)});
  }
  return reader.ok() && reader.at_end();
}

// Texts are valid if all of them in a row are and none begins inside a character.
auto ReadSymbols(std::string_view section, Interner& interner, std::vector<SymbolId>& symbols) -> bool {
  Reader reader(section, nullptr);
  std::vector<size_t> lengths(reader.Count());
  for (size_t& length : lengths) reader.Number(length);
  std::string_view texts = reader.Rest();
  if (!reader.ok() || FindInvalidUtf8(texts)) return false;
  symbols.reserve(lengths.size());
  for (const size_t length : lengths) {
    const bool is_inside = length > 0 && length <= texts.size() && (static_cast<uint8_t>(texts.front()) & 0xC0) == 0x80;
    if (length > texts.size() || is_inside) return false;
    symbols.push_back(interner.Intern(texts.substr(0, length)));
    texts.remove_prefix(length);
  }
  return texts.empty();
}

// Of each body the first one of its shape.
auto FirstAlike(const Shapes& shapes) -> std::vector<uint32_t> {
  std::vector<uint32_t> first;
  first.reserve(shapes.shape_of_body.size());
  for (const uint32_t shape : shapes.shape_of_body) first.push_back(shapes.shapes[shape].body);
  return first;
}

}  // namespace

struct Bundle::Impl {
  Mapping mapping;
  std::string memory;
  std::string_view file;  // one of these
  Header header;

  auto bytes(SectionKind kind) const -> std::string_view {
    const Section& section = header.sections[static_cast<size_t>(kind) - 1];
    return file.substr(section.offset, section.size);
  }
};

Bundle::Bundle(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Bundle::Bundle(Bundle&&) noexcept = default;
auto Bundle::operator=(Bundle&&) noexcept -> Bundle& = default;
Bundle::~Bundle() = default;

auto Bundle::Open(const std::filesystem::path& path) -> Expected<Bundle> {
  auto mapping = Mapping::Open(path);
  if (!mapping) return std::unexpected(mapping.error());
  auto impl = std::make_unique<Impl>();
  impl->mapping = std::move(*mapping);
  impl->file = impl->mapping.bytes();
  const auto header = ReadHeader(impl->file);
  if (!header) return std::unexpected(header.error());
  impl->header = *header;
  return Bundle(std::move(impl));
}

auto Bundle::Read(std::string bytes) -> Expected<Bundle> {
  auto impl = std::make_unique<Impl>();
  impl->memory = std::move(bytes);
  impl->file = impl->memory;
  const auto header = ReadHeader(impl->file);
  if (!header) return std::unexpected(header.error());
  impl->header = *header;
  return Bundle(std::move(impl));
}

auto Bundle::size() const -> size_t { return impl_->file.size(); }
auto Bundle::format_version() const -> uint32_t { return impl_->header.version; }

auto Bundle::Sections() const -> std::vector<SectionInfo> {
  std::vector<SectionInfo> sections;
  for (const auto& section : impl_->header.sections) {
    if (section.size > 0) sections.push_back({.name = SectionName(section.kind), .offset = section.offset, .size = section.size});
  }
  return sections;
}

auto Bundle::digest() const -> std::string {
  std::string text;
  for (const uint8_t byte : impl_->header.digest) text += fmt::format("{:02x}", byte);
  return text;
}

auto Bundle::code_target() const -> std::string_view { return impl_->bytes(SectionKind::Target); }

auto Bundle::image() const -> Image {
  return {.bytes = impl_->bytes(SectionKind::Image), .offset = impl_->header.sections[static_cast<size_t>(SectionKind::Image) - 1].offset};
}

auto Bundle::Sources() const -> Expected<BundleSourceMap> {
  if (const auto same = CheckSection(impl_->header, SectionKind::Sources, impl_->file); !same) return std::unexpected(same.error());
  Reader reader(impl_->bytes(SectionKind::Sources), nullptr);
  BundleSourceMap map;
  Fields(reader, map);
  if (!reader.ok() || !reader.at_end() || !IsSound(map)) return FailInvalid("source map");
  return map;
}

auto Bundle::Load(Interner& interner) const -> Expected<LoadedBundle> {
  LoadedBundle loaded;
  auto& symbols = loaded.symbols;
  if (!ReadSymbols(impl_->bytes(SectionKind::Symbols), interner, symbols)) return FailInvalid("symbols");

  auto program = std::make_shared<ir::Program>();
  Reader constants(impl_->bytes(SectionKind::Constants), &symbols);
  if (!ReadConstants(constants, *program, interner)) return FailInvalid("constants");
  Reader reader(impl_->bytes(SectionKind::Program), &symbols);
  Tables(reader, *program);
  loaded.shapes = ReadBodies(reader, *program);
  Rows(reader, *program);
  if (!reader.ok() || !reader.at_end()) return FailInvalid("program");
  if (const auto verified = ir::VerifyAlike(*program, FirstAlike(loaded.shapes)); !verified) {
    return Fail("bundle-invalid", verified.error().message);
  }
  loaded.program = std::move(program);

  if (const auto bytes = impl_->bytes(SectionKind::Schema); !bytes.empty()) {
    auto schema = std::make_shared<Schema>();
    Reader schema_reader(bytes, &symbols);
    Fields(schema_reader, *schema);
    if (!schema_reader.ok() || !schema_reader.at_end() || !IsSound(*schema)) return FailInvalid("schema");
    for (uint32_t i = 0; i < schema->entity_types.size(); ++i) schema->entity_type_index.emplace(schema->entity_types[i].name, i);
    for (uint32_t i = 0; i < schema->actions.size(); ++i) schema->action_index.emplace(schema->actions[i].uid.packed(), i);
    loaded.schema = std::move(schema);
  }
  return loaded;
}

}  // namespace remit
