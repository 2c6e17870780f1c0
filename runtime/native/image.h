// Native code as bytes: written by the compiler, loaded by a runtime that has none.
//
//   header   magic, fingerprint of what code and runtime must agree on, sizes, number of shapes and groups
//   entries  offset of each shape's function, then of each group's, 8 bytes each
//   names    symbols and uids that code compares with, 8 bytes each: positions, which loading replaces by the interner's numbers
//   code     position-independent and complete: every call goes through the frame
//
// Whoever loads an image trusts it: what is in it runs. Bundles are checked against a digest or a signature before. Sizes and offsets are checked
// here all the same, so that a damaged image is an error.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/native/native_compiler.h"

namespace remit {

struct ImageHeader {
  char magic[8] = {'R', 'M', 'I', 'M', 'A', 'G', 'E', '2'};
  uint64_t fingerprint = 0;
  uint64_t bytes = 0;  // of the whole image
  uint64_t code = 0;  // offset; entries are between the header and this
  size_t left_out = 0;  // bodies that were too large
  uint32_t shapes = 0;
  uint32_t groups = 0;
  uint32_t names = 0;
  uint32_t reserved = 0;
  uint64_t shape_map = 0;  // which body has which shape
};
static_assert(sizeof(ImageHeader) == 64);

// A symbol, or a uid: what code compares with.
struct ImageName {
  SymbolId symbol;  // or the uid's id
  SymbolId type = {};  // of a uid

  // As it is in the image: positions plus one, zero for none.
  auto word() const -> uint64_t { return (uint64_t{type.value + 1} << 32) | (symbol.value + 1); }
};

// Where the names of an image of so many entries begin, and where its code does: functions may be aligned to this.
constexpr auto ImageNamesOffset(uint64_t entries) -> uint64_t { return sizeof(ImageHeader) + entries * sizeof(uint64_t); }
constexpr auto ImageCodeOffset(uint64_t entries, uint64_t names) -> uint64_t {
  constexpr uint64_t kAlignment = 64;
  return (ImageNamesOffset(entries + names) + kAlignment - 1) / kAlignment * kAlignment;
}

auto ShapeMapHash(const Shapes& shapes) -> uint64_t;

// Of the frame and of what it leads to, the tables of operations and builtins: code made with another one must not run.
auto NativeFingerprint() -> uint64_t;

// What can be told without the program: the target, what the image was made for, and its sizes. Errors: "code-target", "code-version",
// "code-invalid".
auto CheckImage(std::string_view image, std::string_view target) -> Expected<void>;

// Copies the image into memory that is executable and not writable. The module's bodies are `shapes`, those of the program that the image was made
// of; `symbols`: by their numbers in that program, the numbers they have now. Errors: those of CheckImage, "code-memory".
auto LoadImage(std::string_view image, std::string_view target, const Shapes& shapes, std::span<const SymbolId> symbols)
    -> Expected<std::unique_ptr<NativeModule>>;

}  // namespace remit
