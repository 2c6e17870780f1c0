#include "runtime/audit/masked_values.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace remit::audit {

// On disk: a letter (`V`, or `E` when it was erased), and lengths of four bytes, little-endian: commitment, salt, subject, value.
struct MaskedValues::Entry {
  uint64_t offset = 0;
  bool is_erased = false;
  std::string_view commitment = {};
  std::string_view salt = {};
  std::string_view subject = {};
  std::string_view value = {};
  uint64_t bytes = 0;
};

namespace {

constexpr size_t kParts = 4;
constexpr size_t kEntryHead = 1 + 4 * kParts;

void AppendLength(std::string& out, size_t length) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(length >> shift);
}

auto LengthAt(std::string_view bytes) -> size_t {
  size_t length = 0;
  for (size_t i = 4; i-- > 0;) length = length << 8 | static_cast<uint8_t>(bytes[i]);
  return length;
}

// Between processes; a file that is not locked could be cut by one while another appends.
class FileLock {
 public:
  explicit FileLock(const File& file) : descriptor_(file.descriptor()) { flock(descriptor_, LOCK_EX); }
  ~FileLock() { flock(descriptor_, LOCK_UN); }
  FileLock(const FileLock&) = delete;
  auto operator=(const FileLock&) -> FileLock& = delete;

 private:
  int descriptor_;
};

