// Names of generated types: what tools call things, as identifiers.
//
// `read-file` becomes `read_file`; of two that come to the same the second gets a number. Names that are identifiers stay what they are, so
// that they are those of the public generator, which refuses the others.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace remit::mcp {

// One segment of a name: characters that an identifier cannot have are `_`.
auto TypeSegment(std::string_view text) -> std::string;

struct TypeName {
  std::string name_space;
  std::string name;

  auto full() const -> std::string { return name_space + "::" + name; }
};

class TypeNames {
 public:
  // `flatten`: all types stand in `root`, and `root::a::b::c` is `root::a_b_c`.
  TypeNames(std::string root, bool flatten) : root_(std::move(root)), flatten_(flatten) {}

  // A name that no other type has. `name_space` is `root` or below it.
  auto Reserve(const std::string& name_space, std::string_view name) -> TypeName;
  void Take(const TypeName& name) { taken_.insert(name.full()); }
  auto IsTaken(const TypeName& name) const -> bool { return taken_.contains(name.full()); }
  // Where `name` would stand if nothing else had it.
  auto Place(const std::string& name_space, std::string_view name) const -> TypeName;

  auto root() const -> const std::string& { return root_; }
  // Of all names together: paths repeat what is above them, so that they may be far longer than what was read.
  auto bytes() const -> size_t { return bytes_; }

 private:
  std::string root_;
  bool flatten_;
  std::unordered_set<std::string> taken_ = {};
  size_t bytes_ = 0;
};

}  // namespace remit::mcp
