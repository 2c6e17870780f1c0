// Policies, one request, and why it was denied: the first example of docs/c-api.md.
#include <iostream>

#include "remit/remit.hpp"

int main() try {
  remit::Engine engine;
  engine.Load(remit::Sources().Policies("refunds.cedar", R"(
    @id("small-refunds")
    permit (principal is Agent, action == Action::"refund", resource)
    when { context.amount_cents <= 10000 };
  )"));
  remit::Session session(engine);
  remit::Record context;
  for (const int amount : {2500, 25000}) {
    context.Clear();
    context.Add("amount_cents", amount);
    const auto decision = session.Decide({{"Agent", "support-1"}, {"Action", "refund"}, {"Order", "o-17"}, &context});
    std::cout << amount << ": " << decision.json() << "\n";
  }
  context.Clear();
  const auto decision = session.Decide({{"Agent", "support-1"}, {"Action", "refund"}, {"Order", "o-17"}, &context});
  std::cout << decision.Explain() << "\n";
} catch (const remit::Error& error) {
  std::cerr << error.what();
  return 1;
}
