// What ties a request for access to the denial it is about, and a task to its tickets: sealed texts that only this process reads.
//
// The profile would have signed tokens where the decision point and the service that takes requests are two. Here they are one, so a seal is enough, and
// nothing about a denial has to be remembered until somebody asks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/server/authzen/message.h"
#include "runtime/server/authzen/state.h"

namespace remit::authzen {

struct Binding {
  std::vector<std::string> tickets;
  std::string evaluation;  // its id
  std::string question;  // hexadecimal digest of what was asked
  std::vector<std::string> members;  // of the context that count, sorted
  int64_t expires_ms = 0;
};

auto SealBinding(const State& state, const Binding& binding) -> std::string;
// None: not one of ours.
auto OpenBinding(const State& state, std::string_view token) -> std::optional<Binding>;

struct Task {
  std::vector<std::string> tickets;
  int64_t expires_ms = 0;  // of the tickets
};
auto SealTask(const State& state, const Task& task) -> std::string;
auto OpenTask(const State& state, std::string_view id) -> std::optional<Task>;

// Of subject, action, resource and these members of the context; an actor that the subject names (`act`) does not count.
auto DigestOfQuestion(const Question& question, const std::vector<std::string>& members) -> std::string;

}  // namespace remit::authzen
