// Answers of one connection that wait until their audit records are on disk, and what is said in their place if that is not to be.
//
// They lie in the connection's output as they will be sent, among answers that wait for nothing: the order is that of the requests. An answer whose record
// could not be written becomes 503 where it stands. Keeping each answer as an object, the alternative, costs a copy of each that is sent, and one in a
// million is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace remit::server {

struct HeldAnswer {
  size_t begin = 0;  // in the output
  size_t end = 0;
  uint64_t until = 0;  // audit records below must be on disk
  int status = 200;
  bool is_head = false;
  bool stays = true;
  std::vector<std::string> reservations = {};
};

class HeldAnswers {
 public:
  // In the order of the output.
  void Add(HeldAnswer answer);
  void Clear();
  auto empty() const -> bool { return answers_.empty(); }
  // All may be sent when records below are on disk.
  auto until() const -> uint64_t { return until_; }
  auto answers() const -> const std::vector<HeldAnswer>& { return answers_; }

  // Answers whose records are not among the `durable` become 503 in `output`, with the headers by which a caller knows its request. Returns what was
  // reserved for them.
  auto Refuse(std::string& output, uint64_t durable, std::string_view date) -> std::vector<std::string>;

 private:
  std::vector<HeldAnswer> answers_;
  uint64_t until_ = 0;
};

}  // namespace remit::server
