// From decision programs to native code: what the engine knows of the compiler, which it may not include.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/native/layout_hints.h"
#include "runtime/native/native_code.h"
#include "runtime/native/shapes.h"

namespace remit {

// Quick: compiled in a tenth of a millisecond a body. Full: as fast as we can make it, about ten times that.
enum class NativeLevel : uint8_t { Quick, Full };

struct NativeOptions {
  NativeLevel level = NativeLevel::Full;
  uint64_t name_hash = 0;  // of the policy set: part of the symbols that perf and debuggers show
};

// Bodies for one kind of request: all that is known of it is folded.
struct GroupRequest {
  std::vector<uint32_t> bodies;  // positions in Program::bodies, at most kMaxGroupBodies; one may occur twice
  SymbolId principal_type = {};  // none: any
  std::optional<EntityUid> action = {};
  SymbolId resource_type = {};
};

// The code lives as long as this.
class NativeModule {
 public:
  virtual ~NativeModule() = default;
  // By position in what was asked for.
  virtual auto body(size_t position) const -> NativeBody = 0;
  virtual auto group(size_t position) const -> NativeGroup = 0;
  virtual auto code_bytes() const -> size_t = 0;
  // Bodies that are too large to compile and answer BodyFailed.
  virtual auto left_out() const -> size_t = 0;
};

// Thread-safe: any number of threads may compile at once, and modules may go in any thread.
class NativeCompiler {
 public:
  virtual ~NativeCompiler() = default;

  // Of these shapes, positions in `shapes.shapes`. The program may go afterwards; its literals are in the tables that the code is called with.
  virtual auto CompileShapes(const ir::Program& program, const Shapes& shapes, std::span<const uint32_t> wanted,
                             const NativeOptions& options) -> Expected<std::unique_ptr<NativeModule>> = 0;

  // The code reads the constants of `frame->program`, which is `program` or a copy of it.
  virtual auto CompileGroups(const ir::Program& program, const LayoutHints& hints, std::span<const GroupRequest> groups,
                             const NativeOptions& options) -> Expected<std::unique_ptr<NativeModule>> = 0;

  // All shapes, and groups, as an image that LoadImage takes (runtime/native/image.h), for a target of runtime/native/target.h. The code names
  // symbols by the numbers they have in the program, and loading translates them. Errors: "native-target" if this compiler cannot make code for it.
  virtual auto EmitImage(const ir::Program& program, const Shapes& shapes, const LayoutHints& hints, std::span<const GroupRequest> groups,
                         std::string_view target, const NativeOptions& options) -> Expected<std::string> = 0;
};

}  // namespace remit
