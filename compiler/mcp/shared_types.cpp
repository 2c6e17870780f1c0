#include "compiler/mcp/shared_types.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/text.h"

namespace remit::mcp {
namespace {

auto IsPlain(ShapeKind kind) -> bool { return kind < ShapeKind::Enum; }

// What makes two types equal; empty for what is never shared.
auto Fingerprint(const Manifest& manifest, ShapeId id, const std::string& name) -> std::string {
  const auto& shape = manifest.shape(id);
  if (shape.kind == ShapeKind::Enum) {
    std::string text = fmt::format("enum {}", name);
    for (const auto& value : shape.names) text += " " + QuoteString(value);
    return text;
  }
  if (shape.kind != ShapeKind::Object || shape.rest.has_value() || shape.properties.empty()) return {};
  std::vector<std::string> fields;
  for (const auto& property : shape.properties) {
    const auto kind = manifest.shape(property.shape).kind;
    if (!IsPlain(kind)) return {};
    fields.push_back(fmt::format("{}{} {}", QuoteString(property.name), property.required ? "" : "?", static_cast<int>(kind)));
  }
  std::ranges::sort(fields);
  return fmt::format("record {} {}", name, fmt::join(fields, ","));
}

// The longest namespace that all of them are in.
auto CommonNamespace(const std::vector<std::string>& name_spaces) -> std::string {
  std::string common = name_spaces.front();
  const auto holds = [&](const std::string& one) { return one == common || one.starts_with(common + "::"); };
  while (!std::ranges::all_of(name_spaces, holds)) {
    const auto end = common.rfind("::");
    if (end == std::string::npos) return {};
    common.resize(end);
  }
  return common;
}

}  // namespace

void SharedTypes::Collect(const Manifest& manifest, ShapeId id, const std::string& name, const std::string& name_space) {
  const auto& shape = manifest.shape(id);
  if (auto fingerprint = Fingerprint(manifest, id, name); !fingerprint.empty()) {
    auto& found = occurrences_.try_emplace(std::move(fingerprint), Occurrences{.name_spaces = {}, .name = name, .shape = id}).first->second;
    found.name_spaces.push_back(name_space);
  }
  if (shape.kind == ShapeKind::Array) return Collect(manifest, shape.parts[0], name, name_space);
  if (shape.parts.empty() && shape.properties.empty() && !shape.rest.has_value()) return;
  const std::string inside = name_space + "::" + name;
  const std::string_view part_name = shape.kind == ShapeKind::Tuple ? "Proj" : "TypeChoice";
  for (size_t i = 0; i < shape.parts.size(); ++i) Collect(manifest, shape.parts[i], fmt::format("{}{}", part_name, i), inside);
  for (const auto& property : shape.properties) Collect(manifest, property.shape, TypeSegment(property.name), inside);
  if (shape.rest.has_value()) Collect(manifest, shape.rest, name + "Tag", inside);
}

auto SharedTypes::Resolve(const TypeNames& names, bool records) -> std::vector<Shared> {
  std::vector<Shared> shared;
  std::map<std::string, int> wanted;  // by full name
  for (const auto& [fingerprint, found] : occurrences_) {
    if (found.name_spaces.size() < 2 || (records && fingerprint.starts_with("record"))) continue;
    shared.push_back({.name_space = CommonNamespace(found.name_spaces), .name = found.name, .shape = found.shape});
    ++wanted[names.Place(shared.back().name_space, found.name).full()];
  }
  std::erase_if(shared, [&](const Shared& one) {
    const auto place = names.Place(one.name_space, one.name);
    return wanted[place.full()] > 1 || names.IsTaken(place);
  });
  return shared;
}

auto SharedTypes::Find(const Manifest& manifest, ShapeId id, const std::string& name) const -> const TypeName* {
  if (placed_.empty()) return nullptr;
  const auto found = placed_.find(Fingerprint(manifest, id, name));
  return found == placed_.end() ? nullptr : &found->second;
}

void SharedTypes::Place(const Manifest& manifest, const Shared& shared, TypeName type) {
  placed_.insert_or_assign(Fingerprint(manifest, shared.shape, shared.name), std::move(type));
}

}  // namespace remit::mcp
