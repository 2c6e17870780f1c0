// Arenas and interners: memory and identity.
#include "runtime/base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "runtime/base/interner.h"

namespace remit {
namespace {

TEST(ArenaTest, AlignsAndKeepsWhatItGave) {
  Arena arena;
  const auto text = arena.CopyString("abc");
  for (int i = 0; i < 10000; ++i) {
    auto* number = arena.New<int64_t>(i);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(number) % alignof(int64_t), 0U);
    arena.CopyString("x");
  }
  EXPECT_EQ(text, "abc");
}

TEST(ArenaTest, ResetKeepsOneBlock) {
  Arena arena;
  arena.NewArray<char>(100000);
  const size_t large = arena.footprint();
  arena.Reset();
  EXPECT_LE(arena.footprint(), large);
  arena.NewArray<char>(50000);
  EXPECT_LE(arena.footprint(), large) << "a warm arena does not ask for more";
}

TEST(InternerTest, OneStringHasOneIdThroughAnOverlay) {
  Interner engine;
  const auto known = engine.Intern("known");
  Interner overlay(&engine);
  EXPECT_EQ(overlay.Intern("known"), known);
  const auto fresh = overlay.Intern("fresh");
  EXPECT_NE(fresh, known);
  EXPECT_EQ(overlay.text(fresh), "fresh");
  EXPECT_EQ(overlay.text(known), "known");
  EXPECT_FALSE(engine.Find("fresh").has_value()) << "requests do not grow the engine";
  EXPECT_EQ(engine.size(), 1U);
}

}  // namespace
}  // namespace remit
