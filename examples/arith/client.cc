// Calls arith.Arith in every way:  arith_client ADDRESS
// One line for each; the exit status is 0 if every call ended as it should.
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <future>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arith.service.h"
#include "tern/tern.h"

namespace {

using Millis = std::chrono::duration<double, std::milli>;

// "blocking     Multiply(7, 8) = 56", and whether that is as it should be.
bool report(std::string_view way, const std::string& text, bool expected) {
  std::cout << std::left << std::setw(13) << way << text
            << (expected ? "" : "    <- not what was expected") << std::endl;
  return expected;
}

std::string in_millis(Millis time) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << time.count() << " ms";
  return text.str();
}

std::string outcome(const tern::Result<std::int64_t>& product) {
  return product.ok() ? " = " + std::to_string(*product) : ": " + product.status().to_string();
}

// get() waits for the reply.
bool call_and_block(arith::ArithStub arith) {
  tern::Result<std::int64_t> product = arith.Multiply({7, 8}).get();
  return report("blocking", "Multiply(7, 8)" + outcome(product), product.ok() && *product == 56);
}

// then() returns at once; the function runs on a thread of the runtime.
bool call_with_callback(arith::ArithStub arith) {
  std::promise<tern::Result<std::int64_t>> promise;
  std::future<tern::Result<std::int64_t>> future = promise.get_future();
  arith.Multiply({12, 12}).then(
      [&promise](tern::Result<std::int64_t> product) { promise.set_value(std::move(product)); });
  tern::Result<std::int64_t> product = future.get();
  return report("callback", "Multiply(12, 12)" + outcome(product), product.ok() && *product == 144);
}

// Two calls on their way together; the coroutine waits for one and then for the other.
asio::awaitable<bool> multiply_and_divide(arith::ArithStub arith) {
  arith::Args factors(6, 7);
  arith::Args dividend(17, 5);
  tern::Call<std::int64_t> multiply = arith.Multiply(factors);
  tern::Call<arith::Quotient> divide = arith.Divide(dividend);

  tern::Result<std::int64_t> product = co_await multiply.async();
  tern::Result<arith::Quotient> quotient = co_await divide.async();

  bool good =
      report("coroutine", "Multiply(6, 7)" + outcome(product), product.ok() && *product == 42);
  std::string text = quotient.ok() ? " = " + std::to_string(quotient->Quo) + " remainder " +
                                         std::to_string(quotient->Rem)
                                   : ": " + quotient.status().to_string();
  good &= report("coroutine", "Divide(17, 5)" + text,
                 quotient.ok() && *quotient == arith::Quotient(3, 2));
  co_return good;
}

// async() takes any Asio completion token; here the coroutine runs on an io_context of our own.
bool call_in_coroutine(arith::ArithStub arith) {
  asio::io_context io;
  bool good = false;
  auto keep = [&good](std::exception_ptr thrown, bool result) { good = !thrown && result; };
  asio::co_spawn(io, multiply_and_divide(arith), keep);
  io.run();
  return good;
}

// A declared error comes back as the type that arith.rpc gives it.
bool call_that_fails(arith::ArithStub arith) {
  tern::Result<arith::Quotient> quotient = arith.Divide({1, 0}).get();
  const auto* error = quotient.status().as<arith::DivideByZero>();
  return report(
      "error",
      "Divide(1, 0): " + (error ? "DivideByZero, dividend " + std::to_string(error->dividend)
                                : quotient.status().to_string()),
      error && error->dividend == 1);
}

// The caller's deadline travels with the call: the server stops waiting, too.
bool call_that_takes_too_long(arith::ArithStub arith) {
  tern::CallOptions options;
  options.timeout = std::chrono::milliseconds(100);
  auto start = std::chrono::steady_clock::now();
  tern::Result<void> slept = arith.Sleep(std::chrono::seconds(10), options).get();
  Millis took = std::chrono::steady_clock::now() - start;
  // Whose clock rang first, ours or the server's, does not matter here: the code is the same.
  return report("timeout",
                "Sleep(10s) with 100 ms: " + tern::code_name(slept.status().code()) + " after " +
                    in_millis(took),
                slept.status().code() == tern::Code::kDeadlineExceeded);
}

// All are on their way before the first reply is looked at.
bool call_a_thousand_times(arith::ArithStub arith) {
  constexpr std::int64_t kCalls = 1000;
  std::vector<tern::Call<std::int64_t>> calls;
  calls.reserve(kCalls);

  auto start = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < kCalls; ++i) calls.push_back(arith.Multiply({i, i}));
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < kCalls; ++i) {
    tern::Result<std::int64_t> square = calls[static_cast<std::size_t>(i)].get();
    if (square.ok() && *square == i * i) ++right;
  }
  Millis took = std::chrono::steady_clock::now() - start;

  return report("1000 at once",
                "Multiply(i, i): " + std::to_string(right) + " right replies in " + in_millis(took),
                right == kCalls);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || *argv[1] == '-') {
    std::cerr << "usage: arith_client ADDRESS, for instance tcp@127.0.0.1:7000\n";
    return 2;
  }
  tern::Client client(argv[1]);
  if (tern::Status connected = client.connect(); !connected.ok()) {
    std::cerr << "arith_client: " << connected.to_string() << '\n';
    return 1;
  }
  arith::ArithStub arith(client);

  bool good = call_and_block(arith);
  good &= call_with_callback(arith);
  good &= call_in_coroutine(arith);
  good &= call_that_fails(arith);
  good &= call_that_takes_too_long(arith);
  good &= call_a_thousand_times(arith);
  return good ? 0 : 1;
}
