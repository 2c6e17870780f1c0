// Native code as bytes: written by the compiler, loaded by a runtime that has none.
//
//   header   magic, fingerprint of what code and runtime must agree on, sizes, number of shapes and groups
//   entries  offset of each shape's function, then of each group's, 8 bytes each
//   code     position-independent and complete: every call goes through the frame
//
// Whoever loads an image trusts it: what is in it runs. Bundles are checked against a digest or a signature before. Sizes and offsets are checked
// here all the same, so that a damaged image is an error.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/native/native_compiler.h"

namespace remit {

struct ImageHeader {
  char magic[8] = {'R', 'M', 'I', 'M', 'A', 'G', 'E', '1'};
  uint64_t fingerprint = 0;
  uint64_t bytes = 0;  // of the whole image
  uint64_t code = 0;  // offset; entries are between the header and this
  size_t left_out = 0;  // bodies that were too large
  uint32_t shapes = 0;
  uint32_t groups = 0;
};
static_assert(sizeof(ImageHeader) == 48);

// Where the code of an image of so many entries begins: functions may be aligned to this.
constexpr auto ImageCodeOffset(uint64_t entries) -> uint64_t {
  constexpr uint64_t kAlignment = 64;
  return (sizeof(ImageHeader) + entries * sizeof(uint64_t) + kAlignment - 1) / kAlignment * kAlignment;
}

// Of the frame and of what it leads to, the tables of operations and builtins: code made with another one must not run.
auto NativeFingerprint() -> uint64_t;

// Copies the image into memory that is executable and not writable. `target`: what it was made for.
// Errors: "code-target", "code-version", "code-invalid", "code-memory". The module's bodies are the image's shapes.
auto LoadImage(std::string_view image, std::string_view target) -> Expected<std::unique_ptr<NativeModule>>;

}  // namespace remit
