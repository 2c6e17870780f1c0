// Stores by address, as people write them on a command line and in a configuration.
//
//   memory:                                   nothing is kept
//   sqlite:PATH, or a path that ends in .db   one file
//   redis://[USER:PASSWORD@]HOST[:PORT][/NAME][?OPTIONS], or rediss:// with TLS
//
// OPTIONS, joined by `&`: ca=FILE, cert=FILE, key=FILE and server=NAME for TLS; master=NAME with one or more sentinel=HOST:PORT (HOST and PORT before
// are not used then); node=HOST:PORT for further nodes of a cluster; replicas=N, which must have a commit; timeout=MILLISECONDS.
// USER and PASSWORD may have `%` escapes (RFC 3986), and so may the values of options; NAME is the prefix of the keys, `remit` unless given. There is one place that reads
// addresses, so that every host understands the same ones.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/ledger/store.h"

namespace remit::ledger {

// Opens it, so that what is wrong shows at once. `sole`: as in SqliteOptions; other stores cannot keep others out. Null for `memory:`. Codes:
// `store-address` (nobody's), those of the stores.
auto OpenStore(std::string_view address, bool sole) -> Expected<std::shared_ptr<Store>>;

// For logs: without a password.
auto MaskAddress(std::string_view address) -> std::string;

}  // namespace remit::ledger
