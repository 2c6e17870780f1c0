#include "runtime/bundle/body_forms.h"

#include <algorithm>
#include <unordered_map>

#include "runtime/bundle/fields.h"

namespace remit::bundle {
namespace {

// What is left of an operation in the code of a shape: a constant's kind, nothing of another literal.
auto WithoutLiteral(const ir::Program& program, ir::Instruction instruction) -> ir::Instruction {
  if (!UsesLiteral(instruction)) return instruction;
  instruction.imm = instruction.op == ir::Op::Const ? static_cast<uint32_t>(program.constants[instruction.imm].kind()) : 0;
  return instruction;
}

// Places are written as their file plus one (zero: no place), the distance of their beginning and their length. All numbers wrap around.
auto FormOfPlaces(const std::vector<ir::SourcePlace>& places, uint32_t base) -> std::string {
  Writer writer(nullptr);
  writer.Count(places.size());
  for (const auto& place : places) {
    writer.Number(place.file + 1);
    if (!place.has_file()) continue;
    writer.Signed(static_cast<int32_t>(place.begin - base));
    writer.Number(place.end - place.begin);
  }
  return std::move(writer).bytes();
}

// Beginnings and ends are distances.
auto ReadPlaceForm(Reader& reader) -> std::vector<ir::SourcePlace> {
  std::vector<ir::SourcePlace> places;
  List(reader, places, [](Reader& r, ir::SourcePlace& place) {
    uint32_t file = 0;
    r.Number(file);
    place.file = file - 1;
    if (!place.has_file()) return;
    int64_t begin = 0;
    uint32_t length = 0;
    r.Signed(begin);
    r.Number(length);
    place.begin = static_cast<uint32_t>(begin);
    place.end = place.begin + length;
  });
  return places;
}

class BodyReader {
 public:
  BodyReader(Reader& reader, ir::Program& program) : reader_(reader), program_(program) {}

