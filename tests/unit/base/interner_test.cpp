// Strings have one number each, in tables that grow.
#include "runtime/base/interner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace remit {
namespace {

TEST(Interner, StringsKeepTheirNumbersAsTheTableGrows) {
  Interner interner;
  std::vector<SymbolId> ids;
  for (int i = 0; i < 20000; ++i) {
    ids.push_back(interner.Intern("text " + std::to_string(i)));
    EXPECT_EQ(ids.back().value, static_cast<uint32_t>(i));
  }
  for (int i = 0; i < 20000; ++i) {
    const auto text = "text " + std::to_string(i);
    EXPECT_EQ(interner.Find(text), ids[i]);
    EXPECT_EQ(interner.Intern(text), ids[i]);
    EXPECT_EQ(interner.text(ids[i]), text);
  }
  EXPECT_FALSE(interner.Find("text 20000").has_value());
  EXPECT_EQ(interner.size(), 20000U);
}

TEST(Interner, AnOverlayKnowsWhatItsParentHas) {
  Interner parent;
  const auto known = parent.Intern("known");
  Interner overlay(&parent);
  const auto own = overlay.Intern("new");
  EXPECT_EQ(overlay.Intern("known"), known);
  EXPECT_EQ(overlay.Intern("new"), own);
  EXPECT_EQ(overlay.text(own), "new");
  EXPECT_EQ(parent.size(), 1U);
}

}  // namespace
}  // namespace remit
