// Objects of OpenSSL that are freed by a function of their own.
#pragma once

#include <memory>

namespace remit::server {

template <auto Free>
struct OpenSslFree {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

template <typename T, auto Free>
using OpenSslPtr = std::unique_ptr<T, OpenSslFree<Free>>;

}  // namespace remit::server
