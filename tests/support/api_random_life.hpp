// What goes on in a house over time, at random: for tests that look at it meanwhile.
#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/api_house.hpp"

namespace overture::test {

/// Everything happens in the account acme; failures go to GoogleTest.
class RandomLife {
 public:
  RandomLife(ApiHouse& house, std::mt19937& random) : house_(house), random_(random) {}

  /// Tags, three campaigns in two projects, some forty opportunities with a past.
  void begin();
  /// One change: through the API, or what only jobs and mails bring about.
  void change_something();

 private:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  std::int64_t one_of(const std::vector<std::int64_t>& ids);
  std::string any_address() { return "p" + std::to_string(below(25)) + "@people.example"; }
  boost::json::value send(http::Method method, const std::string& target, const boost::json::value& body);
  void set_status(std::int64_t campaign, const std::string& status);
  void add_opportunity();
  void communicate();

  ApiHouse& house_;
  std::mt19937& random_;
  std::vector<std::int64_t> tags_;
  std::vector<std::int64_t> campaigns_;
  std::set<std::int64_t> opportunities_;
  int made_ = 0;
};

}  // namespace overture::test