auto ReadAll(const File& file) -> Expected<std::string> {
  struct stat facts = {};
  std::string bytes;
  if (fstat(file.descriptor(), &facts) == 0) bytes.resize(static_cast<size_t>(facts.st_size));
  size_t used = 0;
  while (used < bytes.size()) {
    const ssize_t count = pread(file.descriptor(), bytes.data() + used, bytes.size() - used, static_cast<off_t>(used));
    if (count <= 0) break;
    used += static_cast<size_t>(count);
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace

auto MaskedValues::Open(const std::string& folder, Mode mode) -> Expected<std::unique_ptr<MaskedValues>> {
  if (mode == Mode::Write) {
    if (auto made = MakeFolder(folder); !made) return std::unexpected(made.error());
  }
  auto file = OpenFile(folder + "/masked", mode == Mode::Write ? O_RDWR | O_CREAT : O_RDONLY);
  if (!file) return std::unexpected(file.error());
  return std::unique_ptr<MaskedValues>(new MaskedValues(std::move(*file)));
}

auto MaskedValues::Add(std::string_view subject, const std::vector<MaskedValue>& values) -> Expected<void> {
  if (values.empty()) return {};
  std::string bytes;
  for (const auto& each : values) {
    bytes += 'V';
    for (const std::string_view part :
         {std::string_view(each.commitment), std::string_view(each.salt), subject, std::string_view(each.value)})
      AppendLength(bytes, part.size());
    bytes += each.commitment;
    bytes += each.salt;
    bytes += subject;
    bytes += each.value;
  }
  const std::lock_guard lock(mutex_);
  const FileLock file_lock(file_);
  const off_t end = lseek(file_.descriptor(), 0, SEEK_END);
  auto written = WriteAt(file_, bytes, static_cast<uint64_t>(end));
  if (!written) (void)Truncate(file_, static_cast<uint64_t>(end));  // half an entry would hide those behind it
  is_dirty_ = true;
  return written;
}

// Most batches have nothing masked, and cost no system call.
auto MaskedValues::Sync() -> Expected<void> {
  if (!is_dirty_.exchange(false)) return {};
  auto synced = SyncData(file_);
  if (!synced) is_dirty_ = true;
  return synced;
}

auto MaskedValues::ForEach(const std::function<bool(const Entry&)>& visit) -> Expected<void> {
  const auto bytes = ReadAll(file_);
  if (!bytes) return std::unexpected(bytes.error());
  std::string_view rest = *bytes;
  while (rest.size() >= kEntryHead) {
    Entry entry = {.offset = bytes->size() - rest.size(), .is_erased = rest.front() == 'E'};
    std::string_view* parts[kParts] = {&entry.commitment, &entry.salt, &entry.subject, &entry.value};
    size_t at = kEntryHead;
    for (size_t i = 0; i < kParts; ++i) {
      const size_t length = LengthAt(rest.substr(1 + 4 * i));
      if (length > rest.size() - at) return {};  // torn: the record that it was for was never acknowledged
      *parts[i] = rest.substr(at, length);
      at += length;
    }
    entry.bytes = at;
    if (!visit(entry)) return {};
    rest.remove_prefix(at);
  }
  return {};
}

auto MaskedValues::Find(std::string_view commitment) -> Expected<std::optional<std::string>> {
  const std::lock_guard lock(mutex_);
  std::optional<std::string> found;
  const auto read = ForEach([&](const Entry& entry) {
    const bool is_it = !entry.is_erased && entry.commitment == commitment && CommitmentTo(entry.salt, entry.value) == commitment;
    if (is_it) found = entry.value;
    return !is_it;
  });
  if (!read) return std::unexpected(read.error());
  return found;
}

auto MaskedValues::Erase(const std::function<bool(const Entry&)>& is_meant) -> Expected<uint64_t> {
  const std::lock_guard lock(mutex_);
  const FileLock file_lock(file_);
  uint64_t erased = 0;
  Expected<void> written;
  const auto read = ForEach([&](const Entry& entry) {
    if (entry.is_erased || !is_meant(entry)) return true;
    const std::string nothing(entry.salt.size() + entry.subject.size() + entry.value.size(), '\0');
    written = WriteAt(file_, nothing, entry.offset + kEntryHead + entry.commitment.size());
    if (written) written = WriteAt(file_, "E", entry.offset);
    if (written) ++erased;
    return written.has_value();
  });
  if (!read) return std::unexpected(read.error());
  if (!written) return std::unexpected(written.error());
  if (auto synced = SyncData(file_); !synced) return std::unexpected(synced.error());
  return erased;
}

auto MaskedValues::EraseSubject(std::string_view subject) -> Expected<uint64_t> {
  return Erase([&](const Entry& entry) { return entry.subject == subject; });
}

auto MaskedValues::EraseCommitments(const std::vector<std::string>& commitments) -> Expected<uint64_t> {
  return Erase([&](const Entry& entry) { return std::ranges::find(commitments, entry.commitment) != commitments.end(); });
}

// ---- records -------------------------------------------------------------------------------------------------------

namespace {

using Json = nlohmann::ordered_json;

// Members of a record that pointers lead into, as JSON.
auto MaskedParts(const RecordView& record) -> Json {
  Json parts = Json::object();
  if (const auto context = record.Text(Field::Context); !context.empty()) parts["context"] = Json::parse(context, nullptr, false);
  if (const auto entities = record.Text(Field::OwnEntities); !entities.empty()) parts["entities"] = Json::parse(entities, nullptr, false);
  return parts;
}

// The commitment at each of the record's pointers; null where there is none.
auto FindMasked(const RecordView& record, Json& parts) -> std::vector<Json*> {
  std::vector<Json*> found;
  for (const auto& value : record.fields) {
    if (value.facts->field != Field::Masked) continue;
    Json* at = nullptr;
    try {
      at = &parts.at(Json::json_pointer(std::string(value.bytes)));
    } catch (const nlohmann::json::exception&) {
      at = nullptr;
    }
    found.push_back(at != nullptr && at->is_string() ? at : nullptr);
  }
  return found;
}

}  // namespace

auto CommitmentsOf(const RecordView& record) -> std::vector<std::string> {
  Json parts = MaskedParts(record);
  std::vector<std::string> commitments;
  for (const Json* at : FindMasked(record, parts)) {
    if (at == nullptr) continue;
    if (auto commitment = CommitmentFromText(at->get_ref<const std::string&>()); !commitment.empty())
      commitments.push_back(std::move(commitment));
  }
  return commitments;
}

auto Unmask(const RecordView& record, MaskedValues& values) -> std::optional<UnmaskedRecord> {
  Json parts = MaskedParts(record);
  for (Json* at : FindMasked(record, parts)) {
    if (at == nullptr) return std::nullopt;
    const auto commitment = CommitmentFromText(at->get_ref<const std::string&>());
    const auto value = values.Find(commitment);
    if (!value || !*value) return std::nullopt;
    *at = Json::parse(**value, nullptr, false);
  }
  const std::string context = parts.contains("context") ? DumpJson(parts["context"]) : std::string();
  const std::string entities = parts.contains("entities") ? DumpJson(parts["entities"]) : std::string();
  UnmaskedRecord unmasked = {.bytes = std::make_unique<const std::string>(context + entities), .view = {.kind = record.kind, .fields = {}}};
  const std::string_view bytes = *unmasked.bytes;
  for (auto value : record.fields) {
    if (value.facts->field == Field::Masked) continue;
    if (value.facts->field == Field::Context) value.bytes = bytes.substr(0, context.size());
    if (value.facts->field == Field::OwnEntities) value.bytes = bytes.substr(context.size());
    unmasked.view.fields.push_back(value);
  }
  return unmasked;
}

}  // namespace remit::audit