  auto Run() -> Shapes {
    List(reader_, codes_, [this](Reader&, Code& code) { ReadCode(code); });
    List(reader_, place_forms_, [](Reader& reader, std::vector<ir::SourcePlace>& form) { form = ReadPlaceForm(reader); });
    Numbers(reader_, found_.shape_of_body);
    if (!FindFirst()) reader_.Fail();
    if (!reader_.ok()) return {};
    program_.bodies.resize(found_.shape_of_body.size());
    found_.first_literal.reserve(program_.bodies.size());
    for (uint32_t i = 0; i < program_.bodies.size() && reader_.ok(); ++i) ReadBody(i);
    for (const Code& code : codes_) {
      found_.shapes.push_back({.body = code.first, .literals = static_cast<uint32_t>(code.literals.size())});
    }
    return std::move(found_);
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Code {
    ir::Body body;                   // without places
    std::vector<uint32_t> literals;  // operations that use one
    uint32_t first = kNone;          // the first body of this shape
  };

  void ReadCode(Code& code) {
    reader_.Number(code.body.registers);
    List(reader_, code.body.code, [](Reader& reader, ir::Instruction& instruction) { Fields(reader, instruction); });
    for (uint32_t at = 0; at < code.body.code.size(); ++at) {
      if (UsesLiteral(code.body.code[at])) code.literals.push_back(at);
    }
  }

  // Each shape has a body, and all of them together are not too large, which is known before there is any.
  auto FindFirst() -> bool {
    uint64_t operations = 0;
    uint64_t literals = 0;
    for (uint32_t i = 0; i < found_.shape_of_body.size(); ++i) {
      if (found_.shape_of_body[i] >= codes_.size()) return false;
      Code& code = codes_[found_.shape_of_body[i]];
      if (code.first == kNone) code.first = i;
      operations += code.body.code.size() + 1;
      literals += code.literals.size();
    }
    if (operations > kMostOperations || std::ranges::any_of(codes_, [](const Code& code) { return code.first == kNone; })) return false;
    found_.literals.reserve(literals);
    return true;
  }

  void ReadBody(uint32_t index) {
    const Code& code = codes_[found_.shape_of_body[index]];
    ir::Body& body = program_.bodies.Writable(index);
    body = code.body;
    found_.first_literal.push_back(static_cast<uint32_t>(found_.literals.size()));
    for (const uint32_t at : code.literals) ReadLiteral(body.code[at]);
    ReadPlaces(body);
  }

  // INVARIANT: `instruction` is still the shape's.
  void ReadLiteral(ir::Instruction& instruction) {
    const uint32_t of_shape = instruction.imm;
    reader_.Number(instruction.imm);
    if (!IsThere(instruction, of_shape)) return reader_.Fail();
    found_.literals.push_back(LiteralOf(program_, instruction));
  }

  auto IsThere(const ir::Instruction& instruction, uint32_t of_shape) const -> bool {
    if (instruction.op == ir::Op::Like) return instruction.imm < program_.patterns.size();
    if (instruction.op == ir::Op::Matches) return instruction.imm < program_.regexes.size();
    return instruction.imm < program_.constants.size() && static_cast<uint32_t>(program_.constants[instruction.imm].kind()) == of_shape;
  }

  void ReadPlaces(ir::Body& body) {
    uint32_t form = 0;
    uint32_t base = 0;
    reader_.Number(form);
    if (form == 0) return;
    reader_.Number(base);
    if (form > place_forms_.size() || place_forms_[form - 1].size() != body.code.size()) return reader_.Fail();
    body.places.reserve(body.code.size());
    for (const auto& place : place_forms_[form - 1]) {
      const uint32_t distance = place.has_file() ? base : 0;
      body.places.push_back({.file = place.file, .begin = place.begin + distance, .end = place.end + distance});
    }
  }

  Reader& reader_;
  ir::Program& program_;
  Shapes found_;
  std::vector<Code> codes_;
  std::vector<std::vector<ir::SourcePlace>> place_forms_;
};

}  // namespace

BodyForms::BodyForms(const ir::Program& program) : program_(program), shapes_(FindShapes(program)) {
  std::unordered_map<std::string, uint32_t> forms;
  for (const auto& body : program.bodies) {
    if (body.places.empty()) {
      places_.emplace_back();
      continue;
    }
    const auto first = std::ranges::find_if(body.places, [](const auto& place) { return place.has_file(); });
    const uint32_t base = first == body.places.end() ? 0 : first->begin;
    auto form = FormOfPlaces(body.places, base);
    const auto [it, is_new] = forms.try_emplace(std::move(form), static_cast<uint32_t>(place_forms_.size() + 1));
    if (is_new) place_forms_.push_back(it->first);
    places_.push_back({.form = it->second, .base = base});
  }
}

template <typename Archive>
void BodyForms::WriteShape(Archive& archive, const ir::Body& body) const {
  archive.Number(body.registers);
  archive.Count(body.code.size());
  for (const auto& instruction : body.code) {
    auto shared = WithoutLiteral(program_, instruction);
    Fields(archive, shared);
  }
}

template <typename Archive>
void BodyForms::Write(Archive& archive) const {
  archive.Count(shapes_.shapes.size());
  for (const Shape& shape : shapes_.shapes) WriteShape(archive, program_.bodies[shape.body]);
  archive.Count(place_forms_.size());
  for (const auto& form : place_forms_) archive.Bytes(form);
  archive.Count(program_.bodies.size());
  for (const uint32_t shape : shapes_.shape_of_body) archive.Number(shape);
  for (uint32_t i = 0; i < program_.bodies.size(); ++i) {
    for (const auto& instruction : program_.bodies[i].code) {
      if (UsesLiteral(instruction)) archive.Number(instruction.imm);
    }
    archive.Number(places_[i].form);
    if (places_[i].form != kNoPlaces) archive.Number(places_[i].base);
  }
}

template void BodyForms::Write(Collector&) const;
template void BodyForms::Write(Writer&) const;

auto ReadBodies(Reader& reader, ir::Program& program) -> Shapes { return BodyReader(reader, program).Run(); }

}  // namespace remit::bundle
