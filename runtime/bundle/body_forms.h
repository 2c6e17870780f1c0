// Bodies in a bundle: code once per shape, places once per form, and of each body what is its own.
//
// A hundred thousand policies are mostly a few forms, filled in: their code differs in literals alone (runtime/native/shapes.h), and their texts have
// the same lengths, so that places have the same distances. A body is then a few numbers, reading one is copying, and what was verified of one body holds for
// all of its shape. Bodies written out one by one, the obvious way, made decoding and verifying them most of a start from a bundle.
#pragma once

#include <string>
#include <vector>

#include "runtime/bundle/archive.h"
#include "runtime/native/shapes.h"

namespace remit::bundle {

// What the bodies of a program have in common. Borrows the program.
class BodyForms {
 public:
  explicit BodyForms(const ir::Program& program);

  // For Collector and Writer.
  template <typename Archive>
  void Write(Archive& archive) const;

 private:
  static constexpr uint32_t kNoPlaces = 0;
  struct Places {
    uint32_t form = kNoPlaces;  // position in `place_forms_` plus one
    uint32_t base = 0;  // what every place of the body begins after
  };

  template <typename Archive>
  void WriteShape(Archive& archive, const ir::Body& body) const;
  auto FormOf(const ir::Body& body) -> Places;

  const ir::Program& program_;
  Shapes shapes_;
  std::vector<std::string> place_forms_;  // as they are written
  std::vector<Places> places_;  // by body
};

// Operations of a program read from a bundle at most: a few bytes can ask for a large body, and again.
inline constexpr uint64_t kMostOperations = uint64_t{1} << 26;

// The bodies of a program whose constants, patterns and regular expressions are there, and their shapes. INVARIANT: bodies of one shape have the same code but
// for literals, which are in the program's tables and of the same kind.
auto ReadBodies(Reader& reader, ir::Program& program) -> Shapes;

}  // namespace remit::bundle
