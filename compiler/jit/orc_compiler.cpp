// Bodies to LLVM IR, that to object files in batches, those into memory.
#include "compiler/jit/orc_compiler.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/jit/image_linker.h"
#include "compiler/jit/objects.h"
#include "compiler/jit/orc_session.h"
#include "runtime/base/check.h"
#include "runtime/native/image.h"

namespace remit {
namespace {

using jit::FunctionPlan;

class OrcModule : public NativeModule {
 public:
  auto body(size_t position) const -> NativeBody override { return reinterpret_cast<NativeBody>(addresses[position]); }
  auto group(size_t position) const -> NativeGroup override { return reinterpret_cast<NativeGroup>(addresses[position]); }
  auto code_bytes() const -> size_t override { return object_bytes; }
  auto left_out() const -> size_t override { return bodies_left_out; }

  std::unique_ptr<jit::LoadedCode> code;
  std::vector<void*> addresses;
  size_t object_bytes = 0;
  size_t bodies_left_out = 0;
};

class OrcCompiler : public NativeCompiler {
 public:
  explicit OrcCompiler(std::shared_ptr<jit::OrcSession> session) : session_(std::move(session)) {}

  auto CompileShapes(const ir::Program& program, const Shapes& shapes, std::span<const uint32_t> wanted, const NativeOptions& options)
      -> Expected<std::unique_ptr<NativeModule>> override {
    std::vector<FunctionPlan> plans;
    for (const auto shape : wanted) plans.push_back(PlanShape(shapes, shape, options));
    return Compile(program, plans, options);
  }

  auto CompileGroups(const ir::Program& program, const LayoutHints& hints, std::span<const GroupRequest> groups,
                     const NativeOptions& options) -> Expected<std::unique_ptr<NativeModule>> override {
    std::vector<FunctionPlan> plans;
    for (const auto& group : groups) plans.push_back(PlanGroup(group, hints, plans.size(), options));
    return Compile(program, plans, options);
  }

  auto EmitImage(const ir::Program& program, const Shapes& shapes, const LayoutHints& hints, std::span<const GroupRequest> groups,
                 std::string_view target, const NativeOptions& options) -> Expected<std::string> override {
    std::vector<FunctionPlan> plans;
    for (uint32_t shape = 0; shape < shapes.shapes.size(); ++shape) plans.push_back(PlanShape(shapes, shape, options));
    for (const auto& group : groups) plans.push_back(PlanGroup(group, hints, plans.size() - shapes.shapes.size(), options));
    ImageHeader header = {.fingerprint = NativeFingerprint(),
                          .shapes = static_cast<uint32_t>(shapes.shapes.size()),
                          .groups = static_cast<uint32_t>(groups.size()),
                          .shape_map = ShapeMapHash(shapes)};
    jit::ImageNames names;
    const auto objects = jit::MakeObjects(program, plans, options.level, target, &names);
    if (!objects) return std::unexpected(objects.error());
    header.left_out = objects->left_out;
    return LinkImage(header, *objects, plans, names);
  }

 private:
  static auto PlanShape(const Shapes& shapes, uint32_t shape, const NativeOptions& options) -> FunctionPlan {
    return {
        .name = fmt::format("remit_{:016x}_shape{}", options.name_hash, shape), .bodies = {shapes.shapes[shape].body}, .environment = {}};
  }

  static auto PlanGroup(const GroupRequest& group, const LayoutHints& hints, size_t position, const NativeOptions& options)
      -> FunctionPlan {
    CHECK(group.bodies.size() <= kMaxGroupBodies);
    return {.name = fmt::format("remit_{:016x}_group{}", options.name_hash, position),
            .bodies = group.bodies,
            .environment = {.principal_type = group.principal_type,
                            .action = group.action,
                            .resource_type = group.resource_type,
                            .hints = &hints},
            .is_group = true};
  }

  static auto LinkImage(ImageHeader header, const jit::Objects& objects, std::span<const FunctionPlan> plans, const jit::ImageNames& names)
      -> Expected<std::string> {
    header.names = static_cast<uint32_t>(names.words().size());
    header.code = ImageCodeOffset(plans.size(), header.names);
    jit::ImageLinker linker(header.code - ImageNamesOffset(plans.size()));
    for (const auto& object : objects.files) {
      if (auto done = linker.Add(*object); !done) return std::unexpected(std::move(done.error()));
    }
    header.bytes = header.code + linker.code().size();
    std::string image(reinterpret_cast<const char*>(&header), sizeof(header));
    for (const auto& plan : plans) {
      const uint64_t entry = header.code + linker.Find(plan.name);
      image.append(reinterpret_cast<const char*>(&entry), sizeof(entry));
    }
    for (const auto& name : names.words()) {
      const uint64_t word = name.word();
      image.append(reinterpret_cast<const char*>(&word), sizeof(word));
    }
    image.resize(header.code, '\0');
    return image + linker.code();
  }

  auto Compile(const ir::Program& program, std::span<const FunctionPlan> plans, const NativeOptions& options)
      -> Expected<std::unique_ptr<NativeModule>> {
    auto objects = jit::MakeObjects(program, plans, options.level, {});
    if (!objects) return std::unexpected(std::move(objects.error()));
    auto module = std::make_unique<OrcModule>();
    module->object_bytes = objects->bytes();
    module->bodies_left_out = objects->left_out;
    if (auto done = Link(*module, std::move(objects->files), plans); !done) return std::unexpected(std::move(done.error()));
    return module;
  }

  auto Link(OrcModule& module, std::vector<std::unique_ptr<llvm::MemoryBuffer>> objects, std::span<const FunctionPlan> plans)
      -> Expected<void> {
    auto code = session_->Load(std::move(objects));
    if (!code) return std::unexpected(std::move(code.error()));
    std::vector<std::string> names;
    for (const auto& plan : plans) names.push_back(plan.name);
    auto addresses = (*code)->Find(names);
    if (!addresses) return std::unexpected(std::move(addresses.error()));
    module.addresses = std::move(*addresses);
    module.code = std::move(*code);
    return {};
  }

  std::shared_ptr<jit::OrcSession> session_;
};

}  // namespace

auto MakeOrcCompiler(const OrcOptions& options) -> Expected<std::unique_ptr<NativeCompiler>> {
  jit::CheckLayout();
  auto session = jit::OrcSession::Make(options);
  if (!session) return std::unexpected(std::move(session.error()));
  return std::make_unique<OrcCompiler>(std::move(*session));
}

}  // namespace remit
