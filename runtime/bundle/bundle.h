// One file with everything a decision needs: program, schema, source texts and, for one kind of processor, native code.
//
//   header    magic `RMBUNDLE`, format version, fingerprint of the tables of operations and builtins, size, number of sections
//   sections  kind, offset, size, SHA-256 of each
//   digest    SHA-256 of the header, and so of everything: what a signature signs
//   bytes     of the sections, each at a multiple of the page size if it is code
//
// Read by the runtime alone: no parser, no compiler. Opening maps the file and checks header, sizes and digests (that of the sources when they are read); a
// file of another version, a truncated or altered one is an error and never crashes whoever reads it. Numbers of the header are little-endian.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/entity/schema.h"
#include "runtime/ir/program.h"
#include "runtime/native/shapes.h"

namespace remit {

struct BundleSource {
  std::string name;
  std::string text;
};

// Where a policy or template is in the sources: `place.file` counts them.
struct BundleStatement {
  std::string id;
  ir::SourcePlace place;
};

// For messages; nothing that decides reads it.
struct BundleSourceMap {
  std::vector<BundleSource> sources = {};
  std::vector<BundleStatement> statements = {};
};

// Native code for one kind of processor.
struct BundleCode {
  std::string target;  // triple and features: TargetName of the machine it was made for
  std::string image;  // see runtime/native/image.h
};

// What a bundle is made of.
struct BundleContents {
  const ir::Program& program;
  const Interner& interner;
  const Schema* schema = nullptr;
  BundleSourceMap sources = {};
  std::optional<BundleCode> code = {};
};

// The file's bytes; the same contents make the same bytes.
auto WriteBundle(const BundleContents& contents) -> std::string;

// What is made of a bundle for one engine.
struct LoadedBundle {
  std::shared_ptr<const ir::Program> program;
  std::shared_ptr<const Schema> schema;  // may be null
  Shapes shapes;  // of the program
  std::vector<SymbolId> symbols;  // by their positions in the bundle, which are what its native code knows
};

class Bundle {
 public:
  // Errors: "cannot-read", "not-a-bundle", "bundle-version", "bundle-truncated", "bundle-digest".
  static auto Open(const std::filesystem::path& path) -> Expected<Bundle>;
  // The same from memory, which is kept.
  static auto Read(std::string bytes) -> Expected<Bundle>;

  Bundle(Bundle&&) noexcept;
  auto operator=(Bundle&&) noexcept -> Bundle&;
  ~Bundle();

  auto size() const -> size_t;
  auto format_version() const -> uint32_t;
  // Those that are not empty, in their order.
  struct SectionInfo {
    std::string_view name;
    size_t offset = 0;
    size_t size = 0;
  };
  auto Sections() const -> std::vector<SectionInfo>;
  // SHA-256, 64 hexadecimal digits.
  auto digest() const -> std::string;
  // Empty if there is no code.
  auto code_target() const -> std::string_view;
  // Bytes of the image and where they are in the file. Empty if there are none.
  struct Image {
    std::string_view bytes;
    size_t offset = 0;
  };
  auto image() const -> Image;
  // Errors: "bundle-digest", "bundle-invalid".
  auto Sources() const -> Expected<BundleSourceMap>;
  // Interns the bundle's symbols and builds its program, verified, and its schema. Error: "bundle-invalid".
  auto Load(Interner& interner) const -> Expected<LoadedBundle>;

 private:
  struct Impl;
  explicit Bundle(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace remit
