// A progress bar on standard error, for long runs at a terminal whose output goes elsewhere. Silent otherwise.
#pragma once

#include <chrono>
#include <cstdint>

namespace remit::cli {

class Progress {
 public:
  // `total` bytes of input; 0 where it is not known: then items are counted.
  explicit Progress(uint64_t total);

  void Update(uint64_t done, uint64_t items);
  // Clears the line.
  void Finish();

 private:
  bool enabled_;
  uint64_t total_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace remit::cli
