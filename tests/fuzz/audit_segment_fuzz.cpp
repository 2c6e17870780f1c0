// Segments, records, notes and proofs from anywhere: they are refused or read, and what is read can be shown.
#include <nlohmann/json.hpp>

#include "runtime/audit/export.h"
#include "runtime/audit/proof.h"
#include "runtime/audit/record_view.h"
#include "runtime/audit/segment.h"
#include "runtime/base/check.h"
#include "tests/fuzz/job.h"

namespace {

using namespace remit::audit;

void ReadRecord(std::string_view bytes) {
  const auto record = DecodeRecord(bytes);
  if (!record) return;
  CHECK(!DumpJson(RecordToJson(*record)).empty());
  for (const auto format : {ExportFormat::JsonLines, ExportFormat::Opa, ExportFormat::Ocsf}) {
    if (const auto json = ExportRecord(1, *record, "log", format)) CHECK(!DumpJson(*json).empty());
  }
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  static const NoteVerifier verifier("log", remit::approval::SigningKey::Generate().public_key());
  const std::string text(remit::fuzz::InputText(data, size));
  if (const auto segment = ParseSegment("path", text)) {
    CHECK(segment->committed <= text.size() && segment->begin <= segment->committed);
    CompactRange tree = segment->header.before;
    for (size_t at = segment->begin; at < segment->committed;) {
      const auto frame = ReadFrame(segment->bytes, at);
      CHECK(frame.has_value());
      at = frame->end;
      tree.Append(LeafHash(frame->payload));
      ReadRecord(frame->payload);
    }
    CHECK(EncodeHeader(segment->header) == ReadFrame(text, 0)->payload);
  }
  ReadRecord(text);
  if (const auto note = ReadNote(text)) CHECK(WriteNote(note->text, note->signatures) == text);
  CHECK(!CheckRecordProof(text, std::span(&verifier, 1)));
  CHECK(!ReadCheckpoint(text, std::span(&verifier, 1)));
  return 0;
}
