// Kinds of processors that native code is made for, by name, without knowing a compiler.
//
// Levels of x86-64 are what Linux distributions build for: few names instead of a list of features for each model.
#pragma once

#include <string_view>

namespace remit {

// The best this machine runs that others of its time run too: `x86-64-v3` on most. Empty: code cannot be kept for this kind of machine.
auto HostTarget() -> std::string_view;
// Whether code made for a target runs here.
auto RunsHere(std::string_view target) -> bool;

}  // namespace remit
